"""Churn: whose village changes between two plans, who enters and who leaves, and how far."""

from __future__ import annotations

import polars as pl

from planner.compare.places import first_of_each, pointed, with_km
from planner.compare.planned import planned_by_both
from planner.decisions import DECIDED_BY
from planner.plan import Plan

MOVES = ("moved", "other_post", "entered", "left")
_POSTING = ("village", "post")


def moves(people: pl.DataFrame) -> pl.DataFrame:
    """Cadres whose posting is not the same.

    Parameters
    ----------
    people : DataFrame
        See :func:`everybody`.

    Returns
    -------
    DataFrame
        cadre, how (moved: another village; other_post: the same village; entered; left), village_before, post_before, village,
        post, province (of the village, of one who left the former), km (between the villages), home_km_before, home_km
        (from home to the village). Km are null where a point is not known. Empty where neither plan posts anybody.
    """
    return people.filter(pl.col("how") != "stayed")


def churn_by_province(people: pl.DataFrame) -> pl.DataFrame:
    """The same counted by province; the last row, without one, is of all.

    Parameters
    ----------
    people : DataFrame
        See :func:`everybody`.

    Returns
    -------
    DataFrame
        province, stayed, moved, other_post, entered, left, km (mean of those who moved), km_most, home_km_before, home_km
        (means of all who are posted then).
    """
    counts = {how: (pl.col("how") == how).sum().cast(pl.Int64) for how in ("stayed", *MOVES)}
    moved = pl.col("km").filter(pl.col("how") == "moved")
    told = counts | {
        "km": moved.mean(),
        "km_most": moved.max(),
        "home_km_before": pl.col("home_km_before").mean(),
        "home_km": pl.col("home_km").mean(),
    }
    parts = people.filter(pl.col("province").is_not_null()).group_by("province").agg(**told).sort("province")
    whole = people.select(**told).select(pl.lit(None, pl.String).alias("province"), pl.all())
    return pl.concat([parts, whole]) if people.height else whole.head(0)


def everybody(before: Plan, after: Plan, known: pl.DataFrame) -> pl.DataFrame:
    """Everybody whom either plan posts, of one with several postings the first; nobody where one of them posts no people at all.

    Parameters
    ----------
    before, after : Plan
        The plans.
    known : DataFrame
        Places of both; see :func:`planner.compare.places.joined_places`.

    Returns
    -------
    DataFrame
        The columns of :func:`moves`; ``how`` may also be ``stayed``.
    """
    homes = (p.network.frame("cadres").select("home_region", cadre="id") for p in (after, before))
    home = first_of_each(homes, "cadre")
    old, new = (first_postings(p) for p in (before, after))
    if DECIDED_BY["postings"] not in planned_by_both(before, after):
        old, new = old.clear(), new.clear()
    found = new.join(old, on="cadre", how="full", suffix="_before", coalesce=True)
    there, was = pl.col("village").is_not_null(), pl.col("village_before").is_not_null()
    same = pl.col("village") == pl.col("village_before")
    how = (
        pl.when(~was).then(pl.lit("entered"))
        .when(~there).then(pl.lit("left"))
        .when(~same).then(pl.lit("moved"))
        .when(pl.col("post") != pl.col("post_before")).then(pl.lit("other_post"))
        .otherwise(pl.lit("stayed"))
    )  # fmt: skip
    found = found.join(home, on="cadre", how="left").with_columns(how=how)
    for column, name in (("village", "new"), ("village_before", "old"), ("home_region", "home")):
        found = pointed(found, column, known, name)
    for one, other, name in (
        ("old", "new", "km"),
        ("home", "old", "home_km_before"),
        ("home", "new", "home_km"),
    ):
        found = with_km(found, one, other, name)
    province = known.select(pl.col("code").alias("where"), "province")
    found = found.with_columns(where=pl.coalesce("village", "village_before")).join(
        province, on="where", how="left"
    )
    return found.select(
        "cadre", "how", "village_before", "post_before", *_POSTING, "province", "km", "home_km_before", "home_km"
    ).sort("cadre")  # fmt: skip


def first_postings(plan: Plan) -> pl.DataFrame:
    """cadre, village, post, in no order: everybody whom a plan posts; of one with several postings the first."""
    listed = plan.decided("postings").select("cadre", *_POSTING)
    if listed["cadre"].n_unique() == listed.height:  # as ever but under own scores: nothing is to be sorted
        return listed
    return listed.sort("cadre", *_POSTING).unique("cadre", keep="first", maintain_order=True)
