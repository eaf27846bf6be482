"""Jobs that wait for one another only where they must: each in a thread, its heavy work in child processes.

Whatever the order in which they end, the caller gets the same: results by name, and of several errors the one that a run
one after another would have met first.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")
GRACE_SECONDS = 1.0
WAKE_SECONDS = 0.1
"""A signal that another thread took does not wake the one that waits: it looks by itself whether to stop."""


class Stopped(SystemExit):
    """Raised inside a job that nobody waits for any more."""


class SideBySide(Generic[T]):
    """Runs jobs.

    Parameters
    ----------
    order : sequence of str
        Names of the jobs, in the order of a run one after another.
    after : mapping of str to collection of str
        Job → earlier jobs that must be done before it begins.
    at_once : int
        How many may run at the same time; 1: in the caller's own thread.
    stop : callable
        Called when jobs must end before they are done: ends what they wait for.
    """

    def __init__(
        self, order: Sequence[str], after: Mapping[str, Sequence[str]], at_once: int, stop: Callable[[], None]
    ) -> None:
        self.order, self.after, self.at_once, self.stop = tuple(order), after, at_once, stop
        self._box: SimpleQueue[tuple[str, Any, BaseException | None]] = SimpleQueue()
        self._threads: dict[str, threading.Thread] = {}
        self._failed: dict[str, BaseException] = {}
        # a lock of C: an interruption cannot come between its being taken and the block that gives it back
        self._turn, self._at_work, self._ending = threading.Lock(), dict[str, int](), False

    def run(
        self,
        begin: Callable[[str], Callable[[], T]],
        finish: Callable[[str, T], None],
        on_word: Callable[[Any], None],
    ) -> None:
        """Run all jobs; ``begin``, ``finish`` and ``on_word`` are called in the caller's thread.

        Parameters
        ----------
        begin : callable
            Name → the work itself, called when everything it waits for is finished.
        finish : callable
            Takes a job's name and result.
        on_word : callable
            Takes what a job said with :meth:`say`.
        """
        if self.at_once < 2 or len(self.order) < 2:
            self._say_at_once = on_word
            for name in self.order:
                finish(name, begin(name)())
            return
        done: set[str] = set()
        try:
            while self._begin_all(begin, done) or self._awaited():
                try:
                    name, result, error = self._box.get(timeout=WAKE_SECONDS)
                except Empty:
                    continue
                if name == "":
                    on_word(result)
                    continue
                self._threads.pop(name).join()
                if error is not None:
                    self._failed[name] = error
                    continue
                finish(name, result)
                done.add(name)
            if self._failed:
                raise self._failed[min(self._failed, key=self.order.index)]
        finally:
            self._end()

    def say(self, word: Any) -> None:
        """Tell the caller something from within a job."""
        if hasattr(self, "_say_at_once"):
            self._say_at_once(word)
        else:
            self._box.put(("", word, None))

    def _wanted(self) -> tuple[str, ...]:
        """Jobs that a run one after another would still get to."""
        return self.order[: min((self.order.index(f) for f in self._failed), default=len(self.order))]

    def _awaited(self) -> bool:
        return any(name in self._threads for name in self._wanted())

    def _begin_all(self, begin: Callable[[str], Callable[[], T]], done: set[str]) -> bool:
        """Begin what may begin; whether anything did."""
        began = False
        for name in self._wanted():
            ready = name not in done and name not in self._threads and done.issuperset(self.after[name])
            if ready and len(self._threads) < self.at_once:
                work = begin(name)
                run = copy_context().run
                self._threads[name] = threading.Thread(target=run, args=(self._do, name, work), daemon=True)
                self._threads[name].start()
                began = True
        return began

    def _do(self, name: str, work: Callable[[], T]) -> None:
        """A job's thread. Being stopped may meet it anywhere, also where it hands over its result: nothing is said of that."""
        with suppress(Stopped):
            self._done(name, work)

    def _done(self, name: str, work: Callable[[], T]) -> None:
        with self._turn:
            if self._ending:  # the thread took long to start; nobody waits for it any more
                return
            self._at_work[name] = threading.get_ident()
        try:
            self._box.put((name, work(), None))
        except BaseException as error:  # handed on to the caller's thread
            self._box.put((name, None, error))
        finally:
            with self._turn:
                self._at_work.pop(name, None)

    def _end(self) -> None:
        """End jobs that still run: what they wait for first, then themselves.

        Only threads at work are stopped and joined. One that the system is still starting, where an interruption came in the
        middle of that, can be neither; it will find that it has nothing to do. On a busy machine that is no rare thing.
        """
        if not self._threads:
            return
        with self._turn:
            self._ending = True
        self.stop()
        with self._turn:
            running = {n: ident for n, ident in self._at_work.items() if n in self._threads}
            for ident in running.values():
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(Stopped))
        for name in running:
            self._threads[name].join(GRACE_SECONDS)
