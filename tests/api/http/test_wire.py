"""Connections that misbehave, over real sockets: each is cut off while others are served."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api.http.cut_off import HEAD_BYTES, hint
from api.http.problems import BAD_HEAD, BUSY, LONG_HEAD, NO_HOST, SLOW_BODY, SLOW_HEAD
from api.http.serve import config_of
from api.http.wire import Crowd, Wire, wired
from api.service.settings import Settings, read_settings

LONG = 50 << 20
Connect = Callable[[], socket.socket]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads all of a body, answers with its length; of ``/long`` more than any buffer holds."""
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"x-peer", scope["peer"][0].encode())]}
    )
    for _ in range(LONG >> 20 if scope["path"] == "/long" else 0):
        await send({"type": "http.response.body", "body": b"x" * (1 << 20), "more_body": True})
    await send({"type": "http.response.body", "body": str(length).encode()})


def settings(**given: Any) -> Settings:
    return read_settings(
        {"language": "en", "header_seconds": 1, "body_seconds": 1, "stall_seconds": 1, **given}, environ={}
    )


@contextmanager
def served(limits: Settings) -> Iterator[Connect]:
    """A server in a thread of this process; gives connections to it."""
    config = uvicorn.Config(
        app,
        port=0,
        http=wired(limits),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port, opened = server.servers[0].sockets[0].getsockname()[1], list[socket.socket]()

    def connect() -> socket.socket:
        made = socket.create_connection(("127.0.0.1", port), timeout=10)
        opened.append(made)
        return made

    try:
        yield connect
    finally:
        for made in opened:
            made.close()
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def connect() -> Iterator[Connect]:
    """Connections to a server that waits for a second at most."""
    with served(settings()) as found:
        yield found


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    got = bytearray()
    with connection, suppress(ConnectionResetError):
        while piece := connection.recv(1 << 20):
            got += piece
    return bytes(got)


def ask(connect: Connect) -> bytes:
    """A client that behaves."""
    connection = connect()
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    return rest(connection)


def drip(connection: socket.socket, first: bytes, piece: bytes, connect: Connect, times: int = 40) -> bytes:
    """Send a piece every tenth of a second, and see that others are served meanwhile; what comes when it is cut off."""
    connection.sendall(first)
    for n in range(times):
        time.sleep(0.1)
        if n == 2:
            assert ask(connect).startswith(b"HTTP/1.1 200")
        try:
            connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            break
    else:
        raise AssertionError("it was never cut off")
    return rest(connection)


def test_who_behaves_is_served_several_times_on_one_connection(connect: Connect) -> None:
    connection = HTTPConnection("x")
    connection.sock = connect()
    for length in (0, 10, 100_000):
        connection.request("POST", "/", body=b"x" * length)
        answer = connection.getresponse()
        assert (answer.status, answer.read(), answer.headers["x-peer"]) == (
            200,
            str(length).encode(),
            "127.0.0.1",
        )
    connection.close()


def test_a_head_that_comes_line_by_line(connect: Connect) -> None:
    drip(connect(), b"GET / HTTP/1.1\r\n", b"X-A: b\r\n", connect)


def test_a_connection_on_which_nothing_comes(connect: Connect) -> None:
    told = rest(connect())
    assert told.startswith(b"HTTP/1.1 408")
    found = json.loads(told.partition(b"\r\n\r\n")[2])
    assert (found["type"], found["title"]) == ("/problems/slow-head", "the request's head comes too slowly")
    assert "within 1 second (header_seconds)" in found["detail"] == found["message"]["en"]


def test_what_cuts_off_says_how_to_mend_it_in_both_languages() -> None:
    limits = settings(connections=7, header_seconds=3, body_seconds=20)
    words = {
        kind.name: hint(kind, limits) for kind in (SLOW_HEAD, SLOW_BODY, LONG_HEAD, BAD_HEAD, NO_HOST, BUSY)
    }
    assert len(set(words.values())) == 6 and all(zh and en for zh, en in words.values())
    assert "3 seconds" in words["slow-head"].en and "20 KB within 20 seconds" in words["slow-request"].en
    assert "7 in all" in words["busy"].en and "\\r" in words["bad-head"].en


def test_empty_lines_instead_of_a_second_request(connect: Connect) -> None:
    connection = connect()
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200")
    drip(connection, b"\r\n", b"\r\n", connect)


def test_a_body_that_comes_byte_by_byte(connect: Connect) -> None:
    drip(connect(), b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", b"x", connect)


def test_a_chunked_body_that_comes_byte_by_byte(connect: Connect) -> None:
    drip(
        connect(), b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", connect
    )


def test_a_body_that_grows_steadily_is_waited_for(connect: Connect) -> None:
    connection = connect()
    connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 120000\r\nConnection: close\r\n\r\n")
    for _ in range(12):
        time.sleep(0.1)
        connection.sendall(b"x" * 10_000)
    assert b"\r\n120000\r\n" in rest(connection)


@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"GET / HTTP/1.1\r\n", b"X-A: b\r\n" * 1000), (b"GET / HTTP/1.1\r\nX-A: ", b"b" * 10_000), (b"GET /", b"a" * 10_000), (b"", b"\r\n" * 5000),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"X-A: b\r\n" * 1000),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a" * 10_000),
    ],
)  # fmt: skip
def test_heads_trailers_and_chunks_without_end(connect: Connect, first: bytes, piece: bytes) -> None:
    connection, sent = connect(), 0
    connection.sendall(first)
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        while sent < 100 * HEAD_BYTES:
            connection.sendall(piece)
            sent += len(piece)
    assert ask(connect).startswith(b"HTTP/1.1 200")


