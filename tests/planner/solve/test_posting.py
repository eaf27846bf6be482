"""The engine `posting` against brute force, its certificate on every pair, and the edges of what it takes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solve.engines import run
from planner.solve.posting_network import NEVER
from tests.planner.solve.posting_cases import STEP, Land, answer, check, dense, hubs, land, narrow


def best(cost: np.ndarray, must: list[int], further: list[int], gain: tuple[list[int], list[int]]) -> int:
    """Every way to send single people (supply 1) to slots, by trying all."""
    n, m = cost.shape
    found = []
    for way in itertools.product(range(-1, m), repeat=n):
        there = [way.count(j) for j in range(m)]
        if any(j >= 0 and cost[i, j] >= NEVER for i, j in enumerate(way)) or any(
            t > a + b for t, a, b in zip(there, must, further, strict=True)
        ):
            continue
        value = sum(int(cost[i, j]) for i, j in enumerate(way) if j >= 0)
        for t, a, b, first, late in zip(there, must, further, *gain, strict=True):
            value += first * max(0, a - t) + late * (a + b - max(a, t))
        found.append(value)
    return min(found)


@given(st.data())
@settings(max_examples=60)
def test_brute_force_agrees(data: st.DataObject) -> None:
    """Also with gains that have no common measure."""
    n, m = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    price = st.one_of(st.integers(0, 50), st.just(NEVER))
    cost = np.array(data.draw(st.lists(price, min_size=n * m, max_size=n * m))).reshape(n, m)
    must = data.draw(st.lists(st.integers(0, 2), min_size=m, max_size=m))
    further = data.draw(st.lists(st.integers(0, 2), min_size=m, max_size=m))
    late = data.draw(st.lists(st.integers(0, 60), min_size=m, max_size=m))
    first = [g + data.draw(st.integers(0, 60)) for g in late]
    for gain in (([3 * STEP] * m, [STEP] * m), (first, late)):
        case = dense(cost, [1] * n, must, further, must_gain=gain[0], further_gain=gain[1])
        found = answer(case.arrays)
        assert found.status == "OPTIMAL"
        assert check(case, found) == best(cost, must, further, gain)


@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.booleans())
def test_the_worths_prove_the_optimum_on_every_pair(seed: int, units: bool, stays: bool, few: bool) -> None:
    """With unit caps, people in place and fences; from few first ways and a narrow guess it is the same optimum."""
    case = land(seed, units=units, stays=stays)
    found = answer(case.arrays)
    assert found.status == "OPTIMAL"
    bound = check(case, found)
    with narrow():
        assert check(case, answer(case.arrays)) == bound


@given(st.integers(0, 10_000), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_hubs_and_no_hubs_give_the_same_optimum(seed: int, units: bool, stays: bool) -> None:
    case = land(seed, units=units, stays=stays)
    bounds = []
    for wanted in (True, False):
        with hubs(wanted), narrow():
            tables = {len(b.tables) for b in case.network().blocks if len(b.slots) > 1}
            assert tables <= {2 if wanted else 3}
            bounds.append(check(case, answer(case.arrays)))
    assert bounds[0] == bounds[1]


def test_hubs_are_fewer_than_classes_where_abilities_have_few_wishes() -> None:
    """100 classes of 5 homes and 20 abilities at 200 posts with 2 wishes: 10 hubs, each class offers itself twice."""
    rng = np.random.default_rng(1)
    wish = rng.integers(0, 50, (20, 2))[:, np.arange(200) % 2]
    case = dense(np.zeros((100, 200)), [1] * 100, [1] * 200, [0] * 200)
    home = rng.integers(0, 50, (5, 200))
    code = np.arange(100) % 5, np.arange(100) // 5
    a = case.arrays | {"t0": home.astype(np.int32).ravel(), "t0_ptr": np.array([0, home.size]), "c0": code[0],
                       "t1": wish.astype(np.int32).ravel(), "t1_ptr": np.array([0, wish.size]), "c1": code[1]}  # fmt: skip
    found = answer(a)
    assert (found.facts["hubs"], found.facts["priced"]) == (10, 20_000)
    check(Land(a, home[code[0]] + wish[code[1]]), found)


def test_few_first_ways_need_more_rounds_for_the_same_optimum() -> None:
    rng = np.random.default_rng(5)
    cost = 200 * np.arange(50)[None, :] + rng.integers(0, 300, (60, 50))  # everyone wants the first slots
    case = dense(cost, [1] * 60, [1] * 50, [0] * 50)
    told: list[dict[str, int]] = []
    whole = run("posting", case.arrays, {}, told.append)
    rounds, most = len(told), told[-1]["arcs"]
    with narrow():
        few = run("posting", case.arrays, {}, told.append)
    assert check(case, few) == check(case, whole)
    assert len(told) - rounds > rounds and told[-1]["arcs"] < most


def test_stay_arcs_carry_only_those_in_place() -> None:
    """Two of a class of three are in place at slot 0, where staying is free; the third would pay 10."""
    stay = {"listed_class": [0], "listed_slot": [0], "listed_room": [2], "listed_cost": [0]}
    case = dense(np.array([[10]]), [3], [0], [3], **stay)
    found = answer(case.arrays)
    assert check(case, found) == 10
    assert found.arrays["arc_count"][found.arrays["arc_listed"]].tolist() == [2]


def test_those_who_may_go_nowhere_new_may_still_stay() -> None:
    stay = {"listed_class": [0], "listed_slot": [1], "listed_room": [1], "listed_cost": [4]}
    case = dense(np.full((1, 2), NEVER), [3], [1, 2], [0, 0], group=[-1], **stay)
    assert check(case, answer(case.arrays)) == 2 * 3 * STEP + 4


def test_unit_cap() -> None:
    """Two of one unit would fill both seats for 2; the unit releases one."""
    case = dense(np.array([[1, 5], [2, 1]]), [1, 1], [1, 1], [0, 0], unit=[0, 0], unit_cap=[1])
    found = answer(case.arrays)
    assert check(case, found) == 3 * STEP + 1 and found.arrays["arc_count"].sum() == 1
    free = dense(np.array([[1, 5], [2, 1]]), [1, 1], [1, 1], [0, 0])
    assert check(free, answer(free.arrays)) == 2


def test_equal_costs_everywhere() -> None:
    """Every exchange costs nothing: 40 classes of 2 for 30 slots of 1 + 1 seats."""
    case = dense(np.full((40, 30), 7), [2] * 40, [1] * 30, [1] * 30)
    assert check(case, answer(case.arrays)) == 60 * 7
    short = dense(np.full((20, 30), 7), [2] * 20, [1] * 30, [1] * 30)
    assert check(short, answer(short.arrays)) == 40 * 7 + 20 * STEP


def test_a_class_of_a_hundred_thousand() -> None:
    """80,000 take must-seats, the other 20,000 half of the further ones."""
    case = dense(np.array([[1, 2]]), [100_000], [30_000, 50_000], [0, 40_000])
    found = answer(case.arrays)
    assert check(case, found) == 30_000 + 2 * 70_000 + 20_000 * STEP
    assert found.arrays["arc_count"].tolist() == [30_000, 70_000]


@pytest.mark.parametrize(
    ("case", "empty"),
    [
        (dense(np.zeros((0, 2)), [], [1, 1], [0, 0]), 2),
        (dense(np.zeros((2, 0)), [1, 1], [], []), 0),
        (dense(np.zeros((0, 0)), [], [], []), 0),
        (dense(np.full((2, 2), NEVER), [1, 1], [1, 1], [0, 0]), 2),
        (dense(np.zeros((2, 2)), [1, 1], [1, 1], [0, 0], group=[-1, -1], slot_ptr=[0], slot_list=[]), 2),
        (dense(np.zeros((2, 2)), [1, 1], [0, 0], [0, 0]), 0),
        (dense(np.zeros((2, 2)), [1, 1], [0, 1], [0, 0]), 0),
        (dense(np.zeros((2, 2)), [0, 1], [1, 1], [0, 0]), 1),
        (dense(np.zeros((2, 2)), [0, 0], [1, 1], [0, 0]), 2),
        (dense(np.zeros((2, 2)), [1, 1], [1, 1], [0, 0], unit=[0, 0], unit_cap=[0]), 2),
        (dense(np.zeros((2, 2)), [1, 1], [1, 1], [0, 0], must_gain=[0, 0], further_gain=[0, 0]), 0),
    ],
    ids=["nobody", "no slots", "nothing", "all fenced", "no reach", "no seats", "one seat", "one absent", "all absent",
         "nobody released", "no gains"],
)  # fmt: skip
def test_where_there_is_little_or_nothing(case: Land, empty: int) -> None:
    if not case.table.size or (case.arrays["group"] < 0).all():
        case = Land(case.arrays, np.full(case.table.shape, NEVER))
    found = answer(case.arrays)
    assert found.status == "OPTIMAL" and check(case, found) == empty * 3 * STEP


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_twenty_tiers_of_huge_steps_keep_their_order(seed: int) -> None:
    """Steps of 10¹³ give what small steps give: the same tiers filled, at the same cost."""
    values = []
    for one in (STEP, 10**13):
        case = land(seed, gains=tuple(one * k for k in range(2, 42, 2)), further=one, units=True)
        found = answer(case.arrays)
        values.append(divmod(check(case, found), one))
    assert values[0] == values[1]


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_gains_without_a_common_measure(seed: int) -> None:
    """Such as 10¹³ + 7; even where no step is larger than a posting costs."""
    for gains, further in (((10**13 + 7, 2 * 10**13 + 9, 3 * 10**13 + 1), 10**12 + 39), ((53, 71, 97), 31)):
        case = land(seed, gains=gains, further=further, stays=True)
        found = answer(case.arrays)
        assert found.status == "OPTIMAL"
        check(case, found)
