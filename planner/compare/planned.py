"""Stages that some of the plans have not planned: what those decide is no difference, and is counted nowhere."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from planner.decisions import DECIDED_BY
from planner.plan import Plan
from planner.stages import STAGES


def not_planned(plans: Sequence[Plan]) -> dict[str, list[str]]:
    """Plan id → stages that another of the plans has and it has not, in their order; plans that have all are left out."""
    some = {s for p in plans for s in p.stages}
    missing = {p.id: [s for s in STAGES if s in some and s not in p.stages] for p in plans}
    return {plan: stages for plan, stages in missing.items() if stages}


def planned_by_both(before: Plan, after: Plan) -> list[str]:
    """Stages that both plans have."""
    return [s for s in before.stages if s in after.stages]


def decided_by_both(before: Plan, after: Plan) -> list[dict[str, pl.DataFrame]]:
    """Result tables of each of two plans, without what a stage decides that the other has not planned."""
    both = planned_by_both(before, after)
    return [
        {name: _of(name, frame, both) for name, frame in plan.tables().items() if _decides(name, both)}
        for plan in (before, after)
    ]


def _decides(table: str, stages: Sequence[str]) -> bool:
    return table == "pairs" or DECIDED_BY[table] in stages


def _of(table: str, frame: pl.DataFrame, stages: Sequence[str]) -> pl.DataFrame:
    return frame.filter(pl.col("stage").is_in(list(stages))) if table == "pairs" else frame
