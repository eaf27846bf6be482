"""What changes really change, table by table: rows that differ from what stands, with their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.schema import TABLES
from graph.schema.model import POSITION, ROW
from graph.store.changes import Changes
from graph.store.rows import keyed
from graph.store.workspace.ground import Ground


@dataclass(frozen=True)
class Step:
    """What changes in one table.

    Parameters
    ----------
    table : str
        The table.
    put : DataFrame
        New rows and new states, in order of their places.
    put_places : ndarray
        (n,) int64.
    gone : DataFrame
        Key columns of the rows that go, in order of their places.
    gone_places : ndarray
        (m,) int64.
    next_position : int
        Place of the next new row.
    """

    table: str
    put: pl.DataFrame
    put_places: np.ndarray
    gone: pl.DataFrame
    gone_places: np.ndarray
    next_position: int


def steps_of(changes: Changes, ground: Ground) -> list[Step]:
    """What really changes, in the schema's order; nothing of rows that are there as they are, or not there to go."""
    made = (_step(table, changes, ground) for table in changes.tables)
    return [s for s in made if s.put.height or s.gone.height]


def changes_of(steps: list[Step]) -> Changes:
    """The same as changes."""
    return Changes(
        {s.table: s.put for s in steps if s.put.height}, {s.table: s.gone for s in steps if s.gone.height}
    )


def _step(table: str, changes: Changes, ground: Ground) -> Step:
    asked, key, columns = changes.put_rows(table), list(TABLES[table].key), list(TABLES[table].by_name)
    gone = changes.removed_rows(table)
    going = ground.rows(table, gone, key) if gone.height else _nothing(table)
    standing = ground.rows(table, asked.select(key)) if asked.height else _nothing(table, columns)
    put = (
        asked.join(standing, on=columns, how="anti", nulls_equal=True, maintain_order="left")
        if standing.height
        else asked
    )
    placed, following = _placed(table, put, standing, ground)
    return Step(
        table,
        placed.select(columns),
        placed[POSITION].to_numpy(),
        going.select(key),
        going[POSITION].to_numpy(),
        following,
    )


def _placed(
    table: str, put: pl.DataFrame, standing: pl.DataFrame, ground: Ground
) -> tuple[pl.DataFrame, int]:
    """Rows with their places: those they have or once had, else behind all others; and the next place after them."""
    first = ground.next_position(table)
    former = ground.former(table, put.select(TABLES[table].key))
    known = pl.concat([keyed(table, rows).select(ROW, POSITION) for rows in (standing, former)])
    if not known.height:
        behind = pl.int_range(first, first + put.height, dtype=pl.Int64, eager=True)
        return put.with_columns(behind.alias(POSITION)), first + put.height
    joined = keyed(table, put).join(known.unique(ROW), on=ROW, how="left", maintain_order="left")
    new = pl.col(POSITION).is_null()
    places = pl.coalesce(POSITION, new.cum_sum().cast(pl.Int64) + (first - 1))
    count = joined[POSITION].null_count()
    return joined.with_columns(places.alias(POSITION)).sort(POSITION), first + count


def _nothing(table: str, columns: Sequence[str] = ()) -> pl.DataFrame:
    empty = TABLES[table].empty().select(columns or TABLES[table].key)
    return empty.with_columns(pl.lit(None, pl.Int64).alias(POSITION))
