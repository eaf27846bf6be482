"""Uncertain cells: each row of a table drawn on its own, within a declared range; ``fund_budgets[].amount*=0.8:1.1``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any

import numpy as np
import polars as pl

from graph.errors import UsageError
from graph.language import Text, several
from graph.schema import TABLES
from graph.tables.check_cells import bounds
from planner.changes import matching
from planner.scenario import Scenario
from planner.sweep.axes import read_axes
from planner.sweep.axis import OPTION, Axis, factor_of
from planner.sweep.values import Span

ROW_OPTION = "--uncertain"
WHOLE = ("integer", "money")


@dataclass(frozen=True)
class RowAxis:
    """Cells of one column, each drawn evenly and independently of the others.

    Parameters
    ----------
    axis : Axis
        Table, column, rows and range; scaled or set.
    keys : DataFrame
        Key columns of the rows that are drawn, in their order: those that match and whose cell is not empty.
    """

    axis: Axis
    keys: pl.DataFrame = field(repr=False)

    @property
    def table(self) -> str:
        """The table."""
        return self.axis.table

    def drawn(self, frame: pl.DataFrame, shares: np.ndarray) -> pl.DataFrame:
        """A table with the cells at ``shares`` (rows,) float64 from 0 to 1 of their range, named as changed in ``source``.

        Whole numbers are rounded half to even. The order of the rows stays.
        """
        table, column = TABLES[self.table], self.axis.column
        values = self.axis.values
        assert isinstance(values, Span)
        new = pl.Series("_new", [float(values.drawn(float(s))) for s in shares], dtype=pl.Float64)
        joined = frame.join(
            self.keys.with_columns(new),
            on=list(table.key),
            how="left",
            maintain_order="left",
            nulls_equal=True,
        )
        told = pl.col("_new") * pl.col(column) if self.axis.scale else pl.col("_new")
        if table.by_name[column].kind in WHOLE:
            told = told.round()
        cell = pl.when(pl.col("_new").is_null()).then(pl.col(column))
        origin = "fact_source" if "fact_source" in table.by_name else "source"
        named = pl.when(pl.col("_new").is_null()).then(pl.col(origin)).otherwise(pl.lit(ROW_OPTION))
        changed = joined.with_columns(
            cell.otherwise(told.cast(table.dtypes[column])).alias(column), named.alias(origin)
        )
        return changed.drop("_new")

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return self.axis.to_dict()


def read_row_axes(scenario: Scenario, words: Sequence[str]) -> tuple[RowAxis, ...]:
    """Uncertain cells as they were typed.

    Parameters
    ----------
    scenario : Scenario
        Where the rows are.
    words : sequence of str
        ``table[column=value,…].column=a:b`` (set) or ``….column*=a:b`` (scale): each row that matches is drawn between a and b.

    Raises
    ------
    UsageError
        When a table or a column is unknown, no row matches, no cell is filled, what follows ``=`` is no range of numbers, a cell could
        come to more than its column may be, or two of them draw the same.
    """
    try:
        axes = read_axes(scenario, words, sampled=True)
    except UsageError as error:
        zh, en = (t.replace(OPTION, ROW_OPTION) for t in error.text)
        raise UsageError(zh, en) from error
    return tuple(_row_axis(scenario, axis) for axis in axes)


def _row_axis(scenario: Scenario, axis: Axis) -> RowAxis:
    if not axis.table:
        raise _wrong(
            axis.key,
            Text("应为表的单元格：表[列=值].列", "must be cells of a table: TABLE[COLUMN=VALUE].COLUMN"),
        )
    if not isinstance(axis.values, Span):
        raise _wrong(axis.key, Text("应为一个范围 a:b", "must be a range a:b"))
    table, frame = TABLES[axis.table], scenario.network.frame(axis.table)
    column = table.by_name[axis.column]
    if axis.scale and axis.values.low < 0 and factor_of(column).minimum is not None:
        raise _wrong(f"{axis.key}={float(axis.values.low):g}", Text("不得小于 0", "must be at least 0"))
    matches = pl.col(axis.column).is_not_null()
    place = Text(ROW_OPTION, ROW_OPTION)
    for name, value in axis.where.items():
        matches &= matching(table.by_name[name], value, place)
    keys = frame.filter(matches).select(table.key).sort(table.key, nulls_last=False)
    if keys.is_empty():
        raise _wrong(axis.key, Text("这些行的单元格都是空的", "the cells of these rows are all empty"))
    _within(axis, frame.filter(matches))
    return RowAxis(axis, keys)


def _within(axis: Axis, rows: pl.DataFrame) -> None:
    """Refuse factors that could take a cell above what its column may be, a share above 1: futures would fail by chance."""
    table, cells = TABLES[axis.table], rows[axis.column]
    most = bounds(table.by_name[axis.column])[1]
    assert isinstance(axis.values, Span)
    high = float(axis.values.high)
    if (
        not axis.scale
        or most is None
        or high <= 1
        or not (too_high := rows.filter(cells * high > most)).height
    ):
        return
    top = too_high.sort(axis.column, *table.key, descending=[True] + [False] * len(table.key)).row(
        0, named=True
    )
    n, value = too_high.height, float(top[axis.column])
    fits = floor(most / value * 100) / 100
    named = ", ".join(str(top[k]) for k in table.key)
    raise _wrong(f"{axis.key}={float(axis.values.low):g}:{high:g}", Text(
        f"{axis.column} 不得大于 {most:g}，而 {rows.height} 行中有 {n} 行可能更大（{named}：{value:g} × {high:g}）；上端至多 {fits:g}，或用 表[…].列=a:b 直接设为一个范围",
        f"{axis.column} is at most {most:g}, and {n} of {several(rows.height, 'row')} could come to more ({named}: {value:g} × {high:g}); let the upper end be "
        f"{fits:g} at most, or set a range itself with TABLE[…].COLUMN=a:b"))  # fmt: skip


def _wrong(what: str, told: Text) -> UsageError:
    return UsageError(f"{ROW_OPTION} {what}：{told.zh}", f"{ROW_OPTION} {what}: {told.en}")
