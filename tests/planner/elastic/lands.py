"""Break as little as can be, in this process, and check what came out without the solver."""

from __future__ import annotations

from typing import Any

from planner.decisions import merge
from planner.elastic.deciding import least_broken
from planner.solve.pool import InProcess
from planner.stage import Context, Limits, Outcome, Stage
from planner.stages import STAGES
from planner.verify.checks import CHECKS
from planner.verify.excused import excused
from planner.verify.outcome import Resolved, StageCheck

Found = dict[tuple[str, str], tuple[float, float]]


def least(stage: Stage, context: Context) -> Outcome | None:
    """The outcome with the least broken promises."""
    return least_broken(stage, context, InProcess(), Limits(), lambda label, facts: None)


def told(outcome: Outcome) -> Found:
    """(rule, about) → what is required and what there is."""
    return {(p["rule"], p["about"]): (p["required"], p["got"]) for p in outcome.details["elastic"]["broken"]}


def checked(stage: Stage, context: Context, outcome: Outcome, says: Any = None) -> StageCheck:
    """The check of the stage's own, then with the promises excused that ``says`` (the outcome's own) tells."""
    values: dict[str, Any] = {s: {} for s in STAGES} | {s: p.values for s, p in context.policies.items()}
    values[stage.name] = context.policy.values
    resolved = Resolved(context.network, values, context.on, context.seed)
    check = CHECKS[stage.name](resolved, merge(context.decided, outcome.tables), outcome.certificates)
    return excused(stage.name, resolved, says or outcome.details["elastic"], check)
