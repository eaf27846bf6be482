"""Routes of tables: parameters, formats and errors are the same of every one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel

from api.http.frames.filters import OPERATORS
from api.http.frames.formats import FORMATS, Format, format_wanted
from api.http.frames.question import LARGEST_PAGE, LIMITS, OFFSET_DIGITS, OFFSETS, PAGE
from api.http.parameters import free
from api.service.spelt import Spelt

Suffix = Annotated[
    str,
    Path(description="format of the answer; goes before `Accept`", json_schema_extra={"enum": list(FORMATS)}, examples=["csv"]),
]  # fmt: skip
Sort = Annotated[
    str | None,
    Query(description="columns with commas between, `-` before one: the largest first; empty cells come last", examples=["-year,region"]),
]  # fmt: skip
Columns = Annotated[
    str | None, Query(description="only these columns, with commas between", examples=["id,name"])
]
Limit = Annotated[
    Annotated[str, Spelt("^([1-9][0-9]{0,5}|all)$", LIMITS)] | None,
    Query(
        description=f"rows on a page, 1 to {LARGEST_PAGE}, or `all`; where it is not given, JSON has pages of {PAGE} rows and every other format all rows",
        json_schema_extra={"default": None}, examples=["100"],
    ),
]  # fmt: skip
Cursor = Annotated[
    str | None,
    Query(description="`next` of the page before, with the same conditions, order and columns", json_schema_extra={"maxLength": 80}, examples=[None]),
]  # fmt: skip
Offset = Annotated[
    Annotated[str, Spelt(f"^[0-9]{{1,{OFFSET_DIGITS}}}$", OFFSETS)] | None,
    Query(
        description="rows before the page, counted from the beginning, to go anywhere at once; with `cursor` of any page of the same question, it is held to that page's version",
        json_schema_extra={"default": None}, examples=["400000"],
    ),
]  # fmt: skip

_ASKED = ", ".join(f"`column{'__' if o.name else ''}{o.name}` ({o.title.en})" for o in OPERATORS.values())
FILTERS = free(
    "filter",
    f"Conditions on columns, all of which have to hold, each a parameter of its own: {_ASKED}. `GET /schema` lists the columns.",
    {
        "type": "object", "additionalProperties": {"type": "string"},
        "propertyNames": {"pattern": f"^[a-z_0-9]+(__({'|'.join(n for n in OPERATORS if n)}))?$"},
    },
    {"level": "county", "name__contains": "怒江"},
)  # fmt: skip
"""Conditions, as a document of an API can say them."""


def table_responses(page: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """What a route that answers with a table may answer; ``page``: the model of its JSON."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content: dict[str, Any] = {f.media_type: binary for f in FORMATS.values() if f.name != "json"}
    content["text/csv"] = content["application/x-ndjson"] = {"schema": {"type": "string"}}
    headers = {
        "ETag": {"description": "the answer's validator, for `If-None-Match`", "schema": {"type": "string"}},
        "Link": {"description": "where the page behind is (`rel=\"next\"`), in any format", "schema": {"type": "string"}},
        "X-Total-Count": {"description": "rows on all pages, where there are pages", "schema": {"type": "integer"}},
    }  # fmt: skip
    told: dict[str, Any] = {"model": page, "description": "the rows", "content": content, "headers": headers}
    return {
        200: told,
        206: {
            "description": "a range of the Parquet file",
            "content": {FORMATS["parquet"].media_type: binary},
        },
        304: {"description": "the client has it already (`If-None-Match`)"},
        406: {"description": "`Accept` lists no format that is given"},
        409: {"description": "the data has changed since the page before"},
        416: {"description": "no such range of the Parquet file"},
    }


async def _suffixed(suffix: Suffix) -> None:
    """Looked at by :func:`form_of`."""


async def _asked(
    sort: Sort = None,
    columns: Columns = None,
    limit: Limit = None,
    offset: Offset = None,
    cursor: Cursor = None,
) -> None:
    """Read with the conditions, by :func:`api.http.frames.question.read_question`."""


def add_table(
    router: APIRouter, path: str, rows: Callable[..., Response], names: tuple[str, str], *, summary: str, needs: Any, page: type[BaseModel]
) -> None:  # fmt: skip
    """Add the two routes of a table: by suffix, and by ``Accept``.

    Parameters
    ----------
    router : APIRouter
    path : str
        Without the suffix.
    rows : callable
        The route of both.
    names : (str, str)
        What they are called.
    summary : str
        What the table is.
    needs
        Whom they are for.
    page : type of BaseModel
        The model of a page of its rows.
    """
    by_accept = "The same in the format that `Accept` wants most; JSON where it wants none."
    for end, name, how, description, more in (
        (".{suffix}", names[0], "suffix", None, [Depends(_suffixed)]), ("", names[1], "Accept", by_accept, [])
    ):  # fmt: skip
        router.add_api_route(
            f"{path}{end}", rows, name=name, summary=f"{summary}, by {how}", description=description,
            dependencies=[needs, *more, Depends(_asked)], response_model=None, responses=table_responses(page), openapi_extra=FILTERS,
        )  # fmt: skip


def form_of(request: Request) -> Format:
    """The format that a request wants; raises as :func:`api.http.frames.formats.format_wanted`."""
    return format_wanted(request.path_params.get("suffix"), request.headers.get("accept", ""))
