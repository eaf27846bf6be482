"""Thousands of requests made from the document of the API: no server error, nothing that the document does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.contract import WAITING, attack, prepare, settings, streams
from benchmarks.service.running import Running

EXAMPLES = 6
"""Random requests for each operation, besides those at the edges of its schemas: some thousands in all, in about a minute."""


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
