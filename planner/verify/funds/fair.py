"""Fairness between counties, worked out from the scene: the logarithm in segments, and the levels of leximin with their proof."""

from __future__ import annotations

from itertools import pairwise
from math import log

import numpy as np
import polars as pl

from graph.language import Text
from planner.verify.funds.bound import Prices
from planner.verify.funds.gauge import Gauge, yuan
from planner.verify.funds.scene import MILLION, Scene
from planner.verify.outcome import Certificates

RULE = "fairness"
WHOLE = 10**12
"""A level of 1."""
WEIGHT = 10_000
"""What a point of fairness weighs against a point of need met."""
LEAST, HALF, BELOW, ABOVE = 0.01, 0.5, 20, 28
"""The logarithm's segments begin at a hundredth; so many lead to one half, and so many from there to 1."""


def segments() -> list[tuple[int, int]]:
    """Upper end (millionths of what a county can get) and slope (thousandths) of each segment of the logarithm."""
    shares = [LEAST * (HALF / LEAST) ** (k / BELOW) for k in range(BELOW)]
    shares += [HALF * 2 ** (k / ABOVE) for k in range(ABOVE + 1)]
    ends = [round(MILLION * s) for s in shares]
    slopes = [round(1000 / LEAST)]
    for before, end in pairwise(ends):
        slopes.append(round(1000 * ((log(end) - log(before)) / (end - before) * MILLION)))
    return list(zip(ends, slopes, strict=True))


def can_get(counties: pl.DataFrame) -> pl.DataFrame:
    """The table of :func:`~planner.verify.funds.numbers.county_numbers` with ``most``: what it can be paid for, within its ceiling."""
    return counties.with_columns(most=pl.min_horizontal("payable", "high"))


def fair_parts(counties: pl.DataFrame) -> pl.DataFrame:
    """``region, year, below, width, worth``: each segment of each county (thousandths of a point per yuan, weighed)."""
    parts, below = [], pl.lit(0, pl.Int64)
    for end, slope in segments():
        upto = pl.col("most") // MILLION * end + pl.col("most") % MILLION * end // MILLION
        columns = {"below": below, "width": upto - below, "worth": pl.lit(WEIGHT * slope, pl.Int64)}
        parts.append(can_get(counties).select("region", "year", **columns))
        below = upto
    return pl.concat(parts)


def fair_points(counties: pl.DataFrame, rows: pl.DataFrame) -> int:
    """What the amounts of ``rows`` count in the logarithms, thousandths of a point, weighed."""
    sums = rows.group_by("region", "year").agg(amount=pl.col("amount").sum())
    found = fair_parts(counties).join(sums, on=["region", "year"])
    taken = (pl.col("amount") - pl.col("below")).clip(0, pl.col("width"))
    return int(found.select((taken.cast(pl.Int128) * pl.col("worth")).sum()).item() or 0)


def levels(scene: Scene, counties: pl.DataFrame, certificates: Certificates) -> pl.DataFrame:
    """``region, year, most, level, round`` of counties that can get anything, as the certificate has them.

    Raises
    ------
    KeyError, ValueError
        When the certificate has none, or not for these counties and years.
    """
    names = sorted(scene.places["region"].to_list())
    level, fixed = certificates["level"], certificates["level_round"]
    shape = (len(names), len(scene.years))
    if level.shape != shape or fixed.shape != shape:
        raise ValueError(f"level: {level.shape} ≠ {shape}")
    grid = np.indices(shape).reshape(2, -1)
    columns = {"region": pl.Series(names).gather(grid[0]), "year": pl.Series(scene.years).gather(grid[1]),
               "level": level.ravel().astype(np.int64), "round": fixed.ravel().astype(np.int64)}  # fmt: skip
    return (
        can_get(counties)
        .select("region", "year", "low", "most")
        .join(pl.DataFrame(columns), on=["region", "year"])
    )


