"""Bodies that are too large, over real sockets: what is announced is refused unread, what comes is refused when it is too much."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from api.http.app import create_app
from api.service.service import Service, open_service
from api.service.settings import read_settings
from tests.api.http.sending import UPLOADS

MB = 1 << 20


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[tuple[int, Service]]:
    """Port of a service that takes 1 MB."""
    service = open_service(
        read_settings({"data": tmp_path / "data", "language": "en", "body_mb": 1}, environ={}), "teachers"
    )
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(service), log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()[1], service
    server.should_exit = True
    thread.join()
    listener.close()


def asked(port: int, headers: str, *pieces: bytes) -> str:
    """The beginning of the answer to a request that is sent as far as the server takes it."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(
            f"POST {UPLOADS}?filename=regions.csv HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()
        )
        try:
            for piece in pieces:
                connection.sendall(piece)
        except OSError:  # it has answered and closed
            pass
        return connection.recv(4096).decode()


def test_ten_gigabytes_are_refused_when_they_are_announced(listening: tuple[int, Service]) -> None:
    port, service = listening
    answer = asked(port, "Content-Length: 10737418240\r\n")  # not one byte of it is sent
    assert answer.startswith("HTTP/1.1 413") and "problem+json" in answer
    answer = asked(port, "Content-Length: 10737418240\r\nContent-Type: multipart/form-data; boundary=x\r\n")
    assert answer.startswith("HTTP/1.1 413")
    assert list(service.uploads.iterdir()) == []


def test_what_is_not_announced_is_refused_when_it_is_too_much(listening: tuple[int, Service]) -> None:
    port, service = listening
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    answer = asked(port, "Transfer-Encoding: chunked\r\n", *[piece] * 17)  # and no end
    assert answer.startswith("HTTP/1.1 413")
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="regions.csv"\r\n\r\n'
    first = b"%x\r\n" % len(form) + form + b"\r\n"
    headers = "Transfer-Encoding: chunked\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    assert asked(port, headers, first, *[piece] * 18).startswith("HTTP/1.1 413")
    assert list(service.uploads.iterdir()) == []


def test_who_hangs_up_in_the_middle_leaves_nothing(listening: tuple[int, Service]) -> None:
    port, service = listening
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(
            f"POST {UPLOADS}?filename=regions.csv HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\ncode,".encode()
        )
    answer = asked(port, "Content-Length: 5\r\n", b"code\n")
    assert answer.startswith("HTTP/1.1 201"), answer
    assert [e.name for e in service.uploads.iterdir() if not e.name.startswith(".coming")] == [
        u.id for u in service.tray.uploads()
    ]
    for _ in range(100):
        if not list(service.uploads.glob(".coming*")):
            break
        threading.Event().wait(0.05)
    assert not list(service.uploads.glob(".coming*"))
