"""Folders that are whole on disk before anybody sees them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from graph.store.workspace.files import sync_folder

POINTING = ".pointing-"
"""Before the name of a link that is about to take another's place."""


def copy_linked(source: Path, target: Path) -> None:
    """A folder's files again, without their bytes being written again; links are not followed and not copied."""
    target.mkdir()
    for entry in sorted(source.iterdir()):
        if entry.is_symlink():
            continue
        if entry.is_dir():
            copy_linked(entry, target / entry.name)
        elif entry.is_file():
            _link(entry, target / entry.name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)


def write_new(file: Path, text: str) -> None:
    """Write a file anew: one that shares its bytes with an earlier state is let go of first."""
    file.unlink(missing_ok=True)
    file.write_text(text, encoding="utf-8", newline="")


def sync_all(folder: Path) -> None:
    """Have a folder and all below it on disk."""
    for place, _, files in os.walk(folder):
        for name in files:
            with (Path(place) / name).open("rb") as opened:
                os.fsync(opened.fileno())
        sync_folder(Path(place))


def point(link: Path, target: str) -> None:
    """Have a symbolic link lead to ``target``, from one moment to the next."""
    new = link.with_name(f"{POINTING}{link.name}")
    new.unlink(missing_ok=True)
    new.symlink_to(target, target_is_directory=True)
    os.replace(new, link)
    sync_folder(link.parent)
