"""Tables of passes and of logins that are under way, in the service's records."""

from __future__ import annotations

import sqlite3


def up(connection: sqlite3.Connection) -> None:
    """Make them."""
    connection.execute(
        "CREATE TABLE passes (id TEXT PRIMARY KEY, kind TEXT NOT NULL, user TEXT NOT NULL, role INTEGER NOT NULL, regions TEXT NOT NULL, "
        "sees_names INTEGER NOT NULL, scopes TEXT NOT NULL, label TEXT NOT NULL, made_by TEXT NOT NULL, made REAL NOT NULL, "
        "expires REAL NOT NULL, idle_seconds REAL, used REAL, ended REAL, parent TEXT REFERENCES passes, salt BLOB NOT NULL, "
        "digest BLOB NOT NULL) STRICT"
    )
    connection.execute("CREATE INDEX passes_user ON passes (user)")
    connection.execute("CREATE INDEX passes_made ON passes (kind, made, id)")
    connection.execute(
        "CREATE TABLE logins (state TEXT PRIMARY KEY, browser BLOB NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL, next TEXT NOT NULL, "
        "expires REAL NOT NULL) STRICT"
    )
