"""Answers are used again: the same bytes as a full solve, only what an edit touched is solved, and no harm from bad files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.errors import InfeasibleError
from planner import reuse
from planner.plan import Plan
from planner.reuse import FOLDER, Answers, Reusing
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from planner.solve.kept import packed, task_key
from planner.solve.pool import InProcess
from planner.solve.task import Answer, Task
from planner.verify import verify
from tests.planner.parted_land import SKILLS, write_parted
from tests.planner.tiny import frame

Edit = Callable[[Scenario, np.random.Generator], tuple[Scenario, int | None]]


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return read_scenario(write_parted(tmp_path_factory.mktemp("parted") / "s"))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One task per component, and no waiting for the disk."""
    monkeypatch.setattr(import_module("planner.stages.cadres.build"), "BATCH", 1)
    monkeypatch.setattr("planner.plan_writer._sync", lambda path: None)


def contents(plan: Plan) -> dict[str, bytes]:
    files = (p for p in plan.folder.rglob("*") if p.is_file() and p.name != "run.json")
    return {str(p.relative_to(plan.folder)): p.read_bytes() for p in files}


def planned(scenario: Scenario, out: Path, **more: Any) -> Plan:
    return make_plan(scenario, out, executor=InProcess(), **more)


def counts(plan: Plan) -> dict[str, tuple[int, int]]:
    """Stage → tasks reused and solved."""
    return {s: (t["reused"], t["solved"]) for s, t in plan.run["tasks"].items()}


def kept(out: Path) -> list[Path]:
    return sorted((out / FOLDER).glob("*.answer"))


def changed(scenario: Scenario, **frames: pl.DataFrame) -> Scenario:
    return replace(scenario, network=scenario.network.with_frames(frames))


