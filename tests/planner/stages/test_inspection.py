"""Inspection: each rule bites and then does not."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest

from graph.schema import RESULTS
from planner.stages.inspection import STAGE
from planner.stages.inspection.model import balance_caps, find_work
from tests.planner.inspection_land import (
    BASE,
    FEW,
    TAGS,
    TEAMS,
    UNITS,
    counted,
    decide,
    related,
    sent,
)
from tests.planner.tiny import context, network


def test_every_region_is_inspected_in_the_year_after_the_assessment() -> None:
    outcome = decide(**FEW)
    assert outcome.status == "OPTIMAL" and {p for _, p in sent(outcome)} == {"A", "B", "C"}
    assert outcome.tables["inspections"]["year"].unique().to_list() == [2017]
    assert decide(**FEW, year=2019).tables["inspections"]["year"].unique().to_list() == [2019]


def test_kinds_by_last_assessment() -> None:
    """The two categories that are called in get a tour, all others a check."""
    every = {**FEW, "kinds": ["check", "tour"], "counties_per_visit": {"check": 1, "tour": 1}}
    rows = decide(**{**every, "tour_categories": ["talk_deputy", "talk_principal"]}).tables["inspections"]
    assert {(k, r[0]) for k, r in rows.select("kind", "region").iter_rows()} == {
        ("check", "A"),
        ("tour", "B"),
        ("check", "C"),
    }
    off = decide(**every).tables["inspections"]
    assert set(off["kind"]) == {"check"}


def test_all_six_kinds_take_place() -> None:
    outcome = decide(visits_per_county="off", no_repeat="off", balance_tolerance="off", no_reciprocal="off")
    assert set(outcome.tables["inspections"]["kind"]) == {
        "check", "tour", "cross_check", "third_party", "fund_review", "unannounced"
    }  # fmt: skip


def test_an_unknown_kind_is_named() -> None:
    declared = {s.key: s for s in STAGE.settings}
    for key, value in (("kinds", ["chekc"]), ("team_size", {"chekc": 2}), ("led_by", ["check>units"])):
        told = declared[key].problem(value)
        assert told is not None and "is none of" in told.en


def test_no_own() -> None:
    """Nearest is one's own: only the rule keeps a team away from home."""
    teams = {"inspection_teams": TEAMS[:3]}
    assert all(team[1] != place for team, place in sent(decide(teams, **FEW)))
    assert sent(decide(teams, **FEW, no_own="off")) == {("tA", "A"), ("tB", "B"), ("tC", "C")}


def test_no_paired_from_the_graph_and_from_the_plan() -> None:
    only = {"inspection_teams": [TEAMS[0], TEAMS[3]]}
    tie = related("east_west", "A1", "B2")  # a city of A supports a county of B
    assert ("tA", "B") in sent(decide(only, **FEW))
    assert ("tA", "B") not in sent(decide({**only, **tie}, **FEW))
    assert ("tA", "B") in sent(decide({**only, **tie}, **FEW, no_paired="off"))
    assert ("tA", "B") not in sent(
        decide({**only, **related("county_pair", "B1", "A1")}, **FEW)
    )  # either way
    row = {
        "stage": "pairing",
        "supporter": "A",
        "recipient": "B",
        "cost": 0.0,
        "load": 0,
        "terms": "{}",
        "kind": "east_west",
    }
    planned = {"pairs": pl.DataFrame([row], schema=RESULTS["pairs"].dtypes)}
    assert ("tA", "B") not in sent(decide(only, decided=planned, **FEW))


def test_an_ended_pair_is_no_conflict() -> None:
    from datetime import date

    tie = related("east_west", "A", "B")
    tie["relations"][0]["until"] = date(2016, 12, 31)
    assert ("tA", "B") in sent(decide({"inspection_teams": [TEAMS[0], TEAMS[3]], **tie}, **FEW))


@pytest.mark.parametrize(
    ("rule", "kind", "place"),
    [
        ("no_designated", "designated", "C1"),
        ("no_designated", "village_unit", "C1v1"),
        ("no_supervising", "supervision", "C"),
    ],
)
def test_no_designated_and_no_supervising(rule: str, kind: str, place: str) -> None:
    only = {"inspection_teams": TEAMS[3:], **related(kind, "u1", place)}
    assert ("u1", "C") not in sent(decide(only, **FEW))
    assert ("u1", "C") in sent(
        decide({"inspection_teams": TEAMS[3:4], **related(kind, "u1", place)}, **FEW, **{rule: "off"})
    )


def test_no_reciprocal_within_the_year() -> None:
    """With provincial teams only, A and B would inspect each other; a ring of three is the way out."""
    teams = {"inspection_teams": TEAMS[:3]}
    ring = sent(decide(teams, **FEW))
    ways = {(team[1], place) for team, place in ring}
    assert not any((b, a) in ways for a, b in ways)
    free = {
        (team[1], place)
        for team, place in sent(decide(teams, **FEW, no_reciprocal="off", teams_per_visit=[1, 1]))
    }
    assert any((b, a) in free for a, b in free)


