"""Reads the source copies and writes the tables of a scenario, always with the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from graph.schema import TABLES

HERE = Path(__file__).resolve().parent.parent / "china-2016"
SOURCES = HERE / "sources"
DATA = HERE / "data"

ZSTD_LEVEL = 15


def read_source(name: str, folder: Path = SOURCES) -> pl.DataFrame:
    """One source file, every cell as text; an empty cell is null."""
    return pl.read_csv(folder / f"{name}.csv", infer_schema=False)


def conform(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every declared column of table ``name``, typed and in declared order.

    Raises
    ------
    ValueError
        If the frame has a column that the table does not declare.
    """
    table = TABLES[name]
    unknown = set(frame.columns) - set(table.dtypes)
    if unknown:
        raise ValueError(f"{name}: columns {sorted(unknown)} are not declared; remove or rename them")
    columns = [
        (pl.col(c.name) if c.name in frame.columns else pl.lit(c.default)).cast(c.dtype).alias(c.name)
        for c in table.columns
    ]
    return frame.select(columns)


def read_table(name: str, folder: Path = DATA) -> pl.DataFrame:
    """A table of a scenario's data folder, Parquet or CSV; empty where there is no file."""
    parquet, text = folder / f"{name}.parquet", folder / f"{name}.csv"
    if parquet.is_file():
        return conform(name, pl.read_parquet(parquet))
    if text.is_file():
        known = TABLES[name].dtypes
        dtypes = {c: t for c, t in known.items() if t != pl.Boolean()}
        frame = pl.read_csv(text, schema_overrides=dtypes, infer_schema=False)
        flags = [c for c in frame.columns if known[c] == pl.Boolean()]
        return conform(name, frame.with_columns((pl.col(c) == "true").alias(c) for c in flags))
    return TABLES[name].empty()


def write_csv(name: str, frame: pl.DataFrame, folder: Path) -> Path:
    """Write a table for reviewers: CSV without the columns that hold nothing."""
    path = folder / f"{name}.csv"
    filled(name, frame).write_csv(path)
    (folder / f"{name}.parquet").unlink(missing_ok=True)
    return path


def write_parquet(name: str, frame: pl.DataFrame, folder: Path) -> Path:
    """Write a large table as Parquet (zstd)."""
    path = folder / f"{name}.parquet"
    filled(name, frame).write_parquet(
        path, compression="zstd", compression_level=ZSTD_LEVEL, statistics=False
    )
    (folder / f"{name}.csv").unlink(missing_ok=True)
    return path


def filled(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The table without columns that are empty throughout; key and required columns stay."""
    table = TABLES[name]
    made = conform(name, frame)
    needed = set(table.key) | {c.name for c in table.columns if c.required}
    return made.select(c for c in made.columns if c in needed or made[c].null_count() < made.height)


def stack(name: str, *frames: pl.DataFrame) -> pl.DataFrame:
    """Frames of one table under each other, each brought to the declared columns first."""
    return pl.concat([conform(name, frame) for frame in frames])


def from_rows(name: str, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """A table from a few rows; a column that a row does not name is empty there."""
    table = TABLES[name]
    used = [c for c in table.columns if any(c.name in row for row in rows)]
    return conform(
        name, pl.DataFrame({c.name: pl.Series([r.get(c.name) for r in rows], dtype=c.dtype) for c in used})
    )
