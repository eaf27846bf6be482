"""A Dask cluster as the place where tasks run: the same bytes, and whatever goes wrong there is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from distributed.scheduler import KilledWorker

from api.cli.main import run
from graph.errors import OutsideError, UsageError
from planner.plan import Plan, read_plan
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from planner.solve import cluster
from planner.solve.cluster import DaskCluster
from planner.solve.pool import NO_WORKERS, SolverAway, SolverDefect, SolverKilled, SolverMemory, SolverOther
from planner.solve.stamp import stamp
from planner.solve.task import Task
from tests.planner.dask_cluster import Processes, awaited, children
from tests.planner.parted_land import write_parted
from tests.planner.solve.models import assignment, random_model


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """A scheduler without workers."""
    found = Processes(tmp_path_factory.mktemp("dask"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def two(processes: Processes) -> Processes:
    """With two workers."""
    processes.add_worker()
    processes.add_worker()
    with DaskCluster(processes.address) as pool:
        awaited(lambda: pool._look() == 2)
    return processes


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 0.5)


def contents(plan: Plan) -> dict[str, bytes]:
    files = (p for p in plan.folder.rglob("*") if p.is_file() and p.name != "run.json")
    return {str(p.relative_to(plan.folder)): p.read_bytes() for p in files}


def long(seconds: float = 120) -> Task:
    return Task("mip", assignment(20, 200).arrays(), {"time_limit": seconds}, f"long {seconds}")


def broken() -> Task:
    return Task("no such engine", {"a": np.zeros(1)}, {}, "broken")


def test_a_scheduler_without_workers_is_told(processes: Processes, impatient: None) -> None:
    with pytest.raises(SolverAway) as found:
        DaskCluster(processes.address)
    assert (found.value.place, found.value.why) == (processes.address, NO_WORKERS)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "nonsense", "", "ftp://127.0.0.1:1", "tls://127.0.0.1:1"]
)
def test_an_address_without_a_scheduler_is_told(address: str, small: Scenario, tmp_path: Path) -> None:
    with pytest.raises(OutsideError) as found:
        make_plan(small, tmp_path / "plans", dask=address)
    assert f"the scheduler at {address} does not answer" in found.value.text.en
    assert f"{address} 的调度器没有应答" in found.value.text.zh
    assert not (tmp_path / "plans").exists()


def test_the_same_bytes(two: Processes, small: Scenario, small_plan: Plan, tmp_path: Path) -> None:
    plan = make_plan(small, tmp_path, dask=two.address)
    assert contents(plan) == contents(small_plan)
    assert (plan.run["workers"], plan.run["solved_in"]) == (2, f"dask {two.address}")


def test_the_same_bytes_of_several_components(
    two: Processes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # else so small components share a task
    monkeypatch.setattr(import_module("planner.stages.cadres.build"), "BATCH", 1)
    place = write_parted(tmp_path / "s")
    scenario = read_scenario(place)
    one = make_plan(scenario, tmp_path / "one", workers=1)
    assert one.stages["cadres"]["sizes"]["components"] == 4
    local = make_plan(scenario, tmp_path / "local", workers=2)
    words = [
        "plan",
        str(place),
        "-q",
        "--json",
        "-o",
        str(tmp_path / "far"),
        "--dask",
        two.address,
        "--workers",
        "1",
    ]
    assert run(words) == 0
    far = read_plan(tmp_path / "far")
    assert (far.run["workers"], far.run["solved_in"]) == (1, f"dask {two.address}")
    assert contents(one) == contents(local) == contents(far)


def test_order_and_progress(two: Processes) -> None:
    tasks = [Task("mip", random_model(s).arrays(), {"work": 0.1}, f"task {s}") for s in range(7)]
    told: list[tuple[str, Mapping[str, Any]]] = []
    with DaskCluster(two.address) as pool:
        answers = pool.run(tasks)
        assert pool.run([]) == []
        (slow,) = pool.run([long(1)], lambda *word: told.append(word))
    assert [a.status for a in answers] == ["INFEASIBLE"] * 6 + ["OPTIMAL"]
    assert slow.status == "FEASIBLE" and slow.facts["cut_short"] is True
    assert {label for label, _ in told} == {"long 1"}
    assert all("nodes" in facts for _, facts in told)


def test_an_engine_that_raises_is_a_defect(two: Processes) -> None:
    with DaskCluster(two.address) as pool:
        with pytest.raises(SolverDefect, match=r"(?s)Traceback.*KeyError: 'no such engine'"):
            pool.run([long(), broken()])
        assert len(pool.run([long(0.1)])) == 1
    awaited(lambda: not any(c.cpu_percent(0.05) for w in two.workers for c in children(w)))


def test_a_killed_engine_is_told(two: Processes) -> None:
    def kill(label: str, facts: Mapping[str, Any]) -> None:
        for worker in two.workers:
            for child in children(worker):
                child.kill()

    with DaskCluster(two.address) as pool, pytest.raises(SolverKilled) as found:
        pool.run([long()], kill)
    assert (found.value.label, found.value.code) == ("long 120", -9)


def test_ctrl_c_ends_the_engines(two: Processes) -> None:
    def interrupt(label: str, facts: Mapping[str, Any]) -> None:
        raise KeyboardInterrupt

    with DaskCluster(two.address) as pool:
        with pytest.raises(KeyboardInterrupt):
            pool.run([long(), long()], interrupt)
        awaited(lambda: not any(children(w) for w in two.workers))


def test_a_lost_worker_is_made_up_for_by_another(two: Processes) -> None:
    third, seen = two.add_worker(), set[str]()

    def kill(label: str, facts: Mapping[str, Any]) -> None:
        seen.add(label)
        if len(seen) == 3 and third in two.workers:
            two.end(third)

    tasks = [long(1.5), long(1.6), long(1.7)]
    with DaskCluster(two.address) as pool:
        awaited(lambda: pool._look() == 3)
        answers = pool.run(tasks, kill)
        assert third not in two.workers
        assert [a.status for a in answers] == ["FEASIBLE"] * 3
        assert awaited(pool._look) == 2


def test_a_task_that_costs_too_many_workers_is_given_up(
    two: Processes, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "TRIES", 1)
    third, seen = two.add_worker(), set[str]()

    def kill(label: str, facts: Mapping[str, Any]) -> None:
        seen.add(label)
        if len(seen) == 3 and third in two.workers:
            two.end(third)

    with DaskCluster(two.address) as pool:
        awaited(lambda: pool._look() == 3)
        with pytest.raises(SolverKilled) as found:
            pool.run([long(120), long(121), long(122)], kill)
    assert found.value.code == "worker lost"


def test_workers_with_other_software_are_refused(two: Processes, small: Scenario, tmp_path: Path) -> None:
    other = tmp_path / "path" / "jiedui-9.9.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: jiedui\nVersion: 9.9\n", encoding="utf-8")
    worker = two.add_worker(other.parent)
    with DaskCluster(two.address) as pool, pytest.raises(SolverOther):  # it comes later than the others
        awaited(lambda: pool.run([long(0.1)] * 3) and False)
    with pytest.raises(OutsideError) as found:
        make_plan(small, tmp_path / "plans", dask=two.address)
    assert f"has jiedui 9.9, here it is {stamp()['jiedui']}" in found.value.text.en
    assert "的 jiedui：9.9" in found.value.text.zh
    assert str(found.value.text.en).count("tcp://127.0.0.1") == 2  # the scheduler's, and the one worker's
    assert not (tmp_path / "plans").exists()
    two.end(worker)


def test_another_state_of_the_code_is_refused(two: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    with DaskCluster(two.address) as pool:
        monkeypatch.setattr(cluster, "stamp", lambda: {**stamp(), "planner/solve": "0"})
        with pytest.raises(SolverOther) as found:
            pool.run([long(0.1)])
    (worker,) = found.value.differences
    assert worker.startswith("tcp://127.0.0.1:") and worker != two.address
    assert found.value.differences[worker] == {"planner/solve": stamp()["planner/solve"]}


@pytest.mark.parametrize(
    ("future", "error"),
    [
        (("memory", None), SolverMemory),
        (KilledWorker("key", None, 3), SolverKilled),  # type: ignore[arg-type]  # any worker does
        (CancelledError(), SolverKilled),
        (("stopped", None), SolverKilled),
        (RuntimeError("on the worker"), SolverDefect),
    ],
)
def test_what_a_future_says(future: Any, error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def result() -> Any:
        if isinstance(future, Exception):
            raise future
        return future

    monkeypatch.setattr(cluster, "TRIES", 1)
    landed: list[int] = []
    place = SimpleNamespace(address="a", _go_on=lambda: None, _landed=lambda: landed.append(1))
    flight = SimpleNamespace(
        number=0,
        future=SimpleNamespace(result=result, release=lambda: None),
        arrays=SimpleNamespace(release=lambda: None),
    )
    with pytest.raises(error, match=r"broken|on the worker"):
        cluster._Run(place, [broken()], None)._land(flight)  # type: ignore[arg-type]  # as much of both as it uses
    assert landed == [1]


def test_a_lost_scheduler_is_told(tmp_path: Path) -> None:
    own = Processes(tmp_path)
    own.add_worker()

    def kill(label: str, facts: Mapping[str, Any]) -> None:
        own.end(own.scheduler)

    try:
        with DaskCluster(own.address) as pool, pytest.raises(SolverAway) as found:
            pool.run([long()], kill)
        assert found.value.place == own.address
    finally:
        own.close()


def test_without_the_extra_it_is_named(
    small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "planner.solve.cluster")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError) as found:
        make_plan(small, tmp_path / "plans", dask="tcp://127.0.0.1:1")
    assert "pip install 'jiedui[dask]'" in found.value.text.en
    assert "in a clone pip install -e '.[dask]'" in found.value.text.en
    assert "可选组件 dask" in found.value.text.zh


def test_help_does_not_import_it() -> None:
    code = "import sys; from api.cli.main import run; run(['plan', '--help']); print('distributed' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "--dask" in done.stdout
    assert done.stdout.splitlines()[-1] == "False"
