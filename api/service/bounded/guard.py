"""Starts the processes that read what somebody sent, a few at a time, and tells what came of them."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from api.service.bounded.child import carry_out
from api.service.bounded.told import Defect, Done, Refusal, Told
from api.service.refusals import TooMany
from graph.errors import JieduiError, LimitReached
from graph.store.opening import SERVED_AT

log = logging.getLogger("jiedui.guarded")
T = TypeVar("T")
WAITING = 8
"""Readings that may wait for others."""
WAIT_SECONDS = 30
"""That a reading waits for others before it is refused."""
AGAIN_SECONDS = 10
"""After which it is worth trying again."""
PATIENCE_TIMES = 3
"""A process that waits for others may take so many times its own time."""
MB = 1 << 20
TOLD = (SERVED_AT,)
"""Of the environment, what a service tells its processes."""


class Guard:
    """Runs functions of :mod:`api.service` in processes of their own.

    Parameters
    ----------
    memory_mb : int
        That a process may take beside what it starts with, in MB.
    seconds : int
        Of the processor that it may take; by the clock three times as many.
    at_once : int
        Processes at a time.
    """

    def __init__(self, memory_mb: int, seconds: int, at_once: int) -> None:
        self.memory_mb, self.seconds = memory_mb, seconds
        self._places = threading.BoundedSemaphore(at_once)
        self._lines = threading.BoundedSemaphore(at_once + WAITING)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["api.service.bounded.preload"])

    def __call__(self, work: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """What a function gives for arguments; all of it has to be picklable.

        Raises
        ------
        JieduiError
            As the function raises it.
        LimitReached
            When it takes too much memory or time.
        TooMany
            When others are read and none of them ends.
        """
        with self._place():
            told = self._hear(work, arguments, named)
        if isinstance(told, Done):
            found: T = told.value
            return found
        if isinstance(told, Refusal):
            raise told.error()
        log.error("defect in a reading", extra={"facts": {"trace": told.trace}})
        raise RuntimeError("a reading failed")

    @contextmanager
    def _place(self) -> Iterator[None]:
        """A place among those that run, behind some that wait: many who wait would keep the server's threads from others."""
        with _taken(self._lines, 0), _taken(self._places, WAIT_SECONDS):
            yield

    def _hear(self, work: Callable[..., Any], arguments: tuple[Any, ...], named: Mapping[str, Any]) -> Told:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=carry_out,
            args=(theirs, self.memory_mb * MB, self.seconds, self._environ(), work, arguments, dict(named)),
            daemon=True,
        )
        process.start()
        theirs.close()
        try:
            return self._answer(ours)
        finally:
            process.kill()
            process.join()
            process.close()
            ours.close()

    def _environ(self) -> dict[str, str]:
        return {name: os.environ[name] for name in TOLD if name in os.environ}

    def _answer(self, pipe: Connection) -> Told:
        if not pipe.poll(self.seconds * PATIENCE_TIMES):
            raise self._too_long()
        with suppress(EOFError, OSError):
            told: Told = pipe.recv()
            if isinstance(told, Done | Refusal | Defect):
                return told
        raise self._too_much()

    def _too_long(self) -> JieduiError:
        return LimitReached(
            f"读取超过 {self.seconds} 秒；请拆成小一些的文件，或稍后再试",
            f"reading takes more than {self.seconds} s; split it into smaller files, or try again later",
        )

    def _too_much(self) -> JieduiError:
        """The process ended without a word: memory that was not there, or its time ran out in the middle of a step."""
        return LimitReached(
            f"读取超出 {self.memory_mb} MB 内存或 {self.seconds} 秒；请检查文件，或拆成小一些的",
            f"reading takes more than {self.memory_mb} MB of memory or {self.seconds} s; look at the file, or split it into smaller ones",
        )


@contextmanager
def _taken(places: threading.BoundedSemaphore, seconds: float) -> Iterator[None]:
    if not places.acquire(timeout=seconds):
        raise TooMany(
            "别人的数据正在读取；请稍后再试",
            "what others sent is being read; try again later",
            seconds=AGAIN_SECONDS,
        )
    try:
        yield
    finally:
        places.release()
