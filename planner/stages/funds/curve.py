"""The price of fairness: what weighted need met is lost as the least met share of a county in a year is raised."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from planner.cost import SCALE
from planner.policy import Policy
from planner.solve.parts import ONE, part
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer
from planner.stage import Context, Limits
from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts, read_facts
from planner.stages.funds.known import Known, known_numbers
from planner.stages.funds.levels import decided, levels_of
from planner.stages.funds.measure import dense, least_share, worth_of
from planner.stages.funds.reading import allocations
from planner.stages.funds.tasks import task_of

STEPS = 8
SCHEMA = {"kind": pl.String(), "floor": pl.Float64(), "least": pl.Float64(), "points": pl.Float64(), "lost": pl.Float64(),
          "lost_share": pl.Float64()}  # fmt: skip
"""``kind``: floor, weighted, proportional or leximin; ``floor``: share that every county has in every year; ``least``: the least
share reached; ``points``: weighted need met; ``lost``, ``lost_share``: what of it the weighted optimum has more."""


def fairness_curve(
    context: Context, executor: Executor, limits: Limits, on_progress: OnProgress | None, steps: int = STEPS
) -> pl.DataFrame:
    """The curve (:data:`SCHEMA`): the weighted optimum, ``steps`` rising floors up to the largest one possible, and the two fair plans.

    Raises
    ------
    ScenarioError
        When the rules are no flow, so that the largest floor is not known.
    """
    weighted = _with(context, "weighted")
    facts = read_facts(weighted)
    known = known_numbers(weighted, facts)
    built, answer, _ = decided(weighted, facts, known, executor, limits, on_progress)
    base = allocations(built, np.asarray(answer.arrays["flow"]))
    rows = [_row(weighted, facts, known, "weighted", None, base)]
    first, last = (
        _level(known, dense(facts, base)),
        _largest(weighted, facts, known, executor, limits, on_progress),
    )
    floors = [first + (last - first) * i // steps for i in range(1, steps + 1)] if last > first else []
    made = [task_of(weighted, facts, _raised(known, f), limits) for f in floors]
    labelled = [replace(t, label=f"{f / ONE:.1%}") for f, (t, _) in zip(floors, made, strict=True)]
    for f, (_, model), found in zip(floors, made, executor.run(labelled, on_progress), strict=True):
        rows.append(_row(weighted, facts, known, "floor", f / ONE, _table(model, found)))
    for kind in ("proportional", "leximin"):
        fair = _with(context, kind)
        model, found, _ = decided(fair, facts, known_numbers(fair, facts), executor, limits, on_progress)
        rows.append(_row(weighted, facts, known, kind, None, _table(model, found)))
    best = rows[0]["points"]
    lost = [
        {**r, "lost": best - r["points"], "lost_share": (best - r["points"]) / max(best, 1.0)} for r in rows
    ]
    return pl.DataFrame(lost, schema=SCHEMA)


def _with(context: Context, fairness: str) -> Context:
    return replace(context, policy=Policy({**context.policy.values, "fairness": fairness}))


def _table(built: Built, answer: Answer) -> pl.DataFrame:
    return allocations(built, np.asarray(answer.arrays["flow"]))


def _level(known: Known, amount: np.ndarray) -> int:
    """The least met share in parts of ``ONE``, rounded down."""
    most, have = known.most(), amount.sum(axis=1)
    there = most > 0
    parts = have[there].astype(object) * ONE // most[there].astype(object)
    return min(int(min(parts, default=ONE)), ONE)


def _largest(
    context: Context, facts: Facts, known: Known, executor: Executor, limits: Limits, on_progress: OnProgress | None
) -> int:  # fmt: skip
    """The largest share that every county can have in every year, in parts of ``ONE``."""
    found = levels_of(context, facts, known, executor, limits, on_progress, rounds=1)
    return int(found.answer.facts["levels"][0])


def _raised(known: Known, level: int) -> Known:
    """The same numbers with every county's floor at a level."""
    most = known.most()
    return replace(known, county_low=np.maximum(known.county_low, part(most, np.full(most.shape, level))))


def _row(
    context: Context, facts: Facts, known: Known, kind: str, floor: float | None, table: pl.DataFrame
) -> dict[str, Any]:
    points = worth_of(context, facts, known, table) / SCALE
    return {"kind": kind, "floor": floor, "least": least_share(facts, known, table), "points": points}
