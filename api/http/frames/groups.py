"""Rows counted by the values of some columns, in the order in which the same rows stand when they are sorted by these."""

from __future__ import annotations

from typing import Annotated, Any

import polars as pl
from fastapi import Query, Request, Response

from api.http import conditional
from api.http.frames.parts import matching
from api.http.frames.question import read_question
from api.http.frames.source import Source, unreadable
from api.http.models.groups import Groups
from graph.errors import UsageError

LARGEST = 10_000
"""Groups that are told at most."""
ROWS = "\0rows"
"""A column that no table has: rows of a group."""
By = Annotated[
    str, Query(description="columns with commas between, `-` before one: the largest first; empty cells come last", examples=["level,parent"])
]  # fmt: skip


def grouped(request: Request, source: Source, *own: str) -> Response:
    """The groups that a request asks for.

    Parameters
    ----------
    request : Request
        ``by`` and conditions are the question.
    source : Source
    *own : str
        Parameters of the route that are no conditions.

    Raises
    ------
    UsageError
        When a column is not there, none is named, or a value does not fit its column.
    InputError
        When a file is damaged.
    """
    given = [(k, v) for k, v in request.query_params.multi_items() if k not in own]
    question = read_question(source, [("sort" if k == "by" else k, v) for k, v in given])
    if not question.sort:
        raise UsageError("by：至少写一列", "by: name one column at least")
    etag = conditional.etag_of(source.state, source.table, question.which, "groups")
    if same := conditional.not_modified(request, etag):
        return same
    by, down = [c for c, _ in question.sort], [d for _, d in question.sort]
    try:
        counted = matching(source, question).group_by(by).agg(pl.len().alias(ROWS))
        found = counted.sort(by, descending=down, nulls_last=True).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise unreadable(source.stem) from error
    told = Groups.model_validate(_told(source.table, by, found))
    return Response(
        told.model_dump_json(), media_type="application/json", headers=conditional.headers_of(etag)
    )


def _told(table: str, by: list[str], found: pl.DataFrame) -> dict[str, Any]:
    rows = found.head(LARGEST).to_dicts()
    return {
        "table": table,
        "by": by,
        "groups": [{"rows": row.pop(ROWS), "values": row} for row in rows],
        "total": found.height,
        "rows": int(found[ROWS].sum()),
    }
