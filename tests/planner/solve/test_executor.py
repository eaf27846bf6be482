"""Child processes: answers in order for any number of workers, deaths told, nothing left behind."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.solve.executor import LocalProcesses, SolverDefect, SolverKilled
from planner.solve.task import Task
from tests.planner.solve.models import assignment, random_model


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary folders go; must be empty at the end."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def tasks(many: int) -> list[Task]:
    return [Task("mip", random_model(s).arrays(), {"work": 0.1}, f"task {s}") for s in range(many)]


def long() -> Task:
    return Task("mip", assignment(20, 200).arrays(), {"time_limit": 120}, "long")


def children(executor: LocalProcesses) -> list[int]:
    return [c.process.pid for c in executor._children]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_order_and_workers(folder: Path) -> None:
    found = []
    for workers in (1, 3):
        with LocalProcesses(workers) as executor:
            answers = executor.run(tasks(7))
            assert len(children(executor)) == workers
            found.append(
                [(a.status, dict(a.facts), [v.tolist() for v in a.arrays.values()]) for a in answers]
            )
            again = executor.run(tasks(2))  # the same children serve on
            assert [a.status for a in again] == [s for s, _, _ in found[-1][:2]]
            pids = children(executor)
        assert all(gone(p) for p in pids)
    assert found[0] == found[1]
    assert len({str(f) for f in found[0]}) > 1  # else no order would show


def test_nothing_to_do(folder: Path) -> None:
    with LocalProcesses(2) as executor:
        assert executor.run([]) == []
        assert children(executor) == []


def test_a_killed_child_is_told(folder: Path) -> None:
    executor = LocalProcesses(1)
    pids: list[int] = []

    def kill(label: str, found: Mapping[str, Any]) -> None:
        pids.extend(children(executor))
        os.kill(pids[0], signal.SIGKILL)

    with executor, pytest.raises(SolverKilled) as error:
        executor.run([long()], kill)
    assert (error.value.label, error.value.code) == ("long", -signal.SIGKILL)
    assert all(gone(p) for p in pids)


def test_an_engine_that_raises_is_a_defect(folder: Path) -> None:
    with LocalProcesses(1) as executor:
        with pytest.raises(SolverDefect, match="KeyError: 'no such engine'"):
            executor.run([Task("no such engine", {"a": np.zeros(1)})])
        assert executor.run(tasks(1))[0].status in ("OPTIMAL", "INFEASIBLE")  # fresh children afterwards


def test_ctrl_c_leaves_nothing(folder: Path) -> None:
    executor = LocalProcesses(2)
    pids: list[int] = []

    def interrupt(label: str, found: Mapping[str, Any]) -> None:
        pids.extend(children(executor))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        executor.run([long(), long()], interrupt)
    assert len(pids) == 2 and all(gone(p) for p in pids)
    assert list(folder.iterdir()) == []  # already before leaving
    executor.close()
