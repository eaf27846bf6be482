"""A stage's rows with their reasons as sheets: a workbook, or a folder of CSV or Parquet files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import polars as pl

from api.workbook import about_sheet, marks_shaded, write_sheets
from graph.language import Text
from planner.every_row import EveryRow
from planner.export import write_frames
from planner.plan import Plan
from planner.sheets import MARK, NAME, PINYIN, Sheet, beside, result_sheet
from planner.term_words import TERMS

NEXT = Text("次优", "runner-up")
TITLES = {
    "next": NEXT,
    "next_cost": Text("次优的自身成本（分）", "own cost of the runner-up (points)"),
    "next_least": Text("改选次优至少变差（分，下界）", "worse at least with the runner-up (points, a bound)"),
    "lose_least": Text("没有这一项至少变差（分，下界）", "worse at least without this (points, a bound)"),
    "rules": Text("此处没有余地的规则", "rules that leave no room here"), "reason": Text("原因", "reason"),
    "kind": Text("类别", "kind"), "code": Text("编号", "id"), "about": Text("所指", "about"), "missing": Text("缺多少", "missing"),
}  # fmt: skip
ROWS, OPEN = Text("逐行原因", "reasons"), Text("没有办成的", "what stayed open")
LAST = ("rules_zh", "rules_en", "reason_zh", "reason_en")


def write_every_row(plan: Plan, told: EveryRow, path: Path | str) -> Path:
    """Write the workbook in the language in force, headers frozen and filtered, rows on marked data shaded.

    Raises
    ------
    InputError
        When there are more rows than a sheet holds.
    OutsideError
        When the file cannot be written.
    """
    return write_sheets([about_sheet(plan), *map(marks_shaded, row_sheets(plan, told))], path)


def write_every_row_folder(
    plan: Plan, told: EveryRow, folder: Path | str, form: Literal["csv", "parquet"]
) -> list[Path]:
    """Write both tables as files of a folder, in both languages.

    Raises
    ------
    OutsideError
        When the folder cannot be written.
    """
    return write_frames({s.name: s.frame for s in row_sheets(plan, told)}, folder, form)


def row_sheets(plan: Plan, told: EveryRow) -> list[Sheet]:
    """The rows with names and marks beside codes, reasons last; and what stayed open."""
    rows = result_sheet(plan, told.table, told.rows)
    terms = {f"term_{k}": title for k, title in TERMS.items()}
    rows = replace(rows, name="reasons", title=ROWS, titles={**rows.titles, **terms})
    left = Sheet("open", OPEN, told.left)
    return [_named(plan, rows, told), _named(plan, left, told)]


def _named(plan: Plan, sheet: Sheet, told: EveryRow) -> Sheet:
    """The sheet with the runner-up's name beside it, the long texts last, and a title for each column."""
    frame = sheet.frame
    titles = {**TITLES, **told.titles, **sheet.titles}
    for column in ("next", "code"):
        if column in frame.columns:
            frame = beside(plan.network, frame, column)
            titles |= _beside(column, titles[column])
    last = [c for c in LAST if c in frame.columns]
    frame = frame.select(*(c for c in frame.columns if c not in last), *last)
    dropped = [c for c in frame.columns if c.startswith("next") and frame[c].dtype == pl.Null]
    money: dict[str, str] = {
        c: "money" for c in ("need", "met", "less_yuan", "more_yuan") if c in frame.columns
    }
    return replace(sheet, frame=frame.drop(dropped), titles=titles, kinds={**sheet.kinds, **money})


def _beside(column: str, title: Text) -> dict[str, Text]:
    ends: Sequence[tuple[str, Text]] = (("name", NAME), ("pinyin", PINYIN), ("mark", MARK))
    return {f"{column}_{end}": Text(f"{title.zh}{word.zh}", f"{title.en} {word.en}") for end, word in ends}
