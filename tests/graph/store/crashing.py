"""Run as a program: writes version 2 in processes that end at every point of the write, one after the other.

``python -m tests.graph.store.crashing FOLDER`` copies the workspace in FOLDER once for each point (``FOLDER-1``, …) and
prints what the point was.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph.store.changes import Changes, merged
from graph.store.workspace import catalogue, database, files, open_workspace, writing
from tests.graph.store.small_networks import put, removed


def made() -> Changes:
    """What version 2 changes; worked out late, as no thread may run before a process is split."""
    parts = (
        put("units", {"id": "u1", "name": "changed"}),
        removed("relations", {"id": "r1"}),
        put("regions", {"code": "x", "name": "x"}),
    )
    return merged(parts)


def main(folder: Path) -> None:
    """Crash at each point until a write goes through."""
    point = 0
    while True:
        point += 1
        copy = folder.with_name(f"{folder.name}-{point}")
        shutil.copytree(folder, copy)
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            write_until(copy, point, write)
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as told:
            name = told.read()
        if not os.waitpid(child, 0)[1]:
            return
        print(name, flush=True)


def write_until(folder: Path, point: int, tell: int) -> None:
    """Write, and end without a word at the given point."""
    left = point

    def ended(name: str) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.write(tell, name.encode())
            os._exit(1)

    def around(where: Any, name: str, when: Callable[..., bool] = lambda *_: True) -> None:
        own = getattr(where, name)

        def wrapped(*args: Any, **more: Any) -> Any:
            if when(*args):
                ended(f"before {name}")
            answer = own(*args, **more)
            if when(*args):
                ended(f"after {name}")
            return answer

        setattr(where, name, wrapped)

    around(writing, "sweep")
    around(writing, "write_file")
    around(writing, "put_in_place")
    around(files.os, "fsync")
    around(files.os, "rename")
    for name in ("add_version", "add_snapshots", "give"):
        around(catalogue.Catalogue, name)
    around(database._Connection, "execute", lambda _, statement, *args: statement == "COMMIT")
    workspace = open_workspace(folder)
    workspace.write("office", made(), base=1, how="request", by="crash")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
