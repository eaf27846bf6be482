"""Form 2: papers beside the networks, and plans that are proposed."""

from __future__ import annotations

import sqlite3

STATEMENTS = (
    """CREATE TABLE papers (
        network TEXT NOT NULL,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (network, kind, id, revision)
    ) WITHOUT ROWID""",
    """CREATE TABLE proposals (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        network INTEGER NOT NULL REFERENCES networks (id),
        plan TEXT NOT NULL,
        at TEXT NOT NULL,
        content TEXT NOT NULL,
        UNIQUE (network, plan)
    )""",
    """CREATE TABLE proposal_files (
        proposal INTEGER NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
        tab TEXT NOT NULL,
        size INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (proposal, tab)
    ) WITHOUT ROWID""",
)
"""A paper names its network by name, as it may be filed before there is a network. Numbers of proposals are never used
twice, so that the files of one that is withdrawn can be removed after its row. ``size`` in bytes."""


def up(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        connection.execute(statement)
