"""Signals that ask a command to end: SIGTERM and SIGHUP end it as Ctrl-C does, each with its own exit status."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NAMES = ("SIGTERM", "SIGHUP")


class Ended(KeyboardInterrupt):
    """A signal asked for the end; whoever tidies up after Ctrl-C tidies up after this."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def status(self) -> int:
        """The exit status that a shell gives a command which such a signal ends."""
        return 128 + self.number


@contextmanager
def heeded() -> Iterator[None]:
    """While it lasts, the first of the signals raises :class:`Ended` in the main thread; later ones wait for its end.

    A signal that the caller has set to be ignored (``nohup``) stays ignored.
    """
    numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    before = {n: signal.getsignal(n) for n in numbers}
    ours = [n for n in numbers if before[n] != signal.SIG_IGN]
    if threading.current_thread() is not threading.main_thread():
        ours = []

    def end(number: int, _: FrameType | None) -> None:
        for n in ours:  # tidying up is under way: it must not be cut short
            signal.signal(n, signal.SIG_IGN)
        raise Ended(number)

    for n in ours:
        signal.signal(n, end)
    try:
        yield
    finally:
        for n in ours:
            signal.signal(n, before[n])
