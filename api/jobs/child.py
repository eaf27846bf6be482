"""One work in a process of its own: a command of the command line, its answer in a file, its progress through a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import planner.run  # noqa: F401 # read once, before any work is forked off
from api.cli import progress
from api.cli.main import run

RESULT, LOG = "result.json", "log.txt"
"""What the command printed, and what it said beside."""


def carry_out(words: Sequence[str], folder: str, pipe: Connection) -> None:
    """Run a command; the process ends with its exit status.

    Parameters
    ----------
    words : sequence of str
        Of the command line.
    folder : str
        The work's own; the command's answer and log are written there.
    pipe : Connection
        Takes ``(stage, label, facts)`` for every event of the command's progress.
    """
    with suppress(OSError):
        os.setsid()  # so that its solvers end with it
    place = Path(folder)
    _to_file(1, place / RESULT)
    _to_file(2, place / LOG)

    def told(stage: str, label: str, facts: Mapping[str, Any]) -> None:
        with suppress(OSError):  # whoever listened has gone: the work ends soon
            pipe.send((stage, label, dict(facts)))

    progress.listener = told
    code = run(["--lang", "zh", "-q", *words])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # nothing that the fork copied is tidied up twice


def _to_file(number: int, file: Path) -> None:
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(opened, number)
    os.close(opened)
