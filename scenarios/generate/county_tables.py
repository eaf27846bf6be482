"""What is generated for counties and above: people, poor people, flows of the register, pledges.

Results of exits.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from scenarios.generate import totals
from scenarios.generate.counties import Counties
from scenarios.generate.shares import Integers, choose, generator, split, split_groups
from scenarios.generate.village_tables import PERSONS_PER_HOUSEHOLD, SOURCE, SYNTHETIC
from scenarios.generate.villages import EXITED, WEAK, Villages

YEARS = (2016, 2017, 2018, 2019, 2020)
INDUSTRIES = {"tea": 1.0, "fruit": 2.0, "livestock": 2.0, "herbs": 1.5, "vegetables": 1.5, "grain": 1.0}


def facts(counties: Counties, known: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Rural and poor people and incidence of counties and of what they add up to.

    Where no source gives it.
    """
    frame = counties.frame.select("code", "prefecture", "province").with_columns(
        rural=pl.Series(counties.rural),
        poor=pl.Series(counties.poor_2016),
        before=pl.Series(counties.poor_2015),
    )
    levels = [frame.rename({"code": "region"}).drop("prefecture", "province")]
    for level in ("prefecture", "province"):
        sums = frame.group_by(region=level, maintain_order=True).agg(pl.col("rural", "poor", "before").sum())
        levels.append(sums)
    people = pl.concat(levels)
    share = (pl.col("poor") / pl.col("rural")).round(6).fill_nan(0.0)
    made = pl.concat(
        people.select("region", year=pl.lit(year), measure=pl.lit(measure), value=value.cast(pl.Float64))
        for year, measure, value in (
            (2015, "poor_population", pl.col("before")),
            (2016, "poor_population", pl.col("poor")),
            (2016, "rural_population", pl.col("rural")),
            (2016, "poverty_incidence", share),
        )
    )
    made = pl.concat([made, exit_results(counties, seed)])
    given = known.select("region", pl.col("year").cast(pl.Int32), "measure")
    new = made.join(given, on=["region", "year", "measure"], how="anti", maintain_order="left")
    return new.with_columns(source=SOURCE, mark=SYNTHETIC)


def exit_results(counties: Counties, seed: int) -> pl.DataFrame:
    """Wrongly exited, missed, approval as checked in the 28 counties of 2016: all pass."""
    rng = generator(seed, "exit_results")
    first = counties.frame.filter(exit_year=2016)["code"]
    columns = {
        "wrongly_exited": 0.001 + 0.012 * rng.random(len(first)),
        "missed": 0.001 + 0.014 * rng.random(len(first)),
        "approval": 0.915 + 0.07 * rng.random(len(first)),
    }
    return pl.concat(
        pl.DataFrame({"region": first, "value": values.round(4)}).select(
            "region", year=pl.lit(2016), measure=pl.lit(measure), value="value"
        )
        for measure, values in columns.items()
    )


def tags(counties: Counties, seed: int) -> pl.DataFrame:
    """Deep poverty of counties and prefectures, and a main industry of each poor county."""
    rng = generator(seed, "county_tags")
    code = counties.frame["code"]
    deep = pl.DataFrame({"region": code.filter(pl.Series(counties.deep))}).with_columns(
        tag=pl.lit("deep_poverty"), mark=pl.lit("synthetic")
    )
    above = pl.DataFrame({"region": list(counties.deep_prefectures)}).with_columns(
        tag=pl.lit("deep_poverty_prefecture"), mark=pl.lit("synthetic")
    )
    poor = code.filter(counties.frame["poor"])
    kind = np.array([f"industry:{name}" for name in INDUSTRIES])[choose(rng, len(poor), INDUSTRIES)]
    industry = pl.DataFrame({"region": poor, "tag": kind}).with_columns(mark=pl.lit("synthetic"))
    return pl.concat([deep, above, industry]).with_columns(source=SOURCE)


