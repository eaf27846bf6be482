"""A service that is killed, stopped and started again while works are carried out: real processes, real solves."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import psutil
import pytest

from benchmarks.service.following import Heard, heard
from benchmarks.service.running import Running, alive, wait_for

LONG = {"scenario": "teachers", "aims": ["cadres.distance", "cadres.open"]}
"""A front of a hundred solves: it goes on for longer than any of these tests."""
Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts services on one data folder; what still runs is stopped."""
    begun: list[Running] = []

    def started(*words: str) -> Running:
        begun.append(Running(tmp_path / "data", *words))
        return begun[-1]

    yield started
    for service in begun:
        service.stop()


def until(events: Iterator[Heard], *told: str) -> list[Heard]:
    """Events up to the first that tells such a stage or state."""
    seen = []
    for event in events:
        seen.append(event)
        if event.data.get("stage") in told or (event.kind == "state" and event.data["state"] in told):
            break
    return seen


def left(seen: list[psutil.Process]) -> list[psutil.Process]:
    """Those of some processes that are still there after a moment."""
    with suppress(TimeoutError):
        wait_for(lambda: not alive(seen), 5)
    return alive(seen)


def test_a_killed_server_finds_its_job_its_stream_goes_on_and_the_plan_verifies(start: Start) -> None:
    """Killed in the middle of a plan; the worker that is left behind ends its solvers and puts the job back."""
    service = start()
    job = service.order("plan", key="once", scenario="teachers", no_reuse=True)["id"]
    seen = until(heard(service.http, job), "cadres")
    work = [service.worker(), *service.doers()]
    service.kill()
    assert not left(work)
    service = start()
    assert service.order("plan", key="once", scenario="teachers", no_reuse=True)["id"] == job
    rest = list(heard(service.http, job, after=seen[-1].number))
    numbers = [e.number for e in (*seen, *rest)]
    assert numbers == sorted(set(numbers)) and rest[-1].data["state"] == "done"
    assert [e.number for e in heard(service.http, job)] == numbers
    found = service.job(job)
    assert found["state"] == "done" and found["attempts"] == 1  # nobody blames the work for it
    plan = service.http.get(f"/jobs/{job}/result").json()["id"]
    checked = service.ended(service.order("verify", plan=plan)["id"])
    assert (checked["state"], checked["exit"]) == ("done", 0)


def test_a_work_whose_process_is_killed_is_begun_again_once_and_then_told_with_its_log(start: Start) -> None:
    service = start()
    job = service.order("pareto", **LONG)["id"]
    for _ in range(2):
        solver = wait_for(service.solvers)[0]
        doer = solver.parent()
        doer.kill()
        assert not left([doer, solver])
    found = service.ended(job)
    assert found["state"] == "failed" and found["attempts"] == 2
    assert "killed 2 times (signal 9)" in found["error"]["message"]["en"] and "log" in found["error"]
    said = service.http.get(f"/jobs/{job}/log").text.splitlines()
    told = [line for line in said if line.endswith("the process was killed by signal 9")]
    assert len(told) == 2 and [line for line in found["error"]["log"] if line in told] == told
    states = [e.data for e in heard(service.http, job) if e.kind == "state"]
    assert [s["state"] for s in states] == ["waiting", "running", "waiting", "running", "failed"]
    assert states[2]["again"] is True


def test_a_killed_worker_is_replaced_and_its_solvers_end_with_it(start: Start) -> None:
    service = start()
    job = service.order("pareto", **LONG)["id"]
    wait_for(service.solvers)
    worker, doers = service.worker(), service.doers()
    worker.kill()
    assert not left([worker, *doers])
    wait_for(lambda: service.job(job)["attempts"] == 2)
    wait_for(service.solvers)
    assert service.job(job)["state"] == "running"


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("pareto", LONG),
        ("plan", {"scenario": "china-2016", "stages": ["cadres"]}),
        ("plan", {"scenario": "china-2016", "stages": ["pairing"]}),
        ("plan", {"scenario": "china-2016", "stages": ["funds"]}),
        ("sweep", {"scenario": "teachers", "vary": ["cadres.distance_weight=1:9:200"], "stages": ["cadres"]}),
    ],
)
def test_a_cancelled_work_leaves_no_solver_and_no_temporary_file(
    start: Start, kind: str, arguments: dict[str, object]
) -> None:
    service = start()
    job = service.order(kind, **arguments)["id"]
    wait_for(service.solvers)
    doers = service.doers()
    assert service.http.delete(f"/jobs/{job}").json()["state"] == "cancelled"
    assert not left(doers)
    works = service.data / "jobs"
    wait_for(lambda: not list(works.glob("*/tmp")))
    wait_for(lambda: not list((service.data / "plans").glob(".writing-*")))
    assert until(heard(service.http, job), "cancelled")[-1].data["state"] == "cancelled"


def test_a_stop_in_good_order_hands_works_over_and_ends_streams(start: Start) -> None:
    """Who follows sees the end of the stream and no error, asks again, and is told how it goes on."""
    service = start()
    job = service.order("plan", scenario="teachers", no_reuse=True)["id"]
    seen = []
    with httpx2.Client(base_url=service.http.base_url, timeout=60) as follower:
        for event in heard(follower, job):
            seen.append(event)
            if event.data.get("stage") == "pairing" and service.process.poll() is None:
                service.process.send_signal(signal.SIGTERM)
    service.stop()
    assert service.process.returncode == 0
    service = start()
    rest = list(heard(service.http, job, after=seen[-1].number))
    assert rest[-1].data["state"] == "done" and service.job(job)["attempts"] == 1


def test_one_service_at_a_time_on_a_data_folder(start: Start) -> None:
    service = start()
    with pytest.raises(RuntimeError, match="exit 5"):
        start()
    assert service.ready() > 0
