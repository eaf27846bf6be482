"""A file with only some of a plan's tables: earlier decisions come from a plan, else what rests on them is left open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from api.cli.handmade import print_check
from planner.handmade import HandmadeCheck, check_handmade
from planner.handmade.earlier import INSTEAD, find_seen, resting
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from planner.stages import NAMES, STAGES
from planner.verify.rests import RESTS
from tests.planner.small import MORE, TWO, write_small
from tests.planner.tiny import policy


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No stored plans in the current folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Units to counties, then their cadres to the villages there."""
    return read_scenario(write_small(tmp_path_factory.mktemp("two") / "two", TWO, **MORE))


@pytest.fixture(scope="module")
def plan(two: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return make_plan(two, tmp_path_factory.mktemp("plans"))


def checked(scenario: Scenario, frame: pl.DataFrame, name: str, bound: str | None = None) -> HandmadeCheck:
    frame.write_csv(f"{name}.csv")
    return check_handmade(scenario, f"{name}.csv", bound)


def test_postings_alone_break_nothing_and_what_rests_on_designation_is_open(
    two: Scenario, plan: Plan
) -> None:
    found = checked(two, plan.table("postings"), "postings")
    (report,) = found.stages
    assert found.ok and report.broken == []
    assert {b.rule for b in report.open} == {"cost", "posting_area"}
    assert {b.table for b in report.open} == {"postings.csv"} and all(
        b.row and b.row > 1 for b in report.open
    )
    states = {r.rule: r.state for r in report.rules}
    assert (states["posting_area"], states["own_county_weight"]) == ("open", "open")
    assert "open" not in {s for r, s in states.items() if r not in ("posting_area", "own_county_weight")}
    (note,) = [n for n in found.notes if "decisions of" in n.en]
    assert "neither the file nor a plan" in note.en and "designated relations in force" in note.en
    assert "area within which a cadre serves, weight of the own unit's county" in note.en
    assert found.as_dict()["stages"]["cadres"]["open"][0]["rests_on"] == ["designation"]


def test_costs_that_are_not_given_are_unknown_and_not_nothing(
    two: Scenario, plan: Plan, capsys: pytest.CaptureFixture[str]
) -> None:
    found = checked(two, plan.table("postings").select("cadre", "village", "post"), "postings")
    (report,) = found.stages
    kpis = {k.key: k.value for k, _ in report.kpis}
    assert report.objective is None and kpis["cost"] is None and kpis["cost_per_posting"] is None
    assert kpis["posted"] == plan.table("postings").height
    print_check(found)
    (line,) = [x for x in capsys.readouterr().out.splitlines() if x.startswith(("total cost", "总成本"))]
    assert ("not known" in line or "不知" in line) and "▲" not in line and "▼" not in line


def test_with_a_plan_everything_is_judged(two: Scenario, plan: Plan) -> None:
    found = checked(two, plan.table("postings"), "postings", str(plan.folder))
    (report,) = found.stages
    assert found.ok and report.open == [] and report.gap is not None
    assert [r.as_head() for r in report.rules] == plan.stages["cadres"]["rules"]
    assert [r.as_dict()["at"] for r in report.rules] == [
        sorted(plan.tight("cadres", r) or []) for r in plan.stages["cadres"]["rules"]
    ]
    assert any(n.en.endswith(f"designation; they are taken from plan {plan.id}") for n in found.notes)


def test_a_stored_plan_of_the_same_inputs_will_do(two: Scenario, plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "plans").symlink_to(plan.folder.parent)
    (report,) = checked(two, plan.table("postings"), "postings").stages
    assert (report.broken, report.open) == ([], [])
    other = replace(two, seed=two.seed + 1)
    (report,) = checked(other, plan.table("postings"), "postings").stages
    assert report.open != []


def test_the_files_own_decisions_come_first(two: Scenario, plan: Plan, tmp_path: Path) -> None:
    """A workbook with both tables: other pairs than the plan's make its postings wrong."""
    pairs = plan.table("pairs")
    turned = pairs.with_columns(supporter=pl.col("supporter").replace({"u1": "u2", "u2": "u3", "u3": "u1"}))
    for frame, right in ((pairs, True), (turned, False)):
        with xlsxwriter.Workbook("both.xlsx") as book:
            frame.select("stage", "supporter", "recipient").write_excel(book, "pairs")
            plan.table("postings").write_excel(book, "postings")
        report = check_handmade(two, "both.xlsx", str(plan.folder)).stages[-1]
        assert report.stage == "cadres" and report.open == []
        assert (report.broken == []) == right


def test_what_is_certainly_wrong_stays_broken(two: Scenario, plan: Plan) -> None:
    postings = plan.table("postings")
    twice = pl.concat([postings, postings.head(1)])
    found = checked(two, twice, "postings")
    assert {b.rule for b in found.stages[0].broken} >= {"one_post", "target"} and not found.ok
    dearer = checked(two, postings.with_columns(cost=pl.col("cost") + 1.0), "postings").stages[0]
    assert {b.rule for b in dearer.broken} == {"cost"}


def test_a_stage_that_the_scenario_does_not_run_is_not_missed(tmp_path: Path, plan: Plan) -> None:
    """Then what is in force is what counts, and all of it is judged."""
    text = TWO.replace('["designation", "cadres"]', '["cadres"]')
    alone = read_scenario(write_small(tmp_path / "alone", text, **MORE))
    report = checked(alone, make_plan(alone, tmp_path / "out").table("postings"), "postings").stages[0]
    assert report.broken == report.open == [] and "open" not in {r.state for r in report.rules}


def test_of_several_plans_the_one_that_has_most(small: Scenario, plan: Plan, small_plan: Plan) -> None:
    order = replace(small, stages=("designation", "cadres", "exit"))
    seen = find_seen("exit", order, {}, [small_plan, plan])
    assert {s: p.id for s, p in seen.plans.items()} == {"designation": plan.id, "cadres": plan.id}
    assert list(seen.tables) == ["pairs", "postings"] and seen.unknown == ()
    seen = find_seen("exit", order, {}, [small_plan])
    assert list(seen.tables) == ["pairs"] and seen.unknown == ("cadres",)
    assert find_seen("exit", order, {}, []).unknown == ("designation", "cadres")


@pytest.mark.parametrize("stage", NAMES)
def test_every_view_has_words_for_what_stands_in(stage: str) -> None:
    values = policy(STAGES[stage])
    for earlier in STAGES[stage].sees:
        assert INSTEAD[stage, earlier].zh and INSTEAD[stage, earlier].en
        assert set(resting(stage, earlier, values)) <= set(RESTS[stage][earlier])
        assert resting(stage, earlier, values)
        scored = {**values.values, "objective": "scores"}
        assert resting(stage, earlier, replace(values, values=scored)) == []


def test_rules_that_are_off_rest_on_nothing() -> None:
    values = policy(STAGES["cadres"], own_county_weight=0.0, posting_area="off")
    assert resting("cadres", "designation", values) == []
    path = policy(STAGES["exit"], incidence_proxy="path")
    assert resting("exit", "funds", path) == ["keep_after_exit"]
