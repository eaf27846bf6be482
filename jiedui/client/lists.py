"""Answers that are plain JSON, and lists that come page after page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TypeVar

from jiedui.client.call import Call
from jiedui.client.talk import Talk

T = TypeVar("T")


async def read_json(talk: Talk, call: Call, shape: type[T]) -> T:
    """An answer as it is; ``shape``: what the contract says that it is, for those who read types."""
    found: T = (await talk.send(call)).json()
    return found


async def pages(
    talk: Talk, path: str, name: str, shape: type[T], query: Mapping[str, object] | None = None
) -> AsyncIterator[T]:
    """Everything of a list, page after page; ``name``: of the list in the answer, ``shape``: of one of it."""
    cursor: str | None = None
    while True:
        page = (await talk.send(Call("GET", path, {**(query or {}), "cursor": cursor}))).json()
        for one in page[name]:
            yield one
        cursor = page["next"]
        if cursor is None:
            return
