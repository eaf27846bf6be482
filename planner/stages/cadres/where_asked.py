"""What of the posts matters where it is only asked whether there is any plan."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from graph.dates import holding
from planner.published import CHANGES_MAX
from planner.stage import Context


def where_asked(context: Context) -> Context | None:
    """The villages with posts that must be filled, and those where somebody is: elsewhere nobody has to go; ``None`` without any.

    All of them by own scores, and where changes against published postings are limited.
    """
    policy = context.policy
    limited = context.published is not None and policy.on(CHANGES_MAX)
    if policy["objective"] == "scores" or limited:
        return context
    posts, top = context.network.frame("village_posts"), policy["must_fill_tier"]
    must = (pl.col("tier") <= (top or 0)) & (pl.col("minimum") > 0)
    asked = posts.filter(must)["village"]
    there = context.network.frame("postings").filter(holding(context.on))["village"]
    kept = posts.filter(pl.col("village").is_in(pl.concat([asked, there]).unique().implode()))
    if kept.is_empty():
        return None
    return replace(context, network=context.network.with_frames({"village_posts": kept}))
