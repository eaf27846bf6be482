"""The desk, where jobs are ordered, looked up and cancelled. Whose turn it is: :mod:`api.jobs.turns`."""

from __future__ import annotations

import hashlib
import sqlite3
import uuid
from collections.abc import Sequence

from api.jobs.job import OPEN, Event, Job, Order, State
from api.jobs.rows import SELECT, as_text, event_of, job_of, now, one_job, settle, tell
from api.service.refusals import TooMany
from graph.errors import CheckFailed
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
        """Order a job; whether it is new. An order equal to one that waits or runs shares its work.

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
            known = None if key is None else _with_key(connection, owner, key, digest)
            if known is not None:
                return known, False
            self._refuse_full(connection, owner)
            id = uuid.uuid4().hex[:16]
            connection.execute(
                "INSERT INTO jobs (id, work, kind, arguments, owner, key, priority, submitted) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    id,
                    self._work(connection, order, digest),
                    order.kind,
                    as_text(order.arguments),
                    owner,
                    key,
                    order.priority,
                    now(),
                ),
            )
            return one_job(connection, id), True

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
        self, *, owner: str | None = None, states: Sequence[State] = (), before: str = "", limit: int = 100
    ) -> list[Job]:
        """Jobs, the newest first.

        Parameters
        ----------
        owner : str, optional
            Only theirs.
        states : sequence of str
            Only those; all where none is named.
        before : str
            Only those submitted before this job.
        limit : int
            At most so many.
        """
        asked, values = ["1"], list[object]()
        if owner is not None:
            asked.append("owner = ?")
            values.append(owner)
        if states:
            asked.append(f"stands IN ({', '.join('?' * len(states))})")
            values += states
        with self.records.reading() as connection:
            if before:
                last = one_job(connection, before)
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

    def events(self, work: int, *, after: int = 0, limit: int = 1000) -> list[Event]:
        """Events of a work behind a number, the oldest first."""
        with self.records.reading() as connection:
            rows = connection.execute(
                "SELECT number, work, at, kind, facts FROM events WHERE work = ? AND number > ? ORDER BY number LIMIT ?",
                (work, after, limit),
            ).fetchall()
        return [event_of(row) for row in rows]

    def settled(self, work: int) -> bool:
        """Whether a work has ended."""
        with self.records.reading() as connection:
            state = connection.execute("SELECT state FROM works WHERE id = ?", (work,)).fetchone()[0]
        return state not in OPEN

    def newest(self) -> int:
        """Number of the last event of any work; 0 where there is none."""
        with self.records.reading() as connection:
            return int(connection.execute("SELECT coalesce(max(number), 0) FROM events").fetchone()[0])

    def touched(self, after: int) -> tuple[set[int], int]:
        """Works that have events behind a number, and the number of the last of these."""
        with self.records.reading() as connection:
            rows = connection.execute(
                "SELECT work, max(number) FROM events WHERE number > ? GROUP BY work", (after,)
            ).fetchall()
        return {work for work, _ in rows}, max((number for _, number in rows), default=after)

    def _work(self, connection: sqlite3.Connection, order: Order, digest: str) -> int:
        """The work of an order: one that waits or runs already, else a new one."""
        equal = connection.execute(
            "SELECT id FROM works WHERE digest = ? AND state IN ('waiting', 'running') AND stop = 0",
            (digest,),
        ).fetchone()
        if equal is not None:
            return int(equal[0])
        made = connection.execute(
            "INSERT INTO works (digest, words, state) VALUES (?, ?, 'waiting') RETURNING id",
            (digest, as_text(list(order.words))),
        ).fetchone()
        tell(connection, made[0], "state", {"state": "waiting"})
        return int(made[0])

    def _refuse_full(self, connection: sqlite3.Connection, owner: str) -> None:
        waiting = connection.execute("SELECT count(*) FROM works WHERE state = 'waiting'").fetchone()[0]
        if waiting >= self.waiting:
            raise TooMany(
                f"已有 {waiting} 个任务在等待；请稍后再试",
                f"{waiting} jobs are waiting already; try again later",
                seconds=WAIT_SECONDS,
            )
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


def _with_key(connection: sqlite3.Connection, owner: str, key: str, digest: str) -> Job | None:
    known = connection.execute(
        "SELECT jobs.id, digest FROM jobs JOIN works ON works.id = work WHERE owner = ? AND key = ?",
        (owner, key),
    ).fetchone()
    if known is None:
        return None
    if known[1] != digest:
        raise CheckFailed(
            f"Idempotency-Key {key} 已用于另一个任务；请换一个",
            f"Idempotency-Key {key} was used for another job; take another key",
        )
    return one_job(connection, known[0])
