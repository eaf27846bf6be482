"""Where arrays pass between a parent and its children: a folder for each executor, which goes with it.

What a killed process has left is removed by the next one of the same user: folders lie in one place, each locked by its process.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from planner.unfinished import Unfinished

TRIES = 5


class Scratch:
    """A folder of one executor, made when it is first asked for.

    Parameters
    ----------
    folder : str, optional
        Where it is made; the system's folder for temporary files where it is not given.
    """

    def __init__(self, folder: str | None = None) -> None:
        self._base = Path(folder or tempfile.gettempdir())
        self._lock = threading.Lock()
        self._made: Unfinished | None = None

    def make(self) -> Path:
        """The folder, of this user alone.

        Raises
        ------
        OSError
            When it cannot be made.
        """
        with self._lock:
            left = TRIES
            while self._made is None:
                left -= 1
                try:
                    self._made = Unfinished(_place(self._base))
                except FileNotFoundError:  # another process has just removed the place, as it was empty
                    if not left:
                        raise
            return self._made.folder

    def inside(self) -> Path:
        """A new folder in it."""
        return Path(tempfile.mkdtemp(dir=self.make()))

    def remove(self) -> None:
        """Remove it with all that is in it, and the place where such folders lie if it was the last."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            shutil.rmtree(made.folder, ignore_errors=True)
            made.close()
            with suppress(OSError):
                made.folder.parent.rmdir()


def _place(base: Path) -> Path:
    """``jiedui-<user>`` in ``base``; another new folder where somebody else has taken that name."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    place = base / f"jiedui-{user}"
    with suppress(FileExistsError):
        place.mkdir(mode=0o700)
    found = place.lstat()
    ours = stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())
    return place if ours else Path(tempfile.mkdtemp(prefix="jiedui-", dir=base))
