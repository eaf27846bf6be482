"""The draw among equally good flows: one answer, whoever asks and in whatever order; and it is the least sum drawn."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solve import posting_ties
from planner.solve.mix import mixed
from planner.solve.posting_flow import by_node
from planner.solve.posting_graph import graph
from planner.solve.posting_ties import Earlier, Marks, drawn_flow, read_marks
from tests.planner.solve.posting_cases import (
    Land,
    answer,
    check,
    dense,
    hubs,
    land,
    optimum_of,
    sent_pairs,
)


def alike(n: int, m: int, **more: object) -> Land:
    """Everyone may go everywhere at the same cost, one to each slot."""
    return dense(np.full((n, m), 7), [1] * n, [1] * m, [0] * m, **more)


def marked(case: Land, seed: int) -> Land:
    draw = np.random.default_rng(seed).integers(
        0, 2**63, case.table.shape[0] + case.table.shape[1], np.uint64
    )
    n = case.table.shape[0]
    return Land(case.arrays | {"class_mark": draw[:n], "slot_mark": draw[n:]}, case.table)


def test_of_all_pairings_the_least_sum_drawn_is_taken() -> None:
    """Four people, four posts, all alike: 24 pairings, tried one by one."""
    for seed in range(20):
        case = marked(alike(4, 4), seed)
        with hubs(False):
            network = case.network()
            found = answer(case.arrays)
        marks = read_marks(case.arrays).seeded(0)
        best, ways = optimum_of(network)
        drawn = drawn_flow(network, best, marks, ways)
        cost = posting_ties._Draw(network, marks).arcs(graph(network, drawn.ways))
        offers = len(network.offer_cost)
        to = {
            (int(h), int(s)): c
            for h, s, c in zip(drawn.ways.hub, drawn.ways.slot, cost[offers:], strict=False)
        }
        hub = network.offer_hub[np.argsort(network.offer_class)].tolist()
        sums = {
            order: sum(to[hub[i], j] for i, j in enumerate(order))
            for order in itertools.permutations(range(4))
        }
        least = min(sums, key=lambda order: sums[order])
        assert sent_pairs(found) == [(i, j, 1) for i, j in enumerate(least)]


def test_another_seed_draws_otherwise_and_the_draw_is_fair() -> None:
    """One post, five people alike: over 300 seeds each gets it about as often."""
    from planner.solve.engines import run

    case = marked(alike(5, 1), 3)
    got = [sent_pairs(run("posting", case.arrays, {"seed": s}, lambda f: None))[0][0] for s in range(300)]
    assert min(np.bincount(got, minlength=5)) > 35  # 60 expected, standard deviation 7


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=80)
def test_the_order_of_people_and_posts_decides_nothing(seed: int, wanted: bool) -> None:
    """The same land with classes and slots shuffled: everyone keeps the post."""
    case = marked(land(seed, units=True, stays=True), seed)
    rng = np.random.default_rng(seed)
    n, m = case.table.shape
    other, of_class, slot = shuffled(case, rng.permutation(n), rng.permutation(m))
    with hubs(wanted):
        one, two = answer(case.arrays), answer(other.arrays)
    assert check(case, one) == check(other, two)
    there = sorted((of_class[c], slot[s], k) for c, s, k in sent_pairs(two))
    by_hub = {(c, s): k for c, s, k in sent_pairs(one)}
    assert {(c, s): k for c, s, k in there} == by_hub


def shuffled(case: Land, people: np.ndarray, slots: np.ndarray) -> tuple[Land, np.ndarray, np.ndarray]:
    """With row ``people[i]`` as the i-th class, ``slots[j]`` as the j-th slot; and these two."""
    a, (n, m) = dict(case.arrays), case.table.shape
    class_at, slot_at = np.empty(n, np.int64), np.empty(m, np.int64)
    class_at[people], slot_at[slots] = np.arange(n), np.arange(m)
    for key in ("supply", "group", "c0", "c1", "c2", "unit", "class_mark"):
        a[key] = a[key][people]
    for key in ("must", "further", "must_gain", "further_gain", "hard", "village", "leads", "slot_mark"):
        a[key] = a[key][slots]
    a["zone"] = a["zone"][:, slots]
    a["slot_list"] = slot_at[a["slot_list"]]
    a["listed_class"], a["listed_slot"] = class_at[a["listed_class"]], slot_at[a["listed_slot"]]
    return Land(a, case.table[np.ix_(people, slots)]), people, slots


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=60)
def test_too_many_ways_in_balance_are_priced_to_the_same_answer(seed: int, wanted: bool) -> None:
    case = marked(land(seed, units=True, stays=True), seed)
    flat = Land(
        {k: (np.minimum(v, 7) if k in ("t0", "t1", "t2") else v) for k, v in case.arrays.items()}, case.table
    )
    with hubs(wanted):
        whole = answer(flat.arrays)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(posting_ties, "MOST_TIES", 0)
            patch.setattr(posting_ties, "JOINING", 1)
            few = answer(flat.arrays)
    assert sent_pairs(whole) == sent_pairs(few)


@given(st.integers(0, 10_000))
@settings(max_examples=60)
def test_parts_that_are_the_same_are_not_solved_again(seed: int) -> None:
    """All parts known: no flow is solved, the same answer; none known, or other people there: solved again, the same answer."""
    case = marked(land(seed, classes=20, slots=16), seed)
    network, marks = case.network(), read_marks(case.arrays).seeded(0)
    best, ways = optimum_of(network)
    whole = drawn_flow(network, best, marks, ways)
    with pytest.MonkeyPatch.context() as patch:
        solved: list[int] = []
        real = posting_ties.cheapest_arcs
        patch.setattr(posting_ties, "cheapest_arcs", lambda *a: solved.append(len(a[0])) or real(*a))
        again = drawn_flow(network, best, marks, ways, Earlier(whole.parts, whole.ways, whole.arcs))
        assert not solved and np.array_equal(again.arcs, whole.arcs)
        nobody = Earlier(whole.parts, whole.ways, np.zeros_like(whole.arcs))
        unknown = Earlier(whole.parts + np.uint64(1), whole.ways, whole.arcs)
        for earlier in (nobody, unknown):
            assert np.array_equal(drawn_flow(network, best, marks, ways, earlier).arcs, whole.arcs)
    other = drawn_flow(network, best, read_marks(case.arrays).seeded(1), ways)
    assert not len(whole.parts) or not np.isin(other.parts, whole.parts).any()


@given(st.integers(0, 10_000))
def test_the_drawn_flow_costs_as_little_as_any(seed: int) -> None:
    """And keeps complementary slackness with the worths given."""
    case = marked(land(seed, units=True, stays=True), seed)
    network = case.network()
    best, ways = optimum_of(network)
    drawn = drawn_flow(network, best, read_marks(case.arrays), ways)
    of = graph(network, drawn.ways)
    node = by_node(of, best)
    reduced = of.cost + node[of.tail] - node[of.head]
    assert (drawn.arcs >= 0).all() and (drawn.arcs <= of.room).all()
    assert not drawn.arcs[reduced > 0].any() and np.array_equal(drawn.arcs[reduced < 0], of.room[reduced < 0])


def test_worths_that_are_not_optimal_are_refused() -> None:
    case = alike(2, 2)
    network = case.network()
    best, ways = optimum_of(network)
    with pytest.raises(ArithmeticError, match="do not prove"):
        drawn_flow(network, replace(best, slot=best.slot + 1), read_marks(case.arrays), ways)


def test_marks_differ_and_stay() -> None:
    one = mixed(np.arange(1000, dtype=np.uint64))
    assert len(np.unique(one)) == 1000 and np.array_equal(one[:10], mixed(np.arange(10, dtype=np.uint64)))
    assert abs(float(np.unpackbits(one.view(np.uint8)).mean()) - 0.5) < 0.01
    pairs = mixed(np.arange(100, dtype=np.uint64)[:, None], np.arange(100, dtype=np.uint64)[None, :])
    assert len(np.unique(pairs)) == 10_000
    assert np.array_equal(Marks(one, one).seeded(4).person, Marks(one, one).seeded(4).slot)
