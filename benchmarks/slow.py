"""Connections that say much and never come to an end: bodies of ten gigabytes, heads byte by byte, heads without end."""

from __future__ import annotations

import socket
import time
from collections import Counter
from contextlib import ExitStack, suppress

import httpx2

from benchmarks.memory import Watch
from benchmarks.service.running import Running

SLOW, ENDLESS = 1000, 100
PIECE = b"X-A: " + b"b" * 1000 + b"\r\n"
Told = tuple[str, float, str, float, float, float]


def ten_gigabytes(service: Running, watch: Watch) -> Told:
    """A body that says it has so much, and comes on as long as anybody takes it."""
    head = f"POST /api/v1/uploads?filename=regions.csv HTTP/1.1\r\nHost: {host(service)}\r\nContent-Length: {10 << 30}\r\n\r\n"
    began, sent = time.perf_counter(), 0
    with watch, opened(service) as connection:
        connection.sendall(head.encode())
        with suppress(OSError):
            while sent < 64 << 20:
                sent += connection.send(b"x" * (1 << 16))
        answer = first_line(connection)
    return (
        "a body that says it has 10 GB",
        sent / 1e6,
        answer,
        time.perf_counter() - began,
        watch.server_mb,
        watch.reader_mb,
    )


def slow_heads(service: Running, watch: Watch) -> Told:
    """Slowloris: a thousand heads, a line a second each, until all are cut off; meanwhile somebody asks every second."""
    asked = []
    began = time.perf_counter()
    with watch, ExitStack() as stack:
        open_ones = [stack.enter_context(opened(service)) for _ in range(SLOW)]
        for connection in open_ones:
            connection.sendall(b"GET / HTTP/1.1\r\n")
        while open_ones and time.perf_counter() - began < 60:
            open_ones = [c for c in open_ones if dripped(c, b"X-A: b\r\n")]
            asked.append(answered(service))
            time.sleep(1)
    told = f"{SLOW - len(open_ones)} cut off; others answered in {max(asked):.2f} s at most"
    return (
        f"slowloris: {SLOW:,} heads, a line a second",
        0.0,
        told,
        time.perf_counter() - began,
        watch.server_mb,
        watch.reader_mb,
    )


def endless_heads(service: Running, watch: Watch) -> Told:
    """A hundred heads of a hundred thousand lines."""
    began, sent, answers = time.perf_counter(), 0, Counter[str]()
    with watch:
        for _ in range(ENDLESS):
            with opened(service) as connection, suppress(OSError):
                connection.sendall(b"GET / HTTP/1.1\r\n")
                while dripped(connection, PIECE * 64):
                    sent += 64 * len(PIECE)
                answers[first_line(connection)] += 1
        slowest = answered(service)
    told = ", ".join(f"{n} × {a}" for a, n in answers.items()) + f"; others answered in {slowest:.2f} s"
    return (
        f"{ENDLESS} heads without end",
        sent / 1e6,
        told,
        time.perf_counter() - began,
        watch.server_mb,
        watch.reader_mb,
    )


def opened(service: Running) -> socket.socket:
    """A connection to a service."""
    return socket.create_connection(("127.0.0.1", service.port), timeout=10)


def host(service: Running) -> str:
    """As a client names it."""
    return service.url.partition("//")[2]


def dripped(connection: socket.socket, piece: bytes) -> bool:
    """Whether some more could be sent."""
    try:
        connection.sendall(piece)
    except OSError:
        return False
    return True


def answered(service: Running) -> float:
    """Seconds that somebody who behaves waits."""
    began = time.perf_counter()
    httpx2.get(f"{service.url}/healthz", timeout=60).raise_for_status()
    return time.perf_counter() - began


def first_line(connection: socket.socket) -> str:
    """Status and words of an answer; "cut off" where it was lost with the connection."""
    with suppress(OSError):
        line = connection.recv(1 << 16).partition(b"\r\n")[0].decode("latin-1")
        if line:
            return line.partition(" ")[2]
    return "cut off"
