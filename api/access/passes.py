"""Tokens and sessions: given out once, kept as digests, known again, ended.

Both are *passes*: an id, a secret, what it is good for, until when. A token is for a program and is named in ``Authorization``, a session
is for a browser and ends by itself when it is not used for a while. A pass that was made with another one ends with it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from api.access.grant import Grant
from api.access.kept import COLUMNS, Kind, Pass, Standing, pass_of
from api.access.secret import Secret, new_salt
from api.service.refusals import NotFound
from graph.store.workspace.database import Database

DAY = 86_400
USED_EVERY = 60.0
"""Seconds in which a pass's use is written down at most once."""
KEPT = 90 * DAY
"""Seconds after which a pass that has ended is forgotten."""

FORGET = "DELETE FROM passes WHERE min(expires, coalesce(ended, expires)) < ? AND id NOT IN (SELECT parent FROM passes WHERE parent IS NOT NULL)"


class Passes:
    """Passes of a data folder.

    Parameters
    ----------
    records : Database
    clock : callable
        Seconds since 1970.
    """

    def __init__(self, records: Database, clock: Callable[[], float] = time.time) -> None:
        self.records, self.clock = records, clock

    def give(
        self, kind: Kind, grant: Grant, *, by: str, seconds: float, idle_seconds: float | None = None, label: str = "", parent: str | None = None
    ) -> tuple[Pass, Secret]:  # fmt: skip
        """Make a pass; its secret is known to nobody behind this.

        Parameters
        ----------
        kind : {"token", "session"}
        grant : Grant
        by : str
            Who makes it.
        seconds : float
            How long it holds; not longer than its parent does.
        idle_seconds : float, optional
            How long it may go unused.
        label : str
            What for.
        parent : str, optional
            Id of the pass that it ends with.
        """
        secret, salt, now = Secret.new(), new_salt(), self.clock()
        with self.records.writing() as connection:
            connection.execute(FORGET, (now - KEPT,))
            until = now + seconds
            if parent is not None:
                until = min(
                    until,
                    connection.execute("SELECT expires FROM passes WHERE id = ?", (parent,)).fetchone()[0],
                )
            connection.execute(
                f"INSERT INTO passes ({COLUMNS}, salt, digest) VALUES ({', '.join('?' * 17)})",
                (secret.id, kind, grant.user, int(grant.role), json.dumps(grant.regions), grant.sees_names, json.dumps(grant.scopes), label,
                 by, now, until, idle_seconds, None, None, parent, salt, secret.digest(salt)),
            )  # fmt: skip
        return self.one(secret.id), secret

    def known(self, kind: Kind, secret: Secret) -> tuple[Standing, Pass | None]:
        """The pass of a secret and whether it holds; the same work is done where there is none."""
        with self.records.reading() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS}, salt, digest FROM passes WHERE id = ? AND kind = ?", (secret.id, kind)
            ).fetchone()
            salt, digest = (b"", b"") if row is None else row[-2:]
            if not secret.proves(salt, digest) or row is None:
                return "unknown", None
            found, now = pass_of(row[:-2]), self.clock()
            standing, above = found.standing(now), found.parent
            while standing == "valid" and above is not None:
                parent = pass_of(
                    connection.execute(f"SELECT {COLUMNS} FROM passes WHERE id = ?", (above,)).fetchone()
                )
                standing, above = parent.standing(now), parent.parent
        return standing, found

    def stale(self, found: Pass) -> bool:
        """Whether a use of it is to be written down."""
        return self.clock() - (found.used or 0) >= USED_EVERY

    def touch(self, id: str) -> None:
        """Write down that it is used now."""
        with self.records.writing() as connection:
            connection.execute("UPDATE passes SET used = ? WHERE id = ?", (self.clock(), id))

    def one(self, id: str) -> Pass:
        """One pass.

        Raises
        ------
        NotFound
            When there is none of that id.
        """
        with self.records.reading() as connection:
            row = connection.execute(f"SELECT {COLUMNS} FROM passes WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise NotFound(f"没有 {id}", f"there is no {id}")
        return pass_of(row)

    def all(self, kind: Kind, *, user: str | None = None) -> list[Pass]:
        """Every pass of a kind, the newest first; those of one user where one is named."""
        where, values = ("AND user = ?", (user,)) if user is not None else ("", ())
        with self.records.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM passes WHERE kind = ? {where} ORDER BY made DESC, id", (kind, *values)
            ).fetchall()
        return [pass_of(row) for row in rows]

    def of_user(self, user: str) -> list[Pass]:
        """Every pass of a user."""
        return [*self.all("token", user=user), *self.all("session", user=user)]

    def any(self, kind: Kind) -> bool:
        """Whether a pass of a kind holds."""
        now = self.clock()
        return any(found.standing(now) == "valid" for found in self.all(kind))

    def end(self, id: str) -> Pass:
        """End one at once, and with it those that were made with it; one that has ended stays so.

        Raises
        ------
        NotFound
            When there is none of that id.
        """
        with self.records.writing() as connection:
            connection.execute(
                "UPDATE passes SET ended = coalesce(ended, ?) WHERE id = ?", (self.clock(), id)
            )
        return self.one(id)

    def end_all(self, user: str) -> int:
        """End every token and session of a user; how many."""
        with self.records.writing() as connection:
            return connection.execute(
                "UPDATE passes SET ended = ? WHERE user = ? AND ended IS NULL", (self.clock(), user)
            ).rowcount
