"""Saving and restoring the database of a private server: Neo4j's own dumps, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import InputError, OutsideError, UsageError, reason_of
from graph.server.aside import keep_new, put_back, set_aside
from graph.server.private import PrivateServer
from graph.server.status import DATABASE
from graph.server.telling import Tell, silent

DUMPS = (b"DZV1", b"DGV1", b"\x28\xb5\x2f\xfd", b"\x1f\x8b")
"""How dumps of Neo4j begin: packed by zstd or gzip, with the mark of Neo4j 5 or without."""


def back_up(server: PrivateServer, file: Path, tell: Tell = silent) -> int:
    """Write the database into a file; the server rests meanwhile. Its size in bytes.

    Raises
    ------
    UsageError
        When the file is there already, or its folder is not.
    OutsideError
        When it cannot be written; then no half of it is left.
    """
    file = file.absolute()
    if file.exists():
        raise UsageError(f"{file} 已经存在；请换一个文件名", f"{file} is there already; name another file")
    if not file.parent.is_dir():
        raise UsageError(f"没有文件夹 {file.parent}", f"there is no folder {file.parent}")
    if server.status().state == "absent":
        raise UsageError(
            "还没有私有服务器，没有可备份的", "there is no private server yet, nothing to back up"
        )
    try:
        with (
            tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as temporary,
            server.stopped(tell),
        ):
            server.admin("database", "dump", DATABASE, f"--to-path={temporary}")
            dumped = Path(temporary) / f"{DATABASE}.dump"
            dumped.chmod(0o600)
            size = dumped.stat().st_size
            os.replace(dumped, file)
    except OSError as error:
        why = reason_of(error)
        raise OutsideError(f"无法写入 {file}：{why.zh}", f"cannot write {file}: {why.en}") from error
    return size


def restore(server: PrivateServer, file: Path, tell: Tell = silent) -> None:
    """Put the database of a backup in the place of the server's own; a failure leaves the old one as it was.

    Raises
    ------
    InputError
        When the file cannot be read, or is no dump.
    OutsideError
        When it is damaged, or of a newer Neo4j, or the disk is full.
    """
    file = file.absolute()
    try:
        with file.open("rb") as dump:
            begins = dump.read(4)
    except OSError as error:
        why = reason_of(error)
        raise InputError(f"无法读取 {file}：{why.zh}", f"cannot read {file}: {why.en}") from error
    if not begins.startswith(DUMPS):
        raise InputError(
            f"{file} 不是 Neo4j 的备份（jiedui graph backup 或 neo4j-admin database dump 所写）；服务器没有动",
            f"{file} is no dump of Neo4j (as jiedui graph backup and neo4j-admin database dump write it); the server was left alone",
        )
    with replaced(server, tell), tempfile.TemporaryDirectory(dir=server.folders.run) as temporary:
        (Path(temporary) / f"{DATABASE}.dump").symlink_to(file)
        server.admin("database", "load", DATABASE, f"--from-path={temporary}", "--overwrite-destination=true")


@contextmanager
def replaced(server: PrivateServer, tell: Tell = silent) -> Iterator[None]:
    """Within the block the server rests and its database is set aside, for another to be put in its place.

    Where the block fails, or the process ends within it, the old one is back at the next start.
    """
    with server.stopped(tell):
        set_aside(server.folders)
        try:
            yield
        except BaseException:
            put_back(server.folders)
            raise
        keep_new(server.folders)
