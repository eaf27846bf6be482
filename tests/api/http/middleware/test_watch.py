"""The line and the figures of a request."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Any:
    """The facts of the lines so far."""
    caplog.set_level(logging.DEBUG, "jiedui")
    return lambda: [(r.levelname, r.__dict__["facts"]) for r in caplog.records if r.getMessage() == "request"]


def test_who_asked_what_and_how_it_went(http: TestClient, told: Any) -> None:
    answer = http.get(
        "/api/v1/jobs/secret-id?name=张三", headers={"Cookie": "other=s3cr3t", "X-Secret": "s3cr3t"}
    )
    level, facts = told()[0]
    assert level == "INFO" and facts["request_id"] == answer.headers["X-Request-Id"]
    assert (facts["method"], facts["route"], facts["status"]) == ("GET", "/api/v1/jobs/{id}", 422)
    assert (facts["caller"], facts["via"], facts["address"]) == ("local", "loopback", "testclient")
    assert facts["ms"] >= 0 and facts["bytes"] == len(answer.content) and "audit" not in facts
    assert not any(word in str(facts) for word in ("secret-id", "张三", "s3cr3t"))


def test_probes_are_details(http: TestClient, told: Any) -> None:
    http.get("/healthz")
    assert told()[0][0] == "DEBUG"


def test_the_row_of_the_audit_log_is_named(http: TestClient, told: Any) -> None:
    http.post("/api/v1/jobs/plan", json={"scenario": "teachers"})
    head = http.get("/api/v1/audit/head").json()
    assert told()[0][1]["audit"] == f"{head['number']}:{head['hash']}"


def test_what_meets_no_route_is_one_label(http: TestClient) -> None:
    for n in range(5):
        http.get(f"/nix/{n}")
        http.request(f"VERB{n}", "/healthz")
    found = [
        line for line in http.get("/metrics").text.splitlines() if line.startswith("jiedui_requests_total")
    ]
    assert 'jiedui_requests_total{method="GET",route="(none)",status="404"} 5.0' in found
    assert sum('method="other"' in line for line in found) == 1 and not any("VERB" in line for line in found)
