"""Child processes that talk with their parent in lines: how one is begun, heard and ended, and what it does first itself."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

GRACE_SECONDS = 0.5
PR_SET_PDEATHSIG = 1


class ChildGone(Exception):
    """A child ended before it answered; ``code`` is its exit status."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Child:
    """A Python process and its pipes. On Linux it ends with the thread that made it.

    Parameters
    ----------
    module : str
        What it runs.
    words : str
        Its arguments.
    """

    def __init__(self, module: str, *words: str) -> None:
        # -P: a stray graph.py in the current folder must not shadow ours
        command = [sys.executable, "-P", "-m", module, *words]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, env=_environment()
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.stdin, self.out = self.process.stdin, self.process.stdout
        os.set_blocking(self.out.fileno(), False)
        self._rest = b""

    def send(self, line: str) -> None:
        """Write a line to it.

        Raises
        ------
        ChildGone
            When it ended meanwhile.
        """
        try:
            self.stdin.write(f"{line}\n".encode())
            self.stdin.flush()
        except BrokenPipeError as error:
            raise ChildGone(self.process.wait()) from error

    def lines(self) -> list[bytes]:
        """Whole lines that it has written since.

        Raises
        ------
        ChildGone
            When it ended.
        """
        chunk = self.out.read()
        if chunk == b"":
            raise ChildGone(self.process.wait())
        found = (self._rest + (chunk or b"")).split(b"\n")
        self._rest = found.pop()
        return found

    def end(self) -> None:
        """Ask it to end; see :func:`end_all`."""
        with suppress(OSError):  # what a killed child did not read is lost with it
            self.stdin.close()
        self.process.terminate()

    def wait(self) -> None:
        """Until it has ended, by force after a moment."""
        deadline = time.monotonic() + GRACE_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.out.close()


def end_all(children: Sequence[Child]) -> None:
    """End children together: a moment's grace, then by force."""
    for child in children:
        child.end()
    for child in children:
        child.wait()


def begin() -> TextIO:
    """What a child does first: it ends with its parent, and its lines go where nothing else is written; where to write them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    end_with_parent()
    out = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a solver's own banner must not mix with our lines
    return out


def end_with_parent() -> None:
    """On Linux, have the kernel kill this process when the thread that made it has ended, however that was."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _environment() -> dict[str, str]:
    """The parent's, with one thread for numeric libraries: workers are the unit of parallel work.

    The parent's import path goes along, so that a child finds the same package as its parent.
    """
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    path = os.pathsep.join([p for p in sys.path if p and Path(p).is_dir()])
    return {**os.environ, **threads, "PYTHONPATH": path}
