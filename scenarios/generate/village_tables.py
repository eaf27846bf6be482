"""Villages as tables: places, tags, facts, household groups, posts."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from scenarios.generate import totals
from scenarios.generate.counties import Counties
from scenarios.generate.shares import Integers, choose, generator, split_groups
from scenarios.generate.villages import ACCURACY_KM, EXITED, STEEP, WEAK, Villages, codes, names

SOURCE = pl.lit("scenarios.generate")
SYNTHETIC = pl.lit("synthetic")
PERSONS_PER_HOUSEHOLD = totals.REGISTERED_PERSONS_2014 / totals.REGISTERED_HOUSEHOLDS_2014

SECOND_CAUSE = {"no_funds": 0.34, "no_skill": 0.28, "no_labour": 0.26, "transport": 0.12}
THIRD_CAUSE = {"disability": 0.42, "schooling": 0.27, "disaster": 0.13, "motivation": 0.12, "no_land": 0.06}
THIRD_SHARE = 0.24
LACKING = {
    "none": 0.46,
    "housing": 0.24,
    "water": 0.12,
    "education": 0.08,
    "housing;water": 0.06,
    "food;clothing": 0.04,
}
ILL_LACKING = {"medical": 0.74, "medical;housing": 0.2, "medical;water": 0.06}
SKILLS = {
    "agriculture": 0.34,
    "industry": 0.26,
    "engineering": 0.12,
    "education": 0.1,
    "health": 0.1,
    "e_commerce": 0.08,
}


def regions(counties: Counties, made: Villages) -> pl.DataFrame:
    """The villages' rows of ``regions``."""
    return pl.DataFrame(
        {
            "code": codes(counties, made),
            "name": names(made),
            "parent": counties.frame["code"].gather(made.county),
            "lon": made.lon,
            "lat": made.lat,
        }
    ).with_columns(
        level=pl.lit("village"), coord_accuracy_km=pl.lit(ACCURACY_KM), source=SOURCE, mark=SYNTHETIC
    )


def tags(counties: Counties, made: Villages, code: pl.Series) -> pl.DataFrame:
    """``poor_village`` for registered villages, ``weak_organisation`` for the others.

    ``deep_poverty`` above 20 %.
    """
    frame = pl.DataFrame({"region": code, "kind": made.kind})
    parts = (("poor_village", pl.col("kind") != WEAK), ("weak_organisation", pl.col("kind") == WEAK))
    return pl.concat(
        frame.filter(rule).select("region", tag=pl.lit(tag), source=SOURCE, mark=SYNTHETIC)
        for tag, rule in (*parts, ("deep_poverty", pl.col("kind") == STEEP))
    )


def facts(made: Villages, code: pl.Series) -> pl.DataFrame:
    """People and incidence of registered villages at the end of 2016."""
    frame = pl.DataFrame(
        {"region": code, "people": made.people, "poor": made.poor, "kind": made.kind}
    ).filter(pl.col("kind") != WEAK)
    people = frame.select(
        "region", measure=pl.lit("rural_population"), value=pl.col("people").cast(pl.Float64)
    )
    share = (pl.col("poor") / pl.col("people")).round(6)
    incidence = frame.select("region", measure=pl.lit("poverty_incidence"), value=share)
    return pl.concat([people, incidence]).with_columns(year=pl.lit(2016), source=SOURCE, mark=SYNTHETIC)


def household_groups(made: Villages, code: pl.Series, seed: int) -> pl.DataFrame:
    """Poor households by cause and by what they lack: up to three groups a village, illness the first.

    Persons add up to the village's poor people; illness has over 40 % of the households.
    """
    rng = generator(seed, "household_groups")
    rows = np.flatnonzero(made.poor > 0)
    n, poor = len(rows), made.poor[rows]
    homes = np.maximum(np.round(poor / PERSONS_PER_HOUSEHOLD), 1).astype(np.int64)
    ill = totals.ILLNESS_SHARE + 0.2 * (rng.random(n) - 0.5)
    third = THIRD_SHARE + 0.1 * (rng.random(n) - 0.5)
    weights = np.stack([ill, 1 - ill - third, third], axis=1).ravel()
    village = np.repeat(np.arange(n), 3)
    households = split_groups(homes, village, weights)
    persons = split_groups(poor, village, households.astype(float))
    cause = np.stack(
        [
            np.full(n, "illness"),
            np.array(list(SECOND_CAUSE))[choose(rng, n, SECOND_CAUSE)],
            np.array(list(THIRD_CAUSE))[choose(rng, n, THIRD_CAUSE)],
        ],
        axis=1,
    ).ravel()
    lacking = np.stack(
        [np.array(list(ILL_LACKING))[choose(rng, n, ILL_LACKING)]]
        + [np.array(list(LACKING))[choose(rng, n, LACKING)] for _ in range(2)],
        axis=1,
    ).ravel()
    return (
        pl.DataFrame(
            {
                "village": code.gather(rows).gather(village),
                "cause": cause,
                "lacking": lacking,
                "households": households,
                "persons": persons,
            }
        )
        .filter(pl.col("households") > 0)
        .with_columns(year=pl.lit(2016), source=SOURCE, mark=SYNTHETIC)
    )


