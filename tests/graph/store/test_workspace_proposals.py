"""Files of proposals: whole or not there, swept, checked, backed up; and workspaces of before there were any."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.errors import OutsideError
from graph.store.papers import Filing
from graph.store.proposal import NoSuchProposal
from graph.store.workspace import Workspace, database, files, migrations, open_workspace, proposals
from graph.store.workspace.database import FILE
from graph.store.workspace.migrations import MIGRATIONS
from tests.graph.store.small_networks import begin, put, small
from tests.graph.store.small_plans import TABLES, full, told


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with a network."""
    workspace = open_workspace(tmp_path / "office", create=True)
    begin(workspace, frames=full())
    yield workspace
    workspace.close()


def there(office: Workspace) -> list[str]:
    """What lies in the folder of proposals."""
    folder = office.folder / files.PROPOSALS
    return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


def whole(office: Workspace, plan: str = "p1") -> None:
    """A plan is proposed as it was made."""
    for table, frame in TABLES.items():
        assert office.proposed("office", plan, table).equals(frame), table


class Ended(BaseException):
    """The process is gone."""


POINTS = ("_written", "put_proposal", "fsync", "rename", "COMMIT")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", POINTS)
def test_ended_at_every_point(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, point: str, when: str
) -> None:
    """Before the commit there is no proposal, after it a whole one; what was left over is swept by the next writer."""
    place: Any = {"fsync": files.os, "rename": files.os, "COMMIT": database._Connection}.get(point, proposals)
    name = "execute" if point == "COMMIT" else point
    own = getattr(place, name)

    def ending(*args: Any, **more: Any) -> Any:
        if point == "COMMIT" and args[1] != "COMMIT":
            return own(*args, **more)
        if when == "before":
            raise Ended
        own(*args, **more)
        raise Ended

    with monkeypatch.context() as patch:
        patch.setattr(place, name, ending)
        patch.setattr(files.shutil, "rmtree", lambda *_, **__: None)  # a dead process tidies nothing
        with pytest.raises(Ended):
            office.propose("office", told("p1"), TABLES)
    reopened = open_workspace(office.folder)
    try:
        assert reopened.check() == []
        if (point, when) == ("COMMIT", "after"):
            whole(reopened)
        else:
            assert reopened.proposals("office") == []
            assert there(reopened)
            reopened.write("office", put("units", {"id": "u9", "name": "n"}), base=1, how="load", by="t")
            assert there(reopened) == []
        reopened.propose("office", told("p1"), TABLES)
        whole(reopened)
        assert len(there(reopened)) == 1
    finally:
        reopened.close()


