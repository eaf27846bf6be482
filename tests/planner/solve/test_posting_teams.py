"""Teams: new people come with a leader and in sufficient number or not at all; the flow's value stays the bound."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solve import posting_teams
from planner.solve.posting_network import NEVER
from planner.solve.task import Answer
from tests.planner.solve.posting_cases import STEP, Land, answer, check, dense, hubs, land


def whole(case: Land, there: list[int]) -> bool:
    """Whether so many new people at each slot keep the team rule, village by village."""
    a = case.arrays
    for village, wanted in enumerate(a["wanted"].tolist()):
        mine = [j for j, v in enumerate(a["village"].tolist()) if v == village]
        new = sum(there[j] for j in mine)
        led = a["led"][village] or any(there[j] and a["leads"][j] for j in mine)
        if wanted and new and (not led or new + a["there"][village] < wanted):
            return False
    return True


def at_slots(case: Land, found: Answer) -> list[int]:
    sent = np.bincount(found.arrays["arc_slot"], found.arrays["arc_count"], case.table.shape[1])
    return sent.astype(int).tolist()


def test_the_bound_stays_that_of_the_flow() -> None:
    """Slot 0 leads, nobody may take it; slot 1's three people have no leader: closed, and the gap is told."""
    teams = {"village": [0, 0], "there": [0], "wanted": [3], "leads": [1, 0]}
    case = dense(np.array([[NEVER, 0]]), [3], [1, 3], [0, 0], **teams)
    found = answer(case.arrays)
    assert found.status == "FEASIBLE" and check(case, found) == 3 * STEP
    assert found.arrays["closed"].tolist() == [True] and found.facts["objective"] == 12 * STEP


def test_people_of_a_closed_village_complete_another() -> None:
    """The flow sends one to each of two villages that want two; one is closed, and both serve at the other."""
    teams = {"village": [0, 0, 1, 1], "there": [0, 0], "wanted": [2, 2], "led": [1, 1]}
    case = dense(np.zeros((1, 4)), [2], [1, 0, 1, 0], [0, 1, 0, 1], **teams)
    found = answer(case.arrays)
    assert check(case, found) == 2 * STEP and found.facts["objective"] == 4 * STEP
    assert sorted(found.arrays["closed"].tolist()) == [False, True]
    alone = dense(np.zeros((1, 4)), [2], [1, 0, 1, 0], [0, 1, 0, 1], **teams | {"there": [1, 1]})
    assert answer(alone.arrays).status == "OPTIMAL"  # with one who is there already one suffices


def test_the_village_with_the_fewest_people_is_closed_first() -> None:
    """Two and one of three; whichever comes first in the table."""
    for order in (1, -1):
        teams = {"village": [0, 0, 1, 1][::order], "there": [0, 0], "wanted": [3, 3], "led": [1, 1]}
        case = dense(np.zeros((1, 4)), [3], [2, 0, 1, 0], [0, 1, 0, 2], **teams)
        found = answer(case.arrays)
        check(case, found)
        assert found.arrays["closed"].tolist() == [False, True][::order]
        assert at_slots(case, found) == [2, 1, 0, 0]


def test_after_the_last_try_all_broken_villages_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three that want two, for one person each who may go nowhere else; two are left after one try."""
    monkeypatch.setattr(posting_teams, "TRIES", 1)
    teams = {"village": [0, 1, 2], "there": [0] * 3, "wanted": [2] * 3, "led": [1] * 3}
    case = dense(np.where(np.eye(3), 0, NEVER), [1] * 3, [1] * 3, [0] * 3, **teams)
    found = answer(case.arrays)
    assert check(case, found) == 0 and at_slots(case, found) == [0, 0, 0]
    assert found.arrays["closed"].all() and found.facts["objective"] == 9 * STEP


def test_hard_seats_of_a_closed_village_are_told() -> None:
    """They could be filled, but not by a whole team."""
    teams = {"village": [0], "there": [0], "wanted": [2], "led": [1], "hard": [1]}
    found = answer(dense(np.zeros((1, 1)), [1], [1], [0], **teams).arrays)
    assert found.status == "NO_SOLUTION_IN_TIME" and found.arrays["hard_open"].tolist() == [True]


@given(st.integers(0, 10_000), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_teams_are_whole_and_the_bound_is_honest(seed: int, wanted: bool, units: bool) -> None:
    """Through hubs and without; the bound is what the flow without team rules costs."""
    case = land(seed, teams=True, units=units, stays=True)
    nothing = Land(case.arrays | {"wanted": np.zeros_like(case.arrays["wanted"])}, case.table)
    with hubs(wanted):
        found, free = answer(case.arrays), answer(nothing.arrays)
    assert check(case, found) == check(nothing, free) == free.facts["objective"]
    there = at_slots(case, found)
    assert whole(case, there)
    closed = found.arrays["closed"][case.arrays["village"]]
    assert not np.array(there)[closed].any()
    assert found.arrays["closed"].any() == (not whole(case, at_slots(nothing, free)))


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=40)
def test_no_plan_with_whole_teams_is_better_than_the_bound(seed: int, wanted: bool) -> None:
    """Nor better than the best of all plans that keep the rule, by trying all."""
    case = land(seed, classes=5, slots=4, teams=True)
    case.arrays["supply"] = np.minimum(case.arrays["supply"], 1)
    n, m = case.table.shape
    seats = case.arrays["must"] + case.arrays["further"]
    costs = []
    for way in itertools.product(range(-1, m), repeat=n):
        there = np.bincount([j for j in way if j >= 0], minlength=m)
        sent = [(i, j) for i, j in enumerate(way) if j >= 0]
        if (
            any(case.table[p] >= NEVER or not case.arrays["supply"][p[0]] for p in sent)
            or (there > seats).any()
        ):
            continue
        if whole(case, there.tolist()):
            late = np.maximum(there - case.arrays["must"], 0)
            empty = (case.arrays["must"] - there + late) @ case.arrays["must_gain"]
            empty += (case.arrays["further"] - late) @ case.arrays["further_gain"]
            costs.append(int(empty) + sum(int(case.table[p]) for p in sent))
    with hubs(wanted):
        found = answer(case.arrays)
    assert check(case, found) <= min(costs) <= found.facts["objective"]
