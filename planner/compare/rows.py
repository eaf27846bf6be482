"""Rows of two plans that differ."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from graph.schema import RESULTS, TABLES, Table
from planner.compare.planned import decided_by_both
from planner.identity import DISPLAY
from planner.plan import Plan

HOW = ("new", "ended", "changed")


def changed_tables(before: Plan, after: Plan) -> dict[str, pl.DataFrame]:
    """Result tables that differ: name → rows that differ, with ``how``; only of stages that both have planned."""
    old, new = decided_by_both(before, after)
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
    shared = [v for v in values if v in old.columns]
    both = new.with_columns(_new=pl.lit(True)).join(
        old.with_columns(_old=pl.lit(True)),
        on=key,
        how="full",
        suffix="_before",
        nulls_equal=True,
        coalesce=True,
    )
    how = pl.when(pl.col("_old").is_null()).then(0).when(pl.col("_new").is_null()).then(1).otherwise(2)
    measures = {v for v in shared if new.schema[v].is_float() or v == "terms"}
    found = both.with_columns(_order=how).filter((pl.col("_order") < 2) | _differs(shared))
    gone = pl.col("_order") == 1
    taken = [pl.when(gone).then(f"{v}_before").otherwise(v).alias(v) for v in shared]
    emptied = [pl.when(~gone).then(f"{v}_before").alias(f"{v}_before") for v in shared]
    slight = (pl.col("_order") == 2) & ~_differs([v for v in shared if v not in measures])
    found = found.with_columns(slight.alias("_slight")).with_columns(*taken, *emptied)
    found = found.with_columns(how=pl.col("_order").replace_strict(range(3), HOW, return_dtype=pl.String))
    rest = [c for c in both.columns if c not in (*key, "_new", "_old")]
    return found.sort(["_order", "_slight", *key]).select("how", *key, *rest)


def _differs(columns: Sequence[str]) -> pl.Expr:
    """Whether one of the columns has another value than before."""
    return pl.any_horizontal([pl.lit(False), *(pl.col(c).ne_missing(pl.col(f"{c}_before")) for c in columns)])
