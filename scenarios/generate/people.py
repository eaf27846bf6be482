"""Cadres and who is in place, whole columns at a time."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from scenarios.generate import totals
from scenarios.generate.shares import choose, every, generator, rank_in_group, split
from scenarios.generate.village_tables import SOURCE, SYNTHETIC

SKILLS = {
    "general": 0.36,
    "party_building": 0.14,
    "agriculture": 0.14,
    "industry": 0.1,
    "education": 0.08,
    "health": 0.06,
    "engineering": 0.06,
    "finance": 0.03,
    "law": 0.02,
    "e_commerce": 0.01,
}
SENDERS = {"county": 0.72, "prefecture": 0.15, "province": 0.10, "central": 0.03}
SPEAKS = 0.72  # of the cadres of an area with another language, who speak it
TOGETHER = 0.01  # share of cadres whose spouse is posted, too


def home_frame(regions: pl.DataFrame, tags: pl.DataFrame, relations: pl.DataFrame) -> pl.DataFrame:
    """Counties with prefecture, province, language and, where there is one, a designated unit."""
    county = regions.filter(level="county").select(county="code", prefecture="parent")
    above = regions.filter(level="prefecture").select(prefecture="code", province="parent", pseudo="pseudo")
    language = (
        tags.filter(pl.col("tag").str.starts_with("language:"))
        .group_by("region", maintain_order=True)
        .agg(language=pl.col("tag").first().str.strip_prefix("language:"))
        .rename({"region": "county"})
    )
    unit = (
        relations.filter(kind="designated")
        .group_by("recipient", maintain_order=True)
        .agg(unit=pl.col("supporter").first())
        .rename({"recipient": "county"})
    )
    made = county.join(above, on="prefecture", how="left").join(language, on="county", how="left")
    made = made.join(unit, on="county", how="left").sort("county")
    return made.with_columns(prefecture=pl.when("pseudo").then("province").otherwise("prefecture")).drop(
        "pseudo"
    )


def cadres(
    posts: pl.DataFrame,
    homes: pl.DataFrame,
    seed: int,
    *,
    first_secretaries_within_cadres: bool = True,
) -> pl.DataFrame:
    """Cadres by home county, as many as the size of the country asks for.

    Parameters
    ----------
    posts : DataFrame
        ``village_posts``; its number of villages sets the scale.
    homes : DataFrame
        From :func:`home_frame`.
    seed : int
    first_secretaries_within_cadres : bool
        Whether the 195,000 first secretaries are part of the 775,000 stationed cadres. The source gives
        two counts and
        not their overlap: part of them is an assumption (the rows are marked ``assumed``); ``False`` adds
        them.
    """
    rng = generator(seed, "cadres")
    villages = posts["village"].n_unique()
    scale = villages / (totals.REGISTERED_VILLAGES + totals.WEAK_VILLAGES)
    leaders = round(totals.FIRST_SECRETARIES * scale)
    count = round(totals.CADRES * scale) + (0 if first_secretaries_within_cadres else leaders)
    leading = pl.col("role") == "first_secretary"
    asked = posts.group_by(county=pl.col("village").str.head(6)).agg(
        leaders=pl.col("target").filter(leading).sum(), members=pl.col("target").filter(~leading).sum()
    )
    there = asked.sort("county").join(homes, on="county", how="left", maintain_order="left")
    home, lead = _homes(there, leaders, count - leaders, rng)
    sender = choose(rng, count, SENDERS)
    speaks = rng.random(count) < SPEAKS
    near = rng.random(count) < 0.75  # the others come from the seat of the prefecture
    picked = there.select("county", "prefecture", "province", "language", "unit")[home]
    frame = picked.with_columns(
        lead=pl.Series(lead),
        sender=pl.Series(sender),
        speaks=pl.Series(speaks),
        near=pl.Series(near),
        skill=pl.Series(np.array(list(SKILLS))[choose(rng, count, SKILLS)]),
        seniority_years=pl.Series(3 + np.floor(27 * rng.random(count)).astype(np.int64)),
        late=pl.Series(rng.random(count) < 0.03),
        early=pl.Series(rng.random(count) < 0.03),
        number=pl.int_range(count),
    )
    pair = pl.Series("household", _households(count, home))
    return frame.select(
        id=pl.lit("c") + (pl.col("number") + 1).cast(pl.String).str.zfill(6),
        unit=pl.when((pl.col("sender") == 3) & pl.col("unit").is_not_null())
        .then("unit")
        .when(pl.col("sender") >= 2)
        .then("province")
        .when(pl.col("sender") == 1)
        .then("prefecture")
        .otherwise("county"),
        home_region=pl.when((pl.col("sender") == 0) & pl.col("near")).then("county").otherwise("prefecture"),
        skill="skill",
        roles=pl.when("lead").then(pl.lit("first_secretary;member")).otherwise(pl.lit("member")),
        languages=pl.when("speaks").then("language"),
        available_from=pl.when("late").then(pl.lit(date(2017, 7, 1))),
        available_until=pl.when("early").then(pl.lit(date(2018, 7, 1))),
        seniority_years="seniority_years",
        household=pair,
        source=SOURCE,
        mark=pl.when("lead").then(pl.lit("assumed")).otherwise(SYNTHETIC),
        county="county",
        lead="lead",
    )


def _homes(
    there: pl.DataFrame, leaders: int, members: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Row of the home county of each cadre, and who may be first secretary: near what posts ask for.

    Never equal.
    """
    parts = [
        np.repeat(
            np.arange(there.height),
            split(number, there[asked].to_numpy() * (0.85 + 0.3 * rng.random(there.height))),
        )
        for asked, number in (("leaders", leaders), ("members", members))
    ]
    home = np.concatenate(parts)
    order = np.argsort(home, kind="stable")
    return home[order], (np.arange(len(home)) < leaders)[order]


