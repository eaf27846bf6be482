"""The most memory that a server had for a while, and the processes that it forked to read something."""

from __future__ import annotations

import re
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil

EVERY_SECONDS = 0.002
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


class Watch:
    """A context manager; afterwards ``server_mb`` and ``reader_mb`` tell.

    Parameters
    ----------
    process : int
        The server's. What its fork server forks are the readers.
    """

    def __init__(self, process: int) -> None:
        self.server = psutil.Process(process)
        self.server_mb = self.reader_mb = 0.0
        self._over = threading.Event()

    def __enter__(self) -> Watch:
        Path(f"/proc/{self.server.pid}/clear_refs").write_text("5")  # its peak begins anew
        self.server_mb = self.reader_mb = 0.0
        self._over.clear()
        self._looking = threading.Thread(target=self._look)
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._looking.join()
        self.server_mb = peak_mb(self.server.pid)

    def _look(self) -> None:
        while not self._over.is_set():
            with suppress(psutil.NoSuchProcess, OSError):
                for fork in self.server.children():
                    if "forkserver" in " ".join(fork.cmdline()):
                        self.reader_mb = max([self.reader_mb, *(peak_mb(p.pid) for p in fork.children())])
            time.sleep(EVERY_SECONDS)


def peak_mb(process: int) -> float:
    """The most that a process ever had (MB); 0 where it has gone."""
    with suppress(OSError):
        found = PEAK.search(Path(f"/proc/{process}/status").read_text(encoding="ascii"))
        return int(found[1]) / 1e3 if found else 0.0
    return 0.0
