"""Ends a test's server when its last user is gone, however that went: ``python -m tests.neo4j_watchdog HOME LOCK``.

Each user of the server holds LOCK shared, and the system takes it from whoever ends, killed or not. This process waits
until it can have the lock alone.
"""

from __future__ import annotations

import fcntl
import shutil
import sys
from pathlib import Path

from graph.server.private import PrivateServer


def main(home: Path, lock: Path) -> None:
    """Wait, stop the server, remove its folder."""
    with lock.open("r") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        try:
            PrivateServer(home).down()
        finally:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
