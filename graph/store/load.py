"""Load a network into a store, and reconcile: read it back and compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from graph.language import Text
from graph.network import Network
from graph.schema import TABLES
from graph.schema.model import ROW
from graph.store.about import About
from graph.store.changes import Changes, difference, merged
from graph.store.keyring import FORGOTTEN, TABLE, SealedNames, place_of, seal_network
from graph.store.protocol import Store
from graph.store.rows import row_keys, table_checksum
from graph.store.version import Version

SHOWN = 10


@dataclass(frozen=True)
class Reconciled:
    """One table as it was given and as it reads back.

    Parameters
    ----------
    given_rows, stored_rows : int
        Number of rows.
    given_checksum, stored_checksum : str
        See :func:`~graph.store.rows.table_checksum`.
    """

    given_rows: int
    stored_rows: int
    given_checksum: str
    stored_checksum: str

    @property
    def equal(self) -> bool:
        """Whether both are the same."""
        return (self.given_rows, self.given_checksum) == (self.stored_rows, self.stored_checksum)


@dataclass(frozen=True)
class Unequal:
    """A table that does not read back as it was given.

    Parameters
    ----------
    table : str
        The table.
    missing, extra, changed : list of str
        Keys of rows that the store lacks, that only it has, and whose cells differ.
    """

    table: str
    missing: list[str]
    extra: list[str]
    changed: list[str]

    @property
    def text(self) -> Text:
        """The difference for people; ten keys of each sort."""
        parts = [
            ("缺少", "missing", self.missing),
            ("多出", "only in the store", self.extra),
            ("不同", "different", self.changed),
        ]
        zh = "；".join(f"{word} {len(keys)} 行（{_some(keys)}）" for word, _, keys in parts if keys)
        en = "; ".join(f"{len(keys)} {word} ({_some(keys)})" for _, word, keys in parts if keys)
        return Text(f"{self.table}：{zh or '内容不同'}", f"{self.table}: {en or 'other content'}")


@dataclass(frozen=True)
class LoadReport:
    """What a load did.

    Parameters
    ----------
    network : str
        Its name in the store.
    version : Version
        The head after the load; the old one where nothing differed.
    changed : mapping of str to (int, int)
        Table → rows put and removed; empty where nothing differed.
    tables : mapping of str to Reconciled
        Each table that was given (with ``replace`` each table of the network): given and read back.
    differences : list of Unequal
        What does not read back as it was given; empty when all is well.
    forgotten : tuple of str
        Cadres whose names were left out, as they were forgotten.
    unreadable : tuple of str
        Cadres whose stored names stay as they are, as their keys are not here.
    settings : list of Text
        What changed of date, levels, code scheme and own enumeration values of a network that was there.
    new_tables : list of str
        Tables that such a network has since this load, empty ones too.
    new : bool
        Whether the network was not there before.
    """

    network: str
    version: Version
    changed: Mapping[str, tuple[int, int]]
    tables: Mapping[str, Reconciled] = field(default_factory=dict)
    differences: list[Unequal] = field(default_factory=list)
    forgotten: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    settings: list[Text] = field(default_factory=list)
    new_tables: list[str] = field(default_factory=list)
    new: bool = False

    @property
    def equal(self) -> bool:
        """Whether everything reads back as it was given."""
        return not self.differences

    @property
    def text(self) -> Text:
        """What does not read back as it was given."""
        zh = "\n".join(f"  {d.text.zh}" for d in self.differences)
        en = "\n".join(f"  {d.text.en}" for d in self.differences)
        return Text(
            f"{self.network}：读回的内容与导入的不同：\n{zh}",
            f"{self.network}: what reads back differs from what was loaded:\n{en}",
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "network": self.network,
            "version": self.version.to_dict(),
            "changed": {t: list(n) for t, n in self.changed.items()},
            "tables": {t: asdict(r) | {"equal": r.equal} for t, r in self.tables.items()},
            "differences": [asdict(d) for d in self.differences],
            "settings": [t.as_dict() for t in self.settings],
            "new_tables": self.new_tables,
            "new": self.new,
            "equal": self.equal,
            "forgotten": list(self.forgotten),
            "unreadable": list(self.unreadable),
        }


def load(
    store: Store, network: Network, name: str, *, by: str, why: str = "", replace: bool = False
) -> LoadReport:
    """Make a stored network equal to the tables that are given, as one version; then read them back and compare.

    The first load stores everything. A later one stores only what differs: rows that are new, changed or gone. A table
    that is given is then exactly as given, so a row that only the store has goes. A table that is not given stays as it
    is, and so do code scheme and levels where the table ``regions`` is not given; with ``replace`` such a table loses
    its rows. Loading the same again changes nothing and makes no version. Names of cadres are sealed
    (:mod:`graph.store.keyring`).

    Parameters
    ----------
    store : Store
        Any store.
    network : Network
        The tables.
    name : str
        The network's name in the store; a new one is made.
    by, why : str
        Who loads, and why.
    replace : bool
        Whether tables that are not given lose their rows.

    Raises
    ------
    StaleError
        When somebody else changed the same rows meanwhile; load again.
    InputError
        When rows name what is not there, or rows of tables that stay name what would go; nothing is stored.
    OutsideError
        When the store cannot be read or written; nothing is stored.
    """
    known = name in store.networks()
    network, names = _sealed(store, network, name, known=known)
    base = store.head(name).number if known else 0
    there = store.tables(name, base) if known else []
    wanted = _wanted(network, there if replace else [])
    before = store.read(name, version=base, tables=list(wanted)) if known else None
    changes = merged(_difference(table, before, frame) for table, frame in wanted.items())
    about = About.of(network) if not known or network.has("regions") else None
    version = store.write(
        name, changes, base=base, how="load", by=by, why=why, about=about, tables=list(wanted)
    )
    after = (
        before
        if before is not None and version.number == base
        else store.read(name, version=version.number, tables=list(wanted))
    )
    known_sums = changes.checksums if before is None else {}
    tables, differences = _reconciled(wanted, after, known_sums)
    settings = about.differences(About.of(before)) if about is not None and before is not None else []
    added = [t for t in wanted if t not in there] if known else []
    return LoadReport(
        name,
        version,
        changes.counts(),
        tables,
        differences,
        names.forgotten,
        names.unreadable,
        settings,
        added,
        not known,
    )


def _sealed(store: Store, network: Network, name: str, *, known: bool) -> tuple[Network, SealedNames]:
    stored, left = None, set[str]()
    if known and network.has(TABLE):
        stored = store.read(name, tables=[TABLE]).frame(TABLE)
        left = {paper.id for paper in store.papers(name, FORGOTTEN)}
    return seal_network(network, place_of(store.address, name), stored=stored, left=left)


def _wanted(network: Network, stored: list[str]) -> dict[str, pl.DataFrame]:
    """Table → the rows that it is to have, in the schema's order."""
    asked = [t for t in TABLES if network.has(t) or t in stored]
    return {t: network.frame(t).select(list(TABLES[t].by_name)) for t in asked}


