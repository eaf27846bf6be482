"""Forms of the workspace's database, and how each becomes the next. Forward only.

To change the form: write ``m0003_….py`` with a function ``up(connection)``, and add it to :data:`MIGRATIONS`. It runs
inside a transaction, so it calls ``connection.execute`` and never ``executescript`` (which would end it).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from graph.errors import InputError
from graph.store.workspace.database import APPLICATION, Database
from graph.store.workspace.faults import emptied_database
from graph.store.workspace.files import holds_files, sync_folder
from graph.store.workspace.migrations import m0001_networks, m0002_papers

Migration = Callable[[sqlite3.Connection], None]
MIGRATIONS: tuple[Migration, ...] = (m0001_networks.up, m0002_papers.up)
"""The n-th makes form n out of form n − 1."""
COPIES = "before-migration"


def migrate(database: Database, migrations: Sequence[Migration] | None = None) -> None:
    """Bring the database to the newest form, under its lock and after a copy of it.

    The copy is ``before-migration/<form>.sqlite3`` in the workspace's folder; a new database has none. Where something
    fails the old form stands.

    Raises
    ------
    InputError
        When a newer jiedui has written it.
    OutsideError
        When the disk or the database fails, another process goes on writing, or the database is empty and the folder is not.
    """
    steps = MIGRATIONS if migrations is None else migrations
    with database.reading() as connection:
        if _form(connection, database.file, len(steps)) == len(steps):
            return
    with database.writing() as connection:
        form = _form(connection, database.file, len(steps))  # another process may have been faster
        if form == 0 and holds_files(database.folder):
            raise emptied_database(database.file)
        if 0 < form < len(steps):
            _copy(database, form)
        for step in steps[form:]:
            step(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def _form(connection: sqlite3.Connection, file: Path, newest: int) -> int:
    form = int(connection.execute("PRAGMA user_version").fetchone()[0])
    used = bool(form or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if used and int(connection.execute("PRAGMA application_id").fetchone()[0]) != APPLICATION:
        raise InputError(
            f"{file} 是别的程序的数据库，不是工作区", f"{file} is another program's database, not a workspace"
        )
    if form > newest:
        raise InputError(
            f"{file} 由更新的 jiedui 写成（格式 {form}，本版本只认识到 {newest}）；请升级 jiedui",
            f"{file} was written by a newer jiedui (form {form}, this one knows {newest}); upgrade jiedui",
        )
    return form


def _copy(database: Database, form: int) -> None:
    """A copy beside it; readers and the waiting writer do not hinder it."""
    folder = database.folder / COPIES
    folder.mkdir(exist_ok=True)
    whole, part = folder / f"{form}.sqlite3", folder / f".{form}.sqlite3"
    part.unlink(missing_ok=True)
    copy_database(database.file, part)
    os.replace(part, whole)
    sync_folder(folder)


def copy_database(file: Path, target: Path) -> None:
    """A consistent copy of a database as one file, synced to disk; others may write meanwhile."""
    source, copy = sqlite3.connect(file), sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # else two more files would belong to it
    finally:
        copy.close()
        source.close()
    with target.open("rb+") as written:
        os.fsync(written.fileno())
