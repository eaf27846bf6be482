"""Forms of the database: forward, under a lock, after a copy."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from graph.errors import InputError, OutsideError
from graph.store.workspace import migrations, open_workspace
from graph.store.workspace.database import FILE, Database
from graph.store.workspace.migrations import MIGRATIONS, migrate
from tests.graph.store.small_networks import begin, small


def add_labels(connection: sqlite3.Connection) -> None:
    """A migration that nobody needs."""
    connection.execute("CREATE TABLE labels (name TEXT)")
    connection.execute("INSERT INTO labels SELECT name FROM networks")


def fails_half_way(connection: sqlite3.Connection) -> None:
    """A migration with a defect."""
    connection.execute("CREATE TABLE half (name TEXT)")
    connection.execute("INSERT INTO nowhere VALUES (1)")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A workspace's folder, closed."""
    workspace = open_workspace(tmp_path / "office", create=True)
    begin(workspace)
    workspace.close()
    return workspace.folder


def ask(file: Path, question: str) -> list[tuple[object, ...]]:
    """Rows of a database."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(question).fetchall()


def test_a_new_one_has_the_newest_form(office: Path) -> None:
    assert ask(office / FILE, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert ask(office / FILE, "PRAGMA journal_mode") == [("wal",)]
    assert not (office / migrations.COPIES).exists()


def test_an_older_one_becomes_new_after_a_copy(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, add_labels))
    workspace = open_workspace(office)
    assert workspace.read("office").frame("units").equals(small()["units"])
    workspace.close()
    assert ask(office / FILE, "SELECT name FROM labels") == [("office",)]
    copy = office / migrations.COPIES / f"{len(MIGRATIONS)}.sqlite3"
    assert ask(copy, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert ask(copy, "SELECT name FROM networks") == [("office",)]
    assert [p.name for p in copy.parent.iterdir()] == [copy.name]


def test_many_at_once_migrate_once(office: Path) -> None:
    def opened(_: int) -> list[tuple[object, ...]]:
        database = Database(office)
        migrate(database, (*MIGRATIONS, add_labels))
        database.close()
        return ask(office / FILE, "SELECT name FROM labels")

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(opened, range(6))) == [[("office",)]] * 6


def test_many_at_once_make_one(tmp_path: Path) -> None:
    def opened(n: int) -> str:
        workspace = open_workspace(tmp_path / "new", create=True)
        begin(workspace, f"n{n}")
        workspace.close()
        return f"n{n}"

    with ThreadPoolExecutor(6) as pool:
        names = list(pool.map(opened, range(6)))
    workspace = open_workspace(tmp_path / "new")
    assert workspace.networks() == sorted(names)
    assert workspace.check() == []
    workspace.close()


def test_a_step_that_fails_leaves_the_old_form(office: Path) -> None:
    database = Database(office)
    with pytest.raises(sqlite3.OperationalError):
        migrate(database, (*MIGRATIONS, add_labels, fails_half_way))
    database.close()
    assert ask(office / FILE, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert ask(office / FILE, "SELECT name FROM sqlite_master WHERE name IN ('half', 'labels')") == []
    open_workspace(office).close()


def test_a_newer_one_is_refused(office: Path) -> None:
    with closing(sqlite3.connect(office / FILE)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(InputError) as told:
        open_workspace(office)
    for text in told.value.text:
        assert "99" in text
    assert ask(office / FILE, "PRAGMA user_version") == [(99,)]


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with closing(sqlite3.connect(tmp_path / "other" / FILE)) as connection:
        connection.execute("CREATE TABLE mine (a)")
        connection.commit()
    with pytest.raises(InputError, match=FILE):
        open_workspace(tmp_path / "other", create=True)
    assert ask(tmp_path / "other" / FILE, "SELECT name FROM sqlite_master") == [("mine",)]


def test_a_locked_one_is_told(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from graph.store.workspace import database

    monkeypatch.setattr(database, "WAIT_S", 0.05)
    with closing(sqlite3.connect(office / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        workspace = open_workspace(office)
        assert workspace.head("office").number == 1  # readers do not wait
        with pytest.raises(OutsideError, match=r"另|another"):
            begin(workspace, "second")
        workspace.close()
