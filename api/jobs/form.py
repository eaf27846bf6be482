"""Tables of jobs, works and events in the service's records."""

from __future__ import annotations

import sqlite3


def up(connection: sqlite3.Connection) -> None:
    """Make them."""
    connection.execute(
        "CREATE TABLE works (id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL, kind TEXT NOT NULL, words TEXT NOT NULL, "
        "state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, begun INTEGER NOT NULL DEFAULT 0, stop INTEGER NOT NULL DEFAULT 0, worker TEXT, started TEXT, ended TEXT, code INTEGER, "
        "error TEXT) STRICT"
    )
    connection.execute("CREATE INDEX works_state ON works (state, digest)")
    connection.execute(
        "CREATE TABLE jobs (id TEXT PRIMARY KEY, work INTEGER NOT NULL REFERENCES works, kind TEXT NOT NULL, arguments TEXT NOT NULL, "
        "owner TEXT NOT NULL, key TEXT, priority INTEGER NOT NULL, names INTEGER NOT NULL, submitted TEXT NOT NULL, cancelled TEXT) STRICT"
    )
    connection.execute("CREATE UNIQUE INDEX jobs_key ON jobs (owner, key) WHERE key IS NOT NULL")
    connection.execute("CREATE INDEX jobs_work ON jobs (work)")
    connection.execute("CREATE INDEX jobs_submitted ON jobs (submitted, id)")
    connection.execute(
        "CREATE TABLE events (number INTEGER PRIMARY KEY AUTOINCREMENT, work INTEGER NOT NULL REFERENCES works, at TEXT NOT NULL, "
        "kind TEXT NOT NULL, facts TEXT NOT NULL) STRICT"
    )
    connection.execute("CREATE INDEX events_work ON events (work, number)")