def test_withdrawn_its_files_go_now_or_with_the_next_writer(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.propose("office", told("p1"), TABLES)
    office.propose("office", told("p2"), TABLES)
    office.withdraw("office", "p1")
    assert there(office) == ["2"]
    with monkeypatch.context() as patch:
        patch.setattr(proposals.shutil, "rmtree", lambda *_, **__: None)
        office.withdraw("office", "p2")
    assert there(office) == ["2"] and office.check() == []
    office.propose("office", told("p3"), TABLES)
    assert there(office) == ["3"]  # a number is never used twice
    whole(office, "p3")


def test_a_reader_of_what_is_withdrawn_is_told_so(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files go between looking them up and reading them: that is no damage."""
    office.propose("office", told("p1"), TABLES)
    own, first = office._kept, []

    def slow(*words: str) -> Any:
        kept = own(*words)
        if not first:
            first.append(kept)
            office.withdraw("office", "p1")
        return kept

    monkeypatch.setattr(office, "_kept", slow)
    with pytest.raises(NoSuchProposal):
        office.proposed("office", "p1", "pairs")


def test_damage_is_told(office: Workspace) -> None:
    office.propose("office", told("p1"), TABLES)
    file = office.folder / files.PROPOSALS / "1" / "exits.parquet"
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)
    assert [b.file for b in office.check()] == [file]
    file.write_bytes(content[:-5])
    for call in (
        lambda: office.proposed("office", "p1", "exits"),
        lambda: office.backup(office.folder.parent / "copy"),
    ):
        with pytest.raises(OutsideError) as error:
            call()
        assert all(str(file) in text for text in error.value.text)
    file.unlink()
    assert [b.file for b in office.check()] == [file]
    with pytest.raises(OutsideError):
        office.proposed("office", "p1", "exits")
    assert not (office.folder.parent / "copy").exists()
    assert office.proposed("office", "p1", "pairs").equals(TABLES["pairs"])


def test_a_full_disk(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", full_disk)
        with pytest.raises(OutsideError) as error:
            office.propose("office", told("p1"), TABLES)
    assert "磁盘已满" in error.value.text.zh
    assert office.proposals("office") == [] and there(office) == []
    office.propose("office", told("p1"), TABLES)
    whole(office)


def test_a_backup_has_papers_and_proposals(office: Workspace, tmp_path: Path) -> None:
    office.propose("office", told("p1"), TABLES)
    office.file("office", [Filing("note", "n", {"a": 1}, 0)], by="t")
    office.backup(tmp_path / "copy")
    copy = open_workspace(tmp_path / "copy")
    try:
        assert copy.check() == [] and copy.proposals("office") == [told("p1")]
        whole(copy)
        assert [p.content for p in copy.papers("office", "note")] == [{"a": 1}]
    finally:
        copy.close()


def test_backups_while_plans_come_and_go(office: Workspace, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            office.propose("office", told("p1"), TABLES)
            office.withdraw("office", "p1")

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for n in range(6):
            office.backup(tmp_path / f"copy{n}")
            assert office.check() == []
    finally:
        stop.set()
        thread.join(60)
    for n in range(6):
        copy = open_workspace(tmp_path / f"copy{n}")
        assert copy.check() == []
        for proposal in copy.proposals("office"):
            whole(copy, proposal.plan)
        copy.close()


def test_withdrawn_while_it_is_backed_up(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the copy of the database and that of the files: the copy has no such proposal."""
    from graph.store.workspace import backup

    office.propose("office", told("p1"), TABLES)
    office.propose("office", told("p2"), TABLES)
    own = backup._named

    def slow(copy: Path) -> Any:
        named = own(copy)
        office.withdraw("office", "p1")
        return named

    monkeypatch.setattr(backup, "_named", slow)
    office.backup(tmp_path / "copy")
    copy = open_workspace(tmp_path / "copy")
    try:
        assert copy.check() == [] and [p.plan for p in copy.proposals("office")] == ["p2"]
        whole(copy, "p2")
    finally:
        copy.close()


def test_a_workspace_of_the_first_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has networks and versions, and nothing else yet."""
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", MIGRATIONS[:1])
        patch.setattr("graph.store.workspace.writing.papers.file", lambda *_: [])
        patch.setattr("graph.store.workspace.writing.proposals.numbers", lambda _: [])
        old = open_workspace(tmp_path / "office", create=True)
        begin(old)
        old.write("office", put("units", {"id": "u1", "name": "two"}), base=1, how="request", by="t")
        old.close()
    with closing(sqlite3.connect(old.folder / FILE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    new = open_workspace(old.folder)
    try:
        assert new.read("office", version=1).frame("units").equals(small()["units"])
        assert new.head("office").number == 2 and new.check() == []
        assert new.papers("office", "note") == [] and new.proposals("office") == []
        new.file("office", [Filing("note", "n", {}, 0)], by="t")
        tables = {"exits": TABLES["exits"]}
        new.propose("office", told("p1", tables), tables)
        assert new.proposed("office", "p1", "exits").equals(TABLES["exits"])
        assert (
            new.write("office", put("units", {"id": "u1", "name": "3"}), base=2, how="request", by="t").number
            == 3
        )
    finally:
        new.close()
    with closing(sqlite3.connect(old.folder / migrations.COPIES / "1.sqlite3")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        assert "versions" in names and "papers" not in names
