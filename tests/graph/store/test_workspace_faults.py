"""What goes wrong outside gets one clear line, and nothing is half stored."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graph.errors import JieduiError, OutsideError
from graph.store.workspace import Workspace, files, open_workspace, writing
from graph.store.workspace.database import FILE
from graph.store.workspace.files import orphans
from tests.graph.store.small_networks import begin, put, small

MORE = put("units", {"id": "u1", "name": "more"})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with a network of one version."""
    workspace = open_workspace(tmp_path / "office", create=True)
    begin(workspace)
    yield workspace
    workspace.close()


def snapshot(office: Workspace, table: str) -> Path:
    """The file of a table's first version."""
    return office.folder / "snapshots" / "1" / "1" / f"{table}.parquet"


def said(error: JieduiError, *words: str) -> None:
    """Both languages name all of the words."""
    for text in error.text:
        for word in words:
            assert word in text
        assert "\n" not in text


def test_a_folder_that_was_moved_away_is_not_read_on_and_is_well_when_it_is_back(office: Workspace) -> None:
    away = office.folder.with_name("away")
    office.folder.rename(away)
    for work in (
        lambda: office.head("office"),
        lambda: office.write("office", MORE, base=1, how="change", by="t"),
    ):
        with pytest.raises(OutsideError) as told:
            work()
        said(told.value, str(office.folder))
    shutil.copytree(away, office.folder)
    with pytest.raises(OutsideError, match="another file than the one that was opened; start anew"):
        office.head("office")
    shutil.rmtree(office.folder)
    away.rename(office.folder)
    assert office.head("office").number == 1
    assert office.write("office", MORE, base=1, how="change", by="t").number == 2


