"""What the database knows of networks: names, versions, tables and their snapshots. All the SQL of them is here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from graph.schema import TABLES
from graph.store.about import About
from graph.store.refusals import no_network, no_version, not_yet
from graph.store.version import Version
from graph.store.workspace.snapshot import Snapshot

_SNAPSHOT = "network, version, tab, kind, height, first_position, size, sha256"


class Catalogue:
    """One transaction's view of the database.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = self.connection = connection

    def names(self) -> list[str]:
        """Names of all networks, in alphabetical order."""
        return sorted(name for (name,) in self._db.execute("SELECT name FROM networks"))

    def heads(self) -> dict[int, int]:
        """Number of each network → its head."""
        rows = self._db.execute(
            "SELECT id, coalesce(max(number), 0) FROM networks LEFT JOIN versions ON network = id GROUP BY id"
        )
        return dict(rows.fetchall())

    def find(self, name: str) -> int | None:
        """Number of a network; ``None`` where there is none of that name."""
        found = self._db.execute("SELECT id FROM networks WHERE name = ?", (name,)).fetchone()
        return None if found is None else int(found[0])

    def number(self, name: str) -> int:
        """Number of a network.

        Raises
        ------
        NoSuchNetwork
            When there is none of that name.
        """
        found = self.find(name)
        if found is None:
            raise no_network(name, self.names())
        return found

    def head(self, network: int) -> int:
        """The newest version's number."""
        return int(
            self._db.execute("SELECT max(number) FROM versions WHERE network = ?", (network,)).fetchone()[0]
        )

    def version(self, name: str, version: int | None) -> tuple[int, int]:
        """Numbers of a network and of a version of it: the head's where none is asked for.

        Raises
        ------
        NoSuchNetwork
            When there is no such network or version.
        """
        network = self.number(name)
        head = self.head(network)
        if version is not None and not 1 <= version <= head:
            raise no_version(name, version, head)
        return network, head if version is None else version

    def versions(self, network: int, only: int | None = None) -> list[Version]:
        """All versions, the oldest first, or one."""
        asked, chosen = ("", (network,)) if only is None else (" AND number = ?", (network, only))
        counts = self._counts(network, only)
        rows = self._db.execute(
            f"SELECT number, at, how, by, why, digest FROM versions WHERE network = ?{asked} ORDER BY number",
            chosen,
        )
        return [
            Version(number, datetime.fromisoformat(at), how, by, why, counts.get(number, {}), digest)
            for number, at, how, by, why, digest in rows
        ]

    def about(self, network: int, version: int) -> About:
        """Settings of a network as of a version."""
        row = self._db.execute(
            "SELECT about FROM versions WHERE network = ? AND number = ?", (network, version)
        )
        return About.from_dict(json.loads(row.fetchone()[0]))

    def on(self, name: str, day: date) -> int:
        """The version that was the head at the end of a day (UTC).

        Raises
        ------
        NoSuchNetwork
            When there is no such network, or it was not there yet.
        """
        network = self.number(name)
        end = datetime.combine(day, time(), UTC) + timedelta(days=1)
        rows = self._db.execute(
            "SELECT number, at FROM versions WHERE network = ? ORDER BY number", (network,)
        ).fetchall()
        before = [number for number, at in rows if datetime.fromisoformat(at) < end]
        if not before:
            raise not_yet(name, day.isoformat(), rows[0][1][:10])
        return int(before[-1])

    def tables(self, network: int, version: int) -> list[str]:
        """Tables that were given up to a version, in the schema's order."""
        rows = self._db.execute(
            "SELECT tab FROM given_tables WHERE network = ? AND since <= ?", (network, version)
        )
        given = {table for (table,) in rows}
        return [t for t in TABLES if t in given]

    def next_position(self, network: int, table: str) -> int:
        """Place of the next new row of a table."""
        row = self._db.execute(
            "SELECT next_position FROM given_tables WHERE network = ? AND tab = ?", (network, table)
        ).fetchone()
        return int(row[0]) if row else 0

    def snapshots(self, network: int, table: str, upto: int, since: int = 0) -> list[Snapshot]:
        """Snapshots of a table that versions after ``since``, up to ``upto``, wrote; in their order."""
        rows = self._db.execute(
            f"SELECT {_SNAPSHOT} FROM snapshots WHERE network = ? AND tab = ? AND version > ? AND version <= ? "
            "ORDER BY version, kind",
            (network, table, since, upto),
        )
        return [Snapshot(*row) for row in rows]

    def all_snapshots(self) -> list[Snapshot]:
        """All snapshots of all networks."""
        rows = self._db.execute(f"SELECT {_SNAPSHOT} FROM snapshots ORDER BY network, version, tab, kind")
        return [Snapshot(*row) for row in rows]

    def add_network(self, name: str) -> int:
        """Note a new network; its number."""
        return int(self._db.execute("INSERT INTO networks (name) VALUES (?)", (name,)).lastrowid or 0)

    def add_version(self, network: int, version: Version, about: About) -> None:
        """Note a new version. Its moment is not before the last one's, whatever the clock says."""
        last = self._db.execute("SELECT max(at) FROM versions WHERE network = ?", (network,)).fetchone()[0]
        at = version.at.isoformat(timespec="microseconds")
        told = json.dumps(about.to_dict(), ensure_ascii=False, sort_keys=True)
        self._db.execute(
            "INSERT INTO versions (network, number, at, how, by, why, digest, about) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                network,
                version.number,
                max(at, last or at),
                version.how,
                version.by,
                version.why,
                version.digest,
                told,
            ),
        )

    def add_snapshots(self, snapshots: Iterable[Snapshot]) -> None:
        """Note files that are in place."""
        self._db.executemany(
            f"INSERT INTO snapshots ({_SNAPSHOT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(s.network, s.version, s.table, s.kind, s.height, s.first, s.size, s.sha256) for s in snapshots],
        )

    def give(self, network: int, table: str, version: int, next_position: int) -> None:
        """Note that a table is given (from that version, unless it was before), and where its next new row stands."""
        self._db.execute(
            "INSERT OR IGNORE INTO given_tables (network, tab, since, next_position) VALUES (?, ?, ?, ?)",
            (network, table, version, next_position),
        )
        self._db.execute(
            "UPDATE given_tables SET next_position = ? WHERE network = ? AND tab = ?",
            (next_position, network, table),
        )

    def _counts(self, network: int, only: int | None) -> dict[int, dict[str, tuple[int, int]]]:
        asked, chosen = ("", (network,)) if only is None else (" AND version = ?", (network, only))
        rows = self._db.execute(
            "SELECT version, tab, sum(height * (kind = 'rows')), sum(height * (kind = 'gone')) FROM snapshots "
            f"WHERE network = ? AND kind <> 'whole'{asked} GROUP BY version, tab",
            chosen,
        )
        found: dict[int, dict[str, tuple[int, int]]] = {}
        for version, table, put, gone in rows:
            found.setdefault(version, {})[table] = (put, gone)
        return {v: {t: told[t] for t in TABLES if t in told} for v, told in found.items()}
