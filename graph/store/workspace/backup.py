"""A copy of a workspace that is consistent though others write meanwhile."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from graph.errors import OutsideError, UsageError
from graph.store.workspace.catalogue import Catalogue
from graph.store.workspace.checking import fault_of
from graph.store.workspace.database import Database
from graph.store.workspace.faults import damaged_snapshot, faults_told, unusable
from graph.store.workspace.files import FOLDER, sync_folder
from graph.store.workspace.migrations import copy_database
from graph.store.workspace.snapshot import Snapshot

PARTIAL = ".backup-"


def backup(database: Database, target: Path) -> None:
    """Copy the database first, then the files that the copy names: these are never changed. The copy appears by one rename.

    Raises
    ------
    UsageError
        When the target is there already.
    OutsideError
        When the disk fails or is full, or a snapshot is missing or damaged: a backup is whole or there is none.
    """
    if target.exists():
        raise UsageError(
            f"{target} 已存在；备份请用新的文件夹名",
            f"{target} is there already; name a new folder for the backup",
        )
    with faults_told(database.folder, database.file):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=target.parent))
        except OSError as error:
            raise _no_place(target, error) from error
        try:
            copy_database(database.file, partial / database.file.name)
            for snapshot in _named(partial / database.file.name):
                _copy(database.folder, partial, snapshot)
            sync_folder(partial)
            partial.chmod(database.folder.stat().st_mode & 0o777)
            os.rename(partial, target)
            sync_folder(target.parent)
        except OSError as error:
            raise _no_place(target, error) from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _named(copy: Path) -> list[Snapshot]:
    with closing(sqlite3.connect(copy)) as connection:
        return Catalogue(connection).all_snapshots()


def _copy(folder: Path, partial: Path, snapshot: Snapshot) -> None:
    source, copy = folder / FOLDER / snapshot.file, partial / FOLDER / snapshot.file
    copy.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copyfile(source, copy)
    what = fault_of(copy, snapshot)
    if what:
        raise damaged_snapshot(source, what.zh, what.en)
    with copy.open("rb+") as file:
        os.fsync(file.fileno())


def _no_place(target: Path, error: OSError) -> OutsideError:
    return unusable(target, error)
