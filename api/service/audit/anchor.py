"""The newest row's number and digest in a file beside the records, so that rows cut off at the end are missed."""

from __future__ import annotations

import fcntl
import os
import re
from dataclasses import dataclass
from pathlib import Path

from graph.errors import InputError

FILE = "audit.head"
LINE = re.compile(r"(\d{1,18}):([0-9a-f]{64})\n?")


@dataclass(frozen=True)
class Head:
    """A row that is known to have been there.

    Parameters
    ----------
    number : int
    hash : str
    """

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def read_head(text: str) -> Head:
    """A head as it is printed, ``NUMBER:HASH``.

    Raises
    ------
    InputError
        When it is not written so.
    """
    found = LINE.fullmatch(text)
    if found is None:
        raise InputError(
            f"{text[:100]!r} 不是审计日志的末行（编号:摘要）",
            f"{text[:100]!r} is no head of an audit log (NUMBER:HASH)",
        )
    return Head(int(found[1]), found[2])


class Anchor:
    """The file ``audit.head`` of a data folder.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE

    def noted(self) -> Head | None:
        """What is noted; ``None`` where nothing is yet.

        Raises
        ------
        InputError
            When the file holds something else.
        """
        try:
            return read_head(self.file.read_text("ascii", "replace"))
        except FileNotFoundError:
            return None

    def note(self, head: Head) -> None:
        """Note a newer head, durably; an older one (another process was faster) leaves it as it is."""
        opened = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            found = LINE.fullmatch(os.pread(opened, 100, 0).decode("ascii", "replace"))
            if found is None or int(found[1]) < head.number:
                line = f"{head}\n".encode()
                os.pwrite(
                    opened, line, 0
                )  # never shorter than the one before, and within one block of the disk
                os.ftruncate(opened, len(line))
                os.fdatasync(opened)
        finally:
            os.close(opened)
