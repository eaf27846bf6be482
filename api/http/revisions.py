"""Revisions of papers as ETags: which state somebody looked at before they change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Header

from api.http.conditional import not_said
from api.service.refusals import Stale
from graph.store.papers import StalePaper

IfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=200, description="the ETag of the state that was looked at")
]  # fmt: skip


def etag(revision: int) -> str:
    """The ETag of a revision."""
    return f'"{revision}"'


def looked_at(if_match: str | None, *, demanded: bool = False) -> int | None:
    """The revision that ``If-Match`` names; ``None`` where it names none in particular.

    Raises
    ------
    NoMatch
        When it is demanded and not there.
    Stale
        When it is no revision: no state is the one that is meant.
    """
    if if_match is None:
        if demanded:
            raise not_said()
        return None
    told = if_match.strip()
    if told == "*":
        return None
    number = told.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Stale("If-Match 不是这里的 ETag；请重新读取", "If-Match is no ETag of this; read it again")
    return int(number)


@contextmanager
def matched(revision: int | None) -> Iterator[None]:
    """Tell a change that was made from an older revision than the one that is there as ``If-Match`` wants it.

    Raises
    ------
    Stale
        When a revision was named, and it is another by now.
    """
    try:
        yield
    except StalePaper as error:
        if revision is None:
            raise
        raise Stale(*error.text, etag=etag(error.revision)) from error
