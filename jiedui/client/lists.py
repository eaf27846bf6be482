"""Answers that are plain JSON, and lists that come page after page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from jiedui.client.call import Call, Facts
from jiedui.client.talk import Talk


async def read_json(talk: Talk, call: Call) -> Facts:
    """An answer as it is."""
    found: Facts = (await talk.send(call)).json()
    return found


async def pages(
    talk: Talk, path: str, name: str, query: Mapping[str, Any] | None = None
) -> AsyncIterator[Facts]:
    """Everything of a list, page after page; ``name``: of the list in the answer."""
    cursor: str | None = None
    while True:
        page = (await talk.send(Call("GET", path, {**(query or {}), "cursor": cursor}))).json()
        for one in page[name]:
            yield one
        cursor = page["next"]
        if cursor is None:
            return