def village_posts(counties: Counties, made: Villages, code: pl.Series, seed: int) -> pl.DataFrame:
    """Posts of every village: a first secretary, and in registered villages two posts for members.

    Tier 1 is deep poverty (the county's tag or the village's own), 2 other registered villages, 3 weak
    organisation.
    Minima come to about 60 % of the people and targets to about 103 %: supply never equals demand by
    accident.
    """
    rng = generator(seed, "village_posts")
    registered = made.kind != WEAK
    deep = registered & (counties.deep[made.county] | (made.kind == STEEP))
    tier = np.where(deep, 1, np.where(registered, 2, 3))
    n, inside = len(code), np.flatnonzero(registered)
    cadres = totals.CADRES * n / (totals.REGISTERED_VILLAGES + totals.WEAK_VILLAGES)
    asked = (rng.random(n) < 0.4).astype(np.int64)
    secretary_minimum = np.where(registered, 1, asked)
    third = totals.MINIMUM_SHARE * cadres - secretary_minimum.sum() - 2 * len(inside)
    extra = _first(rng, len(inside), round(third), deep[inside])
    seats = round(totals.TARGET_SHARE * cadres) - n
    targets = _targets(rng, len(inside), seats, deep[inside])
    want = np.array(list(SKILLS))[choose(rng, len(inside), SKILLS)]
    first = pl.DataFrame(
        {
            "village": code,
            "post": pl.Series(np.full(n, "first_secretary")),
            "role": pl.Series(np.full(n, "first_secretary")),
            "skill": pl.Series(np.where(registered, "general", "party_building")),
            "minimum": secretary_minimum,
            "target": np.ones(n, np.int64),
            "tier": tier,
        }
    )
    parts = [first]
    halves = (
        (want, 1 + extra, targets - targets // 2),
        (np.full(len(inside), "general"), np.ones_like(extra), targets // 2),
    )
    for name, (skill, minimum, target) in zip(("member_1", "member_2"), halves, strict=True):
        parts.append(
            pl.DataFrame(
                {
                    "village": code.gather(inside),
                    "post": pl.Series(np.full(len(inside), name)),
                    "role": pl.Series(np.full(len(inside), "member")),
                    "skill": pl.Series(skill),
                    "minimum": minimum,
                    "target": np.maximum(target, minimum),
                    "tier": tier[inside],
                }
            )
        )
    made_posts = pl.concat(parts).sort("village", "post")
    return made_posts.with_columns(source=SOURCE, mark=SYNTHETIC)


def _first(rng: np.random.Generator, n: int, wanted: int, deep: np.ndarray) -> Integers:
    """1 for ``wanted`` of ``n`` villages, deep poverty more likely."""
    order = np.argsort(rng.random(n) - 0.3 * deep, kind="stable")
    made = np.zeros(n, np.int64)
    made[order[: max(wanted, 0)]] = 1
    return made


def _targets(rng: np.random.Generator, n: int, seats: int, deep: np.ndarray) -> Integers:
    """Members wanted by village, four or more, ``seats`` in all; deep poverty first."""
    made = np.full(n, seats // max(n, 1), np.int64)
    left = seats - int(made.sum())
    made[np.argsort(rng.random(n) - 0.5 * deep, kind="stable")[:left]] += 1
    return made


def support_links(
    counties: Counties, made: Villages, code: pl.Series, seed: int, scale: float
) -> pl.DataFrame:
    """Villages with a military supporter, a central enterprise (百县万村) or a firm (万企帮万村).

    Military supporters appear as one unit per province only.
    """
    rng = generator(seed, "support_links")
    province = counties.frame["province"].gather(made.county)
    rows = np.flatnonzero(made.kind < EXITED)
    links = []
    for kind, prefix, wanted in (
        ("village_unit", "mil", totals.MILITARY_VILLAGES),
        ("village_unit", "soe", 10_000),
        ("enterprise", "firm", 20_000),
    ):
        taken = rows[np.argsort(rng.random(len(rows)), kind="stable")[: round(wanted * scale)]]
        taken.sort()
        links.append(
            pl.DataFrame({"province": province.gather(taken), "recipient": code.gather(taken)}).select(
                kind=pl.lit(kind),
                supporter=pl.lit(f"{prefix}-") + pl.col("province").str.head(2),
                recipient="recipient",
            )
        )
    return pl.concat(links).select(
        id=pl.concat_str(pl.lit("v"), "supporter", "recipient", separator=":"),
        kind="kind",
        supporter="supporter",
        recipient="recipient",
        since=pl.lit(date(2015, 10, 17)),
        until=pl.lit(date(2021, 1, 1)),
        source=SOURCE,
        mark=SYNTHETIC,
    )
