"""Compare plans: key figures side by side, and the rows that differ from the first plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.schema import RESULTS, TABLES, Table
from planner.cross import cross_table, measured_otherwise
from planner.identity import DISPLAY
from planner.plan import Plan
from planner.policy import as_written

HOW = ("new", "ended", "changed")


@dataclass(frozen=True)
class Comparison:
    """What differs.

    Parameters
    ----------
    plans : sequence of Plan
        The plans, the first being what the others are held against.
    kpis : DataFrame
        stage, key, title_zh, title_en, unit, better, ``baseline`` (of the first), then one column per plan id; a further
        column ``baseline <plan id>`` for each plan whose baseline is not everywhere the first one's.
    settings : DataFrame
        stage, key and one column per plan id: policy values that are not the same in all.
    changes : mapping of str to mapping of str to DataFrame
        Plan id → table → its rows that differ from the first plan's: the table's columns, ``how`` (new, ended,
        changed) and, for changed rows, ``<column>_before``.
    inputs : mapping of str to mapping of str to DataFrame
        The same for the tables that the plans were made from.
    measured : mapping of str to sequence of str
        Stage → policy values that its cost is measured by and that are not the same in all plans.
    costs : DataFrame
        For these stages: each plan's decisions under each plan's values; see :func:`planner.cross.cross_table`.
    """

    plans: Sequence[Plan]
    kpis: pl.DataFrame
    settings: pl.DataFrame
    changes: dict[str, dict[str, pl.DataFrame]] = field(default_factory=dict)
    inputs: dict[str, dict[str, pl.DataFrame]] = field(default_factory=dict)
    measured: dict[str, list[str]] = field(default_factory=dict)
    costs: pl.DataFrame = field(default_factory=pl.DataFrame)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "plans": [p.id for p in self.plans],
            "kpis": self.kpis.to_dicts(),
            "settings": self.settings.to_dicts(),
            "changes": _as_rows(self.changes),
            "inputs": _as_rows(self.inputs),
            "measured_otherwise": dict(self.measured),
            "costs": self.costs.to_dicts(),
        }


def _as_rows(tables: dict[str, dict[str, pl.DataFrame]]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    return {p: {t: f.to_dicts() for t, f in named.items()} for p, named in tables.items()}


def compare(plans: Sequence[Plan]) -> Comparison:
    """Compare two or more plans with the first one.

    Raises
    ------
    UsageError
        When fewer than two plans are given.
    """
    if len(plans) < 2:
        raise UsageError("至少需要两个方案", "give at least two plans")
    first = plans[0]
    changes = {p.id: changed_tables(first, p) for p in plans[1:]}
    inputs = {p.id: changed_inputs(first, p) for p in plans[1:]}
    measured, costs = measured_otherwise(plans), cross_table(plans)
    return Comparison(plans, kpi_table(plans), setting_table(plans), changes, inputs, measured, costs)


def kpi_table(plans: Sequence[Plan]) -> pl.DataFrame:
    """Key figures of every stage that any plan has, a column per plan; text and numbers as numbers."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for plan in plans:
        for stage, head in plan.stages.items():
            for kpi in head["kpis"]:
                start = {"stage": stage, "key": kpi["key"], "title_zh": kpi["title"]["zh"],
                         "title_en": kpi["title"]["en"], "unit": kpi["unit"], "better": kpi["better"]}  # fmt: skip
                row = rows.setdefault((stage, kpi["key"]), start)
                row.setdefault("baseline", _number(kpi["baseline"]))
                row[plan.id] = _number(kpi["plan"])
                row[f"baseline {plan.id}"] = _number(kpi["baseline"])
    columns = [
        "stage",
        "key",
        "title_zh",
        "title_en",
        "unit",
        "better",
        "baseline",
        *dict.fromkeys(p.id for p in plans),
        *_other_baselines(plans, list(rows.values())),
    ]
    texts = dict.fromkeys(columns[:6], pl.String) | dict.fromkeys(columns[6:], pl.Float64)
    return pl.DataFrame([{c: r.get(c) for c in columns} for r in rows.values()], schema=texts)


def _other_baselines(plans: Sequence[Plan], rows: Sequence[dict[str, Any]]) -> list[str]:
    """Columns of baselines that differ somewhere from the first plan's."""
    first, *others = dict.fromkeys(f"baseline {p.id}" for p in plans)
    return [c for c in others if any(c in r and first in r and r[c] != r[first] for r in rows)]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def setting_table(plans: Sequence[Plan]) -> pl.DataFrame:
    """Policy values that are not the same in all plans, as text."""
    keys = sorted({(s, k) for p in plans for s, values in p.head["inputs"]["policy"].items() for k in values})
    rows = []
    for stage, key in keys:
        values = [p.head["inputs"]["policy"].get(stage, {}).get(key, "–") for p in plans]
        if any(v != values[0] for v in values):
            rows.append(
                {"stage": stage, "key": key}
                | {p.id: as_written(v) for p, v in zip(plans, values, strict=True)}
            )
    columns = ["stage", "key", *dict.fromkeys(p.id for p in plans)]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))


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
    """Rows that are new, ended, or changed in a value, by the table's key; sorted by ``how`` and key."""
    key, values = list(declared.key), [c for c in new.columns if c not in declared.key]
    added = new.join(old, on=key, how="anti", nulls_equal=True).with_columns(how=pl.lit("new"))
    gone = old.join(new, on=key, how="anti", nulls_equal=True).with_columns(how=pl.lit("ended"))
    both = new.join(old, on=key, how="inner", suffix="_before", nulls_equal=True)
    differs = pl.any_horizontal(
        [pl.lit(False), *(pl.col(v).ne_missing(pl.col(f"{v}_before")) for v in values)]
    )
    changed = both.filter(differs).with_columns(how=pl.lit("changed"))
    rows = pl.concat([added, gone, changed], how="diagonal")
    order = pl.col("how").replace_strict(HOW, range(len(HOW)), return_dtype=pl.Int64)
    front = ["how", *key]
    return rows.sort([order, *key]).select([*front, *[c for c in rows.columns if c not in front]])
