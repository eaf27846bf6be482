"""Cadres: who is in place, who is in a minimum term, who may be posted, and the classes that they form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from graph.dates import holding, years_after
from planner.stage import Context
from planner.stages.cadres.settings import key_columns


@dataclass(frozen=True)
class People:
    """Cadres in the order of their table.

    Parameters
    ----------
    table : DataFrame
        The table ``cadres``.
    post : ndarray
        (n,) int64 row in ``village_posts`` at which each is in place and may stay; −1 where at none. Of whom a freeze keeps it is the
        published post.
    here : ndarray
        (n,) int64 the same without any freeze: only there does being posted cost no new posting.
    fixed : ndarray
        (n,) bool: has not served the minimum term, so stays.
    free : ndarray
        (n,) bool: may be posted (elsewhere too).
    new : ndarray
        (n,) bool: of the free, who may take up a new post.
    rank : ndarray
        (n,) int64 order of being chosen where nothing else differs: seniority, then a seeded draw.
    """

    table: pl.DataFrame
    post: np.ndarray
    here: np.ndarray
    fixed: np.ndarray
    free: np.ndarray
    new: np.ndarray
    rank: np.ndarray


def read_people(context: Context, posts: pl.DataFrame) -> People:
    """Cadres against ``posts`` (the table ``village_posts``) on the day of planning."""
    cadres = context.network.frame("cadres")
    place = in_place(context, cadres, posts)
    available, lasting = _available(context, cadres)
    gone = place["gone"].to_numpy()
    able = available & ~gone
    post = np.where(able & place["stays"].to_numpy(), place["post_row"].to_numpy(), -1)
    fixed = (post >= 0) & place["in_term"].to_numpy()
    free = able & ~fixed
    return People(cadres, post, post, fixed, free, free & lasting, _rank(cadres, context.seed))


def in_place(context: Context, cadres: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """One row per cadre: ``post_row`` (−1: none), ``stays``, ``in_term``, ``gone``.

    The newest posting in force counts. ``gone``: it names a reason to end other than that the term is over.
    """
    term = context.policy["minimum_term_years"]
    held = context.network.frame("postings").filter(holding(context.on))
    if held["cadre"].n_unique() < held.height:
        held = held.sort("since", "village", "post", nulls_last=False)
        held = held.group_by("cadre", maintain_order=True).last()
    rows = posts.select("village", "post").with_row_index("post_row")
    held = held.join(rows, on=["village", "post"], how="left").select(
        pl.col("cadre").alias("id"),
        "post_row",
        stays=pl.col("ended_because").is_null(),
        in_term=~_served(held["since"], float(term or 0), context.on),
        gone=pl.col("ended_because").is_not_null() & (pl.col("ended_because") != "term_over"),
    )
    found = cadres.select("id").join(held, on="id", how="left", maintain_order="left")
    return found.with_columns(
        pl.col("post_row").cast(pl.Int64).fill_null(-1), pl.col("stays", "in_term", "gone").fill_null(False)
    )


def _served(since: pl.Series, term: float, on: date) -> pl.Series:
    """Whether a term that began then is over on the day; one of unknown beginning is."""
    days = since.drop_nulls().unique()
    over = [years_after(day, term) <= on for day in days.to_list()]
    return since.replace_strict(days, over, default=True, return_dtype=pl.Boolean)


def _available(context: Context, cadres: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """(n,) bool each: available on the day; and long enough for a new posting."""
    if not context.policy.on("availability"):
        every = np.ones(cadres.height, np.bool_)
        return every, every
    now = holding(context.on, "available_from", "available_until")
    end = years_after(context.on, float(context.policy["minimum_term_years"] or 0))
    lasting = pl.col("available_until").is_null() | (pl.col("available_until") >= end)
    found = cadres.select(now=now, lasting=now & lasting)
    return found["now"].to_numpy(), found["lasting"].to_numpy()


def _rank(cadres: pl.DataFrame, seed: int) -> np.ndarray:
    """Longest service first; equal ones by a seeded draw over sorted ids, so that no alphabet and no table order decides."""
    order = cadres["id"].arg_sort().to_numpy()
    draw = np.empty(cadres.height, np.int64)
    draw[order] = np.random.Generator(np.random.PCG64([seed, *b"cadres"])).permutation(cadres.height)
    rank = np.empty(cadres.height, np.int64)
    rank[np.lexsort((draw, -cadres["seniority_years"].fill_null(0).to_numpy()))] = np.arange(cadres.height)
    return rank


def households(context: Context, people: People) -> pl.Series | None:
    """(n,) household of each cadre who may serve, where another one may who is of it; ``None`` where that is no rule."""
    if not context.policy.on("spouses_together"):
        return None
    able = pl.Series(people.free | people.fixed)
    home = people.table.select(pl.when(able).then("household").alias("household"))
    shared = pl.col("household").is_not_null() & pl.col("household").is_duplicated()
    return home.select(pl.when(shared).then("household").alias("household"))["household"]


def classes(context: Context, people: People, rows: np.ndarray) -> tuple[np.ndarray, pl.DataFrame]:
    """Cadres ``rows`` who agree in all columns that active settings read.

    Returns
    -------
    number : ndarray
        (len(rows),) int64 class of each.
    table : DataFrame
        One row per class with these columns alone and ``lasting`` (may take up a new post); under the rule
        ``spouses_together`` also ``household``, where several of one may serve.
    """
    columns = key_columns(context.policy)
    frame = people.table[rows].select(*columns, lasting=pl.Series(people.new[rows]))
    if (shared := households(context, people)) is not None:
        frame = frame.with_columns(household=shared[rows])
    key = frame.select(pl.struct(pl.all()).alias("key"))
    number = (
        key.select(pl.col("key").rank("dense") - 1)["key"].cast(pl.Int64).to_numpy()
        if frame.height
        else np.zeros(0, np.int64)
    )
    first = np.zeros(0, np.int64) if not frame.height else np.unique(number, return_index=True)[1]
    return number, frame[first]
