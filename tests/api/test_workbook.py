from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from api.workbook import write_comparison, write_plan_workbook, write_sheets
from graph.errors import InputError, OutsideError
from graph.language import Text, use_language
from planner.compare import compare
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


def test_a_comparison_is_coloured(small_plan: Plan, own_plan: Plan, tmp_path: Path) -> None:
    use_language("en")
    pairs = small_plan.table("pairs").with_columns(cost=pl.col("cost") + 1).slice(1)
    pairs.write_parquet(own_plan.folder / "tables" / "pairs.parquet")
    kpis = [
        k | {"plan": k["plan"] + 1} if k["key"] == "cost" else k
        for k in own_plan.stages["designation"]["kpis"]
    ]
    stages = {"designation": own_plan.stages["designation"] | {"kpis": kpis}}
    other = replace(own_plan, head={**own_plan.head, "id": "f" * 16, "stages": stages})
    book = openpyxl.load_workbook(write_comparison(compare([small_plan, other]), tmp_path / "c.xlsx"))
    assert book.sheetnames == ["settings", "key figures", "pairs"]
    rows = list(book["pairs"].iter_rows(min_row=2))
    colours = {r[0].value: r[0].fill.start_color.rgb for r in rows}
    assert colours == {"ended": "FFFBE3D3", "changed": "FFFFF4CC"}
    cost = next(r for r in book["key figures"].iter_rows() if r[1].value == "cost")
    assert [c.fill.start_color.rgb for c in cost[-2:]] == ["00000000", "FFFBE3D3"]  # dearer is worse
