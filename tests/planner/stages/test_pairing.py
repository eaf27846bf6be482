"""Pairing: each rule bites and then does not."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from graph.errors import ScenarioError
from planner.stages.pairing import STAGE
from tests.planner.pairing_land import (
    ETHNIC,
    FACTS,
    FREE,
    HELD,
    PREFECTURE,
    REGIONS,
    TAGS,
    decide,
    loads,
    pairs,
    tables,
)
from tests.planner.tiny import context, network


def test_pairs_in_force_stay_where_nothing_forces_a_change() -> None:
    assert decide(county_pairs="off").status == "OPTIMAL"
    outcome = decide()
    assert pairs(outcome) == {("E1", "W1"), ("E2", "W2")}
    assert loads(outcome) == {("E1", "W1"): 300, ("E2", "W2"): 100}


def test_cost_by_hand() -> None:
    """Distance weight 0: E1–W1 in force costs nothing but need; E2–W2 has full need × weakness 2/3."""
    weights = {"distance_weight": 0.0, "language_weight": 0.0, "industry_weight": 0.0, "need_weight": 3.0}
    outcome = decide(county_pairs="off", **weights)
    terms = dict(outcome.tables["pairs"].select("supporter", "terms").iter_rows())
    assert terms == {"E1": "{}", "E2": '{"need":1000}'}  # 3 × 0.5 (incidence unknown) × (1 − 100/300)


def test_cover_recipients() -> None:
    free = {**FREE, "change_weight": 50.0}
    assert pairs(decide(**{**free, "cover_recipients": True})) == {("E1", "W1"), ("E2", "W2")}
    assert pairs(decide(**free)) == set()


def test_partners_per_recipient() -> None:
    assert len(pairs(decide(partners_per_recipient=[2, 2], partners_per_supporter=[1, 4]))) == 4
    assert len(pairs(decide(partners_per_recipient=[1, 2]))) == 2


def test_partners_per_supporter() -> None:
    assert ("E2", "W1") in pairs(decide(partners_per_supporter=[2, 4]))
    loose = {"partners_per_supporter": [0, 4], "changes_max": "off", "change_weight": 0.0, "tie_weight": 0.0}
    # without a least number of partners the nearer E2 takes both
    assert pairs(decide(fair_load_tolerance="off", **loose)) == {("E2", "W1"), ("E2", "W2")}


def test_fair_load() -> None:
    """E1 has three quarters of the strength: with no tolerance it must carry exactly 300 of 400."""
    far = {"partners_per_supporter": [0, 4], "change_weight": 0.0, "tie_weight": 0.0, "changes_max": "off"}
    exact = decide(fair_load_tolerance=0.0, **far)
    assert sum(n for (s, _), n in loads(exact).items() if s == "E1") == 300
    assert {s for s, _ in pairs(decide(fair_load_tolerance="off", **far))} == {"E2"}


def test_least_part() -> None:
    """Two partners each carry the least part; without the rule one of them may carry nobody."""
    both = {"partners_per_recipient": [2, 2], "fair_load_tolerance": 0.0}
    assert min(loads(decide(least_part=0.2, **both)).values()) >= 20
    tight = decide(least_part=0.5, partners_per_recipient=[2, 2], fair_load_tolerance=1.0)
    assert set(loads(tight).values()) == {150, 50}
    assert decide(least_part=0.5, **both).status == "INFEASIBLE"  # halves give E2 200, its fair share is 100


def test_changes_max() -> None:
    swap = {"pins": ["E1>W2"], "partners_per_recipient": [1, 1]}
    outcome = decide(changes_max=1, **swap)
    assert outcome.status == "INFEASIBLE"
    assert any("changes_max" in c.en for c in outcome.clashes)
    assert ("E1", "W2") in pairs(decide(changes_max=4, fair_load_tolerance="off", **swap))


def test_no_change_at_all_is_a_rule_and_not_an_absent_one() -> None:
    outcome = decide(changes_max=0, change_weight=0.0, tie_weight=0.0, partners_per_supporter=[0, 4])
    assert pairs(outcome) == {("E1", "W1"), ("E2", "W2")}


def test_pins_and_bans() -> None:
    assert ("E2", "W1") in pairs(decide(pins=["E2>W1"]))
    assert ("E2", "W1") not in pairs(decide())
    assert ("E2", "W2") not in pairs(decide(bans=["E2>W2"], fair_load_tolerance="off"))


def test_unknown_pin_and_unknown_list_entry_are_errors() -> None:
    with pytest.raises(ScenarioError, match="pins"):
        decide(pins=["E2>nowhere"])
    with pytest.raises(ScenarioError, match="supporters_list"):
        decide(supporters_list=["nowhere"])


def test_sides_are_by_tag_and_list_not_by_wealth() -> None:
    rich = [*FACTS, {"region": "W1", "year": 2016, "measure": "fiscal_revenue", "value": 1e6}]
    assert {s for s, _ in pairs(decide(tables(region_facts=rich)))} == {"E1", "E2"}
    listed = decide(tables(region_tags=TAGS[1:]), supporters_list=["E1"])
    assert {s for s, _ in pairs(listed)} == {"E1", "E2"}
    alone = decide(tables(region_tags=TAGS[1:]), changes_max="off", fair_load_tolerance="off")
    assert {s for s, _ in pairs(alone)} == {"E2"}


def test_recipients_in_force() -> None:
    untagged = [t for t in TAGS if t["tag"] != "east_west_recipient"]
    assert {r for _, r in pairs(decide(tables(region_tags=untagged)))} == {"W1", "W2"}
    nothing = decide(tables(region_tags=untagged), recipients_in_force=False)
    assert nothing.tables["pairs"].is_empty() and "no recipients" in nothing.warnings[0].en
    seen = context(STAGE, network(**tables(region_tags=[])))
    assert "2 recipients, but no supporter at all" in STAGE.count(seen)[0].en


def test_autonomous_prefectures_are_always_covered() -> None:
    outcome = decide(tables(regions=PREFECTURE, region_tags=ETHNIC), fair_load_tolerance="off")
    assert "W3p" in {r for _, r in pairs(outcome)}
    off = decide(tables(regions=PREFECTURE, region_tags=ETHNIC), cover_ethnic="off")
    assert "W3p" not in {r for _, r in pairs(off)}
    even_so = {
        **FREE,
        "cover_ethnic": True,
        "change_weight": 50.0,
    }  # coverage of the list is off, this one is not
    outcome = decide(tables(regions=PREFECTURE, region_tags=ETHNIC), **even_so)
    assert {r for _, r in pairs(outcome)} == {"W3p"}


@pytest.mark.parametrize("through", ["W3p", "W3", "W3x"])
def test_counterpart_support_covers_a_prefecture_and_is_shown(through: str) -> None:
    """Its own, its province's, or that of all its counties; shown without cost, not reassigned."""
    help_ = [*HELD, {"id": "3", "kind": "counterpart", "supporter": "E1", "recipient": through}]
    outcome = decide(tables(regions=PREFECTURE, region_tags=ETHNIC, relations=help_))
    assert pairs(outcome, "counterpart") == {("E1", through)}
    assert pairs(outcome) == {("E1", "W1"), ("E2", "W2")}
    shown = outcome.tables["pairs"].filter(pl.col("kind") == "counterpart")
    assert shown.select("cost", "load").row(0) == (0.0, 0)


