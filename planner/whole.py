"""Files that appear whole or not at all, and JSON documents for people and programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from graph.tables.write import HALF_WRITTEN, disk_told, write_atomically
from planner.unfinished import LOCKS


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, and the folder that it lies in.

    Raises
    ------
    OutsideError
        When the disk refuses.
    """
    with disk_told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, lambda temporary: temporary.write_bytes(content))


def remove_half_written(*folders: Path) -> None:
    """Remove files that a killed process had begun to write in these folders; within a turn of all who write there."""
    if not LOCKS:
        return  # another may be at work on them
    for folder in folders:
        for file in folder.glob(".*-*"):
            if HALF_WRITTEN.fullmatch(file.name) and file.is_file():
                with suppress(OSError):
                    file.unlink()


def as_bytes(content: Mapping[str, Any]) -> bytes:
    """A JSON document, indented, in UTF-8."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
