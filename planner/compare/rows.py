"""Rows of two plans that differ."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from graph.schema import RESULTS, TABLES, Table
from planner.identity import DISPLAY
from planner.plan import Plan

HOW = ("new", "ended", "changed")


def changed_tables(before: Plan, after: Plan) -> dict[str, pl.DataFrame]:
    """Result tables that differ: name → rows that differ, with ``how``."""
    old, new = before.tables(), after.tables()
    found = {}
    for name in sorted({*old, *new}):
        declared = RESULTS[name]
        rows = changed_rows(old.get(name, declared.empty()), new.get(name, declared.empty()), declared)
        if rows.height:
            found[name] = rows
    return found


def changed_inputs(before: Plan, after: Plan) -> dict[str, pl.DataFrame]:
    """Tables that the plans were made from and that differ, as far as both plans' stages read them."""
    found = {}
    for path in sorted((after.folder / "resolved").glob("*.parquet")):
        other = before.folder / "resolved" / path.name
        if not other.is_file() or path.stem in DISPLAY or other.read_bytes() == path.read_bytes():
            continue
        old, new = before.table(path.stem, "resolved"), after.table(path.stem, "resolved")
        both = [c for c in new.columns if c in old.columns]
        rows = changed_rows(old.select(both), new.select(both), TABLES[path.stem])
        if rows.height:
            found[path.stem] = rows
    return found


def changed_rows(old: pl.DataFrame, new: pl.DataFrame, declared: Table) -> pl.DataFrame:
    """Rows that are new, ended, or changed in a value, by the table's key.

    Sorted by ``how``, then those in which no more than a measure (a cost, a share) changed behind the others, then by key.
    """
    key, values = list(declared.key), [c for c in new.columns if c not in declared.key]
    added = new.join(old, on=key, how="anti", nulls_equal=True).with_columns(how=pl.lit("new"))
    gone = old.join(new, on=key, how="anti", nulls_equal=True).with_columns(how=pl.lit("ended"))
    both = new.join(old, on=key, how="inner", suffix="_before", nulls_equal=True)
    measures = {v for v in values if new.schema[v].is_float() or v == "terms"}
    changed = both.filter(_differs(values)).with_columns(how=pl.lit("changed"))
    changed = changed.with_columns(_slight=~_differs([v for v in values if v not in measures]))
    rows = pl.concat([added, gone, changed], how="diagonal")
    order = pl.col("how").replace_strict(HOW, range(len(HOW)), return_dtype=pl.Int64)
    front = ["how", *key]
    rest = [c for c in rows.columns if c not in (*front, "_slight")]
    return rows.sort([order, "_slight", *key]).select([*front, *rest])


def _differs(columns: Sequence[str]) -> pl.Expr:
    """Whether one of the columns has another value than before."""
    return pl.any_horizontal([pl.lit(False), *(pl.col(c).ne_missing(pl.col(f"{c}_before")) for c in columns)])
