"""What the document of the API says of every table: parameters, formats, errors."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request
from pydantic import BaseModel

from api.http.frames.filters import OPERATORS
from api.http.frames.formats import FORMATS, Format, format_wanted
from api.http.frames.question import LARGEST_PAGE, PAGE
from api.http.problems import MEDIA_TYPE

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
    str | None,
    Query(
        description=f"rows on a page, 1 to {LARGEST_PAGE}, or `all`; where it is not given, JSON has pages of {PAGE} rows and every other format all rows",
        pattern="^([1-9][0-9]{0,5}|all)$", json_schema_extra={"default": None}, examples=["100"],
    ),
]  # fmt: skip
Cursor = Annotated[
    str | None,
    Query(description="`next` of the page before, with the same conditions, order and columns", json_schema_extra={"maxLength": 80}, examples=[None]),
]  # fmt: skip

_ASKED = ", ".join(f"`column{'__' if o.name else ''}{o.name}` ({o.title.en})" for o in OPERATORS.values())
FILTERS: dict[str, Any] = {
    "parameters": [
        {
            "name": "filter", "in": "query", "required": False, "style": "form", "explode": True,
            "description": f"Conditions on columns, all of which have to hold, each a parameter of its own: {_ASKED}. `GET /schema` lists the columns.",
            "schema": {
                "type": "object", "additionalProperties": {"type": "string"},
                "propertyNames": {"pattern": f"^[a-z_0-9]+(__({'|'.join(n for n in OPERATORS if n)}))?$"},
            },
            "example": {"level": "county", "name__contains": "怒江"},
        }
    ]
}  # fmt: skip
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
    problem: dict[str, Any] = {MEDIA_TYPE: {}}
    return {
        200: told,
        206: {
            "description": "a range of the Parquet file",
            "content": {FORMATS["parquet"].media_type: binary},
        },
        304: {"description": "the client has it already (`If-None-Match`)"},
        406: {"description": "`Accept` lists no format that is given", "content": problem},
        409: {"description": "the data has changed since the page before", "content": problem},
        416: {"description": "no such range of the Parquet file"},
    }


def form_of(request: Request, suffix: str | None) -> Format:
    """The format that a request wants; raises as :func:`api.http.frames.formats.format_wanted`."""
    return format_wanted(suffix, request.headers.get("accept", ""))
