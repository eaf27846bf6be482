"""Backups: whole and consistent, or none."""

from __future__ import annotations

import errno
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.errors import OutsideError, UsageError
from graph.store.changes import merged
from graph.store.workspace import Workspace, backup, open_workspace
from tests.graph.store.small_networks import begin, put, small


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with a network of two versions."""
    workspace = open_workspace(tmp_path / "office", create=True)
    begin(workspace)
    workspace.write("office", put("units", {"id": "u1", "name": "two"}), base=1, how="load", by="t")
    yield workspace
    workspace.close()


def test_a_backup_is_a_workspace(office: Workspace, tmp_path: Path) -> None:
    office.backup(tmp_path / "copies" / "monday")
    office.write("office", put("units", {"id": "u1", "name": "three"}), base=2, how="load", by="t")
    copy = open_workspace(tmp_path / "copies" / "monday")
    assert copy.head("office").number == 2
    assert copy.read("office").frame("units")["name"][0] == "two"
    assert copy.read("office", version=1).frame("units").equals(small()["units"])
    assert copy.check() == []
    copy.close()
    assert [p.name for p in (tmp_path / "copies").iterdir()] == ["monday"]


def test_restored_by_putting_it_in_place(office: Workspace, tmp_path: Path) -> None:
    office.backup(tmp_path / "monday")
    office.close()
    shutil.rmtree(office.folder)
    shutil.copytree(tmp_path / "monday", office.folder)
    restored = open_workspace(office.folder)
    assert restored.check() == []
    number = restored.write(
        "office", put("units", {"id": "u1", "name": "on"}), base=2, how="load", by="t"
    ).number
    assert number == 3
    restored.close()


def test_while_another_writes(office: Workspace, tmp_path: Path) -> None:
    """Each copy is of one moment: two tables that every version changes agree in it."""
    stop = threading.Event()

    def write() -> None:
        number = 2
        while not stop.is_set():
            both = merged(
                [
                    put("units", {"id": "u1", "name": str(number)}),
                    put("cadres", {"id": "c1", "household": str(number)}),
                ]
            )
            number = office.write("office", both, base=number, how="load", by="t").number

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for n in range(4):
            office.backup(tmp_path / f"copy{n}")
    finally:
        stop.set()
        thread.join(60)
    for n in range(4):
        copy = open_workspace(tmp_path / f"copy{n}")
        assert copy.check() == []
        read = copy.read("office")
        pair = read.frame("units")["name"][0], read.frame("cadres")["household"][0]
        assert pair[0] == pair[1] or pair == ("two", None)
        copy.close()


def test_nothing_is_overwritten(office: Workspace, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(UsageError, match="there"):
        office.backup(tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []


def test_a_damaged_workspace_gives_no_backup(office: Workspace, tmp_path: Path) -> None:
    file = office.folder / "snapshots" / "1" / "1" / "units.parquet"
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)
    with pytest.raises(OutsideError) as told:
        office.backup(tmp_path / "copy")
    assert all(str(file) in text for text in told.value.text)
    file.unlink()
    with pytest.raises(OutsideError):
        office.backup(tmp_path / "copy")
    assert [p.name for p in tmp_path.iterdir()] == ["office"]


def test_a_full_disk_gives_no_backup(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup.shutil, "copyfile", full)
    with pytest.raises(OutsideError, match=r"磁盘已满|No space left") as told:
        office.backup(tmp_path / "copy")
    assert str(tmp_path / "copy") in told.value.text.en
    assert [p.name for p in tmp_path.iterdir()] == ["office"]
