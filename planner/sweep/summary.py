"""What a sweep comes to: by each axis the mean and range of key figures, and why runs have no plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.language import Text
from graph.tables.suggest import meant_or_all
from planner.cross import FIGURE
from planner.sweep.member import DONE
from planner.sweep.run import Sweep

MOST_VALUES = 12
"""Of an axis that are told one by one; more numbers, and ranges that were drawn from, are told in :data:`PARTS` equal parts."""
PARTS = 4
EFFECTS = {
    "axis": pl.String(),
    "value": pl.String(),
    "runs": pl.Int64(),
    "done": pl.Int64(),
    "kpi": pl.String(),
    "mean": pl.Float64(),
    "least": pl.Float64(),
    "most": pl.Float64(),
}


def figures(sweep: Sweep, wanted: Sequence[str] = ()) -> list[str]:
    """Columns of the key figures that are asked for; by default each stage's cost, of money its points.

    Raises
    ------
    UsageError
        When there is no such figure.
    """
    known = known_figures(sweep)
    if not wanted:
        mine = [f"{s}.{FIGURE.get(s, 'cost')}" for s in sweep.head["stages"]]
        return [k for k in mine if k in known]
    found = []
    for key in wanted:
        named = next((k for k in (f"{key} (kpi)", key) if k in known), None)
        if named is None and known:
            near = meant_or_all(key, known)
            raise UsageError(
                f"--kpi {key}：没有这个指标{near.zh}", f"--kpi {key}: no such key figure{near.en}"
            )
        found += [named] if named else []
    return found


def known_figures(sweep: Sweep) -> list[str]:
    """Columns of all key figures, those of each stage's solve (objective, bound, gap) among them."""
    columns = sweep.runs.columns
    after = columns[columns.index("plan") + 1 :]
    return [c for c in after if sweep.runs[c].dtype.is_numeric()]


def effects(sweep: Sweep, kpis: Sequence[str]) -> pl.DataFrame:
    """By axis and value the runs, those with a plan, and of each key figure the mean, the least and the most of these."""
    rows = [row for axis in sweep.head["axes"] for row in _of_axis(sweep.runs, axis, kpis)]
    return pl.DataFrame(rows, schema=EFFECTS, orient="row")


def failures(sweep: Sweep) -> list[tuple[str, Text, list[int]]]:
    """Status and reason of the runs without a plan, with their numbers; those that are told the same together."""
    told: dict[tuple[str, Text], list[int]] = {}
    without = sweep.runs.filter(pl.col("status") != DONE)
    for number, status, zh, en in without.select("number", "status", "reason_zh", "reason_en").iter_rows():
        told.setdefault((status, Text(zh, en)), []).append(number)
    return [(status, reason, numbers) for (status, reason), numbers in told.items()]


def _of_axis(runs: pl.DataFrame, axis: Mapping[str, Any], kpis: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for label, mine in _groups(runs, axis):
        done = mine.filter(pl.col("status") == DONE)
        for kpi in kpis or [""]:
            found = done[kpi].drop_nulls() if kpi else pl.Series(dtype=pl.Float64)
            ends = [_number(found.mean()), _number(found.min()), _number(found.max())]
            yield axis["key"], label, mine.height, done.height, kpi, *ends


def _groups(runs: pl.DataFrame, axis: Mapping[str, Any]) -> Iterator[tuple[str, pl.DataFrame]]:
    key, column = axis["key"], runs[axis["key"]]
    if (
        column.n_unique() <= MOST_VALUES and ("values" in axis or "count" in axis)
    ) or not column.dtype.is_numeric():
        for value in column.unique(maintain_order=True).to_list():
            yield _shown(value), runs.filter(pl.col(key) == value)
        return
    low, high = _number(column.min()) or 0.0, _number(column.max()) or 0.0
    if low == high:
        yield _shown(low), runs
        return
    width = (high - low) / PARTS
    part = ((pl.col(key) - low) / width).floor().clip(0, PARTS - 1).cast(pl.Int64)
    for i in range(PARTS):
        yield f"{_shown(low + i * width)} – {_shown(low + (i + 1) * width)}", runs.filter(part == i)


def _shown(value: Any) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
