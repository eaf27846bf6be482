"""What a change meets: the head of a network as the one who holds the lock sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import polars as pl

from graph.schema import TABLES
from graph.schema.model import POSITION, ROW
from graph.store.rows import row_keys
from graph.store.workspace.catalogue import Catalogue
from graph.store.workspace.reading import Reader
from graph.store.workspace.snapshot import Snapshot

VERSION = "version"


class Ground:
    """The head of one network; an empty one where the network is new.

    Parameters
    ----------
    catalogue : Catalogue
        Inside the writing transaction.
    reader : Reader
        Of the same workspace.
    network : int or None
        The network's number; ``None`` where it is new.
    """

    def __init__(self, catalogue: Catalogue, reader: Reader, network: int | None) -> None:
        self.catalogue, self.reader, self.network = catalogue, reader, network
        self.head = 0 if network is None else catalogue.head(network)
        self._snapshots: dict[str, list[Snapshot]] = {}
        self._later: dict[tuple[str, int], pl.DataFrame] = {}

    @cached_property
    def given(self) -> list[str]:
        """Tables that were given by now."""
        return [] if self.network is None else self.catalogue.tables(self.network, self.head)

    def snapshots(self, table: str) -> list[Snapshot]:
        """Snapshots of a table by now."""
        if self.network is None:
            return []
        if table not in self._snapshots:
            self._snapshots[table] = self.catalogue.snapshots(self.network, table, self.head)
        return self._snapshots[table]

    def rows(self, table: str, keys: pl.DataFrame, columns: Sequence[str] = ()) -> pl.DataFrame:
        """Rows that stand and have one of some keys, with their ``position``."""
        return self.reader.rows(table, self.snapshots(table), keys, columns)

    def next_position(self, table: str) -> int:
        """Place of the next new row of a table."""
        return 0 if self.network is None else self.catalogue.next_position(self.network, table)

    def former(self, table: str, keys: pl.DataFrame) -> pl.DataFrame:
        """Of some keys those that went at some time, with the ``position`` that they had; some of them may stand again."""
        gone = [s for s in self.snapshots(table) if s.kind == "gone"] if keys.height else []
        key = list(TABLES[table].key)
        empty = TABLES[table].empty().select(key).with_columns(pl.lit(None, pl.Int64).alias(POSITION))
        return pl.concat([empty, *(self.reader.search(s, keys, key).select(empty.columns) for s in gone)])

    def standing(self, table: str, names: pl.Series) -> pl.Series:
        """Those of some entities' names that stand in a table whose key is one column."""
        (key,) = TABLES[table].key
        return self.rows(table, pl.DataFrame({key: names}), [key])[key]

    def naming(self, table: str, column: str, names: pl.Series) -> pl.DataFrame:
        """Rows that stand and have one of some names in a column."""
        return self.reader.naming(table, self.snapshots(table), column, names)

    def changed_since(self, table: str, base: int) -> pl.DataFrame:
        """Rows of a table that changed after a version: ``row``, and the last ``version`` that did it."""
        if (table, base) not in self._later:
            self._later[table, base] = self._changed_since(table, base)
        return self._later[table, base]

    def _changed_since(self, table: str, base: int) -> pl.DataFrame:
        later = [s for s in self.snapshots(table) if s.version > base and s.kind != "whole"]
        parts = [
            pl.DataFrame({ROW: row_keys(table, self.reader.keys(s)), VERSION: [s.version] * s.height})
            for s in later
        ]
        return _latest(parts)


def _latest(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    empty = pl.DataFrame(schema={ROW: pl.String(), VERSION: pl.Int64()})
    return pl.concat([empty, *parts]).group_by(ROW).agg(pl.col(VERSION).max())
