"""A sweep's rows are what single plans come to, whoever makes them and however often it is begun."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import psutil
import pytest

from graph.errors import InfeasibleError, InputError, OutsideError
from graph.tables.write import HALF_WRITTEN
from planner.identity import input_digests
from planner.inputs import resolved_head, seen_network
from planner.plan import read_plan
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from planner.solve.pool import InProcess
from planner.sweep import crew, rows
from planner.sweep.design import design_of
from planner.sweep.kept import keep_scenario, kept_scenario
from planner.sweep.member import Job, plan_run, row_of, scenario_at
from planner.sweep.run import Sweep, Told, read_sweep, run_sweep, sweep_id
from planner.verify import verify
from tests.planner.dask_cluster import HOME, awaited
from tests.planner.parted_land import write_parted
from tests.planner.small import write_small
from tests.planner.sweep.lands import DONE, INFEASIBLE, WORDS, WRONG, contents, facts, twelve


@pytest.fixture(scope="module")
def swept(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """The twelve runs, one after another. Not to be changed."""
    return run_sweep(small, twelve(small), tmp_path_factory.mktemp("swept"))


def test_rows_are_what_single_plans_come_to(small: Scenario, swept: Sweep, tmp_path: Path) -> None:
    design = twelve(small)
    assert swept.runs["number"].to_list() == list(range(12))
    for row in swept.runs.iter_rows(named=True):
        number = row["number"]
        assert {k: row[k] for k in design.point(number)} == design.point(number)
        if number in DONE:
            plan = make_plan(scenario_at(small, design, number), tmp_path / "plans", executor=InProcess())
            head = plan.stages["designation"]
            assert (row["status"], row["plan"], row["reason_en"]) == ("done", plan.id, None)
            assert row["designation.status"] == head["status"] == "OPTIMAL"
            assert row["designation.objective"] == head["objective"] / head["scale"]
            assert row["designation.bound"] == head["bound"] / head["scale"]
            assert row["designation.gap"] == head["gap"]
            assert {k["key"]: row[f"designation.{k['key']}"] for k in head["kpis"]} == {
                k["key"]: k["plan"] for k in head["kpis"]
            }
    assert swept.runs.filter(pl.col("number").is_in(DONE))["designation.cost"].n_unique() > 1


def test_runs_without_a_plan_keep_their_reason(small: Scenario, swept: Sweep, tmp_path: Path) -> None:
    of = {r["number"]: r for r in swept.runs.iter_rows(named=True)}
    for number in INFEASIBLE:
        with pytest.raises(InfeasibleError) as found:
            make_plan(scenario_at(small, twelve(small), number), tmp_path)
        assert of[number]["status"] == "infeasible"
        assert (of[number]["reason_zh"], of[number]["reason_en"]) == found.value.text
        assert (
            of[number]["plan"] is of[number]["designation.cost"] is of[number]["designation.status"] is None
        )
    for number in WRONG:
        assert of[number]["status"] == "failed"
        assert "nowhere" in of[number]["reason_en"] and "nowhere" in of[number]["reason_zh"]


def test_a_policy_value_gives_the_plan_of_set(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "small")
    scenario = read_scenario(folder)
    design = design_of(scenario, ["designation.distance_weight=1.5,2.0", 'designation.keep_share="off",0.5'])
    swept = run_sweep(scenario, design, tmp_path / "sweeps", keep_plans=True)
    for number, (weight, share) in enumerate((w, s) for w in ("1.5", "2.0") for s in ("off", "0.5")):
        words = [f"designation.distance_weight={weight}", f"designation.keep_share={share}"]
        single = make_plan(read_scenario(folder, settings=words), tmp_path / "plans", executor=InProcess())
        row = swept.runs.row(number, named=True)
        assert row["plan"] == single.id
        kept = read_plan(swept.folder / "plans" / single.id)
        assert verify(kept).ok
        assert kept.table("pairs").equals(single.table("pairs"))


def test_another_objective_brings_its_own_defaults(tmp_path: Path) -> None:
    scores = "stage,supporter,recipient,cost\n" + "".join(
        f"designation,u{u},{c},{u}\n" for u in (1, 2, 3) for c in "ABCD"
    )
    folder = write_small(tmp_path / "small", pair_scores=scores)
    scenario = read_scenario(folder)
    design = design_of(scenario, ["designation.objective=scores"])
    found = scenario_at(scenario, design, 0)
    typed = read_scenario(folder, settings=["designation.objective=scores"])
    assert found.policies["designation"].values == typed.policies["designation"].values
    assert found.policies["designation"].values != scenario.policies["designation"].values


def test_the_same_bytes_by_any_number_of_processes(small: Scenario, swept: Sweep, tmp_path: Path) -> None:
    two = run_sweep(small, twelve(small), tmp_path, workers=2)
    assert two.id == swept.id
    assert contents(two) == contents(swept)
    assert len(contents(swept)) > 12
    assert all(json.loads(f.read_text())["seconds"] > 0 for f in facts(two))


def test_answers_of_other_runs_change_nothing(tmp_path: Path) -> None:
    """What one run solved another does not; with cadres in parts, a change to one part leaves the others alone."""
    scenario = read_scenario(write_parted(tmp_path / "parted", prefectures=2))
    design = design_of(scenario, ["cadres[id=p0k00].seniority_years=0:9:2"])
    with_answers = run_sweep(scenario, design, tmp_path / "with")
    without = run_sweep(scenario, design, tmp_path / "without", reuse=False)
    assert contents(with_answers) == contents(without)
    assert with_answers.runs["status"].unique().to_list() == ["done"]
    counted = [
        [sum(t["reused"] for t in json.loads(f.read_text())["tasks"].values()) for f in facts(s)]
        for s in (with_answers, without)
    ]
    assert counted[0][0] == 0 and counted[0][1] >= 2  # the other part's, and designation's
    assert sum(counted[1]) == 0
    assert not (without.folder / ".answers").exists()


def test_what_is_done_is_taken_as_it_is(small: Scenario, swept: Sweep, tmp_path: Path) -> None:
    folder = tmp_path / swept.id
    shutil.copytree(swept.folder, folder)
    (folder / "runs.parquet").unlink()
    (folder / "runs" / "3.json").unlink()
    (folder / "runs" / "6.json").write_text("{", encoding="utf-8")
    odd = json.loads((folder / "runs" / "10.json").read_text(encoding="utf-8"))
    odd["values"]["units[].capacity"] = 7  # of another draw
    (folder / "runs" / "10.json").write_text(json.dumps(odd), encoding="utf-8")
    before = {f.name: f.stat().st_mtime_ns for f in (folder / "runs").iterdir()}
    told: list[Told] = []
    again = run_sweep(small, twelve(small), tmp_path, workers=2, on_progress=told.append)
    assert contents(again) == contents(swept)
    assert {f.name for f in (folder / "runs").iterdir() if f.stat().st_mtime_ns != before.get(f.name)} == {
        "3.json", "6.json", "10.json",
    }  # fmt: skip
    assert [t.ended for t in told] == list(range(1, 13))
    assert told[-1].without_plan == 9 and told[-1].seconds_left == 0


def test_a_sweep_that_is_done_starts_no_process(
    small: Scenario, swept: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "Child", None)
    again = run_sweep(small, twelve(small), swept.folder.parent)
    assert again.runs.equals(swept.runs)
    assert read_sweep(swept.folder).runs.equals(swept.runs)
    run_sweep(small, twelve(small), swept.folder.parent, dask="tcp://127.0.0.1:1")


def test_a_killed_child_is_replaced_and_its_run_tried_once_more(
    small: Scenario, swept: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give, killed = crew.RunChild.give, []

    def give_and_kill(self: crew.RunChild, number: int) -> None:
        if number in (2, 6) and killed.count(number) < (1 if number == 2 else 2):
            killed.append(number)
            self.process.kill()
            self.process.wait()
        give(self, number)

    monkeypatch.setattr(crew.RunChild, "give", give_and_kill)
    found = run_sweep(small, twelve(small), tmp_path, workers=2)
    assert sorted(killed) == [2, 6, 6]
    row = found.runs.row(6, named=True)
    assert (
        row["status"] == "failed"
        and "killed twice (-9)" in row["reason_en"]
        and "两次被终止" in row["reason_zh"]
    )
    rest = pl.col("number") != 6
    assert (
        found.runs.filter(rest)
        .select("number", "status", "plan")
        .equals(swept.runs.filter(rest).select("number", "status", "plan"))
    )
    assert json.loads((found.folder / "facts" / "2.json").read_text())["tries"] == 2
    monkeypatch.undo()
    assert contents(run_sweep(small, twelve(small), tmp_path)) == contents(swept)


SCRIPT = """
import sys
from planner.scenario import read_scenario
from planner.sweep.design import design_of
from planner.sweep.run import run_sweep
scenario = read_scenario(sys.argv[1])
run_sweep(scenario, design_of(scenario, sys.argv[3:]), sys.argv[2], workers=2)
"""


def test_goes_on_after_the_whole_process_was_killed(small: Scenario, swept: Sweep, tmp_path: Path) -> None:
    folder = write_small(tmp_path / "small")
    out = tmp_path / "sweeps"
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", SCRIPT, str(folder), str(out), *WORDS],
        env={**os.environ, "PYTHONPATH": str(HOME)},
    )
    try:
        awaited(lambda: len(list(out.glob("*/runs/[0-9]*.json"))) >= 2 or process.poll() is not None)
        below = psutil.Process(process.pid).children(recursive=True)
        assert len(below) == 2
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    awaited(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in below))
    assert not list(out.glob("*/runs.parquet"))
    left = len(list(out.glob("*/runs/[0-9]*.json")))
    assert 2 <= left < 12
    again = run_sweep(read_scenario(folder), twelve(small), out)
    assert contents(again) == contents(swept)


def test_what_a_killed_process_left_half_written_is_removed(
    small: Scenario, swept: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:  # a process that is killed tidies nothing and renames nothing
        patched.setattr(Path, "replace", lambda *_: None)
        patched.setattr(Path, "unlink", lambda *_, **__: None)
        rows.keep_run(tmp_path / swept.id, {"number": 3}, {})  # type: ignore[typeddict-item]  # never read
    begun = [p for p in (tmp_path / swept.id).glob("*/*") if HALF_WRITTEN.fullmatch(p.name)]
    mine = tmp_path / swept.id / "runs" / "notes-of-mine.json"
    mine.write_text("{}", encoding="utf-8")
    assert len(begun) == 2
    again = run_sweep(small, twelve(small), tmp_path)
    assert not any(p.exists() for p in begun)
    assert mine.exists()
    mine.unlink()
    assert contents(again) == contents(swept)


def test_the_end_of_the_parents_work_ends_the_children(small: Scenario, tmp_path: Path) -> None:
    def interrupt(told: Told) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(small, twelve(small), tmp_path, workers=2, on_progress=interrupt)
    mine = psutil.Process().children(recursive=True)
    assert not [p for p in mine if "planner.sweep.child" in p.cmdline()]
    assert len(list(tmp_path.glob("*/runs/*.json"))) == 1


def test_the_id_holds_all_that_decides(small: Scenario) -> None:
    words = ["designation.distance_weight=1,2", "units[kind=bank].capacity*=1,2"]
    name = sweep_id(small, design_of(small, words))
    assert name == sweep_id(small, design_of(small, words))
    others = [
        sweep_id(small, design_of(small, words[:1])),
        sweep_id(small, design_of(small, words[::-1])),
        sweep_id(small, design_of(small, ["designation.distance_weight=1,3", words[1]])),
        sweep_id(small, design_of(small, words, sample=4)),
        sweep_id(small, design_of(small, words, sample=4, seed=1)),
        sweep_id(small, design_of(small, words, sample=4, method="sobol")),
    ]
    assert len({name, *others}) == 7
    units = small.network.frame("units").with_columns(
        source=pl.lit("x")
    )  # no stage reads it, but a condition may
    other = replace(small, network=small.network.with_frames({"units": units}))
    assert sweep_id(other, design_of(other, words)) != name
    assert sweep_id(other, design_of(other, words[:1])) == others[0]


def test_the_scenario_is_kept_whole(small: Scenario, tmp_path: Path) -> None:
    keep_scenario(small, tmp_path)
    found = kept_scenario(tmp_path)
    assert resolved_head(found) == resolved_head(small)
    assert input_digests(seen_network(found).frames) == input_digests(seen_network(small).frames)
    assert found.network.frame("units").equals(small.network.frame("units"))
    assert (found.name, found.chain, found.policies) == (small.name, small.chain, small.policies)


def test_a_defect_is_a_row_too(small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nothing there")

    monkeypatch.setattr("planner.sweep.member.make_plan", broken)
    row, told = plan_run(small, design_of(small, WORDS[:1]), 1, Job(str(tmp_path)))
    assert row["status"] == "failed"
    assert row["reason"]["en"] == "this is a defect of jiedui (ZeroDivisionError: nothing there)"
    assert "ZeroDivisionError" in told["trace"] and "outside" not in row


@pytest.mark.parametrize("error", [MemoryError(), OSError("full"), OutsideError("满", "full")])
def test_what_failed_outside_is_worth_another_try(
    small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("planner.sweep.member.make_plan", broken)
    design = design_of(small, WORDS[:1])
    row, told = plan_run(small, design, 1, Job(str(tmp_path)))
    assert (row["status"], row["outside"]) == ("failed", True)
    rows.keep_run(tmp_path, row, told)
    assert rows.kept_run(tmp_path, design, 1) is None
    assert "outside" not in rows.table_of([row], ["designation.distance_weight"]).columns


def test_plans_that_are_gone_are_made_again(small: Scenario, tmp_path: Path) -> None:
    design = design_of(small, ["designation.distance_weight=1,2"])
    first = run_sweep(small, design, tmp_path)
    assert not (first.folder / "plans").exists()
    second = run_sweep(small, design, tmp_path, keep_plans=True)
    assert contents(first) == contents(second)
    assert {p.name for p in (second.folder / "plans").glob("[!.]*")} == set(second.runs["plan"])
    assert (
        row_of(read_plan(second.folder / "plans" / second.runs["plan"][0]))["plan"] == second.runs["plan"][0]
    )


def test_misuse_is_told(small: Scenario, swept: Sweep, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no sweep's folder|不是扫描的文件夹"):
        read_sweep(tmp_path)
    shutil.copytree(swept.folder, tmp_path / swept.id)
    (tmp_path / swept.id / "sweep.json").write_text('{"format": 9}', encoding="utf-8")
    with pytest.raises(InputError, match=r"sweep format 9|扫描格式 9"):
        run_sweep(small, twelve(small), tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutsideError):
        run_sweep(small, twelve(small), tmp_path / "file")


def test_figures_that_bear_the_name_of_a_varied_value() -> None:
    found = rows.table_of(
        [
            {"number": 0, "values": {"pairing.county_pairs": True}, "status": "done", "reason": None, "plan": "x",
             "stages": {"pairing": {"status": "OPTIMAL", "objective": 1, "bound": 1.0, "gap": 0.0}},
             "kpis": {"pairing.county_pairs": 3, "pairing.cost": None}},
            {"number": 1, "values": {"pairing.county_pairs": False}, "status": "infeasible", "reason": {"zh": "甲", "en": "a"},
             "plan": None, "stages": {}, "kpis": {}},
        ],
        ["pairing.county_pairs"],
    )  # fmt: skip
    assert found["pairing.county_pairs"].to_list() == [True, False]
    assert found["pairing.county_pairs (kpi)"].to_list() == [3, None]
    assert found.columns[:6] == ["number", "pairing.county_pairs", "status", "reason_zh", "reason_en", "plan"]
