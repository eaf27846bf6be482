"""A load generator: so many clients on loopback, each asking one thing after the other over a connection that stays open."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import cast

WARM_SECONDS = 0.5
"""Before anything is counted."""


@dataclass(frozen=True)
class Burst:
    """What came of it.

    Parameters
    ----------
    seconds : float
        How long it took.
    waits : list of float
        Seconds that each request took, in ascending order.
    """

    seconds: float
    waits: list[float]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.waits) / self.seconds

    def within(self, share: float) -> float:
        """So long that share of the requests took at most (seconds)."""
        return self.waits[min(len(self.waits) - 1, int(len(self.waits) * share))]


def load(port: int, paths: Sequence[str], clients: int, seconds: float) -> Burst:
    """Ask from another process."""
    asked = json.dumps({"port": port, "paths": list(paths), "clients": clients, "seconds": seconds})
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run([sys.executable, "-m", "benchmarks.http_load", asked, out.name], check=True)
        told = json.loads(Path(out.name).read_text(encoding="utf-8"))
    return Burst(told["seconds"], told["waits"])


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, requests: Sequence[bytes], first: int, until: float, counted: float) -> None:
        self.requests = cycle(islice(cycle(requests), first, first + len(requests)))
        self.until, self.counted = until, counted
        self.waits: list[float] = []
        self.done = asyncio.get_running_loop().create_future()
        self.left, self.head = -1, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self._ask()

    def _ask(self) -> None:
        self.began = perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        """Take a piece of an answer; ask again behind its end."""
        if self.left < 0:
            self.head += data
            head, end, body = self.head.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            self.left, self.head = length - len(body), b""
        else:
            self.left -= len(data)
        if self.left == 0:
            self._answered()

    def _answered(self) -> None:
        self.left = -1
        now = perf_counter()
        if self.began >= self.counted:
            self.waits.append(now - self.began)
        if now >= self.until:
            self.transport.close()
        else:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end, or an error."""
        if not self.done.done():
            early = (
                ConnectionError("the server closed the connection") if perf_counter() < self.until else None
            )
            self.done.set_exception(exc or early) if exc or early else self.done.set_result(None)


async def ask(port: int, paths: Sequence[str], clients: int, seconds: float) -> Burst:
    """The burst."""
    head = f"Host: localhost:{port}\r\nAccept: application/json\r\n\r\n"
    requests = [f"GET {path} HTTP/1.1\r\n{head}".encode() for path in paths]
    counted = perf_counter() + WARM_SECONDS
    until = counted + seconds
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(
            lambda n=n: Client(requests, n % len(requests), until, counted), "127.0.0.1", port
        )  # type: ignore[misc]
        for n in range(clients)
    ]
    await asyncio.gather(*(client.done for _, client in made))
    return Burst(perf_counter() - counted, sorted(wait for _, client in made for wait in client.waits))


def main() -> None:
    """Ask as told in the first word, and write what came of it into the file that the second one names."""
    import uvloop

    burst = uvloop.run(ask(**json.loads(sys.argv[1])))
    told = {"seconds": burst.seconds, "waits": burst.waits}
    Path(sys.argv[2]).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
