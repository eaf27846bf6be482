"""The worker beside the server: started with it, started again when it ends, told to stop with it."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

log = logging.getLogger("jiedui.http")
AGAIN_SECONDS = 1.0
"""Before a worker that ended is started again, so that one that cannot start does not fill the log."""


class Beside:
    """Keeps a worker running.

    Parameters
    ----------
    data : Path
        The service's data folder.
    jobs : int
        How many jobs run at once.
    """

    def __init__(self, data: Path, jobs: int) -> None:
        self.command = [sys.executable, "-m", "api.jobs.worker", str(data), str(jobs)]
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="worker beside", daemon=True)

    def start(self) -> None:
        """Start it."""
        self._keeper.start()

    def stop(self) -> None:
        """Let it put back what it is at, and wait for its end."""
        self._stop.set()
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
        self._keeper.join()

    def alive(self) -> bool:
        """Whether it runs now."""
        process = self._process
        return process is not None and process.poll() is None

    def _keep(self) -> None:
        while not self._stop.is_set():
            self._process = subprocess.Popen(self.command, stdin=subprocess.PIPE)
            if self._stop.is_set() and self._process.stdin is not None:
                self._process.stdin.close()
            code = self._process.wait()
            if not self._stop.is_set():
                log.error("worker ended", extra={"facts": {"code": code}})
                self._stop.wait(AGAIN_SECONDS)
