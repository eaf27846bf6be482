"""Bodies that are of another type than JSON, where JSON is read."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.http.json_bodies import is_json

SCENARIOS, LESS = "/api/v1/scenarios", b'{"name": "less", "base": "teachers"}'


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "nonsense"])
def test_another_type_is_told(kind: str, http: TestClient) -> None:
    told = http.post(SCENARIOS, content=LESS, headers={"Content-Type": kind})
    assert (told.status_code, told.json()["type"]) == (415, "/problems/unknown-form")
    assert told.json()["detail"] == f"the body's Content-Type is {kind}; only application/json is read here"
    assert http.get(f"{SCENARIOS}/less").status_code == 404


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/x+json"]
)
def test_json_is_taken_whatever_it_is_called(kind: str, http: TestClient) -> None:
    assert is_json(kind)
    assert http.post(SCENARIOS, content=LESS, headers={"Content-Type": kind}).status_code == 201


def test_where_there_is_no_body_its_type_is_nobodys_business(http: TestClient) -> None:
    told = http.post(SCENARIOS, headers={"Content-Type": "text/plain"})
    assert told.status_code == 422 and "body: is missing" in told.json()["detail"]
    assert http.get("/api/v1/me", headers={"Content-Type": "text/plain"}).status_code == 200


def test_routes_that_read_other_forms_are_let_alone(http: TestClient) -> None:
    told = http.post(
        "/api/v1/uploads?filename=x.csv", content=b"id\n", headers={"Content-Type": "text/plain"}
    )
    assert told.status_code == 422  # by what is in it
