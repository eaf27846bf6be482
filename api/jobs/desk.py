"""The desk, where jobs are ordered, looked up and cancelled. Whose turn it is: :mod:`api.jobs.turns`."""

from __future__ import annotations

import hashlib
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from api.jobs.job import OPEN, Event, Job, Order, State
from api.jobs.rows import SELECT, as_text, event_of, job_of, now, one_job, settle, tell
from api.service.refusals import NotFound, TooMany
from graph.errors import CheckFailed, UsageError
from graph.store.workspace.database import Database

WAIT_SECONDS = 30
"""After which it is worth trying again where the desk is full."""
LIVE = "cancelled IS NULL AND state IN ('waiting', 'running')"


class Desk:
    """Jobs of a data folder; any number of processes may hold one.

    Parameters
    ----------
    records : Database
    waiting : int
        Works that may wait, in all.
    per_user : int
        Jobs that may wait or run for one owner.
    """

    def __init__(self, records: Database, *, waiting: int, per_user: int) -> None:
        self.records, self.waiting, self.per_user = records, waiting, per_user

    def submit(self, order: Order, owner: str, *, key: str | None = None) -> tuple[Job, bool]:
        """Order a job; whether it is new.

        An order equal to one that waits or runs shares its work, and where it says so, one that has been done.

        Parameters
        ----------
        order : Order
        owner : str
        key : str, optional
            The same key of the same owner gives the job that was ordered with it.

        Raises
        ------
        CheckFailed
            When the key was used for another order.
        TooMany
            When too many wait in all, or wait or run for the owner.
        """
        digest = digest_of(order)
        with self.records.writing() as connection:
            known = None if key is None else _with_key(connection, owner, key, order.kind, order.arguments)
            if known is not None:
                return known, False
            self._refuse_more(connection, owner)
            id = uuid.uuid4().hex[:16]
            connection.execute(
                "INSERT INTO jobs (id, work, kind, arguments, owner, key, priority, names, submitted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    id,
                    self._work(connection, order, digest),
                    order.kind,
                    as_text(order.arguments),
                    owner,
                    key,
                    order.priority,
                    order.names,
                    now(),
                ),
            )
            return one_job(connection, id), True

    def ordered(self, kind: str, arguments: Mapping[str, Any], owner: str, key: str) -> Job | None:
        """The job that an owner ordered with a key, whatever has become of what it was made from.

        Raises
        ------
        CheckFailed
            When the key was used for another order.
        """
        with self.records.reading() as connection:
            return _with_key(connection, owner, key, kind, arguments)

    def job(self, id: str) -> Job:
        """One job.

        Raises
        ------
        NotFound
            When there is none of that id.
        """
        with self.records.reading() as connection:
            return one_job(connection, id)

    def jobs(
        self, *, owner: str | None = None, states: Sequence[State] = (), names: bool = True, before: str = "", limit: int = 100
    ) -> list[Job]:  # fmt: skip
        """Jobs, the newest first.

        Parameters
        ----------
        owner : str, optional
            Only theirs.
        states : sequence of str
            Only those; all where none is named.
        names : bool
            Those as well that may hold names of persons.
        before : str
            Only those submitted before this job.
        limit : int
            At most so many.

        Raises
        ------
        UsageError
            When ``before`` names no job.
        """
        asked, values = ["1"], list[object]()
        if owner is not None:
            asked.append("owner = ?")
            values.append(owner)
        if not names:
            asked.append("names = 0")
        if states:
            asked.append(f"stands IN ({', '.join('?' * len(states))})")
            values += states
        with self.records.reading() as connection:
            if before:
                last = _cursor(connection, before)
                asked.append("(submitted, jobs.id) < (?, ?)")
                values += [last.submitted.isoformat(), last.id]
            where = " AND ".join(asked)
            rows = connection.execute(
                f"{SELECT} WHERE {where} ORDER BY submitted DESC, jobs.id DESC LIMIT ?", (*values, limit)
            ).fetchall()
        return [job_of(row) for row in rows]

    def cancel(self, id: str) -> Job:
        """Want nothing more of a job; one that has ended stays as it is. Its work stops where nobody else waits for it.

        Raises
        ------
        NotFound
            When there is none of that id.
        """
        with self.records.writing() as connection:
            job = one_job(connection, id)
            if not job.open:
                return job
            connection.execute("UPDATE jobs SET cancelled = ? WHERE id = ?", (now(), id))
            others = connection.execute(
                "SELECT 1 FROM jobs WHERE work = ? AND cancelled IS NULL", (job.work,)
            ).fetchone()
            if others is None and job.state == "waiting":
                settle(connection, job.work, "cancelled")
            elif others is None:  # whoever carries it out looks at this
                connection.execute("UPDATE works SET stop = 1 WHERE id = ?", (job.work,))
            return one_job(connection, id)

    def events(self, work: int, *, after: int = 0, limit: int = 1000) -> tuple[list[Event], bool]:
        """Events of a work behind a number, the oldest first; and whether the work has ended."""
        with self.records.reading() as connection:
            rows = connection.execute(
                "SELECT number, work, at, kind, facts FROM events WHERE work = ? AND number > ? ORDER BY number LIMIT ?",
                (work, after, limit),
            ).fetchall()
            state = connection.execute("SELECT state FROM works WHERE id = ?", (work,)).fetchone()
        return [event_of(row) for row in rows], state is None or state[0] not in OPEN

    def newest(self) -> int:
        """Number of the last event of any work; 0 where there is none."""
        with self.records.reading() as connection:
            return int(connection.execute("SELECT coalesce(max(number), 0) FROM events").fetchone()[0])

    def since(self, number: int, *, limit: int = 1000) -> list[Event]:
        """Events of all works behind a number, the oldest first."""
        with self.records.reading() as connection:
            rows = connection.execute(
                "SELECT number, work, at, kind, facts FROM events WHERE number > ? ORDER BY number LIMIT ?",
                (number, limit),
            ).fetchall()
        return [event_of(row) for row in rows]

    def counts(self) -> dict[State, int]:
        """How many works there are in each state."""
        with self.records.reading() as connection:
            rows = connection.execute("SELECT state, count(*) FROM works GROUP BY state").fetchall()
        return dict(rows)

    def _work(self, connection: sqlite3.Connection, order: Order, digest: str) -> int:
        """The work of an order: one that waits or runs already or has been done, else a new one."""
        states = ("waiting", "running", *(("done",) if order.kept else ()))
        equal = connection.execute(
            f"SELECT id FROM works WHERE digest = ? AND stop = 0 AND state IN ({', '.join('?' * len(states))}) ORDER BY id DESC LIMIT 1",
            (digest, *states),
        ).fetchone()
        if equal is not None:
            return int(equal[0])
        self._refuse_full(connection)
        made = connection.execute(
            "INSERT INTO works (digest, kind, words, state) VALUES (?, ?, ?, 'waiting') RETURNING id",
            (digest, order.kind, as_text(list(order.words))),
        ).fetchone()
        tell(connection, made[0], "state", {"state": "waiting"})
        return int(made[0])

    def _refuse_full(self, connection: sqlite3.Connection) -> None:
        waiting = connection.execute("SELECT count(*) FROM works WHERE state = 'waiting'").fetchone()[0]
        if waiting >= self.waiting:
            raise TooMany(
                f"已有 {waiting} 个任务在等待；请稍后再试",
                f"{waiting} jobs are waiting already; try again later",
                seconds=WAIT_SECONDS,
            )

    def _refuse_more(self, connection: sqlite3.Connection, owner: str) -> None:
        own = connection.execute(
            f"SELECT count(*) FROM jobs JOIN works ON works.id = work WHERE owner = ? AND {LIVE}", (owner,)
        ).fetchone()[0]
        if own >= self.per_user:
            raise TooMany(
                f"您已有 {own} 个任务未结束；请等其中一个结束，或取消一个",
                f"you have {own} jobs that have not ended; wait for one, or cancel one",
                seconds=WAIT_SECONDS,
            )


def digest_of(order: Order) -> str:
    """Digest of what is to be done and from what; equal for orders that give the same."""
    return hashlib.sha256(as_text([order.kind, list(order.words), order.ground]).encode()).hexdigest()


def _with_key(
    connection: sqlite3.Connection, owner: str, key: str, kind: str, arguments: Mapping[str, Any]
) -> Job | None:
    known = connection.execute(
        "SELECT id, kind, arguments FROM jobs WHERE owner = ? AND key = ?", (owner, key)
    ).fetchone()
    if known is None:
        return None
    if (known[1], known[2]) != (kind, as_text(arguments)):
        raise CheckFailed(
            f"Idempotency-Key {key} 已用于另一个任务；请换一个",
            f"Idempotency-Key {key} was used for another job; take another key",
        )
    return one_job(connection, known[0])


def _cursor(connection: sqlite3.Connection, before: str) -> Job:
    """The job that a cursor names, as every list says it where there is none."""
    try:
        return one_job(connection, before)
    except NotFound as error:
        raise UsageError(
            f"cursor {before} 不在列表中，或已从中删除；请从头开始",
            f"cursor {before} is not in the list, or not any more; begin again",
        ) from error
