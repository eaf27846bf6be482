"""The audit log's table in the service's records: SQLite itself refuses to change, remove or slip in a row."""

from __future__ import annotations

import sqlite3

from api.service.audit.entry import FIRST


def up(connection: sqlite3.Connection) -> None:
    """Make it."""
    connection.execute(
        "CREATE TABLE audit (number INTEGER PRIMARY KEY, at TEXT NOT NULL, step TEXT NOT NULL, caller TEXT, via TEXT, address TEXT, "
        "request TEXT NOT NULL, method TEXT NOT NULL, route TEXT NOT NULL, parameters TEXT NOT NULL, status INTEGER, facts TEXT NOT NULL, "
        "before TEXT NOT NULL, hash TEXT NOT NULL) STRICT"
    )
    connection.execute("CREATE INDEX audit_request ON audit (request, step)")
    connection.execute("CREATE INDEX audit_caller ON audit (caller)")
    connection.execute("CREATE INDEX audit_at ON audit (at)")
    for verb in ("UPDATE", "DELETE"):
        connection.execute(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        )
    connection.execute(  # REPLACE removes rows without asking the trigger above: a number that is taken does not get that far
        "CREATE TRIGGER audit_chained BEFORE INSERT ON audit WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM audit) "
        f"OR NEW.before IS NOT (SELECT coalesce((SELECT hash FROM audit ORDER BY number DESC LIMIT 1), '{FIRST}')) "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to at its end'); END"
    )
