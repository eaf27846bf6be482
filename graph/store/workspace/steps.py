"""What changes really change, table by table: rows that differ from what stands, with their places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.schema import TABLES
from graph.schema.model import POSITION
from graph.store.changes import Changes
from graph.store.rows import keyed
from graph.store.workspace.ground import Ground

_NEW = "_new"


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


def changes_of(steps: list[Step], asked: Changes) -> Changes:
    """The same as changes: those that were asked for, where all of them change something."""
    put = {s.table: s.put for s in steps if s.put.height}
    removed = {s.table: s.gone for s in steps if s.gone.height}
    made = Changes(put, removed)
    return asked if made.counts() == asked.counts() else made


def _step(table: str, changes: Changes, ground: Ground) -> Step:
    asked, key = changes.put_rows(table), list(TABLES[table].key)
    columns = list(TABLES[table].by_name)
    following = 0 if ground.network is None else ground.catalogue.next_position(ground.network, table)
    gone = changes.removed_rows(table)
    going = ground.rows(table, gone, key).sort(POSITION) if gone.height else _nothing(table)
    standing = ground.rows(table, asked.select(key)) if asked.height and ground.snapshots(table) else None
    if standing is None or not standing.height:
        put, places = asked, np.arange(following, following + asked.height)
        return Step(table, put, places, going.select(key), going[POSITION].to_numpy(), following + put.height)
    put = asked.join(standing, on=columns, how="anti", nulls_equal=True, maintain_order="left")
    known = keyed(table, standing).select("row", POSITION)
    placed = keyed(table, put).join(known, on="row", how="left", maintain_order="left")
    new = pl.col(POSITION).is_null()
    placed = placed.with_columns(
        pl.coalesce(POSITION, new.cum_sum().cast(pl.Int64) + (following - 1)).alias(POSITION), new.alias(_NEW)
    )
    ordered = placed.sort(POSITION)
    return Step(
        table,
        ordered.select(columns),
        ordered[POSITION].to_numpy(),
        going.select(key),
        going[POSITION].to_numpy(),
        following + int(placed[_NEW].sum()),
    )


def _nothing(table: str) -> pl.DataFrame:
    return (
        TABLES[table].empty().select(TABLES[table].key).with_columns(pl.lit(None, pl.Int64).alias(POSITION))
    )
