"""Child processes: answers in order for any number of workers, deaths told, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.solve.executor import LocalProcesses
from planner.solve.pool import SolverDefect, SolverKilled, SolverStopped
from planner.solve.task import Task
from tests.planner.solve.models import assignment, random_model

HOME = Path(__file__).resolve().parents[3]


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


def test_a_child_that_dies_idle_is_replaced(folder: Path) -> None:
    with LocalProcesses(1) as executor:
        executor.run(tasks(1))
        (child,) = executor._children
        os.kill(child.process.pid, signal.SIGKILL)
        child.process.wait()
        assert executor.run(tasks(1))[0].status in ("OPTIMAL", "INFEASIBLE")
        assert children(executor) != [child.process.pid]


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

    with executor:
        with pytest.raises(KeyboardInterrupt):
            executor.run([long(), long()], interrupt)
        assert len(pids) == 2 and all(gone(p) for p in pids)
        assert not list(
            folder.glob("*/*/*")
        )  # already before leaving: the executor's own empty folder is left
    assert list(folder.iterdir()) == []


def test_an_interruption_while_a_task_is_written_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor where removing the run's own folder is interrupted as well."""

    def interrupted(*given: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), LocalProcesses(1) as executor:
        monkeypatch.setattr("planner.solve.executor.write_task", interrupted)
        monkeypatch.setattr("planner.solve.executor.shutil.rmtree", interrupted)
        try:
            executor.run(tasks(1))
        finally:
            monkeypatch.undo()
            assert list(folder.glob("jiedui-*/*/*"))
            monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert list(folder.iterdir()) == []


LEFT = """
import sys, tempfile
import numpy as np
from pathlib import Path
from planner.solve.executor import LocalProcesses
tempfile.tempdir = sys.argv[1]
executor = LocalProcesses(1)
executor.__enter__()
(executor._scratch.inside() / "task.npy").write_bytes(b"much")
print("there", flush=True)
input()
"""


def test_what_a_killed_process_left_is_removed_by_the_next(folder: Path) -> None:
    """While it lives nobody touches it."""
    command = [sys.executable, "-c", LEFT, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=HOME) as other:
        assert other.stdout is not None and other.stdout.readline() == b"there\n"
        with LocalProcesses(1) as executor:
            executor.run(tasks(1))
        assert len(list(folder.glob("jiedui-*/*/*/task.npy"))) == 1
        other.kill()
    with LocalProcesses(1) as executor:
        assert not list(folder.glob("jiedui-*/*/*/task.npy"))
        executor.run(tasks(1))
    assert list(folder.iterdir()) == []


def test_a_place_of_somebody_else_is_not_used(folder: Path) -> None:
    taken = folder / f"jiedui-{os.getuid()}"
    taken.symlink_to("/")
    with LocalProcesses(1) as executor:
        executor.run(tasks(1))
        assert not list(Path("/").glob(".writing-*"))
    assert list(folder.iterdir()) == [taken]
    taken.unlink()


def together(executor: LocalProcesses, jobs: list[list[Task]]) -> list[Any]:
    """Runs of several threads at once: the answers' statuses, or what was raised."""
    found: list[Any] = [None] * len(jobs)

    def run(number: int) -> None:
        try:
            found[number] = [a.status for a in executor.run(jobs[number])]
        except Exception as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_threads_share_the_children(folder: Path, workers: int) -> None:
    jobs = [tasks(5), tasks(3), tasks(1)]
    with LocalProcesses(workers) as executor:
        alone = [[a.status for a in executor.run(job)] for job in jobs]
        assert together(executor, jobs) == alone
        assert len(children(executor)) <= workers


def test_a_child_outlives_the_thread_that_asked_for_it(folder: Path) -> None:
    """On Linux the kernel ends a child with the thread that made it."""
    with LocalProcesses(1) as executor:
        assert together(executor, [tasks(1)]) != [None]
        (pid,) = children(executor)
        time.sleep(0.3)
        assert executor.run(tasks(1))[0].status in ("OPTIMAL", "INFEASIBLE")
        assert children(executor) == [pid]


def test_a_run_without_a_child_gets_the_next_that_is_free(folder: Path) -> None:
    """Many tasks of one run do not keep another waiting until all are done."""
    order: list[str] = []
    hard = assignment(5, 40).arrays()
    many = [Task("mip", hard, {"work": 0.002}, "many")] * 12
    one = Task("mip", random_model(1).arrays(), {}, "other")
    with LocalProcesses(1) as executor:
        executor.run(tasks(1))
        first = threading.Thread(target=lambda: order.extend([str(len(executor.run(many)))]))
        first.start()
        time.sleep(0.02)
        executor.run([one])
        order.append("other")
        first.join(60)
    assert order == ["other", "12"]


def test_one_runs_failure_leaves_the_others_children(folder: Path) -> None:
    with LocalProcesses(2) as executor:
        bad, good = together(executor, [[Task("no such engine", {"a": np.zeros(1)})], tasks(6)])
    assert isinstance(bad, SolverDefect) and len(good) == 6


def test_stopping_ends_runs_and_lets_none_begin(folder: Path) -> None:
    executor = LocalProcesses(1)
    stopper = threading.Timer(0.5, executor.stop)
    stopper.start()
    began = time.monotonic()
    with executor:
        found = together(executor, [[long()], [long()]])
    assert all(isinstance(f, SolverStopped | SolverKilled) for f in found)
    assert time.monotonic() - began < 30
    with pytest.raises(SolverStopped):
        executor.run(tasks(1))


def test_a_child_begun_ahead_is_the_one_that_serves(folder: Path) -> None:
    with LocalProcesses(1) as executor:
        executor.begin()
        executor.begin()  # there is one already
        assert executor._coming is not None
        begun = executor._coming.result().process.pid
        assert executor.run(tasks(1))[0].status in ("OPTIMAL", "INFEASIBLE")
        assert children(executor) == [begun]
        executor.begin()
        assert children(executor) == [begun] and executor._coming is None
    assert gone(begun)


@pytest.mark.parametrize("dies", [True, False])
def test_a_child_begun_ahead_may_die_or_be_of_no_use(folder: Path, dies: bool) -> None:
    with LocalProcesses(1) as executor:
        executor.begin()
        assert executor._coming is not None
        child = executor._coming.result()
        if dies:
            os.kill(child.process.pid, signal.SIGKILL)
            child.process.wait()
            assert executor.run(tasks(1))[0].status in ("OPTIMAL", "INFEASIBLE")
            assert children(executor) != [child.process.pid]
    assert gone(child.process.pid)
