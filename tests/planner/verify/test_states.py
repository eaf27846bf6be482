"""Binding and slack as the glossary defines them: what forbids something binds, what forbids nothing has room."""

from __future__ import annotations

from typing import Any

import pytest

from planner.stages.designation import STAGE as DESIGNATION
from planner.stages.exit import STAGE as EXIT
from planner.stages.funds import STAGE as FUNDS
from planner.stages.inspection import STAGE as INSPECTION
from planner.verify import cadres, designation, exit, funds, inspection
from planner.verify.outcome import RuleState, StageCheck
from tests.planner import cadre_land, exit_land, inspection_land, tiny
from tests.planner.cadre_land import cadre, first
from tests.planner.money_land import PLAIN, need, two_counties


def by_rule(check: StageCheck) -> dict[str, RuleState]:
    assert not check.broken
    return {r.rule: r for r in check.rules}


def sent(tables: dict[str, Any], **values: Any) -> dict[str, RuleState]:
    given = {**inspection_land.BASE, **tables}
    seen = tiny.context(INSPECTION, tiny.network(**given), **{**inspection_land.FEW, **values})
    return by_rule(inspection.check(tiny.resolved(INSPECTION, seen), tiny.solve(INSPECTION, seen).tables, {}))


def posted(people: Any, posts: Any, tables: Any = (), **values: Any) -> dict[str, str]:
    given = {"regions": cadre_land.REGIONS, "cadres": people, "village_posts": posts, **dict(tables)}
    seen = tiny.context(cadre_land.STAGE, tiny.network(**given), **{**cadre_land.PLAIN, **values})
    outcome = tiny.solve(cadre_land.STAGE, seen)
    found = cadres.check(tiny.resolved(cadre_land.STAGE, seen), outcome.tables, outcome.certificates)
    return {rule: state.state for rule, state in by_rule(found).items()}


def test_two_regions_that_might_inspect_each_other() -> None:
    """The rule shapes the plan although nobody inspected anybody last year; switching it off changes the plan."""
    teams = {"inspection_teams": inspection_land.TEAMS[:3]}
    told = sent(teams)["no_reciprocal"]
    assert (told.state, told.tightest.en) == (
        "binding",
        "shuts out 0 team–region choices and 6 pairs of visits",
    )
    assert "tA>B" in told.at
    assert sent({"inspection_teams": inspection_land.TEAMS[3:]})["no_reciprocal"].state == "slack"


def test_one_team_that_might_go_somewhere_twice() -> None:
    twice = {"kinds": ["check", "third_party"], "counties_per_visit": {"check": 1, "third_party": 1}}
    told = sent({}, **twice)["no_repeat"]
    assert told.state == "binding" and told.tightest.en.startswith("shuts out 0 team–region choices and ")
    assert sent({})["no_repeat"].state == "slack"


def test_a_choice_that_another_rule_shuts_out_too_binds_neither() -> None:
    """A team that is too small is kept from its own region by two rules; without one of them it still stays away."""
    small = {"id": "s", "unit": "A", "home_region": "A", "size": 1, "days_max": 60}
    others = {"inspection_teams": [small, *inspection_land.TEAMS[3:]]}
    told = sent(others)
    assert (told["team_size"].state, told["no_own"].state) == ("binding", "slack")
    assert sent(others, team_size="off")["no_own"].state == "binding"


def test_teams_per_visit_has_no_limit_below_one() -> None:
    told = sent({}, teams_per_visit=[0, 2])["teams_per_visit"]
    assert (told.state, told.tightest.en) == ("slack", "0 are at the maximum of 2")


def test_areas_bind_where_somebody_could_serve_outside() -> None:
    assert posted([cadre("a")], [first("v0")])["posting_area"] == "slack"
    assert posted([cadre("a")], [first("v0"), first("v3")])["posting_area"] == "binding"


def test_roles_bind_where_somebody_may_not_lead() -> None:
    assert posted([cadre("a")], [first("v0")])["role_allowed"] == "slack"
    assert posted([cadre("a"), cadre("b", roles="member")], [first("v0")])["role_allowed"] == "binding"


def test_home_counties_bind_where_there_are_posts_in_them() -> None:
    wide = {"posting_area": "province", "avoid_home_county": True}
    assert posted([cadre("a", "b1")], [first("v0")], **wide)["avoid_home_county"] == "slack"
    assert posted([cadre("a")], [first("v0"), first("v2")], **wide)["avoid_home_county"] == "binding"


def test_a_distance_binds_where_a_post_in_the_area_is_too_far() -> None:
    posts = [first("v0"), first("v2")]  # 30 km apart
    assert posted([cadre("a")], posts, distance_max_km=20)["distance_max_km"] == "binding"
    assert posted([cadre("a")], posts, distance_max_km=31)["distance_max_km"] == "slack"


