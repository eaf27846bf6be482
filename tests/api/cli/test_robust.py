"""``robust``, as people type it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.cli.conftest import Typed
from tests.planner.small import write_small

DRAWN = (
    "--uncertain",
    "units[].capacity*=0.4:1.4",
    "--uncertain",
    "units[].strength*=0.1:1.1",
    "--sample",
    "5",
    "--seed",
    "3",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where one works, with the small scenario in it."""
    monkeypatch.chdir(tmp_path)
    return write_small(tmp_path / "small").parent


def test_what_stays_who_is_picked_and_robust_plans_are_told(typed: Typed, folder: Path) -> None:
    code, out, err = typed("robust", "small", *DRAWN)
    assert code == 0
    assert "futures, " in out
    assert "decisions stay in all" in out
    assert "best worst case" in out
    assert "robust plan (worst case): " in out and ", OPTIMAL; keeps the rules of " in out
    assert "robust plans as one model" in err
    plan = next(
        line for line in out.splitlines() if "plan it: jiedui plan" in line and "designation.worst" in line
    )
    assert typed("plan", plan.split()[-1], "-q")[0] == 0
    again = typed("robust", "small", *DRAWN, "--json", "-q")
    told = json.loads(again[1])
    assert (Path(told["folder"]) / "robust.json").is_file()
    assert {r["stage"] for r in told["shares"]} == {"designation"}
    assert [r["criterion"] for r in told["stages"]["designation"]["robust"]] == ["worst", "regret", "tail"]
    assert f"all of it in {told['folder']}" in out
    code, out, _ = typed(
        "robust", "small", *DRAWN, "--criterion", "none", "-q"
    )  # the futures are there already
    assert code == 0
    assert "robust plan" not in out


def test_statuses_of_what_cannot_be(typed: Typed, folder: Path) -> None:
    code, _, err = typed("robust", "small")
    assert (code, "nothing is uncertain" in err) == (2, True)
    assert typed("robust", "small", "--uncertain", "units[].capacity*=0.1:0.2", "--sample", "2")[0] == 3


def test_a_cluster_that_does_not_answer_is_told(
    typed: Typed, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.solve.cluster.PATIENCE_SECONDS", 0.5)
    code, _, err = typed("robust", "small", *DRAWN, "--dask", "tcp://127.0.0.1:1")
    assert code == 5
    assert "the scheduler at tcp://127.0.0.1:1 does not answer" in err
