"""Why hard seats stay empty: a set of them that too few people can reach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solve.engines import run
from planner.solve.posting_network import NEVER
from planner.solve.task import Answer
from tests.planner.solve.posting_cases import Land, answer, dense, hubs, land


def holds(case: Land, found: Answer) -> None:
    """The answer's set asks for more people than it says can reach it, and it says so rightly."""
    a, chosen = case.arrays, found.arrays["cut_slots"]
    assert not (chosen & ~a["hard"]).any()
    people = np.where((case.table[:, chosen] < NEVER).any(axis=1), a["supply"], 0)
    staying = chosen[a["listed_slot"]]
    np.add.at(people, a["listed_class"][staying], a["listed_room"][staying])
    people = np.minimum(people, a["supply"])
    free = a["unit"] < 0
    reachable = int(people[free].sum())
    for unit, cap in enumerate(a["unit_cap"].tolist()):
        reachable += min(cap, int(people[a["unit"] == unit].sum()))
    asked = int(a["must"][chosen].sum())
    assert (found.facts["asked"], found.facts["reachable"]) == (asked, reachable) and asked > reachable


def test_cut_is_a_set_of_seats_that_too_few_reach() -> None:
    cost = np.array([[0, 0, NEVER], [0, 0, NEVER], [0, 0, 0]])
    case = dense(cost, [1, 1, 1], [2, 1, 1], [0, 0, 0], hard=[1, 1, 1])
    found = answer(case.arrays)
    assert found.status == "INFEASIBLE"
    holds(case, found)
    enough = dense(cost, [1, 2, 1], [2, 1, 1], [0, 0, 0], hard=[1, 1, 1])
    assert answer(enough.arrays).status == "OPTIMAL"


def test_a_unit_that_could_release_more_ties_nobody() -> None:
    """One of a unit of 4 (cap 9) may take the short seats; its others sit where three more could, who are at home."""
    cost = np.array([[0, NEVER], [NEVER, 0], [NEVER, 1]])
    case = dense(cost, [1, 3, 3], [2, 3], [0, 0], hard=[1, 1], unit=[0, 0, -1], unit_cap=[9])
    found = answer(case.arrays)
    holds(case, found)
    assert found.arrays["cut_slots"].tolist() == [True, False]


def test_a_unit_that_is_at_its_cap_ties_its_people() -> None:
    """It releases one, who sits on the second seat; the first one's taker is held back by that."""
    case = dense(
        np.array([[0, NEVER], [NEVER, 0]]), [1, 1], [1, 1], [0, 0], hard=[1, 1], unit=[0, 0], unit_cap=[1]
    )
    found = answer(case.arrays)
    holds(case, found)
    assert (found.facts["asked"], found.facts["reachable"]) == (2, 1)


def test_of_those_in_place_only_they_reach_their_seats() -> None:
    """A class of 5 that may go nowhere new: 3 in place at slot 0, which asks for 5, and 2 at slot 1."""
    stays = {"listed_class": [0, 0], "listed_slot": [0, 1], "listed_room": [3, 2], "listed_cost": [0, 0]}
    case = dense(np.full((1, 2), NEVER), [5], [5, 2], [0, 0], hard=[1, 1], group=[-1], **stays)
    found = answer(case.arrays)
    holds(case, found)
    assert (found.facts["asked"], found.facts["reachable"]) == (5, 3)


@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.booleans())
@settings(max_examples=100)
def test_every_cut_holds(seed: int, wanted: bool, units: bool, stays: bool) -> None:
    """And where there is none, all hard seats are filled."""
    case = land(seed, hard=True, units=units, stays=stays)
    with hubs(wanted):
        found = answer(case.arrays)
    if found.status == "INFEASIBLE":
        holds(case, found)
    else:
        there = np.bincount(found.arrays["arc_slot"], found.arrays["arc_count"], case.table.shape[1])
        assert (there >= case.arrays["must"])[case.arrays["hard"]].all()


@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.booleans())
@settings(max_examples=100)
def test_people_are_enough_where_the_best_flow_fills_all(
    seed: int, wanted: bool, units: bool, stays: bool
) -> None:
    """And where they are not, the largest flow's set is short by as many as the best flow's."""
    case = land(seed, hard=True, units=units, stays=stays)
    with hubs(wanted):
        best, asked = answer(case.arrays), run("posting", case.arrays, {"whether": True}, lambda found: None)
    assert (asked.status == "INFEASIBLE") == (best.status == "INFEASIBLE")
    if best.status == "INFEASIBLE":
        holds(case, asked)
        short = [a.facts["asked"] - a.facts["reachable"] for a in (asked, best)]
        assert short[0] == short[1]


@pytest.mark.parametrize("seed", range(25))
def test_whether_there_is_an_answer_needs_no_draw(seed: int) -> None:
    case = land(seed, units=seed % 2 == 0, stays=seed % 3 == 0)
    case.arrays["hard"] = case.arrays["must"] > 0
    drawn = answer(case.arrays)
    asked = run("posting", case.arrays, {"whether": True}, lambda found: None)
    assert asked.status in ("INFEASIBLE", "OPTIMAL", "FEASIBLE")
    assert (asked.status == "INFEASIBLE") == (drawn.status == "INFEASIBLE")
    if drawn.status == "INFEASIBLE":
        assert (
            asked.facts["asked"] - asked.facts["reachable"] == drawn.facts["asked"] - drawn.facts["reachable"]
        )
        holds(case, asked)


@pytest.mark.parametrize("seed", range(25))
def test_whether_teams_can_be_whole_needs_no_best_ones(seed: int) -> None:
    case = land(seed, classes=6, slots=6, teams=True)
    case.arrays["hard"] = (case.arrays["must"] > 0) & (np.arange(len(case.arrays["must"])) % 2 == 0)
    best = answer(case.arrays)
    asked = run("posting", case.arrays, {"whether": True}, lambda found: None)
    assert (asked.status == "INFEASIBLE") == (best.status == "INFEASIBLE")
