"""Form 1: networks, their versions, and the snapshots of which tables are made."""

from __future__ import annotations

import sqlite3

STATEMENTS = (
    "CREATE TABLE networks (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE versions (
        network INTEGER NOT NULL REFERENCES networks (id),
        number INTEGER NOT NULL CHECK (number > 0),
        at TEXT NOT NULL,
        how TEXT NOT NULL,
        by TEXT NOT NULL,
        why TEXT NOT NULL,
        digest TEXT NOT NULL,
        about TEXT NOT NULL,
        PRIMARY KEY (network, number)
    )""",
    """CREATE TABLE given_tables (
        network INTEGER NOT NULL REFERENCES networks (id),
        tab TEXT NOT NULL,
        since INTEGER NOT NULL,
        next_position INTEGER NOT NULL,
        PRIMARY KEY (network, tab),
        FOREIGN KEY (network, since) REFERENCES versions (network, number)
    )""",
    """CREATE TABLE snapshots (
        network INTEGER NOT NULL,
        tab TEXT NOT NULL,
        version INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('rows', 'gone', 'whole')),
        height INTEGER NOT NULL,
        first_position INTEGER,
        size INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (network, tab, version, kind),
        FOREIGN KEY (network, version) REFERENCES versions (network, number)
    ) WITHOUT ROWID""",
)
"""``next_position``: place of the next new row of a table, never used twice. ``first_position``: place of a snapshot's
first row where its rows follow one another; else the file has a column of places. ``size`` in bytes."""


def up(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        connection.execute(statement)
