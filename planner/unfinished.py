"""Folders being written, of plans, of answers and of solver tasks, and what is left of those whose process is gone.

A plan is written in ``.writing-…`` beside its place, and whoever writes it holds that folder locked; a plan that is
replaced waits in ``.old-…``. A lock goes with its process, however that ends, so a folder that can be locked is one
that nobody will finish. Finding and making such folders takes turns, by a lock on the folder that holds the plans.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # a system without such locks: what is left there stays
    fcntl = None  # type: ignore[assignment]  # a module, or nothing

WRITING, OLD = ".writing-", ".old-"
LOCKS = fcntl is not None
"""Whether turns are really taken."""


class Unfinished:
    """A folder under a temporary name inside ``target``, locked until :meth:`close`.

    Raises
    ------
    OSError
        When the folder cannot be made.
    """

    def __init__(self, target: Path) -> None:
        with turn(target):
            sweep(target)
            self.folder = Path(tempfile.mkdtemp(prefix=WRITING, dir=target))
            self._lock = _locked(self.folder)

    def close(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def tidy(target: Path) -> None:
    """Sweep a folder of plans in a turn of its own."""
    with turn(target):
        sweep(target)


@contextmanager
def turn(target: Path) -> Iterator[None]:
    """While it lasts, nobody else makes, replaces or sweeps folders in ``target``."""
    lock = _locked(target, wait=True)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def sweep(target: Path) -> None:
    """Remove what ended processes have left, and bring back a plan that one of them was about to replace."""
    for folder in sorted(target.glob(f"{WRITING}*")):
        lock = _locked(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
    if fcntl is None:
        return
    for folder in sorted(target.glob(f"{OLD}*")):  # moved within a turn: its process is gone
        with suppress(OSError):
            for plan in folder.iterdir():
                if (target / plan.name).exists():
                    shutil.rmtree(plan, ignore_errors=True)
                else:
                    os.rename(plan, target / plan.name)
            folder.rmdir()


def _locked(folder: Path, wait: bool = False) -> int | None:
    """The open folder, locked; ``None`` where another has it locked or the system knows no such locks."""
    if fcntl is None:
        return None
    try:
        opened = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(opened, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        return None
    return opened