def test_no_reciprocal_after_last_year() -> None:
    """B's team was in A last year, so A's team does not go to B."""
    before = {"inspection_visits": [{"team": "tB", "region": "A2", "year": 2016, "kind": "check"}],
              "inspection_teams": [*TEAMS[:2], TEAMS[3]]}  # fmt: skip
    assert ("tA", "B") not in sent(decide(before, **FEW))
    assert ("tA", "B") in sent(decide(before, **FEW, no_reciprocal="off"))


def test_no_repeat_after_last_year_and_within_the_year() -> None:
    near = {"inspection_teams": [TEAMS[0], TEAMS[3]]}
    before = {"inspection_visits": [{"team": "tA", "region": "B2", "year": 2016, "kind": "check"}]}
    assert ("tA", "B") in sent(decide(near, **FEW))
    assert ("tA", "B") not in sent(decide({**near, **before}, **FEW))
    assert ("tA", "B") in sent(decide({**near, **before}, **FEW, no_repeat="off"))
    old = {"inspection_visits": [{"team": "tA", "region": "B2", "year": 2015, "kind": "check"}]}
    assert ("tA", "B") in sent(decide({**near, **old}, **FEW))
    two = {**FEW, "kinds": ["check", "unannounced"], "counties_per_visit": {"check": 1, "unannounced": 1}}
    units = {"inspection_teams": TEAMS[3:]}
    once = decide(units, **two).tables["inspections"]
    assert once.group_by("team", pl.col("region").str.slice(0, 1)).len()["len"].max() == 1
    twice = decide({"inspection_teams": TEAMS[3:4]}, **two, no_repeat="off").tables["inspections"]
    assert twice.group_by("team", pl.col("region").str.slice(0, 1)).len()["len"].max() == 2


def test_visits_per_county_over_all_kinds() -> None:
    values = {**FEW, "kinds": ["check", "fund_review", "unannounced"], "counties_per_visit": dict.fromkeys(
        ("check", "fund_review", "unannounced"), 2)}  # fmt: skip
    rows = decide(visits_per_county=2, **values).tables["inspections"]
    assert rows["region"].value_counts()["count"].max() == 2 and rows.height == 18
    assert (
        decide(visits_per_county="off", seed=3, **values)
        .tables["inspections"]["region"]
        .value_counts()["count"]
        .max()
        == 3
    )
    assert "no county left to inspect" in counted(visits_per_county=1, **values)


def test_visits_already_made_count() -> None:
    made = {
        "inspection_visits": [{"team": "u2", "region": f"A{i}", "year": 2017, "kind": "tour"} for i in (1, 2)]
    }
    rows = decide(made, visits_per_county=1, **FEW).tables["inspections"]
    assert rows.filter(pl.col("region").str.starts_with("A"))["region"].to_list() == ["A3"]


def test_a_short_sample_is_said() -> None:
    values = {**FEW, "counties_per_visit": {"check": 9}}
    outcome = decide(**values)
    assert "3 visits sample fewer counties than set" in outcome.warnings[0].en
    assert decide(**FEW).warnings == []


def test_team_size() -> None:
    small = {"inspection_teams": [{**TEAMS[0], "size": 3}, TEAMS[3]]}
    assert {t for t, _ in sent(decide(small, **FEW))} == {"u1"}
    assert "tA" in {t for t, _ in sent(decide(small, **FEW, team_size="off"))}
    assert "3 visits have no team that may make them: Province A (check)" in counted(
        {"inspection_teams": [{**TEAMS[3], "size": 3}]}, **FEW
    )


def test_led_by() -> None:
    assert {t for t, _ in sent(decide(**{**FEW, "led_by": ["check>unit"]}))} <= {"u1", "u2"}
    assert {t for t, _ in sent(decide(**{**FEW, "led_by": ["check>region"]}))} <= {"tA", "tB", "tC"}
    local = {"units": [{**UNITS[0], "kind": "province_unit"}, UNITS[1]]}  # its home leads it
    assert {t for t, _ in sent(decide(local, **{**FEW, "led_by": ["check>unit"]}))} == {"u2"}


def test_team_days() -> None:
    """Each visit takes 3 days and some on the way: with 9 days u1 cannot make all three."""
    short = {
        "inspection_teams": [{**TEAMS[3], "days_max": 11}, {**TEAMS[4], "home_region": "C", "days_max": 60}]
    }
    assert len({t for t, _ in sent(decide(short, **FEW))}) == 2
    values = {**FEW, "no_own": "off"}
    one = {"inspection_teams": [{**TEAMS[3], "days_max": 11}]}
    assert "the 1 team can spend 11 days in all, but the 3 visits need at least 12 days" in counted(
        one, **values
    )
    assert len(sent(decide(one, **values, team_days="off"))) == 3


