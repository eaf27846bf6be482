"""Teams: new people come with a leader and in sufficient number or not at all; the flow's value stays a bound."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solve import posting_exact, posting_fill, posting_keep, posting_teams, second
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


def test_a_village_that_nobody_leads_is_closed() -> None:
    """Slot 0 leads, nobody may take it; slot 1's three people have no leader: closed, and the search proves that it has to be."""
    teams = {"village": [0, 0], "there": [0], "wanted": [3], "leads": [1, 0]}
    case = dense(np.array([[NEVER, 0]]), [3], [1, 3], [0, 0], **teams)
    found = answer(case.arrays)
    assert found.status == "OPTIMAL" and check(case, found) == 3 * STEP
    assert found.facts["way"] == "exact over teams"
    assert found.arrays["closed"].tolist() == [True] and found.facts["objective"] == 12 * STEP


def test_people_of_a_closed_village_complete_another() -> None:
    """The flow sends one to each of two villages that want two; one is closed, and both serve at the other."""
    teams = {"village": [0, 0, 1, 1], "there": [0, 0], "wanted": [2, 2], "led": [1, 1]}
    case = dense(np.zeros((1, 4)), [2], [1, 0, 1, 0], [0, 1, 0, 1], **teams)
    found = answer(case.arrays)
    assert check(case, found) == 2 * STEP and found.facts["objective"] == 4 * STEP
    assert sorted(found.arrays["closed"].tolist()) == [False, True]
    alone = dense(np.zeros((1, 4)), [2], [1, 0, 1, 0], [0, 1, 0, 1], **teams | {"there": [1, 1]})
    assert (
        "way" not in answer(alone.arrays).facts
    )  # with one who is there already one suffices, and the flow is the answer


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
    case = dense(np.zeros((1, 1)), [1], [1], [0], **teams)
    found = answer(case.arrays)
    assert found.status == "INFEASIBLE" and found.arrays["hard_open"].tolist() == [True]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(second, "agrees", lambda *_: False)
        found = answer(case.arrays)
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
    assert ("way" in found.facts) == (not whole(case, at_slots(nothing, free)))


def cheapest_by_hand(case: Land) -> int | None:
    """The least value of all plans with whole teams that fill the hard seats, by trying all; ``None`` where there is none."""
    a, (n, m) = case.arrays, case.table.shape
    seats = a["must"] + a["further"]
    costs = []
    for way in itertools.product(range(-1, m), repeat=n):
        there = np.bincount([j for j in way if j >= 0], minlength=m)
        sent = [(i, j) for i, j in enumerate(way) if j >= 0]
        if any(case.table[p] >= NEVER or not a["supply"][p[0]] for p in sent) or (there > seats).any():
            continue
        if whole(case, there.tolist()) and (there >= a["must"])[a["hard"]].all():
            late = np.maximum(there - a["must"], 0)
            empty = (a["must"] - there + late) @ a["must_gain"] + (a["further"] - late) @ a["further_gain"]
            costs.append(int(empty) + sum(int(case.table[p]) for p in sent))
    return min(costs, default=None)


@given(st.integers(0, 10_000), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_small_lands_are_decided_to_the_optimum(seed: int, wanted: bool, hard: bool) -> None:
    """The best of all plans that keep the rule, by trying all; infeasible where, and only where, there is none."""
    case = land(seed, classes=5, slots=4, teams=True, hard=hard)
    case.arrays["supply"] = np.minimum(case.arrays["supply"], 1)
    best = cheapest_by_hand(case)
    with hubs(wanted):
        found = answer(case.arrays)
    if best is None:
        assert found.status == "INFEASIBLE"
        return
    assert found.status == "OPTIMAL" and check(case, found) <= best == found.facts["objective"]


@pytest.mark.parametrize("seed", range(40))
def test_without_the_whole_search_nothing_false_is_told(seed: int) -> None:
    """Around teams alone, or with hardly any work: a bound below the best, and never infeasible where there is a plan."""
    case = land(seed, classes=5, slots=4, teams=True, hard=True)
    case.arrays["supply"] = np.minimum(case.arrays["supply"], 1)
    best = cheapest_by_hand(case)
    for module, name, value in (
        (posting_keep, "MOST_PAIRS", -1),
        (posting_keep, "MOST_PAIRS", 4),
        (posting_exact, "CHECKS", 0),
        (posting_fill, "MOST_PAIRS", 0),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, name, value)
            found = answer(case.arrays)
        if best is None:
            assert found.status in ("INFEASIBLE", "NO_SOLUTION_IN_TIME")
        elif found.status != "NO_SOLUTION_IN_TIME":
            check(case, found)
            assert found.facts["bound"] <= best <= found.facts["objective"]
