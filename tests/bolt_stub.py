"""A stub that speaks Bolt and does what a script says: no server, no data, only answers and failures in order.

What a cluster does cannot be had here (Enterprise), and what a server does under load cannot be had on demand; the stub says
the words that a server would say then.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.packstream import Structure, Unpacker, pack

HELLO, LOGON, LOGOFF, GOODBYE, RESET = 0x01, 0x6A, 0x6B, 0x02, 0x0F
RUN, PULL, DISCARD, BEGIN, COMMIT, ROLLBACK, ROUTE = 0x10, 0x3F, 0x2F, 0x11, 0x12, 0x13, 0x66
SUCCESS, RECORD, IGNORED, FAILURE = 0x70, 0x71, 0x7E, 0x7F
NAMES = {LOGON: "LOGON", RUN: "RUN", BEGIN: "BEGIN", COMMIT: "COMMIT", ROUTE: "ROUTE"}
VERSION = b"\x00\x00\x03\x05"  # 5.3: signs in apart, tells of no telemetry
CLOSE = "close"
"""A reaction: the connection ends without a word."""

Reaction = str
"""``close``, or the code of a failure."""


@dataclass
class Stub:
    """What the stub is to do, and what it was asked.

    Parameters
    ----------
    answers : callable
        Statement → records; by default none.
    script : list of (str, reaction)
        Kind of message (``RUN``, ``BEGIN``, ``COMMIT``, ``LOGON``) → what to do instead of succeeding, once each, in order.
    message : str
        What failures say.
    """

    answers: Callable[[str], Sequence[Sequence[Any]]] = lambda statement: []
    script: list[tuple[str, Reaction]] = field(default_factory=list)
    message: str = "the stub says no"
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0
    writers: list[int] = field(default_factory=list)
    """Ports of leaders that routing names, one after the other; the last stays."""

    @property
    def uri(self) -> str:
        """Its address."""
        return f"bolt://127.0.0.1:{self.port}"

    def count(self, kind: str, words: str = "") -> int:
        """How often it was asked so."""
        return sum(k == kind and words in statement for k, statement in self.asked)


@contextmanager
def running(*stubs: Stub) -> Iterator[None]:
    """Have stubs listen, each on a port of its own."""
    opened = []
    try:
        for stub in stubs:
            listening = socket.create_server(("127.0.0.1", 0))
            opened.append(listening)
            stub.port = listening.getsockname()[1]
            threading.Thread(target=_accept, args=(stub, listening), daemon=True).start()
        yield
    finally:
        for listening in opened:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()


def _accept(stub: Stub, listening: socket.socket) -> None:
    with suppress(OSError):
        while True:
            caller, _ = listening.accept()
            threading.Thread(target=_serve, args=(stub, caller), daemon=True).start()


def _serve(stub: Stub, caller: socket.socket) -> None:
    with caller, suppress(OSError, EOFError):
        _exactly(caller, 20)
        caller.sendall(VERSION)
        failed, records = False, list[Sequence[Any]]()
        while True:
            message = _read(caller)
            kind = NAMES.get(message.tag, "")
            statement = message.fields[0] if message.tag == RUN else ""
            stub.asked.append((kind, statement))
            if message.tag == GOODBYE:
                return
            failed = failed and message.tag != RESET
            if failed:
                _write(caller, Structure(IGNORED, ()))
                continue
            reaction = _reaction(stub, kind)
            if reaction == CLOSE:
                return
            if reaction:
                failed = True
                told = {"code": reaction, "message": stub.message}
                _write(caller, Structure(FAILURE, (told,)))
                continue
            if message.tag == RUN:
                records = list(stub.answers(statement))
            if message.tag == PULL:
                for record in records:
                    _write(caller, Structure(RECORD, (list(record),)))
            _write(caller, Structure(SUCCESS, (_told(stub, message, records),)))


def _reaction(stub: Stub, kind: str) -> Reaction:
    if stub.script and stub.script[0][0] == kind:
        return stub.script.pop(0)[1]
    return ""


def _told(stub: Stub, message: Structure, records: Sequence[Sequence[Any]]) -> dict[str, Any]:
    match message.tag:
        case 0x01:
            return {"server": "Neo4j/5.26.0", "connection_id": "bolt-1", "hints": {}}
        case 0x10:
            returned = [name.strip() for name in message.fields[0].rpartition("RETURN ")[2].split(",")]
            width = len(records[0]) if records else 1
            named = returned if len(returned) == width else [f"f{n}" for n in range(width)]
            return {"fields": named, "t_first": 0}
        case 0x3F:
            return {"type": "rw", "db": "neo4j", "t_last": 0}
        case 0x66:
            leader = stub.writers.pop(0) if len(stub.writers) > 1 else (stub.writers or [stub.port])[0]
            here = [f"127.0.0.1:{stub.port}"]
            servers = [{"addresses": here, "role": role} for role in ("ROUTE", "READ")]
            servers.append({"addresses": [f"127.0.0.1:{leader}"], "role": "WRITE"})
            return {"rt": {"ttl": 300, "db": "neo4j", "servers": servers}}
    return {}


def _read(caller: socket.socket) -> Structure:
    whole = b""
    while True:
        size = int.from_bytes(_exactly(caller, 2), "big")
        if not size and whole:
            message = Unpacker(whole).value()
            assert isinstance(message, Structure)
            return message
        whole += _exactly(caller, size)


def _write(caller: socket.socket, message: Structure) -> None:
    whole = pack(message)
    parts = [whole[n : n + 0xFFFF] for n in range(0, len(whole), 0xFFFF)]
    caller.sendall(b"".join(len(p).to_bytes(2, "big") + p for p in parts) + b"\0\0")


def _exactly(caller: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = caller.recv(size - len(found))
        if not part:
            raise EOFError
        found += part
    return found