def with_rows(scenario: Scenario, table: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    return pl.concat([scenario.network.frame(table), frame(table, rows)])


def people_leave(scenario: Scenario, draw: np.random.Generator) -> tuple[Scenario, int | None]:
    p, cadres = int(draw.integers(4)), scenario.network.frame("cadres")
    mine = cadres.filter(pl.col("id").str.starts_with(f"p{p}"))["id"].to_list()
    gone = draw.choice(mine, min(len(mine) - 4, int(draw.integers(1, 4))), replace=False).tolist()
    return changed(scenario, cadres=cadres.filter(~pl.col("id").is_in(gone))), p


def people_come(scenario: Scenario, draw: np.random.Generator) -> tuple[Scenario, int | None]:
    p = int(draw.integers(4))
    rows = [
        {"id": f"p{p}n{draw.integers(10**9)}", "unit": f"u{p}", "home_region": f"p{p}c{draw.integers(2)}",
         "roles": "first_secretary;member", "skill": SKILLS[draw.integers(len(SKILLS))]} for _ in range(3)
    ]  # fmt: skip
    return changed(scenario, cadres=with_rows(scenario, "cadres", rows)), p


def a_village_is_added(scenario: Scenario, draw: np.random.Generator) -> tuple[Scenario, int | None]:
    p, c = int(draw.integers(4)), int(draw.integers(2))
    code = f"p{p}c{c}w{draw.integers(10**9)}"
    place = {
        "code": code,
        "name": code,
        "level": "village",
        "parent": f"p{p}c{c}",
        "lon": 101.0 + 3 * p + float(draw.random()),
        "lat": 30.5,
    }
    posts = [{"village": code, "post": "fs", "role": "first_secretary", "minimum": 1, "target": 1},
             {"village": code, "post": "m", "role": "member", "skill": "finance", "minimum": 2, "target": 2}]  # fmt: skip
    regions = with_rows(scenario, "regions", [place])
    return changed(scenario, regions=regions, village_posts=with_rows(scenario, "village_posts", posts)), p


def skills_change(scenario: Scenario, draw: np.random.Generator) -> tuple[Scenario, int | None]:
    p, skill = int(draw.integers(4)), SKILLS[draw.integers(len(SKILLS))]
    county = pl.col("home_region") == f"p{p}c{draw.integers(2)}"
    cadres = scenario.network.frame("cadres")
    skills = pl.when(county).then(pl.lit(skill)).otherwise(pl.col("skill")).alias("skill")
    return changed(scenario, cadres=cadres.with_columns(skills)), p


def a_village_lies_elsewhere(scenario: Scenario, draw: np.random.Generator) -> tuple[Scenario, int | None]:
    p, regions = int(draw.integers(4)), scenario.network.frame("regions")
    moved = pl.col("code") == f"p{p}c{draw.integers(2)}v{draw.integers(3)}"
    lat = pl.when(moved).then(pl.lit(30 + float(draw.random()))).otherwise(pl.col("lat")).alias("lat")
    return changed(scenario, regions=regions.with_columns(lat)), p


def a_weight_changes(scenario: Scenario, draw: np.random.Generator) -> tuple[Scenario, int | None]:
    policy = scenario.policies["cadres"]
    values = {**policy.values, "skill_weight": float(draw.integers(1, 9))}
    return replace(scenario, policies={**scenario.policies, "cadres": replace(policy, values=values)}), None


EDITS: tuple[Edit, ...] = (
    people_leave, people_come, a_village_is_added, skills_change, a_village_lies_elsewhere, a_weight_changes
)  # fmt: skip


@pytest.mark.parametrize(("area", "components"), [("prefecture", 4), ("province", 1)])
def test_a_hundred_edits(parted: Scenario, area: str, components: int, tmp_path: Path) -> None:
    """In four components, or all in one: then each solve begins with the answer before it."""
    draw, out = np.random.default_rng(2016), tmp_path / "plans"
    policy = parted.policies["cadres"]
    policy = replace(policy, values={**policy.values, "posting_area": area})
    scenario = replace(parted, stages=("cadres",), policies={**parted.policies, "cadres": policy})
    before = planned(scenario, out)
    assert counts(before) == {"cadres": (0, components)}
    solved, resumed, known = list[int](), list[int](), {before.id}
    for number in range(100):
        edit = EDITS[draw.choice(len(EDITS), p=[0.25, 0.2, 0.15, 0.2, 0.15, 0.05])]
        scenario, prefecture = edit(scenario, draw)
        plan = planned(scenario, out)
        if plan.id in known:  # such as a skill that everyone had
            continue
        known.add(plan.id)
        assert contents(plan) == contents(planned(scenario, tmp_path / "full", reuse=False)), (number, edit)
        ((again, anew),) = counts(plan).values()
        assert again + anew == components
        if prefecture is not None and step(plan) == step(before):
            assert anew <= 1, (number, edit)
        solved.append(anew)
        resumed.append(plan.run["tasks"]["cadres"]["resumed"])
        before = plan
    assert len(solved) > 80
    assert 50 < sum(solved) < len(solved) * 2  # most edits change one component, some all, some none
    assert sum(resumed) > 0.9 * sum(solved)
    assert not (tmp_path / "full" / FOLDER).exists()
    assert verify(before).ok


def step(plan: Plan) -> int:
    """What a seat is worth: a power of ten that may rise for all components when posts are added."""
    return int(plan.stages["cadres"]["details"]["step"])


def test_small_components_that_share_tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them share a task does not shift behind an edit."""
    scenario = replace(read_scenario(write_parted(tmp_path / "s", prefectures=40)), stages=("cadres",))
    monkeypatch.setattr(import_module("planner.stages.cadres.build"), "BATCH", 100)
    (all_of,) = counts(planned(scenario, tmp_path / "plans")).values()
    assert 8 < all_of[1] < 30
    draw, anew = np.random.default_rng(7), list[int]()
    for _ in range(8):
        edited, _ = people_leave(scenario, draw)
        plan = planned(edited, tmp_path / "plans")
        anew += [solved for _, solved in counts(plan).values()]
    assert max(anew) <= 4 and sum(anew) <= 16


def test_another_seed_draws_anew_from_the_answers_at_hand(parted: Scenario, tmp_path: Path) -> None:
    first = planned(parted, tmp_path)
    assert counts(first) == {"designation": (0, 1), "cadres": (0, 4)}
    other = planned(replace(parted, seed=parted.seed + 1), tmp_path)
    assert other.id != first.id and other.stages["cadres"]["objective"] == first.stages["cadres"]["objective"]
    assert counts(other) == {"designation": (1, 0), "cadres": (0, 4)}
    assert other.run["tasks"]["cadres"]["resumed"] == 4


def test_a_plan_that_is_gone_is_not_solved_again(parted: Scenario, tmp_path: Path) -> None:
    first = planned(parted, tmp_path)
    before = contents(first)
    shutil.rmtree(first.folder)
    found = planned(parted, tmp_path)
    assert counts(found) == {"designation": (1, 0), "cadres": (4, 0)} and found.run["seconds"]["solvers"] == 0
    assert contents(found) == before


def test_again_solves_all_and_keeps(parted: Scenario, tmp_path: Path) -> None:
    first = planned(parted, tmp_path)
    before = contents(first)
    for file in kept(tmp_path):
        file.write_bytes(b"")
    anew = planned(parted, tmp_path, again=True)
    assert counts(anew) == counts(first) and contents(anew) == before
    assert all(file.stat().st_size for file in kept(tmp_path))


def test_without_reuse_nothing_is_kept(parted: Scenario, tmp_path: Path) -> None:
    plan = planned(parted, tmp_path, reuse=False)
    assert [p.name for p in tmp_path.iterdir()] == [plan.id]
    assert counts(plan) == {"designation": (0, 1), "cadres": (0, 4)}


@pytest.mark.parametrize("kind", ["empty", "cut off", "altered", "text", "another answer", "a folder"])
def test_damaged_answers_do_no_harm(parted: Scenario, tmp_path: Path, kind: str) -> None:
    first = planned(parted, tmp_path)
    before, whole = contents(first), {f: f.read_bytes() for f in kept(tmp_path)}
    assert len(whole) == 5
    for file, content in whole.items():
        bad = {"empty": b"", "cut off": content[:-1], "altered": content[:-1] + b"\0", "text": b"{}" * 99}
        if kind == "a folder":
            file.unlink()
            file.mkdir()
        elif kind == "another answer":
            file.write_bytes(content[:32] + packed(Answer("OPTIMAL", {}, {}))[32:])
        else:
            file.write_bytes(bad[kind])
    (first.folder / "plan.json").unlink()  # else it is found
    assert contents(planned(parted, tmp_path)) == before
    assert kind == "a folder" or {f: f.read_bytes() for f in kept(tmp_path)} == whole


def test_a_disk_that_refuses_keeps_nothing(parted: Scenario, tmp_path: Path) -> None:
    whole = contents(planned(parted, tmp_path / "a"))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / FOLDER).write_text("in the way")
    assert contents(planned(parted, tmp_path / "b")) == whole


def test_a_failed_plan_leaves_answers_for_the_next(parted: Scenario, tmp_path: Path) -> None:
    policy = parted.policies["cadres"]
    hard = replace(policy, values={**policy.values, "must_fill_tier": 1, "distance_max_km": 1.0})
    with pytest.raises(InfeasibleError):
        planned(replace(parted, policies={**parted.policies, "cadres": hard}), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [FOLDER]
    assert counts(planned(parted, tmp_path))["designation"] == (1, 0)


def test_answers_go_when_they_are_too_many(tmp_path: Path) -> None:
    answers = [Answer("OPTIMAL", {"a": np.full(100, k)}, {}) for k in range(5)]
    with Answers(tmp_path) as store:
        for k, answer in enumerate(answers):
            store.put(f"k{k}", answer)
            os.utime(tmp_path / f"k{k}.answer", (k, k))
        assert store.get("k0") is not None  # used now, so it is the newest
        size = (tmp_path / "k0.answer").stat().st_size
        store.trim(3 * size + 5)
        assert sorted(p.stem for p in tmp_path.glob("*.answer")) == ["k0", "k3", "k4"]
        store.trim(0)
        assert not list(tmp_path.glob("*.answer"))


def test_trimmed_when_a_plan_is_done(
    parted: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reuse, "MOST_BYTES", 6_000)
    plan = planned(parted, tmp_path)
    assert 0 < sum(f.stat().st_size for f in kept(tmp_path)) <= 6_000
    left = {p.suffix for p in (tmp_path / FOLDER).iterdir()}
    assert ".answer" in left and left <= {".answer", ".last"}
    answers = {p.stem for p in (tmp_path / FOLDER).glob("*.answer")}
    assert {p.read_text() for p in (tmp_path / FOLDER).glob("*.last")} <= answers
    assert plan.stages["cadres"]["status"] in ("OPTIMAL", "FEASIBLE")


class Clocked:
    """An executor whose answers a clock decided, or may have."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts

    def run(self, tasks: Sequence[Task], on_progress: Any = None) -> list[Answer]:
        return [Answer("FEASIBLE", {}, self.facts) for _ in tasks]


@pytest.mark.parametrize(("facts", "reused"), [({"cut_short": True}, 0), ({}, 0), ({"cut_short": False}, 2)])
def test_answers_that_a_clock_decided_are_not_kept(
    facts: dict[str, Any], reused: int, tmp_path: Path
) -> None:
    tasks = [Task("mip", {"a": np.arange(k)}, {"time_limit": 1.0}) for k in range(2)]
    with Answers(tmp_path / "none") as store:
        for _ in range(2):
            executor = Reusing(Clocked(facts), store)
            executor.run(tasks)
        assert (executor.reused, executor.solved) == (reused, 2 - reused)
    assert (tmp_path / "none").exists() == bool(reused)


def test_another_version_of_an_engine_finds_nothing(
    parted: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(parted, tmp_path)
    monkeypatch.setattr("planner.solve.kept.stamp", lambda: {"ortools": "another"})
    other = planned(replace(parted, seed=9), tmp_path)
    assert counts(other) == {"designation": (0, 1), "cadres": (0, 4)}


def test_answers_come_in_the_order_of_the_tasks(tmp_path: Path) -> None:
    class Sizes:
        def run(self, tasks: Sequence[Task], on_progress: Any = None) -> list[Answer]:
            return [Answer("OPTIMAL", {}, {"size": len(t.arrays["a"])}) for t in tasks]

    def tasks(sizes: Sequence[int]) -> list[Task]:
        return [Task("mip", {"a": np.zeros(k)}) for k in sizes]

    told: list[Any] = []
    with Answers(tmp_path) as store:
        Reusing(Sizes(), store).run(tasks([3, 1]))
        executor = Reusing(Sizes(), store)
        found = executor.run(tasks([5, 1, 4, 3, 1]), lambda *word: told.append(word))
    assert [a.facts["size"] for a in found] == [5, 1, 4, 3, 1]
    assert (executor.reused, executor.solved) == (3, 2)
    assert told == [("", {"reused": 3, "to_solve": 2})]
    assert Reusing(Sizes(), None).run([]) == []


BUSY = """
import sys
from pathlib import Path
import numpy as np
from planner.reuse import Answers
from planner.solve.task import Answer
for turn in range(40):
    with Answers(Path(sys.argv[1])) as store:
        for k in range(5):
            found = store.get(f"k{k}")
            assert found is None or found.arrays["a"].tolist() == [k] * 1000
            store.put(f"k{k}", Answer("OPTIMAL", {"a": np.full(1000, k)}, {}))
        store.trim(20_000 if turn % 3 else 10**9)
"""


def test_two_at_once_do_no_harm(tmp_path: Path) -> None:
    home = Path(__file__).resolve().parents[2]
    runs = [subprocess.Popen([sys.executable, "-c", BUSY, str(tmp_path)], cwd=home) for _ in range(2)]
    assert [r.wait(120) for r in runs] == [0, 0]
    assert {p.suffix for p in tmp_path.iterdir()} <= {".answer"}


def test_two_plans_at_once_in_one_folder(parted: Scenario, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(3) as threads:
        plans = list(threads.map(lambda seed: planned(replace(parted, seed=seed), tmp_path), (1, 1, 2)))
    alone = [planned(replace(parted, seed=seed), tmp_path / "alone", reuse=False) for seed in (1, 2)]
    assert [contents(p) for p in plans] == [contents(alone[k]) for k in (0, 0, 1)]


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    code = BUSY.replace(
        "        store.trim(", "            import os; os.kill(os.getpid(), 9)\n        store.trim("
    )
    home = Path(__file__).resolve().parents[2]
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=home, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert list(tmp_path.glob(".writing-*"))
    with Answers(tmp_path) as store:
        store.put("k", Answer("OPTIMAL", {}, {}))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["k.answer", "k0.answer"]


def test_the_key_of_a_stage_holds_no_label(parted: Scenario) -> None:
    assert task_key(Task("mip", {}, {}, "a")) == task_key(Task("mip", {}, {}, "b"))
