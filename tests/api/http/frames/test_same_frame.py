"""The same question gives the same frame in each format, and just the rows that Polars finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.http.frames.formats import FORMATS
from graph.schema import ENUMS
from tests.api.http.frames.conftest import ODD, ROWS, frame_of, read_back, source_of

SHARED = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
# what XML and CSV can hold, and what spreadsheets misread
TEXTS = st.one_of(st.sampled_from(["=1", "+a", "-3", "@x", "'=1", "甲", "a,b", 'say "x"', "two\nlines", "0012", " x", "true"]),
                  st.text(st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6))  # fmt: skip
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "name": TEXTS, "level": st.sampled_from(list(ENUMS["level"])), "tags": st.sampled_from(["a", "b", "a;b", "ab"]),
    "size": st.integers(0, 3), "amount": st.integers(-(10**14), 10**14), "share": st.sampled_from([0.0, 0.25, 1 / 3, 1.0]),
    "weight": st.floats(-1e9, 1e9).map(lambda v: round(v, 6)), "since": st.dates(date(1900, 3, 1), date(2200, 1, 1)), "open": st.booleans(),
}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    """A table of some rows."""
    size = draw(st.integers(0, 12))
    columns = {n: draw(st.lists(st.none() | cell, min_size=size, max_size=size)) for n, cell in CELLS.items()}
    return frame_of([{"id": f"{i:03d}", **{n: v[i] for n, v in columns.items()}} for i in range(size)])


Keeps = Callable[[Any], bool]
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "": lambda cell, value: cell == value, "ne": lambda cell, value: cell != value, "gt": lambda cell, value: cell is not None and cell > value,
    "gte": lambda cell, value: cell is not None and cell >= value, "lt": lambda cell, value: cell is not None and cell < value,
    "lte": lambda cell, value: cell is not None and cell <= value,
}  # fmt: skip


@st.composite
def questions(
    draw: st.DrawFn,
) -> tuple[list[tuple[str, str]], dict[str, Keeps], list[tuple[str, bool]], list[str]]:
    """Parameters, and what they mean: what a column's cell must be, the order, the columns."""
    parameters, keeps = list[tuple[str, str]](), dict[str, Keeps]()
    for name in draw(st.lists(st.sampled_from(list(CELLS)), max_size=2, unique=True)):
        kind = ODD.by_name[name].kind
        operator = draw(st.sampled_from(["", "ne"] if kind in ("enum", "boolean", "list") else list(COMPARE)))
        value = draw(CELLS[name])
        parameters.append((f"{name}__{operator}" if operator else name, str(value)))
        keeps[name] = lambda cell, operator=operator, value=value: COMPARE[operator](cell, value)
    order = draw(
        st.lists(
            st.tuples(st.sampled_from(list(ODD.by_name)), st.booleans()), max_size=2, unique_by=lambda o: o[0]
        )
    )
    columns = draw(st.lists(st.sampled_from(list(ODD.by_name)), max_size=4, unique=True))
    if order:
        parameters.append(("sort", ",".join(f"{'-' if down else ''}{n}" for n, down in order)))
    if columns:
        parameters.append(("columns", ",".join(columns)))
    return parameters, keeps, order, columns or list(ODD.by_name)


def meant(
    frame: pl.DataFrame, keeps: dict[str, Keeps], order: list[tuple[str, bool]], columns: list[str]
) -> pl.DataFrame:
    """The answer, found row by row and sorted by Python."""
    rows = [row for row in frame.to_dicts() if all(keep(row[n]) for n, keep in keeps.items())]
    for name, down in reversed(order):
        known = sorted((r for r in rows if r[name] is not None), key=lambda r: r[name], reverse=down)
        if down:  # Python turns those that are alike round, too
            known = [r for v in dict.fromkeys(r[name] for r in known) for r in rows if r[name] == v]
        rows = known + [r for r in rows if r[name] is None]
    return frame_of(rows).select(columns)


@SHARED
@given(frame=tables(), asked=questions(), form=st.sampled_from(list(FORMATS)))
def test_every_format_gives_what_is_meant(
    client: TestClient, app: FastAPI, frame: pl.DataFrame, asked: Any, form: str
) -> None:
    parameters, keeps, order, columns = asked
    app.state.source = source_of(frame)
    told = client.get(f"/odd.{form}", params=[*parameters, ("limit", "all")])
    assert told.status_code == 200, told.text
    assert told.headers["content-type"].startswith(FORMATS[form].media_type)
    wanted = meant(frame, keeps, order, columns)
    found = read_back(form, told.content, columns)
    if form == "xlsx":  # fifteen digits
        floats = [c for c in columns if wanted[c].dtype == pl.Float64]
        found, wanted = (f.with_columns(pl.col(floats).round_sig_figs(14)) for f in (found, wanted))
    assert found.equals(wanted), f"{parameters}\n{found}\n{wanted}"


