"""What an axis would put into cells, tried before any run: bounds, values of enumerations, rows that are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from graph.errors import ScenarioError, UsageError
from graph.findings import Finding
from graph.language import Text
from graph.schema import TABLES, Column
from graph.tables.check_cells import check_column
from graph.tables.rows import with_rows
from planner.changes import apply_changes
from planner.scenario import Scenario
from planner.sweep.axis import OPTION, Axis, cells, wrong


def out_of_bounds(column: Column, value: Any) -> Text | None:
    """What is wrong with a number below or above what a column may hold; ``None`` of all else."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    low = 0.0 if column.kind == "share" and column.minimum is None else column.minimum
    high = 1.0 if column.kind == "share" and column.maximum is None else column.maximum
    if low is not None and value < low:
        return Text(f"不得小于 {low:g}", f"must be at least {low:g}")
    if high is not None and value > high:
        return Text(f"不得大于 {high:g}", f"must be at most {high:g}")
    return None


def try_cells(scenario: Scenario, axes: Sequence[Axis]) -> None:
    """Apply every end of every axis of cells once, and all axes together.

    Raises
    ------
    UsageError
        When no row matches, a cell cannot hold a value, a value is none of its enumeration, or two axes change the same cell.
    """
    mine = cells(axes)
    for axis in mine:
        for value in axis.values.ends():
            frame = _applied(scenario, [axis], [axis.change(value)])[axis.table]
            for found in _unknown_values(scenario, axis, frame):
                told = Text(f"{found.what.zh}；{found.mend.zh}", f"{found.what.en}; {found.mend.en}")
                raise wrong(f"{axis.key}={value}", told)
    if len(mine) > 1:
        _applied(scenario, mine, [a.change(a.values.ends()[0]) for a in mine])


def _unknown_values(scenario: Scenario, axis: Axis, frame: pl.DataFrame) -> list[Finding]:
    """Values of the column that its enumeration has not. Whatever else is wrong keeps its own report, run by run."""
    network, column = scenario.network, TABLES[axis.table].by_name[axis.column]
    if not column.enum:
        return []
    each = with_rows(frame.unique(column.name, keep="first", maintain_order=True))
    found = check_column(each, axis.table, column, enums=network.enums, settings=network.settings, file=None)
    return [f for f in found if f.code == "enum"]


def _applied(
    scenario: Scenario, axes: Sequence[Axis], changes: Sequence[Mapping[str, Any]]
) -> dict[str, pl.DataFrame]:
    try:
        return apply_changes({a.table: scenario.network.frame(a.table) for a in axes}, changes, OPTION)
    except ScenarioError as error:
        zh, en = error.text
        for number, axis in enumerate(axes, 1):
            zh = zh.replace(f"{OPTION}，第 {number} 个 [[change]]：", f"{OPTION} {axis.key}：", 1)
            en = en.replace(f"{OPTION}, [[change]] number {number}: ", f"{OPTION} {axis.key}: ", 1)
        zh = zh.replace("已被本文件前面的 change 改过；合并成一个", f"已被前面的 {OPTION} 改过")
        en = en.replace(
            "was already changed by an earlier change of this file; merge them",
            f"is changed by an earlier {OPTION}, too",
        )
        raise UsageError(zh, en) from error
