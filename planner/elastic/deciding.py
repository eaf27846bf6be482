"""One stage's outcome where its rules may not hold together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from graph.language import Text
from planner.clash.edits import Put, edited
from planner.clash.trial import Asking, Clashed
from planner.elastic.money import by_money, flows_alone
from planner.elastic.posts import by_posts
from planner.elastic.promises import Least, may_give, solved
from planner.elastic.rows import by_rows
from planner.policy import OFF
from planner.published import CHANGES_MAX
from planner.solve.pool import Executor, OnProgress
from planner.stage import Context, Limits, Outcome, Stage

WAYS: Mapping[str, Callable[[Stage, Context, Executor, Limits, OnProgress], Least]] = {
    "pairing": by_rows, "designation": by_rows, "cadres": by_posts, "funds": by_money, "exit": by_rows, "inspection": by_rows,
}  # fmt: skip
"""How each stage breaks as little as possible."""
WORDS = Text(
    "规则不能同时成立：先使违约最少，再论目标",
    "the rules cannot hold together: least broken promises first, then the objective",
)


def gives(stage: Stage, context: Context) -> bool:
    """Whether the stage can break promises: not with own scores or a limit on changes of people, nor where money is no plain flow."""
    limited = context.published is not None and context.policy.on(CHANGES_MAX)
    if stage.name == "cadres":
        return bool(context.policy["objective"] != "scores") and not limited
    return stage.name in WAYS and (stage.name != "funds" or flows_alone(context))


def keeping_all(
    stage: Stage, context: Context, executor: Executor, limits: Limits, tell: OnProgress
) -> Outcome | None:
    """The outcome in which every rule holds; ``None`` where there is none. Nobody asks why."""
    if stage.count(context):
        return None
    try:
        outcome = solved(stage, context, Asking(executor), limits, tell)
    except Clashed:
        return None
    return None if outcome.status == "INFEASIBLE" else outcome


def least_broken(
    stage: Stage, context: Context, executor: Executor, limits: Limits, tell: OnProgress
) -> Outcome | None:
    """The outcome with the least broken promises; ``None`` where not even that is possible."""
    if stage.count(firm_alone(stage, context)):
        return None
    found = WAYS[stage.name](stage, replace(context, elastic=True), executor, limits, tell)
    if found.outcome.status == "INFEASIBLE":
        return None
    if found.outcome.status not in ("OPTIMAL", "FEASIBLE"):
        return found.outcome
    details = {**found.outcome.details, "elastic": told(stage, found)}
    return replace(found.outcome, details=details, warnings=[WORDS, *found.outcome.warnings])


def told(stage: Stage, found: Least) -> dict[str, Any]:
    """For ``plan.json``: the broken promises by rule and place, what they weigh together, and what is proved of that."""
    setting = {s.key: s for s in stage.settings}
    place = {s.key: i for i, s in enumerate(stage.settings)}
    ordered = sorted(found.promises, key=lambda p: (place[p.rule], p.about))
    return {
        "weight": found.weight, "weight_bound": found.bound, "counts": found.counts.as_dict(),
        "broken": [p.as_dict(setting[p.rule]) for p in ordered],
    }  # fmt: skip


def firm_alone(stage: Stage, context: Context) -> Context:
    """What the stage sees with every rule off that may give: what clashes then is of rules that never give."""
    can_be_off = {s.key for s in stage.settings if s.problem(OFF) is None}
    return edited(context, [Put(key, OFF) for key in sorted(may_give(stage, context.policy) & can_be_off)])
