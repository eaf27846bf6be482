"""The archive: a tar whose last member lists the others with size and digest. One that was cut off or altered shows it.

::

    service.sqlite3, plans/…, scenarios/…, …   the files of the data folder, by their paths in it
    backup.json                                 format, when, by which jiedui, files: path → bytes, sha256
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Any

from graph.errors import InputError

FORMAT = 1
LIST = "backup.json"
PIECE = 1 << 20
"""Bytes that are read at once."""


@dataclass
class Written:
    """An archive that is being written.

    Parameters
    ----------
    tar : TarFile
    files : dict
        Path → bytes and digest, of what is in it.
    """

    tar: tarfile.TarFile
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, file: Path, name: str) -> None:
        """Add a file under a path. Raises ``OSError`` when it cannot be read, or is cut short meanwhile."""
        with file.open("rb") as opened:
            reader = Hashing(opened)
            member = _member(name, _size(opened))
            member.mtime = os.fstat(opened.fileno()).st_mtime  # a plan was made when its file was written
            self.tar.addfile(member, reader)
        self.files[name] = {"bytes": reader.bytes, "sha256": reader.digest.hexdigest()}

    def link(self, link: Path, name: str) -> None:
        """Add a link that leads to something beside it or below.

        Raises
        ------
        InputError
            When it leads elsewhere: what is there is no part of the folder, and without it the folder is not whole.
        """
        target = os.readlink(link)
        if not leads_down(target):
            raise InputError(
                f"{link} 是指向 {target} 的符号链接，备份不跟随；请把内容移到数据文件夹里",
                f"{link} is a symbolic link to {target}, which a backup does not follow; move what is there into the data folder",
            )
        member = _member(name, 0)
        member.type, member.linkname = tarfile.SYMTYPE, target
        self.tar.addfile(member)
        self.files[name] = {"link": target}

    def close(self) -> None:
        """Add the list."""
        head = {
            "format": FORMAT,
            "jiedui": version("jiedui"),
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        told = json.dumps({**head, "files": self.files}, ensure_ascii=False, indent=1).encode()
        self.tar.addfile(_member(LIST, len(told)), io.BytesIO(told))


class Hashing(io.RawIOBase):
    """A file that is read, with the digest of what was read so far, and when it was written (seconds since 1970)."""

    def __init__(self, file: IO[bytes], written: float = 0.0) -> None:
        self.file, self.written = file, written
        self.digest, self.bytes = hashlib.sha256(), 0

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self.file.read(size)
        self.digest.update(piece)
        self.bytes += len(piece)
        return piece


def leads_down(target: str) -> bool:
    """Whether a link's target is beside the link or below, whatever other links there are."""
    path = PurePosixPath(target)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def read_members(file: Path) -> Iterator[tuple[str, Hashing | str]]:
    """The files of an archive, path and content (of a link, what it leads to); the list is the last.

    Raises
    ------
    InputError
        When it holds what no backup holds: a path or a link that leads out of the folder.
    TarError, EOFError, zlib.error
        When it is no archive, or was cut off, wherever the reader is; see :func:`damage_told`.
    """
    with tarfile.open(file, "r|*") as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            well = member.isfile() or (member.issym() and leads_down(member.linkname))
            if not (well and leads_down(member.name)) or "\\" in member.name:
                raise altered(file, member.name)
            if member.issym():
                yield str(path), member.linkname
                continue
            content = tar.extractfile(member)
            assert content is not None
            yield str(path), Hashing(content, member.mtime)


def read_list(file: Path, content: bytes) -> dict[str, dict[str, Any]]:
    """Path → bytes and digest, as the list says.

    Raises
    ------
    InputError
        When it is none, or of a newer format.
    """
    try:
        head = json.loads(content)
        form, files = head["format"], dict(head["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise altered(file, LIST) from error
    if form != FORMAT:
        raise InputError(
            f"{file}：备份的格式 {form} 不认识（本版本为 {FORMAT}）；若更新，请升级 jiedui",
            f"{file}: unknown format {form} of a backup (this version reads {FORMAT}); where it is newer, upgrade jiedui",
        )
    return files


@contextmanager
def damage_told(file: Path) -> Iterator[None]:
    """Tell what the tar or its compression complain about in words."""
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise InputError(
            f"{file} 不是备份，或已被截断（{error}）；未恢复任何内容",
            f"{file} is no backup, or was cut off ({error}); nothing was restored",
        ) from error


def altered(file: Path, name: str) -> InputError:
    """What is in the archive is not what was put into it."""
    return InputError(
        f"{file}：{name} 与备份时不同；备份已损坏或被改动，未恢复任何内容",
        f"{file}: {name} is not as it was saved; the backup is damaged or was altered, and nothing was restored",
    )


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _size(opened: IO[bytes]) -> int:
    size = opened.seek(0, io.SEEK_END)
    opened.seek(0)
    return size
