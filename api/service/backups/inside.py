"""What of a data folder goes into a backup: all but what others write anew, and what a killed process has left."""

from __future__ import annotations

import os
from collections.abc import Iterator, Set
from pathlib import Path

from api.jobs.means import FOLDER as WORKS
from api.jobs.means import TEMPORARY
from api.jobs.queue import FILE as QUEUE
from api.service.plans import GONE
from api.service.scenarios.disk import POINTING
from api.service.scenarios.kept import MAKING
from api.service.uploads.tray import COMING
from graph.store.workspace.database import FILE as WORKSPACE
from planner.reuse import FOLDER as ANSWERS
from planner.unfinished import OLD, WRITING

BESIDE_SQLITE = ("-wal", "-shm", "-journal")
DATABASE = ".sqlite3"
LOCK = ".lock"
UNFINISHED = (WRITING, OLD, MAKING, POINTING, COMING, GONE)
"""Beginnings of the names of folders and links that are being made or removed."""


def workspaces(data: Path) -> list[Path]:
    """Folders of workspaces in a data folder."""
    return sorted(file.parent for file in data.rglob(WORKSPACE) if file.parent != data)


def files_in(folder: Path, without: Set[Path]) -> Iterator[Path]:
    """Files and links below a folder that belong into a backup.

    Parameters
    ----------
    folder : Path
    without : set of Path
        Folders to leave out.
    """
    for place, folders, names in os.walk(folder):
        stay = sorted(f for f in folders if not _passing(f))
        links = [f for f in stay if Path(place, f).is_symlink()]
        yield from (Path(place, f) for f in links)  # they are told, not followed
        folders[:] = [f for f in stay if f not in links and Path(place, f) not in without]
        yield from (Path(place, name) for name in sorted(names) if not _written_anew(name))


def works_in(data: Path) -> set[Path]:
    """Folders of works in a data folder."""
    folder = data / WORKS
    return {place for place in folder.iterdir() if place.is_dir()} if folder.is_dir() else set()


def _passing(folder: str) -> bool:
    return folder in (TEMPORARY, ANSWERS) or folder.startswith(UNFINISHED)


def _written_anew(name: str) -> bool:
    return name.endswith((*BESIDE_SQLITE, LOCK)) or name == QUEUE
