"""What a Dask worker does with a task: the engine runs in a child process of the worker.

A child, because the flow solver holds Python's lock and cannot be interrupted: inside the worker it would keep the
worker's heartbeat waiting until the scheduler gives the worker up, and nobody could end it. Each thread of a worker has a
child of its own, which serves the thread's later tasks too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from distributed import get_worker

from planner.solve.executor import LocalProcesses
from planner.solve.pool import SolverDefect, SolverKilled, SolverMemory, SolverStopped
from planner.solve.stamp import stamp
from planner.solve.task import Arrays, Task

LOOK_SECONDS = 0.25
"""How often a running task looks whether its answer is still wanted."""
TELL_SECONDS = 0.2
"""Between two words of progress of one task."""

_of_thread = threading.local()


def serve(
    arrays: Arrays, engine: str, options: Mapping[str, Any], label: str, asked: Mapping[str, Any]
) -> tuple[str, Any]:
    """Run one task; called by Dask on a worker.

    Parameters
    ----------
    arrays, engine, options, label
        The task's.
    asked : mapping
        ``stamp`` that the worker must have; ``topic`` to which progress is told, with ``run`` and ``number``.

    Returns
    -------
    tuple
        ``answer`` and the answer; ``killed`` and the exit status; ``memory``; ``defect`` and the traceback; ``stopped``;
        ``other``, with this worker's address and stamp, where that is another one.
    """
    if dict(asked["stamp"]) != stamp():
        return "other", (get_worker().address, stamp())
    children = _children()
    try:
        with _watched(children):
            return "answer", children.run([Task(engine, arrays, options, label)], _teller(asked))[0]
    except SolverKilled as error:
        return "killed", error.code
    except SolverMemory:
        return "memory", None
    except SolverDefect as error:
        return "defect", str(error)
    except SolverStopped:
        del _of_thread.children
        return "stopped", None


def _children() -> LocalProcesses:
    if not hasattr(_of_thread, "children"):
        _of_thread.children = LocalProcesses(1, get_worker().local_directory)
    found: LocalProcesses = _of_thread.children
    return found


@contextmanager
def _watched(children: LocalProcesses) -> Iterator[None]:
    """While it lasts, the children are ended as soon as nobody wants the answer: cancelled, or the planner is gone."""
    worker, done = get_worker(), threading.Event()
    key = worker.get_current_task()

    def watch() -> None:
        while not done.wait(LOOK_SECONDS):
            task = worker.state.tasks.get(key)
            if task is None or task.state == "cancelled":
                children.stop()
                return

    thread = threading.Thread(target=watch, name="jiedui-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _teller(asked: Mapping[str, Any]) -> Any:
    worker, last = get_worker(), 0.0

    def tell(label: str, facts: Mapping[str, Any]) -> None:
        nonlocal last
        if time.monotonic() - last < TELL_SECONDS:
            return
        last = time.monotonic()
        word = {"run": asked["run"], "number": asked["number"], "facts": dict(facts)}
        with suppress(
            TypeError, OverflowError
        ):  # a number too large for the wire: it was a word of progress only
            worker.log_event(asked["topic"], word)

    return tell
