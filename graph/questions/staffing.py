"""How villages are staffed: who is there, what is vacant, whose term is over or ends, which skills and languages are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from graph.network import Network
from graph.questions.posted import LEAVES, places

FIRST_SECRETARY, GENERAL = "first_secretary", "general"


@dataclass(frozen=True)
class Staffing:
    """The answer.

    Parameters
    ----------
    at, by : date
        The days counted from and to.
    minimum_term_years : float or None
        Minimum term that was counted with (years); null: none.
    region : str or None
        Within which the rest is; null: everywhere.
    name : str or None
        What it is called.
    whole : mapping
        The figures of all of it.
    tiers : sequence of mapping
        The figures by tier of the posts, the first tier first.
    areas : sequence of mapping
        The figures by province, or within a region by county; most villages without anybody first.
    quarters : sequence of mapping
        Terms that are over by quarter.
    skills : sequence of mapping
        Skills that posts ask for; most seats missing first.
    languages : sequence of mapping
        Languages that are spoken at villages; most villages missing first.
    """

    at: date
    by: date
    minimum_term_years: float | None
    region: str | None
    name: str | None
    whole: Mapping[str, Any]
    tiers: tuple[Mapping[str, Any], ...]
    areas: tuple[Mapping[str, Any], ...]
    quarters: tuple[Mapping[str, Any], ...]
    skills: tuple[Mapping[str, Any], ...]
    languages: tuple[Mapping[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return dict(vars(self))


def staffing(
    network: Network, rows: pl.DataFrame, at: date, by: date, minimum_years: float | None, region: str | None = None
) -> Staffing:  # fmt: skip
    """How villages are staffed.

    Parameters
    ----------
    network : Network
        Reads ``regions``, ``region_tags`` and ``village_posts``.
    rows : DataFrame
        Of :func:`graph.questions.posted.posted`; who leaves is not counted.
    at, by : date
        The days counted from and to.
    minimum_years : float or None
        Minimum term with which ``rows`` were made (years).
    region : str, optional
        Code of a place: only what lies in it, by county.
    """
    posts = seats(network)
    there = rows.filter(pl.col("change") != LEAVES)
    area = "province"
    if region is not None:
        inside = sorted(network.within(region))
        posts, there = (f.filter(pl.col("village").is_in(inside)) for f in (posts, there))
        area = "county"
    whole = figures(posts, there, at, by, []).to_dicts()
    tiers = figures(posts, there, at, by, ["tier"]).sort("tier")
    areas = figures(posts, there, at, by, [area, f"{area}_name"]).rename(
        {area: "region", f"{area}_name": "name"}
    )
    areas = areas.sort("without", "vacant", "region", descending=[True, True, False])
    name = None if region is None else network.label(region)
    parts = (tiers, areas, _quarters(there), _skills(posts, there), _languages(posts, there))
    return Staffing(at, by, minimum_years, region, name, whole[0], *(tuple(f.to_dicts()) for f in parts))


def seats(network: Network) -> pl.DataFrame:
    """Posts with the village's names beside them: ``village, post, role, wanted, minimum, target, tier`` and what :func:`places` gives."""
    posts = network.frame("village_posts").rename({"skill": "wanted"})
    known = places(network, posts["village"].unique().to_list())
    columns = ("village", "post", "role", "wanted", "minimum", "target", "tier")
    return posts.select(columns).join(known, on="village", how="left")


