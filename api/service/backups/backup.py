"""Save a data folder into one file while the service runs.

The databases come first, each copied as of one moment; what is edited in place (scenarios, uploads) is read while nobody may write;
then plans, results and other files, which never change once they are there. So whatever a copied record names is in the backup. A table
of names that somebody put into a scenario's folder by hand is left out: no scenario with one is used (:mod:`api.service.scenarios.nameless`).
"""

from __future__ import annotations

import os
import tarfile
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from api.jobs.job import OPEN
from api.jobs.means import FOLDER as WORKS
from api.service.backups.archive import Written
from api.service.backups.inside import DATABASE, files_in, works_in, workspaces
from api.service.records import FILE
from api.service.scenarios.kept import FOLDER as SCENARIOS
from api.service.scenarios.nameless import is_of_names
from api.service.uploads.tray import FOLDER as UPLOADS
from graph.errors import UsageError
from graph.store.workspace import open_workspace
from graph.store.workspace.database import Database
from graph.store.workspace.files import sync_folder
from graph.store.workspace.migrations import copy_database
from graph.tables.write import disk_told

EDITED = (SCENARIOS, UPLOADS)
"""Folders whose files change."""
PACKED = (".gz", ".tgz")


def save(data: Path, target: Path, *, folder: bool = False) -> Path:
    """Write a backup; the file, which has ``jiedui-…`` as its name where ``target`` is a folder.

    Parameters
    ----------
    data : Path
        The service's data folder; a service may be running on it.
    target : Path
        The new file (``….tar``, or packed ``….tar.gz``), or a folder to put it into.
    folder : bool
        Whether ``target`` is meant as a folder, which is made where it is not there.

    Raises
    ------
    UsageError
        When there is no service's data, the file is there already or lies in the folder that is saved, or the folder is a file.
    InputError
        When a link in the folder leads out of it.
    OutsideError
        When the disk fails or is full, or a service goes on writing for a minute; no half backup is left.
    """
    if not (data / FILE).is_file():
        raise UsageError(
            f"{data} 不是服务的数据文件夹（没有 {FILE}）；用 --data 指明",
            f"{data} is no data folder of a service (it has no {FILE}); name it with --data",
        )
    if folder and target.is_file():
        raise UsageError(
            f"{target} 是文件，不是文件夹；请去掉末尾的斜杠，或换一个名称",
            f"{target} is a file and no folder; leave out the slash at its end, or name another",
        )
    if folder or target.is_dir():
        target = target / f"jiedui-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    if target.exists():
        raise UsageError(
            f"{target} 已存在；备份请用新的文件名",
            f"{target} is there already; name a new file for the backup",
        )
    if target.absolute().is_relative_to(data.absolute()):
        raise UsageError(
            f"{target} 在要备份的文件夹里；请放在别处",
            f"{target} lies in the folder that is saved; put it elsewhere",
        )
    with disk_told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as name:
            half = Path(name) / "half"
            _write(data, half, Path(name), packed=target.suffix in PACKED)
            os.link(half, target)  # never over another that came meanwhile
        sync_folder(target.parent)
    return target


def _write(data: Path, half: Path, scratch: Path, *, packed: bool) -> None:
    with half.open("xb") as opened:
        os.chmod(half, 0o600)  # tokens' hashes and the key of sessions are in it
        with tarfile.open(fileobj=opened, mode="w|gz" if packed else "w|", format=tarfile.PAX_FORMAT) as tar:
            _fill(data, Written(tar), scratch)
        opened.flush()
        os.fsync(opened.fileno())


def _fill(data: Path, archive: Written, scratch: Path) -> None:
    records = Database(data, FILE)
    with closing(records):
        with records.writing():  # nobody edits meanwhile
            _add_database(archive, data / FILE, FILE, scratch)
            for name in EDITED:
                _add_folder(archive, data, data / name, set(), scratch)
        done = _ended(scratch / FILE, data)
    spaces = workspaces(data)
    for number, space in enumerate(spaces):
        copy = scratch / f"workspace{number}"
        with closing(open_workspace(space)) as workspace:
            workspace.backup(copy)
        for file in sorted(p for p in copy.rglob("*") if p.is_file()):
            archive.add(file, (space.relative_to(data) / file.relative_to(copy)).as_posix())
    without = {*spaces, *(data / name for name in EDITED), *(works_in(data) - done)}
    _add_folder(archive, data, data, without, scratch)
    archive.close()


def _ended(records: Path, data: Path) -> set[Path]:
    """Folders of works that had ended when the records were copied: the others are carried out anew."""
    with closing(Database(records.parent, records.name)) as copy, copy.reading() as connection:
        rows = connection.execute("SELECT id, state FROM works").fetchall()
    return {data / WORKS / str(id) for id, state in rows if state not in OPEN}


def _add_folder(archive: Written, data: Path, folder: Path, without: set[Path], scratch: Path) -> None:
    for file in files_in(folder, without):
        name = file.relative_to(data).as_posix()
        if name in archive.files or (name.startswith(f"{SCENARIOS}/") and is_of_names(file)):
            continue
        if file.suffix == DATABASE:
            _add_database(archive, file, name, scratch)
            continue
        try:
            if file.is_symlink():
                archive.link(file, name)
            else:
                archive.add(file, name)
        except FileNotFoundError:  # forgotten or withdrawn meanwhile, by somebody who may
            continue


def _add_database(archive: Written, file: Path, name: str, scratch: Path) -> None:
    copy = scratch / file.name
    copy_database(file, copy)
    archive.add(copy, name)