def test_counterpart_is_reassigned_only_where_asked() -> None:
    help_ = [*HELD, {"id": "3", "kind": "counterpart", "supporter": "E1", "recipient": "W3"}]
    given_tables = tables(regions=PREFECTURE, relations=help_)
    outcome = decide(given_tables, reassign_counterpart=True, bans=["E1>W3"], fair_load_tolerance="off")
    assert pairs(outcome, "counterpart") == {("E2", "W3")}


def test_a_prefecture_is_covered_through_all_of_its_listed_counties() -> None:
    """As Kizilsu is when its four counties' counterpart support is decided anew."""
    help_ = [*HELD, {"id": "3", "kind": "counterpart", "supporter": "E1", "recipient": "W3x"}]
    given_tables = tables(regions=PREFECTURE, region_tags=ETHNIC, relations=help_)
    outcome = decide(given_tables, reassign_counterpart=True, fair_load_tolerance="off")
    assert {r for _, r in pairs(outcome, "counterpart") | pairs(outcome)} == {"W1", "W2", "W3x"}
    free = {**FREE, "cover_ethnic": True, "change_weight": 50.0, "reassign_counterpart": True}
    outcome = decide(given_tables, **free)
    assert pairs(outcome, "counterpart") == {("E1", "W3x")} and pairs(outcome) == set()