def test_days_follow_households_size_and_travel() -> None:
    """3 villages × 10 households at 8 people × 1 a day: 4 days; and a day there and back."""
    values = {**FEW, "villages_per_county": {"check": 3}, "households_per_person_day": 1.0}
    rows = decide({"inspection_teams": TEAMS[3:4]}, **values).tables["inspections"]
    assert set(rows["days"]) == {5}
    slow = decide({"inspection_teams": TEAMS[3:4]}, **values, travel_km_per_day=100.0).tables["inspections"]
    assert min(slow["days"]) > 5


def test_balance() -> None:
    """C's centre is nearest to u2's home; balance makes u1 share the work."""
    two = {"inspection_teams": [TEAMS[3], {**TEAMS[4], "home_region": "Z"}]}
    values = {**FEW, "no_own": "off"}
    loose = decide(two, **values)
    even = decide(two, **{**values, "balance_tolerance": 0.4})
    assert max(Counter(t for t, _ in sent(even)).values()) == 2
    assert loose.objective == even.objective  # same home: balance costs nothing here
    tight = {**values, "balance_tolerance": 0.0, "no_repeat": "off"}
    assert decide(two, **tight).status == "INFEASIBLE"  # three equal visits cannot be halved


def test_a_rule_of_independence_that_is_off_lowers_no_cap() -> None:
    """Nearer teams may go then: the share of work that falls to each must not shrink with it."""
    rules = (
        "no_own",
        "no_paired",
        "no_designated",
        "no_supervising",
        "no_reciprocal",
        "no_repeat",
        "led_by",
        "team_size",
    )
    values = {**FEW, "balance_tolerance": 0.0}
    asked = context(STAGE, network(**BASE), **values)
    strict = balance_caps(asked, find_work(asked))
    for rule in rules:
        seen = context(STAGE, network(**BASE), **{**values, rule: "off"})
        np.testing.assert_array_equal(balance_caps(seen, find_work(seen)), strict)
    assert (strict >= find_work(asked).days.max(axis=1)).all()


def test_teams_per_visit() -> None:
    assert len(sent(decide(**{**FEW, "teams_per_visit": [2, 2]}))) == 6
    assert len(sent(decide(**FEW))) == 3
    assert decide(**{**FEW, "teams_per_visit": "off"}).objective == 0


def test_language_and_travel_weights() -> None:
    tags = [*TAGS, *({"region": f"C{i}", "tag": "language:yi"} for i in (1, 2, 3))]
    spoken = [{**TEAMS[3], "languages": "tibetan;yi"}, TEAMS[4]]
    net = {"region_tags": tags, "inspection_teams": spoken}
    assert ("u1", "C") in sent(decide(net, **FEW, language_weight=5.0))
    lost = decide({**net, "inspection_teams": TEAMS[4:]}, **FEW, language_weight=5.0).tables["inspections"]
    assert '"language":5000' in "".join(lost["terms"])
    off = decide({**net, "inspection_teams": TEAMS[4:]}, **FEW, language_weight="off", travel_weight="off")
    assert set(off.tables["inspections"]["terms"]) == {"{}"} and off.objective == 0


def test_what_keeps_every_team_away_is_named_and_no_rule_beside_it() -> None:
    """tA comes from A and may not go there; tB is too small: both rules are needed, and the days of teams say nothing."""
    teams = {"inspection_teams": [{**TEAMS[0], "days_max": 1}, {**TEAMS[1], "size": 3}]}
    few = {**FEW, "team_size": {"check": 4}}
    told = counted(teams, **few)
    assert "1 visit has no team that may make it: Province A (check)" in told
    assert (
        "(rules: teams_per_visit, no_own, team_size)" in told
        or "(rules: teams_per_visit, team_size, no_own)" in told
    )
    assert "days" not in told
    assert "no team" not in counted(teams, **few, no_own="off")
    assert "no team" not in counted({"inspection_teams": [TEAMS[0], TEAMS[1]]}, **few)


def test_days_name_the_rules_that_leave_too_few_teams() -> None:
    """tA is too small, so u1 goes alone, and its 10 days are too few; were tA large enough, days would suffice."""
    teams = {"inspection_teams": [{**TEAMS[0], "size": 3}, {**TEAMS[3], "days_max": 10}]}
    few = {**FEW, "team_size": {"check": 4}}
    assert "days_per_county, team_size)" in counted(teams, **few)
    assert counted({"inspection_teams": [TEAMS[0], {**TEAMS[3], "days_max": 10}]}, **few) == ""
    assert "days_per_county)" in counted({"inspection_teams": [{**TEAMS[3], "days_max": 10}]}, **few)
