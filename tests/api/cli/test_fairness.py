"""The price of fairness on the command line: a table, JSON, a picture; and where it cannot be told."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.api.cli.conftest import Typed

FROZEN = Path(__file__).parents[2] / "frozen"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    fair = ["funds.fairness=leximin"]
    scenario = read_scenario(FROZEN / "scenario-1", stages=["funds"], settings=fair)
    return make_plan(scenario, tmp_path_factory.mktemp("plans"))


def test_the_choice_shows_in_the_plan(typed: Typed, plan: Plan) -> None:
    _, out, _ = typed("show", plan.folder)
    assert "0.714 › " in out and "no prices: fairness comes before" in out
    code, out, _ = typed("verify", plan.folder)
    assert code == 0 and "bound proved by its certificate" in out


def test_a_table_and_a_picture(typed: Typed, plan: Plan, tmp_path: Path) -> None:
    picture = tmp_path / "deep" / "fair.svg"
    code, out, _ = typed("show", plan.folder, "--fairness", "--svg", picture)
    assert (
        code == 0
        and "The price of fairness" in out
        and "floor 71.43%" in out
        and f"written: {picture}" in out
    )
    drawn = ElementTree.parse(picture).getroot()
    words = [t.text or "" for t in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "The price of fairness" in words and "weighted 70.0%" in words and "leximin 71.4%" in words
    assert any(plan.id in w for w in words)
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}circle"))) == 9
    typed("--lang", "zh", "show", plan.folder, "--svg", picture, "--json")
    assert "公平的价格" in picture.read_text(encoding="utf-8")


def test_json(typed: Typed, plan: Plan) -> None:
    rows = json.loads(typed("show", plan.folder, "--fairness", "--json")[1])["fairness"]
    assert [r["kind"] for r in rows] == ["weighted", *["floor"] * 8, "proportional", "leximin"]
    assert [r["lost"] for r in rows[:9]] == sorted(r["lost"] for r in rows[:9])


def test_rules_that_cross_have_no_curve(typed: Typed, tmp_path: Path) -> None:
    crossing = ["funds.stability=0.9", "funds.stability_against=plan"]
    made = make_plan(read_scenario(FROZEN / "scenario-1", stages=["funds"], settings=crossing), tmp_path)
    code, _, err = typed("show", made.folder, "--fairness")
    assert code == 2 and "stability" in err
    older = FROZEN / "plan-1"
    assert (
        typed("show", next(older.iterdir()), "--fairness", "--json")[0] == 0
    )  # also of a plan of an older version
