"""Errors of disk and database in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import OutsideError, reason_of

_READ_ONLY = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


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
    return OutsideError(
        f"工作区的数据库已损坏：{database}（{why}）；请把整个文件夹换成备份，不要只换这一个文件",
        f"the workspace's database is damaged: {database} ({why}); put the backup of the whole folder in its place, not of this file alone",
    )


def damaged_snapshot(file: Path, zh: str, en: str) -> OutsideError:
    """A snapshot's file is missing or not what was written."""
    return OutsideError(
        f"工作区的快照文件{zh}：{file}；请从备份中取回这个文件",
        f"a snapshot of the workspace {en}: {file}; fetch that file from a backup",
    )


def _of_database(folder: Path, database: Path, error: sqlite3.DatabaseError) -> OutsideError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return damaged_database(database, str(error))
    if code in _BUSY:
        return OutsideError(
            f"工作区 {folder} 一直有别的进程在写入；请稍后再试",
            f"another process has been writing to the workspace {folder} all the while; try again later",
        )
    if code == sqlite3.SQLITE_FULL:
        return OutsideError(
            f"无法写入工作区 {folder}：磁盘已满；未作任何更改；请腾出空间再试",
            f"cannot write the workspace {folder}: the disk is full; nothing was changed; free some space and try again",
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