def floor_at(level: pl.Expr) -> pl.Expr:
    """Yuan at a level: its part of ``most``, rounded up, and never below the county's own floor."""
    part = ((pl.col("most").cast(pl.Int128) * level.cast(pl.Int128) + (WHOLE - 1)) // WHOLE).cast(pl.Int64)
    return pl.max_horizontal("low", part)


def with_levels(counties: pl.DataFrame, known: pl.DataFrame, level: pl.Expr) -> pl.DataFrame:
    """The counties' table with floors at a level of the table :func:`levels`."""
    floors = known.select("region", "year", level_low=floor_at(level))
    return counties.join(floors, on=["region", "year"], how="left").with_columns(
        low=pl.max_horizontal("low", pl.col("level_low").fill_null(0))
    )


def check_levels(
    scene: Scene,
    cell: pl.DataFrame,
    provinces: pl.DataFrame,
    counties: pl.DataFrame,
    rows: pl.DataFrame,
    certificates: Certificates,
    gauge: Gauge,
) -> pl.DataFrame:
    """Every county has its level; no round's level could be larger, as its cut proves. The counties' table with these floors.

    In a round, counties that earlier rounds fixed keep their levels, and all others are to have more than the round's: a
    cut that cannot bear that proves that its level is the largest.
    """
    try:
        known = levels(scene, counties, certificates)
        sums = rows.group_by("region", "year").agg(amount=pl.col("amount").sum())
        held = known.join(sums, on=["region", "year"], how="left").with_columns(pl.col("amount").fill_null(0))
        short = held.with_columns(least=floor_at(pl.col("level"))).filter(pl.col("amount") < pl.col("least"))
        for region, year, amount, least in (
            short.sort("region", "year").select("region", "year", "amount", "least").iter_rows()
        ):
            gauge.breaks(RULE, None, "amount", Text(
                f"{region} {year} 年：{yuan(amount)} 元，其满足率要求至少 {yuan(least)} 元",
                f"{region} in {year}: {yuan(amount)} yuan, its level asks for at least {yuan(least)}"))  # fmt: skip
        _check_rounds(scene, cell, provinces, counties, known, certificates, gauge)
    except (KeyError, ValueError) as error:
        gauge.breaks(RULE, None, None, Text(f"没有可用的满足率证书（{error}）", f"no usable certificate of levels ({error})"))  # fmt: skip
        return counties
    return with_levels(counties, known, pl.col("level"))


def _check_rounds(
    scene: Scene,
    cell: pl.DataFrame,
    provinces: pl.DataFrame,
    counties: pl.DataFrame,
    known: pl.DataFrame,
    certificates: Certificates,
    gauge: Gauge,
) -> None:
    last = int(known["round"].max() or 0)  # type: ignore[arg-type]  # a whole number
    for number in range(last + 1):
        mine = known.filter(pl.col("round") == number)["level"]
        top = int(mine.max() or 0)  # type: ignore[arg-type]  # a whole number
        later = known.filter((pl.col("round") > number) | (pl.col("round") < 0))["level"]
        alike = mine.n_unique() == 1 and (later.is_empty() or bool((later >= top).all()))
        if alike and (
            top == WHOLE
            or _cannot_be_more(scene, cell, provinces, counties, known, certificates, number, top)
        ):
            continue
        gauge.breaks(RULE, None, None, Text(
            f"第 {number + 1} 轮的满足率 {top / WHOLE:.4f}：证书不能证明它是最高的",
            f"round {number + 1}, level {top / WHOLE:.4f}: the certificate does not prove that it is the largest"))  # fmt: skip


def _cannot_be_more(
    scene: Scene,
    cell: pl.DataFrame,
    provinces: pl.DataFrame,
    counties: pl.DataFrame,
    known: pl.DataFrame,
    certificates: Certificates,
    number: int,
    top: int,
) -> bool:
    """Whether the round's cut proves that not all counties free in it can have more than its level.

    The cut is a set of prices of 0 and 1 in a model in which nothing costs or counts: a bound above nothing says that there
    is no such plan at all.
    """
    cut = {
        k.removeprefix("cut_"): v[number].astype(np.int64)
        for k, v in certificates.items()
        if k.startswith("cut_")
    }
    fixed = (pl.col("round") >= 0) & (pl.col("round") < number)
    wanted = with_levels(counties, known, pl.when(fixed).then("level").otherwise(top + 1))
    prices = Prices(scene, cell, provinces, {**cut, "dual_scale": np.array([0])}, wanted)
    return prices.network() + prices.payments() + prices.steps() > 0