def _households(count: int, home: np.ndarray) -> pl.Series:
    """The same household for a few neighbours in the list who live in one county."""
    step = round(2 / TOGETHER)
    first = np.arange(0, count - 1, step)
    first = first[home[first] == home[first + 1]]
    owner = np.full(count, -1)
    owner[first], owner[first + 1] = first, first
    frame = pl.DataFrame({"o": owner}).select(
        pl.when(pl.col("o") >= 0).then(pl.lit("h") + pl.col("o").cast(pl.String).str.zfill(6)).alias("h")
    )
    return frame["h"]


def postings(people: pl.DataFrame, posts: pl.DataFrame, seed: int, in_place: float) -> pl.DataFrame:
    """Who is in place at the end of 2016: each at most once, no post above its target.

    Parameters
    ----------
    people : DataFrame
        From :func:`cadres`, with ``county`` and ``lead``.
    posts : DataFrame
        ``village_posts``.
    in_place : float
        Share of the cadres who already serve, about.
    """
    rng = generator(seed, "postings")
    seats = posts.select("village", "post", "role", "target", county=pl.col("village").str.head(6))
    seats = seats[_repeat(seats["target"])]
    free = people.filter(pl.col("available_from").is_null())
    seats = seats.with_columns(
        lead=pl.col("role") == "first_secretary", dice=pl.Series(rng.random(seats.height))
    )
    free = free.with_columns(dice=pl.Series(rng.random(free.height)))
    key = ["county", "lead"]
    seats, free = seats.sort(*key, "dice"), free.select("id", *key, "dice").sort(*key, "dice")
    matched = ranked(free).join(ranked(seats), on=[*key, "rank"], how="inner", maintain_order="left")
    wanted = round(in_place * people.height)
    matched = matched[every(matched.height, wanted)].sort("id")
    since = np.floor(rng.random(matched.height) * 4).astype(np.int64)
    starts = [date(2015, 7, 31), date(2015, 10, 1), date(2016, 3, 1), date(2016, 8, 1)]
    return matched.select(
        cadre="id",
        village="village",
        post="post",
        since=pl.Series(since).replace_strict(dict(enumerate(starts)), return_dtype=pl.Date),
        role="role",
        days_in_village=pl.Series(120 + np.floor(rng.random(matched.height) * 140).astype(np.int64)),
        source=SOURCE,
        mark=SYNTHETIC,
    )


def ranked(frame: pl.DataFrame) -> pl.DataFrame:
    """The sorted frame with the place of each row inside its county and role."""
    group = frame.select(pl.struct("county", "lead").rle_id().alias("g"))["g"].to_numpy().astype(np.int64)
    return frame.drop("dice").with_columns(rank=pl.Series(rank_in_group(group)))


def _repeat(times: pl.Series) -> pl.Series:
    """Row numbers, each as often as ``times`` says."""
    return pl.Series(np.repeat(np.arange(len(times)), times.to_numpy()))
