"""One process at a time: a lock on a file, which goes with its process, however that ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import OutsideError

try:
    import fcntl
except ImportError:  # a system without such locks: the private server does not run there
    fcntl = None  # type: ignore[assignment]  # a module, or nothing

PATIENCE_SECONDS = 600.0
EVERY_SECONDS = 0.1


@contextmanager
def locked(file: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the file locked; wait while another process does.

    Raises
    ------
    OutsideError
        When the other one has not ended within ``patience`` seconds.
    OSError
        When the file cannot be made.
    """
    opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(opened, file, patience)
        yield
    finally:
        os.close(opened)


def is_locked(file: Path) -> bool:
    """Whether another process holds the file locked now."""
    if fcntl is None or not file.exists():
        return False
    opened = os.open(file, os.O_RDWR)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(opened)
    return False


def _take(opened: int, file: Path, patience: float) -> None:
    if fcntl is None:
        return
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise OutsideError(
                    f"另一个 jiedui 一直占用着 {file.parent}；请等它结束后再试",
                    f"another jiedui is still at work in {file.parent}; try again when it has ended",
                ) from None
            time.sleep(EVERY_SECONDS)
        else:
            return
