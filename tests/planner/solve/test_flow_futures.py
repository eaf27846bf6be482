"""One flow for several futures: by hand, against every whole flow there is, and with its bound proved again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from planner.solve import flow_futures
from planner.solve.flow_futures import solve
from planner.solve.flow_model import FlowModel
from planner.solve.potentials import exact_dot
from planner.solve.task import Answer, Arrays

CRITERIA = ("worst", "regret", "tail", "mean")


def silent(_: Mapping[str, Any]) -> None:
    """Progress that nobody hears."""


def counties(budget: int, widths: np.ndarray, cost: np.ndarray, floor: int = 0) -> dict[str, np.ndarray]:
    """A budget for counties that take it in steps (n, k) of ``widths``; each step costs ``cost`` (S, n, k) in each future."""
    model, (n, k) = FlowModel(), widths.shape
    model.nodes(n + 2)
    model.supply(0, budget)
    model.supply(n + 1, -budget)
    model.arcs("unspent", 0, n + 1, 0, budget)
    steps = model.arcs("step", 0, np.repeat(np.arange(1, n + 1), k), 0, widths.ravel())
    model.arcs("county", np.arange(1, n + 1), n + 1, np.array([floor] + [0] * (n - 1)), widths.sum(axis=1))
    arrays = dict(model.arrays())
    return {
        **arrays,
        "varying": steps,
        "future_cost": cost.reshape(len(cost), -1),
        "best": np.zeros(len(cost), np.int64),
    }


def options(criterion: str, tail: int = 2) -> dict[str, Any]:
    return {"criterion": criterion, "tail": tail}


def figure(criterion: str, costs: Any, best: Any, tail: int) -> int:
    """By its definition."""
    match criterion:
        case "worst":
            return int(max(costs))
        case "regret":
            return int(max(c - b for c, b in zip(costs, best, strict=True)))
        case "tail":
            return int(sum(sorted(costs)[-tail:]))
        case _:
            return int(sum(costs))


def every_flow(budget: int, widths: np.ndarray, cost: np.ndarray, floor: int) -> Iterator[list[int]]:
    """What each allocation costs in each future, steps filled in their order."""
    for amounts in itertools.product(*(range(int(w.sum()) + 1) for w in widths)):
        if sum(amounts) <= budget and amounts[0] >= floor:
            before = np.cumsum(widths, axis=1) - widths
            filled = np.clip(np.array(amounts)[:, None] - before, 0, widths)
            yield [int((filled * c).sum()) for c in cost]


def proved(arrays: Arrays, answer: Answer, best: Any) -> int:
    """What the weights prove, without the engine: the cheapest flow at them is itself proved by its potentials."""
    from planner.solve.bounded_flow import solve as plain

    weight = answer.arrays["weight"]
    cost = arrays["cost"] * int(weight.sum())
    cost[arrays["varying"]] += weight @ arrays["future_cost"]
    value = plain({**arrays, "cost": cost}, {}, silent).facts["bound"] - int(weight @ np.asarray(best))
    return int(-(-value // answer.facts["dual_scale"]))


def test_ten_yuan_between_two_futures_by_hand() -> None:
    """County a is worth 4 a yuan in the one future and 1 in the other, b 1 and 3: 4 yuan for a and 6 for b are worth 22 in both."""
    widths, cost = np.array([[10], [10]]), -np.array([[[4], [1]], [[1], [3]]])
    arrays = counties(10, widths, cost)
    found = solve(arrays, options("worst"), silent)
    assert found.status == "OPTIMAL" and found.arrays["costs"].tolist() == [-22, -22]
    assert found.facts["objective"] == found.facts["bound"] == -22
    arrays["best"] = np.array([-40, -30])  # alone each future would take what is worth most there
    regret = solve(
        arrays, options("regret"), silent
    )  # 6 for a: 28 and 18 are 12 less than alone, 12 less than alone
    assert regret.facts["objective"] == 12 and regret.arrays["costs"].tolist() == [-28, -18]
    assert solve(arrays, options("mean"), silent).facts["objective"] == -50
    assert solve(arrays, options("tail", 1), silent).facts["objective"] == -22
    assert solve(arrays, options("tail", 2), silent).facts["objective"] == -50


@pytest.mark.parametrize("seed", range(30))
def test_no_whole_flow_is_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, k, futures = int(rng.integers(2, 4)), int(rng.integers(1, 3)), int(rng.integers(2, 6))
    widths = rng.integers(0, 4, (n, k))
    cost = -np.sort(rng.integers(0, 30, (futures, n, k)), axis=2)[:, :, ::-1]
    budget = int(rng.integers(1, 8))
    floor = int(rng.integers(0, min(budget, int(widths[0].sum())) + 1))
    arrays, all_costs = counties(budget, widths, cost, floor), list(every_flow(budget, widths, cost, floor))
    best = [min(c[j] for c in all_costs) for j in range(futures)]
    arrays["best"], tail = np.array(best), min(2, futures)
    for criterion in CRITERIA:
        found = solve(arrays, options(criterion, tail), silent)
        right = min(figure(criterion, c, best, tail) for c in all_costs)
        assert (found.status, found.facts["objective"], found.facts["bound"]) == ("OPTIMAL", right, right)
        assert figure(criterion, found.arrays["costs"].tolist(), best, tail) == right
        flow = found.arrays["flow"]
        assert ((arrays["lower"] <= flow) & (flow <= arrays["upper"])).all()
        told = [exact_dot(c, flow[arrays["varying"]]) for c in arrays["future_cost"]]
        assert told == found.arrays["costs"].tolist() in all_costs
        less = best if criterion == "regret" else [0] * futures
        assert proved(arrays, found, less) <= right
        if not found.facts["closed"]:
            assert proved(arrays, found, less) == right


def test_where_it_is_large_the_bound_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three yuan between two: whole yuan cannot be even, a fraction could; without HiGHS that stays open by less than a yuan's worth."""
    arrays = counties(3, np.array([[3], [3]]), -np.array([[[10], [0]], [[0], [10]]]))
    assert solve(arrays, options("worst"), silent).facts["objective"] == -10
    monkeypatch.setattr(flow_futures, "SMALL", 0)
    found = solve(arrays, options("worst"), silent)
    assert (found.status, found.facts["objective"], found.facts["bound"]) == ("FEASIBLE", -10, -15)
    assert proved(arrays, found, [0, 0]) == -15


