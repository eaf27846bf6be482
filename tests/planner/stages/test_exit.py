"""Exit: each rule where it bites and where it does not, and a case that can be checked by hand."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graph.errors import ScenarioError
from graph.network import Network, RegionSettings
from graph.schema import RESULTS
from planner.solve import engines
from planner.stage import Limits, WhatIf
from planner.stages.exit import STAGE
from planner.stages.exit.model import find_parts
from planner.stages.exit.pledges import below
from planner.stages.exit.tables import fill_exits
from planner.stages.exit.teams import Short, too_few_teams
from tests.planner import tiny
from tests.planner.exit_land import clashes, fact, land, plan, recheck, see, state, years

RULES = {s.key for s in STAGE.settings if s.rule}


def pledge(region: str, year: int, measure: str, amount: int) -> dict[str, Any]:
    return {"region": region, "year": year, "measure": measure, "amount": amount}


def teams(region: str, *numbers: float) -> list[dict[str, Any]]:
    return [
        {"region": region, "year": 2017 + i, "kind": "verification_team", "value": n}
        for i, n in enumerate(numbers)
    ]


def finding(region: str, **more: Any) -> dict[str, Any]:
    return {"id": "f1", "region": region, "year": 2016, "severity": "severe", "status": "open"} | more


# --- the case by hand: 3 %, 6 % and 12 % halve every year; the line is 2 %, the margin 0.5 % ---


def test_by_hand():
    outcome = plan(land({"a": 0.03, "b": 0.06, "c": 0.12}, deep=["c"]))
    # a: 1.5 % in 2017: margin 0.5 %, no risk. b: 1.5 % in 2018. c: 1.5 % in 2019, one year early in deep poverty: 2
    # points, or 2020: one year late, 3 points.
    assert years(outcome) == {"a": 2017, "b": 2018, "c": 2019}
    assert outcome.objective == outcome.bound == 2000
    rows = {r["region"]: r for r in outcome.tables["exits"].iter_rows(named=True)}
    assert (
        rows["c"]["terms"] == '{"early":2000}'
        and rows["c"]["cost"] == 2.0
        and rows["c"]["incidence"] == 0.015
    )
    assert rows["c"]["announced_year"] == 2020


def test_risk_waits_for_a_margin_and_costs_where_it_cannot():
    small = land({"a": 0.0399})  # 1.995 % in 2017, 0.9975 % in 2018
    assert years(plan(small)) == {"a": 2018}
    assert years(plan(small, late_weight=20.0)) == {"a": 2017}
    assert plan(small, deadline=2017).objective == 9900  # 10 · (1 − 0.005 % / 0.5 %)
    assert years(plan(small, risk_weight="off")) == {"a": 2017}


def test_lateness_and_earliness_pull_in_opposite_directions():
    net = land({"a": 0.03}, deep=["a"])
    assert years(plan(net, late_weight=3.0, early_weight=2.0)) == {"a": 2017}
    assert years(plan(net, late_weight=2.0, early_weight=3.0)) == {"a": 2020}
    assert years(plan(land({"a": 0.03}), late_weight=2.0, early_weight=3.0)) == {"a": 2017}
    assert state(net, "early_weight") == "binding" and state(net, "early_weight", early_weight="off") == "off"


# --- the line, and the standard ---


def test_line_bites():
    net = land({"a": 0.04})  # exactly 2 % in 2017: not under it
    assert years(plan(net, risk_weight=0.0)) == {"a": 2018}
    assert state(net, "line", risk_weight=0.0) == "binding"
    assert years(plan(net, line="off", standard="off")) == {"a": 2017}
    assert years(plan(land({"a": 0.03}), risk_weight=0.0)) == {"a": 2017}
    assert state(land({"a": 0.03}), "line") == "slack"


def test_west_has_a_line_of_its_own_named_by_a_setting():
    net = land({"a": 0.05}, {"w": 0.05})  # 2.5 % in 2017
    assert years(plan(net, risk_weight=0.0)) == {"a": 2018, "w": 2017}
    assert years(plan(net, risk_weight=0.0, west_tag="macro_region=东部")) == {"a": 2018, "w": 2018}
    assert years(plan(net, risk_weight=0.0, west_tag="macro_region")) == {"a": 2018, "w": 2017}
    assert years(plan(net, line_west="off", standard="off")) == {"a": 2018, "w": 2017}


def test_never_under_the_line_is_told_with_names_and_numbers():
    net = land({"a": 0.5, "b": 0.01})
    found = clashes(net, incidence_proxy="recorded")
    assert len(found) == 1
    assert (
        "county a" in found[0]
        and "50.00%" in found[0]
        and "2.00%" in found[0]
        and "line, deadline" in found[0]
    )
    assert plan(net, incidence_proxy="recorded").status == "INFEASIBLE"
    assert clashes(net) == []


@pytest.mark.parametrize(
    "key, value",
    [("line", 0.01), ("line", 0.03), ("line", "off"), ("missed_max", 0.05), ("approval_min", 0.8)],
)
def test_standard_is_neither_lowered_nor_raised_below_the_centre(key: str, value: Any):
    net = land({"a": 0.03})
    found = clashes(net, **{key: value})
    assert len(found) == 1 and key in found[0] and "standard" in found[0]
    assert clashes(net, **{key: value}, planning_level="central") == []
    assert clashes(net, **{key: value}, standard="off") == []
    assert clashes(net) == []


def test_standard_is_never_relaxed():
    never = {s.key for s in STAGE.settings if s.never_relax}
    assert never == {"standard", "keep_after_exit"}


# --- recorded results, findings ---


@pytest.mark.parametrize("rule, measure, bad, good", [
    ("wrongly_exited_max", "wrongly_exited", 0.02, 0.005),
    ("missed_max", "missed", 0.03, 0.005),
    ("approval_min", "approval", 0.89, 0.95),
])  # fmt: skip
def test_recorded_results_are_gates(rule: str, measure: str, bad: float, good: float):
    failed = land({"a": 0.03}, region_facts=[fact("a", measure, bad)])
    assert years(plan(failed)) == {"a": 2018}
    assert state(failed, rule) == "binding"
    assert years(plan(failed, **{rule: "off"}, standard="off")) == {"a": 2017}
    assert years(plan(failed, gate_years=2)) == {"a": 2019}
    passed = land({"a": 0.03}, region_facts=[fact("a", measure, good)])
    assert years(plan(passed)) == {"a": 2017}
    assert state(passed, rule) == "slack"


def test_recorded_results_are_risk_ahead():
    near = land({"a": 0.03}, region_facts=[fact("a", "approval", 0.905)])  # half of the margin of 1 %
    assert plan(near, deadline=2017).objective == 2500
    assert plan(near).objective == 2500  # a year's wait would halve it and cost 3
    assert years(plan(near, results_weight=20.0)) == {
        "a": 2018
    }  # 10 now, 5 + 3 a year later, 2.5 + 6 two years later
    assert plan(near, results_weight="off").objective == 0
    later = land({"a": 0.03}, region_facts=[fact("a", "approval", 0.5, year=2018)])
    assert plan(later).objective == 0  # not known yet


def test_open_severe_finding():
    net = land({"a": 0.03}, findings=[finding("a")])
    assert years(plan(net)) == {"a": 2018}
    assert state(net, "severe_findings") == "binding"
    assert years(plan(net, severe_findings="off")) == {"a": 2017}
    for harmless in ({"status": "closed"}, {"severity": "medium"}):
        assert years(plan(land({"a": 0.03}, findings=[finding("a", **harmless)]))) == {"a": 2017}
    due = land({"a": 0.03}, findings=[finding("a", due=date(2018, 5, 1))])
    assert years(plan(due)) == {"a": 2019}
    assert years(plan(net, finding_days=800)) == {"a": 2020}


def test_finding_in_a_village_holds_its_county():
    net = land({"a": 0.03}, villages={"v": ("a", 0.01)}, findings=[finding("v")])
    assert years(plan(net))["a"] == 2018


# --- time: deadline, steps, announcement ---


def test_deadline():
    net = land({"a": 0.06})  # ready in 2018
    assert years(plan(net, deadline=2018)) == {"a": 2018}
    assert plan(net, deadline=2017).status == "INFEASIBLE"
    assert "deadline" in clashes(net, deadline=2017)[0]
    assert "is over" in clashes(net, deadline=2016)[0]
    free = plan(net, deadline="off", horizon_years=1)
    assert years(free) == {} and free.objective == 0
    left = plan(land({"a": 0.03}), deadline="off", horizon_years=2, risk_weight=0.0, exits_per_team=0.0)
    assert years(left) == {"a": 2017}  # no capacities are given: no limit


def test_left_out_costs_as_if_a_year_after_the_last():
    net = land({"a": 0.03}, capacities=teams("E", 0, 0))
    left = plan(net, deadline="off", horizon_years=2)
    assert years(left) == {} and left.objective == 6000


def test_steps_move_the_announcement():
    net = land({"a": 0.03})
    announced = [plan(net, **v).tables["exits"]["announced_year"].item() for v in (
        {}, {"steps": "off"}, {"steps": {"county": 0}}, {"steps": {"county": 400}})]  # fmt: skip
    assert announced == [2018, 2017, 2017, 2019]


def test_announce_by():
    net = land({"a": 0.03, "b": 0.12})  # b is ready in 2019, announced in 2020
    assert clashes(net, announce_by=2020) == []
    assert "announce_by" in clashes(net, announce_by=2019)[0]
    assert state(net, "announce_by", announce_by=2020) == "binding"
    assert state(net, "announce_by", announce_by=2021) == "slack"


def test_a_clash_of_line_and_announcement_names_both():
    net = land({"a": 0.03, "b": 0.12})  # b: 6 % in 2017, 3 % in 2018, under the line in 2019
    (told,) = clashes(net, announce_by=2018)
    assert "do not get below the line" not in told
    assert (
        "1 county is kept from exiting in every year up to 2020 by line, announce_by together: county b"
        in told
    )
    assert "the results of 2018 are announced in 2019, later than announce_by = 2018" in told
    assert "county b: 6.00% expected in 2017, line 2.00%" in told
    assert told.endswith("(rules: line, announce_by, steps, deadline)")


def test_an_announcement_that_no_year_can_keep_is_told_alone():
    (told,) = clashes(land({"a": 0.03, "w": 0.01}), announce_by=2017)
    assert told.startswith("2 counties cannot exit in any planned year and be announced in time")
    assert "the results of 2017 are announced in 2018, later than announce_by = 2017" in told
    assert "line" not in told.replace("deadline", "")


def test_rules_that_close_the_years_without_the_line():
    """Findings close 2017, the announcement all later years; the line closes 2017 too, but alone no year."""
    findings = [{"id": "f", "region": "b", "severity": "severe", "status": "open", "due": date(2017, 6, 1)}]
    (told,) = clashes(land({"b": 0.06}, findings=findings), announce_by=2018)
    assert "by line, severe_findings, announce_by together" in told and "expected" not in told


# --- numbers: capacity, pace, pledges, pins ---


def test_verification_capacity():
    net = land({"a": 0.03, "b": 0.03, "c": 0.03}, capacities=teams("E", 2, 1, 1, 1))
    assert sorted(years(plan(net, exits_per_team=1.0)).values()) == [2017, 2017, 2018]
    assert state(net, "exits_per_team", exits_per_team=1.0) == "binding"
    assert sorted(years(plan(net, exits_per_team=1.5)).values()) == [2017, 2017, 2017]
    assert sorted(years(plan(net, exits_per_team="off")).values()) == [2017, 2017, 2017]
    assert state(net, "exits_per_team", exits_per_team=9.0) == "slack"


def test_too_few_teams_are_told_in_numbers():
    few = land({"a": 0.03, "b": 0.03, "c": 0.03}, capacities=teams("E", 1, 0, 1, 0))
    found = clashes(few, exits_per_team=1.0)
    assert len(found) == 1 and "2 county exits in 2017–2020" in found[0] and "3 counties" in found[0]
    late = land({"a": 0.03, "b": 0.12}, capacities=teams("E", 3, 3, 0, 0))  # b cannot before 2019
    found = clashes(late, exits_per_team=1.0)
    assert len(found) == 1 and "0 county exits in 2019–2020" in found[0]
    assert clashes(land({"a": 0.03}, capacities=teams("E", 1))) == []  # later years have no limit


def test_pace():
    net = land({"a": 0.01, "b": 0.01, "c": 0.01, "d": 0.01})
    assert sorted(years(plan(net)).values()) == [2017] * 4
    given = {"2017": 1, "2018": 0, "2019": 2, "2020": 1}
    assert sorted(years(plan(net, pace="given", exits_per_year=given)).values()) == [2017, 2019, 2019, 2020]
    assert sorted(years(plan(net, pace="even")).values()) == [2017, 2018, 2019, 2020]
    assert state(net, "pace", pace="even") == "binding" and state(net, "pace") == "off"
    loose = plan(net, pace="given", exits_per_year={"2018": 2}, pace_tolerance=0.5)
    assert sorted(years(loose).values()) == [2017, 2017, 2017, 2018]


def test_published_pace_is_ready_to_use():
    net = land({f"c{i:03d}": 0.001 for i in range(804)})
    found = sorted(years(plan(net, pace="published", pledge_counties="off")).values())
    assert [found.count(y) for y in (2017, 2018, 2019, 2020)] == [125, 283, 344, 52]


def test_pace_that_cannot_be_kept_is_told():
    net = land({"a": 0.06, "b": 0.06})
    assert "wants 3 exits, only 2" in clashes(net, pace="given", exits_per_year={"2017": 3})[0]
    assert (
        "by 2017 the pace wants 1 exits, only 0" in clashes(net, pace="given", exits_per_year={"2017": 1})[0]
    )
    few = {"2017": 0, "2018": 1, "2019": 0, "2020": 0}
    assert "lets 1 county exit, but 2 have to" in clashes(net, pace="given", exits_per_year=few)[0]


def test_pledged_counties():
    net = land({"a": 0.03, "b": 0.03}, deep=["a", "b"], pledges=[pledge("E", 2017, "counties", 1)])
    late = {"late_weight": 1.0, "early_weight": 2.0}
    assert sorted(years(plan(net, **late)).values()) == [2017, 2020]
    assert state(net, "pledge_counties", **late) == "binding"
    assert sorted(years(plan(net, **late, pledge_counties="off")).values()) == [2020, 2020]
    assert sorted(years(plan(net, **late, pledge_tolerance=1.0)).values()) == [2020, 2020]
    assert sorted(years(plan(net, **late, pledge_levels=["county"])).values()) == [2020, 2020]
    assert sorted(years(plan(net, **late, county_short_weight=1.0)).values()) == [2020, 2020]
    assert state(land({"a": 0.03}, pledges=[pledge("E", 2020, "counties", 0)]), "pledge_counties") == "slack"


def test_pledges_hard_or_elastic():
    net = land({"a": 0.06}, pledges=[pledge("E", 2017, "counties", 1)])
    soft = plan(net)
    assert years(soft) == {"a": 2018} and soft.objective == 20_000
    assert any("pledges short: counties, 1 in all" in w.en for w in soft.warnings)
    assert plan(net, pledge_elastic=False).status == "INFEASIBLE"


def test_what_is_done_early_counts_later():
    net = land({"a": 0.03}, pledges=[pledge("E", 2018, "counties", 1)])
    assert years(plan(net)) == {"a": 2017}
    assert years(plan(net, pledge_cumulative=False)) == {"a": 2018}


def test_pledged_persons_follow_the_register():
    kept = land({"a": 0.03}, pledges=[pledge("E", 2017, "persons", 15)])
    assert clashes(kept, pledge_elastic=False) == [] and plan(kept).warnings == []
    assert state(kept, "pledge_persons") == "binding"
    short = land({"a": 0.03}, pledges=[pledge("E", 2017, "persons", 16)])
    found = clashes(short, pledge_elastic=False)
    assert (
        len(found) == 1 and "16 persons by 2017, 15 are expected" in found[0] and "pledge_persons" in found[0]
    )
    assert clashes(short) == [] and len(plan(short).warnings) == 2
    assert clashes(short, pledge_elastic=False, pledge_persons="off") == []
    assert clashes(short, pledge_elastic=False, pledge_tolerance=0.1) == []


def test_pins():
    net = land({"a": 0.03})
    assert years(plan(net, pins={"a": 2019})) == {"a": 2019}
    assert years(plan(net, pins="off")) == {"a": 2017}
    assert "pins, line" in clashes(land({"a": 0.06}), pins={"a": 2017})[0]
    for wrong in ({"x": 2018}, {"a": 2030}):
        with pytest.raises(ScenarioError, match="pins"):
            STAGE.count(see(net, pins=wrong))


# --- villages ---


def test_villages_exit_when_they_are_under_the_line_the_least_poor_first():
    net = land({"a": 0.06}, villages={"v1": ("a", 0.01), "v2": ("a", 0.03), "v3": ("a", 0.07)})
    found = years(plan(net))
    assert found == {"a": 2018, "v2": 2017, "v3": 2018}  # v1 is out already
    assert years(plan(net, villages=False)) == {"a": 2018}
    assert state(net, "village_line") == "binding"


def test_village_line_off_lets_pledges_pull_villages_ahead():
    net = land(
        {"a": 0.06},
        villages={"v2": ("a", 0.03), "v3": ("a", 0.12)},
        pledges=[pledge("E", 2017, "villages", 2)],
    )
    assert years(plan(net)) == {"a": 2018, "v2": 2017, "v3": 2019}
    assert years(plan(net, village_line="off")) == {"a": 2018, "v2": 2017, "v3": 2017}
    assert years(plan(net, village_line="off", village_short_weight=0.1))["v3"] == 2019
    assert years(plan(net, village_line="off", pledge_villages="off"))["v3"] == 2019
    assert state(net, "pledge_villages", pledge_villages="off") == "off"
    hard = plan(net, village_line="off", pledge_elastic=False)
    assert years(hard)["v3"] == 2017
    assert plan(net, pledge_elastic=False).status == "INFEASIBLE"


def test_pledges_in_villages_are_scaled_to_the_sample():
    net = land({"a": 0.06}, villages={"v2": ("a", 0.03)}, pledges=[pledge("E", 2017, "villages", 20)])
    assert plan(net, village_sample=0.05).objective == 0
    assert plan(net).objective == 19 * 500


def test_share_of_villages_exits_first():
    villages = {"v1": ("a", 0.03), "v2": ("a", 0.07), "v3": ("a", 0.15)}  # ready in 2017, 2018, 2019
    net = land({"a": 0.03}, villages=villages)
    assert years(plan(net))["a"] == 2017
    assert years(plan(net, village_first_share=0.5))["a"] == 2018
    assert years(plan(net, village_first_share=1.0))["a"] == 2019
    assert state(net, "village_first_share", village_first_share=1.0) == "binding"
    assert state(net, "village_first_share", village_first_share=0.0) == "slack"
    assert state(net, "village_first_share") == "off"


# --- history, baseline, figures ---


def test_history_is_fixed_and_the_answer_is_never_read():
    facts = [fact("a", "exit_year", 2016, 2016), fact("b", "exit_year", 2020, 2020)]
    outcome = plan(land({"a": 0.01, "b": 0.03}, region_facts=facts))
    assert years(outcome) == {"a": 2016, "b": 2017}
    row = outcome.tables["exits"].row(0, named=True)
    assert row["cost"] == 0 and row["announced_year"] == 2017


def test_baseline_is_poorest_last_in_equal_numbers():
    net = land({"a": 0.3, "b": 0.2, "c": 0.1, "d": 0.05, "e": 0.02}, villages={"v": ("a", 0.3)})
    found = dict(STAGE.baseline(see(net))["exits"].select("region", "year").iter_rows())
    assert found == {"e": 2017, "d": 2017, "c": 2018, "b": 2019, "a": 2020, "v": 2017}


def test_figures():
    facts = [
        fact("a", "exit_year", 2016, 2016),
        fact("b", "exit_year", 2017, 2017),
        fact("c", "exit_year", 2018, 2018),
    ]
    net = land({"a": 0.01, "b": 0.03, "c": 0.12}, region_facts=facts)
    seen = see(net)
    found = {k.key: k.value for k in STAGE.measure(seen, tiny.solve(STAGE, seen).tables)}
    assert found["exits_2016"] == 1 and found["exits_2017"] == 1 and found["exits_2019"] == 1
    assert "off_published" not in found
    assert found["same_as_real"] == 0.5  # b as it was, c a year later
    assert found["persons_expected"] == 150  # 30 and 120 poor people, all off the register by 2020
    assert found["persons_left_at_exit"] == 15 + 15
    assert found["over_the_line"] == 0 and found["not_exited"] == 0 and found["small_margin"] == 0
    base = {k.key: k.value for k in STAGE.measure(seen, STAGE.baseline(seen))}
    assert base["over_the_line"] == 1  # c in 2018, with 3 %


def test_published_numbers_stand_only_beside_counties_of_china_or_the_published_pace():
    free = land({"a": 0.01, "b": 0.03, "c": 0.12}, region_facts=[fact("a", "exit_year", 2016, 2016)])
    china = Network(free.frames, RegionSettings("gb2260"), name=free.name, on=free.on)
    exits = {"exits": tiny.solve(STAGE, see(free)).tables["exits"]}
    for net, values, shown in (
        (free, {}, False),
        (free, {"pace": "even"}, False),
        (free, {"pace": "published"}, True),
        (china, {}, True),
    ):
        found = {k.key: k for k in STAGE.measure(see(net, **values), exits)}
        assert ("off_published" in found) == shown
        assert ("published: 125" in found["exits_2017"].title.en) == shown
        assert ("公布 125" in found["exits_2017"].title.zh) == shown
    assert found["off_published"].value == 27 + 124 + 283 + 343 + 52


def test_no_county_with_the_tag_is_said():
    with pytest.raises(ScenarioError, match="counties_tag"):
        STAGE.count(see(land({"a": 0.03}), counties_tag="poor_county"))


def test_every_rule_has_a_state_in_the_check():
    seen = see(land({"a": 0.03}))
    assert {s.rule for s in recheck(seen, tiny.solve(STAGE, seen).tables).rules} == RULES


# --- in words ---


def test_explain_shows_every_year_with_its_terms_and_what_closes_it():
    net = land({"a": 0.06, "b": 0.06}, villages={"v": ("a", 0.06)}, capacities=teams("E", 9, 1, 9, 9),
               region_facts=[fact("h", "exit_year", 2016)])  # fmt: skip
    seen = see(net, exits_per_team=1.0)
    tables = tiny.solve(STAGE, seen).tables
    waits = next(r for r, y in tables["exits"].select("region", "year").iter_rows() if y == 2019)
    found = STAGE.explain(seen, tables, (waits,))
    assert len(found) == 1 and found[0].what.en == f"county {waits} exits in 2019"
    chosen, *others = found[0].options
    assert chosen.chosen and chosen.total == 3.0 and chosen.terms == {"late": 3.0}
    notes = {o.what.en: o.note.en for o in others}
    assert notes == {
        "in 2020": "",
        "in 2018": "kept by: county exits that one team can verify",
        "in 2017": "kept by: line of incidence",
    }
    village = STAGE.explain(seen, tables, ("v",))[0]
    assert (
        village.options[0].what.en == "in 2018"
        and village.options[-1].note.en == "kept by: villages below the line too"
    )
    assert len(STAGE.explain(seen, tables, ("E",))) == 3


def test_clashing_rows_are_named():
    net = land({"a": 0.03, "b": 0.06}, pledges=[pledge("E", 2017, "counties", 2)])
    seen = see(net, pledge_elastic=False)
    tasks, named = STAGE.tasks(seen, Limits())
    answer = engines.run("conflict", tasks[0].arrays, {}, lambda m: None)
    rules = {
        named.model.rules[i]: named.places(named.model.rules[i], answer.arrays["rows"]).en
        for i in answer.arrays["rules"]
    }
    assert set(rules) == {"line", "pledge_counties"} | ({"deadline"} & set(rules))
    assert rules["line"] == "county b" and rules["pledge_counties"] == "province E 2017 ≥ 2"


@pytest.mark.parametrize(
    "values",
    [{"path": {"soon": 0.1}}, {"path": {}}, {"exits_per_year": {"17": 3}}, {"pledge_levels": ["canton"]}],
)
def test_names_that_mean_nothing_are_refused(values: dict[str, Any]):
    with pytest.raises(ScenarioError, match=next(iter(values))):
        STAGE.count(see(land({"a": 0.03}), **values))


def test_nothing_left_to_decide():
    net = land({"a": 0.01}, region_facts=[fact("a", "exit_year", 2016)])
    outcome = plan(net)
    assert outcome.status == "OPTIMAL" and years(outcome) == {"a": 2016} and outcome.objective == 0
    assert STAGE.explain(see(net), outcome.tables, ("a",))[0].options[0].chosen


def test_the_page_lists_every_value_with_its_default():
    page = (Path(__file__).parents[3] / "docs" / "stages" / "exit.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)`[^|]*\| `([^|]*)` \|", page, re.MULTILINE))
    assert set(listed) == {s.key for s in STAGE.settings}
    plain = {
        s.key: s.default
        for s in STAGE.settings
        if isinstance(s.default, int | float) and not isinstance(s.default, bool)
    }
    assert {k: float(listed[k]) for k in plain} == plain


def test_a_hand_made_table_is_filled():
    net = land({"a": 0.03, "b": 0.06, "h": 0.01}, deep=["b"], region_facts=[fact("h", "exit_year", 2016)])
    seen = see(net)
    bare = pl.DataFrame(
        {"region": ["b", "a"], "year": [2018, 2017]},
        schema={k: RESULTS["exits"].dtypes[k] for k in ("region", "year")},
    )
    empty = {k: pl.lit(None, dtype=t) for k, t in RESULTS["exits"].dtypes.items() if k not in bare.columns}
    made = bare.with_columns(**empty).select(list(RESULTS["exits"].dtypes))
    found = fill_exits(seen, find_parts(seen), made)
    assert found["region"].to_list() == ["b", "a", "h"]
    assert recheck(seen, {"exits": found}).broken == []
    assert found.row(0, named=True)["terms"] == '{"early":4000}' and found.row(0, named=True)["cost"] == 4.0
    wrong = made.with_columns(year=pl.Series([2017, 2035]))
    rules = {
        (b.rule, b.row) for b in recheck(seen, {"exits": fill_exits(seen, find_parts(seen), wrong)}).broken
    }
    assert ("line", 1) in rules and ("deadline", 2) in rules
    given = made.with_columns(cost=pl.lit(0.5))  # a cost without terms counts as computed
    assert fill_exits(seen, find_parts(seen), given)["cost"][0] == 4.0


def test_a_choice_to_be_priced_reads_no_table_again() -> None:
    seen = see(land({"a": 0.1, "b": 0.2}, villages={"v": ("a", 0.1), "w": ("b", 0.1)}))
    parts, held = find_parts(seen), seen.held(WhatIf({("a", "2018"): True}, frozenset()))
    assert find_parts(held) is parts
    assert held.what_if is not None and seen.what_if is None


def test_what_lies_below_a_place_is_found_as_from_each_code_upwards() -> None:
    seen = see(land({"a": 0.1, "b": 0.2}, villages={"v": ("a", 0.1), "w": ("b", 0.1)}))
    codes = seen.network.frame("regions")["code"].to_list()
    naive = {
        place: [i for i, c in enumerate(codes) if place in (c, *seen.network.ancestors(c))] for place in codes
    }
    assert {place: rows.tolist() for place, rows in below(seen, codes).items()} == naive


def test_many_regions_that_lack_teams_are_told_in_one_line():
    """Five regions lack the same years: those that lack most are named, the others counted."""
    names = [{"code": r, "name": r, "level": "province"} for r in "ABCDEFG"]
    land_of = tiny.network(regions=names)
    rules = ("exits_per_team", "deadline")
    short = [Short(r, 2017, 2017, 1, 2 + i, rules) for i, r in enumerate("ABCDEFG")]
    (line,) = too_few_teams(land_of, short)
    assert line.en == (
        "the teams of 7 regions can verify fewer county exits in 2017 than there have to be: "
        "G 1 of 8, F 1 of 7, E 1 of 6, D 1 of 5, C 1 of 4 …(+2) (rules: exits_per_team, deadline)"
    )
    assert line.zh.startswith(
        "7 个地区的核查队 2017 年可核查的县少于要在此期间退出的县：G 可核查 1 个、要退出 8 个"
    )
    assert len(list(too_few_teams(land_of, short[:3]))) == 3
    other = Short("G", 2018, 2020, 1, 2, rules)
    assert [t.en.partition(",")[0] for t in too_few_teams(land_of, [*short[:1], other])] == [
        "the teams of A can verify 1 county exit in 2017", "the teams of G can verify 1 county exit in 2018–2020",
    ]  # fmt: skip
