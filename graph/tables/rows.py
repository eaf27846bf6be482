"""Row numbers as people see them, and findings for the rows that a mask names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from graph.findings import Finding, Severity
from graph.language import Text

ROW = "_row"
"""Hidden column: row number in the file. :func:`without_rows` takes it off again."""

Say = Callable[[Any], tuple[Text, Text]]
"""From a cell's value to what is wrong and how to mend it."""


def with_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its row numbers; rows that no file has are counted as if they were written next."""
    if ROW not in frame.columns:
        return frame.with_columns((pl.int_range(pl.len(), dtype=pl.Int64) + 2).alias(ROW))
    if not frame[ROW].null_count():
        return frame
    row = pl.col(ROW)
    after = row.max().fill_null(1) + row.is_null().cum_sum().cast(pl.Int64)
    return frame.with_columns(pl.when(row.is_null()).then(after).otherwise(row).alias(ROW))


def without_rows(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The same frames without the hidden row numbers."""
    return {name: frame.drop(ROW, strict=False) for name, frame in frames.items()}


def findings_where(
    frame: pl.DataFrame,
    where: pl.Expr,
    *,
    table: str,
    column: str,
    code: str,
    say: Say,
    severity: Severity = "error",
    file: str | None = None,
    shown: pl.Expr | None = None,
) -> list[Finding]:
    """One finding per row of ``frame`` (with row numbers) for which ``where`` holds.

    ``shown`` is what the finding gives as value and what ``say`` is asked with; by default the cell itself.
    """
    value = (pl.col(column) if shown is None else shown).alias("_shown")
    bad = frame.filter(where).select(ROW, value)
    told: dict[str, tuple[str | None, Text, Text]] = {}
    found = []
    for row, cell in bad.iter_rows():
        if not isinstance(cell, str):
            words = (as_text(cell), *say(cell))
        elif (known := told.get(cell)) is not None:
            words = known
        else:
            words = told[cell] = (as_text(cell), *say(cell))
        found.append(Finding(code, severity, table, row, column, *words, file))
    return found


def as_text(value: Any) -> str | None:
    """A value as it stands in a file; long text is cut."""
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 120 else text[:119] + "…"


def text_column(series: pl.Series) -> pl.Series:
    """A typed column (of a Parquet file) as the text that a CSV of it would hold."""
    kind = series.dtype
    if isinstance(kind, pl.List):
        return series.cast(pl.List(pl.String)).list.join(";", ignore_nulls=True)
    if isinstance(kind, pl.Datetime):
        return series.dt.strftime("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
    if kind.is_float():
        whole = series.is_not_null() & (series == series.round()) & (series.abs() < 2.0**53)
        return pl.select(
            pl.when(whole)
            .then(series.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(series.cast(pl.String))
        ).to_series()
    if isinstance(kind, pl.Binary | pl.Struct | pl.Array | pl.Object):
        return pl.Series(series.name, [None if v is None else str(v) for v in series], dtype=pl.String)
    return series.cast(pl.String)
