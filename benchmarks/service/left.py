"""What must not be left behind by a service that was killed: processes, half-made files, changes of which the audit log knows nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

HALF_MADE = (".making-*", ".pointing-*", ".coming-*", ".writing-*", ".aside-*", ".backup-*")
"""Names under which something is made before it is there as a whole."""


def half_made(data: Path) -> list[str]:
    """What lies half-made in a data folder, with its path in it; temporary folders of jobs that have ended, too."""
    found = [path for name in HALF_MADE for path in data.rglob(name)]
    found += data.glob("jobs/*/tmp")
    return sorted(str(path.relative_to(data)) for path in found)


def family(process: int) -> list[psutil.Process]:
    """A process and all that descend from it."""
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(process)
        return [parent, *parent.children(recursive=True)]
    return []


def audited(data: Path) -> tuple[bool, int, set[str]]:
    """Whether the log of a service that has ended is as it was written; its rows; requests whose end it has with a success."""
    told = _audit("verify", data, "--json")
    verdict = json.loads(told.stdout)
    lines = _audit("export", data).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    done = {row["request"] for row in rows if row["step"] == "ended" and 200 <= (row["status"] or 0) < 300}
    return told.returncode == 0 and verdict["broken"] is None, len(rows), done


def missing(requests: Iterable[str], told: set[str]) -> int:
    """How many requests that were answered are not in the log."""
    return sum(request not in told for request in requests)


def _audit(command: str, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-P", "-m", "jiedui", "audit", command, "--data", str(data), *words]
    return subprocess.run(line, capture_output=True, text=True, check=False)
