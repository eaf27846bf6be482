"""A copy of a workspace that is consistent though others write meanwhile."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from graph.errors import OutsideError, UsageError
from graph.store.workspace import proposals
from graph.store.workspace.catalogue import Catalogue
from graph.store.workspace.checking import fault_of
from graph.store.workspace.database import Database
from graph.store.workspace.faults import damaged_snapshot, faults_told, unusable
from graph.store.workspace.files import FOLDER, sync_folder
from graph.store.workspace.migrations import copy_database
from graph.store.workspace.proposals import Kept
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
            snapshots, kept = _named(partial / database.file.name)
            for snapshot in snapshots:
                _copy(database.folder, partial, Path(FOLDER, snapshot.file), snapshot.sha256)
            for file in kept:
                if not _is_withdrawn(database, partial, file):
                    _copy(database.folder, partial, file.file, file.sha256)
            sync_folder(partial)
            partial.chmod(database.folder.stat().st_mode & 0o777)
            os.rename(partial, target)
            sync_folder(target.parent)
        except OSError as error:
            raise _no_place(target, error) from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _named(copy: Path) -> tuple[list[Snapshot], list[Kept]]:
    with closing(sqlite3.connect(copy)) as connection:
        return Catalogue(connection).all_snapshots(), proposals.all_kept(connection)


def _is_withdrawn(database: Database, partial: Path, file: Kept) -> bool:
    """Whether a proposal was withdrawn since the database was copied; the copy forgets it then, too."""
    if (database.folder / file.file).is_file():
        return False
    with database.reading() as connection:
        if file.proposal in proposals.numbers(connection):
            return False
    with closing(sqlite3.connect(partial / database.file.name)) as copy, copy:
        copy.execute("DELETE FROM proposal_files WHERE proposal = ?", (file.proposal,))
        copy.execute("DELETE FROM proposals WHERE id = ?", (file.proposal,))
    return True


def _copy(folder: Path, partial: Path, file: Path, sha256: str) -> None:
    source, copy = folder / file, partial / file
    copy.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copyfile(source, copy)
    what = fault_of(copy, sha256)
    if what:
        raise damaged_snapshot(source, what.zh, what.en)
    with copy.open("rb+") as opened:
        os.fsync(opened.fileno())


def _no_place(target: Path, error: OSError) -> OutsideError:
    return unusable(target, error)
