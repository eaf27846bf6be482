"""What is known of a private server between commands: release, port, process, and what is under way."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from graph.server.process import Process

Phase = Literal["starting", "running", "stopping", "stopped"]


@dataclass(frozen=True)
class Record:
    """The file ``server.json``. ``process`` is ``None`` where none was started since the last clean stop.

    ``logged``: length of Neo4j's log in bytes when this process began.
    """

    release: str
    version: str
    port: int | None = None
    process: Process | None = None
    phase: Phase = "stopped"
    heap_mb: int = 0
    pages_mb: int = 0
    encrypted: bool = False
    logged: int = 0


def read_record(file: Path) -> Record | None:
    """The record, ``None`` where there is none or it makes no sense (a half-written one cannot be: see below)."""
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        process = found.pop("process")
        return Record(**found, process=Process(**process) if process else None)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_record(file: Path, record: Record) -> None:
    """Write it at one stroke: whoever reads sees the old or the new one.

    Raises
    ------
    OSError
        When it cannot be written; the old one stays.
    """
    write_private(file, json.dumps(asdict(record), indent=2) + "\n")


def write_private(file: Path, text: str) -> None:
    """Write a file that its owner alone may read, at one stroke.

    Raises
    ------
    OSError
        When it cannot be written; an old one stays.
    """
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    opened = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(new, file)
    except OSError:
        new.unlink(missing_ok=True)
        raise
