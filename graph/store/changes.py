"""What is to change in a stored network: rows to put and rows to take away, table by table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import polars as pl

from graph.schema import TABLES
from graph.schema.model import ROW
from graph.store.rows import keyed, row_keys, table_checksum

NOTHING: Mapping[str, pl.DataFrame] = MappingProxyType({})


@dataclass(frozen=True)
class Changes:
    """Rows to put (new ones, and new states of known ones) and rows to take away.

    Parameters
    ----------
    put : mapping of str to DataFrame
        Table → whole rows with all declared columns; by its key a row is new or changed.
    removed : mapping of str to DataFrame
        Table → key columns of the rows that go.
    """

    put: Mapping[str, pl.DataFrame] = field(default_factory=lambda: NOTHING)
    removed: Mapping[str, pl.DataFrame] = field(default_factory=lambda: NOTHING)

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return self.size > 0

    @property
    def size(self) -> int:
        """How many rows are put or removed."""
        return sum(f.height for f in (*self.put.values(), *self.removed.values()))

    @property
    def tables(self) -> list[str]:
        """Tables that change, in the schema's order."""
        return [t for t in TABLES if any(t in part and part[t].height for part in (self.put, self.removed))]

    def counts(self) -> dict[str, tuple[int, int]]:
        """Table → rows put and removed."""
        return {t: (self.put_rows(t).height, self.removed_rows(t).height) for t in self.tables}

    def put_rows(self, table: str) -> pl.DataFrame:
        """Rows that are put; an empty frame where there are none."""
        return self.put[table] if table in self.put else TABLES[table].empty()

    def removed_rows(self, table: str) -> pl.DataFrame:
        """Keys that are removed; an empty frame where there are none."""
        return (
            self.removed[table] if table in self.removed else TABLES[table].empty().select(TABLES[table].key)
        )

    def keys(self, table: str) -> list[str]:
        """Keys of all rows of a table that change, as text."""
        both = (self.put_rows(table), self.removed_rows(table))
        return [key for rows in both for key in row_keys(table, rows).to_list()]

    @cached_property
    def checksums(self) -> dict[str, str]:
        """Table → :func:`~graph.store.rows.table_checksum` of the rows that are put."""
        return {table: table_checksum(table, self.put_rows(table)) for table in self.tables}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that changes, whatever the order of rows."""
        told = hashlib.sha256()
        for table in self.tables:
            told.update(f"{table} {self.checksums[table]}\n".encode())
            gone = sorted(row_keys(table, self.removed_rows(table)).to_list())
            told.update("\n".join(["-", *gone, ""]).encode())
        return told.hexdigest()

    def only(self, tables: Iterable[str]) -> Changes:
        """Those of some tables."""
        kept = set(tables)
        return Changes(
            {t: f for t, f in self.put.items() if t in kept},
            {t: f for t, f in self.removed.items() if t in kept},
        )


def difference(table: str, old: pl.DataFrame, new: pl.DataFrame) -> Changes:
    """What makes ``new`` out of ``old``: rows that are new or differ in any cell, and keys that are gone.

    The order of rows is no difference.
    """
    columns = [c.name for c in TABLES[table].columns]
    before, after = keyed(table, old.select(columns)), keyed(table, new.select(columns))
    same = after.join(before, on=[ROW, *columns], how="semi", nulls_equal=True)
    put = after.join(same.select(ROW), on=ROW, how="anti", maintain_order="left").select(columns)
    gone = before.join(after.select(ROW), on=ROW, how="anti", maintain_order="left")
    return Changes({table: put} if put.height else {}, _keys_of(table, gone))


def merged(parts: Iterable[Changes]) -> Changes:
    """Changes of different tables as one."""
    put: dict[str, pl.DataFrame] = {}
    removed: dict[str, pl.DataFrame] = {}
    for part in parts:
        put.update(part.put)
        removed.update(part.removed)
    return Changes(put, removed)


def _keys_of(table: str, rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {table: rows.select(TABLES[table].key)} if rows.height else {}
