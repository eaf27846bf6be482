"""Bring a backup of a workspace back: beside it first, and in its place only when it is whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

from graph.errors import InputError, JieduiError, OutsideError, UsageError
from graph.language import Text
from graph.store.workspace.backup import PARTIAL
from graph.store.workspace.database import FILE
from graph.store.workspace.faults import unusable
from graph.store.workspace.files import FOLDER, sync_folder
from graph.store.workspace.mounts import refuse_afar
from graph.store.workspace.place import open_workspace

ASIDE = ".before-restore"
"""What is put behind the name of the folder that was in the place."""


def restore(source: Path, folder: Path) -> Path | None:
    """Put a backup in the place of a workspace; nobody may use it meanwhile.

    The backup is copied, every file is compared with its digest, and then the old folder is moved aside and the copy takes its
    name. Until then a failure leaves everything as it was. The old folder is never removed.

    Parameters
    ----------
    source : Path
        A folder that :func:`graph.store.workspace.backup.backup` wrote.
    folder : Path
        The workspace's folder.

    Returns
    -------
    Path or None
        Where the old folder is now; ``None`` where there was none.

    Raises
    ------
    UsageError
        When the backup holds no workspace, or something that was moved aside before is still in the way.
    InputError
        When the folder holds something that is no workspace, or a newer jiedui wrote the backup.
    OutsideError
        When the backup is damaged, or the disk fails or is full.
    """
    source, folder = source.expanduser().absolute(), folder.expanduser().absolute()
    refuse_afar(folder)
    if not (source / FILE).is_file():
        raise UsageError(
            f"{source} 不是工作区的备份（没有 {FILE}）", f"{source} is no backup of a workspace (it has no {FILE})"
        )  # fmt: skip
    aside = _aside(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=folder.parent))
    except OSError as error:
        raise unusable(folder, error) from error
    try:
        copy = partial / folder.name
        shutil.copytree(source, copy)
        _demand_whole(source, copy)
        if aside is not None:
            os.rename(folder, aside)
        try:
            os.rename(copy, folder)
        except OSError:
            if aside is not None:
                os.rename(aside, folder)
            raise
        sync_folder(folder.parent)
    except OSError as error:  # one of several files, where copytree gathers them
        raise unusable(folder, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return aside


def _aside(folder: Path) -> Path | None:
    """Where what is in the place goes; ``None`` where nothing is.

    Raises
    ------
    UsageError, InputError
        When it cannot go there, or is no workspace.
    """
    if not folder.exists():
        return None
    ours = folder.is_dir() and ((folder / FILE).is_file() or (folder / FOLDER).is_dir())
    if not ours and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            f"{folder} 不是工作区（没有 {FILE}），且不是空文件夹；请换一个文件夹",
            f"{folder} is no workspace (it has no {FILE}) and no empty folder; name another folder",
        )
    aside = folder.with_name(folder.name + ASIDE)
    if aside.exists():
        raise UsageError(
            f"{aside} 已存在（上一次恢复移开的）；请先移走它",
            f"{aside} is there already, moved aside by an earlier restore; move it away first",
        )
    return aside


def _demand_whole(source: Path, copy: Path) -> None:
    """Refuse a copy that is damaged, in words that name the backup."""
    try:
        with closing(open_workspace(copy)) as workspace:
            broken = workspace.check()
    except JieduiError as error:
        told = _named(error.text, source, copy)
        raise type(error)(told.zh, told.en) from error
    if broken:
        told = _named(broken[0].text, source, copy)
        raise OutsideError(
            f"备份已损坏，工作区原样未动：{told.zh}",
            f"the backup is damaged, the workspace is as it was: {told.en}",
        )


def _named(text: Text, source: Path, copy: Path) -> Text:
    return Text(text.zh.replace(str(copy), str(source)), text.en.replace(str(copy), str(source)))
