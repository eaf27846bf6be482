"""What a command that was killed left behind: an administration of Neo4j that goes on alone, and its files."""

from __future__ import annotations

import shutil
import signal

from graph.errors import OutsideError
from graph.server import java, process
from graph.server.folders import Folders

IMPORTS = "import-"
"""Begin of the names of folders of files to import, within :attr:`Folders.run`."""
END_SECONDS = 30.0


def tidy(folders: Folders) -> None:
    """End what is left and remove its files; whoever calls has the server's turn, so that nobody else uses them.

    An administration that outlived its command would write into a database that is in use again.

    Raises
    ------
    OutsideError
        When it does not end.
    OSError
        When its file cannot be removed.
    """
    words = java.args_file(folders, "admin")
    if words.is_file():
        left = process.find(f"@{words}")
        if left is not None:
            process.send(left, signal.SIGKILL)
            if not process.gone(left, END_SECONDS):
                raise OutsideError(
                    f"上次中断的 neo4j-admin（进程 {left.pid}）没有结束；请结束它再试",
                    f"neo4j-admin of a command that was killed (process {left.pid}) does not end; end it and try again",
                )
        words.unlink(missing_ok=True)  # it may hold a password
    for folder in folders.run.glob(f"{IMPORTS}*"):
        shutil.rmtree(folder, ignore_errors=True)