@SHARED
@given(frame=tables(), asked=questions(), size=st.integers(1, 5), form=st.sampled_from(list(FORMATS)))
def test_pages_put_together_are_the_whole(
    client: TestClient, app: FastAPI, frame: pl.DataFrame, asked: Any, size: int, form: str
) -> None:
    parameters, keeps, order, columns = asked
    app.state.source = source_of(frame)
    wanted = meant(frame, keeps, order, columns)
    address: str | None = f"/odd.{form}?" + str(
        client.get("/odd", params=[*parameters, ("limit", size)]).url.query, "ascii"
    )
    pages = []
    while address is not None:
        told = client.get(address)
        assert told.headers["x-total-count"] == str(wanted.height)
        pages.append(read_back(form, told.content, columns))
        assert pages[-1].height <= size
        address = told.links["next"]["url"] if "next" in told.links else None
    whole = pl.concat(pages)
    if form == "xlsx":
        floats = [c for c in columns if wanted[c].dtype == pl.Float64]
        whole, wanted = (f.with_columns(pl.col(floats).round_sig_figs(14)) for f in (whole, wanted))
    assert whole.equals(wanted)
    assert len(pages) == max(1, -(-wanted.height // size))


@pytest.mark.parametrize(
    ("parameters", "ids"),
    [
        ({"tags__contains": "b"}, ["001", "004"]), ({"name__contains": "+"}, ["002"]), ({"name": ""}, ["003"]), ({"name__ne": ""}, ["001", "002", "004"]),
        ({"level": ["county", "village"]}, ["001", "002", "003"]), ({"level__in": "village,"}, ["002", "004"]), ({"size__gte": "2"}, ["002", "004"]),
        ({"size__ne": "2"}, ["001", "003"]), ({"since__lt": "2016年1月2日"}, ["001", "004"]), ({"open": "是"}, ["001", "004"]),
        ({"amount__gt": "0", "level": "county"}, ["001"]), ({"sort": "-size,-id"}, ["004", "002", "001", "003"]), ({"sort": "weight"}, ["001", "002", "004", "003"]),
    ],
)  # fmt: skip
def test_conditions(client: TestClient, app: FastAPI, parameters: dict[str, Any], ids: list[str]) -> None:
    app.state.source = source_of(ROWS)
    rows = client.get("/odd", params=parameters).json()["rows"]
    assert [r["id"] for r in rows] == ids


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"nam": "x"}, "no column nam; did you mean name?"), ({"size": "many"}, "size (size, in persons): “many” is no number"),
        ({"amount": "3万"}, "write it in full: 30000"), ({"since": "2016-13-01"}, "since (since): “2016-13-01” is no possible date"),
        ({"open": "perhaps"}, "write true or false"), ({"level": "countie"}, "did you mean county?"), ({"open__gt": "true"}, "column open (open) cannot be asked with __gt"),
        ({"name__like": "x"}, "cannot be asked with __like"), ({"sort": "nam"}, "no column nam"), ({"columns": "id,nam"}, "no column nam"),
        ({"limit": "0"}, "limit=0"), ({"limit": "many"}, "limit=many"), ({"limit": "1" * 5000}, "whole number"), ({"limit": "100001"}, "from 1 to 100000"),
        ({"cursor": "x"}, "not one of this question"), ({"cursor": f"{'9' * 40}-{'0' * 16}-{'0' * 16}"}, "not one of this question"),
        ({"name": "x" * 3000}, "of 2000 characters"), ({f"c{i}": "x" for i in range(200)}, "no more than 100 conditions"), ({"size__gt": ""}, "no number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_what_would_be_right(
    client: TestClient, app: FastAPI, parameters: dict[str, str], words: str
) -> None:
    app.state.source = source_of(ROWS)
    told = client.get("/odd", params=parameters, headers={"Accept-Language": "en"})
    assert told.status_code == 422 and words in told.json()["message"]["en"], told.json()


def test_a_cursor_is_of_its_question_and_of_its_version(client: TestClient, app: FastAPI) -> None:
    app.state.source = source_of(ROWS)
    behind = client.get("/odd", params={"limit": 2, "sort": "id"}).json()["next"]
    assert [
        r["id"]
        for r in client.get("/odd", params={"limit": 9, "sort": "id", "cursor": behind}).json()["rows"]
    ] == ["003", "004"]
    assert client.get("/odd", params={"limit": 2, "sort": "-id", "cursor": behind}).status_code == 422
    app.state.source = source_of(ROWS, state="2")
    assert client.get("/odd", params={"limit": 2, "sort": "id", "cursor": behind}).status_code == 409
