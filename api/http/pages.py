"""Lists that fit in memory, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from graph.errors import UsageError


class Named(Protocol):
    """Has an id."""

    @property
    def id(self) -> str:
        """The id."""


T = TypeVar("T", bound=Named)


def page(every: Sequence[T], cursor: str, limit: int) -> tuple[list[T], str | None]:
    """Those behind a cursor, at most so many; and the cursor of the page behind this one.

    Raises
    ------
    UsageError
        When nothing has the cursor's id.
    """
    ids = [one.id for one in every]
    if cursor and cursor not in ids:
        raise UsageError(f"cursor {cursor} 不在列表中", f"cursor {cursor} is not in the list")
    start = ids.index(cursor) + 1 if cursor else 0
    found = list(every[start : start + limit])
    return found, found[-1].id if start + limit < len(every) else None
