"""The flow engines: against a linear programme on random networks, by hand, and where there is no flow."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ortools.graph.python import max_flow
from scipy.optimize import linprog

from planner.solve import bounded_flow, engines
from planner.solve.bounded_flow import violated_cut
from planner.solve.flow_model import UNLIMITED, FlowModel
from planner.solve.flow_rows import broken_rows
from planner.solve.flow_sizes import project_sizes
from planner.solve.potentials import NegativeCycle, exact_dot, proven_bound, residual_potentials
from planner.solve.task import Answer


def run(engine: str, model: FlowModel, **more: Any) -> Answer:
    arrays = {**model.arrays(), **{k: v for k, v in more.items() if isinstance(v, np.ndarray)}}
    return engines.run(
        engine, arrays, {k: v for k, v in more.items() if not isinstance(v, np.ndarray)}, lambda m: None
    )


def random_model(seed: int, rows: int = 0) -> FlowModel:
    """A connected network with supplies that a flow can meet, lower bounds, and side rows that it keeps."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(3, 8)), int(rng.integers(8, 25))
    tail, head = rng.integers(0, n, m), rng.integers(0, n, m)
    head = np.where(head == tail, (head + 1) % n, head)
    flow = rng.integers(0, 20, m)
    lower, upper = np.maximum(flow - rng.integers(0, 6, m), 0), flow + rng.integers(0, 10, m)
    model = FlowModel()
    model.nodes(n)
    model.arcs("all", tail, head, lower, upper, rng.integers(-9, 10, m))
    supply = np.bincount(tail, flow, n) - np.bincount(head, flow, n)
    model.supply(np.arange(n), supply.astype(np.int64))
    for k in range(rows):
        arcs = rng.permutation(m)[:4]
        data = rng.integers(-5, 6, 4)
        model.rows(
            f"r{k}", np.zeros(4, dtype=np.int64), arcs, data, int(data @ flow[arcs]) - 12, UNLIMITED, 1
        )
    return model


def linear_optimum(model: FlowModel) -> float:
    a = model.arrays()
    m, n = len(a["cost"]), len(a["supply"])
    node = np.zeros((n, m))
    np.add.at(node, (a["tail"], np.arange(m)), 1)
    np.add.at(node, (a["head"], np.arange(m)), -1)
    row = np.repeat(np.arange(len(a["row_lower"])), np.diff(a["indptr"]))
    side = np.zeros((len(a["row_lower"]), m))
    np.add.at(side, (row, a["indices"]), a["data"])
    found = linprog(a["cost"], A_eq=node, b_eq=a["supply"], A_ub=-side if len(side) else None,
                    b_ub=-a["row_lower"] if len(side) else None, bounds=np.stack([a["lower"], a["upper"]], axis=1))  # fmt: skip
    assert found.status == 0
    return float(found.fun)


@pytest.mark.parametrize("seed", range(20))
def test_the_flow_is_the_linear_optimum_and_its_potentials_prove_it(seed: int) -> None:
    model = random_model(seed)
    answer = run("bounded_flow", model)
    assert answer.status == "OPTIMAL"
    assert answer.facts["objective"] == answer.facts["bound"] == pytest.approx(linear_optimum(model))
    arrays, flow = model.arrays(), answer.arrays["flow"]
    assert (flow >= arrays["lower"]).all() and (flow <= arrays["upper"]).all()
    assert (
        proven_bound(arrays, answer.arrays["potential"] + 5) == answer.facts["bound"]
    )  # only differences count


@pytest.mark.parametrize("seed", range(20))
def test_side_rows_hold_in_whole_units_and_the_bound_is_proved(seed: int) -> None:
    model = random_model(seed, rows=2)
    answer = run("flow_rows", model)
    if answer.status == "NO_SOLUTION_IN_TIME":  # tiny numbers may leave no room to round
        return
    assert answer.status in ("OPTIMAL", "FEASIBLE")
    assert not broken_rows(model.arrays(), np.asarray(answer.arrays["flow"])).any()
    assert answer.facts["bound"] <= answer.facts["objective"]
    assert answer.facts["bound"] == pytest.approx(np.ceil(linear_optimum(model) - 1e-6), abs=1)


def test_whether_there_is_a_flow_is_told_alike_without_costs() -> None:
    seen = set()
    for seed in range(60):
        model = random_model(seed)
        a = model.arrays()
        less = np.maximum(
            a["lower"], a["upper"] - np.random.default_rng(seed).integers(0, 12, len(a["upper"]))
        )
        whole = run("bounded_flow", model, upper=less)
        asked = run("bounded_flow", model, upper=less, whether=True)
        assert asked.status == whole.status
        assert asked.facts.get("short") == whole.facts.get("short")
        seen.add(asked.status)
    assert seen == {"OPTIMAL", "INFEASIBLE"}


