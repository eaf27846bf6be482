"""What `explain` says of people and money, on cases small enough to check by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph.network import Network
from planner.stages.cadres import STAGE as CADRES
from planner.stages.funds import STAGE as FUNDS
from tests.planner.money_land import PLAIN, need, two_counties
from tests.planner.tiny import context, frame, network, solve


def two_villages() -> Network:
    """Villages v and w, 0 and about 111 km from the homes; one post each, three people, c3 only from 2018."""
    return network(
        regions=[
            {"code": "C", "name": "县", "level": "county", "lon": 100.0, "lat": 25.0},
            {"code": "v", "name": "近村", "level": "village", "parent": "C", "lon": 100.0, "lat": 25.0},
            {"code": "w", "name": "远村", "level": "village", "parent": "C", "lon": 100.0, "lat": 26.0},
        ],
        village_posts=[
            {"village": v, "post": "lead", "role": "first_secretary", "minimum": 1, "target": 1}
            for v in ("v", "w")
        ],
        cadres=[
            {"id": "c1", "home_region": "C", "roles": "first_secretary"},
            {"id": "c2", "home_region": "C", "roles": "first_secretary"},
            {"id": "c3", "home_region": "C", "roles": "first_secretary", "available_from": date(2018, 1, 1)},
        ],
    )


def test_a_village_names_who_came_and_who_else_could() -> None:
    seen = context(CADRES, two_villages(), posting_area="off")
    outcome = solve(CADRES, seen)
    (told,) = CADRES.explain(seen, outcome.tables, ("v",))
    chosen = [o for o in told.options if o.chosen]
    others = [o for o in told.options if not o.chosen]
    assert len(chosen) == 1 and len(others) == 1
    assert {chosen[0].what.en[:2], others[0].what.en[:2]} == {"c1", "c2"}
    assert others[0].note.en == "goes to 远村"
    assert chosen[0].note.en == "" and chosen[0].rules == ()  # nobody is in a minimum term
    for option in told.options:
        assert sum(option.terms.values()) == pytest.approx(option.total, abs=1e-9)


def test_a_village_says_who_is_there_for_the_minimum_term() -> None:
    there = {"cadre": "c1", "village": "v", "post": "lead", "since": date(2016, 6, 1)}
    seen = context(
        CADRES, two_villages().with_frames({"postings": frame("postings", [there])}), posting_area="off"
    )
    outcome = solve(CADRES, seen)
    (told,) = CADRES.explain(seen, outcome.tables, ("v",))
    (chosen,) = (o for o in told.options if o.chosen)
    assert chosen.what.en == "c1 (lead)" and chosen.note.en == "in the minimum term: stays"
    assert chosen.rules == ("minimum_term_years",)


def test_terms_of_a_cadre_add_up_and_the_alternative_is_the_other_village() -> None:
    seen = context(CADRES, two_villages(), posting_area="off")
    outcome = solve(CADRES, seen)
    (told,) = CADRES.explain(seen, outcome.tables, ("c1",))
    assert {o.what.en for o in told.options} == {"近村/lead", "远村/lead"}
    for option in told.options:
        assert sum(option.terms.values()) == pytest.approx(option.total, abs=1e-9)
    far = next(o for o in told.options if o.what.en == "远村/lead")
    assert far.terms["distance"] == pytest.approx(
        11.12, abs=0.01
    )  # one degree of latitude, a point per 10 km


def test_someone_who_is_not_available_is_told_so() -> None:
    seen = context(CADRES, two_villages(), posting_area="off")
    outcome = solve(CADRES, seen)
    (told,) = CADRES.explain(seen, outcome.tables, ("c3",))
    assert told.said.en == "c3 is posted nowhere: not available (cadres.availability)"


def test_money_lists_the_next_yuan_that_is_worth_most_first() -> None:
    values: dict[str, Any] = {**PLAIN, "return_steps": {"0.5": 1.0, "1.0": 0.5}}
    net = two_counties(needs=[need("a", "industry", 100), need("a", "health", 60)], fund_budgets=[
        {"source": "g", "year": 2017, "amount": 110, "carry_over_max": 0.0}])  # fmt: skip
    seen = context(FUNDS, net, **values)
    outcome = solve(FUNDS, seen)
    (told,) = FUNDS.explain(seen, outcome.tables, ("a",))
    assert sum(o.total for o in told.options) == 110
    worths = [o.terms["next_yuan_worth"] for o in told.options]
    assert worths == sorted(worths, reverse=True)
    assert worths[0] == 0.5  # the first steps (50 and 30) are full: what is left is worth half
    assert "110 yuan of a need of 160" in told.what.en


def test_a_source_names_who_gets_most() -> None:
    seen = context(FUNDS, two_counties(), **PLAIN)
    outcome = solve(FUNDS, seen)
    (told,) = FUNDS.explain(seen, outcome.tables, ("g",))
    assert sum(o.total for o in told.options) == 100
