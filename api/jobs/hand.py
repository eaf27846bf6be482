"""The hand that carries a work out: starts its process, passes its progress on, ends it when nobody wants it any more."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import threading
import time
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from api.jobs.begin import begin
from api.jobs.job import Work
from api.jobs.means import GIVEN, PLANS, TEMPORARY, Means
from api.jobs.outcome import answered, cut_off, lost, note_killed, refusal
from api.jobs.telling import Telling
from api.jobs.turns import Turns
from api.jobs.untold import untell
from planner import unfinished

log = logging.getLogger("jiedui.jobs")
FORKED = multiprocessing.get_context("forkserver")
EVERY_SECONDS = 0.1
"""How often is looked whether a work is still wanted."""
PATIENCE_SECONDS = 0.5
"""From the asking to the ending of a process."""


def make_ready() -> None:
    """Start what processes are forked off, so that the first work need not wait for it."""
    FORKED.set_forkserver_preload(["api.jobs.ready"])
    forkserver.ensure_running()


class Hand:
    """Carries works out, one at a time in each thread.

    Parameters
    ----------
    means : Means
    turns : Turns

    Attributes
    ----------
    stopping : Event
        Set when the service stops.
    """

    def __init__(self, means: Means, turns: Turns) -> None:
        self.means, self.turns, self.stopping = means, turns, threading.Event()

    def turn(self) -> None:
        """Take turns as long as any work waits, those that were put back among them."""
        while not self.stopping.is_set() and (work := self.turns.take()) is not None:
            try:
                self.carry_out(work)
            except Exception:  # the disk, the database, a defect: the work must not stand as running for good
                log.exception("work cut off")
                self._settle(work, -signal.SIGKILL)

    def carry_out(self, work: Work) -> None:
        """One work from beginning to end."""
        place = self.means.place(work.id)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        clear(place)
        ours, theirs = FORKED.Pipe(duplex=False)
        process = FORKED.Process(target=begin, args=(work, self.means, theirs))
        process.start()
        theirs.close()
        try:
            self._follow(process, ours, Telling(self.turns, work.id))
        finally:
            end(process)
            ours.close()
            if process.exitcode and (Path(self.means.data) / PLANS).is_dir():
                unfinished.tidy(Path(self.means.data) / PLANS)  # half a plan of a process that was killed
            clear(place)
        untell(work, self.means)
        self._settle(work, process.exitcode or 0)

    def _follow(self, process: ForkServerProcess, pipe: Connection, tell: Telling) -> None:
        """Pass progress on until the process has ended, or nobody wants it."""
        sources: list[Connection | int] = [pipe, process.sentinel]
        looked = time.monotonic()
        while process.sentinel not in (ready := wait(sources, EVERY_SECONDS)):
            if pipe in ready and not _heard(pipe, tell):
                sources.remove(pipe)
            tell.due()
            if time.monotonic() - looked > EVERY_SECONDS:
                looked = time.monotonic()
                if self.stopping.is_set() or self.turns.unwanted(tell.work):
                    return
        while pipe in sources and pipe.poll() and _heard(pipe, tell):
            pass
        tell.rest()

    def _settle(self, work: Work, code: int) -> None:
        place = self.means.place(work.id)
        if self.turns.unwanted(work.id):
            self.turns.settle(work.id, "cancelled")
        elif self.stopping.is_set() or cut_off(code):
            if not self.stopping.is_set():
                note_killed(code, place)
            self.turns.put_back(
                work.id, counts=not self.stopping.is_set(), lost=lambda n: lost(n, code, place)
            )
        elif answered(code, place):
            self.turns.settle(work.id, "done", code)
        else:
            self.turns.settle(work.id, "failed", code, refusal(code, place))


def clear(place: Path) -> None:
    """Remove what a process that has gone left half-made in the folder of its work: temporary files, answers it was about to keep."""
    for left in (place / TEMPORARY, *(place / GIVEN).rglob(f"{unfinished.WRITING}*")):
        shutil.rmtree(left, ignore_errors=True)


def _heard(pipe: Connection, tell: Telling) -> bool:
    """Take one event from the pipe; ``False`` where nothing more comes."""
    try:
        tell(*pipe.recv())
    except (EOFError, OSError):
        return False
    return True


def end(process: ForkServerProcess) -> None:
    """Ask a process to end, and end it with all that it started where it does not within :data:`PATIENCE_SECONDS`."""
    number = process.pid
    if number is None or not process.is_alive():
        process.join()
        return
    process.terminate()
    process.join(PATIENCE_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(number, signal.SIGKILL)
    if process.is_alive():
        process.kill()
    process.join()
