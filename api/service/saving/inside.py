"""What of a data folder goes into a backup: all but what others write anew, and what a killed process has left."""

from __future__ import annotations

import os
from collections.abc import Iterator, Set
from pathlib import Path

from api.jobs.means import FOLDER as WORKS
from api.jobs.means import TEMPORARY
from api.jobs.queue import FILE as QUEUE
from graph.errors import InputError
from graph.store.workspace.database import FILE as WORKSPACE
from planner.reuse import FOLDER as ANSWERS
from planner.unfinished import OLD, WRITING

BESIDE_SQLITE = ("-wal", "-shm", "-journal")
DATABASE = ".sqlite3"
LOCK = ".lock"


def workspaces(data: Path) -> list[Path]:
    """Folders of workspaces in a data folder."""
    return sorted(file.parent for file in data.rglob(WORKSPACE) if file.parent != data)


def files_in(folder: Path, without: Set[Path]) -> Iterator[Path]:
    """Files below a folder that belong into a backup.

    Parameters
    ----------
    folder : Path
    without : set of Path
        Folders to leave out.

    Raises
    ------
    InputError
        When there is a link: what it leads to is no part of the folder, and without it the folder is not whole.
    """
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            if Path(place, name).is_symlink():
                raise _link(Path(place, name))
        folders[:] = sorted(f for f in folders if Path(place, f) not in without and not _passing(f))
        yield from (Path(place, name) for name in sorted(names) if not _written_anew(name))


def works_in(data: Path) -> set[Path]:
    """Folders of works in a data folder."""
    folder = data / WORKS
    return {place for place in folder.iterdir() if place.is_dir()} if folder.is_dir() else set()


def _passing(folder: str) -> bool:
    return folder in (TEMPORARY, ANSWERS) or folder.startswith((WRITING, OLD))


def _written_anew(name: str) -> bool:
    return name.endswith((*BESIDE_SQLITE, LOCK)) or name == QUEUE


def _link(path: Path) -> InputError:
    return InputError(
        f"{path} 是符号链接，备份不跟随；请把内容移到数据文件夹里",
        f"{path} is a symbolic link, which a backup does not follow; move what it leads to into the data folder",
    )
