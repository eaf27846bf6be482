"""Every amount, exit and visit: against the prices that the plan keeps and forced second solves."""

from __future__ import annotations

from pathlib import Path

from planner.every_row import every_row
from planner.otherwise import otherwise
from planner.plan import Plan
from planner.solve.pool import InProcess
from planner.subject import read_subject
from tests.planner import inspection_land
from tests.planner.otherwise.test_choices import exits, inspected, money
from tests.planner.planned import planned
from tests.planner.tiny import network


def change(plan: Plan, text: str, instead: int | None = None) -> float | None:
    (told,) = otherwise(plan, read_subject(plan, text), executor=InProcess(), instead=instead)
    return told.change


def test_each_other_year_costs_at_least_what_is_said(tmp_path: Path) -> None:
    plan = exits(tmp_path)
    told = every_row(plan, "exit", executor=InProcess())
    assert told.rows.select(plan.table("exits").columns).equals(plan.table("exits"))
    for row in told.rows.iter_rows(named=True):
        there = change(plan, f"{row['region']}={row['next_year']}")
        assert there is not None and row["next_least"] <= there + 1e-9
        lost = change(plan, f"{row['region']}={row['year']}")
        assert lost is not None and row["lose_least"] <= lost + 1e-9
        assert f"next by the bound proved of each: {row['next_year']}" in row["reason_en"]


def test_a_rule_of_exits_is_named_until_it_is_off(tmp_path: Path) -> None:
    on = every_row(exits(tmp_path / "on", deadline=2018), "exit", executor=InProcess())
    off = every_row(exits(tmp_path / "off", deadline="off"), "exit", executor=InProcess())
    assert any("exit.deadline = 2018" in r for r in on.rows["rules_en"])
    assert not any("deadline" in r for r in off.rows["rules_en"])


def test_the_next_team_costs_at_least_what_is_said(tmp_path: Path) -> None:
    plan = inspected(tmp_path, no_reciprocal="off")
    told = every_row(plan, "inspection", executor=InProcess())
    assert told.rows.select(plan.table("inspections").columns).equals(plan.table("inspections"))
    seen = 0
    for row in told.rows.iter_rows(named=True):
        if row["next"] is not None:
            there = change(plan, f"{row['next']}>{row['region']}")
            assert there is None or row["next_least"] <= there + 1e-9
            seen += 1
    assert seen
    goes = set(plan.table("inspections")["team"])
    assert set(told.left["code"]).isdisjoint(goes)


def test_a_step_of_money_less_is_what_the_second_solve_says(tmp_path: Path) -> None:
    """50 of 100 each: 10 yuan less for a loses 10 at 1 and gains nothing, but by the plan's prices the money itself is gone."""
    plan = money(tmp_path, price_step=10)
    told = every_row(plan, "funds", executor=InProcess())
    rows = {r["region"]: r for r in told.rows.iter_rows(named=True)}
    assert {r["met_share"] for r in rows.values()} == {0.5}
    priced = plan.tables("prices")["funds"].filter(rule="needs", region="a").row(0, named=True)
    assert rows["a"]["less"] == priced["less"] / 1000
    assert rows["a"]["next"] == "b" and rows["b"]["next"] == "a"
    assert "funds.budgets = true" in rows["a"]["rules_en"]
    unmet = told.left.filter(kind_en="need that is not met (yuan)")
    assert dict(unmet.select("code", "missing").iter_rows()) == {"a": 50, "b": 50}


def test_teams_under_own_scores(tmp_path: Path) -> None:
    """Each team has days for one region: tA on B (1) and tB on A (2), as tA on A (5) and tB on B (9) are worse."""
    scores = [
        {"stage": "inspection", "supporter": t, "recipient": r, "cost": c, "load": 40}
        for t, r, c in (("tA", "A", 5.0), ("tA", "B", 1.0), ("tB", "A", 2.0), ("tB", "B", 9.0))
    ]
    net = network(**{**inspection_land.BASE, "pair_scores": scores})
    plan = planned(tmp_path, net, inspection={"objective": "scores"})
    told = every_row(plan, "inspection", executor=InProcess())
    rows = {r["region"]: (r["team"], r["next"], r["next_cost"]) for r in told.rows.iter_rows(named=True)}
    assert rows == {"A": ("tB", "tA", 5.0), "B": ("tA", "tB", 9.0)}
    assert all(0 < r <= 11.0 for r in told.rows["next_least"])
