"""The hand that carries a work out: starts its process, passes its progress on, ends it when nobody wants it any more."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from api.jobs.child import LOG, RESULT, carry_out
from api.jobs.job import Work
from api.jobs.turns import Turns
from graph.language import Text

EVERY_SECONDS = 0.1
"""How often is looked whether a work is still wanted."""
PATIENCE_SECONDS = 0.5
"""From the asking to the ending of a process."""
PROGRESS_SECONDS = 0.2
"""Solves tell more often than anybody reads: of one stage at most so often."""
LINES = 40
"""Of the log of a work that was cut off, so many are told."""


class Hand:
    """Carries works out, one at a time.

    Parameters
    ----------
    turns : Turns
    folder : Path
        In which each work has a folder of its own.
    stopping : Event
        Set when the service stops.
    """

    def __init__(self, turns: Turns, folder: Path, stopping: threading.Event) -> None:
        self.turns, self.folder, self.stopping = turns, folder, stopping
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["api.jobs.child"])

    def turn(self) -> None:
        """Take a turn: the next work, if any waits."""
        if self.stopping.is_set():
            return
        work = self.turns.take()
        if work is not None:
            self.carry_out(work)

    def carry_out(self, work: Work) -> None:
        """One work from beginning to end."""
        place = self.folder / str(work.id)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=carry_out, args=(list(work.words), str(place), theirs))
        process.start()
        theirs.close()
        told = _Told(self.turns, work.id)
        wanted = True
        while process.is_alive():
            with suppress(EOFError, OSError):
                while ours.poll(EVERY_SECONDS):
                    told(*ours.recv())
            wanted = not (self.stopping.is_set() or self.turns.unwanted(work.id))
            if not wanted:
                end(process)
        process.join()
        ours.close()
        self._settle(work, process.exitcode or 0, place)

    def _settle(self, work: Work, code: int, place: Path) -> None:
        if self.turns.unwanted(work.id):
            self.turns.settle(work.id, "cancelled")
        elif self.stopping.is_set() or code < 0:
            self.turns.put_back(
                work.id, counts=not self.stopping.is_set(), lost=lambda n: lost(n, code, place)
            )
        elif code == 0:
            self.turns.settle(work.id, "done", 0)
        else:
            self.turns.settle(work.id, "failed", code, _error(place))


class _Told:
    """Passes progress on, of one stage not more often than anybody reads; its beginnings and ends always."""

    def __init__(self, turns: Turns, work: int) -> None:
        self.turns, self.work = turns, work
        self.last: dict[str, float] = {}

    def __call__(self, stage: str, label: str, facts: Mapping[str, Any]) -> None:
        moment = time.monotonic()
        if "state" not in facts and moment - self.last.get(stage, 0.0) < PROGRESS_SECONDS:
            return
        self.last[stage] = moment
        self.turns.tell(self.work, "progress", {"stage": stage, "label": label, **facts})


def end(process: ForkServerProcess) -> None:
    """Ask a process to end, and end it with all that it started where it does not within :data:`PATIENCE_SECONDS`."""
    number = process.pid
    if number is None:
        return
    process.terminate()
    process.join(PATIENCE_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(number, signal.SIGKILL)
    process.join()


def lost(attempts: int, code: int, place: Path) -> dict[str, Any]:
    """What to tell of a work whose process was killed each time."""
    file = place / LOG
    log = file.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES:] if file.is_file() else []
    text = Text(
        f"进程第 {attempts} 次被终止（信号 {-code}），未再重试；多半是内存不足",
        f"its process was killed {attempts} times (signal {-code}) and not tried again; most often memory is short",
    )
    return {"exit": code, "message": text.as_dict(), "log": log}


def _error(place: Path) -> dict[str, Any] | None:
    """The error that a command told as JSON."""
    with suppress(OSError, ValueError):
        told = json.loads((place / RESULT).read_text(encoding="utf-8"))
        if isinstance(told, dict) and isinstance(told.get("error"), dict):
            return dict(told["error"])
    return None