def test_a_head_that_is_too_large_is_told(connect: Connect) -> None:
    connection = connect()
    connection.sendall(b"GET / HTTP/1.1\r\nX-A: " + b"b" * (HEAD_BYTES + 1))
    told = rest(connection)
    assert told.startswith(b"HTTP/1.1 431") and b"/problems/long-head" in told


def test_what_is_no_http_is_told_as_a_problem(connect: Connect) -> None:
    for head in (b"Last-Event-ID: 48\r", b"X-A"):
        connection = connect()
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
        told = rest(connection)
        assert told.startswith(b"HTTP/1.1 400") and b"application/problem+json" in told
        assert b"/problems/bad-head" in told and told.count(b"HTTP/1.1 400") == 1
    assert ask(connect).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nhost: y\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n", 400),
        (b"GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n", 400),
        (b"GET / HTTP/1.0\r\n", 200),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", 200),
    ],
)
def test_a_request_has_one_host(connect: Connect, head: bytes, status: int) -> None:
    connection = connect()
    connection.sendall(head + b"Connection: close\r\n\r\n" + (b"ab" if b"POST" in head else b""))
    told = rest(connection)
    assert told.startswith(b"HTTP/1.1 %d" % status) and told.count(b"content-type: ") <= 1
    assert (b"/problems/bad-host" in told) == (status == 400)


def test_chunks_of_one_byte_are_no_endless_head(connect: Connect) -> None:
    connection = connect()
    body = b"1\r\nx\r\n" * (HEAD_BYTES // 2)
    connection.sendall(
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        + body
        + b"0\r\n\r\n"
    )
    assert rest(connection).endswith(b"0\r\n\r\n") and ask(connect).startswith(b"HTTP/1.1 200")


def test_who_takes_nothing_of_an_answer(connect: Connect) -> None:
    connection = connect()
    connection.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    time.sleep(2)
    assert ask(connect).startswith(b"HTTP/1.1 200")
    assert len(rest(connection)) < LONG


def test_who_takes_it_slowly_gets_it(connect: Connect) -> None:
    connection = connect()
    connection.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    got = 0
    while got < 20 << 20:
        got += len(connection.recv(1 << 20))
        time.sleep(0.02)
    assert got + len(rest(connection)) > LONG


def test_no_more_connections_than_there_may_be() -> None:
    with served(settings(connections=3, header_seconds=60)) as connect:
        idle = [connect() for _ in range(3)]
        assert b"/problems/busy" in rest(connect())
        idle[0].close()
        for _ in range(100):
            if ask(connect).startswith(b"HTTP/1.1 200"):
                return
            time.sleep(0.01)
        raise AssertionError("there was no room again")


def test_one_address_has_its_share_elsewhere_but_a_proxy_has_not() -> None:
    crowd = Crowd(settings(host="0.0.0.0", connections_per_address=2, connections=4, behind_proxy="10.0.0.9"))
    assert [crowd.enters("10.0.0.1") for _ in range(3)] == [True, True, False]
    crowd.leaves("10.0.0.1")
    assert crowd.enters("10.0.0.1") and crowd.enters("10.0.0.9") and crowd.enters("10.0.0.9")
    assert not crowd.enters("10.0.0.2"), "there are four"
    for address in ("10.0.0.1", "10.0.0.1", "10.0.0.9", "10.0.0.9"):
        crowd.leaves(address)
    assert (crowd.all, dict(crowd.of)) == (0, {})


def test_on_loopback_one_address_may_have_them_all() -> None:
    crowd = Crowd(settings(connections=1000))
    assert all(crowd.enters("127.0.0.1") for _ in range(1000)) and not crowd.enters("127.0.0.1")


def test_the_service_itself_listens_so() -> None:
    found = config_of(settings(connections=7), FastAPI(openapi_url=None)).http
    assert isinstance(found, type) and issubclass(found, Wire) and found.crowd.settings.connections == 7
