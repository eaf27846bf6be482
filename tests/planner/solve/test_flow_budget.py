"""A flow with a limit on changes, against an integer programme on random small networks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from planner.solve import flow_budget
from planner.solve.bounded_flow import cheapest_flow
from planner.solve.task import Arrays


def random_flow(rng: np.random.Generator) -> Arrays:
    """A network of six nodes, arcs at random, a third of them counted."""
    n, m = 6, 22
    tail, head = rng.integers(0, n, (2, m))
    upper = rng.integers(1, 9, m)
    supply = np.zeros(n, np.int64)
    supply[0], supply[-1] = 7, -7
    counted = rng.random(m) < 0.35
    return {
        "tail": np.append(tail, 0), "head": np.append(head, n - 1), "lower": np.zeros(m + 1, np.int64), "upper": np.append(upper, 7),
        "cost": np.append(rng.integers(-5, 12, m), 40), "supply": supply, "counted": np.append(counted, False),
        "keep_flow": np.append(np.where(counted, upper, 0), 0), "keep_gain": np.append(counted * (n + 1), 0),
    }  # fmt: skip


def optimum(arrays: Arrays, most: int) -> int | None:
    """The least cost by an integer programme."""
    n, m = len(arrays["supply"]), len(arrays["cost"])
    rows = np.zeros((n + 1, m))
    np.add.at(rows, (arrays["tail"], np.arange(m)), 1)
    np.add.at(rows, (arrays["head"], np.arange(m)), -1)
    rows[n, arrays["counted"]] = 1
    least = arrays["upper"][arrays["counted"]].sum() - most
    low, high = np.append(arrays["supply"], least), np.append(arrays["supply"], np.inf)
    found = milp(
        arrays["cost"], constraints=LinearConstraint(rows, low, high), integrality=np.ones(m), bounds=Bounds(0, arrays["upper"])
    )  # fmt: skip
    return round(found.fun) if found.x is not None else None


@pytest.mark.parametrize("seed", range(25))
def test_random_networks(seed: int):
    arrays = random_flow(np.random.default_rng(seed))
    whole = int(arrays["upper"][arrays["counted"]].sum())
    flow = cheapest_flow(arrays)
    assert flow is not None
    wanted = whole - int(flow[arrays["counted"]].sum())
    exact = 0
    for most in range(wanted + 1):
        answer, right = (
            flow_budget.solve(arrays, {"changes_max": most}, lambda m: None),
            optimum(arrays, most),
        )
        if right is None:
            assert answer.status == "INFEASIBLE"
            assert optimum(arrays, answer.facts["least_changes"]) is not None
            assert optimum(arrays, answer.facts["least_changes"] - 1) is None
            continue
        facts, flow = answer.facts, answer.arrays["flow"]
        assert facts["changes"] == whole - flow[arrays["counted"]].sum() <= most
        assert facts["bound"] <= right <= facts["objective"] == arrays["cost"] @ flow
        assert (answer.status == "OPTIMAL") == (facts["bound"] == facts["objective"])
        exact += facts["objective"] == right
    assert exact or wanted == 0 or optimum(arrays, wanted) is None