def test_no_flow_names_the_cut_and_what_it_lacks() -> None:
    model = FlowModel()
    a, b, sink = model.nodes(3)
    model.arcs("x", np.array([a, b]), np.array([b, sink]), np.array([0, 30]), np.array([10, 50]))
    model.supply(np.array([a, sink]), np.array([10, -10]))
    answer = run("bounded_flow", model)
    assert answer.status == "INFEASIBLE" and answer.facts["short"] == 20
    assert answer.arrays["behind"][b] and not answer.arrays["behind"][sink]


def test_a_lower_bound_above_its_upper_one_is_infeasible() -> None:
    model = FlowModel()
    a, sink = model.nodes(2)
    model.arcs("x", a, sink, 9, 4)
    model.supply(np.array([a, sink]), np.array([9, -9]))
    answer = run("bounded_flow", model)
    assert answer.status == "INFEASIBLE" and answer.facts["short"] == 5


def test_side_rows_that_cannot_hold_are_infeasible() -> None:
    model = FlowModel()
    a, sink = model.nodes(2)
    arcs = model.arcs("x", np.array([a, a]), np.array([sink, sink]), 0, 6)
    model.supply(np.array([a, sink]), np.array([9, -9]))
    model.rows("r", np.zeros(2, dtype=np.int64), arcs, 1, 10, UNLIMITED, 1)
    found = run("flow_rows", model)
    assert found.status == "INFEASIBLE" and found.arrays["rows"].tolist() == [0]


def test_side_rows_that_are_told_clash_by_their_own_and_no_other_is_told() -> None:
    model = FlowModel()
    a, sink = model.nodes(2)
    arcs = model.arcs("x", np.array([a, a, a]), np.array([sink, sink, sink]), 0, 6_000_000)
    model.supply(np.array([a, sink]), np.array([9_000_000, -9_000_000]))
    model.rows("idle", np.zeros(1, dtype=np.int64), arcs[:1], 1, 0, UNLIMITED, 1)
    model.rows("less", np.zeros(1, dtype=np.int64), arcs[2:], 1, -UNLIMITED, 1_000_000, 1)
    model.rows("more", np.zeros(2, dtype=np.int64), arcs[1:], np.array([1, -3]), 7_000_000, UNLIMITED, 1)
    assert run("flow_rows", model).arrays["rows"].tolist() == [2]


@pytest.mark.parametrize("lie", ["a node too many", "short by one more"])
def test_a_cut_that_does_not_hold_is_never_told(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Liar:
        def __init__(self) -> None:
            self.inside = max_flow.SimpleMaxFlow()
            self.OPTIMAL = self.inside.OPTIMAL
            self.add_arcs_with_capacity, self.solve = self.inside.add_arcs_with_capacity, self.inside.solve

        def get_sink_side_min_cut(self) -> list[int]:
            right = list(self.inside.get_sink_side_min_cut())
            return [0, 1, 2, *right] if lie == "a node too many" else right

        def optimal_flow(self) -> int:
            return int(self.inside.optimal_flow()) - (lie == "short by one more")

    model = FlowModel()
    a, b, sink = model.nodes(3)
    model.arcs("x", np.array([a, b]), np.array([b, sink]), np.array([0, 30]), np.array([10, 50]))
    model.supply(np.array([a, sink]), np.array([10, -10]))
    assert violated_cut(model.arrays())[1] == 20
    monkeypatch.setattr(bounded_flow, "max_flow", SimpleNamespace(SimpleMaxFlow=Liar))
    with pytest.raises(ArithmeticError, match="short lacks"):
        violated_cut(model.arrays())


def test_projects_get_nothing_or_enough() -> None:
    model = FlowModel()
    a, b, c, sink = model.nodes(4)
    model.arcs(
        "x",
        np.array([a, a, b, c, a]),
        np.array([b, c, sink, sink, sink]),
        0,
        np.array([99, 99, 70, 70, 99]),
        np.array([0, 0, -3, -2, 0]),
    )
    model.supply(np.array([a, sink]), np.array([100, -100]))
    project = np.array([-1, -1, 0, 1, -1])
    answer = run("flow_sizes", model, project=project, smallest=40)
    sizes = project_sizes(project, np.asarray(answer.arrays["flow"]))
    assert all(s == 0 or s >= 40 for s in sizes.tolist())
    assert answer.facts["bound"] == -270 and answer.facts["objective"] == -260  # 60 × 3 + 40 × 2


def test_a_flow_that_is_not_optimal_has_no_potentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.solve.potentials.MOST_PASSES", 50)
    tail, head, cost = np.array([0, 1]), np.array([1, 0]), np.array([-1, 0])
    with pytest.raises(NegativeCycle):
        residual_potentials(tail, head, cost, np.array([True, True]), np.array([False, False]), 2)


@pytest.mark.parametrize("size", [2**10, 2**40, 2**60])
def test_products_are_exact_however_large(size: int) -> None:
    a, b = np.array([size, -3, 7], dtype=np.int64), np.array([2**50 + 1, 2**55 - 1, -(2**40)], dtype=np.int64)
    assert exact_dot(a, b) == sum(int(x) * int(y) for x, y in zip(a, b, strict=True))
