"""A reason for every row of a stage's table, and for what stayed open: told from what proves the plan, without solving it again.

``found`` (what is told, rules at the ends of a row) → one file per table: ``pairs``, ``people``, ``money``, ``years``, ``visits``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from graph.errors import UsageError
from planner.deciding import OnProgress
from planner.elastic.broken import broken_in
from planner.every_row.found import EveryRow, open_frame
from planner.every_row.money import every_amount
from planner.every_row.pairs import every_pair
from planner.every_row.people import every_posting
from planner.every_row.visits import every_visit
from planner.every_row.years import every_exit
from planner.otherwise.choice import Asking
from planner.plan import Plan
from planner.solve.executor import LocalProcesses
from planner.solve.pool import Executor
from planner.stage_words import typed_stages

__all__ = ["TOLD", "EveryRow", "every_row"]

TOLD: dict[str, Callable[[Asking], EveryRow]] = {
    "pairing": every_pair,
    "designation": every_pair,
    "cadres": every_posting,
    "funds": every_amount,
    "exit": every_exit,
    "inspection": every_visit,
}
"""Stage → what it tells of its rows."""


def every_row(
    plan: Plan, stage: str, on_progress: OnProgress | None = None, executor: Executor | None = None
) -> EveryRow:
    """Tell every row of a stage's table with its reason.

    Parameters
    ----------
    plan : Plan
    stage : str
    on_progress : callable, optional
        Told what is being solved.
    executor : Executor, optional
        Where the one linear relaxation of a choice model is solved; a child process by default.

    Raises
    ------
    UsageError
        When the plan has no such stage, or the stage decided nothing.
    """
    if stage not in plan.stages or stage not in TOLD:
        known = typed_stages(s for s in plan.stages if s in TOLD)
        raise UsageError(
            f"方案没有阶段 {stage} 可逐行说明；有：{known.zh}",
            f"the plan has no stage {stage} whose rows could be explained; it has: {known.en}",
        )
    if plan.stages[stage]["objective"] is None:
        raise UsageError(
            f"阶段 {stage} 没有解，没有可说明的行",
            f"the stage {stage} has no answer, so there is no row to explain",
        )
    if executor is not None:
        return _with_broken(plan, TOLD[stage](Asking(plan, stage, executor, on_progress)))
    with LocalProcesses() as own:
        return _with_broken(plan, TOLD[stage](Asking(plan, stage, own, on_progress)))


def _with_broken(plan: Plan, told: EveryRow) -> EveryRow:
    """What stayed open, after the promises that are broken, each with its reason."""
    broken = broken_in(plan.stages[told.stage])
    if not broken:
        return told
    first = open_frame(
        {
            "kind_zh": f"违约：{p['title']['zh']}", "kind_en": f"broken promise: {p['title']['en']}", "code": p["about"],
            "about": " → ".join(plan.network.label(part) for part in p["about"].split(">")) if p["about"] else "",
            "missing": round(p["short"]), "reason_zh": _reason(p, "zh"), "reason_en": _reason(p, "en"),
        }
        for p in broken
    )  # fmt: skip
    return replace(told, left=pl.concat([first, told.left]))


def _reason(promise: Mapping[str, Any], language: str) -> str:
    """What was promised and what there is, in the rule's own unit; then why."""
    required, got, why = promise["required"], promise["got"], promise["why"][language]
    said = f"应 {required:,}，有 {got:,}" if language == "zh" else f"required {required:,}, there is {got:,}"
    return f"{said}{'；' if language == 'zh' else '; '}{why}" if why else said
