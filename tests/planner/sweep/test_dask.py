"""A sweep on a real Dask cluster: the same bytes as here, also when a worker is killed midway or the cluster vanishes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import psutil
import pytest

from graph.errors import OutsideError
from planner.scenario import Scenario
from planner.solve import cluster
from planner.sweep import on_dask
from planner.sweep.design import design_of
from planner.sweep.run import Sweep, Told, run_sweep
from tests.planner.dask_cluster import Processes, awaited
from tests.planner.sweep.lands import contents, twelve


@pytest.fixture(scope="module")
def here(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """The same sweep by two processes of this machine."""
    return run_sweep(small, twelve(small), tmp_path_factory.mktemp("here"), workers=2)


def sweeping(worker: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Children of a worker that make runs."""
    return [c for c in psutil.Process(worker.pid).children() if "planner.sweep.child" in c.cmdline()]


def test_the_same_bytes_with_a_worker_and_a_child_killed_midway(
    processes: Processes, small: Scenario, here: Sweep, tmp_path: Path
) -> None:
    first, second = processes.workers
    killed: list[int] = []

    def kill(told: Told) -> None:
        if told.ended == 3:
            killed.append(first.pid)
            processes.end(first)
        if told.ended == 6 and (below := sweeping(second)):
            killed.append(below[0].pid)
            below[0].kill()

    found = run_sweep(small, twelve(small), tmp_path, dask=processes.address, on_progress=kill)
    assert len(killed) == 2
    assert contents(found) == contents(here)
    awaited(lambda: not sweeping(second))  # a sweep that is done leaves none


def test_a_cluster_that_vanishes_is_told_and_the_sweep_goes_on_here(
    processes: Processes, small: Scenario, here: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(on_dask, "PATIENCE_SECONDS", 1.0)

    def vanish(told: Told) -> None:
        if told.ended == 2:
            processes.close()

    with pytest.raises(OutsideError) as found:
        run_sweep(small, twelve(small), tmp_path, dask=processes.address, on_progress=vanish)
    assert processes.address in found.value.text.en and "the same command goes on" in found.value.text.en
    assert "再运行同一条命令会接着做" in found.value.text.zh
    again = run_sweep(small, twelve(small), tmp_path, workers=2)
    assert contents(again) == contents(here)


def test_no_scheduler_is_told(small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 0.5)
    with pytest.raises(OutsideError) as found:
        run_sweep(
            small, design_of(small, ["designation.distance_weight=1,2"]), tmp_path, dask="tcp://127.0.0.1:1"
        )
    assert "the scheduler at tcp://127.0.0.1:1 does not answer" in found.value.text.en
    shutil.rmtree(tmp_path)
