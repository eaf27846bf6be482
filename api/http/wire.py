"""The connection: what a client may do before, beside and behind its requests.

uvicorn's protocol waits without end for the head of a request and for its body, takes heads of any size, and lets a client stop
reading an answer for as long as it likes; it bounds only how long a connection may idle *between* requests. This adds the missing
limits; each is a timer or a count of one connection, so one that misbehaves costs the others nothing.
"""

from __future__ import annotations

import logging
from asyncio import TimerHandle, Transport
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http.cut_off import HEAD_BYTES, LEAST, said
from api.http.middleware.arrival import trusted
from api.http.problems import BAD_HEAD, BUSY, LONG_HEAD, NO_HOST, SLOW_BODY, SLOW_HEAD, Kind
from api.service.settings import Settings

log = logging.getLogger("jiedui.http")
OVERHEAD = 8
"""Bytes that may stand beside each byte of a body (chunks of one byte have six); beyond, it is a head that never ends."""


@dataclass
class Crowd:
    """Connections that are open, by address; one for all connections of a server."""

    settings: Settings
    all: int = 0
    of: Counter[str] = field(default_factory=Counter)

    def enters(self, address: str) -> bool:
        """Count a connection, where there is room for it."""
        most = self.settings.crowd
        if self.all >= self.settings.connections:
            return False
        if most and self.of[address] >= most and not trusted(address, self.settings.proxies):
            return False
        self.all += 1
        self.of[address] += 1
        return True

    def leaves(self, address: str) -> None:
        """One less."""
        self.all -= 1
        self.of[address] -= 1
        if not self.of[address]:
            del self.of[address]


class Wire(HttpToolsProtocol):
    """A connection within limits; made by :func:`wired`."""

    crowd: Crowd
    _clock: TimerHandle | None = None
    _stall: TimerHandle | None = None
    _came = 0
    """Bytes since the last request was whole; 0: nothing is on its way."""
    _in_body = False
    _of_body = 0
    """Of :attr:`_came`, what belongs to a body."""
    _grown = 0
    """Of :attr:`_of_body`, what came since the clock was looked at."""
    _unread = BAD_HEAD
    """What is said where the parser stops."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Let it in, or close it at once."""
        super().connection_made(transport)
        self.limits = self.crowd.settings
        self.address = self.client[0] if self.client else ""
        self.entered = self.crowd.enters(self.address)
        if self.entered:
            self._start_clock()
        else:
            self.refuse(BUSY)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._stop_clock()
        if self._stall is not None:
            self._stall.cancel()
        if self.entered:
            self.crowd.leaves(self.address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a piece. Where it brings no request to its end, the clock runs."""
        if self.transport.is_closing():
            return
        self._came += len(data)
        super().data_received(data)
        if self._came - self._of_body > HEAD_BYTES + OVERHEAD * self._of_body:
            self.refuse(LONG_HEAD)
        elif self._came and self._clock is None:
            self._start_clock()

    def on_message_begin(self) -> None:
        """A request begins; the peer is kept beside what proxies say."""
        super().on_message_begin()
        self.scope["peer"] = self.client  # type: ignore[typeddict-unknown-key] # for api.http.middleware.arrival

    def on_headers_complete(self) -> None:
        """The head is there: from now on the body has to come.

        Raises
        ------
        ValueError
            When it has no ``Host`` or several (RFC 9112, 3.2), so that the parser stops.
        """
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            self._unread = NO_HOST
            raise ValueError(NO_HOST.name)
        self._stop_clock()
        self._in_body = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._of_body += len(body)
        self._grown += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._stop_clock()
        self._in_body, self._came, self._of_body = False, 0, 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client does not keep up: it has some time to take something."""
        super().pause_writing()
        self._wait_for_taking()

    def resume_writing(self) -> None:
        """It goes on."""
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def refuse(self, kind: Kind) -> None:
        """Say why, where there is somebody to say it to, and close."""
        if self.transport.is_closing():
            return
        self._stop_clock()
        log.warning("cut off", extra={"facts": {"why": kind.name, "address": self.address}})
        answering = self.cycle is not None and not self.cycle.response_complete
        if not answering or not self.cycle.response_started:
            self.transport.write(said(kind, self.limits))
        self.transport.close()
        if answering:  # what makes the answer is told that nobody waits for it
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is refused as everything else is."""
        self.refuse(self._unread)

    def _start_clock(self) -> None:
        if self._in_body:
            self._grown = 0
            self._clock = self.loop.call_later(self.limits.body_seconds, self._grows)
        else:
            self._clock = self.loop.call_later(self.limits.header_seconds, self.refuse, SLOW_HEAD)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _grows(self) -> None:
        """Look whether the body has grown, unless it is we who do not take it."""
        if self._grown < LEAST * self.limits.body_seconds and not self.flow.read_paused:
            self.refuse(SLOW_BODY)
        else:
            self._start_clock()

    def _wait_for_taking(self) -> None:
        held = self.transport.get_write_buffer_size()
        self._stall = self.loop.call_later(self.limits.stall_seconds, self._takes, held)

    def _takes(self, held: int) -> None:
        """Look whether the client has taken anything of what is held for it."""
        if self.transport.get_write_buffer_size() < held:
            self._wait_for_taking()
            return
        log.warning("cut off", extra={"facts": {"why": "takes-nothing", "address": self.address}})
        self.transport.abort()


def wired(settings: Settings) -> type[Wire]:
    """The class of the connections of one server."""
    made: dict[str, Any] = {"crowd": Crowd(settings)}
    return type("Wired", (Wire,), made)
