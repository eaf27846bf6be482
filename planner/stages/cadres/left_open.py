"""A warning about must-posts that nobody takes: how many, of which tiers, where."""

from __future__ import annotations

import polars as pl

from graph.language import Text, several
from graph.network import Network
from planner.stages.words import name_list

HELD = Text(
    "设 must_fill_tier 可查出缺在哪些规则上", "with must_fill_tier it is told which rules hold people back"
)
UNLISTED = Text("pair_scores 没有列出它们", "pair_scores lists nobody for them")
"""Why they may be open: by computed costs, and by own scores, where the minima of listed posts are kept."""


def open_must_posts(network: Network, postings: pl.DataFrame, why: Text | None) -> list[Text]:
    """One text where seats up to the minimum stay empty; the villages of the first tiers are named first.

    Parameters
    ----------
    network : Network
        With ``village_posts``.
    postings : DataFrame
        ``village``, ``post`` of everyone posted.
    why : Text
        :data:`HELD` or :data:`UNLISTED`; ``None`` where there is nothing to say, as ``must_fill_tier`` is on.
    """
    there = postings.group_by("village", "post").agg(pl.len().cast(pl.Int64).alias("there"))
    short = (
        network.frame("village_posts")
        .join(there, on=["village", "post"], how="left", maintain_order="left")
        .with_columns((pl.col("minimum") - pl.col("there").fill_null(0)).alias("open"))
        .filter(pl.col("open") > 0)
        .sort("tier", maintain_order=True)
    )
    if not short.height:
        return []
    by_tier = short.group_by("tier").agg(pl.col("open").sum()).sort("tier")
    zh = "，".join(f"第 {t} 级 {n}" for t, n in by_tier.iter_rows())
    en = ", ".join(f"tier {t}: {n:,}" for t, n in by_tier.iter_rows())
    where = name_list(network, short["village"].unique(maintain_order=True).to_list())
    seats = int(short["open"].sum())
    end = Text(f"；{why.zh}", f"; {why.en}") if why is not None else Text("", "")
    return [Text(f"必须岗位还缺 {seats:,} 人（{zh}）：{where.zh}{end.zh}",
                 f"{several(seats, 'person is', 'people are')} missing at must-posts ({en}): {where.en}{end.en}")]  # fmt: skip
