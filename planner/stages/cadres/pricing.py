"""What given postings cost under a scenario's values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from planner.cost import SCALE
from planner.stage import Context
from planner.stages.cadres.costs import Costs, own_rows
from planner.stages.cadres.people import classes, read_people
from planner.stages.cadres.places import Places
from planner.stages.cadres.posts import read_posts
from planner.stages.cadres.settings import NAME
from planner.stages.pairs import listed_scores

KEY = ["cadre", "village", "post"]


def postings_cost(context: Context, postings: pl.DataFrame, told: pl.DataFrame | None = None) -> float | None:
    """Sum of the costs in points, rules aside; ``None`` where a cadre or post is not known (or listed).

    Parameters
    ----------
    context : Context
        With the values that are to be measured by.
    postings : DataFrame
        cadre, village, post.
    told : DataFrame, optional
        Postings whose ``cost`` was found by the same values: those among ``postings`` are not found anew.
    """
    if context.policy["objective"] == "scores":
        pairs = postings.select(supporter="cadre", recipient=pl.concat_str("village", "post", separator="/"))
        return listed_scores(context, NAME, pairs)
    if told is None:
        return _priced(context, postings) / SCALE if _known(context, postings) else None
    again = postings.join(told.select(*KEY, _told="cost"), on=KEY, how="left")
    rest = again.filter(pl.col("_told").is_null())
    if not _known(context, rest):
        return None
    whole = int((again["_told"].drop_nulls() * SCALE).round().cast(pl.Int64).sum())
    return (whole + _priced(context, rest)) / SCALE


def _known(context: Context, postings: pl.DataFrame) -> bool:
    """Whether all cadres and posts are in the tables."""
    frame = context.network.frame
    no_cadre = postings.join(frame("cadres").select(cadre="id"), on="cadre", how="anti").height
    return (
        not no_cadre and not postings.join(frame("village_posts"), on=["village", "post"], how="anti").height
    )


def _priced(context: Context, postings: pl.DataFrame) -> int:
    """Sum in thousandths of postings of known cadres at known posts; tables are read as far as these need them."""
    who, tables = postings.select("cadre").unique(), context.network.frame
    mine = {
        "cadres": tables("cadres").join(
            who.rename({"cadre": "id"}), on="id", how="semi", maintain_order="left"
        ),
        "postings": tables("postings").join(who, on="cadre", how="semi", maintain_order="left"),
    }
    context = replace(context, network=context.network.with_frames(mine))
    places = Places(context, (tables("village_posts")["village"], mine["cadres"]["home_region"]))
    posts = read_posts(context, places)
    people = read_people(context, posts.table)
    slots = posts.table.select("village", "post").with_row_index("slot")
    rows = people.table.select(pl.col("id").alias("cadre")).with_row_index("person")
    found = postings.select(KEY).join(slots, on=["village", "post"]).join(rows, on="cadre")
    slot, person = (found[c].cast(pl.Int64).to_numpy() for c in ("slot", "person"))
    number, table = classes(context, people, person)
    costs = Costs(context, places, posts, table, own_rows(context, places))
    return int(np.sum(costs.single(number, slot, people.post[person] == slot)))
