"""Adding to the audit log, and reading it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.service.audit.anchor import Anchor, Head
from api.service.audit.entry import COLUMNS, FIRST, Doing, Entry, digest
from graph.store.workspace.database import Database

SELECT = f"SELECT {', '.join(COLUMNS)} FROM audit"
OPEN = "(step <> 'begun' OR NOT EXISTS (SELECT 1 FROM audit AS told WHERE told.request = audit.request AND told.step = 'ended'))"
MANY = 1000
"""Rows that are read at once."""


@dataclass(frozen=True)
class Wanted:
    """Which rows; what is not given is not asked.

    Parameters
    ----------
    caller, request, method : str or None
        Exactly.
    route : str or None
        The route begins with it.
    status : int or None
    since, until : str or None
        Written at or after, and before (UTC, ISO; the beginning of one is enough, as ``2026-11``).
    whole : bool
        Also what was begun, where its end is told, too.
    """

    caller: str | None = None
    request: str | None = None
    method: str | None = None
    route: str | None = None
    status: int | None = None
    since: str | None = None
    until: str | None = None
    whole: bool = False

    def sql(self) -> tuple[str, list[Any]]:
        """A condition and its values."""
        asked: list[str] = [] if self.whole else [OPEN]
        values: list[Any] = []
        for words, value in (
            ("caller = ?", self.caller), ("request = ?", self.request), ("method = ?", self.method), ("status = ?", self.status),
            ("substr(route, 1, length(?)) = ?", self.route), ("at >= ?", self.since), ("at < ?", self.until),
        ):  # fmt: skip
            if value is not None:
                asked.append(words)
                values += [value] * words.count("?")
        return " AND ".join(asked) or "1", values


EVERYTHING = Wanted(whole=True)


class Audit:
    """The audit log of a data folder; any number of threads and processes may add to it.

    Parameters
    ----------
    records : Database
    folder : Path
        Where the head is noted.
    """

    def __init__(self, records: Database, folder: Path) -> None:
        self.records, self.anchor = records, Anchor(folder)

    def add(self, doing: Doing) -> Entry:
        """Write a row; it is on the disk when this returns, and its head is noted where it is not a ``begun``.

        Raises
        ------
        OutsideError
            When the disk or the database fails: then nothing is written, and what was to be told must not be done.
        """
        with self.records.writing() as connection:
            last = connection.execute(
                "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"
            ).fetchone()
            number, before = (0, FIRST) if last is None else last
            entry = _chained(doing, number + 1, before)
            connection.execute(
                f"INSERT INTO audit ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})",
                _cells(entry),
            )
        if entry.step != "begun":
            self.anchor.note(Head(entry.number, entry.hash))
        return entry

    def head(self) -> Head:
        """The newest row's; number 0 where there is none."""
        with self.records.reading() as connection:
            last = connection.execute(
                "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"
            ).fetchone()
        return Head(0, FIRST) if last is None else Head(*last)

    def newest(self, wanted: Wanted, *, before: int | None = None, limit: int = 100) -> list[Entry]:
        """Some rows, the newest first; ``before``: only those behind a row of the page before."""
        where, values = wanted.sql()
        if before is not None:
            where, values = f"{where} AND number < ?", [*values, before]
        with self.records.reading() as connection:
            rows = connection.execute(
                f"{SELECT} WHERE {where} ORDER BY number DESC LIMIT ?", (*values, limit)
            ).fetchall()
        return [entry_of(row) for row in rows]

    def oldest(self, wanted: Wanted = EVERYTHING) -> Iterator[Entry]:
        """All rows that are wanted as of now, the oldest first, a few at a time: no writer waits for the reader."""
        until, last = self.head().number, 0
        where, values = wanted.sql()
        while True:
            with self.records.reading() as connection:
                rows = connection.execute(
                    f"{SELECT} WHERE {where} AND number > ? AND number <= ? ORDER BY number LIMIT ?",
                    (*values, last, until, MANY),
                ).fetchall()
            yield from (entry_of(row) for row in rows)
            if len(rows) < MANY:
                return
            last = rows[-1][0]


def _chained(doing: Doing, number: int, before: str) -> Entry:
    told = {field.name: getattr(doing, field.name) for field in fields(Doing)}
    entry = Entry(**told, number=number, at=datetime.now(UTC).isoformat(), before=before)
    return replace(entry, hash=digest(entry))


def _cells(entry: Entry) -> list[Any]:
    told = entry.as_dict()
    return [
        json.dumps(told[name], ensure_ascii=False) if name in ("parameters", "facts") else told[name]
        for name in COLUMNS
    ]


def entry_of(row: Sequence[Any]) -> Entry:
    """A row of :data:`SELECT`; what is no JSON any more stays as text, so that its digest tells."""
    told = dict(zip(COLUMNS, row, strict=True))
    for name in ("parameters", "facts"):
        told[name] = _read(told[name])
    return Entry(**told)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
