"""The price of fairness of a plan's scenario, worked out anew from the plan's folder."""

from __future__ import annotations

import os
from typing import Any

import polars as pl

from graph.errors import UsageError
from planner.deciding import OnProgress
from planner.explain import context_of
from planner.plan import Plan
from planner.replay import limits_of
from planner.solve.executor import LocalProcesses
from planner.stages.funds.curve import fairness_curve

NAME = "funds"


def price_of_fairness(plan: Plan, on_progress: OnProgress | None = None) -> pl.DataFrame:
    """The curve of :func:`planner.stages.funds.curve.fairness_curve` for what the plan was made from.

    Raises
    ------
    UsageError
        When the plan does not decide about money.
    ScenarioError
        When its rules are no flow.
    """
    if NAME not in plan.stages:
        raise UsageError("方案没有资金阶段", "the plan has no stage funds")

    def told(label: str, facts: Any) -> None:
        if on_progress:
            on_progress(NAME, label, facts)

    with LocalProcesses(os.cpu_count() or 1) as executor:
        return fairness_curve(context_of(plan, NAME), executor, limits_of(plan), told)
