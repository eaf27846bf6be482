"""The store on a Neo4j server."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import neo4j
import polars as pl
from neo4j.exceptions import DriverError, Neo4jError

from graph.bolt import Connection
from graph.bolt.refusals import broken_off
from graph.network import Network
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.incoming import given_tables, incoming
from graph.store.keyring import place_of
from graph.store.neo4j import papers, proposals
from graph.store.neo4j.bookkeeping import (
    VERSION_FIELDS,
    about_of,
    head_of,
    no_such_head,
    tables_of,
    version_of,
    version_record,
)
from graph.store.neo4j.read import history, read_table
from graph.store.neo4j.run import EachAlone, InTransaction, Run, transacting
from graph.store.neo4j.schema import migrate
from graph.store.neo4j.staging import BATCH
from graph.store.neo4j.write import Wish, Writer
from graph.store.papers import Filing, Paper
from graph.store.proposal import Proposal
from graph.store.refusals import check_name, no_network, no_version, not_yet
from graph.store.version import How, NoSuchNetwork, State, Version

T = TypeVar("T")
_VERSION = ", ".join(f"v.{name}" for name in VERSION_FIELDS)


class Neo4jStore:
    """Networks in a Neo4j database; does what :class:`graph.store.protocol.Store` says.

    Parameters
    ----------
    driver : neo4j.Driver
        An open driver; :meth:`close` closes it.
    database : str or None
        Name of the database; the server's default one where none is given.
    address : str
        What opened it, for messages.
    user : str
        Who is let in, for messages.
    enterprise : bool
        Whether the server reports Enterprise edition.
    batch : int
        Rows in one statement; small ones make tests of what is cut short between two of them.

    Raises
    ------
    InputError
        When the database was written by a later jiedui.
    OutsideError
        When the server cannot be reached or refuses.
    """

    def __init__(
        self,
        driver: neo4j.Driver,
        *,
        database: str | None = None,
        address: str = "neo4j",
        user: str = "neo4j",
        enterprise: bool = False,
        batch: int = BATCH,
    ) -> None:
        self.driver, self.database, self.address, self.batch = driver, database, address, batch
        self._user = user
        with self._session() as session:
            migrate(EachAlone(session), enterprise=enterprise)

    @classmethod
    def on(cls, connection: Connection, *, batch: int = BATCH) -> Neo4jStore:
        """The store of a connection, which it then owns."""
        uri, database = connection.address.uri, connection.database
        try:
            return cls(
                connection.driver,
                database=database,
                address=f"{uri}/{database}" if database else uri,
                user=connection.address.user,
                enterprise=connection.edition == "enterprise",
                batch=batch,
            )
        except BaseException:
            connection.close()
            raise

    @contextmanager
    def _session(self) -> Iterator[neo4j.Session]:
        try:
            with self.driver.session(database=self.database) as session:
                yield session
        except (DriverError, Neo4jError) as error:
            raise broken_off(error, self.address, self.database, self._user) from error

    def ask(self, work: Callable[[Run], T]) -> T:
        """``work`` in one managed reading transaction: all its statements see the same committed data or later."""
        with self._session() as session:
            return session.execute_read(lambda transaction: work(InTransaction(transaction)))

    def is_empty(self) -> bool:
        """Whether the database holds nothing at all, not even what somebody put there by hand."""
        return not self.ask(lambda run: run("MATCH (n) WHERE NOT n:Schema RETURN 1 LIMIT 1"))

    def networks(self) -> list[str]:
        """See the protocol."""
        statement = "MATCH (n:Network) WHERE n.head > 0 OR n.head IS NOT :: INTEGER NOT NULL RETURN n.name ORDER BY n.name"  # one whose head was spoiled is there, and whoever asks for it is told
        return [name for (name,) in self.ask(lambda run: run(statement))]

    def head(self, network: str) -> Version:
        """See the protocol."""
        statement = (
            "MATCH (n:Network {name: $network}) WHERE n.head > 0 "
            f"MATCH (v:Version {{network: $network, number: n.head}}) RETURN {_VERSION}"
        )
        found = self.ask(lambda run: run(statement, network=network))
        if not found:
            raise self._no_such(network)
        return _version(network, found[0])

    def versions(self, network: str) -> list[Version]:
        """See the protocol."""
        statement = (
            "MATCH (n:Network {name: $network}) MATCH (v:Version {network: $network}) WHERE v.number <= n.head "
            f"RETURN {_VERSION} ORDER BY v.number"
        )
        found = self.ask(lambda run: run(statement, network=network))
        if not found:
            raise self._no_such(network)
        return [_version(network, row) for row in found]

    def tables(self, network: str, version: int | None = None) -> list[str]:
        """See the protocol."""
        return self.described(network, version)[1]

    def described(self, network: str, version: int | None = None) -> tuple[int, list[str], About]:
        """Number of a version (the head where none is given), tables given up to it, settings. Raises as :meth:`read`."""
        statement = (
            "MATCH (n:Network {name: $network}) WHERE n.head > 0 "
            "MATCH (v:Version {network: $network, number: coalesce($version, n.head)}) RETURN v.number, v.tables, v.about"
        )
        found = self.ask(lambda run: run(statement, network=network, version=version))
        if not found:
            raise self._no_such(network, version)
        record = version_record(network, ("number", "tables", "about"), found[0])
        return record.whole("number"), tables_of(record), about_of(record)

    def read(
        self, network: str, *, version: int | None = None, tables: Collection[str] | None = None
    ) -> Network:
        """See the protocol."""
        v, given, about = self.described(network, version)
        wanted = [t for t in given if tables is None or t in tables]
        with self._session() as session:
            frames = {
                t: session.execute_read(lambda transaction, t=t: read_table(transaction, network, v, t))  # type: ignore[misc]  # bound at once
                for t in wanted
            }
        return about.network(frames, network)

    def write(
        self,
        network: str,
        changes: Changes,
        *,
        base: int,
        how: How,
        by: str,
        why: str = "",
        about: About | None = None,
        tables: Collection[str] = (),
        filings: Sequence[Filing] = (),
    ) -> Version:
        """See the protocol."""
        check_name(network)
        whole, given = (
            incoming(changes, place_of(self.address, network)),
            tuple(given_tables(changes, tables)),
        )
        wish = Wish(network, whole, base, how, by, why, about, given, tuple(filings), self.batch)
        with self._session() as session:
            number = Writer(session, wish).write()
        statement = f"MATCH (v:Version {{network: $network, number: $number}}) RETURN {_VERSION}"
        return _version(network, self.ask(lambda run: run(statement, network=network, number=number))[0])

    def rehearse(self, network: str, changes: Changes, *, base: int) -> dict[str, tuple[int, int]]:
        """See the protocol."""
        whole, given = incoming(changes, place_of(self.address, network)), tuple(given_tables(changes, ()))
        with self._session() as session:
            return Writer(session, Wish(network, whole, base, "request", "", "", None, given)).check()

    def propose(self, network: str, proposal: Proposal, tables: Mapping[str, pl.DataFrame]) -> None:
        """See the protocol."""
        self.head(network)
        with self._session() as session:
            proposals.propose(transacting(session), network, proposal, tables, self.batch)

    def proposals(self, network: str) -> list[Proposal]:
        """See the protocol."""
        return self.ask(lambda run: proposals.proposals(run, network))

    def proposed(self, network: str, plan: str, table: str) -> pl.DataFrame:
        """See the protocol."""
        return self.ask(lambda run: proposals.proposed(run, network, plan, table))

    def withdraw(self, network: str, plan: str) -> None:
        """See the protocol."""
        with self._session() as session:
            proposals.withdraw(transacting(session), network, plan)

    def history(self, network: str, table: str, row: str) -> list[State]:
        """See the protocol."""
        head = self.head(network).number
        return self.ask(lambda run: history(run, network, table, row, head))

    def version_on(self, network: str, day: date) -> int:
        """See the protocol."""
        until = datetime.combine(day + timedelta(days=1), time(), UTC)
        earlier = [v.number for v in self.versions(network) if v.at < until]
        if not earlier:
            raise not_yet(network, day.isoformat(), self.versions(network)[0].at.date().isoformat())
        return earlier[-1]

    def papers(self, network: str, kind: str) -> list[Paper]:
        """See the protocol."""
        return self.ask(lambda run: papers.papers(run, network, kind))

    def paper_log(self, network: str, kind: str, id: str) -> list[Paper]:
        """See the protocol."""
        return self.ask(lambda run: papers.paper_log(run, network, kind, id))

    def file(self, network: str, filings: Sequence[Filing], *, by: str) -> list[Paper]:
        """See the protocol."""
        with self._session() as session:
            return session.execute_write(
                lambda transaction: papers.file(InTransaction(transaction), network, filings, by)
            )

    def close(self) -> None:
        """Close the driver."""
        self.driver.close()

    def _no_such(self, network: str, version: int | None = None) -> NoSuchNetwork:
        found = self.ask(lambda run: run("MATCH (n:Network {name: $network}) RETURN n.head", network=network))
        head = head_of(network, found[0][0]) if found else 0
        if head and version is not None:
            return no_version(network, version, self.head(network).number)
        if head:
            raise no_such_head(network, head)
        return no_network(network, self.networks())


def _version(network: str, row: list[Any]) -> Version:
    return version_of(version_record(network, VERSION_FIELDS, row))
