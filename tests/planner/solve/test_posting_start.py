"""Where the flow begins: worths that hold for every allowed pair, and ways that fill the best seats."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solve import posting, posting_start
from planner.solve.engines import run
from planner.solve.posting_flow import send
from planner.solve.posting_graph import Ways, graph
from planner.solve.posting_network import NEVER, Network, without_costs
from planner.solve.posting_start import start, way_costs
from planner.solve.posting_ties import read_marks
from tests.planner.solve.posting_cases import STEP, answer, check, dense, every_way, hubs, land, narrow
from tests.planner.solve.test_posting_ties import marked


@contextmanager
def coarse(wanted: bool) -> Iterator[None]:
    """The coarse network always or never."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_start, "COARSER", 0 if wanted else 10**6)
        yield


def filled(network: Network, ways: Ways) -> int:
    """Worth of the seats that a flow over these ways fills, costs aside."""
    of = graph(without_costs(network), replace(ways, cost=np.zeros_like(ways.cost)))
    return int((of.flow(send(of)).filled * network.seats.gain).sum())


@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_few_first_ways_fill_the_best_seats(seed: int, wanted: bool, units: bool, stays: bool) -> None:
    """The ways that share out the flow of the order, or of the coarse network, among slots; none leads to no seat."""
    case = land(seed, slots=20, gains=(3 * STEP, 4 * STEP), units=units, stays=stays)
    in_place = np.bincount(case.arrays["listed_slot"], case.arrays["listed_room"], case.table.shape[1])
    case.arrays["must"] += np.maximum(in_place.astype(np.int64) - case.arrays["must"], 0)  # all may stay
    with coarse(wanted), narrow(), hubs(seed % 2 == 0), pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_start, "FEW", 0)
        network = case.network()
        begun = start(network, case.arrays["zone"])
    every = every_way(network)
    assert filled(network, begun.ways) == filled(network, every)
    assert network.seats.count[:, begun.ways.slot].any(axis=0).all()
    allowed = set(zip(every.hub.tolist(), every.slot.tolist(), every.cost.tolist(), strict=True))
    first = list(
        zip(begun.ways.hub.tolist(), begun.ways.slot.tolist(), begun.ways.cost.tolist(), strict=True)
    )
    assert set(first) <= allowed and len(set(first)) == len(first)


def test_first_ways_leave_their_seats_to_those_in_place() -> None:
    """Two slots of one type: one person is in place at the nearer one, so the other's way leads on to the second."""
    stay = {"listed_class": [0], "listed_slot": [0], "listed_room": [1], "listed_cost": [0]}
    case = dense(np.array([[NEVER, NEVER], [1, 2]]), [1, 1], [1, 1], [0, 0], group=[-1, 0], **stay)
    with narrow(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_start, "FEW", 0)
        begun = start(case.network(), np.arange(2))
    assert sorted(begun.ways.slot.tolist()) == [0, 1]  # the cheapest, and the one that is left


@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_the_first_worths_hold_for_every_allowed_pair(seed: int, wanted: bool, units: bool) -> None:
    """At the true costs: nobody would rather go elsewhere, which is why only their differences matter to the first flow."""
    case = land(seed, units=units)
    with coarse(wanted):
        begun = start(case.network(), case.arrays["zone"])
    person, slot = begun.guess.worths.person, begun.guess.worths.slot
    reduced = case.table + person[:, None] - slot[None, :]
    assert (reduced[case.table < NEVER] >= 0).all() and (person >= 0).all()


def test_the_first_worths_tell_which_seat_is_the_next_to_be_filled() -> None:
    """10 people for 5 seats of each of three tiers: all are worth a seat of the third, but for what postings cost."""
    cost = np.random.default_rng(3).integers(0, 50, (4, 15))
    case = dense(
        cost, [3, 3, 2, 2], [1] * 15, [0] * 15, must_gain=np.repeat([5 * STEP, 4 * STEP, 3 * STEP], 5)
    )
    guess = start(case.network(), np.arange(15)).guess
    assert (np.abs(guess.worths.person - 3 * STEP) <= 50).all()
    assert (np.abs(guess.worths.slot - 3 * STEP) <= 50).all() and guess.most <= 3 * 50


@given(st.integers(0, 10_000), st.booleans())
def test_ways_cost_what_their_rows_say(seed: int, wanted: bool) -> None:
    with hubs(wanted):
        network = land(seed).network()
    every = every_way(network)
    some = np.random.default_rng(seed).permutation(len(every.cost))[:20]
    assert np.array_equal(way_costs(network, every.hub[some], every.slot[some]), every.cost[some])


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_however_the_flow_begins_the_optimum_is_the_same(seed: int) -> None:
    """With the coarse network and without, in the zones given or in none, and where the order is too large to be asked."""
    case = land(seed, slots=16, units=True, stays=True)
    bounds = []
    for wanted in (True, False):
        with coarse(wanted), narrow():
            bounds.append(check(case, answer(case.arrays)))
    with coarse(True), narrow():
        bounds.append(check(case, answer({k: v for k, v in case.arrays.items() if k != "zone"})))
    with pytest.MonkeyPatch.context() as patch, narrow():
        patch.setattr(posting_start, "MOST_WAYS", 0)
        bounds.append(check(case, answer(case.arrays)))
    assert len(set(bounds)) == 1


def test_the_coarse_network_is_there_where_zones_make_few_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four zones of ten slots: one type, four clusters. Every slot a zone: none. Without the order: none either."""
    case = dense(np.random.default_rng(2).integers(0, 9, (8, 40)) + 50, [2] * 8, [1] * 40, [0] * 40)
    network, zone, asked = case.network(), np.arange(40)[None, :] // 10, []

    def noted(network: Network, of_cluster: np.ndarray) -> Network:
        asked.append(int(of_cluster.max()) + 1)
        return merged(network, of_cluster)

    merged = posting_start.merged
    monkeypatch.setattr(posting_start, "merged", noted)
    near = start(network, zone)
    assert asked == [1, 4]
    far = start(network, np.arange(40)[None, :])
    assert asked == [1, 4, 1]
    assert near.guess.most < far.guess.most  # average costs are nearer than none
    monkeypatch.setattr(posting_start, "MOST_WAYS", 0)
    blind = start(network, zone)
    assert asked == [1, 4, 1, 1] and not blind.guess.worths.slot.any()


@given(st.integers(0, 10_000))
@settings(max_examples=50)
def test_none_joins_twice(seed: int) -> None:
    """From one way a row and slot on, over several rounds."""
    case = land(seed)
    with narrow():
        marks = read_marks(case.arrays)
        found = posting.optimum(case.network(), case.arrays["zone"], marks, lambda facts: None)
    ways = found.final.hub * 100 + found.final.slot
    assert len(np.unique(ways)) == len(ways)


@given(st.integers(0, 10_000), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_over_all_ways_of_a_small_network_there_is_one_round_and_the_same_answer(
    seed: int, units: bool, stays: bool
) -> None:
    case = marked(land(seed, slots=16, units=units, stays=stays), seed)
    few, told = answer(case.arrays), list[int]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_start, "ALL_WAYS", 10**6)
        every = run("posting", case.arrays, {}, lambda found: told.append(int(found["violators"])))
    assert told == [0]
    assert every.status == few.status and every.arrays.keys() == few.arrays.keys()
    assert every.facts == few.facts
    assert all(np.array_equal(a, few.arrays[k]) for k, a in every.arrays.items())
