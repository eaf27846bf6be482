"""Processes of this machine that make runs: the parent can end one at any time, and replaces one that was killed."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from planner.sweep.member import Facts, Job, Row

GRACE_SECONDS = 0.5
TRIES = 2
"""Processes that one run may cost."""
Take = Callable[[Row, Facts], None]
Lose = Callable[[int, object], Row]


class ChildGone(Exception):
    """A child ended before it answered; ``code`` is its exit status."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Child:
    """One process, and the run that it makes. On Linux it ends with the thread that made it.

    Parameters
    ----------
    job : Job
        Where runs are made.
    """

    def __init__(self, job: Job) -> None:
        command = [sys.executable, "-P", "-m", "planner.sweep.child", json.dumps(asdict(job))]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, env=_environment()
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.stdin, self.out = self.process.stdin, self.process.stdout
        os.set_blocking(self.out.fileno(), False)
        self.number, self._rest = -1, b""

    def give(self, number: int) -> None:
        """Ask for a run.

        Raises
        ------
        ChildGone
            When it ended meanwhile.
        """
        self.number = number
        try:
            self.stdin.write(f"{number}\n".encode())
            self.stdin.flush()
        except BrokenPipeError as error:
            raise ChildGone(self.process.wait()) from error

    def hear(self) -> dict[str, Any] | None:
        """What it answers, if it is all there yet.

        Raises
        ------
        ChildGone
            When it ended before.
        """
        chunk = self.out.read()
        if chunk == b"":
            raise ChildGone(self.process.wait())
        self._rest += chunk or b""
        line, ended, rest = self._rest.partition(b"\n")
        if not ended:
            return None
        self._rest = rest
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        """Ask it to end; see :func:`end_all`."""
        with suppress(OSError):  # what a killed child did not read is lost with it
            self.stdin.close()
        self.process.terminate()

    def wait(self) -> None:
        """Until it has ended, by force after a moment."""
        deadline = time.monotonic() + GRACE_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.out.close()


def end_all(children: list[Child]) -> None:
    """End children together: a moment's grace, then by force."""
    for child in children:
        child.end()
    for child in children:
        child.wait()


def run_here(job: Job, workers: int, numbers: Iterator[int], take: Take, lose: Lose) -> None:
    """Make runs in child processes; whatever ends this ends them.

    Parameters
    ----------
    job : Job
        Where runs are made.
    workers : int
        Children at most.
    numbers : iterator of int
        The runs.
    take : callable
        Called with each run's row and facts as it ends.
    lose : callable
        Gives the row of a run that cost :data:`TRIES` children, from its number and the last exit status.
    """
    crew = _Crew(job, numbers, take, lose)
    try:
        crew.work(workers)
    finally:
        end_all(crew.children)


class _Crew:
    def __init__(self, job: Job, numbers: Iterator[int], take: Take, lose: Lose) -> None:
        self.job, self.numbers, self.take, self.lose = job, numbers, take, lose
        self.children: list[Child] = []
        self.again: list[int] = []
        self.tries: Counter[int] = Counter()
        self.selector = selectors.DefaultSelector()

    def work(self, workers: int) -> None:
        with self.selector:
            while len(self.children) < workers and (number := self._next()) is not None:
                self._hire(number)
            while self.children:
                for key, _ in self.selector.select(timeout=1.0):
                    self._hear(key.data)

    def _next(self) -> int | None:
        return self.again.pop() if self.again else next(self.numbers, None)

    def _hire(self, number: int) -> None:
        child = Child(self.job)
        self.children.append(child)
        self.selector.register(child.out, selectors.EVENT_READ, child)
        self._give(child, number)

    def _give(self, child: Child, number: int) -> None:
        try:
            child.give(number)
        except ChildGone as error:
            self._replace(child, error.code)

    def _hear(self, child: Child) -> None:
        try:
            found = child.hear()
        except ChildGone as error:
            self._replace(child, error.code)
            return
        if found is None:
            return
        self.take(found["row"], {**found["facts"], "tries": self.tries.pop(child.number, 0) + 1})
        number = self._next()
        if number is None:
            self._dismiss(child)
        else:
            self._give(child, number)

    def _replace(self, child: Child, code: int) -> None:
        """Another child in the place of one that is gone; its run is tried again, but not for ever."""
        number = child.number
        self._dismiss(child)
        self.tries[number] += 1
        if self.tries[number] < TRIES:
            self.again.append(number)
        else:
            self.take(self.lose(number, code), {"tries": self.tries.pop(number)})
        following = self._next()
        if following is not None:
            self._hire(following)

    def _dismiss(self, child: Child) -> None:
        self.selector.unregister(child.out)
        self.children.remove(child)
        end_all([child])


def _environment() -> dict[str, str]:
    """The parent's, with one thread for numeric libraries, and its import path: a child finds the same package."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    path = os.pathsep.join([p for p in sys.path if p and Path(p).is_dir()])
    return {**os.environ, **threads, "PYTHONPATH": path}
