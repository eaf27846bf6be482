"""A small TCP proxy between a driver and its server, which cuts connections and slows them."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """Passes bytes on.

    Parameters
    ----------
    target : int
        The server's port.
    seed : int
        Of the draw of where connections are cut.
    cuts : int
        How many connections are cut.
    within : (int, int)
        A connection is cut after so many bytes of both ways, drawn between these.
    delay_s : float
        For so long each piece of at most ``piece`` bytes is held back.
    piece : int
        See there.
    """

    def __init__(
        self,
        target: int,
        *,
        seed: int = 0,
        cuts: int = 0,
        within: tuple[int, int] = (300, 30_000),
        delay_s: float = 0.0,
        piece: int = 65_536,
    ) -> None:
        self.target, self.left, self.within = target, cuts, within
        self.delay_s, self.piece = delay_s, piece
        self.cut = self.passed = self.port = 0
        self._draw, self._lock = random.Random(seed), threading.Lock()

    @contextmanager
    def running(self) -> Iterator[Proxy]:
        """Listen on a port of its own."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port = listening.getsockname()[1]
            threading.Thread(target=self._accept, args=(listening,), daemon=True).start()
            yield self
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                caller, _ = listening.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                pair = _Pair(self, caller, server, self._budget())
                for way in ((caller, server), (server, caller)):
                    threading.Thread(target=pair.pump, args=way, daemon=True).start()

    def _budget(self) -> int | None:
        with self._lock:
            if not self.left:
                return None
            self.left -= 1
            return self._draw.randint(*self.within)


class _Pair:
    """A caller's connection and the one to the server."""

    def __init__(
        self, proxy: Proxy, caller: socket.socket, server: socket.socket, budget: int | None
    ) -> None:
        self.proxy, self.ends, self.budget = proxy, (caller, server), budget
        self.lock = threading.Lock()

    def pump(self, source: socket.socket, sink: socket.socket) -> None:
        """Pass on what comes one way, until an end closes or the connection is to be cut."""
        with suppress(OSError):
            while data := source.recv(self.proxy.piece):
                time.sleep(self.proxy.delay_s)
                if not self._may_pass(len(data)):
                    break
                sink.sendall(data)
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _may_pass(self, size: int) -> bool:
        with self.lock:
            self.proxy.passed += size
            if self.budget is None:
                return True
            self.budget -= size
            if self.budget > 0:
                return True
            self.budget, self.proxy.cut = None, self.proxy.cut + 1
            return False
