"""Bring a data folder back from a backup: beside its place first, and there only when every file is as it was saved."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from api.service.backups.archive import LIST, PIECE, Hashing, altered, damage_told, read_list, read_members
from api.service.records import FILE, open_records
from graph.errors import InputError, UsageError
from graph.store.workspace.files import sync_folder
from graph.tables.write import disk_told

LIST_BYTES = 500_000_000
"""A list is never so long; what says so is no backup."""


def bring_back(file: Path, data: Path) -> int:
    """Make a data folder from a backup; how many files. A service may be started on it then.

    Parameters
    ----------
    file : Path
        What :func:`api.service.backups.backup.save` wrote.
    data : Path
        The folder; it is not there yet, or empty.

    Raises
    ------
    UsageError
        When the folder has something in it, or there is no such file.
    InputError
        When the backup was cut off, is damaged or altered, or a newer jiedui wrote it.
    OutsideError
        When the disk fails or is full; nothing is left then.
    """
    if not file.is_file():
        raise UsageError(f"没有备份文件 {file}", f"there is no backup {file}")
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise UsageError(
            f"{data} 不是空的；恢复只写入空文件夹：先停止服务，把它移到别处，或用 --data 换一个",
            f"{data} is not empty; a backup is restored into an empty folder: stop the service and move it aside, or name another with --data",
        )
    with disk_told(data):
        data.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".restore-", dir=data.parent))
        try:
            with damage_told(file):
                found = _unpack(file, beside)
            _demand_usable(file, beside)
            if data.exists():
                data.rmdir()
            os.rename(beside, data)
            sync_folder(data.parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return found


def _unpack(file: Path, beside: Path) -> int:
    """Unpack all that is in it, comparing every file with the list."""
    seen: dict[str, dict[str, Any]] = {}
    wanted: dict[str, dict[str, Any]] | None = None
    for name, content in read_members(file):
        if wanted is not None or name in seen:  # something behind the list, or twice
            raise altered(file, name)
        if name == LIST and isinstance(content, Hashing):
            wanted = read_list(file, content.read(LIST_BYTES))
            continue
        if isinstance(content, str):
            seen[name] = {"link": content}
            continue
        _write(beside / name, content)
        seen[name] = {"bytes": content.bytes, "sha256": content.digest.hexdigest()}
    if wanted is None:
        raise altered(file, LIST)
    for name in wanted.keys() | seen.keys():
        if wanted.get(name) != seen.get(name):
            raise altered(file, name)
    for name in (
        n for n, found in seen.items() if "link" in found
    ):  # last: no file is ever written through one
        (beside / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.symlink(seen[name]["link"], beside / name)
    for place, _, _ in os.walk(beside, topdown=False):
        sync_folder(Path(place))
    return len(seen)


def _write(target: Path, content: Hashing) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as opened:
        os.chmod(target, 0o600)
        while piece := content.read(PIECE):
            opened.write(piece)
        opened.flush()
        os.utime(opened.fileno(), (content.written, content.written))
        os.fsync(opened.fileno())


def _demand_usable(file: Path, beside: Path) -> None:
    """The records can be opened by this jiedui; they are brought to its form, as they would be at the first start."""
    if not (beside / FILE).is_file():
        raise InputError(
            f"{file} 里没有服务的记录（{FILE}）", f"{file} holds no records of a service ({FILE})"
        )
    with closing(open_records(beside)) as records, records.reading() as connection:
        if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise altered(file, FILE)
