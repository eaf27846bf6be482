"""A backup brought back: whole and in its place, or everything as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.errors import InputError, OutsideError, UsageError
from graph.store.workspace import Workspace, open_workspace
from graph.store.workspace.database import FILE
from graph.store.workspace.restore import ASIDE, restore
from tests.graph.store.small_networks import begin, put

MORE = put("units", {"id": "u1", "name": "more"})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of one version, with a backup ``monday``, and then another version."""
    workspace = open_workspace(tmp_path / "office", create=True)
    begin(workspace)
    workspace.backup(tmp_path / "monday")
    workspace.write("office", MORE, base=1, how="load", by="t")
    workspace.close()
    yield workspace
    workspace.close()


def head(folder: Path) -> int:
    workspace = open_workspace(folder)
    number = workspace.head("office").number
    assert workspace.check() == []
    workspace.close()
    return number


def test_the_old_folder_is_moved_aside(office: Workspace, tmp_path: Path) -> None:
    aside = restore(tmp_path / "monday", office.folder)
    assert aside == tmp_path / f"office{ASIDE}"
    assert (head(office.folder), head(aside), head(tmp_path / "monday")) == (1, 2, 1)
    with pytest.raises(UsageError, match="before-restore"):
        restore(tmp_path / "monday", office.folder)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["monday", "office", f"office{ASIDE}"]
    assert restore(tmp_path / "monday", tmp_path / "deep" / "new") is None
    assert head(tmp_path / "deep" / "new") == 1


def test_a_damaged_backup_changes_nothing(office: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "monday" / "snapshots" / "1" / "1" / "units.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(OutsideError) as told:
        restore(tmp_path / "monday", office.folder)
    assert all(str(file) in text for text in told.value.text)
    (tmp_path / "monday" / FILE).write_bytes(b"no database" * 900)
    with pytest.raises(OutsideError) as told:
        restore(tmp_path / "monday", office.folder)
    assert all(str(tmp_path / "monday" / FILE) in text for text in told.value.text)
    assert head(office.folder) == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["monday", "office"]


def test_what_is_no_workspace_stays(office: Workspace, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").touch()
    with pytest.raises(InputError, match="letters"):
        restore(tmp_path / "monday", tmp_path / "letters")
    with pytest.raises(UsageError, match="letters"):
        restore(tmp_path / "letters", office.folder)
    assert [p.name for p in (tmp_path / "letters").iterdir()] == ["letter.txt"]
    assert head(office.folder) == 2


def test_a_rename_that_fails_brings_the_old_one_back(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = os.rename

    def failing(source: Path, target: Path) -> None:
        if target == office.folder and ".backup-" in str(source):
            raise OSError(5, os.strerror(5))
        own(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", failing)
        with pytest.raises(OutsideError):
            restore(tmp_path / "monday", office.folder)
    assert head(office.folder) == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["monday", "office"]


@pytest.mark.parametrize("with_files", [True, False])
def test_an_emptied_database(office: Workspace, with_files: bool) -> None:
    """With snapshots beside it, it is damaged, opened once or twice; without, it is a new one."""
    (office.folder / FILE).write_bytes(b"")
    if not with_files:
        for file in (office.folder / "snapshots").rglob("*.parquet"):
            file.unlink()
        for folder in ("1/1", "1/2", "1"):
            (office.folder / "snapshots" / folder).rmdir()
        workspace = open_workspace(office.folder)
        assert workspace.networks() == []
        workspace.close()
        return
    for _ in range(2):
        with pytest.raises(OutsideError) as told:
            open_workspace(office.folder)
        for text in told.value.text:
            assert FILE in text and "jiedui graph restore" in text and str(office.folder) in text
    assert (office.folder / "snapshots" / "1" / "2" / "units.parquet").is_file()
