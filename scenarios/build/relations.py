"""Who supports whom by the published lists."""

from __future__ import annotations

import polars as pl

from scenarios.build.tables import read_source, stack
from scenarios.build.units import unit_ids

FIRST_DAY = pl.date(2016, 12, 7)  # the guiding opinion of December 2016 that lists the pairs
RECALLED = pl.when(pl.col("source") == "recalled").then(pl.lit("recalled"))


def origin(file: str) -> pl.Expr:
    """The source file and the page it names; an unsure row says so."""
    page = pl.col("source_ref").fill_null("")
    return pl.lit(file) + pl.when(page != "").then(pl.lit(": ") + page).otherwise(pl.lit(""))


def pair_id(prefix: str, supporter: str, recipient: str) -> pl.Expr:
    """A stable id such as ``ew:440400:533300``."""
    return pl.concat_str(pl.lit(prefix), supporter, recipient, separator=":")


def year_after(column: str) -> pl.Expr:
    """The first day that a term no longer covers: a term to 2020 ends at 2021-01-01."""
    return pl.date(pl.col(column).cast(pl.Int32) + 1, 1, 1)


def east_west() -> pl.DataFrame:
    """The 32 pairs of the guiding opinion of December 2016."""
    raw = read_source("east_west_pairs")
    return raw.select(
        id=pair_id("ew", "from_adcode", "to_adcode"),
        kind=pl.lit("east_west"),
        supporter="from_adcode",
        recipient="to_adcode",
        since=FIRST_DAY,
        until=year_after("year_end"),
        source=origin("east_west_pairs.csv"),
        mark=RECALLED,
    )


def county_pairs() -> pl.DataFrame:
    """Pairs of counties and cities inside the pairs above; a partial list."""
    raw = read_source("subprovincial_pairs")
    return raw.select(
        id=pair_id("cp", "from_adcode", "to_adcode"),
        kind=pl.lit("county_pair"),
        supporter="from_adcode",
        recipient="to_adcode",
        since=pl.date(pl.col("year_start").cast(pl.Int32), 1, 1),
        until=year_after("year_end"),
        source=origin("subprovincial_pairs.csv") + pl.lit("; confidence ") + pl.col("confidence"),
        mark=RECALLED,
    )


def counterpart() -> pl.DataFrame:
    """Counterpart support of Tibet, Xinjiang and Tibetan areas; its years are not in our data."""
    raw = read_source("counterpart_support")
    return raw.select(
        id=pair_id("co", "from_adcode", "to_adcode"),
        kind=pl.lit("counterpart"),
        supporter="from_adcode",
        recipient="to_adcode",
        source=pl.lit("counterpart_support.csv: ") + pl.col("programme"),
        mark=RECALLED,
    )


def designated() -> pl.DataFrame:
    """Central units and their counties; the day each tie began is not in our data."""
    raw = read_source("designated_units").with_columns(unit_id=pl.col("unit").replace_strict(unit_ids()))
    return raw.select(
        id=pair_id("de", "unit_id", "county_adcode"),
        kind=pl.lit("designated"),
        supporter="unit_id",
        recipient="county_adcode",
        source=origin("designated_units.csv") + pl.lit("; confidence ") + pl.col("confidence"),
        mark=RECALLED,
    )


def supervision() -> pl.DataFrame:
    """Eight democratic parties supervise eight provinces for five years, to the end of 2020."""
    raw = read_source("party_supervision").with_columns(unit_id=pl.col("unit").replace_strict(unit_ids()))
    return raw.select(
        id=pair_id("su", "unit_id", "province_adcode"),
        kind=pl.lit("supervision"),
        supporter="unit_id",
        recipient="province_adcode",
        since=pl.date(pl.col("year_start").cast(pl.Int32), 1, 1),
        until=pl.date(2021, 1, 1),
        source=origin("party_supervision.csv"),
        mark=RECALLED,
    )


def relations() -> pl.DataFrame:
    """All published relations."""
    return stack("relations", east_west(), county_pairs(), counterpart(), designated(), supervision())