def test_county_pairs_stay_inside_their_parents_pair() -> None:
    outcome = decide()
    assert pairs(outcome, "county_pair") <= {
        ("E1a", "W1a"),
        ("E1a", "W1b"),
        ("E1b", "W1a"),
        ("E1b", "W1b"),
        ("E2a", "W2a"),
    }
    assert {r for _, r in pairs(outcome, "county_pair")} == {"W1a", "W1b", "W2a"}
    assert pairs(decide(county_pairs="off"), "county_pair") == set()


def test_the_more_specific_supporter_keeps_its_counties() -> None:
    """A city E1c inside E1 supports W2: its county is not used by E1's pair with W1."""
    regions = [
        *REGIONS,
        {"code": "E1c", "name": "city", "level": "prefecture", "parent": "E1", "lon": 119.0, "lat": 30.0},
        {"code": "E1d", "name": "district", "level": "county", "parent": "E1c", "lon": 111.0, "lat": 30.1},
    ]
    tags = [*TAGS, {"region": "E1c", "tag": "supporter"}]
    relations = [HELD[0], {"id": "3", "kind": "east_west", "supporter": "E1c", "recipient": "W2"}, HELD[1]]
    given_tables = tables(regions=regions, region_tags=tags, relations=relations)
    outcome = decide(given_tables, county_partners_per_recipient=[1, 3], fair_load_tolerance="off")
    assert ("E1c", "W2") in pairs(outcome)
    assert {r for s, r in pairs(outcome, "county_pair") if s == "E1d"} <= {"W2a"}
    assert {s for s, r in pairs(outcome, "county_pair") if r in ("W1a", "W1b")} <= {"E1a", "E1b"}


def test_a_supporter_without_counties_stands_for_itself() -> None:
    regions = [r for r in REGIONS if r["code"] != "E2a"]
    assert ("E2", "W2a") in pairs(decide(tables(regions=regions)), "county_pair")


def test_places_without_any_county_are_paired_all_the_same() -> None:
    regions = [r for r in REGIONS if r["level"] == "province"]
    outcome = decide(tables(regions=regions, region_tags=TAGS[:4], region_facts=[]))
    assert pairs(outcome) == {("E1", "W1"), ("E2", "W2")} and pairs(outcome, "county_pair") == set()
    assert set(loads(outcome).values()) == {1}  # no figure at all: each counts one


def test_a_missing_figure_is_shared_from_above() -> None:
    """W1's 300 by poor counties: its city W1c holds one of three."""
    regions = [
        *REGIONS,
        {"code": "W1c", "name": "city", "level": "prefecture", "parent": "W1", "lon": 110.0, "lat": 30.0},
        {"code": "W1d", "name": "district", "level": "county", "parent": "W1c", "lon": 110.0, "lat": 30.1},
    ]
    tags = [
        *TAGS,
        {"region": "W1c", "tag": "east_west_recipient"},
        {"region": "W1d", "tag": "poor_county_832"},
    ]
    outcome = decide(
        tables(regions=regions, region_tags=tags), fair_load_tolerance="off", partners_per_recipient=[1, 1]
    )
    assert {r: n for (_, r), n in loads(outcome).items()} == {"W1": 200, "W1c": 100, "W2": 100}


def test_loads_leave_out_a_more_specific_recipient() -> None:
    """W1a, listed beside its province W1, takes its 200 poor people out of W1's 300."""
    tags = [*TAGS, {"region": "W1a", "tag": "east_west_recipient"}]
    outcome = decide(tables(region_tags=tags), fair_load_tolerance="off", partners_per_recipient=[1, 1])
    assert {r: n for (_, r), n in loads(outcome).items()} == {"W1": 100, "W1a": 200, "W2": 100}


