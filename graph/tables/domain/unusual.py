"""Outliers, for a list to follow up; nothing is dropped because of them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.network import RegionSettings
from graph.tables.rows import ROW

Frames = Mapping[str, pl.DataFrame]

ENOUGH = 20  # figures in a group, below that nothing is unusual
LIMIT = 6.0  # robust standard deviations on the logarithm
LEAST = 1.0  # and a factor of ten from the median

_MONEY = (
    ("region_facts", "value", ["measure", "year"], "region"),
    ("needs", "amount", ["programme", "year"], "region"),
    ("fund_flows", "amount", ["source", "stage", "year"], "region"),
    ("ledger", "delivered", ["item", "year"], None),
    ("village_posts", "target", ["post"], None),
)


def outliers(frames: Frames, settings: RegionSettings, files: Mapping[str, str]) -> list[Finding]:
    """Figures far from those of their like (same measure, year and level), by the median of their logarithms.

    The scaled median absolute deviation (1.4826 × MAD) stands for the standard deviation.
    """
    del settings
    level = frames["regions"].select("code", "level") if "regions" in frames else None
    found: list[Finding] = []
    for table, column, alike, region in _MONEY:
        frame = frames.get(table)
        if frame is None or frame.height < ENOUGH:
            continue
        by = [*alike, "level"] if level is not None and region else alike
        if level is not None and region:
            frame = frame.join(level, left_on=region, right_on="code", how="left", maintain_order="left")
        found += _far(frame, table, column, by, files.get(table))
    return found


def _far(frame: pl.DataFrame, table: str, column: str, by: list[str], file: str | None) -> list[Finding]:
    positive = frame.filter(pl.col(column) > 0).with_columns(
        pl.col(column).cast(pl.Float64).log10().alias("_log")
    )
    positive = positive.filter(pl.col("_log").is_finite())
    middle = pl.col("_log").median().over(by)
    rows = positive.with_columns(middle.alias("_middle"), pl.len().over(by).alias("_n"))
    rows = rows.with_columns((pl.col("_log") - pl.col("_middle")).abs().alias("_off"))
    spread = 1.4826 * pl.col("_off").median().over(by)
    far = rows.filter(
        (pl.col("_n") >= ENOUGH) & (pl.col("_off") > LEAST) & (pl.col("_off") > LIMIT * spread)
    ).sort(ROW)
    found = []
    for row, value, centre in far.select(ROW, column, "_middle").iter_rows():
        what = Text(
            f"{value:,.6g} 与同类（中位数 {10**centre:,.3g}）相差悬殊",
            f"{value:,.6g} is far from its like (median {10**centre:,.3g})",
        )
        mend = Text("请核实；数据照常使用", "look into it; the figure is used as it is")
        found.append(Finding("outlier", "notice", table, row, column, f"{value:.10g}", what, mend, file))
    return found


FINDERS = (outliers,)
