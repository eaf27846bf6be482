"""Rows as stores tell them apart: the key of a row as text, and what a table holds in one digest."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from typing import Any

import polars as pl

from graph.schema import TABLES, Column
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

    Equal on every store and for every form of file; −0 is 0.
    """
    columns = [pl.col(c.name) + 0.0 if c.dtype.is_float() else pl.col(c.name) for c in TABLES[table].columns]
    keys = row_keys(table, frame)
    ordered = (frame if keys.is_sorted() else frame[keys.arg_sort()]).select(columns)
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


def split_key(table: str, row: str) -> pl.DataFrame | None:
    """The key columns of a row whose key is given as text, one row; ``None`` where no row can have it.

    The inverse of :func:`row_keys`: an empty cell is null.
    """
    cells, names = _cells(row), TABLES[table].key
    if len(cells) != len(names):
        return None
    columns = [TABLES[table].by_name[name] for name in names]
    try:
        key = pl.DataFrame(
            [pl.Series(c.name, [_value(cell, c)], c.dtype) for c, cell in zip(columns, cells, strict=True)]
        )
    except (ValueError, OverflowError, TypeError, pl.exceptions.PolarsError):
        return None
    return key if row_keys(table, key).to_list() == [row] else None


def _cells(row: str) -> list[str]:
    cells, characters = [""], iter(row)
    for character in characters:
        if character == BETWEEN:
            cells.append("")
        else:
            cells[-1] += next(characters, "") if character == ESCAPE else character
    return cells


def _value(cell: str, column: Column) -> Any:
    if not cell:
        return None
    if column.kind == "date":
        return date.fromisoformat(cell)
    if column.dtype.is_integer():
        return int(cell)
    return cell
