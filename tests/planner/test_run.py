from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graph.errors import InfeasibleError, InputError, OutsideError
from graph.schema import TABLES as RAW
from planner.inputs import missing_tables
from planner.plan import Plan
from planner.run import make_plan, marks
from planner.scenario import Scenario, read_scenario
from planner.solve import executor
from planner.stages import NAMES, STAGES
from tests.planner.small import FILE, TABLES, write_small
from tests.planner.tiny import frame, policy


def contents(plan: Plan) -> dict[str, bytes]:
    files = (p for p in plan.folder.rglob("*") if p.is_file() and p.name != "run.json")
    return {str(p.relative_to(plan.folder)): p.read_bytes() for p in files}


def test_one_and_two_workers_give_identical_bytes(small: Scenario, small_plan: Plan, tmp_path: Path) -> None:
    again = make_plan(small, tmp_path, workers=2)
    assert again.id == small_plan.id
    assert contents(again) == contents(small_plan)
    assert again.run["workers"] == 2


def test_order_of_rows_and_columns_nobody_reads_change_nothing(small_plan: Plan, tmp_path: Path) -> None:
    head, *rows = TABLES["units"].splitlines()
    turned = "\n".join([head + ",system", *(r + ",whatever" for r in reversed(rows))]) + "\n"
    tags = TABLES["region_tags"].splitlines()
    scenario = read_scenario(
        write_small(tmp_path / "turned", units=turned, region_tags="\n".join([tags[0], *tags[:0:-1]]) + "\n")
    )
    plan = make_plan(scenario, tmp_path / "plans")
    assert plan.id == small_plan.id
    assert contents(plan) == contents(small_plan)


def test_a_value_that_is_read_changes_the_id(small: Scenario, small_plan: Plan, tmp_path: Path) -> None:
    units = small.network.frame("units").with_columns(pl.col("strength") * 0.5)
    other = replace(small, network=small.network.with_frames({"units": units}))
    assert make_plan(other, tmp_path).id != small_plan.id


def test_a_plan_that_is_there_is_found(
    small: Scenario, own_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("planner.run._compute", never)
    assert make_plan(small, own_plan.folder.parent).folder == own_plan.folder
    with pytest.raises(AssertionError):
        make_plan(small, own_plan.folder.parent, again=True)
    assert own_plan.table("pairs").height == 4  # the old one is still whole


def test_again_computes_the_same(small: Scenario, own_plan: Plan) -> None:
    before = contents(own_plan)
    (own_plan.folder / "tables" / "pairs.parquet").write_bytes(b"")
    assert contents(make_plan(small, own_plan.folder.parent, again=True)) == before


@pytest.mark.parametrize("stage", NAMES)
def test_a_stage_without_its_tables_is_an_input_error(small: Scenario, stage: str, tmp_path: Path) -> None:
    needed = [tables.split("|") for tables in STAGES[stage].needs]
    for missing in needed:
        lost = missing[0]
        kept = {n: f for n, f in small.network.frames.items() if not any(n in tables for tables in needed)}
        kept |= {n: full(n) for tables in needed if tables != missing for n in tables}
        for frames in (kept, {**kept, **{n: RAW[n].empty() for n in missing}}):
            alone = replace(small, stages=(stage,), network=replace(small.network, frames=frames))
            with pytest.raises(InputError) as caught:
                make_plan(alone, tmp_path / "plans")
            assert f"[{stage}] needs {lost}: missing or empty" in caught.value.text.en
            assert f"[{stage}] 缺少 {lost}（" in caught.value.text.zh
            assert caught.value.exit_code == 2
    assert not (tmp_path / "plans").exists()


def full(table: str) -> pl.DataFrame:
    """A table that is not empty; nothing looks into it."""
    return frame(table, [{}])


@pytest.mark.parametrize("stage", ["pairing", "designation", "cadres", "inspection"])
def test_own_scores_ask_for_rows_of_their_stage_alone(small: Scenario, stage: str, tmp_path: Path) -> None:
    policies = {**small.policies, stage: policy(STAGES[stage], objective="scores")}
    asked = replace(small, stages=(stage,), policies=policies)
    other = frame("pair_scores", [{"stage": "another", "supporter": "a", "recipient": "b", "cost": 1.0}])
    alone = replace(asked, network=replace(small.network, frames={"pair_scores": other}))
    with pytest.raises(InputError, match="pair_scores"):
        make_plan(alone, tmp_path)
    named = {"pair_scores": other.with_columns(stage=pl.lit(stage))}
    assert missing_tables(STAGES[stage], replace(asked, network=replace(small.network, frames=named))) == []


def test_infeasible_writes_nothing_and_says_why(tmp_path: Path) -> None:
    text = FILE.replace("[1, 2]", "[3, 3]")
    scenario = read_scenario(write_small(tmp_path / "s", text))
    with pytest.raises(InfeasibleError) as caught:
        make_plan(scenario, tmp_path / "plans")
    assert "carry 6" in caught.value.text.en and "12" in caught.value.text.en
    assert list((tmp_path / "plans").iterdir()) == []


def test_a_killed_solver_is_an_outside_error(
    small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = executor._Child.take

    def take_and_die(child: Any, number: int, label: str, folder: Path) -> None:
        os.kill(child.process.pid, signal.SIGKILL)
        child.process.wait()
        take(child, number, label, folder)

    monkeypatch.setattr(executor._Child, "take", take_and_die)
    with pytest.raises(OutsideError, match=r"killed|终止"):
        make_plan(small, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_progress_tells_begin_and_end(small: Scenario, tmp_path: Path) -> None:
    told: list[tuple[str, Any]] = []
    make_plan(small, tmp_path, on_progress=lambda s, _, facts: told.append((s, facts.get("state"))))
    assert told[0] == ("designation", "begun")
    assert ("designation", "done") in told
    assert told[-1][0] == "verify"


def test_a_plan_tells_everything(small_plan: Plan) -> None:
    head = small_plan.stages["designation"]
    assert head["status"] == "OPTIMAL" and head["objective"] == head["bound"] and head["gap"] == 0
    assert {k["key"]: k["baseline"] for k in head["kpis"]}["counties_covered"] == 2
    assert {k["key"]: k["plan"] for k in head["kpis"]}["counties_covered"] == 4
    assert {r["rule"] for r in head["rules"]} >= {"units_per_county", "keep_share", "pins"}
    assert small_plan.head["marks"] == {"regions": {"assumed": 1}}
    assert small_plan.head["reproducible"] is True


def test_marks_count(small: Scenario) -> None:
    assert marks(small.network) == {"regions": {"assumed": 1}}


@pytest.mark.parametrize("there", ["relations", "region_tags"])
def test_pairing_begins_with_ties_or_with_tags(small: Scenario, there: str) -> None:
    """A new programme has no relations yet: tags say who takes part."""
    network = replace(small.network, frames={"regions": full("regions"), there: full(there)})
    assert missing_tables(STAGES["pairing"], replace(small, network=network)) == []
