"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from graph.errors import OutsideError, reason_of


def write_whole(file: Path, pieces: Iterable[str | bytes]) -> None:
    """Write a file under another name, then give it its own.

    Parameters
    ----------
    file : Path
        Its folder is made where it is not there.
    pieces : iterable of str or bytes
        What goes into it.

    Raises
    ------
    OutsideError
        When it cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("wb", dir=file.parent, delete=False) as part:
            try:
                part.writelines(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
                part.flush()
            except BaseException:
                os.unlink(part.name)
                raise
        os.replace(part.name, file)
    except OSError as error:
        why = reason_of(error)
        raise OutsideError(
            f"无法写入 {file.parent}：{why.zh}", f"cannot write {file.parent}: {why.en}"
        ) from error


def forget(files: Iterable[Path]) -> None:
    """Delete what nobody reads any more."""
    for file in files:
        with suppress(FileNotFoundError):
            file.unlink()
