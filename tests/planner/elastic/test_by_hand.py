"""One land or more of each stage in which the least that must be broken is known by hand; the check agrees to the number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from graph.schema import RESULTS
from planner.elastic.promises import may_give
from planner.published import Published
from planner.stage import Context
from planner.stages import STAGES
from planner.verify.excused import NEVER
from tests.planner import pairing_land
from tests.planner.clash import infeasible_cases as cases
from tests.planner.clash.infeasible_cases import CASES
from tests.planner.elastic.lands import Found, checked, least, told

ONE = (1, 0)
PUBLISHED = Published(
    "published", {"inspection": {"inspections": pl.DataFrame(schema=RESULTS["inspections"].dtypes)}}
)
BY_HAND: dict[str, tuple[float, list[Found]]] = {
    "designation: two pins at a unit that can carry one": (1.0, [{("pins", "u1>A"): ONE}, {("pins", "u1>B"): ONE}]),
    "designation: a pinned pair is forbidden": (1.0, [{("pins", "u1>A"): ONE}, {("bans", "u1>A"): (0, 1)}]),
    "designation: two of a kind": (1.5, [{("units_per_county", c): (2, 1) for c in "ABC"}]),
    "pairing: two pins where one partner is allowed": (1.0, [{("pins", "E1>W1"): ONE}, {("pins", "E2>W1"): ONE}]),
    "pairing: no change allowed, but a new pair is pinned": (
        1.0, [{("pins", "E1>W2"): ONE}, {("changes_max", ""): (0, 1)}],
    ),
    "cadres: two people for three posts": (1.0, [{("must_fill_tier", f"v{k}>fs"): ONE} for k in range(3)]),
    "cadres: nobody may go to another prefecture": (1.0, [{("must_fill_tier", "v3>fs"): ONE}]),
    "cadres: teams too small": (1.0, [{("must_fill_tier", "v0>fs"): ONE}]),
    "funds: floors above the money": (20.0, [{("county_floor", f"{c}>2017"): (60, 40)} for c in "ab"]),
    "funds: the floor above the ceiling": (20.0, [{("county_floor", f"{c}>2017"): (30, 20) for c in "ab"}]),
    "funds: a cut behind an earmark": (20.0, [{("county_floor", "b>2017"): (40, 20)}]),
    "exit: one team a year, two counties by the deadline": (1.0, [{("deadline", c): ONE} for c in "ab"]),
    "exit: a pin before the line": (2.0, [{("pins", "a"): ONE, ("pins", "b"): ONE}]),
    "exit: a pledge above what can be verified": (0.5, [{("pledge_counties", "E>2017"): (2, 1)}]),
    "inspection: no team may go": (1.0, [{("teams_per_visit", "A>check"): ONE}]),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BY_HAND))
def test_the_least_is_as_known_by_hand(name: str) -> None:
    (stage, seen, _), (weight, wanted) = cases.case(name), BY_HAND[name]
    outcome = least(stage, seen)
    assert outcome is not None
    elastic = outcome.details["elastic"]
    assert told(outcome) in wanted
    assert (elastic["weight"], elastic["weight_bound"]) == (weight, weight)
    check = checked(stage, seen, outcome)
    assert [b.text.en for b in check.broken] == [] and check.objective == outcome.objective
    assert not {p["rule"] for p in elastic["broken"]} & NEVER[stage.name]
    for p in elastic["broken"]:
        assert p["why"]["zh"] and p["why"]["en"] and p["short"] == abs(p["required"] - p["got"])
        assert p["nothing"] == (p["got"] == 0 < p["required"])


@pytest.mark.parametrize("beside", [False, True])
def test_a_published_plan_is_a_reason_only_where_there_is_one(beside: bool) -> None:
    stage, seen, _ = cases.case("inspection: no team may go")
    published = PUBLISHED if beside else None
    outcome = least(stage, replace(seen, published=published))
    assert outcome is not None
    [why] = [p["why"] for p in outcome.details["elastic"]["broken"]]
    assert why["en"].startswith("kept, rules that never give") and "solved again" in why["en"]
    assert ("published plan" in why["en"]) is beside is ("已公布" in why["zh"])


def test_who_gets_nothing_and_what_keeping_it_would_break() -> None:
    stage, seen, _ = cases.case("designation: two units for each county, three that can carry one")
    outcome = least(stage, seen)
    assert outcome is not None
    elastic = outcome.details["elastic"]
    # three pairs are possible where six are asked for: half of each county's promise, added up
    assert elastic["weight"] == 1.5 and sum(p["short"] for p in elastic["broken"]) == 3
    for p in elastic["broken"]:
        assert "as much would be broken elsewhere" in p["why"]["en"]


def test_more_days_are_less_broken_than_a_visit() -> None:
    stage, seen, _ = cases.case("inspection: too few days")
    outcome = least(stage, seen)
    assert outcome is not None and {p["rule"] for p in outcome.details["elastic"]["broken"]} == {"team_days"}
    assert (
        outcome.details["elastic"]["weight"] == 3 * 0.75
    )  # three teams with 4 days instead of 1, the visit 4


def test_county_pairs_look_ahead_and_are_told_by_their_own_model() -> None:
    stage, seen, _ = cases.case("pairing: county pairs inside region pairs")
    outcome = least(stage, seen)
    assert outcome is not None
    elastic = outcome.details["elastic"]
    assert elastic["weight"] >= elastic["weight_bound"] > 0
    assert all(p["rule"].startswith("county_") for p in elastic["broken"])
    assert [b.text.en for b in checked(stage, seen, outcome).broken] == []


PAIRED: dict[str, tuple[dict[str, Any], list[Found]]] = {
    "a ban or the fair load": (
        {"fair_load_tolerance": 0.0, "cover_recipients": True, "bans": ["E1>W1"], "partners_per_recipient": [1, 1]},
        [{("bans", "E1>W1"): (0, 1)}],
    ),
    "a county pin whose parents are forbidden": (
        {"county_pairs": True, "county_pins": ["E1a>W2a"], "bans": ["E1>W2"]},
        [{("county_pins", "E1a>W2a"): ONE}, {("bans", "E1>W2"): (0, 1)}],
    ),
    "a fair load that must be exceeded": (
        {"fair_load_tolerance": 0.0, "pins": ["E2>W1"], "partners_per_recipient": [1, 1], "cover_recipients": True},
        [{("pins", "E2>W1"): ONE}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(PAIRED))
def test_pairing_breaks_the_least(name: str) -> None:
    values, wanted = PAIRED[name]
    stage, seen = STAGES["pairing"], cases._pairing(**values)
    outcome = least(stage, seen)
    assert outcome is not None and told(outcome) in wanted
    assert [b.text.en for b in checked(stage, seen, outcome).broken] == []


def test_a_little_more_than_a_fair_load_is_told_in_persons() -> None:
    """Fair are 300 and 100 persons; 320 and 80 are to be helped, each by one: 20 too many weigh less than a second partner."""
    stage, poor = STAGES["pairing"], {"W1": 320.0, "W2": 80.0}
    facts = [{**f, "value": poor.get(str(f["region"]), f["value"])} for f in pairing_land.FACTS]
    values = {
        "fair_load_tolerance": 0.0,
        "cover_recipients": True,
        "partners_per_recipient": [1, 1],
        "changes_max": 0,
    }
    seen = cases._pairing(pairing_land.tables(region_facts=facts), **values)
    outcome = least(stage, seen)
    assert outcome is not None and told(outcome) == {("fair_load_tolerance", "E1"): (300, 320)}
    assert outcome.details["elastic"]["weight"] == pytest.approx(20 / 320, abs=0.01)
    assert [b.text.en for b in checked(stage, seen, outcome).broken] == []


def test_rules_that_never_give_end_it() -> None:
    stage, seen, _ = cases.case("exit: a line that the centre does not know")
    assert least(stage, seen) is None


@pytest.mark.parametrize("stage", list(STAGES))
def test_the_check_knows_which_rules_never_give(stage: str) -> None:
    assert {s.key for s in STAGES[stage].settings if s.never_relax} == NEVER[stage]


def test_what_the_centre_prescribes_never_gives() -> None:
    _, make, _ = CASES["exit: a pin before the line"]
    assert "line" in may_give(STAGES["exit"], make().policy)  # there the standard is off
    plain: Callable[[], Context] = CASES["exit: one team a year, two counties by the deadline"][1]
    rules = may_give(STAGES["exit"], plain().policy)
    assert "deadline" in rules and not rules & {"line", "line_west", "standard", "keep_after_exit"}


def test_a_promise_told_wrongly_is_found_out() -> None:
    stage, seen, _ = cases.case("cadres: two people for three posts")
    outcome = least(stage, seen)
    assert outcome is not None
    elastic = outcome.details["elastic"]
    (promise,) = elastic["broken"]
    other = {**promise, "about": "v0>fs" if promise["about"] != "v0>fs" else "v1>fs"}
    for says in ([], [other], [promise, other], [{**promise, "got": 2}], [{**promise, "rule": "team_led"}]):
        assert checked(stage, seen, outcome, {**elastic, "broken": says}).broken
    assert not checked(stage, seen, outcome).broken
