"""A stage's rows with their reasons in files: they read back as they were told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from api.every_row import row_sheets, write_every_row, write_every_row_folder
from graph.language import speaking
from planner.every_row import EveryRow, every_row
from planner.plan import Plan
from planner.solve.pool import InProcess


@pytest.fixture
def told(small_plan: Plan) -> EveryRow:
    return every_row(small_plan, "designation", executor=InProcess())


def cells(sheet: Any) -> list[tuple[object, ...]]:
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_a_workbook_reads_back_as_it_was_told(small_plan: Plan, told: EveryRow, tmp_path: Path) -> None:
    with speaking("en"):
        book = openpyxl.load_workbook(write_every_row(small_plan, told, tmp_path / "why.xlsx"))
        frame = row_sheets(small_plan, told)[0].frame
    assert book.sheetnames == ["about", "reasons", "what stayed open"]
    page = book["reasons"]
    assert page.freeze_panes == "A2" and page.auto_filter.ref is not None
    head, *rows = cells(page)
    assert (
        head[-1] == "reason"
        and "runner-up name" in head
        and "of it distance" not in head
        and "distance" in head
    )
    for column, title in (
        ("supporter", "supporter"),
        ("cost", "cost"),
        ("next", "runner-up"),
        ("reason_en", "reason"),
    ):
        assert [r[head.index(title)] for r in rows] == frame[column].to_list()
    left = cells(book["what stayed open"])
    assert len(left) == told.left.height + 1
    marked = [r for r in page.iter_rows(min_row=2) if "B" in [c.value for c in r]]
    assert marked and marked[0][0].fill.fgColor.rgb == "FFFFF4CC"  # B rests on an assumption


def test_the_workbook_speaks_chinese(small_plan: Plan, told: EveryRow, tmp_path: Path) -> None:
    with speaking("zh"):
        book = openpyxl.load_workbook(write_every_row(small_plan, told, tmp_path / "why.xlsx"))
    head, first, *_ = cells(book["逐行原因"])
    assert head[-1] == "原因" and "帮扶" in str(first[-1])


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_folder_has_both_tables_in_both_languages(
    small_plan: Plan, told: EveryRow, tmp_path: Path, form: str
) -> None:
    files = write_every_row_folder(small_plan, told, tmp_path, "csv" if form == "csv" else "parquet")
    assert [f.name for f in files] == [f"reasons.{form}", f"open.{form}"]
    read = pl.read_csv(files[0]) if form == "csv" else pl.read_parquet(files[0])
    frame = row_sheets(small_plan, told)[0].frame
    assert read.columns == frame.columns
    for column in ("next_least", "reason_zh", "reason_en"):
        assert read[column].to_list() == frame[column].to_list()
