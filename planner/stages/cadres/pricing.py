"""What given postings cost under a scenario's values."""

from __future__ import annotations

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


def postings_cost(context: Context, postings: pl.DataFrame) -> float | None:
    """Sum of the costs in points, rules aside; ``None`` where a cadre or post is not known (or listed)."""
    if context.policy["objective"] == "scores":
        pairs = postings.select(supporter="cadre", recipient=pl.concat_str("village", "post", separator="/"))
        return listed_scores(context, NAME, pairs)
    frame = context.network.frame
    places = Places(context, (frame("village_posts")["village"], frame("cadres")["home_region"]))
    posts = read_posts(context, places)
    people = read_people(context, posts.table)
    slots = posts.table.select("village", "post").with_row_index("slot")
    rows = people.table.select(pl.col("id").alias("cadre")).with_row_index("person")
    found = postings.join(slots, on=["village", "post"]).join(rows, on="cadre")
    if found.height < postings.height:
        return None
    slot, person = (found[c].cast(pl.Int64).to_numpy() for c in ("slot", "person"))
    number, table = classes(context, people, person)
    costs = Costs(context, places, posts, table, own_rows(context, places))
    return int(np.sum(costs.single(number, slot, people.post[person] == slot))) / SCALE
