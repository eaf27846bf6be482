"""What a table is, wherever its rows lie: in memory, or in a file that is read part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.errors import InputError, UsageError
from graph.language import Text
from graph.schema import ENUMS, Column, Table
from graph.schema.column import Kind
from graph.tables.suggest import unknown

_KINDS: tuple[tuple[type[pl.DataType] | pl.DataType, Kind], ...] = (
    (pl.Boolean, "boolean"), (pl.Date, "date"), (pl.String, "text"),
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A table that questions are asked of.

    Parameters
    ----------
    table : str
        What it is called.
    stem : str
        Name of a file with it, without its suffix.
    columns : mapping of str to Column
        Its columns, in their order.
    rows : LazyFrame
        All its rows.
    height : int
        How many they are.
    state : str
        Another one where the rows are other: a plan's id, a network's version.
    keep : callable, optional
        Gives of any part of the rows, with all columns, what the caller may see: fewer rows, masked cells. It looks at each row by
        itself.
    file : Path, optional
        Parquet file with just these rows and columns.
    values : callable
        Gives the values of an enumeration with their titles: a network has levels of its own, and may add to others.
    """

    table: str
    stem: str
    columns: Mapping[str, Column]
    rows: pl.LazyFrame
    height: int
    state: str
    keep: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    file: Path | None = None
    values: Callable[[str], Mapping[str, Text]] = ENUMS.__getitem__

    def column(self, name: str) -> Column:
        """A column.

        Raises
        ------
        UsageError
            When there is none of that name; the message says which may be meant.
        """
        if name not in self.columns:
            titles = {n: c.title for n, c in self.columns.items()}
            none = Text(f"表 {self.table} 没有列", f"table {self.table} has no column")
            raise UsageError(*unknown(none, name[:80], titles))
        return self.columns[name]


def columns_of(schema: pl.Schema, declared: Table | None = None) -> dict[str, Column]:
    """The columns of a frame as they are declared; those that are not by their types."""
    known = declared.by_name if declared is not None else {}
    return {name: known.get(name) or Column(name, _kind(dtype), name, name) for name, dtype in schema.items()}


def _kind(dtype: pl.DataType) -> Kind:
    if dtype.is_integer():
        return "integer"
    return next((kind for known, kind in _KINDS if dtype == known), "number")


def file_source(file: Path, table: str, declared: Table | None, *, stem: str, state: str) -> Source:
    """The source of a Parquet file, of which nothing but its schema is read yet.

    Raises
    ------
    InputError
        When it is damaged.
    """
    rows = pl.scan_parquet(file)
    try:
        height, schema = int(rows.select(pl.len()).collect().item()), rows.collect_schema()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise unreadable(stem) from error
    return Source(table, stem, columns_of(schema, declared), rows, height, state, file=file)


def unreadable(stem: str) -> InputError:
    """What to say of a file that is damaged or gone."""
    return InputError(f"无法读取 {stem}：文件已损坏", f"cannot read {stem}: its file is damaged")


def frame_source(frame: pl.DataFrame, table: str, declared: Table | None, *, stem: str, state: str) -> Source:
    """The source of a frame in memory."""
    return Source(table, stem, columns_of(frame.schema, declared), frame.lazy(), frame.height, state)
