"""How villages are staffed: figures that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from graph.network import Network
from graph.questions.posted import posted
from graph.questions.staffing import Staffing, staffing
from graph.questions.team import team
from tests.graph.questions.conftest import DAY, network

BY = date(2017, 12, 31)


@pytest.fixture
def land() -> Network:
    """Two counties of one province: three villages in the first, one in the other; ``mo`` is spoken in the first."""
    made = network(
        regions=[
            {"code": "A", "name": "Alpha", "level": "province"},
            {"code": "A1", "name": "First", "level": "county", "parent": "A"},
            {"code": "A2", "name": "Second", "level": "county", "parent": "A"},
            *({"code": f"A1{x}", "name": f"V{x}", "level": "village", "parent": "A1"} for x in "abc"),
            {"code": "A2a", "name": "W", "level": "village", "parent": "A2"},
        ],
        region_tags=[{"region": "A1", "tag": "language:mo"}],
        units=[{"id": "u", "name": "College"}],
        cadres=[
            {"id": "k1", "unit": "u", "skill": "agriculture", "languages": "mo;zo"},
            {"id": "k2", "unit": "A2", "skill": "health"},
            {"id": "k3", "unit": "u", "skill": "general"},
            {"id": "k4", "unit": "u", "skill": "agriculture", "languages": "mo"},
        ],
        village_posts=[
            {"village": "A1a", "post": "lead", "role": "first_secretary", "skill": "agriculture", "minimum": 1, "target": 1, "tier": 1},
            {"village": "A1a", "post": "team", "skill": "general", "target": 3, "tier": 1},
            {"village": "A1b", "post": "lead", "role": "first_secretary", "skill": "health", "minimum": 1, "target": 1, "tier": 1},
            {"village": "A1c", "post": "lead", "role": "first_secretary", "target": 1, "tier": 2},
            {"village": "A2a", "post": "lead", "role": "first_secretary", "skill": "law", "minimum": 1, "target": 1, "tier": 2},
        ],
        postings=[
            {"cadre": "k1", "village": "A1a", "post": "lead", "role": "first_secretary", "since": date(2015, 6, 1)},
            {"cadre": "k2", "village": "A1a", "post": "team", "since": date(2014, 1, 1)},
            {"cadre": "k3", "village": "A2a", "post": "lead", "role": "first_secretary", "until": date(2018, 3, 1)},
            {"cadre": "k4", "village": "A1b", "post": "lead", "since": date(2015, 1, 1), "until": date(2016, 6, 1)},
        ],
    )  # fmt: skip
    return replace(
        made,
        settings=replace(made.settings, levels=("province", "county", "village")),
    )


def asked(land: Network, planned: pl.DataFrame | None = None, region: str | None = None) -> Staffing:
    """The answer on the day, with a minimum term of two years."""
    return staffing(land, posted(land, DAY, 2, planned), DAY, BY, 2, region)


def test_who_is_posted_has_the_village_the_post_and_the_cadre_beside(land: Network) -> None:
    rows = posted(land, DAY, 2).to_dicts()
    assert [(r["cadre"], r["village_name"], r["county_name"], r["province"]) for r in rows] == [
        ("k1", "Va", "First", "A"), ("k2", "Va", "First", "A"), ("k3", "W", "Second", "A")
    ]  # fmt: skip
    assert [r["due"] for r in rows] == [date(2017, 6, 1), date(2016, 1, 1), date(2018, 3, 1)]
    assert [(r["wanted"], r["skill"], r["unit_name"], r["language"]) for r in rows] == [
        ("agriculture", "agriculture", "College", "mo"), ("general", "health", "Second", "mo"), ("law", "general", "College", None)
    ]  # fmt: skip
    assert {r["change"] for r in rows} == {"stays"}


def test_without_a_minimum_term_only_own_ends_count(land: Network) -> None:
    assert posted(land, DAY, None)["due"].to_list() == [None, None, date(2018, 3, 1)]


def test_the_figures_of_all(land: Network) -> None:
    assert asked(land).whole == {
        "posted": 3, "first_secretaries": 2, "target": 7, "minimum": 3, "filled": 3, "vacant": 4, "villages": 4, "without": 2,
        "must_without": 1, "overdue": 1, "ending": 1, "skill_wanted": 3, "skill_there": 1, "language_wanted": 3, "language_there": 1,
    }  # fmt: skip


def test_tiers_and_areas_add_up_to_all(land: Network) -> None:
    found = asked(land, region="A")
    assert [(t["tier"], t["villages"], t["without"], t["must_without"]) for t in found.tiers] == [(1, 2, 1, 1), (2, 2, 1, 0)]  # fmt: skip
    assert [(a["name"], a["without"], a["vacant"], a["overdue"]) for a in found.areas] == [("First", 2, 4, 1), ("Second", 0, 0, 0)]  # fmt: skip
    for name, figure in found.whole.items():
        assert sum(area[name] for area in found.areas) == figure, name


def test_within_a_region_only_what_lies_in_it(land: Network) -> None:
    found = asked(land, region="A2")
    assert (found.region, found.name, found.whole["posted"], found.whole["villages"]) == (
        "A2",
        "Second",
        1,
        1,
    )
    assert found.languages == ()


def test_terms_by_quarter_skills_and_languages(land: Network) -> None:
    found = asked(land)
    assert [(q["begins"], q["postings"], q["first_secretaries"]) for q in found.quarters] == [
        (date(2016, 1, 1), 1, 0), (date(2017, 4, 1), 1, 1), (date(2018, 1, 1), 1, 1)
    ]  # fmt: skip
    assert [(s["skill"], s["wanted"], s["fitting"], s["people"]) for s in found.skills] == [
        ("health", 1, 0, 1), ("law", 1, 0, 0), ("agriculture", 1, 1, 1)
    ]  # fmt: skip
    assert list(found.languages) == [{"language": "mo", "villages": 3, "fitting": 1, "people": 1}]


def test_a_plan_says_who_stays_comes_and_leaves(land: Network) -> None:
    planned = pl.DataFrame(
        [
            {"cadre": "k1", "village": "A1a", "post": "lead", "role": "first_secretary", "cost": 1.0},
            {"cadre": "k4", "village": "A1b", "post": "lead", "role": "first_secretary", "cost": 2.0},
        ]
    )
    rows = posted(land, DAY, 2, planned)
    assert dict(rows.select("cadre", "change").iter_rows()) == {
        "k1": "stays", "k2": "leaves", "k3": "leaves", "k4": "comes"
    }  # fmt: skip
    whole = asked(land, planned).whole
    assert (whole["posted"], whole["without"], whole["must_without"], whole["overdue"]) == (2, 2, 1, 0)


def test_a_countys_team(land: Network) -> None:
    found = team(land, posted(land, DAY, 2), DAY, BY, "A1")
    assert (found.name, found.above) == ("First", "Alpha")
    seats = [(s["village"], s["post"], s["state"], [p["cadre"] for p in s["people"]]) for s in found.seats]
    assert seats == [
        ("A1a", "lead", "ending", ["k1"]), ("A1a", "team", "partly", ["k2"]), ("A1b", "lead", "vacant", []), ("A1c", "lead", "vacant", [])
    ]  # fmt: skip


def test_who_leaves_does_not_fill_a_seat_and_posts_that_nobody_lists_are_told(land: Network) -> None:
    planned = pl.DataFrame([{"cadre": "k9", "village": "A2a", "post": "new", "role": "member"}])
    found = team(land, posted(land, DAY, 2, planned), DAY, BY, "A2")
    assert [(s["post"], s["state"], s["target"], [p["change"] for p in s["people"]]) for s in found.seats] == [
        ("lead", "vacant", 1, ["leaves"]), ("new", "filled", None, ["comes"])
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["village_posts", "postings", "cadres", "region_tags", "units"])
def test_what_the_network_lacks_is_nothing(land: Network, table: str) -> None:
    less = replace(land, frames={t: f for t, f in land.frames.items() if t != table})
    found: dict[str, Any] = asked(less).to_dict()
    assert found["whole"]["villages"] == (0 if table == "village_posts" else 4)
    team(less, posted(less, DAY, 2), DAY, BY, "A1")
