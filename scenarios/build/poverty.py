"""Facts of regions by the sources: poverty by province, fiscal revenue, exit years, a county panel."""

from __future__ import annotations

import polars as pl

from scenarios.build.tables import read_source, stack

TEN_THOUSAND = 10_000
HUNDRED_MILLION = 100_000_000
RECALLED = pl.when(pl.col("source") == "recalled").then(pl.lit("recalled"))


def provincial() -> list[pl.DataFrame]:
    """Poor rural people 2012–2017 and, for some years, incidence."""
    raw = read_source("provincial_poverty")
    where = pl.lit("provincial_poverty.csv: rural poverty monitoring reports; confidence ") + pl.col(
        "confidence"
    )
    named = {"region": pl.col("province_adcode"), "year": pl.col("year")}
    return [
        raw.select(
            **named,
            measure=pl.lit("poor_population"),
            value=pl.col("rural_poor_10k").cast(pl.Float64) * TEN_THOUSAND,
            source=where,
            mark=RECALLED,
        ),
        raw.filter(pl.col("incidence_pct").is_not_null()).select(
            **named,
            measure=pl.lit("poverty_incidence"),
            value=(pl.col("incidence_pct").cast(pl.Float64) / 100).round(4),
            source=where,
            mark=RECALLED,
        ),
    ]


def fiscal() -> pl.DataFrame:
    """General public budget revenue of provinces and supporting cities, 2016."""
    return read_source("fiscal_revenue_2016").select(
        region="adcode",
        year="year",
        measure=pl.lit("fiscal_revenue"),
        value=pl.col("fiscal_revenue_100m_yuan").cast(pl.Float64) * HUNDRED_MILLION,
        source=pl.lit("fiscal_revenue_2016.csv"),
        mark=RECALLED,
    )


def exit_years() -> pl.DataFrame:
    """The year of the result in which each poor county met the lines; announced in the year after.

    The row's ``year`` is the year of the result, too: a question "as of 2016" must not see it earlier.
    """
    return read_source("poor_counties").select(
        region="adcode",
        year="exit_year",
        measure=pl.lit("exit_year"),
        value=pl.col("exit_year").cast(pl.Float64),
        source=pl.lit("poor_counties.csv: ") + pl.col("source_list"),
    )


def panel() -> list[pl.DataFrame]:
    """31 counties of Inner Mongolia, 2018–2023 (MIT)."""
    raw = read_source("county_indicators_neimenggu")
    columns = {
        "gdp": ("gdp_100m_yuan", HUNDRED_MILLION),
        "fiscal_revenue": ("budget_revenue_10k_yuan", TEN_THOUSAND),
        "fiscal_expenditure": ("budget_expenditure_10k_yuan", TEN_THOUSAND),
        "income_per_head": ("rural_disposable_income_yuan", 1),
        "population": ("registered_pop_10k", TEN_THOUSAND),
        "road_km": ("road_km", 1),
    }
    return [
        raw.filter(pl.col(column).is_not_null()).select(
            region="adcode",
            year="year",
            measure=pl.lit(measure),
            value=(pl.col(column).cast(pl.Float64) * factor).round(2),
            source=pl.lit("county_indicators_neimenggu.csv (lowl6/CI_PAE, MIT)"),
        )
        for measure, (column, factor) in columns.items()
    ]


def region_facts() -> pl.DataFrame:
    """All facts that the sources give."""
    return stack("region_facts", *provincial(), fiscal(), exit_years(), *panel())