def register_changes(counties: Counties, seed: int) -> pl.DataFrame:
    """Flows of the register by county: 89.62 million listed in 2014, down to the poor of 2015 and of 2016.

    The review of 2015–2016 took 9.29 million out and brought 8.07 million in (recalled).
    """
    rng = generator(seed, "register_changes")
    before, after = counties.poor_2015, counties.poor_2016
    weight = before.astype(float)
    listed = split(totals.REGISTERED_PERSONS_2014, weight)
    missed = split(8_070_000, weight)
    corrected = split(9_290_000, weight)
    out = listed + missed - corrected - before
    found, back = (
        np.floor(before * share * (0.6 + 0.8 * rng.random(len(before)))).astype(np.int64)
        for share in (0.005, 0.009)
    )
    gone = np.floor(before * 0.003).astype(np.int64)
    rows = (
        (date(2014, 6, 30), "listed", "建档立卡", listed),
        (date(2015, 12, 31), "missed", "回头看", missed),
        (date(2015, 12, 31), "corrected", "回头看", corrected),
        (date(2015, 12, 31), "exited", "2014–2015", out),
        (date(2016, 6, 30), "missed", "2016", found),
        (date(2016, 12, 31), "relapsed", "2016", back),
        (date(2016, 12, 31), "corrected", "2016", gone),
        (date(2016, 12, 31), "exited", "2016", before + found + back - gone - after),
    )
    return pl.concat(
        pl.DataFrame({"village": counties.frame["code"], "persons": people})
        .filter(pl.col("persons") > 0)
        .select(
            "village",
            "persons",
            date=pl.lit(day),
            kind=pl.lit(kind),
            batch=pl.lit(batch),
            households=(pl.col("persons") / PERSONS_PER_HOUSEHOLD).round(0).cast(pl.Int64),
        )
        for day, kind, batch, people in rows
    ).with_columns(source=SOURCE, mark=SYNTHETIC)


def pledges(counties: Counties, villages: Villages) -> pl.DataFrame:
    """Persons, villages and counties to exit by year, signed by counties; parents are their sums."""
    frame = counties.frame.select("code", "prefecture", "province", "poor", "exit_year")
    signing = frame.filter("poor")["province"].unique()
    n = frame.height
    end = np.where(frame["poor"].to_numpy(), np.maximum(frame["exit_year"].to_numpy(), 2017), 2020)
    pace = np.stack([np.where(year <= end, 1.0, 0.05) for year in YEARS[1:]], axis=1)
    county = np.repeat(np.arange(n), 4)
    later = split_groups(counties.poor_2016, county, pace.ravel()).reshape(n, 4)
    out = np.bincount(villages.county[villages.kind == EXITED], minlength=n)
    still = np.bincount(villages.county[villages.kind < EXITED], minlength=n)
    homes = split_groups(still, county, pace.ravel()).reshape(n, 4)
    year = frame["exit_year"].to_numpy()
    parts: list[pl.DataFrame] = []
    for i, of in enumerate(YEARS):
        persons = counties.poor_2015 - counties.poor_2016 if i == 0 else later[:, i - 1]
        measured = {
            "persons": persons,
            "villages": out if i == 0 else homes[:, i - 1],
            "counties": (year == of).astype(np.int64),
        }
        parts += [
            frame.select(
                "code",
                "prefecture",
                "province",
                year=pl.lit(of),
                measure=pl.lit(measure),
                amount=pl.Series(amount),
            )
            for measure, amount in measured.items()
        ]
    base = pl.concat(parts).filter(pl.col("province").is_in(signing.implode()) & (pl.col("amount") > 0))
    levels = [base.select(region="code", year="year", measure="measure", amount="amount")]
    levels += [
        base.group_by(pl.col(level).alias("region"), "year", "measure", maintain_order=True).agg(
            pl.col("amount").sum()
        )
        for level in ("prefecture", "province")
    ]
    signed = pl.date(2015, 11, 27)
    return pl.concat(levels).with_columns(signed_on=signed, source=SOURCE, mark=SYNTHETIC)


def capacities(counties: Counties) -> pl.DataFrame:
    """Verification teams by province and year: room for the counties that exit, and a quarter more."""
    poor = counties.frame.filter("poor")
    exits = poor.group_by("province", "exit_year").len()
    grid = poor.select(pl.col("province").unique().sort()).join(pl.DataFrame({"year": YEARS}), how="cross")
    grid = grid.join(exits, left_on=["province", "year"], right_on=["province", "exit_year"], how="left")
    value = (pl.col("len").fill_null(0) * 1.25 + 2).ceil()
    return grid.sort("province", "year").select(
        region="province",
        year="year",
        kind=pl.lit("verification_team"),
        value=value,
        source=SOURCE,
        mark=SYNTHETIC,
    )


def registered_by_county(counties: Counties, villages: Villages) -> Integers:
    """Registered villages of each county."""
    return np.bincount(villages.county[villages.kind != WEAK], minlength=counties.frame.height)
