"""Years, inspections and amounts that are otherwise: against planning the scenario with the choice pinned or its rule off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.errors import InfeasibleError, UsageError
from planner.explain import explain
from planner.otherwise import Otherwise, otherwise
from planner.otherwise.choice import Asking
from planner.plan import Plan
from planner.solve.pool import InProcess
from planner.stages.funds.amount import Amount
from planner.stages.funds.stage import seen
from planner.stages.funds.tasks import task_of
from planner.subject import read_subject
from tests.planner import exit_land, inspection_land, money_land
from tests.planner.planned import planned
from tests.planner.tiny import network

COUNTIES = {"e1": 0.06, "e2": 0.05, "e3": 0.03}


def ask(plan: Plan, text: str, instead: int | None = None) -> list[Otherwise]:
    return otherwise(plan, read_subject(plan, text), executor=InProcess(), instead=instead)


def exits(folder: Path, **values: Any) -> Plan:
    return planned(folder, exit_land.land(COUNTIES), exit={**exit_land.PLAIN, **values})


def test_each_other_year_costs_what_pinning_it_does(tmp_path: Path) -> None:
    plan = exits(tmp_path / "plain")
    year = dict(plan.table("exits").select("region", "year").iter_rows())
    before = plan.stages["exit"]["objective"]
    for k, (county, shown) in enumerate((c, y) for c in COUNTIES for y in range(2017, 2021)):
        if shown == year[county]:
            continue
        (told,) = ask(plan, f"{county}={shown}")
        try:
            pinned = exits(tmp_path / str(k), pins={county: shown})
        except Exception:
            assert told.status == "INFEASIBLE" and told.forbidden
            continue
        assert told.change is not None
        assert round(told.change * 1000) == pinned.stages["exit"]["objective"] - before
        assert told.moves[0].after == str(shown)
    (without,) = ask(plan, f"e1={year['e1']}")
    others = [
        t.change
        for y in range(2017, 2021)
        if y != year["e1"]
        for t in ask(plan, f"e1={y}")
        if t.change is not None
    ]
    assert without.change == min(others)
    assert ask(plan, "e1")[0].change == without.change


def test_a_rule_that_forbids_a_year_is_named_and_goes_with_the_rule(tmp_path: Path) -> None:
    plan = exits(tmp_path / "plain", pins={"e1": 2018})
    (told,) = ask(plan, "e1=2019")
    assert told.status == "INFEASIBLE" and any("exit.pins" in t.en for t in told.forbidden)
    (told,) = ask(exits(tmp_path / "off", pins="off"), "e1=2019")
    assert told.status == "OPTIMAL"
    with pytest.raises(UsageError, match=r"2031 (不是规划的年份|is no planned year)"):
        ask(plan, "e1=2031")


def possible(folder: Path, year: int, **values: Any) -> bool:
    """Whether e1 can exit in a year."""
    try:
        exits(folder, pins={"e1": year}, **values)
    except InfeasibleError:
        return False
    return True


def test_all_that_forbids_a_year_is_named(tmp_path: Path) -> None:
    """e1 is at 3% in 2017, above the line of 2%; without the line the centre's standard stands in the way, which asks for it."""
    (told,) = ask(exits(tmp_path / "plan"), "e1=2017")
    listed = [t.en for t in told.forbidden]
    assert told.status == "INFEASIBLE" and listed[0].startswith("line of incidence (exit.line = 0.02)")
    assert any(
        "without line of incidence it is forbidden still, by: the centre's standard (exit.standard" in t
        for t in listed
    )
    assert "without line of incidence and the centre's standard it is possible" in listed
    assert not any("may have a part" in t for t in listed)
    assert not possible(tmp_path / "line", 2017, line="off")
    assert not possible(tmp_path / "standard", 2017, standard="off")
    assert possible(tmp_path / "both", 2017, line="off", standard="off")


def test_one_rule_that_alone_forbids_a_year_is_said_to(tmp_path: Path) -> None:
    (told,) = ask(exits(tmp_path / "plan", standard="off"), "e1=2017")
    assert "this one alone forbids it: without it, it is possible" in [t.en for t in told.forbidden]
    assert possible(tmp_path / "off", 2017, line="off", standard="off")


