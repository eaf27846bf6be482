"""Where a workspace is, and how one is made or opened."""

from __future__ import annotations

import os
from pathlib import Path

from graph.errors import InputError, UsageError
from graph.store.workspace.database import FILE, Database
from graph.store.workspace.faults import faults_told
from graph.store.workspace.files import FOLDER, sync_folder
from graph.store.workspace.migrations import migrate
from graph.store.workspace.mounts import refuse_afar
from graph.store.workspace.workspace import Workspace

VARIABLE = "JIEDUI_HOME"


def default_folder() -> Path:
    """``JIEDUI_HOME``, else ``workspace`` in the user's data folder for jiedui (XDG on Linux)."""
    own = os.environ.get(VARIABLE)
    if own:
        return Path(own)
    from platformdirs import user_data_path

    return user_data_path("jiedui", appauthor=False) / "workspace"


def open_workspace(folder: Path | None = None, *, create: bool = False) -> Workspace:
    """Open the workspace of a folder; its database is brought to the newest form.

    Parameters
    ----------
    folder : Path, optional
        Its folder; :func:`default_folder` where none is named.
    create : bool
        Whether to make one where the folder is not there or empty.

    Raises
    ------
    UsageError
        When there is none and none is to be made.
    InputError
        When the folder holds something else, or a newer jiedui has written it.
    OutsideError
        When it is on a network file system, cannot be read or written, or is damaged.
    """
    where = (folder or default_folder()).expanduser().absolute()
    refuse_afar(where)
    with faults_told(where, where / FILE):
        if not (where / FILE).is_file():
            _make(where, create)
        database = Database(where)
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
    return Workspace(where, database)


def _make(where: Path, create: bool) -> None:
    there = where.exists()
    if there and (not where.is_dir() or any(not entry.name.startswith(".") for entry in where.iterdir())):
        raise InputError(
            f"{where} 不是工作区（没有 {FILE}），且不是空文件夹；请换一个文件夹",
            f"{where} is no workspace (it has no {FILE}) and no empty folder; name another folder",
        )
    if not create:
        raise UsageError(
            f"{where} 没有工作区；请先导入一个网络来建立，或用 {VARIABLE} 指明别处",
            f"there is no workspace in {where}; load a network to make one, or name another place by {VARIABLE}",
        )
    where.mkdir(parents=True, exist_ok=True)
    (where / FILE).touch()  # an empty file is an empty database: whoever is killed here has made one
    (where / FOLDER).mkdir(exist_ok=True)
    sync_folder(where)
