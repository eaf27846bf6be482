"""Answers of earlier solves, kept beside the plans and used again where a task is the same to the last bit.

So an edit to some rows solves only the tasks again whose arrays it changed, and the plan is byte for byte that of a full
solve: what is found is what would be computed. Answers lie in ``<folder of plans>/.answers``, one file each, named by the
hash of everything that decides it (:func:`planner.solve.kept.task_key`); removing the folder does no harm. Where a task
is not the same but like an earlier one (:attr:`planner.solve.task.Task.like`), its engine begins with the answer to that.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from planner.solve.kept import lasting, packed, task_key, unpacked
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task
from planner.unfinished import Unfinished

FOLDER, ENDING, LAST = ".answers", ".answer", ".last"
BEFORE = "before_"
MOST_BYTES = 2_000_000_000
"""Kept in all; when a plan is done, the answers that were not used for longest go first."""


class Answers:
    """A folder of answers. A context manager: leaving it removes what is too much.

    Several threads, and several processes, may use it at once: an answer appears whole or not at all. Where the disk refuses,
    nothing is kept, and nothing else happens.

    Parameters
    ----------
    folder : Path
        Made when the first answer is kept.
    read : bool
        Whether kept answers are used; else they are replaced only.
    """

    def __init__(self, folder: Path, read: bool = True) -> None:
        self.folder, self.read = folder, read
        self._lock, self._scratch, self._refused = threading.Lock(), None, False
        self._count = 0

    _scratch: Unfinished | None

    def __enter__(self) -> Answers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._scratch is not None:
            with suppress(OSError):
                for file in self._scratch.folder.iterdir():
                    file.unlink(missing_ok=True)
                self._scratch.folder.rmdir()
            self._scratch.close()
            self._scratch = None
            self.trim()

    def get(self, key: str) -> Answer | None:
        """The answer under a key; ``None`` where there is none, or it is damaged."""
        if not self.read:
            return None
        path = self._path(key)
        try:
            found = unpacked(path.read_bytes())
            if found is not None:
                os.utime(path)  # used now: it stays longer
        except OSError:
            return None
        return found

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer; one that is there is replaced."""
        if not self._refused:
            self._write(self._path(key), packed(answer))

    def last(self, like: str) -> Answer | None:
        """The answer kept last for a task that is like others; ``None`` where there is none."""
        try:
            key = (self.folder / f"{like}{LAST}").read_text(encoding="ascii")
        except (OSError, ValueError):
            return None
        return self.get(key) if key.isalnum() else None

    def remember(self, like: str, key: str) -> None:
        """That the answer under this key is the last for tasks that are like this one."""
        if not self._refused and self._path(key).exists():
            self._write(self.folder / f"{like}{LAST}", key.encode("ascii"))

    def trim(self, most: int | None = None) -> None:
        """Remove the answers that were not used for longest, until no more than ``most`` bytes are kept."""
        left = MOST_BYTES if most is None else most
        with suppress(OSError):
            files = [(f.stat(), f) for f in self.folder.glob(f"*{ENDING}")]
            for stat, file in sorted(files, key=lambda f: (-f[0].st_mtime_ns, f[1].name)):
                left -= stat.st_size
                if left < 0:
                    file.unlink(missing_ok=True)
            for file in self.folder.glob(f"*{LAST}"):
                if not self._path(file.read_text(encoding="ascii", errors="replace")).exists():
                    file.unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        try:
            place = self._place()
            place.write_bytes(content)
            os.replace(place, path)
        except OSError:
            self._refused = True

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{ENDING}"

    def _place(self) -> Path:
        """A new name in a folder that is swept when this process ends halfway."""
        with self._lock:
            if self._scratch is None:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._scratch = Unfinished(self.folder)
            self._count += 1
            return self._scratch.folder / str(self._count)


class Reusing:
    """An executor that asks another one only for answers that are not kept, and counts both.

    Parameters
    ----------
    executor : Executor
        Who solves.
    answers : Answers, optional
        Where answers are kept; without it all tasks are solved.

    Attributes
    ----------
    reused, solved, resumed : int
        Tasks so far whose answers were kept, and were not; of those the ones that began with the answer of a like task.
    """

    def __init__(self, executor: Executor, answers: Answers | None) -> None:
        self.executor, self.answers = executor, answers
        self.reused = self.solved = self.resumed = 0

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """As the executor does."""
        keys = [task_key(t) for t in tasks] if self.answers is not None else []
        found = self._kept(keys)
        left = [i for i in range(len(tasks)) if i not in found]
        if found and left and on_progress is not None:
            on_progress("", {"reused": len(found), "to_solve": len(left)})
        solved = self.executor.run([self._begun(tasks[i]) for i in left], on_progress)
        for i, answer in zip(left, solved, strict=True):
            found[i] = answer
            if self.answers is not None and lasting(tasks[i], answer):
                self.answers.put(keys[i], answer)
        for task, key in zip(tasks, keys, strict=False):
            if task.like and self.answers is not None:
                self.answers.remember(task.like, key)
        self.reused += len(tasks) - len(left)
        self.solved += len(left)
        return [found[i] for i in range(len(tasks))]

    def _begun(self, task: Task) -> Task:
        """The task with the arrays of the last answer to a like one, where there is one."""
        before = self.answers.last(task.like) if self.answers is not None and task.like else None
        if before is None or before.status not in ("OPTIMAL", "FEASIBLE"):
            return task
        self.resumed += 1
        return replace(task, arrays={**task.arrays, **{BEFORE + k: a for k, a in before.arrays.items()}})

    def _kept(self, keys: Sequence[str]) -> dict[int, Answer]:
        if self.answers is None:
            return {}
        looked = ((i, self.answers.get(key)) for i, key in enumerate(keys))
        return {i: answer for i, answer in looked if answer is not None}
