"""Rows of a plan's result tables on a screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from api.cli.screen import figure, print_more, print_table, titled, with_pinyin
from graph.schema.column import Column
from planner.plan import Plan


def said_cell(plan: Plan, column: Column, value: Any, sources: Mapping[str, str]) -> str:
    """A cell of a result table: names and titles for codes, in English with words beside them."""
    if column.kind == "code" and value:
        name = sources.get(value) if column.name == "source" else None
        return with_pinyin(name or plan.network.label(value), plan.network)
    if column.enum and value:
        return titled(column.enum, value)
    return str(value) if column.name.endswith("year") else figure(value)


def result_table(plan: Plan, name: str) -> pl.DataFrame:
    """One result table.

    Raises
    ------
    UsageError
        When the plan has none of that name.
    """
    from graph.errors import UsageError
    from graph.schema import RESULTS

    if name not in RESULTS or not (plan.folder / "tables" / f"{name}.parquet").is_file():
        there = ", ".join(plan.tables())
        raise UsageError(
            f"方案没有结果表 {name}；有：{there}", f"the plan has no table {name}; it has: {there}"
        )
    return plan.table(name)


def print_rows(plan: Plan, name: str, frame: pl.DataFrame, limit: int) -> None:
    """Rows of one result table, names beside nothing but themselves."""
    from graph.schema import RESULTS

    columns = [
        c for c in RESULTS[name].columns if c.name in frame.columns and c.name not in ("terms", "sample")
    ]
    sources = dict(plan.network.frame("fund_sources").select("id", "name").iter_rows())
    rows = [
        tuple(said_cell(plan, c, r[c.name], sources) for c in columns)
        for r in frame.head(limit).iter_rows(named=True)
    ]
    print_table(str(RESULTS[name].title), [c.title for c in columns], rows)
    print_more(frame.height, limit)
