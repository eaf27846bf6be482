"""What every store of support networks does; the contract suite of ``tests/graph/store`` holds for each of them.

A store keeps networks by name. Each has versions, numbered from 1, the highest being its *head*; a version is never
changed, and every read is of one version, so nobody sees half of a change. Reading, and changing everything at once, is
all that a store must know how to do; loads, requests, adoptions and pulls are made of these.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

import polars as pl

from graph.network import Network
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.papers import Filing, Paper
from graph.store.proposal import Proposal
from graph.store.version import How, State, Version


class Store(Protocol):
    """A store of networks. Errors of what lies outside (disk, server) are :class:`~graph.errors.OutsideError`."""

    address: str
    """What opens it: a folder, or ``neo4j://…``."""

    def networks(self) -> list[str]:
        """Names of the networks, in alphabetical order."""
        ...

    def head(self, network: str) -> Version:
        """The newest version.

        Raises
        ------
        NoSuchNetwork
            When there is none of that name; the message names those that there are.
        """
        ...

    def versions(self, network: str) -> list[Version]:
        """All versions, the oldest first. Raises as :meth:`head`."""
        ...

    def tables(self, network: str, version: int | None = None) -> list[str]:
        """Tables that were given up to a version (they may be empty), in the schema's order."""
        ...

    def read(
        self, network: str, *, version: int | None = None, tables: Collection[str] | None = None
    ) -> Network:
        """The network as of a version (the head's where none is given), or some tables of it.

        Rows come in the order in which their table was given first, later ones behind; a row that went and comes again
        takes the place that it had. Columns and types are as the schema declares.

        Raises
        ------
        NoSuchNetwork
            When there is no such network or version.
        """
        ...

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
        """Change everything at once, and make it the new head.

        Parameters
        ----------
        network : str
            Name; a new one begins with ``base = 0``.
        changes : Changes
            Rows to put and keys to remove. A removed key that is not there, and a put row that is there as it is, change
            nothing and clash with nothing.
        base : int
            Version that the changes were worked out from. Where the head is another by now, they are applied only if nothing
            that they touch has changed since: their rows, and the entities that rows which are put name through columns
            with ``foreign``.
        how, by, why : str
            See :class:`Version`.
        about : About, optional
            Settings of the network, where they change (a new one needs them).
        tables : collection of str
            Tables that are given though none of their rows change (empty ones).
        filings : sequence of Filing
            Papers that are filed with it, in the same transaction; also where no row would change.

        Returns
        -------
        Version
            The new head; the old one where nothing would change.

        Raises
        ------
        NoSuchNetwork
            When the network has no version ``base``.
        UsageError
            When a new network is given no ``about``, or a name that none may have.
        StaleError
            When something that the changes touch has changed since ``base``; nothing is done.
        StalePaper
            When a paper was filed by somebody else in the meantime; nothing is done.
        InputError
            When rows are not what the schema declares (:func:`graph.store.incoming.incoming`), a row that is put names an
            entity that is not there (columns with ``foreign``, where the entity's table was given), or an entity is removed
            that rows which stay still name.
        """
        ...

    def rehearse(self, network: str, changes: Changes, *, base: int) -> dict[str, tuple[int, int]]:
        """What :meth:`write` would do: table → rows put and removed; nothing is done.

        Raises
        ------
        NoSuchNetwork
            When there is no such network or version.
        StaleError, InputError
            As :meth:`write` would.
        """
        ...

    def propose(self, network: str, proposal: Proposal, tables: Mapping[str, pl.DataFrame]) -> None:
        """Store a plan's result tables beside the network. What was interrupted goes on where it stopped; what is there stays.

        Raises
        ------
        NoSuchNetwork
            When there is no such network.
        InputError
            When rows name what is not there; nothing is stored.
        """
        ...

    def proposals(self, network: str) -> list[Proposal]:
        """Plans that are proposed, by id."""
        ...

    def proposed(self, network: str, plan: str, table: str) -> pl.DataFrame:
        """A result table of a proposed plan, in its order.

        Raises
        ------
        NoSuchProposal
            When the plan is not proposed.
        """
        ...

    def withdraw(self, network: str, plan: str) -> None:
        """Remove a proposal. Raises as :meth:`proposed`."""
        ...

    def history(self, network: str, table: str, row: str) -> list[State]:
        """All states of one row, the oldest first; none where the key never was."""
        ...

    def version_on(self, network: str, day: date) -> int:
        """The version that was the head at the end of a day (UTC).

        Raises
        ------
        NoSuchNetwork
            When the network was not there yet.
        """
        ...

    def papers(self, network: str, kind: str) -> list[Paper]:
        """The newest filing of every paper of a kind, by id. A network need not be there yet to have papers."""
        ...

    def paper_log(self, network: str, kind: str, id: str) -> list[Paper]:
        """All filings of a paper, the oldest first; none where there is no such paper."""
        ...

    def file(self, network: str, filings: Sequence[Filing], *, by: str) -> list[Paper]:
        """File papers, all or none.

        Raises
        ------
        StalePaper
            When one was filed by somebody else in the meantime.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
