"""Terms ``[since, until)`` that overlap."""

from __future__ import annotations

from datetime import date

import polars as pl

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


def overlapping(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Rows whose term overlaps the one before it (by beginning) among rows that agree in ``by``.

    An empty ``since`` begins before everything, an empty ``until`` never ends. The result has the columns of
    ``frame`` and those of the other row with the suffix ``_other``.
    """
    few = frame.filter(pl.struct(by).is_duplicated())
    if not few.height:
        return few.with_columns(pl.col(c).alias(f"{c}_other") for c in few.columns)
    begin, end = pl.col("since").fill_null(FIRST), pl.col("until").fill_null(LAST)
    rows = few.with_columns(begin.alias("_begin"), end.alias("_end")).sort([*by, "_begin", "_end"])
    reach = pl.col("_end").cum_max().over(by)
    other = [pl.col(c).shift(1).over(by).alias(f"{c}_other") for c in frame.columns]
    rows = rows.with_columns(*other, reach.shift(1).over(by).alias("_reach"))
    hits = rows.filter(
        pl.col("_reach").is_not_null()
        & (pl.col("_begin") < pl.col("_reach"))
        & (pl.col("_begin") < pl.col("_end"))
    )
    return hits.drop("_begin", "_end", "_reach")
