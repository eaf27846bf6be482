"""One SQLite file of a folder: connections, transactions, one writer at a time. Of a workspace, and of the service beside it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakSet

from graph.errors import OutsideError
from graph.store.workspace.faults import faults_told

FILE = "jiedui.sqlite3"
APPLICATION = 0x4A444944  # "JDID": says that the file is a workspace's
WAIT_S = 60.0
"""Seconds that a writer waits for another process to finish."""


class _Connection(sqlite3.Connection):
    """A connection that can be referred to weakly: it goes with its thread."""


class Database:
    """Connections to the file, one per thread. Nothing is open before it is used.

    Parameters
    ----------
    folder : Path
        The folder.
    name : str
        Name of the file in it; a workspace's by default.
    """

    def __init__(self, folder: Path, name: str = FILE) -> None:
        self.folder = folder
        self.file = folder / name
        self._own = threading.local()
        self._all: WeakSet[_Connection] = WeakSet()
        self._opened: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction in which everything is read as of one moment."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction of which there is one at a time; undone by an error.

        Raises
        ------
        OutsideError
            When the disk or the database fails, the file was moved away or exchanged, or another process goes on writing for a minute.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in list(self._all):
            connection.close()
        self._all.clear()
        self._own = threading.local()
        self._opened = None

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with faults_told(self.folder, self.file):
            connection = self._connection()
            connection.execute(begin)
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _connection(self) -> _Connection:
        self._demand_same()
        known: _Connection | None = getattr(self._own, "connection", None)
        if known is None:
            known = connected(self.file)
            self._own.connection = known
            self._all.add(known)
        return known

    def _demand_same(self) -> None:
        """The file that was opened first is still there: what is open would go on reading and writing one that was moved away."""
        there = self.file.stat()
        self._opened = self._opened or (there.st_dev, there.st_ino)
        if self._opened != (there.st_dev, there.st_ino):
            raise OutsideError(
                f"{self.file} 已被换成另一个文件；请重新启动",
                f"{self.file} is another file than the one that was opened; start anew",
            )


def connected(file: Path) -> _Connection:
    """A new connection with the settings that all have.

    Raises
    ------
    sqlite3.Error
        When the file cannot be opened or is no database.
    """
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=rw",  # a file that is not there is not made
        uri=True, timeout=WAIT_S, isolation_level=None, check_same_thread=False, factory=_Connection,
    )  # fmt: skip
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        _write_ahead(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; for this SQLite does not wait by itself."""
    until = time.monotonic() + WAIT_S
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() > until:
                raise
            time.sleep(0.01)
