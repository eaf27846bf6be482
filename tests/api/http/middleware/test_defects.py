"""Defects of ours: an answer with a number, a file with what happened, a log line without values."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from api.http.access import OPEN
from api.http.app import create_app
from api.http.defects import written
from api.http.middleware.defects import CutOff
from api.service.caller import Caller, Role
from api.service.service import Service


@pytest.fixture
def app(service: Service) -> FastAPI:
    """With a route that fails, and one that fails in the midst of its answer."""
    made = create_app(service)

    def fails() -> None:
        """Fails."""
        raise RuntimeError("张三 s3cr3t")

    def half() -> StreamingResponse:
        """Fails half way."""

        def parts() -> Iterator[bytes]:
            yield b"half"
            raise RuntimeError("张三 s3cr3t")

        return StreamingResponse(parts())

    made.add_api_route("/fails", fails, dependencies=[OPEN])
    made.add_api_route("/half", half, dependencies=[OPEN])
    return made


@pytest.fixture
def http(app: FastAPI) -> Iterator[TestClient]:
    """Somebody at this machine."""
    with TestClient(app, base_url="http://localhost:8470") as client:
        yield client


def test_it_is_answered_with_all_that_answers_have(
    http: TestClient, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "jiedui")
    told = http.get("/fails")
    assert told.status_code == 500 and told.headers["X-Request-Id"] == told.json()["request_id"]
    assert told.headers["X-Content-Type-Options"] == "nosniff" and "s3cr3t" not in told.text
    file = Path(told.json()["log"])
    assert file.parent == service.settings.data / "logs" and file.stat().st_mode & 0o777 == 0o600
    assert "RuntimeError: 张三 s3cr3t" in file.read_text(encoding="utf-8")
    line = next(r for r in caplog.records if r.getMessage() == "request")
    assert (line.levelname, line.__dict__["facts"]["status"]) == ("ERROR", 500)


def test_the_same_defect_is_written_down_once(http: TestClient, service: Service) -> None:
    assert len({http.get("/fails").json()["log"] for _ in range(3)}) == 1
    assert len(list((service.settings.data / "logs").iterdir())) == 1


@pytest.mark.parametrize(
    ("caller", "near"),
    [
        (Caller("ann", Role.ADMIN), True),
        (Caller("ann", Role.PLANNER), False),
        (Caller("ann", Role.ADMIN, ("53",)), False),
    ],
)
def test_where_it_is_written_down_is_for_admins(
    http: TestClient, monkeypatch: pytest.MonkeyPatch, caller: Caller, near: bool
) -> None:
    monkeypatch.setattr("api.http.door.LOCAL", caller)
    assert ("log" in http.get("/fails").json()) is near


def test_an_answer_that_had_begun_is_cut_off(http: TestClient) -> None:
    with pytest.raises(CutOff):
        http.get("/half")


def test_a_disk_that_takes_nothing_is_no_second_defect(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way")
    assert written(RuntimeError("a"), tmp_path) is None
