from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from api.workbook import write_plan_workbook, write_sheets
from graph.errors import InputError, OutsideError
from graph.language import Text, use_language
from planner.plan import Plan
from planner.sheets import Sheet


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    yield
    use_language(None)


@pytest.mark.parametrize(("language", "name"), [("zh", "结对结果"), ("en", "pairs")])
def test_a_plan_as_a_workbook(small_plan: Plan, tmp_path: Path, language: str, name: str) -> None:
    use_language("zh" if language == "zh" else "en")
    book = openpyxl.load_workbook(write_plan_workbook(small_plan, tmp_path / "x.xlsx"))
    assert len(book.sheetnames) == 8
    for sheet in book:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref
    rows = list(book[name].iter_rows())
    head = [c.value for c in rows[0]]
    assert ("supporter name" in head) == (language == "en") == ("supporter pinyin" in head)
    assert {c.value for c in rows[1]} >= {"u1", "第一局", "A", "甲县"}
    marked = next(r for r in rows if any(c.value == "B" for c in r))
    assert any("assumed" in str(c.value) for c in marked)
    assert marked[0].fill.start_color.rgb == "FFFFF4CC"
    assert rows[1][0].fill.start_color.rgb != "FFFFF4CC"


def test_text_from_data_is_never_a_formula(tmp_path: Path) -> None:
    frame = pl.DataFrame({"t": ["=1+1", "+1", "@x", "http://x", "{=1}"], "n": [1, 10**17, None, 2, 3]})
    write_sheets([Sheet("x", Text("表", "x"), frame)], tmp_path / "x.xlsx")
    cells = list(openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0].iter_rows(min_row=2))
    assert [r[0].value for r in cells] == frame["t"].to_list()
    assert all(r[0].data_type == "s" and r[0].hyperlink is None for r in cells)
    assert [r[1].value for r in cells] == [1, str(10**17), None, 2, 3]


def test_a_sheet_that_is_too_long_is_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": pl.int_range(1_048_576, eager=True)})
    with pytest.raises(InputError, match="parquet"):
        write_sheets([Sheet("x", Text("表", "x"), frame)], tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written(small_plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError):
        write_plan_workbook(small_plan, tmp_path / "file" / "x.xlsx")


def test_headings_are_as_high_as_their_lines_and_no_clock_is_in_a_file(tmp_path: Path) -> None:
    frame = pl.DataFrame({"short": [1], "long": ["x"], "wide": ["x"]})
    long, wide = "what if ten villages of one county are added", "新增十个村之后各县得到的全部资金（元）"
    titles = {"short": Text("短", "n"), "long": Text(long, long), "wide": Text(wide, wide)}
    use_language("en")
    write_sheets(
        [Sheet("x", Text("表", "x"), frame, titles), Sheet("y", Text("表二", "y"), frame)],
        tmp_path / "x.xlsx",
    )
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert [s.row_dimensions[1].height for s in book] == [30, None]  # None: one line, as every row
    assert book.properties.created.year == 1980


def test_names_that_nobody_has_are_left_out(tmp_path: Path) -> None:
    use_language("en")
    frame = pl.DataFrame({
        "cadre": ["c1", "c2"], "cadre_name": ["", None], "cadre_pinyin": ["", ""],
        "village": ["v1", "v2"], "village_name": ["", "甲村"], "village_pinyin": ["", ""],
    })  # fmt: skip
    sheets = [Sheet("x", Text("表", "x"), frame), Sheet("y", Text("空表", "y"), frame.clear())]
    book = openpyxl.load_workbook(write_sheets(sheets, tmp_path / "x.xlsx"))
    heads = [[c.value for c in next(sheet.iter_rows())] for sheet in book]
    assert heads == [["cadre", "village", "village_name", "village_pinyin"], frame.columns]