def _difference(table: str, before: Network | None, wanted: pl.DataFrame) -> Changes:
    if before is None or not before.has(table):
        return Changes({table: wanted} if wanted.height else {})
    stored = before.frame(table)
    return Changes() if stored.equals(wanted) else difference(table, stored, wanted)


def _reconciled(
    wanted: Mapping[str, pl.DataFrame], after: Network, sums: Mapping[str, str]
) -> tuple[dict[str, Reconciled], list[Unequal]]:
    """Compare cell by cell first: what is the same in the same order has the same checksum."""
    tables: dict[str, Reconciled] = {}
    differences = []
    for table, given in wanted.items():
        stored = after.frame(table)
        checksum = sums.get(table) or table_checksum(table, given)
        same = after.has(table) and stored.equals(given)
        tables[table] = Reconciled(
            given.height, stored.height, checksum, checksum if same else table_checksum(table, stored)
        )
        if not tables[table].equal or not after.has(table):
            differences.append(_unequal(table, given, stored))
    return tables, differences


def _unequal(table: str, given: pl.DataFrame, stored: pl.DataFrame) -> Unequal:
    found, there = difference(table, stored, given), row_keys(table, stored)
    differing = found.put_rows(table)
    keys = row_keys(table, differing)
    known = keys.is_in(there.implode())
    return Unequal(
        table,
        keys.filter(~known).to_list(),
        row_keys(table, found.removed_rows(table)).rename(ROW).to_list(),
        keys.filter(known).to_list(),
    )


def _some(keys: list[str]) -> str:
    return ", ".join(keys[:SHOWN]) + (" …" if len(keys) > SHOWN else "")
