"""Needs by county, programme and year, in yuan and in countable things."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from scenarios.generate import totals
from scenarios.generate.counties import Counties
from scenarios.generate.county_tables import YEARS, registered_by_county
from scenarios.generate.shares import Floats, Integers, every, generator, split
from scenarios.generate.village_tables import PERSONS_PER_HOUSEHOLD, SOURCE, SYNTHETIC
from scenarios.generate.villages import Villages


class Programme(NamedTuple):
    """What a programme counts, what one costs and how the total spreads over 2016–2020."""

    unit: str
    unit_cost: int
    total: int
    years: tuple[float, ...]


EVEN = (0.2, 0.2, 0.2, 0.2, 0.2)
FALLING = (0.28, 0.26, 0.22, 0.15, 0.09)
HOUSEHOLDS_2016 = round(totals.POOR_2016 / PERSONS_PER_HOUSEHOLD)

PROGRAMMES = {
    "industry": Programme("household", 70_000, HOUSEHOLDS_2016, EVEN),
    "relocation": Programme("person", 60_000, totals.MOVED_PERSONS, (0.25, 0.34, 0.28, 0.10, 0.03)),
    "labour": Programme("person", 5_000, 8_000_000, FALLING),
    "education": Programme("person", 6_000, 12_000_000, FALLING),
    "health": Programme("person", 2_000, 30_000_000, FALLING),
    "ecology": Programme("post", 10_000, 5 * totals.RANGERS, EVEN),  # posts of a year: 280,000 in each
    "housing": Programme("household", 30_000, 4_000_000, FALLING),
    "infrastructure": Programme("village", 10_000_000, totals.REGISTERED_VILLAGES, EVEN),
    "dibao": Programme("person", 3_600, 40_000_000, EVEN),
    "e_commerce": Programme("county", 20_000_000, totals.E_COMMERCE_COUNTIES, FALLING),
    "tourism": Programme("village", 1_000_000, totals.TOURISM_VILLAGES, FALLING),
    "photovoltaic": Programme("village", 800_000, totals.PHOTOVOLTAIC_VILLAGES, FALLING),
}
SUITED = {"tourism": 0.45, "photovoltaic": 0.6}  # share of poor counties that the programme suits


def suited(counties: Counties, seed: int) -> dict[str, np.ndarray]:
    """Countable programme → which counties it suits."""
    rng = generator(seed, "suits")
    poor = np.flatnonzero(counties.frame["poor"].to_numpy())
    made: dict[str, np.ndarray] = {}
    for programme, share in SUITED.items():
        made[programme] = np.zeros(counties.frame.height, bool)
        made[programme][poor[rng.random(len(poor)) < share]] = True
    made["e_commerce"] = np.zeros(counties.frame.height, bool)
    made["e_commerce"][poor[every(len(poor), totals.E_COMMERCE_COUNTIES)]] = True
    return made


def tags(counties: Counties, seed: int) -> pl.DataFrame:
    """``suits:*`` of counties."""
    return pl.concat(
        pl.DataFrame({"region": counties.frame["code"].filter(pl.Series(rows))}).select(
            "region", tag=pl.lit(f"suits:{programme}"), source=SOURCE, mark=SYNTHETIC
        )
        for programme, rows in suited(counties, seed).items()
    )


def needs(counties: Counties, villages: Villages, seed: int) -> pl.DataFrame:
    """Needs of every county with poor people; each programme adds up to its published total."""
    rng = generator(seed, "needs")
    suits = suited(counties, seed)
    registered = registered_by_county(counties, villages).astype(float)
    parts = []
    for name, programme in PROGRAMMES.items():
        weight = registered if programme.unit == "village" else counties.poor_2016.astype(float)
        weight = weight * suits.get(name, np.ones(len(weight), bool)) * (0.7 + 0.6 * rng.random(len(weight)))
        quantity = _single(suits[name], rng) if name == "e_commerce" else _spread(programme, weight)
        parts.append(
            pl.DataFrame(
                {
                    "region": counties.frame["code"].gather(np.repeat(np.arange(len(weight)), len(YEARS))),
                    "year": np.tile(YEARS, len(weight)),
                    "quantity": quantity.ravel(),
                }
            )
            .filter(pl.col("quantity") > 0)
            .with_columns(
                programme=pl.lit(name),
                unit=pl.lit(programme.unit),
                unit_cost=pl.lit(programme.unit_cost, pl.Int64),
                amount=pl.col("quantity") * programme.unit_cost,
            )
        )
    return pl.concat(parts).sort("region", "year", "programme").with_columns(source=SOURCE, mark=SYNTHETIC)


def _spread(programme: Programme, weight: Floats) -> Integers:
    """The total over counties and years, in whole numbers: ``(n, 5)``; each year's share is exact."""
    by_year = split(programme.total, np.array(programme.years))
    return np.stack([split(int(n), weight) for n in by_year], axis=1)


def _single(rows: np.ndarray, rng: np.random.Generator) -> Integers:
    """One for each suited county, in one of the years."""
    made = np.zeros((len(rows), len(YEARS)), np.int64)
    chosen = np.flatnonzero(rows)
    made[chosen, np.floor(rng.random(len(chosen)) * len(YEARS)).astype(np.int64)] = 1
    return made
