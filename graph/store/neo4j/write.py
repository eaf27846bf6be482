"""Writing: claim the network, compare, stage, raise the head.

A transaction of Neo4j is not seen at once as a whole: readers may see one of its records before another. So nothing that a
reader at the head could see is ever changed together with the head: all that a new version brings is staged first, where it is
seen by nobody, and then one property of one node is set.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain

import neo4j

from graph.errors import CheckFailed, InputError, LimitReached, OutsideError
from graph.schema import TABLES
from graph.schema.model import OPEN, ROW
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.clash import Clash, StaleError
from graph.store.neo4j import claim as claims
from graph.store.neo4j import papers, staging, statements
from graph.store.neo4j.claim import Busy, Head, Holder, Left
from graph.store.neo4j.run import Run, transacting
from graph.store.papers import Filing
from graph.store.references import named_twice, refuse_missing, refuse_named_twice, refuse_orphans
from graph.store.refusals import no_network, no_settings, no_version
from graph.store.version import How, chained

WAIT_SECONDS = 600
"""How long another writer is waited for."""
POLL_SECONDS = 0.1
UNDOING = "undo"

Found = Mapping[str, staging.Difference]


@dataclass(frozen=True)
class Wish:
    """What is to be written; the parameters are those of :meth:`graph.store.protocol.Store.write`.

    ``batch``: rows in one statement.
    """

    network: str
    changes: Changes
    base: int
    how: How
    by: str
    why: str
    about: About | None
    tables: tuple[str, ...]
    filings: tuple[Filing, ...] = ()
    batch: int = staging.BATCH

    @property
    def digest(self) -> str:
        """What tells whether a claim is of the same rows in the same order, cut into the same batches."""
        told = hashlib.sha256(f"{self.base} {self.batch}".encode())
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

    def write(self) -> int:
        """The number of the new head, or of the old one where nothing changes.

        Where rows are refused, what was staged is taken back; where the server or this process ends, the claim stays, and the
        next run goes on from there.
        """
        position = self._claim()
        try:
            head, found, tables = self._transact(self._looked)
            if not self._anything(found, head, tables):
                return self._transact(partial(self._nothing, v=head.version))
        except (InputError, CheckFailed):
            if position:
                self._take_back()
            else:
                self._transact(lambda run: claims.let_go(run, self.network, self.holder))
            raise
        v = head.version + 1
        for number, batch in enumerate(self._staging(found, tables), 1):
            if number > position:
                self._transact(partial(self._step, v=v, number=number, batch=batch))
        try:
            self._transact(partial(self._described, head=head, found=found, tables=tables))
            return self._transact(partial(self._raised, v=v))
        except (InputError, CheckFailed):
            self._take_back()
            raise

    def check(self) -> dict[str, tuple[int, int]]:
        """What would change; nothing is written."""

        def look(run: Run) -> dict[str, tuple[int, int]]:
            head = claims.look(run, self.network)
            if not head.version:
                raise no_network(self.network, claims.names(run))
            found, tables = self._compared(run, head)
            changing = [
                row
                for d in found.values()
                for rows in (d.new, d.inplace, d.closed)
                for row in rows[ROW].to_list()
            ]
            refuse_orphans(self.network, self._orphans(run, head.version + 1, found, tables, changing))
            return {table: d.counts for table, d in found.items() if sum(d.counts)}

        return self._transact(look)

    def _claim(self) -> int:
        """Claim the network, waiting for others; the position from which staging goes on."""
        until, wish = time.monotonic() + WAIT_SECONDS, self.wish
        digest = wish.digest

        def claim(run: Run) -> int:
            position = claims.free(claims.lock(run, self.network), self.holder, digest)
            claims.take(
                run, self.network, self.holder, digest, wish.by, wish.why, position, wish.changes.tables
            )
            return position

        while True:
            try:
                return self._transact(claim)
            except Left:
                self._take_back()
            except Busy as other:
                if time.monotonic() > until:
                    raise LimitReached(
                        f"{self.network}：另一写入（{other}）一直未结束；请稍后再试",
                        f"{self.network}: another write ({other}) goes on and on; try again later",
                    ) from None
                time.sleep(POLL_SECONDS * random.uniform(0.5, 1.5))

    def _looked(self, run: Run) -> tuple[Head, Found, tuple[str, ...]]:
        claims.advance(run, self.network, self.holder, 0)
        head = claims.look(run, self.network)
        return head, *self._compared(run, head)

    def _compared(self, run: Run, head: Head) -> tuple[Found, tuple[str, ...]]:
        """What differs, and the tables given from then on.

        Raises
        ------
        NoSuchNetwork
            When there is no network or no such base.
        StaleError
            When what is to change, or what it names, has changed since the base.
        InputError
            When rows name what is not there.
        """
        wish, v = self.wish, head.version + 1
        if not head.version and wish.base:
            raise no_network(self.network, claims.names(run))
        if not 0 <= wish.base <= head.version:
            raise no_version(self.network, wish.base, head.version)
        if not head.version and wish.about is None:
            raise no_settings(self.network)
        mine = {*head.tables, *wish.tables}
        given = tuple(t for t in TABLES if t in mine)
        found = {
            t: staging.difference(
                run, self.network, v, wish.base, t, wish.changes, head.next_places.get(t, 0)
            )
            for t in wish.changes.tables
        }
        real = staging.effective(found)
        missing, changed = staging.missing_and_changed(run, self.network, v, wish.base, real, given)
        clashes = [
            Clash(t, row, n) for t, d in found.items() for row, n in d.clashing.sort("row").iter_rows()
        ]
        order = list(TABLES)
        named = {Clash(t, key, n, column) for t, key, n, column in changed}
        clashes += sorted(named, key=lambda c: (order.index(c.table), c.row, c.refers))
        if clashes:
            raise StaleError(self.network, wish.base, head.version, clashes)
        refuse_missing(self.network, missing)
        refuse_named_twice(self.network, named_twice(real, partial(staging.standing, run, self.network, v)))
        return found, given

    def _anything(self, found: Found, head: Head, tables: tuple[str, ...]) -> bool:
        about = self.wish.about
        told = about is not None and json.dumps(about.to_dict(), ensure_ascii=False) != head.about
        return told or tables != head.tables or any(sum(d.counts) for d in found.values())

    def _nothing(self, run: Run, v: int) -> int:
        claims.advance(run, self.network, self.holder, 0)
        papers.file(run, self.network, self.wish.filings, self.wish.by)
        claims.let_go(run, self.network, self.holder)
        return v

    def _staging(self, found: Found, tables: Collection[str]) -> Iterator[staging.Batch]:
        yet_whole = chain(
            staging.places_to_hold(self.wish.changes, tables), staging.batches(self.network, found)
        )
        return chain.from_iterable(batch.cut(self.wish.batch) for batch in yet_whole)

    def _step(self, run: Run, v: int, number: int, batch: staging.Batch) -> None:
        if claims.advance(run, self.network, self.holder, number) >= number:
            return
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

    def _described(self, run: Run, head: Head, found: Found, tables: tuple[str, ...]) -> None:
        """The version's node, and the places of the next new rows; the head stays."""
        wish, v = self.wish, head.version + 1
        claims.advance(run, self.network, self.holder, 0)
        refuse_orphans(self.network, self._orphans(run, v, found, tables))
        about = head.about if wish.about is None else json.dumps(wish.about.to_dict(), ensure_ascii=False)
        digest = chained(head.digest, wish.changes, About.from_dict(json.loads(about)), tables)
        places = dict(head.next_places)
        for table, d in found.items():
            if d.put.height:
                last = d.put["position"].to_numpy().max()
                places[table] = max(places.get(table, 0), int(last) + 1)
        counts = {t: list(d.counts) for t, d in found.items() if sum(d.counts)}
        run(
            "MATCH (n:Network {name: $network}) "
            "OPTIONAL MATCH (l:Version {network: $network, number: n.head}) "
            "WITH n, CASE WHEN l IS NOT NULL AND l.at >= datetime({timezone: 'UTC'}) "
            "THEN l.at + duration({microseconds: 1}) ELSE datetime({timezone: 'UTC'}) END AS at "
            "MERGE (v:Version {network: $network, number: $v}) MERGE (n)-[:HAS_VERSION]->(v) "
            "SET v.at = at, v.how = $how, v.by = $by, v.why = $why, v.counts = $counts, v.digest = $digest, "
            "v.about = $about, v.tables = $tables, v.token = $token, v.place_tables = $names, v.places = $places",
            network=self.network, v=v, tables=list(tables), about=about, names=list(places), places=list(places.values()),
            how=wish.how, by=wish.by, why=wish.why, counts=json.dumps(counts), digest=digest,
            token=self.holder.token,
        )  # fmt: skip

    def _orphans(
        self, run: Run, v: int, found: Found, given: Collection[str], changing: Sequence[str] = ()
    ) -> dict[tuple[str, str], list[str]]:
        """Entities that go and are named by rows that stay; ``changing``: rows that do not, where nothing is staged yet."""
        orphans: dict[tuple[str, str], list[str]] = {}
        touched = list(changing)
        for shape in staging.ENTITIES:
            d, naming = found.get(shape.table), staging.naming(shape.table, given)
            if d is None or d.closed.is_empty() or not naming:
                continue
            keys, own = d.closed[shape.key].to_list(), staging.own_types(shape)
            statement = statements.orphaned(shape, naming)
            for key, types in run(statement, network=self.network, keys=keys, v=v, own=own, touched=touched):
                orphans[shape.table, key] = types
        return orphans

    def _raised(self, run: Run, v: int) -> int:
        """Raise the head; where the transaction is tried again although it had succeeded, that is seen."""
        done = run(
            "MATCH (n:Network {name: $network}) SET n.locked = true WITH n WHERE n.head >= $v "
            "MATCH (v:Version {network: $network, number: $v}) WHERE v.token = $token RETURN v.number",
            network=self.network,
            v=v,
            token=self.holder.token,
        )
        if done:
            return v
        claims.advance(run, self.network, self.holder, 0)
        papers.file(run, self.network, self.wish.filings, self.wish.by)
        run("MATCH (n:Network {name: $network}) SET n.head = $v", network=self.network, v=v)
        claims.let_go(run, self.network, self.holder)
        return v

    def _take_back(self) -> None:
        """Remove what a dead writer, or this one, staged beyond the head, and the claim with it."""

        def begin(run: Run) -> tuple[int, list[str]]:
            head = claims.lock(run, self.network)
            with suppress(Left):
                claims.free(head, self.holder)
            tables = list(head.claim["tables"]) if head.claim is not None else []
            claims.take(run, self.network, self.holder, UNDOING, self.wish.by, self.wish.why, 0, tables)
            return head.version + 1, tables

        def some(run: Run, statement: str) -> int:
            claims.advance(run, self.network, self.holder, 0)
            ((taken,),) = run(statement, network=self.network, v=v, open=OPEN, limit=self.wish.batch)
            return int(taken)

        v, tables = self._transact(begin)
        for statement in statements.undo(tables):
            while self._transact(partial(some, statement=statement)):
                pass
        self._transact(lambda run: claims.let_go(run, self.network, self.holder))
