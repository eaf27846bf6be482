"""The application as a whole: health, problems, headers, the document."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

from api.http import problems
from api.service.service import Service
from graph.errors import CheckFailed


def test_alive_ready_and_which_version(http: TestClient) -> None:
    assert http.get("/healthz").json() == {"status": "ok"}
    ready = http.get("/readyz").json()
    assert ready["status"] == "ready" and ready["network"] == "china-2016"
    assert http.get("/version").json()["api"] == "v1"


def test_every_answer_has_a_number_and_says_its_language(http: TestClient) -> None:
    one, two = http.get("/healthz"), http.get("/healthz", headers={"Accept-Language": "zh"})
    assert one.headers["X-Request-Id"] != two.headers["X-Request-Id"]
    assert (one.headers["Content-Language"], two.headers["Content-Language"]) == ("en", "zh")
    assert "Accept-Language" in one.headers["Vary"]


def test_problems_are_documents_in_both_languages(http: TestClient) -> None:
    told = http.get("/api/v1/jobs/nix", headers={"Accept-Language": "zh"})
    assert told.status_code == 404 and told.headers["Content-Type"] == "application/problem+json"
    found = told.json()
    assert found["type"] == "/problems/not-found" and found["detail"] == "没有任务 nix"
    assert found["message"]["en"] == "there is no job nix" and found["instance"] == "/api/v1/jobs/nix"
    assert found["request_id"] == told.headers["X-Request-Id"]


def test_an_address_or_method_that_is_not_there(http: TestClient) -> None:
    assert (http.get("/nix").status_code, http.get("/nix").json()["type"]) == (404, "/problems/not-found")
    told = http.post("/healthz")
    assert (
        told.status_code == 405
        and told.headers["Allow"] == "GET, HEAD"
        and told.json()["type"] == "/problems/method"
    )


def test_a_type_of_problems_has_one_title_and_one_status(http: TestClient) -> None:
    every = [kind for _, kind in problems.KINDS] + [
        k for k in vars(problems).values() if isinstance(k, problems.Kind)
    ]
    told: dict[str, problems.Kind] = {}
    assert all(told.setdefault(kind.name, kind) == kind for kind in every) and len(told) > 25
    found = [http.get(path).json() for path in ("/nix", "/api/v1/jobs/nix", "/api/v1/scenarios/nix")]
    assert {(f["type"], f["title"]) for f in found} == {("/problems/not-found", "not found")}


def test_what_an_error_holds_takes_no_place_of_what_every_problem_has() -> None:
    class Odd(CheckFailed):
        def details(self) -> dict[str, object]:
            return {"kind": "request", "status": "open", "text": "…", "type": "plan", "headers": 1}

    told = json.loads(
        bytes(problems.told(Request({"type": "http", "path": "/x", "headers": []}), Odd("错", "odd")).body)
    )
    assert (told["type"], told["status"], told["detail"]) == ("/problems/conflict", 409, "odd")
    assert (told["kind"], told["text"], told["headers"]) == ("request", "…", 1)


def test_every_method_of_an_address_is_told(http: TestClient) -> None:
    assert http.put("/api/v1/jobs/9f2c4e1ab07d3358").headers["Allow"] == "DELETE, GET, HEAD, POST"


def test_a_page_of_elsewhere_is_kept_out_before_any_route(http: TestClient) -> None:
    told = http.get("/healthz", headers={"Host": "evil.example"})
    assert told.status_code == 403 and told.json()["type"] == "/problems/refused"


def test_a_defect_tells_its_number_and_nothing_else(
    http: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(service.networks, "asked", broken)
    told = http.get("/readyz")
    assert (
        told.status_code == 500
        and "secret" not in told.text
        and told.json()["request_id"] in told.json()["detail"]
    )


def test_the_document_has_every_kind_of_job_with_the_commands_own_options(http: TestClient) -> None:
    document = http.get("/openapi.json").json()
    plan = document["components"]["schemas"]["PlanArguments"]["properties"]
    assert "scenario" in plan and "settings" in plan and "out" not in plan and "network" not in plan
    assert plan["settings"]["description"] == "change a policy value (may be repeated)"
    assert "/api/v1/jobs/plan" in document["paths"]


def test_what_is_wrong_with_a_body_is_told_in_both_languages(http: TestClient) -> None:
    told = http.post(
        "/api/v1/scenarios", json={"name": "a", "network": "b"}, headers={"Accept-Language": "zh"}
    )
    message = told.json()["message"]
    assert told.status_code == 422 and "body.network：没有这一项" in message["zh"]
    assert (
        "body.network: is not known here" in message["en"]
        and "没有这一项" in told.json()["errors"][0]["what"]
    )