def test_a_country_of_yuan_is_whole_and_almost_even() -> None:
    """Amounts of billions, values by the thousandth: the gap is less than what a few yuan are worth."""
    rng = np.random.default_rng(1)
    widths = rng.integers(10**7, 10**9, (40, 3))
    cost = -np.sort(rng.integers(200, 2000, (8, 40, 3)), axis=2)[:, :, ::-1]
    arrays = counties(15 * 10**9, widths, cost)
    for criterion in ("worst", "tail"):
        found = solve(arrays, options(criterion, 3), silent)
        assert 0 <= found.facts["objective"] - found.facts["bound"] <= 10**-6 * abs(found.facts["bound"])
        assert found.facts["rounds"] < flow_futures.ROUNDS
        assert found.facts["objective"] == figure(criterion, found.arrays["costs"].tolist(), [], 3)


def test_floors_that_no_budget_bears_are_a_cut() -> None:
    arrays = counties(2, np.array([[5], [5]]), -np.ones((2, 2, 1), np.int64), floor=3)
    found = solve(arrays, options("worst"), silent)
    assert (found.status, found.facts["short"]) == ("INFEASIBLE", 1)


def test_where_time_is_up_the_first_flow_is_told_with_its_bound() -> None:
    arrays = counties(3, np.array([[3], [3]]), -np.array([[[10], [0]], [[0], [10]]]))
    found = solve(arrays, {**options("worst"), "time_limit": 1e-9}, silent)
    assert (found.status, found.facts["cut_short"], found.facts["rounds"]) == ("FEASIBLE", True, 0)
    assert found.facts["objective"] == figure("worst", found.arrays["costs"].tolist(), [], 1) >= -10
    assert found.facts["bound"] == proved(arrays, found, [0, 0]) <= -10
    assert not solve(arrays, options("worst"), silent).facts["cut_short"]
