"""A table that has every kind of column, and an app that answers with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from itertools import count
from typing import Any

import polars as pl
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from api.http import problems
from api.http.frames.answer import answer
from api.http.frames.formats import format_wanted
from api.http.frames.groups import grouped
from api.http.frames.source import Source, columns_of
from graph.schema import Column, Table

ODD = Table(
    "odd", ("id",),
    (
        Column("id", "code", "编号", "id"), Column("name", "text", "名称", "name"), Column("level", "enum", "层级", "level", enum="level"),
        Column("tags", "list", "标签", "tags"), Column("size", "integer", "大小", "size", unit="persons"),
        Column("amount", "money", "金额", "amount", unit="yuan"), Column("share", "share", "份额", "share"),
        Column("weight", "number", "权重", "weight"), Column("since", "date", "起", "since"), Column("open", "boolean", "开", "open"),
    ),
    "怪表", "odd table",
)  # fmt: skip
"""Declared here: no table of jiedui has all kinds."""


def frame_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows with the declared types."""
    return pl.DataFrame(rows, schema=ODD.dtypes)


ROWS = frame_of([
    {"id": "001", "name": "甲", "level": "county", "tags": "a;b", "size": 1, "amount": 10**13, "share": 0.5, "weight": -1.5, "since": date(2016, 1, 1), "open": True},
    {"id": "002", "name": "=1+1", "level": "village", "tags": "ab", "size": 2, "amount": 0, "share": None, "weight": 1e-9, "since": None, "open": False},
    {"id": "003", "name": None, "level": "county", "tags": None, "size": None, "amount": None, "share": 0.25, "weight": None, "since": date(2020, 12, 31), "open": None},
    {"id": "004", "name": 'a,"b"\nc', "level": None, "tags": "b", "size": 2, "amount": -5, "share": 1.0, "weight": 2.0, "since": date(2016, 1, 1), "open": True},
])  # fmt: skip

Ask = Callable[..., Any]


_number = count()


def source_of(frame: pl.DataFrame, state: str = "", **more: Any) -> Source:
    """A source of rows in memory; its state is its own where none is given."""
    own = state or f"own {next(_number)}"
    return Source("odd", "怪-odd", columns_of(frame.schema, ODD), frame.lazy(), frame.height, own, **more)


@pytest.fixture(scope="module")
def app() -> FastAPI:
    """Answers with ``app.state.source``."""
    made = FastAPI(openapi_url=None)
    problems.install(made)
    made.state.source = source_of(ROWS)

    @made.get("/odd.{suffix}")
    def suffixed(request: Request, suffix: str) -> Response:
        return answer(request, made.state.source, format_wanted(suffix, ""))

    @made.get("/odd/groups")
    def groups(request: Request) -> Response:
        return grouped(request, made.state.source)

    @made.get("/odd")
    def negotiated(request: Request) -> Response:
        return answer(request, made.state.source, format_wanted(None, request.headers.get("accept", "")))

    return made


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who asks."""
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def read_back(form: str, content: bytes, names: list[str]) -> pl.DataFrame:
    """An answer as a frame with the declared types; how a reader of the format would read it."""
    types = {n: ODD.by_name[n].dtype for n in names}
    if form == "arrow":
        return pl.read_ipc_stream(BytesIO(content))
    if form == "parquet":
        return pl.read_parquet(BytesIO(content))
    if form == "csv":
        read = pl.read_csv(BytesIO(content), schema_overrides=types)
        return read.with_columns(pl.col(pl.String).str.replace(r"^'('*[=+\-@\t\r])", "$1"))
    if form == "xlsx":
        return _of_workbook(content, types)
    import json

    rows = (
        json.loads(content)["rows"] if form == "json" else [json.loads(line) for line in content.splitlines()]
    )
    text = {n: pl.String() if t == pl.Date else t for n, t in types.items()}
    return pl.DataFrame(rows, schema=text).with_columns(
        pl.col(n).str.to_date() for n, t in types.items() if t == pl.Date
    )


def _of_workbook(content: bytes, types: dict[str, Any]) -> pl.DataFrame:
    import openpyxl

    sheet = openpyxl.load_workbook(BytesIO(content), read_only=True).active
    head, *rows = sheet.iter_rows()
    assert [c.value for c in head] == list(types)
    assert all(c.data_type != "f" for row in rows for c in row)
    cells = [[c.value.date() if c.is_date and c.value is not None else c.value for c in row] for row in rows]
    return pl.DataFrame(cells, schema=types, orient="row", strict=False)
