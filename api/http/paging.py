"""Pages of a list by a cursor that names the last entry, so that what comes or goes in between shifts nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Annotated, TypeVar

from fastapi import Query

from graph.errors import UsageError

T = TypeVar("T")

Cursor = Annotated[str, Query(max_length=1000, description="`next` of the page before")]
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


def _written(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise UsageError(
            "cursor 应是上一页的 next", "cursor has to be the `next` of the page before"
        ) from None
