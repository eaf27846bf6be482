"""The store of one office: a folder."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from graph.errors import OutsideError
from graph.network import Network
from graph.schema import RESULTS, TABLES
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.incoming import given_tables, incoming
from graph.store.keyring import place_of
from graph.store.papers import Filing, Paper
from graph.store.proposal import Proposal
from graph.store.version import How, State, Version
from graph.store.workspace import backup, checking, history, papers, proposals, writing
from graph.store.workspace.catalogue import Catalogue
from graph.store.workspace.database import Database
from graph.store.workspace.proposals import Kept
from graph.store.workspace.reading import Reader
from graph.store.workspace.snapshot import Snapshot


class Workspace:
    """A :class:`~graph.store.protocol.Store` in a folder; :func:`~graph.store.workspace.place.open_workspace` opens it.

    Several threads may use one, and several processes the same folder: one writes at a time, the others wait; readers
    never wait.

    Parameters
    ----------
    folder : Path
        The folder.
    database : Database, optional
        Its database, where it is open already.
    """

    def __init__(self, folder: Path, database: Database | None = None) -> None:
        self.folder = folder
        self.address = str(folder)
        self._database = database or Database(folder)
        self._reader = Reader(folder)

    def networks(self) -> list[str]:
        """Names of the networks, in alphabetical order."""
        with self._database.reading() as connection:
            return Catalogue(connection).names()

    def head(self, network: str) -> Version:
        """The newest version."""
        with self._database.reading() as connection:
            catalogue = Catalogue(connection)
            return catalogue.versions(*catalogue.version(network, None))[0]

    def versions(self, network: str) -> list[Version]:
        """All versions, the oldest first."""
        with self._database.reading() as connection:
            catalogue = Catalogue(connection)
            return catalogue.versions(catalogue.number(network))

    def tables(self, network: str, version: int | None = None) -> list[str]:
        """Tables that were given up to a version, in the schema's order."""
        with self._database.reading() as connection:
            catalogue = Catalogue(connection)
            return catalogue.tables(*catalogue.version(network, version))

    def read(
        self, network: str, *, version: int | None = None, tables: Collection[str] | None = None
    ) -> Network:
        """The network as of a version, or some tables of it."""
        with self._database.reading() as connection:
            catalogue = Catalogue(connection)
            number, at = catalogue.version(network, version)
            about = catalogue.about(number, at)
            wanted = [t for t in catalogue.tables(number, at) if tables is None or t in tables]
            snapshots = {table: catalogue.snapshots(number, table, at) for table in wanted}
        return about.network({t: self._reader.table(t, s) for t, s in snapshots.items()}, network)

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
        """Change everything at once, and make it the new head; see :meth:`graph.store.protocol.Store.write`."""
        wish = writing.Wish(
            network,
            incoming(changes, place_of(self.address, network)),
            base,
            how,
            by,
            why,
            about,
            given_tables(changes, tables),
            filings,
        )
        with self._database.writing() as connection:
            return writing.write(self.folder, Catalogue(connection), self._reader, wish)

    def rehearse(self, network: str, changes: Changes, *, base: int) -> dict[str, tuple[int, int]]:
        """What :meth:`write` would do; see :meth:`graph.store.protocol.Store.rehearse`."""
        wish = writing.Wish(
            network,
            incoming(changes, place_of(self.address, network)),
            base,
            "request",
            "",
            "",
            None,
            given_tables(changes, ()),
        )
        with self._database.reading() as connection:
            return writing.rehearse(Catalogue(connection), self._reader, wish)

    def propose(self, network: str, proposal: Proposal, tables: Mapping[str, pl.DataFrame]) -> None:
        """Store a plan's result tables beside the network; see :meth:`graph.store.protocol.Store.propose`."""
        with self._database.writing() as connection:
            proposals.propose(self.folder, connection, self._reader, network, proposal, tables)

    def proposals(self, network: str) -> list[Proposal]:
        """Plans that are proposed, by id."""
        with self._database.reading() as connection:
            return proposals.proposals(connection, network)

    def proposed(self, network: str, plan: str, table: str) -> pl.DataFrame:
        """A result table of a proposed plan, in its order."""
        kept = self._kept(network, plan, table)
        if kept is None:
            return RESULTS[table].empty()
        try:
            return self._reader.proposed(kept.file, kept.size, table)
        except OutsideError:
            self._kept(network, plan, table)  # a file that is missing as the plan was withdrawn is no damage
            raise

    def _kept(self, network: str, plan: str, table: str) -> Kept | None:
        with self._database.reading() as connection:
            return proposals.kept_of(connection, network, plan, table)

    def withdraw(self, network: str, plan: str) -> None:
        """Remove a proposal: first its row, then its files."""
        with self._database.writing() as connection:
            number = proposals.withdraw(connection, network, plan)
        proposals.remove_files(self.folder, number)

    def papers(self, network: str, kind: str) -> list[Paper]:
        """The newest filing of every paper of a kind, by id."""
        with self._database.reading() as connection:
            return papers.papers(connection, network, kind)

    def paper_log(self, network: str, kind: str, id: str) -> list[Paper]:
        """All filings of a paper, the oldest first; none where there is no such paper."""
        with self._database.reading() as connection:
            return papers.paper_log(connection, network, kind, id)

    def file(self, network: str, filings: Sequence[Filing], *, by: str) -> list[Paper]:
        """File papers, all or none; see :meth:`graph.store.protocol.Store.file`."""
        with self._database.writing() as connection:
            return papers.file(connection, network, filings, by)

    def history(self, network: str, table: str, row: str) -> list[State]:
        """All states of one row, the oldest first; none where the key never was."""
        with self._database.reading() as connection:
            catalogue = Catalogue(connection)
            number, head = catalogue.version(network, None)
            snapshots = catalogue.snapshots(number, table, head) if table in TABLES else []
        return history.states(table, row, snapshots, self._reader) if snapshots else []

    def version_on(self, network: str, day: date) -> int:
        """The version that was the head at the end of a day (UTC)."""
        with self._database.reading() as connection:
            return Catalogue(connection).on(network, day)

    def snapshots(self) -> list[Snapshot]:
        """Every snapshot that the database names, of all networks and versions."""
        with self._database.reading() as connection:
            return Catalogue(connection).all_snapshots()

    def check(self) -> list[checking.Broken]:
        """Files that are not what was written: the database, and each that it names, byte for byte.

        Raises
        ------
        OutsideError
            When the database cannot be read at all.
        """
        with self._database.reading() as connection:
            found = checking.broken_database(self._database.file, connection)
        found += checking.broken_snapshots(self.folder, self.snapshots())
        with self._database.reading() as connection:
            kept = proposals.all_kept(connection)
        broken = checking.broken_files((self.folder / k.file, k.sha256) for k in kept)
        with self._database.reading() as connection:  # of what was withdrawn meanwhile nothing need be there
            there = {self.folder / k.file for k in proposals.all_kept(connection)}
        return found + [b for b in broken if b.file in there]

    def backup(self, target: Path) -> None:
        """Copy the workspace as it stands now into a new folder; others may write meanwhile.

        The copy is a workspace itself: to restore, put it in the place of the old folder.

        Raises
        ------
        UsageError
            When the target is there already.
        OutsideError
            When the disk fails or is full, or a snapshot is missing or damaged; no half backup is left.
        """
        backup.backup(self._database, target)

    def close(self) -> None:
        """Let go of files and connections."""
        self._database.close()
