"""Processes that outlive the command: started, recognised again, ended.

A process is known by its number *and* the moment of its start, so that a number used again is never taken for ours; a
signal goes through the process's own handle where the system has such handles, so that it cannot meet another one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
EVERY_SECONDS = 0.05
LAUNCH = 'log=$1; shift; "$@" >>"$log" 2>&1 </dev/null & echo $!'
"""The shell ends at once, so that the process belongs to nobody and leaves no zombie with the command."""


@dataclass(frozen=True)
class Process:
    """A process's number and the moment of its start, as the system tells it."""

    pid: int
    started: str

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return started_at(self.pid) == self.started


def started_at(pid: int) -> str | None:
    """When the process with this number began, in the system's own words; ``None`` where none runs."""
    if PROC.is_dir():
        try:
            text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
            boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return None
        fields = text.rpartition(")")[2].split()  # the name before it may hold anything
        ended = (
            fields[0] in "ZX" and int(fields[17]) <= 1
        )  # else threads of it still hold its files and ports
        return None if ended else f"{boot} {fields[19]}"
    told = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, moment = told.stdout.strip().partition(" ")
    return None if not moment or state.startswith("Z") else moment.strip()


def launch(command: Sequence[str], log: Path, folder: Path, environment: Mapping[str, str]) -> Process:
    """Start a command in a session of its own, with its output at the end of ``log``.

    Raises
    ------
    OSError
        When the system cannot start it.
    """
    told = subprocess.run(
        ["/bin/sh", "-c", LAUNCH, "sh", str(log), *command],
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.PIPE,
        start_new_session=True,
        check=True,
        text=True,
    )
    pid = int(told.stdout)
    return Process(pid, started_at(pid) or "ended at once")


def find(argument: str) -> Process | None:
    """A process of this user that was started with ``argument`` as its first; ``None`` where none is, or unknown."""
    for folder in PROC.glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if folder.stat().st_uid != os.getuid() or os.fsencode(argument) not in words[1:2]:
                continue
        except OSError:
            continue
        started = started_at(int(folder.name))
        if started is not None:
            return Process(int(folder.name), started)
    return None


def send(process: Process, number: signal.Signals) -> None:
    """Send a signal to this very process; nothing where it has ended."""
    with suppress(ProcessLookupError):
        if not hasattr(os, "pidfd_open"):
            if process.alive:
                os.kill(process.pid, number)
            return
        handle = os.pidfd_open(process.pid)
        try:
            if process.alive:  # asked with the handle open: the number cannot go to another one meanwhile
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)


def gone(process: Process, patience: float) -> bool:
    """Wait until the process has ended, ``patience`` seconds at most; whether it has."""
    end = time.monotonic() + patience
    while process.alive:
        if time.monotonic() > end:
            return False
        time.sleep(EVERY_SECONDS)
    return True
