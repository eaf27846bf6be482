"""The one interface to wherever tasks run, what may go wrong there, and the simplest such place: this process.

Others are child processes (:mod:`planner.solve.executor`) and a Dask cluster (:mod:`planner.solve.cluster`). Stages know
an :class:`Executor` only; who plans opens a :class:`Pool`.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Protocol

from planner.solve import engines
from planner.solve.task import Answer, Task

OnProgress = Callable[[str, Mapping[str, Any]], None]
NO_WORKERS = "no workers"
"""Why a cluster that answers is of no use."""


class SolverKilled(Exception):
    """A process ended before it answered.

    ``code`` is its exit status (negative: a signal), or in words what became of it where no status is known.
    """

    def __init__(self, label: str, code: int | str | None) -> None:
        super().__init__(label, code)
        self.label, self.code = label, code


class SolverMemory(Exception):
    """A child process ran out of memory."""


class SolverStopped(Exception):
    """The pool was stopped while tasks ran, or before they began."""


class SolverDefect(Exception):
    """An engine raised: a defect of ours. The text is its traceback."""


class SolverAway(Exception):
    """Where tasks should run, nobody answers: ``place`` is its address, ``why`` what came of it, or :data:`NO_WORKERS`."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(place, why)
        self.place, self.why = place, why


class SolverOther(Exception):
    """Workers that would not answer as this machine does, because they have other software.

    ``differences``: worker → package → version there (empty: not there). Of this machine: ``ours``.
    """

    def __init__(
        self, place: str, ours: Mapping[str, str], differences: Mapping[str, Mapping[str, str]]
    ) -> None:
        super().__init__(place, ours, differences)
        self.place, self.ours, self.differences = place, ours, differences


class Executor(Protocol):
    """Runs tasks; the same answers in the same order wherever they run."""

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """Answers of the tasks, in their order; ``on_progress`` is called in the caller's thread.

        Raises
        ------
        SolverKilled, SolverMemory, SolverDefect
            Where a process was killed, ran out of memory, or an engine raised.
        SolverStopped
            Where the pool was stopped meanwhile.
        SolverAway, SolverOther
            Where a cluster went away, or has workers with other software.
        """


class Pool(Executor, Protocol):
    """An executor with processes of its own. A context manager: leaving it ends them."""

    @property
    def workers(self) -> int:
        """How many tasks run at the same time."""

    @property
    def where(self) -> str:
        """What kind of place it is, for ``run.json``."""

    def stop(self) -> None:
        """From another thread: runs end with :class:`SolverStopped`, and none begins any more."""

    def close(self) -> None:
        """End whatever still runs."""

    def __enter__(self) -> Pool:
        """The pool itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""


class Timed:
    """An executor that adds up the ``seconds`` that engines worked."""

    def __init__(self, executor: Executor) -> None:
        self.executor, self.seconds = executor, 0.0

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """As the executor does."""
        answers = self.executor.run(tasks, on_progress)
        self.seconds += sum(a.seconds for a in answers)
        return answers


class InProcess:
    """Runs engines in this process, one task after another: for tests and tools.

    A solver here cannot be ended: Ctrl-C waits for it, and what kills it kills this process.
    """

    workers, where = 1, "this process"

    def __init__(self) -> None:
        self._stopped = False

    def __enter__(self) -> InProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def stop(self) -> None:
        """The next task is not begun."""
        self._stopped = True

    def close(self) -> None:
        """Nothing is left to end."""

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """One task after another; see :class:`Executor`."""
        return [self._one(task, on_progress) for task in tasks]

    def _one(self, task: Task, on_progress: OnProgress | None) -> Answer:
        if self._stopped:
            raise SolverStopped
        arrays = {k: a.view() for k, a in task.arrays.items()}
        for array in arrays.values():  # as in a child: an engine that wrote into them would be found out
            array.flags.writeable = False

        def tell(facts: Mapping[str, Any]) -> None:
            if on_progress is not None:
                on_progress(task.label, facts)

        try:
            answer = engines.run(task.engine, arrays, _plain(task.options), tell)
        except MemoryError as error:
            raise SolverMemory(task.label) from error
        except Exception as error:
            raise SolverDefect(traceback.format_exc()) from error
        return replace(answer, facts=_plain(answer.facts))


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """As it would come out of another process."""
    return dict(json.loads(json.dumps(dict(facts))))
