"""Make a folder of files as a whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from graph.errors import OutsideError
from graph.tables.write import disk_told


def make_folder(target: Path, fill: Callable[[Path], object]) -> None:
    """Call ``fill`` with a folder to fill, then give it the name ``target``.

    It is filled beside its place under a temporary name, so an interrupted run or a full disk leaves nothing.
    ``target`` may be there when it is empty.

    Raises
    ------
    OutsideError
        When the place cannot be written.
    """
    temporary: Path | None = None
    try:
        with disk_told(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
            (temporary / target.name).mkdir()
            fill(temporary / target.name)
            os.replace(temporary / target.name, target)
    except OutsideError as error:  # a reader knows the final name, not the temporary one
        hidden, plain = str(temporary), str(target.parent)
        raise OutsideError(
            error.text.zh.replace(hidden, plain), error.text.en.replace(hidden, plain)
        ) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
