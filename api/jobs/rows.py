"""Jobs, works and events as the records hold them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from api.jobs.job import Event, Job, State
from api.service.refusals import NotFound

SELECT = (
    "SELECT jobs.id, jobs.kind, arguments, owner, priority, work, CASE WHEN cancelled IS NULL THEN state ELSE 'cancelled' END AS stands, "
    "EXISTS (SELECT 1 FROM jobs AS older WHERE older.work = jobs.work AND older.rowid < jobs.rowid) AS shared, "
    "attempts, submitted, started, coalesce(cancelled, ended), code, error, "
    "(SELECT facts FROM events WHERE events.work = jobs.work AND events.kind = 'progress' ORDER BY number DESC LIMIT 1), names "
    "FROM jobs JOIN works ON works.id = work"
)


def one_job(connection: sqlite3.Connection, id: str) -> Job:
    """One job.

    Raises
    ------
    NotFound
        When there is none of that id.
    """
    row = connection.execute(f"{SELECT} WHERE jobs.id = ?", (id,)).fetchone()
    if row is None:
        raise NotFound(f"没有任务 {id}", f"there is no job {id}")
    return job_of(row)


def job_of(row: Sequence[Any]) -> Job:
    """A job from its row of :data:`SELECT`."""
    (
        id,
        kind,
        arguments,
        owner,
        priority,
        work,
        state,
        shared,
        attempts,
        submitted,
        started,
        ended,
        code,
        error,
        progress,
        names,
    ) = row
    return Job(
        id, kind, json.loads(arguments), owner, priority, work, state, bool(shared), attempts, datetime.fromisoformat(submitted),
        _moment(started), _moment(ended), code, _document(error), _document(progress), bool(names),
    )  # fmt: skip


def event_of(row: Sequence[Any]) -> Event:
    """An event from its row: number, work, at, kind, facts."""
    number, work, at, kind, facts = row
    return Event(number, work, datetime.fromisoformat(at), kind, json.loads(facts))


def tell(connection: sqlite3.Connection, work: int, kind: str, facts: Mapping[str, Any]) -> None:
    """Keep an event."""
    connection.execute(
        "INSERT INTO events (work, at, kind, facts) VALUES (?, ?, ?, ?)", (work, now(), kind, as_text(facts))
    )


def settle(
    connection: sqlite3.Connection, work: int, state: State, code: int | None = None, error: Mapping[str, Any] | None = None
) -> None:  # fmt: skip
    """A work has ended."""
    told = None if error is None else as_text(error)
    connection.execute(
        "UPDATE works SET state = ?, ended = ?, code = ?, error = ?, worker = NULL WHERE id = ?",
        (state, now(), code, told, work),
    )
    tell(connection, work, "state", {"state": state} | ({} if error is None else {"error": error}))


def as_text(value: Any) -> str:
    """JSON, the same for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def now() -> str:
    """The moment, in UTC."""
    return datetime.now(UTC).isoformat()


def _document(text: str | None) -> dict[str, Any] | None:
    return None if text is None else dict(json.loads(text))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
