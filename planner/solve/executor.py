"""Where tasks run: child processes of this one. The interface is :class:`~planner.solve.pool.Pool`.

The parent can end a child at any moment: the flow solver holds Python's lock and knows no interrupt, so a
thread would not do.
"""

from __future__ import annotations

import json
import selectors
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from planner.solve.child import Child, ChildGone, end_all
from planner.solve.exchange import read_answer, write_task
from planner.solve.pool import OnProgress, SolverDefect, SolverKilled, SolverMemory, SolverStopped
from planner.solve.scratch import Scratch
from planner.solve.task import Answer, Task

LOOK_AGAIN_SECONDS = 0.05
"""While tasks wait: whether another run has given a child back."""


class LocalProcesses:
    """Child processes of this one. A context manager: leaving it ends the children and their folders.

    Several threads may run tasks at once: they share the children, and one that has none gets the next that is free.

    Parameters
    ----------
    workers : int
        Children at most.
    folder : str, optional
        Where arrays pass between parent and child; the system's folder for temporary files where it is not given.
    """

    def __init__(self, workers: int = 1, folder: str | None = None) -> None:
        self.workers, self.where, self._scratch = max(1, workers), "child processes", Scratch(folder)
        self._children: list[_Child] = []
        self._free: list[_Child] = []
        self._coming: Future[_Child] | None = None  # one that was begun ahead
        self._queue: deque[object] = deque()  # runs that wait for a child, having none
        # `with` takes the lock itself, which is of C: whatever ends a thread in the middle cannot leave it taken for good, as it
        # could inside `Condition.__enter__`
        self._lock = threading.RLock()
        self._change = threading.Condition(self._lock)
        self._stopped = False
        # on Linux a child ends with the thread that made it: not one of those that run tasks, which come and go
        self._nursery = ThreadPoolExecutor(1, thread_name_prefix="jiedui-children")

    def __enter__(self) -> LocalProcesses:
        self._scratch.make()  # here, and not in a thread that an interruption may end in the middle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._nursery.shutdown()
        self.close()  # a child that was being made meanwhile
        self._scratch.remove()

    def close(self) -> None:
        """End every child: a moment's grace, then by force."""
        with self._lock:
            children, self._children, self._free, self._coming = self._children, [], [], None
            self._change.notify_all()
        end_all(children)

    def stop(self) -> None:
        """Close for good: a run in another thread ends, and none begins."""
        self._stopped = True
        self.close()

    def begin(self) -> None:
        """Make the first child while there is other work to do: whoever is sure to run tasks need not wait for it then."""
        with self._lock:
            if not self._stopped and not self._children and self._coming is None:
                self._coming = self._nursery.submit(self._make_child)

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """Spread tasks over the children; see :class:`~planner.solve.pool.Executor`."""
        if not tasks:
            return []
        self._go_on()
        answers: dict[int, Answer] = {}
        waiting = list(range(len(tasks)))[::-1]
        mine: list[_Child] = []
        folder = self._scratch.inside()
        with selectors.DefaultSelector() as selector:
            try:
                while len(answers) < len(tasks):
                    while waiting and (child := self._lend(wait=not mine)) is not None:
                        mine.append(child)
                        selector.register(child.out, selectors.EVENT_READ, child)
                        _give(child, tasks, waiting, folder)
                    for key, _ in selector.select(timeout=LOOK_AGAIN_SECONDS if waiting else 1.0):
                        if not _hear(key.data, answers, on_progress):
                            continue
                        if waiting and not self._queue:
                            _give(key.data, tasks, waiting, folder)
                            continue
                        selector.unregister(key.fileobj)
                        mine.remove(key.data)
                        self._take_back(key.data)
                    self._go_on()
            except BaseException:
                self._drop(mine)
                self._go_on()
                raise
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        return [answers[i] for i in range(len(tasks))]

    def _go_on(self) -> None:
        if self._stopped:
            raise SolverStopped

    def _lend(self, wait: bool) -> _Child | None:
        """A child that is free, or a new one where there are fewer than workers; whoever waited longest comes first."""
        me = object()
        with self._lock:
            if wait:
                self._queue.append(me)
            try:
                while True:
                    self._go_on()
                    if not self._queue or self._queue[0] is me:
                        if self._coming is not None:
                            coming, self._coming = self._coming, None
                            self._free.append(coming.result())
                        self._bury()
                        if self._free:
                            return self._free.pop()
                        if len(self._children) < self.workers:
                            return self._nursery.submit(self._make_child).result()
                    if not wait:
                        return None
                    self._change.wait(1.0)
            finally:
                if wait:
                    self._queue.remove(me)
                    self._change.notify_all()

    def _bury(self) -> None:
        """Forget children that ended while they had nothing to do: no task is lost with them."""
        dead = [c for c in self._free if c.process.poll() is not None]
        for child in dead:
            self._free.remove(child)
            self._children.remove(child)
        end_all(dead)

    def _make_child(self) -> _Child:
        """In the nursery, where no interruption comes between the making of a child and its being known."""
        child = _Child()
        self._children.append(child)
        return child

    def _take_back(self, child: _Child) -> None:
        with self._lock:
            if child in self._children:
                self._free.append(child)
                self._change.notify_all()

    def _drop(self, children: list[_Child]) -> None:
        """End children whose task goes on: nobody wants its answer."""
        with self._lock:
            dropped = [c for c in children if c in self._children]
            self._children = [c for c in self._children if c not in dropped]
            self._change.notify_all()
        end_all(dropped)


def _give(child: _Child, tasks: Sequence[Task], waiting: list[int], folder: Path) -> None:
    number = waiting.pop()
    place = Path(tempfile.mkdtemp(dir=folder))
    write_task(place, tasks[number])
    child.take(number, tasks[number].label, place)


def _hear(child: _Child, answers: dict[int, Answer], on_progress: OnProgress | None) -> bool:
    """Take what a child says; whether it has answered."""
    for message in child.messages():
        if "progress" in message:
            if on_progress is not None:
                on_progress(child.label, message["progress"])
        elif "done" in message:
            folder = Path(message["done"])
            answers[child.number] = read_answer(folder)
            shutil.rmtree(folder, ignore_errors=True)
            return True
        elif message["failed"] == "memory":
            raise SolverMemory(child.label)
        else:
            raise SolverDefect(message["trace"])
    return False


class _Child(Child):
    """One worker process."""

    def __init__(self) -> None:
        super().__init__("planner.solve.worker")
        self.number, self.label = -1, ""

    def take(self, number: int, label: str, folder: Path) -> None:
        self.number, self.label = number, label
        try:
            self.send(str(folder))
        except ChildGone as error:
            raise SolverKilled(label, error.code) from error

    def messages(self) -> list[dict[str, Any]]:
        try:
            return [json.loads(line) for line in self.lines()]
        except ChildGone as error:
            raise SolverKilled(self.label, error.code) from error
