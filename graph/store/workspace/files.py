"""Files of snapshots: written aside, synced, then put in place by one rename; what a killed writer left is swept."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from graph.store.workspace.snapshot import Snapshot, version_folder

FOLDER = "snapshots"
PROPOSALS = "proposals"
WRITING = ".writing-"


@contextmanager
def staging(folder: Path, inside: str = FOLDER) -> Iterator[Path]:
    """An empty folder aside, for the files of one version or proposal; gone afterwards unless it was put in place."""
    root = folder / inside
    root.mkdir(exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=WRITING, dir=root))
    aside.chmod(0o755)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_file(aside: Path, snapshot: Snapshot, content: bytes) -> None:
    """Write and sync one file of a version.

    Raises
    ------
    OSError
        When the disk is full, or cannot be written.
    """
    write_synced(aside / snapshot.file.name, content)


def write_synced(path: Path, content: bytes) -> None:
    """Write and sync a file. Raises as :func:`write_file`."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def put_in_place(folder: Path, aside: Path, network: int, version: int) -> None:
    """Let all files of a version appear at once; the database does not name them yet.

    Raises
    ------
    OSError
        When that cannot be done.
    """
    target = folder / FOLDER / version_folder(network, version)
    sync_folder(aside)
    new = not target.parent.exists()
    target.parent.mkdir(exist_ok=True)
    os.rename(aside, target)
    sync_folder(target.parent)
    if new:
        sync_folder(target.parent.parent)


def sweep(folder: Path, heads: Mapping[int, int]) -> None:
    """Remove what writers that were killed have left; only who holds the database's lock may.

    Parameters
    ----------
    folder : Path
        The workspace's folder.
    heads : mapping of int to int
        Number of each network → its head. Of versions a killed writer can only have left the next.
    """
    root = folder / FOLDER
    if not root.is_dir():
        return
    known = {str(network) for network in heads}
    left = [
        entry
        for entry in root.iterdir()
        if entry.name.startswith(WRITING) or (entry.name.isdecimal() and entry.name not in known)
    ]
    left += [path for n, head in heads.items() if (path := root / version_folder(n, head + 1)).exists()]
    for path in left:
        shutil.rmtree(path)


def put_proposal(folder: Path, aside: Path, number: int) -> None:
    """Let all files of a proposal appear at once; the database does not name them yet. Raises as :func:`put_in_place`."""
    root = folder / PROPOSALS
    sync_folder(aside)
    os.rename(aside, root / str(number))
    sync_folder(root)


def sweep_proposals(folder: Path, known: Collection[int]) -> None:
    """Remove what killed writers left of proposals, and files of withdrawn ones; only who holds the database's lock may.

    Parameters
    ----------
    folder : Path
        The workspace's folder.
    known : collection of int
        Numbers of the proposals that the database names.
    """
    root = folder / PROPOSALS
    if not root.is_dir():
        return
    names = {str(number) for number in known}
    for entry in list(root.iterdir()):
        if entry.name.startswith(WRITING) or (entry.name.isdecimal() and entry.name not in names):
            shutil.rmtree(entry)


def holds_files(folder: Path) -> bool:
    """Whether versions or proposals are there that were put in place."""
    roots = (folder / FOLDER, folder / PROPOSALS)
    return any(entry.name.isdecimal() for root in roots if root.is_dir() for entry in root.iterdir())


def orphans(folder: Path, named: Iterable[Snapshot]) -> list[Path]:
    """Files under the folder of snapshots that the database does not name, in alphabetical order."""
    root = folder / FOLDER
    known = {root / s.file for s in named}
    return sorted(p for p in root.rglob("*") if p.is_file() and p not in known)


def sync_folder(folder: Path) -> None:
    """Make names in a folder last; a system that cannot open folders does it by itself."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
