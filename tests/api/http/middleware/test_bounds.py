"""Limits on address, head and body: just what fits passes, one more does not."""

from __future__ import annotations

import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Scope

from api.http import problems
from api.http.middleware.bounds import ADDRESS_BYTES, HEAD_BYTES, HEADERS, Bounds
from api.http.paths import LARGE, Paths
from tests.api.http.middleware.asking import answering, asked, headers_of, reading, scope_of


def paths() -> Paths:
    app = FastAPI(openapi_url=None)
    app.add_api_route("/small", lambda: None, methods=["POST"])
    app.add_api_route("/large/{id}", lambda id: None, methods=["POST", "GET"], openapi_extra=LARGE)
    return Paths(app)


def status(scope: Scope) -> int:
    sent = asked(Bounds(answering(), paths(), 10, 100), scope)
    if sent[0]["status"] != 200:
        assert (
            headers_of(sent)["connection"] == "close"
            and json.loads(sent[1]["body"])["status"] == sent[0]["status"]
        )
    return int(sent[0]["status"])


def test_addresses() -> None:
    assert status(scope_of(raw_path=b"/" * ADDRESS_BYTES)) == 200
    assert status(scope_of(raw_path=b"/" * (ADDRESS_BYTES + 1))) == 414
    assert status(scope_of(query_string=b"q" * ADDRESS_BYTES)) == 414


def test_heads() -> None:
    assert status(scope_of(headers=[("a", "")] * HEADERS)) == 200
    assert status(scope_of(headers=[("a", "")] * (HEADERS + 1))) == 431
    assert status(scope_of(headers=[("a", "x" * (HEAD_BYTES - 1))])) == 200
    assert status(scope_of(headers=[("a", "x" * HEAD_BYTES)])) == 431


@pytest.mark.parametrize(
    ("method", "path", "length", "told"),
    [
        ("POST", "/small", "10", 200), ("POST", "/small", "11", 413), ("POST", "/large/a", "100", 200), ("POST", "/large/a", "101", 413),
        ("GET", "/large/a", "11", 413), ("POST", "/nix", "11", 413), ("POST", "/small", "10000000000", 413), ("POST", "/small", "-1", 413),
        ("POST", "/small", "9" * 400, 413), ("POST", "/small", "²", 413),
    ],
)  # fmt: skip
def test_bodies_whose_length_is_told(method: str, path: str, length: str, told: int) -> None:
    assert status(scope_of(method, path, [("Content-Length", length)])) == told


def test_bodies_whose_length_is_not_told_are_counted_as_they_come() -> None:
    app = FastAPI(openapi_url=None)
    problems.install(app)

    @app.post("/small")
    def small(body: dict[str, int]) -> None: ...

    app.add_middleware(Bounds, paths=Paths(app), json_bytes=10, large_bytes=100)
    with TestClient(app) as client:
        fits = client.post(
            "/small", content=iter([b'{"a"', b":1}"]), headers={"Content-Type": "application/json"}
        )
        assert fits.status_code == 200
        told = client.post(
            "/small", content=iter([b'{"a":', b"1" * 10]), headers={"Content-Type": "application/json"}
        )
        assert told.status_code == 413 and told.headers["Content-Type"] == "application/problem+json"
        assert told.headers["Connection"] == "close" and told.json()["type"] == "/problems/too-large"
        assert told.json()["message"] == {
            "zh": "请求的内容至多 10 B；请拆成小一些的",
            "en": "at most 10 B are taken; split it into smaller parts",
        }


def test_what_is_counted_arrives_whole() -> None:
    scope = scope_of("POST", "/small", [("Transfer-Encoding", "chunked")])
    assert asked(Bounds(reading, paths(), 10, 100), scope, [b"12345", b"67890"])[1]["body"] == b"10"
