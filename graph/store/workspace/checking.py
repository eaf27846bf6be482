"""Whether a workspace is whole: every file that the database names, byte for byte."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.language import Text
from graph.store.workspace.files import FOLDER
from graph.store.workspace.snapshot import Snapshot


@dataclass(frozen=True)
class Broken:
    """A file that is not what was written.

    Parameters
    ----------
    file : Path
        The file.
    what : Text
        What is wrong with it.
    """

    file: Path
    what: Text

    @property
    def text(self) -> Text:
        """File and fault for people."""
        return Text(f"{self.file}：{self.what.zh}", f"{self.file}: {self.what.en}")


def broken_snapshots(folder: Path, snapshots: Iterable[Snapshot]) -> list[Broken]:
    """Files of snapshots that are missing or changed, in the order of the database."""
    return broken_files((folder / FOLDER / s.file, s.sha256) for s in snapshots)


def broken_files(files: Iterable[tuple[Path, str]]) -> list[Broken]:
    """Of files and the digests that they should have those that are missing or changed, in their order."""
    return [Broken(file, what) for file, sha256 in files if (what := fault_of(file, sha256))]


def fault_of(file: Path, sha256: str) -> Text | None:
    """What is wrong with a file; ``None`` where it is what was written."""
    try:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return Text("缺失", "is missing")
    except OSError as error:
        return Text(f"无法读取（{error.strerror}）", f"cannot be read ({error.strerror})")
    return None if digest == sha256 else Text("内容被改动或损坏", "was changed or damaged")


def broken_database(file: Path, connection: sqlite3.Connection) -> list[Broken]:
    """What SQLite finds wrong with its own file, up to a hundred faults."""
    told = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    told += [f"{row[0]} → {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")]
    return [Broken(file, Text(f"数据库：{line}", f"database: {line}")) for line in told if line != "ok"]
