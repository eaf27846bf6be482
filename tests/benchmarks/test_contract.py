"""Thousands of requests made from the document of the API: no server error, nothing that the document does not tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from benchmarks.contract import attack, demanding, id_of, settings, streams
from benchmarks.contract_hooks import OTHER, OWN, before_call
from benchmarks.contract_services import LOG, guarded, opened

EXAMPLES = 6
"""Random requests for each operation, besides those at the edges of its schemas: some thousands in all, in about a minute."""
SOME = 3
"""The same for one who has a token: fewer, for what is tried is whether each is kept where they belong."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service that opens without a login."""
    with opened(tmp_path_factory.mktemp("attacked")) as found:
        yield found


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str], Path]]:
    """One that asks for a token: its address, tokens, and what it says."""
    folder = tmp_path_factory.mktemp("guarded")
    with guarded(folder) as (found, tokens):
        yield found, tokens, folder / LOG


def test_the_service_does_as_its_document_says(url: str) -> None:
    found = attack(url, EXAMPLES)
    assert not found.failures, found.said
    assert found.operations >= 15 and found.cases >= 50 * found.operations, found.said
    assert httpx2.get(f"{url}/healthz").status_code == 200


@pytest.mark.parametrize("who", ["limited", "admin"])
def test_so_does_one_that_asks_for_a_token_and_keeps_others_out(
    who: str, asking: tuple[str, dict[str, str], Path]
) -> None:
    url, tokens, log = asking
    before = log.stat().st_size
    found = attack(url, SOME, token=tokens[who], phases=("examples", "fuzzing"))
    assert not found.failures, found.said
    answers = answered(log, before)
    assert found.cases >= 2 * found.operations, found.said
    let_in, kept_out = (
        {r for r, status in answers if status in some} for some in ((200, 201, 202, 204), (401,))
    )
    assert len(let_in & kept_out) >= (40 if who == "admin" else 20), (
        "the same routes without a token, and with a wrong one"
    )
    assert 429 not in {status for _, status in answers}, "a limit hides what is behind it"


def answered(log: Path, after: int) -> list[tuple[str, int]]:
    """Routes and statuses that a service's log tells, behind so many bytes of it."""
    with log.open("rb") as lines:
        lines.seek(after)
        told = [json.loads(line) for line in lines if line.startswith(b"{")]
    return [(f"{t['method']} {t['route']}", t["status"]) for t in told if "route" in t]


def test_the_attacks_own_token_is_not_revoked(monkeypatch: pytest.MonkeyPatch) -> None:
    token = f"jd_{'a' * 16}_{'b' * 43}"
    for own, left in ((id_of(token), OTHER), ("", "a" * 16)):
        monkeypatch.setenv(OWN, own)
        case = SimpleNamespace(
            method="DELETE",
            path="/api/v1/tokens/{id}",
            path_parameters={"id": "a" * 16},
            headers={},
            body=None,
        )
        before_call(None, case, {})  # type: ignore[arg-type] # what of it is looked at
        assert case.path_parameters == {"id": left} and bool(case.headers) is bool(own)


def test_that_one_may_do_without_a_login_is_not_told_of_a_service_that_asks_for_one() -> None:
    made = {"paths": {"/a": {"get": {"security": [{}, {"bearer": []}]}, "put": {"security": []}}}}
    assert demanding(made) == {
        "paths": {"/a": {"get": {"security": [{"bearer": []}]}, "put": {"security": []}}}
    }


def test_what_is_wrong_would_be_found(url: str) -> None:
    """An answer that the document does not tell is a failure."""
    with stub(url, {"jiedui": 1}) as broken:
        found = attack(broken, 1)
    assert any("Response violates schema" in f for f in found.failures), found.said


@pytest.mark.parametrize("asks", [True, False])
def test_who_lets_everybody_in_would_be_found(asks: bool, url: str) -> None:
    """One that answers whoever asks is at fault where its document says that it asks who they are, and only there."""
    told = httpx2.get(f"{url}/version").json()
    with stub(url, told, security=[{}, {"bearer": []}] if asks else []) as open_to_all:
        found = attack(open_to_all, 1, token=f"jd_{'a' * 16}_{'b' * 43}", phases=("fuzzing",))
    assert any("without authentication" in f for f in found.failures) is asks, found.said


@contextmanager
def stub(url: str, answer: dict[str, Any], **more: Any) -> Iterator[str]:
    """A server that knows one address of a service, and always answers the same."""
    document = httpx2.get(f"{url}/openapi.json").json()
    operation = document["paths"]["/version"]["get"] | more
    alone = {**document, "paths": {"/version": {"get": operation}}}

    class Stub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(alone if self.path == "/openapi.json" else answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def test_what_is_left_out_is_what_does_not_end() -> None:
    stream = {"responses": {"200": {"content": {"text/event-stream": {}}}}, "operationId": "follow"}
    plain = {"responses": {"204": {}}, "operationId": "remove"}
    assert streams({"paths": {"/a": {"get": stream, "delete": plain}}}) == ["follow"]
    assert 'include-operation-id = "follow"' in settings(["follow"], None, chains=False, token="")
