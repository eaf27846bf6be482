"""Processes of this machine that make runs: the parent can end one at any time, and replaces one that was killed."""

from __future__ import annotations

import json
import selectors
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from planner.solve.child import Child, ChildGone, end_all
from planner.sweep.member import Facts, Job, Row

TRIES = 2
"""Processes that one run may cost."""
Take = Callable[[Row, Facts], None]
Lose = Callable[[int, object], Row]


class RunChild(Child):
    """A process that makes runs, and the run that it makes.

    Parameters
    ----------
    job : Job
        Where runs are made.
    """

    def __init__(self, job: Job) -> None:
        super().__init__("planner.sweep.child", json.dumps(asdict(job)))
        self.number = -1

    def give(self, number: int) -> None:
        """Ask for a run. Raises :class:`~planner.solve.child.ChildGone` when it ended meanwhile."""
        self.number = number
        self.send(str(number))

    def hear(self) -> dict[str, Any] | None:
        """What it answers, if it is all there yet. Raises :class:`~planner.solve.child.ChildGone` when it ended before."""
        found = self.lines()
        answer: dict[str, Any] | None = json.loads(found[0]) if found else None
        return answer


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
        self.children: list[RunChild] = []
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
        child = RunChild(self.job)
        self.children.append(child)
        self.selector.register(child.out, selectors.EVENT_READ, child)
        self._give(child, number)

    def _give(self, child: RunChild, number: int) -> None:
        try:
            child.give(number)
        except ChildGone as error:
            self._replace(child, error.code)

    def _hear(self, child: RunChild) -> None:
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

    def _replace(self, child: RunChild, code: int) -> None:
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

    def _dismiss(self, child: RunChild) -> None:
        self.selector.unregister(child.out)
        self.children.remove(child)
        end_all([child])
