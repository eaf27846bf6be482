"""The worker beside the server: started with it, started again when it ends, told to stop with it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import uuid

from api.jobs.means import Means

log = logging.getLogger("jiedui.http")
AGAIN_SECONDS = 1.0
"""Before a worker that ended is started again, so that one that cannot start does not fill the log."""


class Beside:
    """Keeps a worker running.

    Parameters
    ----------
    means : Means
        What works are carried out with.
    """

    def __init__(self, means: Means) -> None:
        # -P: a stray graph.py in the current folder must not shadow ours
        self.command = [sys.executable, "-P", "-m", "api.jobs.worker", means.spoken(), uuid.uuid4().hex]
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="worker beside", daemon=True)

    def start(self) -> None:
        """Start it."""
        self._keeper.start()

    def stop(self) -> None:
        """Let it put back what it is at, and wait for its end."""
        with self._lock:
            self._stop.set()
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
        self._keeper.join()

    def alive(self) -> bool:
        """Whether it runs now."""
        process = self._process
        return process is not None and process.poll() is None

    def _keep(self) -> None:
        while (process := self._begun()) is not None:
            code = process.wait()
            if not self._stop.is_set():
                log.error("worker ended", extra={"facts": {"code": code}})
                self._stop.wait(AGAIN_SECONDS)

    def _begun(self) -> subprocess.Popen[bytes] | None:
        """A new worker; ``None`` where none is wanted any more. It has a session of its own: Ctrl-C is the server's to handle."""
        with self._lock:
            if self._stop.is_set():
                return None
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, start_new_session=True, env=_environment()
            )
            return self._process


def _environment() -> dict[str, str]:
    """Of this process, with its import path: the worker finds the same packages."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
