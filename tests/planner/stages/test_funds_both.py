"""What fits the flow and the linear programme alike has one optimum: to the programme's tolerance, and exactly in whole yuan."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network import Network
from planner.solve import engines, flow_rows
from planner.solve.pool import InProcess
from planner.stage import Limits
from planner.stages.funds import STAGE
from planner.verify.funds import check
from tests.planner.money_land import random_country, random_values
from tests.planner.tiny import context, resolved


def in_larger_money(net: Network, times: int) -> Network:
    """The same country where every need, thing and budget costs so many times as much."""
    columns = {"needs": ("amount", "unit_cost"), "fund_budgets": ("amount",), "fund_flows": ("amount",)}
    return net.with_frames({
        name: frame.with_columns(pl.col(c) * times for c in columns[name]) if name in columns else frame
        for name, frame in net.frames.items()
    })  # fmt: skip


def larger(values: dict[str, Any], times: int) -> dict[str, Any]:
    """Floors and ceilings in the same money; the law's ceiling of a loan stays."""
    found = {k: values[k] * times for k in ("county_floor", "county_ceiling") if values[k] != "off"}
    head = {"per_head": [v * times for v in values["per_head"]]} if values["per_head"] != "off" else {}
    return {**values, **found, **head}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 10**4, 10**7]))
def test_the_flow_and_the_linear_programme_agree(seed: int, times: int) -> None:
    rng = np.random.default_rng(seed)
    net = in_larger_money(random_country(rng), times)
    seen = context(STAGE, net, **larger(random_values(rng), times))
    (task,), built = STAGE.tasks(seen, Limits())
    if built.why_rows:  # lenders that share a ceiling, classes that cross: no flow to compare with
        return
    exact = engines.run("bounded_flow", task.arrays, task.options, lambda m: None)
    linear = engines.run("flow_rows", task.arrays, task.options, lambda m: None)
    if exact.status == "INFEASIBLE":
        assert linear.status == "INFEASIBLE" and linear.facts["short"] == exact.facts["short"]
        return
    assert linear.facts["objective"] == exact.facts["objective"] == exact.facts["bound"]
    optimum = flow_rows.linear_optimum(task.arrays)
    assert optimum is not None
    assert abs(optimum - exact.facts["objective"]) <= flow_rows.tolerance(task.arrays)
    assert 0 <= exact.facts["objective"] - linear.facts["bound"] <= flow_rows.tolerance(task.arrays)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_a_row_that_holds_nothing_back_changes_nothing(seed: int) -> None:
    """A share of nothing of what is spent sends the same rules to the programme; without it they are a flow."""
    rng = np.random.default_rng(seed)
    net, values = random_country(rng), random_values(rng)
    free = {**values, "deep_poverty_share": "off"}
    rows = {**values, "deep_poverty_share": 0.0, "deep_poverty_of": "spent"}
    made = []
    for asked in (free, rows):
        seen = context(STAGE, net, **asked)
        tasks, built = STAGE.tasks(seen, Limits())
        outcome = STAGE.answer(seen, built, InProcess().run(tasks))
        made.append((tasks[0].engine, outcome))
        if outcome.tables:
            verdict = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
            assert not verdict.broken and verdict.objective == outcome.objective
    (engine, flow), (other, linear) = made
    assert other == "flow_rows" and (linear.objective == flow.objective or engine == "flow_rows")
