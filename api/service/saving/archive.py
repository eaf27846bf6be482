"""The archive: a tar whose last member lists the others with size and digest. One that was cut off or altered shows it.

::

    service.sqlite3, plans/…, scenarios/…, …   the files of the data folder, by their paths in it
    backup.json                                 format, when, by which jiedui, files: path → bytes, sha256
"""

from __future__ import annotations

import hashlib
import io
import json
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
            self.tar.addfile(_member(name, _size(opened)), reader)
        self.files[name] = {"bytes": reader.bytes, "sha256": reader.digest.hexdigest()}

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
    """A file that is read, with the digest of what was read so far."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest, self.bytes = file, hashlib.sha256(), 0

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self.file.read(size)
        self.digest.update(piece)
        self.bytes += len(piece)
        return piece


def read_members(file: Path) -> Iterator[tuple[str, Hashing]]:
    """The files of an archive, path and content; the list is the last.

    Raises
    ------
    InputError
        When it holds what no backup holds: a link, or a path that leads out of the folder.
    TarError, EOFError, zlib.error
        When it is no archive, or was cut off, wherever the reader is; see :func:`damage_told`.
    """
    with tarfile.open(file, "r|*") as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if (
                not member.isfile()
                or path.is_absolute()
                or ".." in path.parts
                or "\\" in member.name
                or not path.parts
            ):
                raise altered(file, member.name)
            content = tar.extractfile(member)
            assert content is not None
            yield str(path), Hashing(content)


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
