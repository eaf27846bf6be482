"""The database set aside while another takes its place: put back unless that one is whole.

One folder holds what was set aside; renaming it is the moment from which the new database counts. Cut short at any point,
the next start finds either the old database or the new one, never a mixture.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from graph.server.folders import Folders
from graph.server.status import DATABASE

KINDS = ("databases", "transactions")


def set_aside(folders: Folders) -> None:
    """Move the database out of the way.

    Raises
    ------
    OSError
        When it cannot be moved.
    """
    put_back(folders)
    _aside(folders).mkdir()
    for kind in KINDS:
        if _place(folders, kind).is_dir():
            os.rename(_place(folders, kind), _aside(folders) / kind)


def put_back(folders: Folders) -> None:
    """Bring back what was set aside and never replaced, and remove what is left of earlier ones.

    Raises
    ------
    OSError
        When it cannot be moved.
    """
    shutil.rmtree(_done(folders), ignore_errors=True)
    if not _aside(folders).is_dir():
        return
    for kind in KINDS:
        if (_aside(folders) / kind).is_dir():
            shutil.rmtree(_place(folders, kind), ignore_errors=True)
            os.rename(_aside(folders) / kind, _place(folders, kind))
    _aside(folders).rmdir()


def keep_new(folders: Folders) -> None:
    """From here on the new database counts.

    Raises
    ------
    OSError
        When the folder cannot be renamed; then the old one counts.
    """
    os.rename(_aside(folders), _done(folders))
    shutil.rmtree(_done(folders), ignore_errors=True)


def _place(folders: Folders, kind: str) -> Path:
    return folders.data / kind / DATABASE


def _aside(folders: Folders) -> Path:
    """Beside Neo4j's own folders, not within them: it takes each folder there for a database."""
    return folders.data / ".before-restore"


def _done(folders: Folders) -> Path:
    return folders.data / ".after-restore"
