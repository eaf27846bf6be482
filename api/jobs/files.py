"""Files that a work has written: listed, and given by their names in that list, so that no name is ever a path to elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from api.service.refusals import NotFound

MOST = 100_000
"""Files that are listed at most: a sweep writes some for each run."""


def files_of(folder: Path) -> dict[str, Path]:
    """Name → file, of a work's folder of files; a name has ``/`` in it where the command made folders."""
    found = {}
    for file in _walked(folder):
        found[file.relative_to(folder).as_posix()] = file
        if len(found) == MOST:
            break
    return dict(sorted(found.items()))


def file_of(folder: Path, name: str) -> Path:
    """The file of a name.

    Raises
    ------
    NotFound
        When the list has no such name.
    """
    found = files_of(folder).get(name)
    if found is None:
        raise NotFound(f"这个任务没有文件 {name}", f"this job has no file {name}")
    return found


def _walked(folder: Path) -> Iterator[Path]:
    """Files below a folder but hidden ones, such as answers that are kept for the next run; links are not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            file = Path(place, name)
            if not name.startswith(".") and not file.is_symlink():
                yield file
