"""Thousands of requests made from the document of the API: no server error, nothing that the document does not tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.contract import (
    GUARDED,
    WAITING,
    attack,
    demanding,
    id_of,
    prepare,
    settings,
    streams,
    token_for,
)
from benchmarks.contract_hooks import OTHER, OWN, before_call
from benchmarks.service.running import Running

EXAMPLES = 6
"""Random requests for each operation, besides those at the edges of its schemas: some thousands in all, in about a minute."""
SOME = 3
"""The same for one who has a token: fewer, for what is tried is whether each is kept where they belong."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service of the small network, with the stub scenario that orders are of."""
    folder = tmp_path_factory.mktemp("attacked")
    with Running(folder / "data", on=prepare(folder), settings={"jobs_waiting": WAITING}) as found:
        yield found


def test_the_service_does_as_its_document_says(served: Running) -> None:
    found = attack(served.url, EXAMPLES)
    assert not found.failures, found.said
    assert found.operations >= 15 and found.cases >= 50 * found.operations, found.said
    assert served.process.poll() is None


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, dict[str, str]]]:
    """The same, but it asks for a token; and tokens of somebody who is limited to a county, and of an admin."""
    folder = tmp_path_factory.mktemp("guarded")
    on, data = prepare(folder), folder / "data"
    tokens = {
        "limited": token_for(data, "ann", "--regions", "A", "--on", on),
        "admin": token_for(data, "boss", "--role", "admin"),
    }
    with Running(data, on=on, settings=GUARDED) as found:
        yield found, tokens


@pytest.mark.parametrize("who", ["limited", "admin"])
def test_so_does_one_that_asks_for_a_token_and_keeps_others_out(
    who: str, guarded: tuple[Running, dict[str, str]]
) -> None:
    served, tokens = guarded
    log = served.data.with_name(f"{served.data.name}.log")
    before = log.stat().st_size
    found = attack(served.url, SOME, token=tokens[who], phases=("examples", "fuzzing"))
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


def test_a_service_that_lets_everybody_in_would_be_found(served: Running) -> None:
    """With any word for a token the one that opens without a login refuses; without one it does not."""
    found = attack(served.url, 1, token="nix", only="/api/v1/network$", phases=("fuzzing",))
    assert found.cases and not found.failures, "it was never let in"
    found = attack(
        served.url, 1, token=token_for(served.data, "ann"), only="/api/v1/network$", phases=("fuzzing",)
    )
    assert any("without authentication" in failure for failure in found.failures), found.said


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


def test_what_is_wrong_would_be_found(
    served: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An answer that the document does not tell is a failure: here of a service whose document keeps one from us."""
    import json
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    import httpx2

    document = httpx2.get(f"{served.url}/openapi.json").json()
    alone = {**document, "paths": {"/version": document["paths"]["/version"]}}

    class Broken(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = alone if self.path == "/openapi.json" else {"jiedui": 1}
            content = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Broken)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        found = attack(f"http://127.0.0.1:{server.server_address[1]}", 1)
    finally:
        server.shutdown()
        server.server_close()
    assert any("Response violates schema" in f for f in found.failures), found.said


def test_what_is_left_out_is_what_does_not_end() -> None:
    stream = {"responses": {"200": {"content": {"text/event-stream": {}}}}, "operationId": "follow"}
    plain = {"responses": {"204": {}}, "operationId": "remove"}
    assert streams({"paths": {"/a": {"get": stream, "delete": plain}}}) == ["follow"]
    assert 'include-operation-id = "follow"' in settings(["follow"], None, chains=False, token="")
