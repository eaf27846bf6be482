"""Where tasks run: child processes here. One interface, so that a cluster can take its place.

The parent can end a child at any moment: the flow solver holds Python's lock and knows no interrupt, so a
thread would not do.
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from planner.solve.exchange import read_answer, write_task
from planner.solve.task import Answer, Task

OnProgress = Callable[[str, Mapping[str, Any]], None]
GRACE_SECONDS = 0.5


class SolverKilled(Exception):
    """A child process ended before it answered; ``code`` is its exit status (negative: a signal)."""

    def __init__(self, label: str, code: int | None) -> None:
        super().__init__(label, code)
        self.label, self.code = label, code


class SolverMemory(Exception):
    """A child process ran out of memory."""


class SolverDefect(Exception):
    """An engine raised: a defect of ours. The text is its traceback."""


class Executor(Protocol):
    """Runs tasks; the same answers in the same order wherever they run."""

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """Answers of the tasks, in their order.

        Raises
        ------
        SolverKilled, SolverMemory, SolverDefect
            Where a child was killed, ran out of memory, or an engine raised.
        """


class LocalProcesses:
    """Child processes of this one. A context manager: leaving it ends the children and their folders."""

    def __init__(self, workers: int = 1) -> None:
        self.workers = max(1, workers)
        self._children: list[_Child] = []
        self._folder: Path | None = None

    def __enter__(self) -> LocalProcesses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every child (a moment's grace, then by force) and remove what they exchanged."""
        for child in self._children:
            child.end()
        for child in self._children:
            child.wait()
        self._children = []
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """Spread tasks over the children; see :class:`Executor`."""
        if not tasks:
            return []
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="jiedui-"))
        while len(self._children) < min(self.workers, len(tasks)):
            self._children.append(_Child())
        answers: dict[int, Answer] = {}
        waiting = list(range(len(tasks)))[::-1]
        try:
            with selectors.DefaultSelector() as selector:
                for child in self._children:
                    selector.register(child.out, selectors.EVENT_READ, child)
                    self._give(child, tasks, waiting)
                while len(answers) < len(tasks):
                    for key, _ in selector.select(timeout=1.0):
                        self._hear(key.data, tasks, waiting, answers, on_progress)
        except BaseException:
            self.close()
            raise
        return [answers[i] for i in range(len(tasks))]

    def _give(self, child: _Child, tasks: Sequence[Task], waiting: list[int]) -> None:
        if not waiting or self._folder is None:
            return
        number = waiting.pop()
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        write_task(folder, tasks[number])
        child.take(number, tasks[number].label, folder)

    def _hear(
        self,
        child: _Child,
        tasks: Sequence[Task],
        waiting: list[int],
        answers: dict[int, Answer],
        on_progress: OnProgress | None,
    ) -> None:
        for message in child.messages():
            if "progress" in message:
                if on_progress is not None:
                    on_progress(child.label, message["progress"])
            elif "done" in message:
                folder = Path(message["done"])
                answers[child.number] = read_answer(folder)
                shutil.rmtree(folder, ignore_errors=True)
                self._give(child, tasks, waiting)
            elif message["failed"] == "memory":
                raise SolverMemory(child.label)
            else:
                raise SolverDefect(message["trace"])


class _Child:
    """One worker process and its pipe."""

    def __init__(self) -> None:
        # -P: a stray graph.py in the current folder must not shadow ours
        command = [sys.executable, "-P", "-m", "planner.solve.worker"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, env=_environment()
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.stdin, self.out = self.process.stdin, self.process.stdout
        os.set_blocking(self.out.fileno(), False)
        self.number, self.label, self._rest = -1, "", b""

    def take(self, number: int, label: str, folder: Path) -> None:
        self.number, self.label = number, label
        try:
            self.stdin.write(f"{folder}\n".encode())
            self.stdin.flush()
        except BrokenPipeError as error:
            raise SolverKilled(label, self.process.wait()) from error

    def messages(self) -> list[dict[str, Any]]:
        chunk = self.out.read()
        if chunk == b"":
            raise SolverKilled(self.label, self.process.wait())
        lines = (self._rest + (chunk or b"")).split(b"\n")
        self._rest = lines.pop()
        return [json.loads(line) for line in lines]

    def end(self) -> None:
        with suppress(BrokenPipeError):  # what a killed child did not read is lost with it
            self.stdin.close()
        self.process.terminate()

    def wait(self) -> None:
        deadline = time.monotonic() + GRACE_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.out.close()


def _environment() -> dict[str, str]:
    """The parent's, with one thread for numeric libraries: workers are the unit of parallel work.

    The parent's import path goes along, so that a child finds the same package as its parent.
    """
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    path = os.pathsep.join([p for p in sys.path if p and Path(p).is_dir()])
    return {**os.environ, **threads, "PYTHONPATH": path}
