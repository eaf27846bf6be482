"""What every store of support networks does; the contract suite of ``tests/graph/store`` holds for each of them.

A store keeps networks by name. Each has versions, numbered from 1, the highest being its *head*; a version is never
changed, and every read is of one version, so nobody sees half of a change. Reading, and changing everything at once, is
all that a store must know how to do; loads, requests, adoptions and pulls are made of these.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

import polars as pl

from graph.errors import CheckFailed, UsageError
from graph.language import Text, several
from graph.network import Network
from graph.schema import TABLES
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.papers import Filing, Paper

How = Literal["load", "request", "adopt", "revert", "pull", "forget"]
SHOWN = 20


@dataclass(frozen=True)
class Version:
    """One state of a network.

    Parameters
    ----------
    number : int
        From 1; the head is the highest.
    at : datetime
        When it was recorded, in UTC.
    how : str
        What made it: ``load``, ``request``, ``adopt``, ``revert``, ``pull`` or ``forget``.
    by, why : str
        Who made it, and the reason given (for an adoption the plan's id).
    counts : mapping of str to (int, int)
        Table → rows that really were put and removed.
    digest : str
        Digest of the whole history up to it, see :func:`chained`.
    """

    number: int
    at: datetime
    how: How
    by: str
    why: str
    counts: Mapping[str, tuple[int, int]]
    digest: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {
            "at": self.at.isoformat(),
            "counts": {k: list(v) for k, v in self.counts.items()},
        }


def chained(before: str, changes: Changes, about: About, tables: Collection[str]) -> str:
    """Digest of a version: the same on every store where the history is the same, and another where anything in it differs.

    Parameters
    ----------
    before : str
        Digest of the version before; empty for the first.
    changes : Changes
        What was asked for.
    about : About
        Settings as of the version.
    tables : collection of str
        Tables that were given up to it.
    """
    told = [before, changes.digest, about.to_dict(), sorted(tables)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class State:
    """One state of a row.

    Parameters
    ----------
    row : mapping of str to object
        The cells by column.
    recorded_at, superseded_by : int, int or None
        Version from which it is known, and the one from which it is known no longer; ``None`` while it stands.
    """

    row: Mapping[str, Any]
    recorded_at: int
    superseded_by: int | None


@dataclass(frozen=True)
class Clash:
    """A row that somebody else changed since the version that changes were worked out from.

    Parameters
    ----------
    table, row : str
        The table and the row's key as text.
    version : int
        Version in which it changed.
    refers : str
        Empty where it is the very row that is to change; else the column of that row that names it.
    """

    table: str
    row: str
    version: int
    refers: str = ""

    @property
    def text(self) -> Text:
        """The clash for people."""
        through = (
            Text(f"（被{_column_title(self.refers)} {self.refers} 引用）", f" (named by {self.refers})")
            if self.refers
            else Text("", "")
        )
        title = TABLES[self.table].title.zh if self.table in TABLES else self.table
        return Text(
            f"{title} {self.row}{through.zh}：版本 {self.version} 已改",
            f"{self.table} {self.row}{through.en}: changed in version {self.version}",
        )


def _column_title(name: str) -> str:
    """A column by its Chinese title; a name that no table has as it stands."""
    return next((c.title.zh for t in TABLES.values() for c in t.columns if c.name == name), name)


@dataclass(frozen=True)
class Proposal:
    """A plan whose decisions are in a store, but not in force.

    Parameters
    ----------
    plan : str
        The plan's id.
    base : int
        Version of the network that it was computed from.
    on : date
        Day of planning.
    title : str
        The scenario's title.
    by : str
        Who proposed it.
    stages : tuple of str
        Stages that it decides.
    rows : mapping of str to int
        Result table → number of rows.
    announced_days : int
        Relations that begin so many days after ``on`` counted as in force.
    """

    plan: str
    base: int
    on: date
    title: str
    by: str
    stages: tuple[str, ...]
    rows: Mapping[str, int]
    announced_days: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {
            "on": self.on.isoformat(),
            "stages": list(self.stages),
            "rows": dict(self.rows),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Proposal:
        """The same back."""
        return cls(
            told["plan"],
            told["base"],
            date.fromisoformat(told["on"]),
            told["title"],
            told["by"],
            tuple(told["stages"]),
            dict(told["rows"]),
            told["announced_days"],
        )


class NoSuchProposal(UsageError):
    """A store has no proposal of that plan."""


class StaleError(CheckFailed):
    """The ground has changed since the version that changes were worked out from; ``clashes`` says where."""

    def __init__(self, network: str, base: int, head: int, clashes: list[Clash]) -> None:
        self.base, self.head, self.clashes = base, head, clashes
        shown, more = clashes[:SHOWN], len(clashes) - SHOWN
        zh = "\n".join(f"  {c.text.zh}" for c in shown) + (f"\n  ……另有 {more} 处" if more > 0 else "")
        en = "\n".join(f"  {c.text.en}" for c in shown) + (f"\n  … and {more} more" if more > 0 else "")
        super().__init__(
            f"{network}：依据的是版本 {base}，现在是版本 {head}，其间有 {len(clashes)} 处被改动，未作任何更改：\n{zh}",
            f"{network}: worked out from version {base}, now it is {head}; changed in between in {several(len(clashes), 'place')}, nothing was done:\n{en}",
        )

    def details(self) -> dict[str, Any]:
        """The version worked out from, the newest one, and every clash."""
        return {"base": self.base, "head": self.head, "clashes": [asdict(c) for c in self.clashes]}


class NoSuchNetwork(UsageError):
    """A store has no network of that name, or not at that version."""


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
