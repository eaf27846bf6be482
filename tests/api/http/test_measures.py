"""Figures for Prometheus, and whether the service is ready."""

from __future__ import annotations

import asyncio
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.http.app import create_app
from api.http.ready import Found, Looking
from api.http.streams import Streams
from api.jobs.turns import Turns
from api.service.caller import Caller, Role
from api.service.service import Service, open_service
from api.service.settings import read_settings
from graph.errors import OutsideError
from graph.language import Text


def figures(http: TestClient) -> dict[tuple[str, ...], float]:
    told = http.get("/metrics")
    assert told.status_code == 200 and told.headers["Content-Type"].startswith("text/plain")
    return {
        (s.name, *map(str, s.labels.values())): s.value
        for f in text_string_to_metric_families(told.text)
        for s in f.samples
    }


def test_requests_jobs_and_the_process(http: TestClient, service: Service) -> None:
    for n in (1, 2, 3):
        http.post("/api/v1/jobs/plan", json={"scenario": "teachers", "time_limit": n})
    http.delete(http.get("/api/v1/jobs").json()["jobs"][0]["id"].join(["/api/v1/jobs/", ""]))
    assert Turns(service.records, "w").take() is not None
    found = figures(http)
    assert found["jiedui_requests_total", "POST", "/api/v1/jobs/plan", "202"] == 3
    assert found["jiedui_request_seconds_count", "POST", "/api/v1/jobs/plan"] == 3
    assert found["jiedui_requests_in_flight",] == 1, "this one"
    states = {
        state: found["jiedui_jobs", state] for state in ("waiting", "running", "done", "failed", "cancelled")
    }
    assert states == {"waiting": 1, "running": 1, "done": 0, "failed": 0, "cancelled": 1}
    assert found["jiedui_queue_length",] == 1 and found["jiedui_running_seconds",] >= 0
    assert found["process_resident_memory_bytes",] > 1 << 20 and found["process_cpu_seconds_total",] > 0


def test_the_networks_version_once_it_was_asked(http: TestClient) -> None:
    assert not any(name == "jiedui_network_info" for name, *_ in figures(http))
    ready = http.get("/readyz").json()
    assert ("jiedui_network_info", ready["network"], ready["version"]) in figures(http)


def test_who_follows_a_stream_is_counted(service: Service) -> None:
    job, _ = service.desk.submit(_order(), "ann")

    async def whole() -> list[int]:
        streams = Streams(service.desk)
        listening = [streams.follow(job.work) for _ in range(3)]
        counts = [streams.listeners]
        for one in listening:
            await anext(one)
        counts.append(streams.listeners)
        for one in listening:
            await one.aclose()
        await streams.close()
        return [*counts, streams.listeners]

    assert asyncio.run(whole()) == [0, 3, 0]


def _order() -> Any:
    from api.jobs.job import Order

    return Order("plan", {}, ["plan", "a"])


def test_only_admins_read_them(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.door.LOCAL", Caller("ann", Role.PLANNER))
    assert http.get("/metrics").status_code == 403
    monkeypatch.setattr("api.http.door.LOCAL", None)
    assert http.get("/metrics").status_code == 401


def test_unless_they_are_open_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.door.LOCAL", None)
    settings = read_settings({"data": tmp_path / "data", "metrics_open": True}, environ={})
    with TestClient(create_app(open_service(settings, "teachers")), base_url="http://localhost") as http:
        assert http.get("/metrics").status_code == 200 and http.get("/api/v1/jobs").status_code == 401


def test_ready_looks_at_store_records_disk_and_worker(http: TestClient) -> None:
    assert http.get("/readyz").json()["checked"] == ["store", "records", "disk", "worker"]


Usage = namedtuple("Usage", "free")


@pytest.mark.parametrize("what", ["store", "records", "disk", "worker"])
def test_what_does_not_work_is_told(
    http: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def broken(*_: object) -> None:
        raise OutsideError("坏了", "broken")

    if what == "store":
        monkeypatch.setattr(service.networks, "asked", broken)
    elif what == "records":
        monkeypatch.setattr(service.records, "reading", broken)
    elif what == "disk":
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(99 << 20))
    else:
        http.app.state.worker = lambda: False  # type: ignore[attr-defined] # FastAPI's
    told = http.get("/readyz")
    assert told.status_code == 503 and told.json()["type"] == "/problems/not-ready"
    assert list(told.json()["failed"]) == [what] and set(told.json()["failed"][what]) == {"zh", "en"}
    assert http.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("caller", "told_why"),
    [
        (None, False),
        (Caller("ann", Role.PLANNER), False),
        (Caller("li", Role.ADMIN, ("P1",)), False),
        (Caller("boss", Role.ADMIN), True),
    ],
)
def test_why_it_does_not_work_is_told_to_who_runs_it_and_to_the_log(
    service: Service, http: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, caller: Caller | None, told_why: bool
) -> None:  # fmt: skip
    def away() -> None:
        raise OutsideError("/srv/secret 里没有", "nothing in /srv/secret")

    async def known(request: object) -> Caller | None:
        return caller

    monkeypatch.setattr(service.networks, "asked", away)
    monkeypatch.setattr(http.app.state.door, "caller", known)  # type: ignore[attr-defined] # FastAPI's
    told = http.get("/readyz")
    assert told.status_code == 503 and list(told.json()["failed"]) == ["store"]
    assert ("/srv/secret" in told.text) == told_why
    assert any("/srv/secret" in str(getattr(r, "facts", "")) for r in caplog.records)


def test_however_many_ask_it_is_looked_once_at_a_time_and_once_a_second(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, going = 0, 0

    def look(*_: object) -> Found:
        nonlocal looks, going
        looks, going = looks + 1, going + 1
        assert going == 1
        going -= 1
        return Found(None, {"store": Text("坏了", "broken")} if looks == 2 else {})

    now = 1000.0
    monkeypatch.setattr("api.http.ready.looked_at", look)
    monkeypatch.setattr("api.http.ready.time.monotonic", lambda: now)

    async def go() -> None:
        nonlocal now
        looking = Looking(service, lambda: None)
        assert [f.failed for f in await asyncio.gather(*(looking() for _ in range(50)))] == [{}] * 50
        now += 0.9
        assert (await looking()).failed == {} and looks == 1
        now += 0.2
        assert list((await looking()).failed) == ["store"] and looks == 2

    asyncio.run(go())


def test_what_broke_a_look_is_looked_at_again(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Found:
        raise RuntimeError("broken")

    async def go() -> None:
        looking = Looking(service, lambda: None)
        with monkeypatch.context() as patch:
            patch.setattr("api.http.ready.looked_at", broken)
            with pytest.raises(RuntimeError):
                await looking()
        assert (await looking()).failed == {}

    asyncio.run(go())


def test_just_enough_room_is_enough(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 << 20))
    assert http.get("/readyz").status_code == 200
