"""Who does not exit, which team stays at home, which visit nobody makes: the same reason in both answers, confirmed by second solves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.every_row import every_row
from planner.explain import explain
from planner.otherwise import otherwise
from planner.plan import Plan
from planner.solve.pool import InProcess
from planner.subject import read_subject
from tests.planner import exit_land, money_land
from tests.planner.otherwise.test_choices import inspected
from tests.planner.planned import planned
from tests.planner.test_left_pairs import reason, same_as_every_row


def exits(folder: Path, **values: Any) -> Plan:
    """e1 is far above the line in every year; its village, too."""
    land = exit_land.land({"e1": 0.9, "e2": 0.01}, villages={"v1": ("e1", 0.9), "v2": ("e2", 0.01)})
    flat = dict.fromkeys(exit_land.HALVES, 0.08)
    return planned(folder, land, exit={"path": flat, "speed": 1.0, "deadline": "off", **values})


def test_who_does_not_exit_is_told_why_until_the_rule_is_off(tmp_path: Path) -> None:
    plan = exits(tmp_path / "on")
    assert set(every_row(plan, "exit", executor=InProcess()).left["code"]) == {"e1", "v1"}
    assert same_as_every_row(plan, "exit") == 2
    (found,) = explain(plan, "e1")
    assert found.what.en.endswith("does not exit within the years planned") and found.by
    assert "every year planned is closed by" in reason(plan, "e1", "exit")
    for told in otherwise(plan, read_subject(plan, "e1"), executor=InProcess()):
        assert told.status == "INFEASIBLE" and told.forbidden
    off = exits(tmp_path / "off", standard="off", **dict.fromkeys(found.by, "off"))
    assert all("closed by" not in e.why.en for e in explain(off, "e1"))


def money(folder: Path, yuan: int = 100) -> Plan:
    net = money_land.two_counties(fund_budgets=[money_land.money("g", yuan)])
    return planned(folder, net, funds={**money_land.PLAIN, "price_step": 10})


def idle(plan: Plan) -> list[str]:
    return every_row(plan, "inspection", executor=InProcess()).left["code"].to_list()


def test_a_team_without_a_visit(tmp_path: Path) -> None:
    plan = inspected(tmp_path / "on")
    teams = idle(plan)
    assert teams == ["tA", "tC", "u2"] and same_as_every_row(plan, "inspection") == 3
    for team in teams:
        assert "(inspection.teams_per_visit)" in reason(plan, team, "inspection")
        for told in otherwise(plan, read_subject(plan, team), executor=InProcess()):
            assert told.status == "INFEASIBLE" or (told.change is not None and told.change >= 0)
    off = inspected(tmp_path / "off", teams_per_visit=[1, 5])
    for team in set(teams) & set(idle(off)):
        assert "teams_per_visit" not in reason(off, team, "inspection")


def test_a_team_that_may_make_no_visit(tmp_path: Path) -> None:
    plan = inspected(tmp_path, led_by=["check>unit"])
    assert {"tA", "tB", "tC"} <= set(idle(plan)) and same_as_every_row(plan, "inspection")
    assert "may be chosen" in reason(plan, "tA", "inspection")
    assert "(inspection.led_by)" in reason(plan, "tA", "inspection")
    (told,) = otherwise(plan, read_subject(plan, "tA"), executor=InProcess())
    assert told.status == "INFEASIBLE" and "inspection.led_by" in told.forbidden[-1].en


@pytest.mark.parametrize("low", [0])
def test_a_visit_that_nobody_makes(tmp_path: Path, low: int) -> None:
    """No rule asks for a team, and each costs something."""
    plan = inspected(tmp_path, teams_per_visit=[low, 1])
    left = every_row(plan, "inspection", executor=InProcess()).left
    assert {"A", "B"} <= set(left["code"]) and same_as_every_row(plan, "inspection")
    assert "no rule asks for one" in reason(plan, "A", "inspection")
    assert all((t.change or 0) > 0 for t in otherwise(plan, read_subject(plan, "A"), executor=InProcess()))


def test_a_need_that_is_not_met_and_a_budget_that_is_not_spent(tmp_path: Path) -> None:
    """a and b share 100 where they ask for 100 each; of 300 a hundred is left."""
    short, ample = money(tmp_path / "short"), money(tmp_path / "ample", yuan=300)
    left = every_row(short, "funds", executor=InProcess()).left
    for code, why in left.select("code", "reason_en").iter_rows():
        (found,) = explain(short, f"{code}:industry:2017")
        assert found.why.en and found.why.en in why
        for told in otherwise(short, read_subject(short, f"{code}:industry:2017"), executor=InProcess()):
            assert told.change is None or told.change <= 0  # worth is to be large: none is better
    (row,) = every_row(ample, "funds", executor=InProcess()).left.iter_rows(named=True)
    assert (row["code"], row["missing"]) == ("g", 100)
    found = next(e for e in explain(ample, "g") if e.why.en)
    assert found.why.en == f"100 yuan are not spent: {row['reason_en']}"
    assert not explain(ample, "a:industry:2017")[0].why.en