def test_a_year_of_a_place_that_cannot_exit_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        explain(exits(tmp_path), "W=2018")
    text = caught.value.text.en
    assert text.startswith(
        "the plan decides nothing about an exit of province W in 2018: exit: it does not bear the tag "
    )


def inspected(folder: Path, **values: Any) -> Plan:
    return planned(folder, network(**inspection_land.BASE), inspection={**inspection_land.FEW, **values})


def test_another_team_costs_what_the_rows_say(tmp_path: Path) -> None:
    plan = inspected(tmp_path / "plain", no_reciprocal="off")
    head, rows = plan.stages["inspection"], plan.table("inspections")
    assert head["objective"] == round(sum(rows["cost"]) * 1000)
    for team, region in rows.select("team", "region").iter_rows():
        (without,) = ask(plan, f"{team}>{region}")
        assert without.change is not None and without.change >= 0
        assert without.moves[0].before == team and team not in without.moves[0].after
        forced = [ask(plan, f"{t}>{region}")[0] for t in ("tA", "tB", "tC", "u1", "u2") if t != team]
        assert without.change == min(f.change for f in forced if f.change is not None)


def test_a_team_that_may_not_go_is_told_why_until_the_rule_is_off(tmp_path: Path) -> None:
    (told,) = ask(inspected(tmp_path / "on"), "tA>A")
    assert told.status == "INFEASIBLE" and "inspection.no_own = true" in told.forbidden[0].en
    (told,) = ask(inspected(tmp_path / "off", no_own="off"), "tA>A")
    assert all("no_own" not in t.en for t in told.forbidden)


def money(folder: Path, **values: Any) -> Plan:
    steps = {"return_steps": {"0.5": 1.0, "1.0": 0.5}}
    return planned(folder, money_land.two_counties(), funds={**money_land.PLAIN, **steps, **values})


def test_an_amount_by_hand(tmp_path: Path) -> None:
    """100 yuan for two needs of 100, the first half of each worth 1, the second ½: 50 each. 70 and 30: 20 yuan more at ½, 20 less at 1."""
    plan = money(tmp_path)
    assert plan.stages["funds"]["objective"] == 100_000
    (told,) = ask(plan, "a:industry:2017", 70)
    assert (told.change, told.worse) == (20 * 0.5 - 20 * 1.0, True)
    assert [(m.before, m.after) for m in told.moves] == [("50", "70"), ("50", "30")]
    assert ask(plan, "a:2017", 70)[0].change == -10.0
    assert ask(plan, "g>a:industry:2017", 30)[0].change == -10.0
    (told,) = ask(plan, "a:industry:2017", 101)
    assert told.status == "INFEASIBLE" and "no more than 100 yuan" in told.forbidden[0].en
    assert ask(plan, "a:industry:2017", 50) == []  # that is what it gets


@pytest.mark.parametrize("seed", range(6))
def test_amounts_on_random_countries_keep_the_bookkeeping(tmp_path: Path, seed: int) -> None:
    """A forced amount is what the table then holds, never better than the plan, and the plan's own amount changes nothing."""
    plan = planned(
        tmp_path,
        money_land.random_country(np.random.default_rng(seed), 1),
        funds={**money_land.PLAIN, "return_steps": {"0.5": 1.0, "1.0": 0.5}, "years": [2017, 2017]},
    )
    asking = Asking(plan, "funds", InProcess())
    facts, known = seen(asking.context)
    rng = np.random.default_rng(seed)
    table = plan.table("allocations").group_by("region", "programme").agg(yuan=pl.col("amount").sum())
    got = table.sort("region", "programme")
    for county, programme, yuan in got.iter_rows():
        for wanted in (yuan, int(rng.integers(0, yuan + 1))):
            held = Amount(facts.counties.index(county), 0, wanted, facts.programmes.index(programme))
            task, _ = task_of(asking.context, facts, known, asking.limits, held)
            answer = InProcess().run([task])[0]
            if "flow" not in answer.arrays:
                continue
            change = -int(answer.facts["objective"]) - plan.stages["funds"]["objective"]
            assert change <= 0 and (wanted != yuan or change == 0)
