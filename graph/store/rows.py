"""Rows as stores tell them apart: the key of a row as text, and what a table holds in one digest."""

from __future__ import annotations

import hashlib
import io

import polars as pl

from graph.schema import TABLES
from graph.schema.model import ROW

BETWEEN, ESCAPE = "|", "\\"


def row_keys(table: str, frame: pl.DataFrame) -> pl.Series:
    r"""The key of each row as one text: its key cells with ``|`` between, an empty cell as nothing.

    ``|`` and ``\`` inside a cell get a ``\`` before them, so that no two keys look the same.

    Parameters
    ----------
    table : str
        The table.
    frame : DataFrame
        Has the table's key columns.

    Returns
    -------
    Series of str
        (n,) named ``row``.
    """
    parts = [_cell(name, frame.schema[name]) for name in TABLES[table].key]
    return frame.select(pl.concat_str(parts, separator=BETWEEN).alias(ROW)).to_series()


def keyed(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the column ``row`` before all others."""
    return frame.select(row_keys(table, frame), pl.all())


def table_checksum(table: str, frame: pl.DataFrame) -> str:
    """SHA-256 of what a table holds, whatever the order of its rows: its CSV text by row key.

    Equal on every store and for every form of file.
    """
    columns = [c.name for c in TABLES[table].columns]
    ordered = keyed(table, frame).sort(ROW).select(columns)
    buffer = io.BytesIO()
    ordered.write_csv(buffer)
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def _cell(name: str, dtype: pl.DataType) -> pl.Expr:
    text = pl.col(name).cast(pl.String).fill_null("")
    if dtype != pl.String:
        return text
    return text.str.replace_all(ESCAPE, ESCAPE * 2, literal=True).str.replace_all(
        BETWEEN, ESCAPE + BETWEEN, literal=True
    )
