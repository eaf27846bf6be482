"""What explanations say that decisions cost adds up: terms to each cost, and costs of all rows to the plan's objective."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from planner.explain import explain
from planner.plan import Plan
from planner.reason import Option
from tests.planner import exit_land, inspection_land, money_land
from tests.planner.cadre_land import REGIONS, cadre, first, members
from tests.planner.otherwise.test_postings import LAX
from tests.planner.planned import planned
from tests.planner.tiny import network


def chosen(plan: Plan, subject: str, stage: str) -> list[Option]:
    """What the plan chose for a subject; the terms of every option add up."""
    options = [o for e in explain(plan, subject, [stage]) for o in e.options]
    for option in options:
        if option.terms:
            assert sum(option.terms.values()) == pytest.approx(option.total, abs=1e-9)
    return [o for o in options if o.chosen]


def thousandths(options: list[Option]) -> int:
    assert all(o.terms or not o.total for o in options)
    return sum(round(o.total * 1000) for o in options)


def test_people_and_empty_seats(tmp_path: Path) -> None:
    """Somebody stays for the minimum term, some are new, one seat stays empty."""
    cadres = [cadre("c1", "a1"), cadre("c2", "a2"), cadre("c3", "b1")]
    held = [{"cadre": "c3", "village": "v0", "post": "m", "since": date(2016, 6, 1)}]
    net = network(
        regions=REGIONS,
        cadres=cadres,
        village_posts=[first("v0"), members("v0", 1, 2), first("v2")],
        postings=held,
    )
    values = {**LAX, "minimum_term_years": 2, "keep_weight": 6.0}
    plan = planned(tmp_path, net, cadres=values)
    told = [o for c in ("c1", "c2", "c3") for o in chosen(plan, c, "cadres")]
    places = [o for v in ("v0", "v2") for o in chosen(plan, v, "cadres")]
    assert len(told) == len(places) == 3
    assert sorted((o.total, sorted(o.terms.items())) for o in told) == sorted(
        (o.total, sorted(o.terms.items())) for o in places
    )
    empty = plan.stages["cadres"]["details"]["step"]  # one further seat of v0
    assert thousandths(told) + empty == plan.stages["cadres"]["objective"]


def test_years(tmp_path: Path) -> None:
    counties = {"e1": 0.06, "e2": 0.05, "e3": 0.03}
    villages = {"e1v": ("e1", 0.05), "e2v": ("e2", 0.01)}
    plan = planned(tmp_path, exit_land.land(counties, villages=villages), exit=exit_land.PLAIN)
    told = [o for c in plan.table("exits")["region"] for o in chosen(plan, c, "exit")]
    assert len(told) == plan.table("exits").height
    assert thousandths(told) == plan.stages["exit"]["objective"]


def test_visits(tmp_path: Path) -> None:
    plan = planned(tmp_path, network(**inspection_land.BASE), inspection=inspection_land.FEW)
    told = [o for p in inspection_land.PLACES for o in chosen(plan, p, "inspection")]
    assert len(told) == 3 and thousandths(told) == plan.stages["inspection"]["objective"]


def test_pairs(small_plan: Plan) -> None:
    told = [o for c in "ABCD" for o in chosen(small_plan, c, "designation")]
    assert thousandths(told) == small_plan.stages["designation"]["objective"]


def test_money(tmp_path: Path) -> None:
    """Yuan by programme and year add up to what was allocated; all of it at worth 1 to the objective."""
    plan = planned(tmp_path, money_land.two_counties(), funds=money_land.PLAIN)
    options = [o for c in "ab" for e in explain(plan, c, ["funds"]) for o in e.options]
    assert sum(o.total for o in options) == plan.table("allocations")["amount"].sum()
    assert sum(round(o.total * 1000) for o in options) == plan.stages["funds"]["objective"]
