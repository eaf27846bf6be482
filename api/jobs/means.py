"""What works are carried out with: the part of the service's settings that the worker needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.service.settings import Settings
    from graph.language import Language

FOLDER = "jobs"
"""In the data folder: each work has a folder of its own there, named by its number."""
PLANS = "plans"
"""In the data folder: where works write plans, and find them."""
RESULT, LOG = "result.json", "log.txt"
"""In a work's folder: what the command printed, and what it said beside."""
GIVEN, TEMPORARY = "files", "tmp"
"""Folders in a work's folder: the files that the command wrote, and what goes with its process."""


@dataclass(frozen=True)
class Means:
    """Means of a worker.

    Parameters
    ----------
    data : str
        The service's data folder, absolute.
    jobs : int
        Works at once.
    workers : int
        Child processes of a work; 0: as many as there are cores.
    dask : str
        Address of a Dask scheduler that sweeps go to; empty: none.
    language : {"zh", "en"}
        Of logs.
    keep_days : int
        How long ended works are kept; 0: for good.
    """

    data: str
    jobs: int = 1
    workers: int = 0
    dask: str = ""
    language: Language = "zh"
    keep_days: int = 0

    @property
    def folder(self) -> Path:
        """Folder of the works' folders."""
        return Path(self.data) / FOLDER

    def place(self, work: int) -> Path:
        """A work's own folder."""
        return self.folder / str(work)

    def spoken(self) -> str:
        """As one word of a command line."""
        return json.dumps(asdict(self))

    def added(self, options: Sequence[str]) -> list[str]:
        """Words that a command takes as it has these options; they change no result, so that they are no part of an order."""
        words = []
        if self.dask and "--dask" in options:
            words.append(f"--dask={self.dask}")
        if self.workers and "--workers" in options:
            words.append(f"--workers={self.workers}")
        return words


def means_of(settings: Settings) -> Means:
    """The means that settings come to."""
    return Means(
        str(settings.data.absolute()), settings.jobs, settings.workers, settings.dask, settings.language, settings.jobs_days
    )  # fmt: skip


def heard(word: str) -> Means:
    """What :meth:`Means.spoken` said."""
    return Means(**json.loads(word))
