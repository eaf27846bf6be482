"""Money sent over the cheapest ways: as a flow over the whole residual network, and no farther from the flow before."""

from __future__ import annotations

import numpy as np
import pytest

from planner.solve import flow_nearest, flow_sent
from planner.solve.bounded_flow import cheapest_flow
from planner.solve.flow_model import FlowModel
from planner.solve.flow_nearest import changed_whole
from planner.solve.flow_sent import TooFar, sent
from planner.solve.potentials import exact_dot, residual_potentials
from planner.solve.task import Arrays


def potentials(arrays: Arrays, flow: np.ndarray) -> np.ndarray:
    """Of a cheapest flow."""
    room, back = flow < arrays["upper"], flow > arrays["lower"]
    n = len(arrays["supply"])
    return residual_potentials(arrays["tail"], arrays["head"], arrays["cost"], room, back, n)[0]


def three_ways() -> FlowModel:
    """Ten units from node 0 to node 1 over three ways of cost 1, 2 and 5, each with room for 10."""
    model = FlowModel()
    model.nodes(2)
    model.supply(0, 10)
    model.supply(1, -10)
    model.arcs("way", np.zeros(3, np.int64), 1, 0, np.array([10, 4, 10]), np.array([1, 2, 5]))
    return model


def test_what_may_not_stay_takes_the_cheapest_ways_in_turn() -> None:
    model = three_ways()
    before = model.arrays()
    model.fix("way", np.array([0]), 3)  # seven units too much there: four find room at 2, three at 5
    found = sent(model.arrays(), np.array([10, 0, 0]), potentials(before, np.array([10, 0, 0])))
    assert found is not None and found.tolist() == [3, 4, 3]
    model.fix("way", np.array([2]), 0)
    assert sent(model.arrays(), np.array([10, 0, 0]), np.zeros(2, np.int64)) is None
    model.fix("way", np.array([2]), 1)  # at least 1 and at most 0
    assert sent(model.arrays(), np.array([10, 0, 0]), np.zeros(2, np.int64)) is None


def random_case(rng: np.random.Generator) -> tuple[Arrays, Arrays] | None:
    """A network before and with some bounds held otherwise; ``None`` where nothing flows before."""
    model, n, k = FlowModel(), int(rng.integers(3, 8)), int(rng.integers(6, 30))
    model.nodes(n)
    tail, head = rng.integers(0, n, k), rng.integers(0, n, k)
    tail, head = tail[tail != head], head[tail != head]
    low = rng.integers(0, 3, len(tail)) * (rng.random(len(tail)) < 0.2)
    model.arcs("way", tail, head, low, low + rng.integers(0, 9, len(tail)), rng.integers(-2, 4, len(tail)))
    model.arcs("dear", np.arange(n), (np.arange(n) + 1) % n, 0, 60, 30)
    amount = int(rng.integers(1, 20))
    model.supply(0, amount)
    model.supply(n - 1, -amount)
    before = model.arrays()
    held = rng.choice(len(tail), min(len(tail), int(rng.integers(1, 4))), replace=False)
    model.fix("way", held, before["lower"][held] + rng.integers(0, 4, len(held)))
    return None if cheapest_flow(before) is None else (before, model.arrays())


def test_it_is_what_a_flow_over_the_whole_network_comes_to() -> None:
    rng, found, none = np.random.default_rng(5), 0, 0
    for _ in range(250):
        case = random_case(rng)
        if case is None:
            continue
        before, after = case
        base = cheapest_flow(before)
        assert base is not None
        ours, whole = sent(after, base, potentials(before, base)), changed_whole(after, base)
        assert (ours is None) == (whole is None)
        if ours is None or whole is None:
            none += 1
            continue
        found += 1
        assert ((after["lower"] <= ours) & (ours <= after["upper"])).all()
        assert exact_dot(after["cost"], ours) == exact_dot(after["cost"], whole)
        assert np.abs(ours - base).sum() == np.abs(whole - base).sum()
    assert found > 100 and none > 10


def test_where_it_takes_too_long_the_whole_network_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    model = three_ways()
    before = model.arrays()
    model.fix("way", np.array([0]), 3)
    arrays = {**model.arrays(), "before_lower": before["lower"], "before_upper": before["upper"]}
    expected = flow_nearest.solve(arrays, {}, lambda _: None)
    monkeypatch.setattr(flow_sent, "ROUNDS", 1)
    with pytest.raises(TooFar, match="1 rounds"):
        sent(model.arrays(), np.array([10, 0, 0]), potentials(before, np.array([10, 0, 0])))
    found = flow_nearest.solve(arrays, {}, lambda _: None)
    assert found.arrays["flow"].tolist() == expected.arrays["flow"].tolist() == [3, 4, 3]


def test_costs_that_floats_do_not_hold_are_left_to_the_whole_network() -> None:
    model = FlowModel()
    model.nodes(2)
    model.arcs("way", 0, 1, 0, 5, np.array([2**51, 0]))
    model.supply(0, 5)
    model.supply(1, -5)
    before = model.arrays()
    model.fix("way", np.array([1]), 2)
    with pytest.raises(TooFar, match="too large"):
        sent(model.arrays(), np.array([0, 5]), potentials(before, np.array([0, 5])))


def test_a_flow_that_is_handed_over_is_begun_with(monkeypatch: pytest.MonkeyPatch) -> None:
    model = three_ways()
    before = model.arrays()
    model.fix("way", np.array([0]), 3)
    arrays = {**model.arrays(), "before_lower": before["lower"], "before_upper": before["upper"]}
    told = flow_nearest.solve(arrays, {}, lambda _: None)

    def not_again(_: Arrays) -> None:
        raise AssertionError("solved again")

    monkeypatch.setattr(flow_nearest, "cheapest_flow", not_again)
    found = flow_nearest.solve({**arrays, "near_flow": np.array([10, 0, 0])}, {}, lambda _: None)
    assert found.facts == told.facts and found.arrays["before_flow"].tolist() == [10, 0, 0]
    with pytest.raises(ArithmeticError):  # no cheapest flow
        flow_nearest.solve({**arrays, "near_flow": np.array([0, 0, 10])}, {}, lambda _: None)