def figures(posts: pl.DataFrame, there: pl.DataFrame, at: date, by: date, group: list[str]) -> pl.DataFrame:
    """Figures by group: people, seats, villages, terms, skills and languages."""
    key: list[str | pl.Expr] = [*group] or [pl.lit(0, dtype=pl.Int64).alias("all")]
    filled = there.group_by("village", "post").agg(
        people=pl.len(), fitting=(pl.col("skill") == pl.col("wanted")).sum()
    )
    seats = posts.join(filled, on=["village", "post"], how="left").with_columns(
        pl.col("people", "fitting").fill_null(0)
    )
    asks = pl.col("wanted").is_not_null() & (pl.col("wanted") != GENERAL)
    target, people = pl.col("target"), pl.min_horizontal("people", "target")
    wanted = seats.group_by(key).agg(
        target=target.sum(), minimum=pl.col("minimum").sum(), filled=people.sum(),
        skill_wanted=target.filter(asks).sum(), skill_there=pl.min_horizontal("fitting", "target").filter(asks).sum(),
    )  # fmt: skip
    villages = seats.group_by([*group, "village"]).agg(
        staffed=pl.col("people").sum() > 0,
        must=pl.col("minimum").sum() > 0,
        speech=pl.col("language").first(),
    )
    speakers = _speaking(there)["village"].unique().implode()
    spoken, staffed = pl.col("speech").is_not_null(), pl.col("staffed")
    counted = villages.group_by(key).agg(
        villages=pl.len(), without=(~staffed).sum(), must_without=(pl.col("must") & ~staffed).sum(),
        language_wanted=spoken.sum(), language_there=(spoken & pl.col("village").is_in(speakers)).sum(),
    )  # fmt: skip
    due = pl.col("due")
    terms = there.group_by(key).agg(
        posted=pl.len(), first_secretaries=(pl.col("role") == FIRST_SECRETARY).sum(),
        overdue=(due <= at).sum(), ending=due.is_between(at, by, closed="right").sum(),
    )  # fmt: skip
    on = group or ["all"]
    joined = wanted.join(counted, on=on, how="full", coalesce=True).join(
        terms, on=on, how="full", coalesce=True
    )
    if not group:
        joined = joined if joined.height else pl.DataFrame({"all": [0]}).join(joined, on="all", how="left")
    numbers = [c for c in joined.columns if c not in on]
    return joined.with_columns(pl.col(numbers).fill_null(0).cast(pl.Int64)).select(
        *group, *numbers, vacant=pl.col("target") - pl.col("filled")
    )  # fmt: skip


def _quarters(there: pl.DataFrame) -> pl.DataFrame:
    """``begins`` (first day), ``postings``, ``first_secretaries``: terms that are over in a quarter."""
    return (
        there.drop_nulls("due")
        .group_by(begins=pl.col("due").dt.truncate("1q"))
        .agg(postings=pl.len(), first_secretaries=(pl.col("role") == FIRST_SECRETARY).sum())
        .sort("begins")
    )


def _skills(posts: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """``skill``, ``wanted`` (seats that ask for it), ``fitting`` (people in them who have it), ``people`` (all who have it)."""
    wanted = posts.group_by(skill="wanted").agg(wanted=pl.col("target").sum())
    fitting = (
        there.filter(pl.col("skill") == pl.col("wanted"))
        .group_by("village", "post", "skill")
        .agg(fitting=pl.len())
        .join(posts.select("village", "post", "target"), on=["village", "post"])
        .group_by("skill")
        .agg(fitting=pl.min_horizontal("fitting", "target").sum())
    )
    people = there.drop_nulls("skill").group_by("skill").agg(people=pl.len())
    joined = wanted.filter(pl.col("skill") != GENERAL).join(fitting, on="skill", how="left")
    told = joined.join(people, on="skill", how="left").with_columns(
        pl.col("fitting", "people").fill_null(0).cast(pl.Int64)
    )
    return told.sort(pl.col("wanted") - pl.col("fitting"), "skill", descending=[True, False])


def _languages(posts: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """``language``, ``villages`` where it is spoken, ``fitting``: those where somebody posted speaks it, ``people`` who do."""
    spoken = posts.select("village", pl.col("language").str.split(";")).unique().explode("language")
    speakers = _speaking(there)
    fits = speakers.select("village", "language").unique().with_columns(fits=pl.lit(1))
    villages = (
        spoken.drop_nulls().join(fits, on=["village", "language"], how="left").group_by("language")
        .agg(villages=pl.len(), fitting=pl.col("fits").sum().cast(pl.Int64))
    )  # fmt: skip
    people = speakers.group_by("language").agg(people=pl.col("cadre").n_unique().cast(pl.Int64))
    told = villages.join(people, on="language", how="left").with_columns(pl.col("people").fill_null(0))
    return told.sort(pl.col("villages") - pl.col("fitting"), "language", descending=[True, False])


def _speaking(there: pl.DataFrame) -> pl.DataFrame:
    """``village, cadre, language`` where a cadre speaks what is spoken at the village."""
    both = there.select("village", "cadre", "languages", "language").drop_nulls()
    each = both.with_columns(pl.col("languages", "language").str.split(";"))
    return each.explode("language").filter(pl.col("languages").list.contains(pl.col("language"))).select(
        "village", "cadre", "language"
    )  # fmt: skip
