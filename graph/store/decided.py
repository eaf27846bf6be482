"""Result tables of a plan as a store takes them: declared columns and types. The same for every store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from graph.errors import InputError
from graph.schema import RESULTS
from graph.schema.model import PROPOSED, Link


def decided(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables in the schema's order, with declared columns in their order and types.

    Raises
    ------
    InputError
        When a table is no result table, lacks a column, or a column is of another type.
    """
    for table in tables:
        if table not in RESULTS:
            raise InputError(f"没有结果表 {table}", f"there is no result table {table}")
    return {t: _typed(t, tables[t]) for t in PROPOSED if t in tables}


def named(table: str, rows: pl.DataFrame) -> Iterator[tuple[Link, pl.Series]]:
    """Columns of a result table that name entities, and what they name, each once."""
    for link in PROPOSED[table].drawn:
        yield link, rows[link.column].drop_nulls().unique(maintain_order=True)


def _typed(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    columns = RESULTS[table].columns
    missing = [c.name for c in columns if c.name not in rows.columns]
    if missing:
        told = ", ".join(missing)
        raise InputError(f"{table}：缺少列 {told}", f"{table}: columns are missing: {told}")
    try:
        return rows.select(pl.col(c.name).cast(c.dtype) for c in columns)
    except pl.exceptions.PolarsError as error:
        raise InputError(
            f"{table}：有的列类型不符，应如数据字典所列",
            f"{table}: a column is of another type than the schema declares",
        ) from error
