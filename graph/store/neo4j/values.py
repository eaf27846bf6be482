"""Cells as properties and back, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import neo4j.time
import polars as pl

from graph.errors import InputError
from graph.schema import TABLES
from graph.schema.column import Column, Kind
from graph.schema.model import POSITION, ROW
from graph.search import initials_of, key_of

BETWEEN = ";"
KEY, INITIALS = "key", "initials"
"""Properties that search reads: a name without blanks, tones and hyphens; the first letters of pinyin's syllables."""
SEARCHED = ("regions", "units", "names")
"""Tables whose column ``name`` is searched."""
SPELLED = {"regions": ("code",), "units": ("id",), "region_successions": ("old", "new")}
"""Table → columns of codes that are searched: the property ``code_key`` and so on holds the code as it is compared, where it
is written otherwise (``R-1``, ``r1``); nothing where both are the same, as with digits."""


def properties(table: str) -> list[str]:
    """Properties that hold a row's cells, its key and its place."""
    return [c.name for c in TABLES[table].columns] + [ROW, POSITION]


def spelling(column: str) -> str:
    """Property that holds a code as it is compared."""
    return f"{column}_{KEY}"


def derived(table: str) -> list[str]:
    """Further properties, made from the cells."""
    made = [KEY] if table in SEARCHED else []
    made += [INITIALS] if table == "names" else []
    return made + [spelling(column) for column in SPELLED.get(table, ())]


def derive(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the properties that are made from their cells."""
    made = rows
    if table in SEARCHED:
        made = made.with_columns(key_of("name").alias(KEY))
    if table == "names":
        spoken = made.with_columns(initials_of("name").alias(INITIALS)).with_columns(
            key_of(INITIALS).alias(INITIALS)
        )
        made = spoken.with_columns(pl.when(pl.col("kind") == "pinyin").then(INITIALS).alias(INITIALS))
    for column in SPELLED.get(table, ()):
        made = made.with_columns(
            pl.when(key_of(column) != pl.col(column)).then(key_of(column)).alias(spelling(column))
        )
    return made


def as_parameters(table: str, rows: pl.DataFrame) -> dict[str, list[Any]]:
    """Columns of rows (with ``row`` and ``position``) as lists for a statement's parameters, derived ones included."""
    lists = [c.name for c in TABLES[table].columns if c.kind == "list"]
    split = rows.with_columns(
        pl.when(pl.col(c) == "").then(pl.lit([], dtype=pl.List(pl.String))).otherwise(pl.col(c).str.split(BETWEEN)).alias(c)
        for c in lists
    )  # fmt: skip
    made = derive(table, split)
    return {c: made[c].to_list() for c in (*properties(table), *derived(table))}


def as_frame(table: str, records: Sequence[Sequence[Any]], extra: Sequence[str] = ()) -> pl.DataFrame:
    """Records of all columns in declared order, then ``extra`` integers, as a frame of the declared types.

    Raises
    ------
    InputError
        When a property is of another type than its column, as somebody changed it by hand.
    """
    columns = TABLES[table].columns
    whole = [*columns, *(Column(n, "integer", n, n) for n in extra)]
    cells = list(zip(*records, strict=True)) if records else [()] * len(whole)
    return framed(table, whole, cells)


def as_columns(table: str, records: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """The same as :func:`as_frame`, as plain values by column, as a frame would give them. Raises as it does."""
    columns = TABLES[table].columns
    cells = [list(c) for c in zip(*records, strict=True)] if records else [[] for _ in columns]
    if not all(map(all_fit, columns, cells)):
        raise _wrong_types(table, columns, cells)
    return {c.name: _plain(c, values) for c, values in zip(columns, cells, strict=True)}


def _plain(column: Column, cells: list[Any]) -> list[Any]:
    if column.kind == "date":
        return [None if v is None else v.to_native() for v in cells]
    if column.kind == "list":
        return [None if v is None else BETWEEN.join(v) for v in cells]
    if column.kind in ("number", "share"):
        return [None if v is None else float(v) for v in cells]
    return cells


def framed(table: str, columns: Sequence[Column], cells: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Columns of properties as a frame. Raises as :func:`as_frame`."""
    try:
        return pl.DataFrame([series(c, cells[i]) for i, c in enumerate(columns)])
    except (TypeError, ValueError, AttributeError, OverflowError, pl.exceptions.PolarsError) as error:
        raise _wrong_types(table, columns, cells) from error


def series(column: Column, cells: Sequence[Any]) -> pl.Series:
    """The values of a property as the column they came from.

    Raises
    ------
    TypeError, ValueError, AttributeError, OverflowError, PolarsError
        When a value is of another type.
    """
    if column.kind == "date":
        return pl.Series(column.name, [None if v is None else v.to_native() for v in cells], dtype=pl.Date)
    if column.kind == "list":
        text = [None if v is None else BETWEEN.join(_listed(v)) for v in cells]
        return pl.Series(column.name, text, dtype=pl.String)
    return pl.Series(column.name, cells, dtype=column.dtype)


_TYPES: dict[Kind, tuple[type, ...]] = {
    "integer": (int,), "money": (int,), "number": (int, float), "share": (int, float),
    "boolean": (bool,), "date": (neo4j.time.Date,), "list": (list,),
}  # fmt: skip


def fits(column: Column, value: Any) -> bool:
    """Whether a property's value is of its column's type, or absent."""
    if value is None:
        return True
    return type(value) in _TYPES.get(column.kind, (str,)) and (
        column.kind != "list" or all(type(v) is str for v in value)
    )


def all_fit(column: Column, values: Sequence[Any]) -> bool:
    """Whether all do."""
    if column.kind == "list":
        return all(fits(column, value) for value in values)
    return {type(value) for value in values} <= {*_TYPES.get(column.kind, (str,)), type(None)}


def _listed(value: Any) -> list[str]:
    if type(value) is not list:
        raise TypeError(value)
    return value


def _wrong_types(table: str, columns: Sequence[Column], cells: Sequence[Sequence[Any]]) -> InputError:
    wrong = [c.name for i, c in enumerate(columns) if not all_fit(c, cells[i])]
    told = ", ".join(wrong) or "?"
    return InputError(
        f"{table} 的属性类型不对（{told}），可能有人直接改过图；jiedui check neo4j:#网络 会逐一指出",
        f"{table} has properties of a wrong type ({told}), somebody may have changed the graph by hand; jiedui check neo4j:#NETWORK names each",
    )