@pytest.mark.parametrize("step", ["write", "fsync", "rename", "mkdir"])
def test_a_full_disk(office: Workspace, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """At the third file, where files are written one by one; then there is room again."""
    calls = 0

    def full(*args: Any, **more: Any) -> None:
        nonlocal calls
        calls += 1
        if calls > 2 or step in ("rename", "mkdir"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        if step == "write":
            patch.setattr(writing, "write_file", full)
        elif step == "mkdir":
            patch.setattr(files.tempfile, "mkdtemp", full)
        else:
            patch.setattr(files.os, step, full)
        with pytest.raises(OutsideError) as told:
            begin(office, "second")
    said(told.value, str(office.folder))
    assert "磁盘已满" in told.value.text.zh
    assert office.networks() == ["office"]
    assert orphans(office.folder, office.snapshots()) == []
    assert office.check() == []
    assert begin(office, "second").number == 1


def test_a_full_disk_under_the_database(office: Workspace) -> None:
    with office._database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    office._database._connection().execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OutsideError) as told:
        for n in range(200):
            office.write(
                "office", put("units", {"id": "u1", "name": str(n)}), base=n + 1, how="load", by="t" * 500
            )
    said(told.value, str(office.folder))
    assert "磁盘已满" in told.value.text.zh
    head = office.head("office").number
    office._database.close()
    assert office.write("office", MORE, base=head, how="load", by="t").number == head + 1
    assert orphans(office.folder, office.snapshots()) == []


def test_a_commit_whose_end_is_unknown_loses_no_file(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails at the commit: files stay until the next writer knows that no version names them."""
    from graph.store.workspace import database

    own = database._Connection.execute

    def failing(self: Any, statement: str, *args: Any) -> Any:
        if statement == "COMMIT":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return own(self, statement, *args)

    with monkeypatch.context() as patch:
        patch.setattr(database._Connection, "execute", failing)
        with pytest.raises(OutsideError):
            office.write("office", MORE, base=1, how="load", by="t")
    assert office.head("office").number == 1
    assert [p.name for p in orphans(office.folder, office.snapshots())] == ["units.parquet"]
    assert office.write("office", MORE, base=1, how="load", by="t").number == 2
    assert office.check() == []


def test_a_missing_snapshot(office: Workspace) -> None:
    file = snapshot(office, "units")
    file.unlink()
    with pytest.raises(OutsideError) as told:
        office.read("office")
    said(told.value, str(file))
    assert office.read("office", tables=["regions"]).frame("regions").height == 5
    assert [b.file for b in office.check()] == [file]
    said(told.value)
    with pytest.raises(OutsideError):
        office.write("office", MORE, base=1, how="load", by="t")
    assert office.head("office").number == 1


def test_a_snapshot_of_another_size(office: Workspace) -> None:
    file = snapshot(office, "units")
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(OutsideError) as told:
        office.read("office")
    said(told.value, str(file))
    assert [b.file for b in office.check()] == [file]
    small()["units"][:1].write_parquet(file)  # a good file, but another
    with pytest.raises(OutsideError):
        office.read("office")


@pytest.mark.parametrize("where", [0, 4, 60, -30, -8, -1])
def test_a_snapshot_of_which_a_byte_was_changed(office: Workspace, where: int) -> None:
    """`check` finds it wherever it is; a read either says so or gives a table, never a traceback."""
    file = snapshot(office, "units")
    content = bytearray(file.read_bytes())
    content[where] ^= 0x55
    file.write_bytes(content)
    broken = office.check()
    assert [b.file for b in broken] == [file]
    for text in broken[0].text:
        assert str(file) in text
    try:
        assert isinstance(office.read("office").frame("units"), pl.DataFrame)
    except OutsideError as error:
        said(error, str(file))


def test_a_database_that_is_none(office: Workspace) -> None:
    office.close()
    (office.folder / FILE).write_bytes(b"this is a letter, not a database" * 200)
    with pytest.raises(OutsideError) as told:
        open_workspace(office.folder)
    said(told.value, FILE)


def test_a_database_with_a_damaged_page(office: Workspace) -> None:
    office.close()
    file = office.folder / FILE
    content = bytearray(file.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    file.write_bytes(content)
    with pytest.raises(OutsideError) as told:
        open_workspace(office.folder).read("office")
    said(told.value, FILE)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JieduiError) as told:
        open_workspace(tmp_path / "file" / "office", create=True)
    said(told.value, str(tmp_path / "file"))


@pytest.mark.parametrize("code", [sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR])
def test_a_database_that_cannot_be_opened(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    from graph.store.workspace import database

    def refused(*args: Any) -> None:
        error = sqlite3.OperationalError("no")
        error.sqlite_errorcode = code
        raise error

    office.close()
    monkeypatch.setattr(database, "connected", refused)
    with pytest.raises(OutsideError) as told:
        office.networks()
    said(told.value, str(office.folder))


@pytest.mark.parametrize(
    ("code", "free", "full"),
    [
        (sqlite3.SQLITE_IOERR | 19 << 8, 4096, True),  # as it says where the shared file cannot grow
        (sqlite3.SQLITE_CANTOPEN, 0, True),
        (sqlite3.SQLITE_FULL, 1 << 40, True),
        (sqlite3.SQLITE_IOERR, 1 << 40, False),
        (sqlite3.SQLITE_CANTOPEN, 1 << 40, False),
        (sqlite3.SQLITE_CORRUPT, 0, False),
    ],
)
def test_reading_on_a_full_disk(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, code: int, free: int, full: bool
) -> None:
    from graph.store.workspace import database, faults

    def refused(*args: Any) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = code
        raise error

    office.close()
    monkeypatch.setattr(database, "connected", refused)
    usage = type(faults.shutil.disk_usage(office.folder))(1 << 41, (1 << 41) - free, free)
    monkeypatch.setattr(faults.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(OutsideError) as told:
        office.read("office")
    said(told.value, str(office.folder))
    assert ("磁盘已满" in told.value.text.zh) == ("the disk is full" in told.value.text.en) == full


def test_a_clock_that_goes_backwards(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moments of versions never do; and each day has the version that was the head at its end."""
    start = datetime(2030, 5, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    moments = iter([start, start - timedelta(days=3), start + timedelta(microseconds=1)])
    monkeypatch.setattr(writing, "now", lambda: next(moments))
    for n in range(3):
        office.write("office", put("units", {"id": "u1", "name": str(n)}), base=n + 1, how="load", by="t")
    assert [v.at for v in office.versions("office")[1:]] == [start, start, start + timedelta(microseconds=1)]
    days = [office.version_on("office", date(2030, 4, 30) + timedelta(days=n)) for n in range(4)]
    assert days == [1, 3, 4, 4]


def test_a_table_of_an_older_jiedui_gets_its_new_columns(office: Workspace) -> None:
    """Files lack a column that was declared after they were written: it has its default."""
    from graph.store.workspace.reading import Reader
    from graph.store.workspace.snapshot import encoded, version_folder

    older = small()["units"].drop("profile", "kind")
    (told,) = [s for s in office.snapshots() if s.table == "units"]
    snap, content = encoded(
        told.network, told.version, "units", "rows", older, pl.int_range(2, eager=True).to_numpy()
    )
    (office.folder / "snapshots" / version_folder(told.network, told.version) / "units.parquet").write_bytes(
        content
    )
    read = Reader(office.folder).table("units", [snap])
    assert read.equals(small()["units"].with_columns(kind=pl.lit("other"), profile=pl.lit(None, pl.String)))


def test_the_same_changes_give_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        workspace = open_workspace(tmp_path / name, create=True)
        begin(workspace)
        workspace.write("office", MORE, base=1, how="load", by="t")
        root = workspace.folder / "snapshots"
        found.append({str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*.parquet")})
        workspace.close()
    assert found[0] == found[1]
    assert len(found[0]) == 6
