"""The order of seats: prices that hold for every allowed pair, and pairs that fill the best seats."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solve import posting, posting_order
from planner.solve.posting_flow import Arcs, Flow, Seats, potentials, send
from planner.solve.posting_groups import NEVER, Group, pair_costs
from planner.solve.posting_order import seat_order


def drawn(seed: int, units: bool = False) -> tuple[Seats, list[Group], np.ndarray]:
    """Two overlapping groups with abilities and fences; gains in steps. The last is the dense table of costs."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 12)), int(rng.integers(2, 10))
    gain = np.stack([rng.choice([3_000, 4_000, 5_000], m), np.full(m, 1_000)])
    unit = rng.integers(-1, 2, n) if units else np.full(n, -1)
    cap = rng.integers(1, 4, 2) if units else np.zeros(0, np.int64)
    seats = Seats(rng.integers(1, 4, n), unit, cap, rng.integers(0, 3, (2, m)), gain)
    member = rng.integers(0, 3, n)  # of group 0, of group 1, of none
    groups, table = [], np.full((n, m), NEVER, np.int64)
    for g in range(2):
        classes = np.flatnonzero(member == g)
        slots = np.flatnonzero(rng.random(m) < 0.8)
        if not (classes.size and slots.size):
            continue
        home = rng.integers(0, 90, (3, slots.size)).astype(np.int32)
        if g:
            home[rng.random(home.shape) < 0.2] = NEVER
        ability = np.where(rng.random((2, slots.size)) < 0.3, NEVER, 0).astype(np.int32)
        codes = (
            rng.integers(0, 3, classes.size),
            rng.integers(0, 2, classes.size),
            np.zeros(classes.size, np.int64),
        )
        groups.append(Group(classes, slots, (home, ability, np.zeros((1, slots.size), np.int32)), codes))
        table[np.ix_(classes, slots)] = home[codes[0]].astype(np.int64) + ability[codes[1]]
    return seats, groups, table


def filled(seats: Seats, of_class: np.ndarray, slot: np.ndarray) -> int:
    """Worth of the seats that a flow over these pairs fills, costs aside."""
    nothing = np.zeros(len(of_class), np.int64)
    flow = send(seats, Arcs(of_class, slot, nothing, seats.supply[of_class], nothing.astype(bool)))
    return int((flow.filled * seats.gain).sum())


@given(st.integers(0, 10_000), st.booleans())
def test_seeds_fill_the_best_seats_and_prices_hold_on_every_pair(seed: int, units: bool) -> None:
    seats, groups, table = drawn(seed, units)
    order = seat_order(seats, groups)
    if not groups:
        assert order is None
        return
    assert order is not None
    of_class, slot = np.nonzero(table < NEVER)
    reduced = order.person[of_class] - order.slot[slot]
    assert (reduced >= 0).all() and (order.person >= 0).all()
    assert (table[order.seeds] < NEVER).all()
    assert (reduced[np.isin(of_class * 100 + slot, order.seeds[0] * 100 + order.seeds[1])] == 0).all()
    assert filled(seats, *order.seeds) == filled(seats, of_class, slot)
    costs = pair_costs(groups, of_class, slot, *table.shape)
    assert np.array_equal(costs, table[of_class, slot])


@given(st.integers(0, 10_000))
def test_from_the_order_the_optimum_is_the_one_over_all_pairs(seed: int) -> None:
    seats, groups, table = drawn(seed)
    none = np.zeros(0, np.int64)
    arrays = dict.fromkeys(("listed_class", "listed_slot", "listed_cost", "listed_room"), none)
    arcs, flow, (person, slot), _ = posting.optimum(arrays, seats, groups, lambda m: None)
    of_class, to = np.nonzero(table < NEVER)
    cost = table[of_class, to]
    dense = Arcs(of_class, to, cost, seats.supply[of_class], np.zeros(len(cost), bool))
    assert posting.value(seats, arcs, flow) == posting.value(seats, dense, send(seats, dense))
    assert (cost + person[of_class] - slot[to] >= 0).all()
    potentials(seats, arcs, flow)  # no cheaper exchange


def test_without_the_order_the_optimum_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    seats, groups, _ = drawn(3)
    none = np.zeros(0, np.int64)
    arrays = dict.fromkeys(("listed_class", "listed_slot", "listed_cost", "listed_room"), none)
    arcs, flow, _, _ = posting.optimum(arrays, seats, groups, lambda m: None)
    monkeypatch.setattr(posting_order, "MOST_CELLS", 0)
    assert seat_order(seats, groups) is None
    plain, other, _, _ = posting.optimum(arrays, seats, groups, lambda m: None)
    assert posting.value(seats, arcs, flow) == posting.value(seats, plain, other)


def test_a_flow_that_a_better_seat_outbids_is_refused() -> None:
    """One person, two seats worth 3,000 and 1,000: at the second, the first is worth more; at home, both are."""
    one = np.ones(1, np.int64)
    seats = Seats(one, -one, one[:0], np.array([[1, 0], [0, 1]]), np.array([[3_000, 9_000], [1_000, 1_000]]))
    arcs = Arcs(
        np.array([0, 0]), np.array([0, 1]), np.zeros(2, np.int64), np.ones(2, np.int64), np.zeros(2, bool)
    )
    best = Flow(np.array([1, 0]), np.array([[1, 0], [0, 0]]), one)
    person, slot, _ = potentials(seats, arcs, best)
    assert (person.tolist(), slot.tolist()) == ([1_000], [1_000, 1_000])
    for worse in (
        Flow(np.array([0, 1]), np.array([[0, 0], [0, 1]]), one),
        Flow(np.array([0, 0]), np.array([[0, 0], [0, 0]]), 0 * one),
    ):
        with pytest.raises(ArithmeticError, match="not the cheapest"):
            potentials(seats, arcs, worse)


@given(st.integers(0, 10_000), st.sampled_from([0, 1, 40]))
def test_arcs_left_out_of_a_flow_cost_nothing(seed: int, rounds: int) -> None:
    """From one candidate a class and a narrow cut on, the optimum over all pairs is reached, with arcs left out or not."""
    seats, groups, _ = drawn(seed)
    arrays = dict.fromkeys(
        ("listed_class", "listed_slot", "listed_cost", "listed_room"), np.zeros(0, np.int64)
    )
    arcs, flow, _, _ = posting.optimum(arrays, seats, groups, lambda m: None)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"NEAREST": 1, "FEW": 1, "JOINING": 1, "JOINING_SLOT": 1, "MATTERS": 1}.items():
            patch.setattr(posting, name, value)
        patch.setattr(posting, "DROPPING", rounds)
        other, few, _, _ = posting.optimum(arrays, seats, groups, lambda m: None)
    assert posting.value(seats, arcs, flow) == posting.value(seats, other, few)
    pairs = other.of_class * 100 + other.slot
    assert len(np.unique(pairs)) == len(pairs)  # none joins twice