def test_county_partners_per_recipient() -> None:
    two = pairs(
        decide(county_partners_per_recipient=[2, 2], bans=[], pins=["E1>W2"], county_bans=[]), "county_pair"
    )
    assert sorted(r for _, r in two) == ["W1a", "W1a", "W1b", "W1b", "W2a", "W2a"]
    assert len(pairs(decide(), "county_pair")) == 3


def test_county_partners_per_supporter_and_the_first_model_foresees_it() -> None:
    """E2 has one county: with one partner each it cannot serve W1's two, so the first model does not try."""
    values = {"county_partners_per_supporter": [0, 1], "fair_load_tolerance": "off", "changes_max": "off"}
    near = {"change_weight": 0.0, "tie_weight": 0.0, "partners_per_recipient": [1, 1]}
    outcome = decide(**values, **near)
    assert pairs(outcome) == {("E1", "W1"), ("E2", "W2")}
    loose = decide(
        **{**values, "county_partners_per_supporter": [0, 9]}, partners_per_supporter=[0, 9], **near
    )
    assert pairs(loose) == {("E2", "W1"), ("E2", "W2")}


def test_county_pins_and_bans() -> None:
    free = {"fair_load_tolerance": "off", "changes_max": "off"}
    outcome = decide(county_pins=["E2a>W1b"], **free)
    assert ("E2", "W1") in pairs(outcome) and ("E2a", "W1b") in pairs(outcome, "county_pair")
    near = pairs(decide(), "county_pair")
    banned = next(f"{s}>{r}" for s, r in sorted(near) if r == "W1a")
    assert tuple(banned.split(">")) not in pairs(decide(county_bans=[banned]), "county_pair")
    with pytest.raises(ScenarioError, match="county_bans"):
        decide(county_bans=["W1a>E1a"])


@pytest.mark.parametrize(
    ("weight", "term", "more"),
    [
        ("distance_weight", "distance", {}),
        ("need_weight", "need", {}),
        ("language_weight", "language", {"region_tags": [*TAGS, {"region": "W1a", "tag": "language:yi"}]}),
        ("industry_weight", "industry", {"region_tags": [*TAGS, {"region": "W1a", "tag": "industry:tea"}]}),
    ],
)
def test_each_weight_shows_in_the_terms_and_can_be_switched_off(
    weight: str, term: str, more: dict[str, Any]
) -> None:
    assert term in "".join(decide(tables(**more), **{weight: 1.0}).tables["pairs"]["terms"])
    assert term not in "".join(decide(tables(**more), **{weight: "off"}).tables["pairs"]["terms"])


def test_change_and_tie_are_charged_for_new_pairs_only() -> None:
    outcome = decide(pins=["E2>W1"], change_weight=7.0, tie_weight=2.0)
    terms = {
        (s, r): t for s, r, t in outcome.tables["pairs"].select("supporter", "recipient", "terms").iter_rows()
    }
    assert '"change":7000' in terms["E2", "W1"] and '"tie":2000' in terms["E2", "W1"]
    assert "change" not in terms["E1", "W1"] and "tie" not in terms["E1", "W1"]
    tied = [*HELD, {"id": "3", "kind": "county_pair", "supporter": "E2a", "recipient": "W1b"}]
    outcome = decide(tables(relations=tied), pins=["E2>W1"], change_weight=7.0, tie_weight=2.0)
    terms = {
        (s, r): t for s, r, t in outcome.tables["pairs"].select("supporter", "recipient", "terms").iter_rows()
    }
    assert "tie" not in terms["E2", "W1"]


@pytest.mark.parametrize("tolerance", ["off", 1.25, 1_000_000])
def test_a_clash_of_cover_and_changes_is_not_blamed_on_the_fair_load(tolerance: Any) -> None:
    """Nobody is paired yet, both must be, and no change is allowed."""
    values = {
        "changes_max": 0,
        "fair_load_tolerance": tolerance,
        "county_pairs": "off",
        "cover_ethnic": False,
        "partners_per_supporter": "off",
        "partners_per_recipient": "off",
    }
    outcome = decide(tables(relations=[]), **values)
    told = " ".join(c.en for c in outcome.clashes)
    assert outcome.status == "INFEASIBLE"
    assert "cover_recipients" in told and "changes_max" in told and "fair_load_tolerance" not in told
