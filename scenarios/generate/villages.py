"""Registered villages and villages with weak organisations, for the whole country.

Smaller sizes are samples of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from scenarios.generate import totals
from scenarios.generate.counties import Counties
from scenarios.generate.shares import (
    Floats,
    Integers,
    every,
    generator,
    rank_in_group,
    root,
    split,
    split_groups,
)

STEEP, REMAINING, EXITED, WEAK = range(4)
"""Above 20 % · still to exit · exited by the end of 2016 · not registered, with a weak organisation."""

MEAN_PEOPLE = totals.POOR_IN_THEM / totals.INCIDENCE_IN_THEM / totals.VILLAGES_STILL_TO_EXIT
SHARE_INSIDE, SHARE_OUTSIDE = 0.55, 0.21  # of a county's poor, in its villages still to exit
SPREAD_DEGREES = 0.16  # villages lie around the seat, some 15 km away
ACCURACY_KM = 25.0
DIRECTION = np.array(list("东西南北上下大小前后中新"))
FEATURE = np.array(list("山河沟坪岭湾坝塘林寨庄井泉石坡桥竹松柳田湖峰岩溪"))


@dataclass(frozen=True)
class Villages:
    """Villages as columns, sorted by county.

    Attributes
    ----------
    county : (n,) int64
        Row of the county in ``Counties.frame``.
    kind : (n,) int64
        ``STEEP``, ``REMAINING``, ``EXITED`` or ``WEAK``.
    people, poor : (n,) int64
        Persons; poor people are known for registered villages only.
    number : (n,) int64
        0, 1, … inside the county: the same in every size of the country.
    lon, lat : (n,) float64
    """

    county: Integers
    kind: Integers
    people: Integers
    poor: Integers
    number: Integers
    lon: Floats
    lat: Floats

    def sample(self, scale: float) -> Villages:
        """About ``scale`` of the villages, evenly from each kind along the list of counties."""
        if scale >= 1:
            return self
        kept = [
            rows[every(len(rows), max(1, round(scale * len(rows))))]
            for rows in (np.flatnonzero(self.kind == kind) for kind in range(4))
        ]
        rows = np.sort(np.concatenate(kept))
        return Villages(*(column[rows] for column in vars(self).values()))


def villages(counties: Counties, seed: int) -> Villages:
    """All 128,000 registered villages and some 67,000 weak ones.

    The villages still to exit hold a fixed part of their county's poor; their people follow from their
    incidence.
    """
    rng = generator(seed, "villages")
    in_remaining = _poor_in_remaining(counties)
    expected = np.clip(0.05 + 0.85 * counties.incidence, 0.06, 0.33)
    remaining = split(totals.VILLAGES_STILL_TO_EXIT, in_remaining / expected)
    exited = split(totals.REGISTERED_VILLAGES - totals.VILLAGES_STILL_TO_EXIT, _exited_weights(counties))
    weak = split(totals.WEAK_VILLAGES, counties.rural.astype(float))
    county = np.concatenate([np.repeat(np.arange(len(n)), n) for n in (remaining, exited, weak)])
    kind = np.repeat([REMAINING, EXITED, WEAK], [remaining.sum(), exited.sum(), weak.sum()])
    order = np.lexsort((kind, county))
    county, kind = county[order], kind[order]
    kind, incidence = _incidence(counties, county, kind, rng)
    draw = 0.5 + rng.random(len(county))
    held = np.where(remaining > 0, in_remaining, 0)
    poor, people = _people(counties, county, kind, incidence=incidence, draw=draw, held=held)
    lon, lat = _points(counties, county, rng)
    return Villages(county, kind, people, poor, rank_in_group(county), lon, lat)


def _poor_in_remaining(counties: Counties) -> Integers:
    """Poor people in the villages still to exit, by county: 18 million in all."""
    inside = counties.frame["poor"].to_numpy()
    share = np.where(inside, SHARE_INSIDE, SHARE_OUTSIDE)
    share = np.where(counties.frame["exit_year"].to_numpy() == 2016, 0.2, share)
    weights = counties.poor_2016 * share
    few = weights < 150  # not a village's worth
    return split(totals.POOR_IN_THEM, np.where(few, 0.0, weights))


def _exited_weights(counties: Counties) -> Floats:
    """Where villages exited by the end of 2016: most of all in counties that exit early."""
    year = counties.frame["exit_year"].to_numpy()
    early = np.select([year == 2016, year == 2017, year == 2018, year > 2018], [6.0, 2.5, 1.2, 0.7], 0.35)
    weights = np.where(counties.poor_2016 > 0, early * counties.rural, 0.0)
    return weights


def _incidence(
    counties: Counties, county: Integers, kind: Integers, rng: np.random.Generator
) -> tuple[Integers, Floats]:
    """Incidence by village: exactly 30,000 above 20 %.

    The others' level is fitted with the people to 16 % in all.
    """
    noise = rng.random(len(county))
    score = counties.incidence[county] + 0.10 * noise
    rows = np.flatnonzero(kind == REMAINING)
    order = rows[np.argsort(-score[rows], kind="stable")]
    steep, others = order[: totals.VILLAGES_ABOVE_20], order[totals.VILLAGES_ABOVE_20 :]
    made, kind = np.zeros(len(county)), kind.copy()
    kind[steep] = STEEP
    made[steep] = 0.21 + 0.17 * (1 - np.arange(len(steep)) / len(steep)) * (0.6 + 0.4 * noise[steep])
    made[others] = 1 - np.arange(len(others)) / len(others)  # place in the order; a level in _people
    made[kind == EXITED] = 0.006 + 0.012 * noise[kind == EXITED]
    return kind, made


def _people(
    counties: Counties, county: Integers, kind: Integers, *, incidence: Floats, draw: Floats, held: Integers
) -> tuple[Integers, Integers]:
    """Poor and all people by village, so that counties hold what they should and 16 % come out in all."""
    n = len(counties.rural)
    flat, to_exit = kind == REMAINING, kind <= REMAINING

    def at(power: float) -> Floats:
        return np.where(flat, 0.035 + 0.155 * incidence**power, incidence)

    def base(power: float) -> float:
        level = at(power)
        poor = split_groups(held, county[to_exit], (draw * level)[to_exit])
        return float((poor / level[to_exit]).sum())

    level = at(root(base, 0.05, 20.0, totals.POOR_IN_THEM / totals.INCIDENCE_IN_THEM, steps=30))
    poor, people = np.zeros(len(county), np.int64), np.zeros(len(county), np.int64)
    poor[to_exit] = split_groups(held, county[to_exit], (draw * level)[to_exit])
    people[to_exit] = np.ceil(poor[to_exit] / level[to_exit])
    people[~to_exit] = np.round(MEAN_PEOPLE * draw[~to_exit])
    gone = kind == EXITED
    room = 0.8 * np.maximum(counties.poor_2016 - np.bincount(county, poor, n), 0)
    asked = np.bincount(county[gone], (people * incidence)[gone], n)
    fit = np.minimum(1.0, np.divide(room, asked, out=np.zeros(n), where=asked > 0))
    poor[gone] = np.floor((people * incidence)[gone] * fit[county[gone]])
    return poor, people


def _points(counties: Counties, county: Integers, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Points around the seat of the county."""
    angle, far = 2 * np.pi * rng.random(len(county)), np.sqrt(rng.random(len(county)))
    lon = counties.frame["lon"].to_numpy()[county] + SPREAD_DEGREES * far * np.cos(angle)
    lat = counties.frame["lat"].to_numpy()[county] + SPREAD_DEGREES * far * np.sin(angle)
    return lon.round(4), lat.round(4)


def codes(counties: Counties, made: Villages) -> pl.Series:
    """12-digit codes: county, then township 101, 102, …, then village 201–230."""
    frame = pl.DataFrame({"c": counties.frame["code"].gather(made.county), "n": made.number})
    return frame.select(
        (
            pl.col("c") + (101 + pl.col("n") // 30).cast(pl.String) + (201 + pl.col("n") % 30).cast(pl.String)
        ).alias("code")
    )["code"]


def names(made: Villages) -> pl.Series:
    """Invented names, such as 东河村.

    Two villages of one county may share one only in very large counties.
    """
    a, b = made.number % len(DIRECTION), (made.number * 5 + made.county) % len(FEATURE)
    again = made.number // (len(DIRECTION) * len(FEATURE) // 12)
    middle = np.where(again % 12 == 0, "", DIRECTION[again % 12])
    return pl.Series("name", np.char.add(np.char.add(np.char.add(DIRECTION[a], middle), FEATURE[b]), "村"))
