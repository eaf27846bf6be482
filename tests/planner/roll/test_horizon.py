"""What each way of looking ahead plans, with which values, and what gives way where rules clash."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InfeasibleError
from planner.clash.members import Member
from planner.roll.horizon import Desk, gives_way, looking, plan_year, stages_of
from planner.run import make_plan
from planner.scenario import Scenario
from planner.solve.pool import InProcess
from tests.planner.money_land import need
from tests.planner.roll.lands import FUNDS, busy, exiting, saving, scenario_of
from tests.planner.tiny import frame


def values(scenario: Scenario, stage: str, *keys: str) -> list[Any]:
    return [scenario.policies[stage].values[k] for k in keys]


def test_stages_of_each_year() -> None:
    land = busy()
    every = ("cadres", "funds", "exit", "inspection")
    for horizon in ("myopic", "rolling"):
        assert [stages_of(land, horizon, n) for n in (0, 1, 2)] == [every] * 3
    assert [stages_of(land, "full", n) for n in (0, 1, 2)] == [
        every,
        ("inspection",),
        ("cadres", "inspection"),
    ]
    long = scenario_of(land.network, cadres={"minimum_term_years": 2.5}, inspection={})
    assert [stages_of(long, "full", n) for n in (0, 1, 2, 3)][2:] == [
        ("inspection",),
        ("cadres", "inspection"),
    ]
    pairs = replace(land, stages=("pairing", "designation", "exit"))
    assert [stages_of(pairs, "myopic", n) for n in (0, 1)] == [("pairing", "designation", "exit"), ("exit",)]


def test_a_stage_with_nothing_left_to_plan_is_left_out() -> None:
    land = saving()
    assert stages_of(land, "rolling", 0) == ("funds",)
    assert stages_of(replace(land, on=date(2018, 12, 31)), "rolling", 2) == ()
    poor = scenario_of(
        land.network.with_frames({"needs": frame("needs", [need("a", "industry", 0)])}), funds=FUNDS
    )
    assert stages_of(poor, "rolling", 0) == ()
    out = exiting().network
    facts = [
        *out.frame("region_facts").to_dicts(),
        *({"region": c, "year": 2016, "measure": "exit_year", "value": 2016.0} for c in "abc"),
    ]
    assert (
        stages_of(
            scenario_of(out.with_frames({"region_facts": frame("region_facts", facts)}), exit={}),
            "rolling",
            0,
        )
        == ()
    )


def test_values_of_each_way() -> None:
    land = saving()
    myopic = looking(land, land, "myopic", {}, set())
    assert values(myopic, "funds", "years") == [[2017, 2017]]
    assert values(myopic, "exit", "deadline", "horizon_years") == ["off", 1]
    rolling = looking(land, land, "rolling", {}, set())
    assert values(rolling, "funds", "years") == values(land, "funds", "years") == ["off"]
    assert values(rolling, "exit", "deadline") == [2020]
    bound = scenario_of(land.network, funds={**FUNDS, "years": [2017, 2018]})
    later = replace(bound, on=date(2017, 12, 31))
    assert values(looking(later, bound, "rolling", {}, set()), "funds", "years") == [[2018, 2018]]


def test_years_of_money_that_are_not_to_be_planned_are_not_played() -> None:
    land = scenario_of(saving().network, funds={**FUNDS, "years": [2018, 2018]})
    for horizon, first in (("myopic", ()), ("rolling", ("funds",))):  # looking ahead begins a year before
        seen = looking(land, land, horizon, {}, set())
        assert values(seen, "funds", "years") == [[2018, 2018]]
        assert stages_of(seen, horizon, 0) == first
    early = scenario_of(saving().network, funds={**FUNDS, "years": [2017, 2017]})
    later = replace(
        early, on=date(2017, 12, 31)
    )  # there is a need of 2018, but its money is not to be planned
    for horizon in ("myopic", "rolling"):
        assert stages_of(looking(later, early, horizon, {}, set()), horizon, 1) == ()


@pytest.mark.parametrize("horizon", ["myopic", "rolling", "full"])
def test_the_year_of_inspection_moves_with_the_years(horizon: str) -> None:
    land = scenario_of(busy().network, inspection={"year": 2017})
    later = replace(land, on=date(2018, 12, 31))
    assert values(looking(land, land, horizon, {}, set()), "inspection", "year") == [2017]
    assert values(looking(later, land, horizon, {}, set()), "inspection", "year") == [2019]
    unset = scenario_of(busy().network, inspection={})
    assert values(looking(replace(unset, on=later.on), unset, horizon, {}, set()), "inspection", "year") == [
        "off"
    ]


def test_slots_and_pins_that_are_left() -> None:
    land = exiting(pins={"a": 2017, "b": 2018, "c": 2018})
    land = scenario_of(
        land.network,
        exit=land.policies["exit"].values,
        funds={**FUNDS, "slot_caps": {"tourism": 10, "ecology": 4}},
    )
    used = {"tourism": Fraction(7, 2), "industry": Fraction(9)}
    now = replace(land, on=date(2017, 12, 31))
    seen = looking(now, land, "rolling", used, {"b"})
    assert values(seen, "funds", "slot_caps") == [{"tourism": 6, "ecology": 4}]
    assert values(seen, "exit", "pins") == [{"c": 2018}]
    assert values(looking(now, land, "rolling", {}, {"b", "c"}), "exit", "pins") == ["off"]
    assert values(looking(land, land, "myopic", {}, set()), "exit", "pins") == [{"a": 2017}]
    assert values(looking(land, land, "full", {"tourism": Fraction(99)}, set()), "funds", "slot_caps") == [
        {"tourism": 0, "ecology": 4}
    ]


def member(stage: str, key: str, never: bool = False) -> Member:
    return Member(stage, key, 1, title=exiting().title, drop=None, never_relax=never)  # type: ignore[arg-type]  # nothing is dropped here


def test_what_gives_way() -> None:
    found = gives_way("funds", [member("funds", "stability"), member("funds", "per_head")])
    assert found is not None and found.key == "stability"  # declared after per_head
    found = gives_way("exit", [member("exit", "deadline"), member("exit", "pledge_counties")])
    assert found is not None and found.key == "deadline"
    assert gives_way("exit", [member("exit", "standard"), member("exit", "keep_after_exit")]) is None
    assert gives_way("exit", [member("exit", "deadline", never=True)]) is None
    assert gives_way("exit", []) is None


def test_a_clash_costs_a_rule_and_not_the_year(tmp_path: Path) -> None:
    """At most one exit a year can be examined and three counties must be out by 2018: the deadline gives way."""
    land = exiting({"a": 0.01, "b": 0.01, "c": 0.01}, deadline=2018, exits_per_team=1.0)
    teams = [{"region": "E", "year": y, "kind": "verification_team", "value": 1.0} for y in (2017, 2018)]
    land = replace(land, network=land.network.with_frames({"capacities": frame("capacities", teams)}))
    with pytest.raises(InfeasibleError):
        make_plan(land, tmp_path / "alone", executor=InProcess())
    desk = Desk(str(tmp_path / "plans"), None, None, InProcess())
    planned = plan_year(land, ("exit",), desk)
    assert planned.plan is not None
    assert sorted(planned.plan.decided("exits")["year"].to_list()) == [2017, 2018, 2019]
    assert [t.en for t in planned.told] == [
        "rules clash: planned without deadline (year of the result) (exit.deadline) this year"
    ]
    free = plan_year(exiting(), ("exit",), desk)
    assert free.plan is not None and free.told == ()
    assert plan_year(land, (), desk).plan is None


def test_a_stage_whose_rules_may_not_give_way_has_no_plan(tmp_path: Path) -> None:
    land = exiting(
        line=0.05, planning_level="provincial"
    )  # the centre's line is 2 per cent, and nobody below may change it
    planned = plan_year(land, ("exit",), Desk(str(tmp_path), None, None, InProcess()))
    assert planned.plan is None or "exit.line" in planned.told[0].en
    assert planned.told
