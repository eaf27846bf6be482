"""What an answer bears besides its rows, what it costs, and what a spreadsheet makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.ipc
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http.frames import written
from api.http.frames.formats import FORMATS
from api.http.frames.parts import PART_ROWS, parts_of
from api.http.frames.question import read_question
from api.http.frames.source import file_source
from graph.errors import InputError
from tests.api.http.frames.conftest import ODD, ROWS, frame_of, source_of

FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"]


@pytest.mark.parametrize("form", list(FORMATS))
def test_it_is_not_sent_again(client: TestClient, app: FastAPI, form: str) -> None:
    app.state.source = source_of(ROWS)
    first = client.get(f"/odd.{form}")
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache" and "Accept" in first.headers["vary"]
    assert f"filename*=UTF-8''%E6%80%AA-odd.{form}" in first.headers["content-disposition"]
    again = client.get(f"/odd.{form}", headers={"If-None-Match": f'W/"x", {etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert client.get(f"/odd.{form}", params={"size": 1}, headers={"If-None-Match": etag}).status_code == 200
    app.state.source = source_of(ROWS, state="2")
    assert client.get(f"/odd.{form}", headers={"If-None-Match": etag}).status_code == 200
    others = {client.get(f"/odd.{other}").headers["etag"] for other in FORMATS}
    assert len(others) == len(FORMATS)


def test_formulas_are_texts_and_numbers_stay_numbers(client: TestClient, app: FastAPI) -> None:
    app.state.source = source_of(
        frame_of([{"id": str(i), "name": n, "weight": -1.5} for i, n in enumerate(FORMULAS)])
    )
    lines = pl.read_csv(BytesIO(client.get("/odd.csv").content), infer_schema=False)
    assert lines["name"].to_list() == [f"'{n}" for n in FORMULAS] and set(lines["weight"]) == {"-1.5"}
    import openpyxl

    sheet = openpyxl.load_workbook(BytesIO(client.get("/odd.xlsx").content)).active
    assert sheet is not None
    cells = [(row[1].data_type, row[7].data_type, row[7].value) for row in sheet.iter_rows(min_row=2)]
    assert cells == [("s", "n", -1.5)] * len(FORMULAS)


def test_arrow_is_read_by_others(client: TestClient, app: FastAPI) -> None:
    big = frame_of([{"id": str(i), "size": i} for i in range(3 * PART_ROWS)])
    app.state.source = source_of(big)
    with pa.ipc.open_stream(client.get("/odd.arrow").content) as stream:
        batches = list(stream)
    assert [b.num_rows for b in batches] == [PART_ROWS] * 3
    assert pl.DataFrame(pa.Table.from_batches(batches)).equals(big)
    app.state.source = source_of(big.clear())
    with pa.ipc.open_stream(client.get("/odd.arrow").content) as stream:
        assert stream.read_all().num_rows == 0 and stream.schema.names == list(ODD.by_name)


def test_a_part_is_read_when_the_one_before_has_gone(tmp_path: Path) -> None:
    big = frame_of([{"id": str(i), "size": i} for i in range(8 * PART_ROWS)])
    looked = []

    def keep(frame: pl.DataFrame) -> pl.DataFrame:
        looked.append(frame.height)
        return frame

    source = source_of(big, keep=keep)
    stream = written.as_arrow(parts_of(source, read_question(source, [])))
    next(stream)
    assert looked == [PART_ROWS]
    assert sum(len(piece) for piece in stream) and looked == [PART_ROWS] * 8


def test_no_part_is_kept() -> None:
    """An endless table goes out piece by piece."""

    def endless() -> Iterator[pl.DataFrame]:
        while True:
            yield ROWS

    for stream in (
        written.as_arrow(endless()),
        written.as_csv(endless()),
        written.as_lines(endless()),
        written.as_json("odd", endless()),
    ):
        assert [len(next(stream)) > 0 for _ in range(50)] == [True] * 50


def test_a_file_as_it_is_and_in_ranges(
    client: TestClient, app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    file = tmp_path / "odd.parquet"
    ROWS.write_parquet(file)
    app.state.source = file_source(file, "odd", ODD, stem="odd", state="1")
    whole = client.get("/odd.parquet")
    assert whole.content == file.read_bytes() and whole.headers["accept-ranges"] == "bytes"
    part = client.get("/odd.parquet", headers={"Range": "bytes=0-3", "If-Range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, b"PAR1")
    some = client.get("/odd.parquet", params={"size": 2, "columns": "size,id"}).content
    assert pl.read_parquet(BytesIO(some)).equals(ROWS.filter(size=2).select("size", "id"))
    assert not list(tmp_path.glob("jiedui-*.parquet"))


@pytest.mark.parametrize("query", ["", "?size=2"])
@pytest.mark.parametrize(
    ("wanted", "status", "size"),
    [("bytes=999999-", 416, True), ("bytes=x", 400, False), ("rows=1-2", 400, False)],
)
def test_a_range_that_is_refused_is_a_problem_as_every_error(
    wanted: str, status: int, size: bool, query: str, client: TestClient, app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    file = tmp_path / "odd.parquet"
    ROWS.write_parquet(file)
    app.state.source = file_source(file, "odd", ODD, stem="odd", state="1")
    told = client.get(f"/odd.parquet{query}", headers={"Range": wanted})
    assert (told.status_code, told.headers["content-type"]) == (status, "application/problem+json")
    assert told.json()["type"] == "/problems/range" and "Range" in told.json()["message"]["zh"]
    assert told.headers.get("content-range", "").startswith("bytes */") is size
    assert not list(tmp_path.glob("jiedui-*.parquet"))  # what was made for it is gone, too


def test_a_damaged_file_is_told_before_anything_is_sent(
    client: TestClient, app: FastAPI, tmp_path: Path
) -> None:
    file = tmp_path / "odd.parquet"
    ROWS.write_parquet(file)
    app.state.source = file_source(file, "odd", ODD, stem="odd", state="1")
    content = file.read_bytes()
    file.write_bytes(content[:4] + b"\xff" * 400 + content[404:])
    for form in ("csv", "json", "arrow", "xlsx"):
        told = client.get(f"/odd.{form}", params={"size__gte": 0})
        assert told.status_code == 422 and told.json()["type"] == "/problems/bad-input", form
    file.write_bytes(content[:-4])
    with pytest.raises(InputError, match="damaged"):
        file_source(file, "odd", ODD, stem="odd", state="1")


def test_more_rows_than_a_sheet_holds(
    client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.state.source = source_of(ROWS)
    monkeypatch.setattr("api.http.frames.workbook.SHEET_ROWS", ROWS.height)
    told = client.get("/odd.xlsx")
    assert told.status_code == 422 and ".parquet" in told.json()["message"]["en"]
    monkeypatch.setattr("api.http.frames.workbook.SHEET_ROWS", ROWS.height + 1)
    assert client.get("/odd.xlsx").status_code == 200
