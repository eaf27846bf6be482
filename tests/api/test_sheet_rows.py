"""Rows written a column at a time read back as if a library had written them cell by cell."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from api import sheet_rows
from api.sheet_rows import column_letters, escaped
from api.workbook import SHADE, plan_sheets, worded, workbook_bytes, write_plan_workbook
from graph.language import Text, use_language
from planner.plan import Plan
from planner.sheets import Sheet

TEXTS = [
    "",
    " both ",
    'a&b <c> "d"',
    "=1+1",
    "帮\n扶",
    "tab\t",
    "\x01\x1f",
    "_x0041_",
    "𠮷",
    None,
    "x" * 40_000,
    "'q",
]
FRAME = pl.DataFrame({
    "text": TEXTS,
    "whole": [0, -1, 10**15 - 1, 10**15, -(10**15), 2**62, None, 7, 8, 9, 10, 11],
    "part": [0.1, -2.5, 1e-300, 1e300, 1 / 3, 123456789.125, None, 0.0, -0.0, 5e-324, 1e16, 2.0],
    "flag": [True, False, None] * 4,
    "day": [date(2016, 12, 31), date(1900, 3, 1), date(1900, 2, 28), None] * 3,
    "list": [[1, 2], [], None] * 4,
})  # fmt: skip


def cell_by_cell(frame: pl.DataFrame) -> bytes:
    """The same sheet by the library alone."""
    whole = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(whole, options) as book:
        page, day = book.add_worksheet("x"), book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, frame.columns)
        for row, cells in enumerate(frame.iter_rows(), 1):
            for at, cell in enumerate(cells):
                if isinstance(cell, bool):
                    page.write_boolean(row, at, cell)
                elif isinstance(cell, float) or (isinstance(cell, int) and abs(cell) < 10**15):
                    page.write_number(row, at, cell)
                elif isinstance(cell, date) and cell >= date(1900, 3, 1):
                    page.write_datetime(row, at, datetime(cell.year, cell.month, cell.day), day)
                elif cell is not None:
                    page.write_string(row, at, str(cell)[:32_767])
    return whole.getvalue()


def read(book: bytes, number: int = 0) -> list[list[tuple[Any, str]]]:
    page = openpyxl.load_workbook(BytesIO(book)).worksheets[number]
    return [[(c.value, c.data_type) for c in row] for row in page.iter_rows()]


@pytest.mark.parametrize("rows", [1, 5, 5_000])
def test_every_kind_of_cell(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Also where a sheet is written in several pieces."""
    monkeypatch.setattr(sheet_rows, "CHUNK_ROWS", rows)
    sheet = Sheet("x", Text("x", "x"), FRAME, kinds={"day": "date"})
    mine, theirs = read(workbook_bytes([sheet])), read(cell_by_cell(FRAME))
    assert len(mine) == len(theirs) == 13
    for one, other in zip(mine, theirs, strict=True):
        for (value, kind), (wanted, wanted_kind) in zip(one, other, strict=True):
            assert kind == wanted_kind
            assert value == (pytest.approx(wanted, rel=1e-14, abs=0) if isinstance(wanted, float) else wanted)


def test_numbers_read_back_to_the_last_digit() -> None:
    sheet = Sheet("x", Text("x", "x"), FRAME.select("part"))
    assert [r[0][0] for r in read(workbook_bytes([sheet]))[1:]] == FRAME["part"].to_list()


def test_what_is_no_number_is_a_text() -> None:
    """A file with NaN in the place of a number cannot be opened at all."""
    frame = pl.DataFrame({"n": [float("nan"), float("inf"), 1.5]})
    rows = read(workbook_bytes([Sheet("x", Text("x", "x"), frame)]))
    assert rows[1:] == [[("NaN", "s")], [("inf", "s")], [(1.5, "n")]]


def test_each_cell_has_its_own_background() -> None:
    """A row's, a cell's, none; an empty cell too."""
    frame = pl.DataFrame({
        "a": [1, None, 3], "b": ["x", "y", None],
        SHADE: ["#FFF4CC", None, "#D6E9F5"], f"{SHADE}:b": [None, "#FBE3D3", "#FBE3D3"],
    })  # fmt: skip
    page = openpyxl.load_workbook(BytesIO(workbook_bytes([Sheet("x", Text("x", "x"), frame)]))).worksheets[0]
    found = [[c.fill.start_color.rgb for c in row] for row in page.iter_rows(min_row=2)]
    none = "00000000"
    assert found == [["FFFFF4CC", none], [none, "FFFBE3D3"], ["FFD6E9F5", "FFFBE3D3"]]
    assert [[c.value for c in row] for row in page.iter_rows(min_row=2)] == [[1, "x"], [None, "y"], [3, None]]
    assert page["A2"].number_format == "#,##0" and page.dimensions == "A1:B4"


def test_sheets_without_rows_or_columns() -> None:
    sheets = [
        Sheet("x", Text("x", "x"), FRAME.clear()),
        Sheet("y", Text("y", "y"), pl.DataFrame()),
        Sheet("z", Text("z", "z"), FRAME.select("whole")),
    ]
    book = workbook_bytes(sheets)
    assert [r[0] for r in read(book)[0]] == FRAME.columns and len(read(book)) == 1
    assert [r[0][0] for r in read(book, 2)[1:4]] == [0, -1, 10**15 - 1]


def test_a_plans_workbook_holds_what_its_sheets_hold(small_plan: Plan, tmp_path: Path) -> None:
    use_language("zh")
    try:
        book = openpyxl.load_workbook(write_plan_workbook(small_plan, tmp_path / "x.xlsx"))
        shown = [s.frame.select(worded(c) for c in s.frame) for s in plan_sheets(small_plan)]
    finally:
        use_language(None)
    for page, frame in zip(book.worksheets[1:], shown, strict=True):
        columns = [c for c in frame.columns if not c.endswith(("_en", "_pinyin"))]
        rows = [
            [c.value or None if isinstance(c.value, str) else c.value for c in row]
            for row in page.iter_rows()
        ]
        wanted = [[None if v == "" else v for v in row] for row in frame.select(columns).iter_rows()]
        assert rows[1:] == wanted, page.title


def test_letters_of_columns() -> None:
    assert [column_letters(i) for i in (0, 25, 26, 51, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "ZZ",
        "AAA",
        "XFD",
    ]


def test_text_for_xml() -> None:
    assert escaped(pl.Series(["a<&>", None])).to_list() == ["a&lt;&amp;&gt;", None]
    assert escaped(pl.Series(["\x02", "_x0002_ <", "\ufffe"])).to_list() == [
        "_x0002_",
        "_x005F_x0002_ &lt;",
        "_xFFFE_",
    ]
