"""A service on one port that is begun again after each kill."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.service.left import family
from benchmarks.service.running import PATIENCE_SECONDS, Running, wait_for

SETTINGS = {"uploads_per_user": "100000", "alert_months": "120", "alert_places": "1"}
"""Uploads stay until they are looked for; the small network has alerts."""


class Killed:
    """It answers about a network of its own, into which ``teachers`` was loaded; a context manager that stops it.

    Parameters
    ----------
    data : Path
        An empty data folder.
    """

    def __init__(self, data: Path) -> None:
        self.data, self.on = data, f"workspace:{data / 'office'}#teachers"
        load = [sys.executable, "-m", "jiedui", "graph", "load", "teachers", "--on", self.on, "--by", "soak"]
        subprocess.run(load, check=True, stdout=subprocess.DEVNULL)
        self.kills: Counter[str] = Counter()
        self.seen: list[psutil.Process] = []
        """Every process that was there at a kill or at the end."""
        self.port = 0
        self.begin()
        self.port = self.service.port

    def __enter__(self) -> Killed:
        return self

    def __exit__(self, *_: object) -> None:
        self.service.stop()

    def begin(self) -> None:
        """Begin it, again at the same place."""
        self.service = Running(self.data, "--jobs", "2", on=self.on, port=self.port, settings=SETTINGS)

    def kill(self, what: str, *, begin: bool = True) -> None:
        """Kill something, or stop the service in good order; begin it again where it is gone."""
        self._look()
        with suppress(psutil.NoSuchProcess, TimeoutError, IndexError):
            if what == "work":
                wait_for(self.service.doers, 5)[0].kill()
            if what in ("worker", "both"):
                self.service.worker().kill()
        if what in ("server", "both"):
            self.service.kill()
        if what == "stop":
            what = self._stopped()
        self.kills[what] += 1
        if begin and self.service.process.poll() is not None:
            self.begin()

    def _stopped(self) -> str:
        """Stop the service in good order; it is killed where that takes too long, which is told."""
        try:
            self.service.stop()
        except subprocess.TimeoutExpired:
            return f"stop, killed after {PATIENCE_SECONDS:g} s"
        return "stop"

    def stop(self) -> None:
        """The end, in good order."""
        self._look()
        self.service.stop()

    def _look(self) -> None:
        self.seen += family(self.service.process.pid)
