"""Pages of long answers: a cursor names the row behind the page and the version that the page is of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Concatenate, ParamSpec

from fastapi import Query, Response

from api.answers.told import Told
from api.http.asking import Asking
from graph.errors import CheckFailed, UsageError

Cursor = Annotated[
    str, Query(max_length=80, description="`next` of the page before", examples=["1000.1f0c2a9b3d4e"])
]
Limit = Annotated[int, Query(ge=1, le=100_000, description="rows on a page", examples=[1000])]
P = ParamSpec("P")
MARK = 12
"""Characters of a version in a cursor."""


async def paged(
    ask: Asking, plural: str, cursor: str, limit: int,
    rows: Callable[Concatenate[Told, P], list[dict[str, Any]]], *given: P.args, **named: P.kwargs,
) -> Response:  # fmt: skip
    """A page of a question's rows.

    Parameters
    ----------
    ask : Asking
    plural : str
        What the rows are called in the answer.
    cursor, limit : str, int
        Where the page begins, and how many rows it has at most.
    rows : callable
        Question of :class:`~api.answers.told.Told` that gives all rows.
    *given, **named
        What it is asked with.
    """

    def page(told: Told) -> dict[str, Any]:
        mark = told.sight.scope.asked.version[-MARK:]
        start = _start(cursor, mark)
        found = rows(told, *given, **named)
        end = start + limit
        return {plural: found[start:end], "next": f"{end}.{mark}" if end < len(found) else None}

    return await ask.answer(rows.__name__, (given, *sorted(named.items()), cursor, limit), page)


def _start(cursor: str, mark: str) -> int:
    """The first row of the page.

    Raises
    ------
    UsageError
        When the cursor is none of ours.
    CheckFailed
        When the network has changed since the page before.
    """
    if not cursor:
        return 0
    row, _, version = cursor.partition(".")
    if not (row.isascii() and row.isdigit()):
        raise UsageError(f"{cursor} 不是 next 给出的 cursor", f"{cursor} is no cursor that `next` gave")
    if version != mark:
        raise CheckFailed(
            "网络在此期间有了新版本，请从第一页重新读起",
            "the network has a new version since; begin again at the first page",
        )
    return int(row)
