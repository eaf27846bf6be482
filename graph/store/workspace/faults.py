"""Errors of disk and database in words."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import OutsideError, reason_of
from graph.language import Text

_READ_ONLY = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

LITTLE_ROOM = 1 << 20
"""Bytes; with less SQLite cannot even make the files that readers share."""


@contextmanager
def faults_told(folder: Path, database: Path) -> Iterator[None]:
    """Turn errors of the disk and of SQLite into one clear line.

    Raises
    ------
    OutsideError
        When the folder cannot be written, the disk is full, another process writes for too long, or the database is damaged.
    """
    try:
        yield
    except OSError as error:
        raise unusable(folder, error) from error
    except sqlite3.DatabaseError as error:
        told = _of_database(folder, database, error)
        if told is None:  # our own defect, such as a wrong statement
            raise
        raise told from error


def unusable(folder: Path, error: OSError) -> OutsideError:
    """The system refused to read or write there."""
    why = reason_of(error)
    where = error.filename or folder
    return OutsideError(
        f"无法读写工作区 {folder}：{where}：{why.zh}；未作任何更改；请检查磁盘空间和权限",
        f"cannot use the workspace {folder}: {where}: {why.en}; nothing was changed; check free space and permissions",
    )


def damaged_database(database: Path, why: str) -> OutsideError:
    """The database cannot be read any more."""
    way = restoring(database.parent)
    return OutsideError(
        f"工作区的数据库已损坏：{database}（{why}）；请用备份恢复整个文件夹，不要只换这一个文件：{way.zh}",
        f"the workspace's database is damaged: {database} ({why}); bring back the backup of the whole folder, not of this file alone: {way.en}",
    )


def emptied_database(database: Path) -> OutsideError:
    """The database holds nothing, though files of networks are there."""
    way = restoring(database.parent)
    return OutsideError(
        f"工作区的数据库已损坏：{database} 是空的，而快照还在；请用备份恢复整个文件夹：{way.zh}",
        f"the workspace's database is damaged: {database} is empty, though there are snapshots; bring back the backup of the whole folder: {way.en}",
    )


def damaged_snapshot(file: Path, zh: str, en: str) -> OutsideError:
    """A snapshot's file is missing or not what was written."""
    return OutsideError(
        f"工作区的快照文件{zh}：{file}；请从备份中取回这个文件，或用 jiedui graph restore 恢复整个工作区",
        f"a snapshot of the workspace {en}: {file}; fetch that file from a backup, or bring the whole workspace back with jiedui graph restore",
    )


def restoring(folder: Path) -> Text:
    """The command that brings a backup of a workspace back."""
    place = shlex.quote(f"workspace:{folder}")
    return Text(f"jiedui graph restore 备份 --on {place}", f"jiedui graph restore BACKUP --on {place}")


def _is_full(folder: Path) -> bool:
    """Whether the file system has next to no room; not where it cannot be asked."""
    try:
        return shutil.disk_usage(folder).free < LITTLE_ROOM
    except OSError:
        return False


def _of_database(folder: Path, database: Path, error: sqlite3.DatabaseError) -> OutsideError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return damaged_database(database, str(error))
    if code in _BUSY:
        return OutsideError(
            f"工作区 {folder} 一直有别的进程在写入；请稍后再试",
            f"another process has been writing to the workspace {folder} all the while; try again later",
        )
    failed = code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
    if code == sqlite3.SQLITE_FULL or (failed and os.access(folder, os.W_OK) and _is_full(folder)):
        return OutsideError(
            f"无法使用工作区 {folder}：磁盘已满（读取也需要少许空间）；未作任何更改；请腾出空间再试",
            f"cannot use the workspace {folder}: the disk is full, and reading needs a little room, too; nothing was changed; free some space and try again",
        )
    if code in _READ_ONLY:
        return OutsideError(
            f"无法打开工作区 {folder}：没有写权限（读取也需要）；请检查文件夹的权限",
            f"cannot open the workspace {folder}: it cannot be written, which reading needs too; check the folder's permissions",
        )
    if code == sqlite3.SQLITE_IOERR:
        return OutsideError(
            f"读写工作区 {folder} 时磁盘出错（{error}）；请检查磁盘",
            f"the disk failed under the workspace {folder} ({error}); check the disk",
        )
    return None
