"""One stage's outcome where its rules may not hold together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from graph.language import Text
from planner.clash.edits import Put, edited
from planner.clash.trial import Asking, Clashed
from planner.elastic.giving import Giving
from planner.elastic.promises import Promise, may_give
from planner.policy import OFF
from planner.solve.elastic import WHOLE
from planner.solve.pool import Executor, OnProgress
from planner.stage import Context, Limits, Outcome, Stage

STAGES_THAT_GIVE = ("pairing", "designation", "exit", "inspection")
"""Stages whose models know how to break promises."""
WORDS = Text(
    "规则不能同时成立：先使违约最少（各规则按自己的单位计，除以所承诺的数），再使成本最低",
    "the rules cannot hold together: least broken promises first (each in its rule's own unit, over what it promises), then least cost",
)


def keeping_all(
    stage: Stage, context: Context, executor: Executor, limits: Limits, tell: OnProgress
) -> Outcome | None:
    """The outcome in which every rule holds; ``None`` where there is none. Nobody asks why."""
    if stage.count(context):
        return None
    try:
        outcome = _solved(stage, context, Asking(executor), limits, tell)
    except Clashed:
        return None
    return None if outcome.status == "INFEASIBLE" else outcome


def least_broken(
    stage: Stage, context: Context, executor: Executor, limits: Limits, tell: OnProgress
) -> Outcome | None:
    """The outcome with the least broken promises; ``None`` where not even that is possible."""
    if stage.count(firm_alone(stage, context)):
        return None
    seen = replace(context, elastic=True)
    giving = Giving(executor, stage, seen)
    outcome = _solved(stage, seen, giving, limits, tell)
    if outcome.status == "INFEASIBLE":
        return None
    if outcome.status not in ("OPTIMAL", "FEASIBLE"):
        return outcome
    details = {**outcome.details, "elastic": told(stage, giving.promises(), giving.least, giving.least_bound)}
    return replace(outcome, details=details, warnings=[WORDS, *outcome.warnings])


def told(stage: Stage, promises: Sequence[Promise], least: int, bound: int) -> dict[str, Any]:
    """For ``plan.json``: the broken promises by rule and place, what they weigh together, and what is proved of that."""
    setting = {s.key: s for s in stage.settings}
    place = {s.key: i for i, s in enumerate(stage.settings)}
    ordered = sorted(promises, key=lambda p: (place[p.rule], p.about))
    return {"weight": least / WHOLE, "weight_bound": bound / WHOLE, "broken": [p.as_dict(setting[p.rule]) for p in ordered]}


def firm_alone(stage: Stage, context: Context) -> Context:
    """What the stage sees with every rule off that may give: what clashes then is of rules that never give."""
    can_be_off = {s.key for s in stage.settings if s.problem(OFF) is None}
    return edited(context, [Put(key, OFF) for key in sorted(may_give(stage, context.policy) & can_be_off)])


def _solved(stage: Stage, context: Context, executor: Executor, limits: Limits, tell: OnProgress) -> Outcome:
    if hasattr(stage, "solve"):
        outcome: Outcome = stage.solve(context, executor, limits, tell)
        return outcome
    tasks, built = stage.tasks(context, limits)
    return stage.answer(context, built, executor.run(tasks, tell))


def broken_in(head: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The broken promises that a stage's part of ``plan.json`` tells; none where all rules hold."""
    return list(head["details"].get("elastic", {}).get("broken", ()))
