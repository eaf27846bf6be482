"""Key figures and policy values of several plans, a column each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from planner.plan import Plan
from planner.policy import as_written


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
    """Policy values that are not the same in all plans that have planned their stage, as text; ``–`` where one has not."""
    keys = sorted({(s, k) for p in plans for s, values in p.head["inputs"]["policy"].items() for k in values})
    rows = []
    for stage, key in keys:
        values = [p.head["inputs"]["policy"].get(stage, {}).get(key, "–") for p in plans]
        there = [v for p, v in zip(plans, values, strict=True) if stage in p.stages]
        if any(v != there[0] for v in there[1:]):
            rows.append(
                {"stage": stage, "key": key}
                | {p.id: as_written(v) for p, v in zip(plans, values, strict=True)}
            )
    columns = ["stage", "key", *dict.fromkeys(p.id for p in plans)]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))