@pytest.mark.parametrize(("value", "state"), [("require", "binding"), ("prefer", "slack")])
def test_a_skill_that_is_required_binds_where_it_keeps_somebody_away(value: str, state: str) -> None:
    people = [cadre("a", skill="law"), cadre("b", skill="health")]
    assert posted(people, [first("v0", skill="law")], skill=value, skill_weight=5.0)["skill"] == state


def test_posts_that_must_be_filled_bind_at_their_minimum() -> None:
    people = [cadre("a"), cadre("b")]
    just = posted(people, [first("v0", tier=1)], must_fill_tier=1)
    more = posted(people, [first("v0", tier=1, target=2)], must_fill_tier=1)
    assert (just["must_fill_tier"], more["must_fill_tier"]) == ("binding", "slack")


def test_suitability_binds_where_it_keeps_a_source_away_though_all_need_is_met() -> None:
    def told(*tags: Any) -> RuleState:
        asked = [need("a", "tourism", 10), need("b", "tourism", 10)]
        net = two_counties(needs=asked, region_tags=[{"region": r, "tag": "suits:tourism"} for r in tags])
        seen = tiny.context(FUNDS, net, **PLAIN)
        outcome = tiny.solve(FUNDS, seen)
        found = funds.check(tiny.resolved(FUNDS, seen), outcome.tables, outcome.certificates)
        return by_rule(found)["suitability"]

    assert (told("a").state, told("a").tightest.en) == (
        "binding", "拨款 may not pay for tourism in 名b, where need is left",
    )  # fmt: skip
    assert told("a", "b").state == "slack"


def test_a_line_binds_where_it_closes_a_year_to_a_county() -> None:
    def told(incidence: float) -> str:
        seen = tiny.context(EXIT, exit_land.land({"a": incidence}), late_weight=0.0, early_weight=9.0)
        outcome = tiny.solve(EXIT, seen)
        return by_rule(exit.check(tiny.resolved(EXIT, seen), outcome.tables, {}))["line"].state

    assert told(0.05) == "binding"  # 2.5 % in the first year
    assert told(0.03) == "slack"


def test_a_ban_on_a_pair_that_is_too_far_forbids_nothing_more() -> None:
    regions = [
        {"code": "A", "name": "Alpha", "lon": 100.0, "lat": 30.0},
        {"code": "H", "name": "Home", "level": "province", "lon": 100.0, "lat": 30.0},
        {"code": "F", "name": "Far", "level": "province", "lon": 110.0, "lat": 30.0},
    ]
    units = [{"id": "u1", "name": "One", "home_region": "H"}, {"id": "u2", "name": "Two", "home_region": "F"}]
    tags = [{"region": "A", "tag": "key_county_592"}]

    def told(**values: Any) -> tuple[str, str]:
        seen = tiny.context(
            DESIGNATION, tiny.network(regions=regions, units=units, region_tags=tags), **values
        )
        outcome = tiny.solve(DESIGNATION, seen)
        states = by_rule(designation.check(tiny.resolved(DESIGNATION, seen), outcome.tables, {}))
        return states["bans"].state, states["distance_max_km"].state

    assert told(bans=["u2>A"]) == ("binding", "off")
    assert told(bans=["u2>A"], distance_max_km=500) == ("slack", "slack")
    assert told(distance_max_km=500) == ("off", "binding")


def test_a_unit_without_room_for_any_further_load_is_full() -> None:
    """Two left where every pair takes three is no room; two left where one takes two is."""

    def told(load: int) -> str:
        scores = [
            {"stage": "designation", "supporter": "u", "recipient": r, "cost": c, "load": n}
            for r, c, n in (("A", 0, 3), ("B", 9, load))
        ]
        scores.append({"stage": "designation", "supporter": "w", "recipient": "B", "cost": 1, "load": 1})
        units = [{"id": "u", "name": "One", "capacity": 5}, {"id": "w", "name": "Two", "capacity": 9}]
        seen = tiny.context(
            DESIGNATION, tiny.network(units=units, pair_scores=scores), objective="scores",
            units_per_county=[1, 1], unit_capacity=True, same_kind_max="off", keep_share="off",
            deep_poverty_strength="off",
        )  # fmt: skip
        outcome = tiny.solve(DESIGNATION, seen)
        return by_rule(designation.check(tiny.resolved(DESIGNATION, seen), outcome.tables, {}))[
            "unit_capacity"
        ].state

    assert told(3) == "binding"
    assert told(2) == "slack"
