from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from api.workbook import write_plan_workbook
from graph.errors import InputError, TableErrors, UsageError
from graph.language import use_language
from planner.handmade import HandmadeCheck, check_handmade
from planner.handmade.bounds import differing_inputs
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from tests.planner.small import FILE, write_small

GOOD = "supporter,recipient\nu1,A\nu2,B\nu2,C\nu3,D\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No stored plans in the current folder."""
    monkeypatch.chdir(tmp_path)


def checked(
    scenario: Scenario, folder: Path, text: str, name: str = "mine.csv", bound: str | None = None
) -> HandmadeCheck:
    (folder / name).write_text(text, encoding="utf-8")
    return check_handmade(scenario, folder / name, bound)


def test_the_plans_own_pairs_hold_and_cost_the_same(
    small: Scenario, small_plan: Plan, tmp_path: Path
) -> None:
    text = small_plan.table("pairs").select("supporter", "recipient").write_csv()
    found = checked(small, tmp_path, text, bound=str(small_plan.folder))
    (report,) = found.stages
    assert found.ok and report.gap == 0
    assert report.objective == small_plan.stages["designation"]["objective"]
    kpis = {k.key: (k.value, before) for k, before in report.kpis}
    assert kpis["counties_covered"] == (4, 2)


def test_another_plan_costs_no_less(small: Scenario, small_plan: Plan, tmp_path: Path) -> None:
    found = checked(
        small, tmp_path, "supporter,recipient\nu1,A\nu2,B\nu1,C\nu2,D\n", bound=str(small_plan.folder)
    )
    (report,) = found.stages
    assert found.ok and report.gap is not None and report.gap >= 0 and report.bound is not None
    assert report.objective is not None and report.objective >= report.bound.value


def test_every_broken_rule_is_named_with_its_row(small: Scenario, tmp_path: Path) -> None:
    (report,) = checked(small, tmp_path, "supporter,recipient\nu1,A\n\nu1,B\nu1,C\nzz,D\n").stages
    assert {"unit_capacity", "supporters", "keep_share"} <= {b.rule for b in report.broken}
    stranger = next(b for b in report.broken if b.rule == "supporters")
    assert (stranger.table, stranger.row, stranger.column) == ("mine.csv", 6, "supporter")


def test_bad_rows_are_refused_all_at_once(small: Scenario, tmp_path: Path) -> None:
    with pytest.raises(TableErrors) as caught:
        checked(
            small,
            tmp_path,
            "supporter,recipient,load,kind\nu1,,1,designated\nu2,B,x,designated\nu3,D,1,nonsense\n",
        )
    assert {(f.row, f.column) for f in caught.value.findings} >= {(3, "load")}
    with pytest.raises(TableErrors) as caught:
        checked(small, tmp_path, "supporter,recipient,kind\nu1,,designated\nu3,D,nonsense\n")
    assert {(f.row, f.column) for f in caught.value.findings} == {(2, "recipient"), (3, "kind")}


def test_terms_that_are_no_json_are_refused(small: Scenario, tmp_path: Path) -> None:
    with pytest.raises(TableErrors, match="JSON"):
        checked(small, tmp_path, "supporter,recipient,cost,terms\nu1,A,1,[1]\n")


def test_chinese_titles_and_a_table_by_its_name(small: Scenario, tmp_path: Path) -> None:
    found = checked(small, tmp_path, "帮扶方,受扶方\nu1,A\nu2,B\nu2,C\nu3,D\n", "结对结果.csv")
    assert found.ok and found.findings == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_exported_workbook_can_be_checked(
    small: Scenario, small_plan: Plan, tmp_path: Path, language: str
) -> None:
    use_language("zh" if language == "zh" else "en")
    try:
        write_plan_workbook(small_plan, tmp_path / "x.xlsx")
    finally:
        use_language(None)
    found = check_handmade(small, tmp_path / "x.xlsx", str(small_plan.folder))
    assert found.ok and found.stages[0].gap == 0 and found.findings == []


def test_a_cost_that_is_not_the_computed_one_is_told(small: Scenario, tmp_path: Path) -> None:
    text = "supporter,recipient,cost\nu1,A,999\nu2,B,\nu2,C,\nu3,D,\n"
    found = checked(small, tmp_path, text)
    assert found.ok and any("in 1 of them" in n.en for n in found.notes)


def test_relaxation_stored_plan_or_no_bound(small: Scenario, small_plan: Plan, tmp_path: Path) -> None:
    (report,) = checked(small, tmp_path, GOOD).stages
    assert report.bound is None and report.gap is None
    (report,) = checked(small, tmp_path, GOOD, bound="lp").stages
    assert report.bound is not None and report.bound.value <= small_plan.stages["designation"]["objective"]
    make_plan(small, tmp_path / "plans")
    (report,) = checked(small, tmp_path, GOOD).stages
    assert report.bound is not None and small_plan.id in report.bound.origin.en


def test_a_plan_of_other_inputs_is_no_bound(small: Scenario, small_plan: Plan, tmp_path: Path) -> None:
    other = read_scenario(write_small(tmp_path / "other", FILE + "distance_weight = 3.0\n"))
    with pytest.raises(UsageError, match=r"designation\.distance_weight"):
        checked(other, tmp_path, GOOD, bound=str(small_plan.folder))
    units = small.network.frame("units").with_columns(pl.col("strength") * 0.5)
    changed = replace(small, network=small.network.with_frames({"units": units}))
    assert differing_inputs(changed, small_plan) == ["units"]
    assert differing_inputs(small, small_plan) == []


def test_what_is_no_plan_is_told(small: Scenario, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"pairs\.csv"):
        checked(small, tmp_path, "a,b\n1,2\n")
    with pytest.raises(InputError, match="xlsx"):
        checked(small, tmp_path, "a", "mine.json")
    with pytest.raises(InputError, match=r"no file|找不到"):
        check_handmade(small, tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="designation"):
        checked(small, tmp_path, "region,year\nA,2017\n", "exits.csv")


def test_own_scores_keep_their_costs(tmp_path: Path) -> None:
    text = 'format = 1\nstages = ["designation"]\n[designation]\nobjective = "scores"\nunit_capacity = true\n'
    folder = tmp_path / "own"
    (folder / "data").mkdir(parents=True)
    (folder / "scenario.toml").write_text(text)
    scores = "stage,supporter,recipient,cost\ndesignation,u1,A,1.5\ndesignation,u1,B,2\ndesignation,u2,A,1\ndesignation,u2,B,4\n"
    tables = {
        "units": "id,name,capacity\nu1,x,2\nu2,y,2\n",
        "regions": "code,name,level\nA,a,county\nB,b,county\n",
        "pair_scores": scores,
    }
    for name, rows in tables.items():
        (folder / "data" / f"{name}.csv").write_text(rows)
    (report,) = checked(
        read_scenario(folder), tmp_path, "supporter,recipient\nu1,A\nu1,B\n", bound="lp"
    ).stages
    assert report.broken == [] and report.objective == 35 and report.scale == 10
    assert report.bound is not None and report.bound.value / report.bound.scale == 3.0
    assert report.gap == pytest.approx(0.5 / 3.5)


def test_terms_without_a_cost_are_computed_again(small: Scenario, tmp_path: Path) -> None:
    found = checked(small, tmp_path, 'supporter,recipient,terms\nu1,A,"{""need"":5}"\nu2,B,\nu2,C,\nu3,D,\n')
    assert found.ok and found.stages[0].objective == checked(small, tmp_path, GOOD).stages[0].objective
