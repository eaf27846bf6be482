"""Levels round by round: by hand, against linear programmes, and where there is no flow at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from planner.solve import engines
from planner.solve.flow_model import FlowModel
from planner.solve.parts import ONE, part
from planner.solve.task import Answer, Arrays


def levels(model: FlowModel, arcs: np.ndarray, rounds: int = 99) -> Answer:
    return engines.run(
        "fair_levels", {**model.arrays(), "fair_arc": arcs}, {"rounds": rounds}, lambda m: None
    )


def shared_out(
    money: list[int], wants: list[int], pays: list[tuple[int, int]], low: int = 0
) -> tuple[FlowModel, np.ndarray]:
    """Sources of so much money, places that want so much, who may pay whom; money may be left over."""
    model = FlowModel()
    (sink,), source, place = model.nodes(1), model.nodes(len(money)), model.nodes(len(wants))
    who = np.array(pays).T
    model.arcs("pay", source[who[0]], place[who[1]], 0, 10**15)
    model.arcs("left", source, sink, 0, np.array(money))
    arcs = model.arcs("fair", place, sink, low, np.array(wants))
    model.supply(source, np.array(money))
    model.supply(sink, -sum(money))
    return model, arcs


def test_by_hand_the_scarcest_first() -> None:
    """The first source pays a alone: 30 of 100. The second pays b and c: 120 of 300. The third, d: all it wants."""
    model, arcs = shared_out([30, 120, 50], [100, 200, 100, 40], [(0, 0), (1, 1), (1, 2), (2, 3)])
    answer = levels(model, arcs)
    assert answer.facts["levels"] == [3 * ONE // 10, 4 * ONE // 10, ONE]
    assert answer.arrays["level"].tolist() == [3 * ONE // 10, 4 * ONE // 10, 4 * ONE // 10, ONE]
    assert answer.arrays["round"].tolist() == [0, 1, 1, 2] and answer.facts["slack"] == [0, 0, 0]
    assert not answer.arrays["behind"][2].any()
    short = levels(model, arcs, rounds=1)
    assert short.arrays["round"].tolist() == [0, -1, -1, -1]
    assert short.arrays["level"].tolist() == [3 * ONE // 10] * 4


def test_a_lower_bound_above_the_level_takes_from_the_others() -> None:
    model, arcs = shared_out([100], [100, 100], [(0, 0), (0, 1)])
    assert levels(model, arcs).facts["levels"] == [ONE // 2]
    held = FlowModel()
    sink, source, a, b = held.nodes(4)
    held.arcs("pay", source, np.array([a, b]), 0, 200)
    held.arcs("left", source, sink, 0, 100)
    arcs = held.arcs("fair", np.array([a, b]), sink, np.array([70, 0]), 100)
    held.supply(np.array([source, sink]), np.array([100, -100]))
    answer = levels(held, arcs)
    assert answer.facts["levels"][0] == 3 * ONE // 10 and answer.arrays["level"][1] == 3 * ONE // 10


def test_without_any_flow_the_cut_is_told() -> None:
    model, arcs = shared_out([10], [100, 100], [(0, 0), (0, 1)], low=20)
    answer = levels(model, arcs)
    assert answer.status == "INFEASIBLE" and answer.facts["short"] == 30 and answer.arrays["behind"].any()


def lexicographic(arrays: Arrays, arcs: np.ndarray) -> np.ndarray:
    """Shares by linear programmes: the largest least share, then who cannot have more than that, and so on."""
    m, n, k = len(arrays["tail"]), len(arrays["supply"]), len(arcs)
    node = np.zeros((n, m + 1))
    np.add.at(node, (arrays["tail"], np.arange(m)), 1)
    np.add.at(node, (arrays["head"], np.arange(m)), -1)
    most = arrays["upper"][arcs].astype(float)
    share, free = np.zeros(k), np.ones(k, dtype=bool)

    def best(wanted: np.ndarray, of: np.ndarray, level: float | None) -> Any:
        """Maximise the common share (``level`` None) or one arc's flow, with floors at the shares that are known."""
        rows, right = [], []
        for i in range(k):
            row = np.zeros(m + 1)
            row[arcs[i]] = -1
            if free[i] and level is None:
                row[m] = most[i]
            rows.append(row)
            right.append(0.0 if free[i] and level is None else -(level if free[i] else share[i]) * most[i])
        cost = np.zeros(m + 1)
        cost[of] = -wanted
        bounds = [*zip(arrays["lower"], arrays["upper"], strict=True), (0, 1)]
        return linprog(
            cost,
            A_ub=np.array(rows),
            b_ub=np.array(right) + 1e-7,
            A_eq=node,
            b_eq=arrays["supply"],
            bounds=bounds,
        )

    while free.any():
        level = float(-best(np.ones(1), np.array([m]), None).fun)
        stuck = [i for i in np.flatnonzero(free)
                 if -best(np.ones(1), np.array([arcs[i]]), level).fun <= (level + 1e-5) * most[i] or level > 1 - 1e-9]  # fmt: skip
        share[stuck], free[stuck] = level, False
    return share


@pytest.mark.parametrize("seed", range(12))
def test_levels_are_those_of_linear_programmes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sources, places = int(rng.integers(2, 5)), int(rng.integers(3, 7))
    pays = sorted({(int(rng.integers(sources)), p) for p in range(places) for _ in range(2)})
    money, wants = rng.integers(0, 10**6, sources).tolist(), rng.integers(10**5, 10**6, places).tolist()
    model, arcs = shared_out(money, wants, pays)
    answer = levels(model, arcs)
    assert answer.arrays["level"] / ONE == pytest.approx(lexicographic(model.arrays(), arcs), abs=1e-4)
    assert all(s <= places for s in answer.facts["slack"])


def test_parts_are_exact_however_large() -> None:
    amount, level = np.array([10**15 + 1, 7, 0]), np.array([ONE - 1, ONE // 3, ONE])
    assert part(amount, level).tolist() == [-(-(10**15 + 1) * (ONE - 1) // ONE), 3, 0]
