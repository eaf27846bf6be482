"""``service.sqlite3``: what the service keeps of its own (tokens, jobs, uploads, audit). Networks and plans are not in it.

Each concern has its own tables, made by a form of :data:`FORMS`; the n-th makes form n out of form n − 1, forward only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from api.access import form as access
from api.jobs import form as jobs
from api.service.audit import form as audit
from graph.errors import InputError
from graph.store.workspace.database import Database

FILE = "service.sqlite3"
APPLICATION = 0x4A445356  # "JDSV"

Form = Callable[[sqlite3.Connection], None]
FORMS: tuple[Form, ...] = (jobs.up, access.up, audit.up)


def open_records(folder: Path, forms: Sequence[Form] = FORMS) -> Database:
    """The records of a data folder, made where there are none and brought to the newest form.

    Raises
    ------
    InputError
        When a newer jiedui has written them, or the file is another program's.
    OutsideError
        When the folder cannot be written, or the file is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / FILE).touch(mode=0o600)
    database = Database(folder, FILE)
    with database.writing() as connection:
        form = _form(connection, database.file, len(forms))
        for step in forms[form:]:
            step(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(forms)}")
    return database


def _form(connection: sqlite3.Connection, file: Path, newest: int) -> int:
    form = int(connection.execute("PRAGMA user_version").fetchone()[0])
    used = bool(form or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if used and int(connection.execute("PRAGMA application_id").fetchone()[0]) != APPLICATION:
        raise InputError(
            f"{file} 是别的程序的数据库，不是 jiedui 服务的记录",
            f"{file} is another program's database, not the records of a jiedui service",
        )
    if form > newest:
        raise InputError(
            f"{file} 由更新的 jiedui 写成（格式 {form}，本版本只认识到 {newest}）；请升级 jiedui",
            f"{file} was written by a newer jiedui (form {form}, this one knows {newest}); upgrade jiedui",
        )
    return form
