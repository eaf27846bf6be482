"""What the audit log is told of requests: before they change something, and before they are answered."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from api.http.access import needs
from api.http.app import create_app
from api.http.audited import digest_of, note, shown
from api.jobs.job import Order
from api.jobs.means import FOLDER, GIVEN, LOG, RESULT
from api.jobs.turns import Turns
from api.service.audit.check import check
from api.service.audit.entry import Entry
from api.service.audit.log import EVERYTHING
from api.service.caller import Caller, Role
from api.service.refusals import NotFound
from api.service.service import Service, open_service
from api.service.settings import read_settings
from graph.errors import OutsideError

JOBS = "/api/v1/jobs"


@pytest.fixture
def app(service: Service) -> FastAPI:
    """The app with some routes that can be made to do things."""
    made = create_app(service)
    whole = [needs(Role.VIEWER, "whole")]

    def change(id: str, request: Request) -> None:
        """Changes something."""
        note(request, rows=3)

    def broken() -> None:
        """Fails."""
        raise RuntimeError("秘密 secret")

    def absent() -> None:
        """Finds nothing."""
        raise NotFound("没有", "nothing")

    def names(request: Request) -> str:
        """A download of names."""
        note(request, names=2)
        return "…"

    for path, call, method in (
        ("/things/{id}", change, "PUT"), ("/broken", broken, "POST"), ("/absent", absent, "DELETE"), ("/names", names, "GET"),
    ):  # fmt: skip
        made.add_api_route(path, call, methods=[method], dependencies=whole)
    return made


@pytest.fixture
def http(app: FastAPI) -> Iterator[TestClient]:
    """Somebody at this machine."""
    with TestClient(app, base_url="http://localhost:8470", raise_server_exceptions=False) as client:
        yield client


def rows(service: Service) -> list[Entry]:
    return list(service.audit.oldest(EVERYTHING))


def told(service: Service) -> list[tuple[Any, ...]]:
    return [(e.step, e.method, e.route, e.status) for e in rows(service)]


def test_a_change_is_told_before_and_behind(http: TestClient, service: Service) -> None:
    number = http.put("/things/t-1").headers["X-Request-Id"]
    begun, ended = rows(service)
    assert (begun.step, begun.status, ended.step, ended.status) == ("begun", None, "ended", 200)
    assert {e.request for e in (begun, ended)} == {number} and begun.parameters == ended.parameters == {
        "id": "t-1"
    }
    assert (ended.caller, ended.via, ended.address, ended.route) == (
        "local",
        "loopback",
        "testclient",
        "/things/{id}",
    )
    assert (begun.facts, ended.facts) == ({}, {"rows": 3})
    assert check(iter(rows(service))).unfinished == ()


def test_whatever_came_of_it(http: TestClient, service: Service) -> None:
    http.post("/broken")
    http.delete("/absent")
    http.post(f"{JOBS}/plan", json={"scenario": 1})
    assert [(r, s) for step, _, r, s in told(service) if step == "ended"] == [
        ("/broken", 500),
        ("/absent", 404),
        (f"{JOBS}/plan", 422),
    ]


def test_an_order_names_its_job(http: TestClient, service: Service) -> None:
    job = http.post(f"{JOBS}/plan", json={"scenario": "teachers"}).json()["id"]
    assert rows(service)[-1].facts == {"location": job}


def test_reading_is_not_told_unless_the_route_notes_it(http: TestClient, service: Service) -> None:
    http.get(JOBS)
    http.get("/nix")
    http.post("/nix")
    http.post("/healthz")
    assert told(service) == []
    http.get("/names")
    assert told(service) == [("event", "GET", "/names", 200)] and rows(service)[0].facts == {"names": 2}


def test_what_may_hold_names_in_a_jobs_answer_is_told_when_it_is_given(
    http: TestClient, service: Service
) -> None:
    paths = ("/result", "/log", "/files/a.txt")
    for names in (True, False):
        order = Order("check", {}, ["check", f"{names}"], names=names)
        job, _ = service.desk.submit(order, "local")
        assert [http.get(f"{JOBS}/{job.id}{path}").status_code for path in paths] == [409, 404, 404]
        assert not [e for e in rows(service) if e.parameters.get("id") == job.id], "nothing was given"
        place = service.settings.data / FOLDER / str(job.work)
        (place / GIVEN).mkdir(parents=True)
        for name in (RESULT, LOG, f"{GIVEN}/a.txt"):
            (place / name).write_text("{}")
        work = Turns(service.records, "w").take()
        assert work is not None and work.id == job.work
        Turns(service.records, "w").settle(work.id, "done", 0)
        assert [http.get(f"{JOBS}/{job.id}{path}").status_code for path in ("", "/files", *paths)] == [
            200
        ] * 5
        found = [
            (e.step, e.route, e.status, e.facts) for e in rows(service) if e.parameters.get("id") == job.id
        ]
        routes = (f"{JOBS}/{{id}}/result", f"{JOBS}/{{id}}/log", f"{JOBS}/{{id}}/files/{{name}}")
        assert found == [("event", route, 200, {"names": "check"}) for route in routes if names]


def test_the_row_is_there_when_the_answer_arrives(
    http: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each row is committed on its own: what another connection to the file sees is what is on the disk."""
    http.put("/things/a")
    with sqlite3.connect(service.records.file) as other:
        assert other.execute("SELECT count(*) FROM audit").fetchone() == (2,)
    other.close()


