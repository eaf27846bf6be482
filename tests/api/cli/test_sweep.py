"""``sweep``, as people type it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import psutil
import pytest

from api.cli import sweep as command
from api.cli.sweep_progress import line
from graph.errors import UsageError
from planner.sweep.run import Told
from tests.api.cli.conftest import Typed
from tests.planner.dask_cluster import HOME, awaited
from tests.planner.small import write_small

WEIGHT = ("--vary", "designation.distance_weight=1:2:2")
CAPACITY = ("--vary", "units[].capacity=1,2")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where one works, with the small scenario in it."""
    monkeypatch.chdir(tmp_path)
    return write_small(tmp_path / "small").parent


def test_runs_effects_and_reasons_are_told(typed: Typed, folder: Path) -> None:
    code, out, err = typed("sweep", "small", *WEIGHT, *CAPACITY, "--workers", "2")
    assert code == 0
    (made,) = (folder / "sweeps").iterdir()
    runs = pl.read_parquet(made / "runs.parquet")
    costs = runs["designation.cost"].drop_nulls().to_list()
    assert runs["status"].to_list() == ["infeasible", "done", "infeasible", "done"]
    lines = [" ".join(text.split()) for text in out.splitlines()]
    assert f"1 1 2 planned {costs[0]:.3f}" in lines
    assert "0 1 1 rules clash" in lines
    assert (
        f"designation.distance_weight 1 1/2 designation.cost {costs[0]:.3f} {costs[0]:.3f} {costs[0]:.3f}"
        in lines
    )
    assert (
        f"units[].capacity 2 2/2 designation.cost {sum(costs) / 2:.3f} {costs[0]:.3f} {costs[1]:.3f}" in lines
    )
    assert "units[].capacity 1 0/2 designation.cost" in lines
    assert "✗ rules clash (2 runs: 0, 2): " in out
    assert out.count("the rules cannot hold together") == 1
    assert f"4 runs, 2 with a plan; a row of each in sweeps/{made.name}/runs.parquet" in out
    assert "4/4, 2 without a plan" in err
    code, chinese, err = typed("--lang", "zh", "sweep", "small", *WEIGHT, *CAPACITY, "-q")
    assert (code, err) == (0, "")
    assert "规则不能同时成立（2 次：0、2）" in chinese and "4 次，2 次有方案" in chinese


def test_json_has_all_of_it(typed: Typed, folder: Path) -> None:
    words = ("--sample", "4", "--vary", "designation.distance_weight=1:2", "--method", "sobol", "--seed", "3")
    code, out, _ = typed("sweep", "small", *words, "--kpi", "designation.kept", "--json", "-q")
    told = json.loads(out)
    assert code == 0
    assert told["design"] == {"kind": "sobol", "seed": 3, "runs": 4}
    assert [r["number"] for r in told["runs"]] == list(range(4))
    assert len({r["designation.distance_weight"] for r in told["runs"]}) == 4
    assert sum(e["runs"] for e in told["effects"]) == 4  # four equal parts of the range
    assert {e["kpi"] for e in told["effects"]} == {"designation.kept"}
    assert told["failures"] == []
    assert (Path(told["folder"]) / "runs.parquet").is_file()


@pytest.mark.parametrize(
    ("words", "en"),
    [
        ((), "nothing is varied: give --vary STAGE.KEY=a:b:n"),
        (("--vary", "designation.distance_wieght=1:2:2"), "did you mean distance_weight?"),
        (("--vary", "units[id=u2].capacity=1:4:3"), "only whole numbers are right here"),
        (
            (*WEIGHT, "--kpi", "funds.points"),
            "must be STAGE.KEY with one of the stages `designation` (designated assistance)",
        ),
    ],
)
def test_misuse_ends_with_2_and_leaves_nothing(
    typed: Typed, folder: Path, words: tuple[str, ...], en: str
) -> None:
    code, _, err = typed("sweep", "small", *words)
    assert code == 2
    assert en in err
    assert not (folder / "sweeps").exists()


def test_an_unknown_figure_is_told_and_the_runs_stay(typed: Typed, folder: Path) -> None:
    code, _, err = typed("sweep", "small", *WEIGHT, "--kpi", "designation.cots")
    assert code == 2
    assert "no such key figure; did you mean designation.cost?" in err
    code, out, _ = typed("sweep", "small", *WEIGHT, "--kpi", "designation.kept")
    assert code == 0
    assert "the same in every run: designation.kept" in out
    assert "What each value does" not in out


def test_a_million_runs_are_refused_and_not_built(
    typed: Typed, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = ("--vary", "designation.distance_weight=0:1:1000", "--vary", "designation.need_weight=0:1:1000")

    def never(*_: object) -> None:
        raise AssertionError("built")

    monkeypatch.setattr("planner.sweep.design.Design.point", never)
    monkeypatch.setattr("planner.sweep.values.Spaced.drawn", never)
    code, _, err = typed("sweep", "small", *many)
    assert code == 2
    assert "there are 1,000,000 runs, more than 1,000; add --yes" in err
    assert typed("sweep", "small", *many, "--json")[0] == 2
    sampled = ("--vary", "designation.distance_weight=0:1", "--sample", "1001")
    assert typed("sweep", "small", *sampled)[0] == 2
    assert not (folder / "sweeps").exists()


def test_on_a_terminal_one_is_asked(typed: Typed, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "MANY", 1)
    with pytest.raises(UsageError):
        command.ask_about(_Many(), as_json=False)  # type: ignore[arg-type] # only its size is looked at
    monkeypatch.setattr("sys.stdin", _Terminal())
    asked: list[str] = []

    def answer(question: str, **_: object) -> bool:
        asked.append(question)
        return True

    monkeypatch.setattr("click.confirm", answer)
    assert typed("sweep", "small", *WEIGHT, "-q")[0] == 0
    assert typed("sweep", "small", *WEIGHT, "-q", "--yes")[0] == 0
    assert asked == ["There are 2 runs. Go on?"]


class _Many:
    runs = 2


class _Terminal:
    def isatty(self) -> bool:
        return True


def test_ctrl_c_ends_all_at_once_and_the_same_command_goes_on(typed: Typed, folder: Path) -> None:
    words = ["sweep", "small", "--vary", "designation.distance_weight=1:2:6", "--workers", "2"]
    env = {**os.environ, "PYTHONPATH": str(HOME)}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "jiedui", "--lang", "en", *words],
        env=env,
        stderr=subprocess.PIPE,
        text=True,
    )
    awaited(lambda: len(list(folder.glob("sweeps/*/runs/[0-9]*.json"))) >= 2 or process.poll() is not None)
    below = psutil.Process(process.pid).children(recursive=True)
    assert len(below) == 2
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "of 6 runs are kept; the same command goes on" in err
    assert not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in below)
    kept = {f.name: f.stat().st_mtime_ns for f in folder.glob("sweeps/*/runs/[0-9]*.json")}
    assert 2 <= len(kept) < 6
    assert typed(*words, "-q")[0] == 0
    now = {f.name: f.stat().st_mtime_ns for f in folder.glob("sweeps/*/runs/[0-9]*.json")}
    assert len(now) == 6
    assert {name: now[name] for name in kept} == kept


def test_progress_is_told_in_one_line() -> None:
    told = line(Told(3, 10, 1, 75.2))
    assert told == ("3/10，1 次没有方案，约还需 0:01:15", "3/10, 1 without a plan, about 0:01:15 left")
    assert line(Told(10, 10, 0, 0.0)).en == "10/10"
    assert line(Told(1, 2, 0, None)).en == "1/2"
