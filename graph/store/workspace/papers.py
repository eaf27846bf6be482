"""Papers in the database: one row per filing. All the SQL of them is here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from graph.store.papers import Filing, Paper, StalePaper

_FIELDS = "kind, id, revision, at, by, content"


def papers(connection: sqlite3.Connection, network: str, kind: str) -> list[Paper]:
    """The newest filing of every paper of a kind, by id."""
    rows = connection.execute(
        f"SELECT {_FIELDS} FROM papers AS p WHERE network = ? AND kind = ? AND revision = (SELECT max(revision) "
        "FROM papers AS q WHERE q.network = p.network AND q.kind = p.kind AND q.id = p.id) ORDER BY id",
        (network, kind),
    )
    return [_paper(row) for row in rows]


def paper_log(connection: sqlite3.Connection, network: str, kind: str, id: str) -> list[Paper]:
    """All filings of a paper, the oldest first; none where there is no such paper."""
    rows = connection.execute(
        f"SELECT {_FIELDS} FROM papers WHERE network = ? AND kind = ? AND id = ? ORDER BY revision",
        (network, kind, id),
    )
    return [_paper(row) for row in rows]


def file(connection: sqlite3.Connection, network: str, filings: Sequence[Filing], by: str) -> list[Paper]:
    """File papers inside the caller's writing transaction; it is undone where one is stale.

    Raises
    ------
    StalePaper
        When one was filed by somebody else in the meantime.
    """
    return [_file(connection, network, filing, by) for filing in filings]


def _file(connection: sqlite3.Connection, network: str, filing: Filing, by: str) -> Paper:
    which = (network, filing.kind, filing.id)
    (revision,) = connection.execute(
        "SELECT coalesce(max(revision), 0) FROM papers WHERE network = ? AND kind = ? AND id = ?", which
    ).fetchone()
    if revision != filing.after:
        raise StalePaper(filing, int(revision))
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    content = json.dumps(filing.content, ensure_ascii=False)
    row = (filing.kind, filing.id, filing.after + 1, at, by, content)
    connection.execute(
        f"INSERT INTO papers (network, {_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?)", (network, *row)
    )
    return _paper(row)


def _paper(row: Sequence[Any]) -> Paper:
    kind, id, revision, at, by, content = row
    return Paper(kind, id, revision, datetime.fromisoformat(at), by, json.loads(content))
