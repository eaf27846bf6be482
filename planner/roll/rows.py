"""Rows that a roll writes into tables: whole, marked as made up, and by their key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from graph.network import Network
from graph.schema import TABLES

SYNTHETIC = "synthetic"
SOURCE = "jiedui roll"


def whole(table: str, rows: Sequence[Mapping[str, Any]], mark: str | None = None) -> pl.DataFrame:
    """Rows with every declared column; what is not given has its default; source and mark are set."""
    declared = TABLES[table]
    source = "fact_source" if "fact_source" in declared.by_name else "source"
    told = {source: SOURCE, "mark": mark}
    filled = [{c.name: (told | dict(row)).get(c.name, c.default) for c in declared.columns} for row in rows]
    return pl.DataFrame(filled, schema=declared.dtypes)


def added(
    network: Network, table: str, rows: Sequence[Mapping[str, Any]], mark: str | None = None
) -> pl.DataFrame:
    """The table with rows added; one whose key is there already takes its place."""
    return put(network.frame(table), table, whole(table, rows, mark))


def put(frame: pl.DataFrame, table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The table with whole rows put by their key: known ones are replaced, new ones stand at the end."""
    if rows.is_empty():
        return frame
    columns = [c.name for c in TABLES[table].columns]
    kept = frame.select(columns).join(
        rows, on=list(TABLES[table].key), how="anti", nulls_equal=True, maintain_order="left"
    )
    return pl.concat([kept, rows.select(columns)])