def test_nothing_is_changed_where_the_log_cannot_be_told(
    http: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(doing: object) -> Entry:
        raise OutsideError("磁盘已满", "disk full")

    monkeypatch.setattr(service.audit, "add", full)
    answer = http.post(f"{JOBS}/plan", json={"scenario": "teachers"})
    assert (
        answer.status_code == 503
        and answer.json()["type"] == "/problems/untold"
        and "nothing was changed" in answer.json()["detail"]
    )
    assert service.desk.jobs() == []
    assert http.get(JOBS).status_code == 200, "reading goes on"


def test_a_change_whose_end_cannot_be_told_is_not_told_as_done(
    http: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = service.audit.add

    def half(doing: Any) -> Entry:
        if doing.step == "ended":
            raise OutsideError("磁盘已满", "disk full")
        return add(doing)

    monkeypatch.setattr(service.audit, "add", half)
    answer = http.post(f"{JOBS}/plan", json={"scenario": "teachers"})
    assert answer.status_code == 503 and "may have been made" in answer.json()["detail"]
    assert len(service.desk.jobs()) == 1 and check(iter(rows(service))).unfinished == (
        answer.headers["X-Request-Id"],
    )


def test_who_is_turned_away_is_told(
    app: FastAPI, http: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    http.get("/api/v1/jobs", headers={"Host": "evil.example"})
    http.post(f"{JOBS}/plan", json={}, headers={"Origin": "http://evil.example"})
    assert told(service) == [("refused", "GET", JOBS, 403), ("refused", "POST", f"{JOBS}/plan", 403)]
    assert [e.caller for e in rows(service)] == [None, None]
    monkeypatch.setattr("api.http.door.LOCAL", Caller("ann", Role.VIEWER, via="token"))
    http.get("/api/v1/audit")
    assert (
        told(service)[2:] == [("refused", "GET", "/api/v1/audit", 403)] and rows(service)[2].caller == "ann"
    )
    http.post(f"{JOBS}/plan", json={"scenario": "teachers"})
    assert told(service)[3:] == [("refused", "POST", f"{JOBS}/plan", 403)], "once"


def test_who_is_turned_away_too_often_is_told_to_wait_and_fills_no_log(tmp_path: Path) -> None:
    settings = read_settings({"data": tmp_path / "data", "requests_per_minute": 3, "login": True}, environ={})
    service = open_service(settings, "teachers")
    with TestClient(create_app(service), base_url="http://localhost") as http:
        answers = [http.get(JOBS) for _ in range(6)]
        assert [a.status_code for a in answers] == [401, 401, 401, 429, 429, 429]
        assert answers[5].headers["Retry-After"] and answers[5].json()["type"] == "/problems/too-many"
        assert told(service) == [("refused", "GET", JOBS, 401)] * 3
        assert http.get("/healthz").status_code == 200, "it was not turned away"


def test_no_secrets_and_no_names(
    http: TestClient, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "jiedui")
    secret = {"Cookie": "other=s3cr3t", "X-Secret": "s3cr3t"}
    http.put("/things/张三?name=李四", headers=secret, json={"token": "s3cr3t", "name": "王五"})
    http.post("/broken?q=李四", headers=secret, content="王五 s3cr3t".encode())
    http.post("/things/李四", headers={"Authorization": "Bearer s3cr3t"})
    http.get("/names?q=李四", headers={"Authorization": "Bearer s3cr3t"})
    whole = json.dumps([e.as_dict() for e in rows(service)], ensure_ascii=False) + "".join(
        f"{r.getMessage()} {r.__dict__.get('facts')}" for r in caplog.records
    )
    for word in ("s3cr3t", "张三", "李四", "王五"):
        assert word not in whole
    assert rows(service)[0].parameters == {"id": digest_of("张三")}


@pytest.mark.parametrize("id", ["9f2c4e1ab07d3358", "china-2016", "a.b:c@d|e", "x" * 100])
def test_ids_are_shown(id: str) -> None:
    assert shown({"id": id}) == {"id": id}


@pytest.mark.parametrize("name", ["张三", "a b", "", "x" * 101, "a/b", "-a", "a\n", "=1"])
def test_what_is_no_id_is_not(name: str) -> None:
    found = shown({"id": name})["id"]
    assert found == digest_of(name) and found.startswith("sha256:") and len(found) == 23


def test_pages_and_filters_over_http(http: TestClient, service: Service) -> None:
    for n in range(3):
        http.put(f"/things/{n}")
    first = http.get("/api/v1/audit", params={"limit": 2}).json()
    assert [e["number"] for e in first["entries"]] == [6, 4] and first["next"] == "4"
    last = http.get("/api/v1/audit", params={"limit": 2, "cursor": first["next"]}).json()
    assert [e["number"] for e in last["entries"]] == [2] and last["next"] is None
    assert len(http.get("/api/v1/audit", params={"whole": True}).json()["entries"]) == 6
    assert http.get("/api/v1/audit", params={"status": 404}).json()["entries"] == []
    assert (
        len(
            http.get("/api/v1/audit", params={"caller": "local", "route": "/things", "since": "2026"}).json()[
                "entries"
            ]
        )
        == 3
    )
    assert http.get("/api/v1/audit", params={"since": "yesterday"}).status_code == 422
    head = http.get("/api/v1/audit/head").json()
    assert head == {"number": 6, "hash": rows(service)[-1].hash}


def test_only_admins_read_it(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for role in Role:
        monkeypatch.setattr("api.http.door.LOCAL", Caller("ann", role, via="token"))
        assert http.get("/api/v1/audit").status_code == (200 if role == Role.ADMIN else 403)
    monkeypatch.setattr("api.http.door.LOCAL", Caller("ann", Role.ADMIN, ("530000",), via="token"))
    assert http.get("/api/v1/audit").status_code == 403


def test_names_of_cadres_that_somebody_gets(
    http: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert http.get("/api/v1/network/tables/cadre_names.csv").status_code == 200
    assert [(e.step, e.route, e.facts) for e in rows(service)] == [
        ("event", "/api/v1/network/tables/{table}.{suffix}", {"names": "cadre_names"})
    ]
    http.get("/api/v1/network/tables/regions.csv?limit=1")
    monkeypatch.setattr("api.http.door.LOCAL", Caller("ann", Role.VIEWER))
    http.get("/api/v1/network/tables/cadre_names.csv")
    assert len(rows(service)) == 1, "neither other tables nor masked names"


def test_tokens_and_sessions_are_told_by_id_never_by_their_secret(http: TestClient, service: Service) -> None:
    made = http.post("/api/v1/tokens", json={"user": "ann", "role": "viewer"}).json()
    http.post("/api/v1/session", json={"token": made["token"]})
    found = [e.facts for e in rows(service) if e.step == "ended"]
    assert (
        found[0] == {"token": made["id"], "user": "ann"}
        and found[1]["user"] == "ann"
        and set(found[1]) == {"user", "session"}
    )
    secret = made["token"].rsplit("_", 1)[-1]
    assert not any(secret in json.dumps(e.as_dict()) for e in rows(service))
