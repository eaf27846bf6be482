"""A service whose certificate is of an office's own issuer: told how to name it, not asked again and again."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import trustme

from jiedui.client import Client, Unreachable

CA = trustme.CA()


class Answers(BaseHTTPRequestHandler):
    """Says that it is version 1."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("Content-Length", "12")
        self.end_headers()
        self.wfile.write(b'{"api": "1"}')

    def log_message(self, *words: object) -> None:
        """Say nothing."""


class Counting(HTTPServer):
    """Counts who came."""

    came = 0

    def get_request(self) -> tuple[ssl.SSLSocket, object]:
        """Let somebody in."""
        self.came += 1
        return super().get_request()  # type: ignore[return-value] # of a wrapped socket


@pytest.fixture
def served() -> Iterator[Counting]:
    """A service that speaks HTTPS with a certificate of ours."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert("127.0.0.1").configure_cert(context)
    with Counting(("127.0.0.1", 0), Answers) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_it_is_told_how_to_name_who_issued_it(served: Counting) -> None:
    with (
        Client(f"https://127.0.0.1:{served.server_port}") as client,
        pytest.raises(Unreachable, match=r"cannot be verified .*ca=") as caught,
    ):
        client.version()
    assert served.came == 1 and "ca=" in caught.value.text.zh


def test_who_names_it_comes_in(served: Counting, tmp_path: Path) -> None:
    CA.cert_pem.write_to_path(tmp_path / "ca.pem")
    with Client(f"https://127.0.0.1:{served.server_port}", ca=tmp_path / "ca.pem") as client:
        assert client.version()["api"] == "1"
