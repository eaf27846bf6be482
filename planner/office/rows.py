"""Which rows of a network a change touches: as they stand at the head, and as they would be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from graph.office.written import rows_to_json
from graph.schema.model import ROW
from graph.store.changes import Changes
from graph.store.protocol import Store
from graph.store.rows import keyed


@dataclass(frozen=True)
class Touched:
    """Rows of one table that really change.

    Parameters
    ----------
    put : DataFrame
        Rows as they would be, with their key as text in the column ``row``.
    removed : DataFrame
        Rows that go, in the same way.
    current : DataFrame
        Rows as they stand; of rows that are new there are none.
    """

    put: pl.DataFrame
    removed: pl.DataFrame
    current: pl.DataFrame

    @property
    def height(self) -> int:
        """How many rows change."""
        return self.put.height + self.removed.height

    def entries(self, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """One entry per row, at most ``limit``: ``row``, ``current`` (none: new), ``proposed`` (none: removed)."""
        put = self.put if limit is None else self.put.head(limit)
        gone = self.removed if limit is None else self.removed.head(max(limit - put.height, 0))
        asked = pl.concat([put[ROW], gone[ROW]]).implode()
        here = self.current.filter(pl.col(ROW).is_in(asked))
        now = dict(zip(here[ROW].to_list(), rows_to_json(here.drop(ROW)), strict=True))
        for row, cells in zip(put[ROW].to_list(), rows_to_json(put.drop(ROW)), strict=True):
            yield {"row": row, "current": now.get(row), "proposed": cells}
        for row in gone[ROW].to_list():
            yield {"row": row, "current": now[row], "proposed": None}


def touched(store: Store, network: str, changes: Changes) -> dict[str, Touched]:
    """Table → its rows that would really change at the head; tables of which none would are left out.

    Parameters
    ----------
    store, network : Store, str
        Where.
    changes : Changes
        What is to change.
    """
    there = store.read(network, tables=changes.tables)
    found: dict[str, Touched] = {}
    for table in changes.tables:
        rows = keyed(table, there.frame(table))
        put = keyed(table, changes.put_rows(table)).select(rows.columns)
        new = put.join(rows, on=put.columns, how="anti", nulls_equal=True, maintain_order="left")
        keys = keyed(table, changes.removed_rows(table)).select(ROW)
        gone = rows.join(keys, on=ROW, how="semi", maintain_order="left")
        here = Touched(
            new, gone, rows.join(pl.concat([new.select(ROW), gone.select(ROW)]), on=ROW, how="semi")
        )
        if here.height:
            found[table] = here
    return found


def as_json(rows: Mapping[str, Touched]) -> dict[str, list[dict[str, Any]]]:
    """Table → all its entries."""
    return {table: list(t.entries()) for table, t in rows.items()}
