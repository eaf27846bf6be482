"""A way out solved for good, and checked row by row without the solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.decisions import merge
from planner.republished import tables_of
from planner.solve.pool import Executor
from planner.stage import Context, Limits, Outcome, Stage, in_steps
from planner.stages import STAGES
from planner.verify.checks import CHECKS
from planner.verify.outcome import Resolved

AT_ONCE = 2
"""Ways out that are solved at the same time: a stage of a whole country is large."""


def solved_all(
    stage: Stage, contexts: Sequence[Context], executor: Executor, limits: Limits
) -> list[Outcome]:
    """What :func:`solved` gives for each; tasks of different ones run at the same time where the stage has no steps."""
    found: list[Outcome] = []
    for first in range(0, len(contexts), AT_ONCE):
        some = contexts[first : first + AT_ONCE]
        if in_steps(stage) and any(stage.by_steps(context) for context in some):
            found += [solved(stage, context, executor, limits) for context in some]
            continue
        built = [stage.tasks(context, limits) for context in some]
        answers = iter(executor.run([task for tasks, _ in built for task in tasks]))
        found += [
            stage.answer(context, what, [next(answers) for _ in tasks])
            for context, (tasks, what) in zip(some, built, strict=True)
        ]
    return found


def solved(stage: Stage, context: Context, executor: Executor, limits: Limits) -> Outcome:
    """The stage's outcome, without what is only told beside it."""
    if in_steps(stage) and stage.by_steps(context):
        return stage.solve(context, executor, limits, None)
    tasks, built = stage.tasks(context, limits)
    return stage.answer(context, built, executor.run(tasks))


def broken(stage: Stage, context: Context, outcome: Outcome) -> Sequence[Any]:
    """What the check without the solver finds wrong."""
    values: dict[str, Mapping[str, Any]] = {s: {} for s in STAGES}
    values |= {s: p.values for s, p in context.policies.items()}
    values[stage.name] = context.policy.values
    resolved = Resolved(context.network, values, context.on, context.seed, tables_of(context.published))
    tables = merge(context.decided, outcome.tables)
    return CHECKS[stage.name](resolved, tables, outcome.certificates).broken
