"""Tables held as columns of plain values, made frames only where a frame is asked for.

What a store reads for a question about a few places: there, making frames and asking them costs more than the question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from graph.schema import TABLES

Columns = Mapping[str, Sequence[Any]]


class HeldTables(Mapping[str, pl.DataFrame]):
    """The frames of a network, each made when it is first asked for.

    Parameters
    ----------
    tables : collection of str
        Their names.
    columns : callable
        Table → name of each declared column and its values, as :meth:`polars.Series.to_list` would give them.
    """

    def __init__(self, tables: Sequence[str], columns: Callable[[str], Columns]) -> None:
        self._tables, self._make = tuple(tables), columns
        self._columns: dict[str, Columns] = {}
        self._frames: dict[str, pl.DataFrame] = {}

    def columns(self, table: str) -> Columns:
        """The table's columns.

        Raises
        ------
        KeyError
            When the table is not held.
        """
        if table not in self._columns:
            if table not in self._tables:
                raise KeyError(table)
            self._columns[table] = self._make(table)
        return self._columns[table]

    def where(self, table: str, column: str, values: set[Any]) -> list[dict[str, Any]]:
        """Rows whose ``column`` is one of ``values``."""
        columns = self.columns(table)
        chosen = [i for i, value in enumerate(columns[column]) if value in values]
        return [{name: cells[i] for name, cells in columns.items()} for i in chosen]

    def __getitem__(self, table: str) -> pl.DataFrame:
        """The table's frame."""
        if table not in self._frames:
            self._frames[table] = pl.DataFrame(dict(self.columns(table)), schema=TABLES[table].dtypes)
        return self._frames[table]

    def __contains__(self, table: object) -> bool:
        """Whether it is held; no frame is made."""
        return table in self._tables

    def __iter__(self) -> Iterator[str]:
        """Names of tables."""
        return iter(self._tables)

    def __len__(self) -> int:
        """Number of tables."""
        return len(self._tables)
