"""Whether anything was written to a workspace since one looked: in microseconds, so that nobody has to read what is as it was."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from graph.store.workspace.database import FILE, connected


class Pulse:
    """SQLite's own counter of what others commit, read over a connection that does nothing else.

    Parameters
    ----------
    folder : Path
        The workspace.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self._lock = threading.Lock()
        self._open: tuple[int, sqlite3.Connection] | None = None
        self._opened = 0  # counters of two connections cannot be compared

    def beat(self) -> tuple[int, int] | None:
        """The same as long as nothing was committed and the file is the same; ``None`` where it cannot be read."""
        with self._lock:
            try:
                file = self.file.stat().st_ino
                if self._open is None or self._open[0] != file:
                    self._close()
                    self._open = (file, connected(self.file))
                    self._opened += 1
                return self._opened, int(self._open[1].execute("PRAGMA data_version").fetchone()[0])
            except (OSError, sqlite3.Error):
                self._close()
                return None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None
