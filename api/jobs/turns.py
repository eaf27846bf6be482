"""Whose turn it is, and what becomes of works whose worker has gone.

Of what waits comes first what is most urgent; among equals what belongs to those for whom the fewest run, then to those whose last
turn is longest ago; then what was ordered first. So nobody who orders many jobs keeps the others waiting.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from api.jobs.job import State, Work
from api.jobs.rows import now, settle, tell
from graph.store.workspace.database import Database

ATTEMPTS = 2
"""How often a work is begun where its process or its worker is killed."""
BEGUN = 10
"""How often a work is begun in all, where the whole service is killed: it may be the work that brings the machine down."""
RECENT = 300
"""So many of a work's newest progress events are kept, and every second of the older ones when they are thinned out."""
THIN = """
DELETE FROM events WHERE number IN (
  SELECT number FROM (
    SELECT number, row_number() OVER (ORDER BY number) AS age, count(*) OVER () AS all_of FROM events
    WHERE work = ? AND kind = 'progress' AND json_extract(facts, '$.state') IS NULL)
  WHERE age % 2 = 0 AND age < all_of - ?)
"""
NEXT = """
WITH wanted AS (SELECT work, owner, priority, submitted FROM jobs JOIN works ON works.id = work WHERE state = 'waiting' AND cancelled IS NULL),
     turns AS (SELECT owner, sum(state = 'running') AS running, max(started) AS last FROM jobs JOIN works ON works.id = work GROUP BY owner)
SELECT work, max(priority) AS urgent, min(coalesce(running, 0)) AS running, min(coalesce(last, '')) AS last, min(submitted) AS first
FROM wanted LEFT JOIN turns USING (owner) GROUP BY work ORDER BY urgent DESC, running, last, first, work LIMIT 1
"""


class Turns:
    """Works of a data folder as their workers see them.

    Parameters
    ----------
    records : Database
    worker : str
        Name of the process, of which there is one at a time.
    """

    def __init__(self, records: Database, worker: str) -> None:
        self.records, self.worker = records, worker

    def take(self) -> Work | None:
        """Begin the next work; ``None`` where nothing waits."""
        with self.records.writing() as connection:
            found = connection.execute(NEXT).fetchone()
            if found is None:
                return None
            kind, words, attempts = connection.execute(
                "UPDATE works SET state = 'running', started = ?, worker = ?, attempts = attempts + 1, begun = begun + 1 WHERE id = ? "
                "RETURNING kind, words, attempts",
                (now(), self.worker, found[0]),
            ).fetchone()
            tell(connection, found[0], "state", {"state": "running", "attempt": attempts})
            return Work(found[0], kind, json.loads(words), attempts)

    def unwanted(self, work: int) -> bool:
        """Whether nobody waits for a work any more."""
        with self.records.reading() as connection:
            return bool(connection.execute("SELECT stop FROM works WHERE id = ?", (work,)).fetchone()[0])

    def tell(self, work: int, kind: str, facts: Mapping[str, Any]) -> None:
        """Keep an event."""
        with self.records.writing() as connection:
            tell(connection, work, kind, facts)

    def settle(
        self, work: int, state: State, code: int | None = None, error: Mapping[str, Any] | None = None
    ) -> None:
        """A work has ended."""
        with self.records.writing() as connection:
            settle(connection, work, state, code, error)

    def put_back(self, work: int, *, counts: bool, lost: Callable[[int], Mapping[str, Any]]) -> bool:
        """A work that was cut off waits again; where it was begun too often, it has failed.

        Parameters
        ----------
        work : int
        counts : bool
            Whether the attempt counts: not where the whole service was stopped or killed.
        lost : callable
            Gives the error to tell, from the number of attempts.

        Returns
        -------
        bool
            Whether it waits again.
        """
        with self.records.writing() as connection:
            attempts, begun, stop = connection.execute(
                "SELECT attempts, begun, stop FROM works WHERE id = ?", (work,)
            ).fetchone()
            if stop:
                settle(connection, work, "cancelled")
                return False
            if (counts and attempts >= ATTEMPTS) or begun >= BEGUN:
                settle(connection, work, "failed", None, lost(attempts if counts else begun))
                return False
            connection.execute(
                "UPDATE works SET state = 'waiting', worker = NULL, attempts = ? WHERE id = ?",
                (attempts - (not counts), work),
            )
            tell(connection, work, "state", {"state": "waiting", "again": True})
            return True

    def left(self) -> list[tuple[int, str]]:
        """Works that are told as running though this worker has only begun, and the worker that had begun them: it was killed."""
        with self.records.reading() as connection:
            rows = connection.execute(
                "SELECT id, worker FROM works WHERE state = 'running' AND worker IS NOT ?", (self.worker,)
            )
            return [(id, str(worker)) for id, worker in rows]

    def thin(self, work: int) -> None:
        """Forget every second of a work's older progress events; its states, and beginnings and ends of stages, are kept."""
        with self.records.writing() as connection:
            connection.execute(THIN, (work, RECENT))

    def waiting(self) -> int:
        """How many works wait."""
        with self.records.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM works WHERE state = 'waiting'").fetchone()[0])
