"""Pages of a list by a cursor that names the last entry, so that what comes or goes in between shifts nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Protocol, TypeVar

from fastapi import Query

from graph.errors import UsageError

T = TypeVar("T")


class Named(Protocol):
    """Has an id."""

    @property
    def id(self) -> str:
        """The id."""


N = TypeVar("N", bound=Named)

Cursor = Annotated[str, Query(max_length=1000, description="`next` of the page before")]
IdCursor = Annotated[str, Query(max_length=32, description="`next` of the page before")]
"""Of a list in which it is the last entry's id."""
Limit = Annotated[int, Query(ge=1, le=1000, description="entries on a page")]


def page(found: Iterable[T], key: Callable[[T], str], cursor: str, limit: int) -> tuple[list[T], str | None]:
    """Some entries by their keys, and the cursor of the page behind them; none at the end.

    Parameters
    ----------
    found : iterable
        All entries, in any order.
    key : callable
        Text by which they are in order; no two have the same.
    cursor : str
        Of the page before; empty for the first.
    limit : int
        Entries at most.

    Raises
    ------
    UsageError
        When the cursor is none.
    """
    after = _read(cursor)
    ordered = sorted((key(entry), n, entry) for n, entry in enumerate(found))
    rest = [entry for entry in ordered if not cursor or entry[0] > after]
    shown = rest[:limit]
    return [entry for *_, entry in shown], _written(shown[-1][0]) if len(rest) > limit else None


def page_in_order(every: Sequence[N], cursor: str, limit: int) -> tuple[list[N], str | None]:
    """Those behind the entry that a cursor names, in the order in which they are, at most so many; and the cursor of the page behind.

    Raises
    ------
    UsageError
        When nothing has the cursor's id.
    """
    ids = [one.id for one in every]
    if cursor and cursor not in ids:
        raise UsageError(
            f"cursor {cursor} 不在列表中，或已从中删除；请从头开始",
            f"cursor {cursor} is not in the list, or not any more; begin again",
        )
    start = ids.index(cursor) + 1 if cursor else 0
    found = list(every[start : start + limit])
    return found, found[-1].id if start + limit < len(every) else None


def _written(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise UsageError(
            "cursor 应是上一页的 next", "cursor has to be the `next` of the page before"
        ) from None
