"""One who writes while a service is killed: keeps what was acknowledged, and looks for it at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

AGAIN_SECONDS = 0.3
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Acknowledged:
    """A write that was acknowledged.

    Parameters
    ----------
    number : int
        Of the write.
    told : object
        The answer.
    request : str
        Number of the request, under which the audit log has it.
    """

    number: int
    told: Any
    request: str


class Writer:
    """Writes again and again, each write until it is acknowledged.

    Parameters
    ----------
    name : str
        What it writes.
    url : str
        The service's address, which stays the same.
    one : callable
        Sends the write of a number, and gives the answer; sent again, it does the same or as much.
    found : callable
        Whether a write that was acknowledged is there.
    pause_seconds : float
        Between two writes.
    """

    def __init__(
        self, name: str, url: str, one: Callable[[httpx2.Client, int], httpx2.Response],
        found: Callable[[httpx2.Client, Acknowledged], bool], pause_seconds: float,
    ) -> None:  # fmt: skip
        self.name, self.one, self.found, self.pause_seconds = name, one, found, pause_seconds
        self.acknowledged: list[Acknowledged] = []
        self.base = f"{url}/api/v1"
        self._http = httpx2.Client(base_url=self.base, timeout=PATIENCE_SECONDS)
        self.tries = 0
        self.wrong = ""
        """An answer that nobody expects; it ends the writing."""

    def write_on(self, stop: threading.Event) -> None:
        """One write after the other."""
        number = 0
        while not stop.is_set() and not self.wrong:
            number += 1
            self._write(number, stop)
            stop.wait(self.pause_seconds)
        self._http.close()

    def looked(self) -> tuple[int, int]:
        """How many acknowledged writes are there, and how many are not."""
        with httpx2.Client(base_url=self.base, timeout=PATIENCE_SECONDS) as http:
            there = sum(self.found(http, write) for write in self.acknowledged)
        return there, len(self.acknowledged) - there

    def _write(self, number: int, stop: threading.Event) -> None:
        """A write, until it is acknowledged or wrong."""
        while not stop.is_set():
            self.tries += 1
            answer = self._sent(number)
            if answer is not None and answer.is_success:
                told = answer.json() if answer.content else None
                self.acknowledged.append(Acknowledged(number, told, answer.headers["X-Request-Id"]))
                return
            if answer is not None and not again(answer):
                self.wrong = f"{answer.request.method} {answer.url.path}: {answer.status_code} {answer.text}"
                return
            time.sleep(AGAIN_SECONDS)

    def _sent(self, number: int) -> httpx2.Response | None:
        """The answer; ``None`` where the service was killed: whether it was written nobody knows."""
        try:
            return self.one(self._http, number)
        except httpx2.TransportError:
            return None


def again(answer: httpx2.Response) -> bool:
    """Whether a client would ask again: another was first, there are too many, or the service is stopping."""
    stopping = answer.status_code == 503 and answer.json()["type"] == "/problems/stopping"
    return stopping or answer.status_code in (412, 429)
