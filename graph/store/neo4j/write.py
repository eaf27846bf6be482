"""Writing: lock the head, compare, stage, raise the head; in one transaction where that is small enough."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import neo4j

from graph.errors import CheckFailed, InputError, LimitReached, OutsideError
from graph.schema import TABLES
from graph.schema.model import OPEN
from graph.store.changes import Changes
from graph.store.neo4j import claim as claims
from graph.store.neo4j import papers, staging, statements
from graph.store.neo4j.claim import Busy, Head, Holder, Left
from graph.store.neo4j.run import Run, transacting
from graph.store.papers import Filing
from graph.store.protocol import About, Clash, How, StaleError
from graph.store.references import refuse_missing, refuse_orphans

AT_ONCE = 20_000
"""Changes of so many rows are one transaction."""
WAIT_SECONDS = 600
"""How long another writer is waited for."""
POLL_SECONDS = 0.2
UNDOING = "undo"


@dataclass(frozen=True)
class Wish:
    """What is to be written; the parameters are those of :meth:`graph.store.protocol.Store.write`."""

    network: str
    changes: Changes
    base: int
    how: How
    by: str
    why: str
    about: About | None
    tables: tuple[str, ...]
    filings: tuple[Filing, ...] = ()

    @property
    def digest(self) -> str:
        """What tells whether a claim is of the same rows in the same order, cut into the same batches."""
        told = hashlib.sha256(f"{self.base} {staging.BATCH}".encode())
        for part in (self.changes.put, self.changes.removed):
            for table in sorted(part):
                told.update(table.encode() + part[table].write_csv().encode())
        return told.hexdigest()


class Writer:
    """Writes one wish.

    Parameters
    ----------
    session : neo4j.Session
        Of the database; its managed transactions try again what the server or the connection failed at.
    wish : Wish
        What is to be written.
    """

    def __init__(self, session: neo4j.Session, wish: Wish) -> None:
        self._transact, self.wish = transacting(session), wish
        self.network, self.holder = wish.network, Holder()
        self.small = wish.changes.size <= AT_ONCE

    def write(self) -> int:
        """The number of the new head, or of the old one where nothing changes."""
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                if self.small:
                    return self._transact(self._at_once)
                return self._staged(self._transact(self._claimed))
            except Left:
                self._take_back()
            except Busy as other:
                if time.monotonic() > until:
                    raise LimitReached(
                        f"{self.network}：另一写入（{other}）一直未结束；请稍后再试",
                        f"{self.network}: another write ({other}) goes on and on; try again later",
                    ) from None
                time.sleep(POLL_SECONDS)

    def check(self) -> dict[str, tuple[int, int]]:
        """What would change; nothing is written."""
        return self._transact(self._checked)

    def _checked(self, run: Run) -> dict[str, tuple[int, int]]:
        found, _ = self._compared(run, claims.look(run, self.network))
        return {table: d.counts for table, d in found.items() if sum(d.counts)}

    def _at_once(self, run: Run) -> int:
        mine = self._raised(run)
        if mine is not None:
            return mine
        head = claims.lock(run, self.network)
        claims.free(head, self.holder)
        found, tables = self._compared(run, head)
        if not self._anything(found, head, tables):
            self._file(run)
            return head.version
        for batch in self._staging(found, tables):
            self._run(run, head.version + 1, batch)
        return self._raise(run, head, found, tables)

    def _claimed(self, run: Run) -> int:
        """Claim the network; the position from which staging goes on."""
        wish = self.wish
        position = claims.free(claims.lock(run, self.network), self.holder, wish.digest)
        claims.take(run, self.network, self.holder, wish.digest, wish.by, wish.why, position)
        return position

    def _staged(self, position: int) -> int:
        """Stage batch by batch, then raise the head.

        Where rows are refused, what was staged is taken back; where the server or this process ends, the claim stays, and the
        next run goes on from there.
        """
        try:
            head, (found, tables) = self._transact(self._looked)
            if not self._anything(found, head, tables):
                return self._transact(partial(self._nothing, v=head.version))
            for number, batch in enumerate(self._staging(found, tables), 1):
                if number > position:
                    self._transact(partial(self._step, v=head.version + 1, number=number, batch=batch))
            return self._transact(lambda run: self._end(run, head, found, tables))
        except (InputError, CheckFailed):
            self._take_back()
            raise

    def _looked(self, run: Run) -> tuple[Head, tuple[dict[str, staging.Difference], tuple[str, ...]]]:
        claims.advance(run, self.network, self.holder, 0)
        head = claims.lock(run, self.network)
        return head, self._compared(run, head)

    def _step(self, run: Run, v: int, number: int, batch: staging.Batch) -> None:
        if claims.advance(run, self.network, self.holder, number) < number:
            self._run(run, v, batch)

    def _nothing(self, run: Run, v: int) -> int:
        claims.advance(run, self.network, self.holder, 0)
        self._file(run)
        claims.let_go(run, self.network, self.holder)
        return v

    def _file(self, run: Run) -> None:
        papers.file(run, self.network, self.wish.filings, self.wish.by)

    def _end(
        self, run: Run, head: Head, found: Mapping[str, staging.Difference], tables: tuple[str, ...]
    ) -> int:
        mine = self._raised(run)
        if mine is not None:
            return mine
        claims.advance(run, self.network, self.holder, 0)
        number = self._raise(run, head, found, tables)
        claims.let_go(run, self.network, self.holder)
        return number

    def _compared(self, run: Run, head: Head) -> tuple[dict[str, staging.Difference], tuple[str, ...]]:
        """What differs, and the tables given from then on.

        Raises
        ------
        StaleError
            When what is to change, or what it names, has changed since the base.
        InputError
            When rows name what is not there.
        """
        wish, v = self.wish, head.version + 1
        mine = {*head.tables, *wish.tables, *wish.changes.tables}
        given = tuple(t for t in TABLES if t in mine)
        found = {
            t: staging.difference(
                run, self.network, v, wish.base, t, wish.changes, head.next_places.get(t, 0)
            )
            for t in wish.changes.tables
        }
        missing, changed = staging.missing_and_changed(run, self.network, v, wish.base, wish.changes, given)
        clashes = [
            Clash(t, row, version)
            for t, d in found.items()
            for row, version in d.clashing.sort("row").iter_rows()
        ]
        clashes += [Clash(t, key, n, column) for t, key, n, column in sorted(set(changed))]
        if clashes:
            raise StaleError(self.network, wish.base, head.version, clashes)
        refuse_missing(self.network, missing)
        return found, given

    def _anything(self, found: Mapping[str, staging.Difference], head: Head, tables: tuple[str, ...]) -> bool:
        about = self.wish.about
        told = about is not None and json.dumps(about.to_dict(), ensure_ascii=False) != head.about
        return told or tables != head.tables or any(sum(d.counts) for d in found.values())

    def _staging(
        self, found: Mapping[str, staging.Difference], tables: Collection[str]
    ) -> list[staging.Batch]:
        return [*staging.places_to_hold(self.wish.changes, tables), *staging.batches(self.network, found)]

    def _run(self, run: Run, v: int, batch: staging.Batch) -> None:
        ((made,),) = run(
            batch.statement,
            network=self.network,
            v=v,
            open=OPEN,
            c=batch.columns,
            size=batch.size,
            **batch.more,
        )
        if batch.counted and made != batch.size:
            raise OutsideError(
                f"{self.network}：数据库只写入了 {batch.size} 行中的 {made} 行；可能有人直接改过它，请运行 jiedui check",
                f"{self.network}: the database took {made} of {batch.size} rows; somebody may have changed it by hand, run jiedui check",
            )

    def _raise(
        self, run: Run, head: Head, found: Mapping[str, staging.Difference], tables: tuple[str, ...]
    ) -> int:
        """Entities get their cells, the head its number."""
        wish, v = self.wish, head.version + 1
        self._file(run)
        for batch in staging.raising(found):
            self._run(run, v, batch)
        refuse_orphans(self.network, self._orphans(run, v, found))
        about = head.about if wish.about is None else json.dumps(wish.about.to_dict(), ensure_ascii=False)
        places = dict(head.next_places)
        for table, d in found.items():
            last = [f["position"].max() for f in (d.new, d.inplace) if f.height]
            places[table] = max([places.get(table, 0), *(int(p) + 1 for p in last)])  # type: ignore[arg-type]
        counts = {t: list(d.counts) for t, d in found.items() if sum(d.counts)}
        run(
            "MATCH (n:Network {name: $network}) "
            "OPTIONAL MATCH (l:Version {network: $network, number: n.head}) "
            "WITH n, CASE WHEN l IS NOT NULL AND l.at >= datetime({timezone: 'UTC'}) "
            "THEN l.at + duration({microseconds: 1}) ELSE datetime({timezone: 'UTC'}) END AS at "
            "SET n.head = $v, n.tables = $tables, n.about = $about, n.place_tables = $names, n.places = $places "
            "CREATE (n)-[:HAS_VERSION]->(:Version {network: $network, number: $v, at: at, how: $how, by: $by, why: $why, "
            "counts: $counts, digest: $digest, about: $about, tables: $tables, token: $token})",
            network=self.network, v=v, tables=list(tables), about=about, names=list(places), places=list(places.values()),
            how=wish.how, by=wish.by, why=wish.why, counts=json.dumps(counts), digest=wish.changes.digest,
            token=self.holder.token,
        )  # fmt: skip
        return v

    def _orphans(
        self, run: Run, v: int, found: Mapping[str, staging.Difference]
    ) -> dict[tuple[str, str], list[str]]:
        orphans: dict[tuple[str, str], list[str]] = {}
        for shape in staging.ENTITIES:
            d, naming = found.get(shape.table), staging.naming(shape.table)
            if d is None or d.closed.is_empty() or not naming:
                continue
            keys, own = d.closed[shape.key].to_list(), staging.own_types(shape)
            for key, types in run(
                statements.orphaned(shape, naming), network=self.network, keys=keys, v=v, own=own
            ):
                orphans[shape.table, key] = types
        return orphans

    def _raised(self, run: Run) -> int | None:
        """The version that this very write made already: its transaction was tried again although it had succeeded."""
        rows = run(
            "MATCH (n:Network {name: $network})-[:HAS_VERSION]->(v:Version) WHERE v.token = $token RETURN v.number",
            network=self.network,
            token=self.holder.token,
        )
        return int(rows[0][0]) if rows else None

    def _take_back(self) -> None:
        """Remove what a dead writer, or this one, staged beyond the head, and the claim with it."""

        def begin(run: Run) -> int:
            head = claims.lock(run, self.network)
            with suppress(Left):
                claims.free(head, self.holder)
            claims.take(run, self.network, self.holder, UNDOING, self.wish.by, self.wish.why, 0)
            return head.version + 1

        def some(run: Run, statement: str) -> int:
            claims.advance(run, self.network, self.holder, 0)
            ((taken,),) = run(statement, network=self.network, v=v, open=OPEN, limit=staging.BATCH)
            return int(taken)

        v = self._transact(begin)
        for statement in statements.undo():
            while self._transact(partial(some, statement=statement)):
                pass
        self._transact(lambda run: claims.let_go(run, self.network, self.holder))
