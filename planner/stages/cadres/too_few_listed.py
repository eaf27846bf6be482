"""Own scores: seats that must be filled against the cadres whom ``pair_scores`` lists for them, counted for `check`.

A cadre takes one post, so that for any set of posts their minima can be met only if as many cadres are listed for any of them (P. Hall,
1935). It is counted for each post, for the posts of each place, and for all posts. Where all of these hold cadres may still be too
few: a cut of the flow tells.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.language import Text, several
from planner.stage import Context
from planner.stages.cadres.scored import Scored, read_scores
from planner.stages.words import Uncounted, clash, name_list

MOST = 3
"""Sets that are told; of more the number."""


def too_few_listed(context: Context) -> list[Text]:
    """Posts that ask for more cadres than are listed for them, with names and numbers; what is not counted is said, too.

    Raises
    ------
    InputError
        When ``pair_scores`` lists nobody for this stage, or a cadre or post that is not there.
    """
    scored = read_scores(context)
    posts = context.network.frame("village_posts").with_row_index("p").cast({"p": pl.Int64})
    listed = pl.DataFrame({"c": scored.cadre, "p": scored.post}).filter(
        pl.Series(scored.minimum[scored.post] > 0)
    )
    return [*_short(context, scored, posts, listed), *_uncounted(context, scored, posts)]


def _short(context: Context, scored: Scored, posts: pl.DataFrame, listed: pl.DataFrame) -> list[Text]:
    """One clash of the sets that are short, the largest shortage first; of nested ones the one that lacks most, the smallest of these."""
    if listed.is_empty():
        return []
    of = _sets(context, posts.filter(pl.Series(scored.minimum > 0)))
    minimum = pl.DataFrame({"p": np.arange(len(scored.minimum)), "minimum": scored.minimum})
    asked = of.join(minimum, on="p").group_by("set").agg(asked=pl.col("minimum").sum(), size=pl.len())
    people = of.join(listed, on="p").group_by("set").agg(people=pl.col("c").n_unique().cast(pl.Int64))
    short = (
        asked.join(people, on="set", how="left")
        .with_columns(lacking=pl.col("asked") - pl.col("people").fill_null(0))
        .filter(pl.col("lacking") > 0)
        .sort(["lacking", "size", "set"], descending=[True, False, False])
    )
    members = dict(of.join(short, on="set", how="semi").group_by("set").agg("p").iter_rows())
    kept: list[tuple[int, int, set[int]]] = []
    for key, wanted, _, able, _ in short.iter_rows():
        mine = set(members[key])
        if not any(mine <= theirs or theirs <= mine for *_, theirs in kept):
            kept.append((wanted, able, mine))
    if not kept:
        return []
    told = [_words(context, posts, *one) for one in kept[:MOST]]
    more = f" …(+{len(kept) - MOST})" if len(kept) > MOST else ""
    whole = Text("；".join(t.zh for t in told) + more, "; ".join(t.en for t in told) + more)
    return [clash(whole, "village_posts.minimum", "pair_scores")]


def _sets(context: Context, hard: pl.DataFrame) -> pl.DataFrame:
    """set, p: each post alone, the posts of a village and of every place above it, and all."""
    parents = context.network.parents
    rows = []
    for p, village in hard.select("p", "village").iter_rows():
        place: str | None = village
        rows += [(f"post {p}", p), ("all", p)]
        while place:
            rows.append((f"place {place}", p))
            place = parents.get(place)
    return pl.DataFrame(rows, schema={"set": pl.String, "p": pl.Int64}, orient="row")


def _words(context: Context, posts: pl.DataFrame, asked: int, people: int, rows: set[int]) -> Text:
    there = posts.filter(pl.col("p").is_in(sorted(rows)))
    names = name_list(context.network, there["village"].unique(maintain_order=True).to_list())
    one = there.row(0, named=True)
    where = (
        names
        if len(rows) > 1
        else Text(f"{names.zh} 的 {one['post']}", f"the post {one['post']} of {names.en}")
    )
    return Text(
        f"必须配齐的 {asked:,} 个席位，pair_scores 只列出 {people:,} 名干部：{where.zh}",
        f"for {several(asked, 'seat')} that must be filled pair_scores lists only {several(people, 'cadre')}: {where.en}",
    )


def _uncounted(context: Context, scored: Scored, posts: pl.DataFrame) -> list[Text]:
    """Posts with a minimum that no pair names, which stay open whatever is planned; and where no listed post has one."""
    told: list[Text] = []
    asking = posts.filter(pl.col("minimum").fill_null(0) > 0)
    left = asking.filter(~pl.col("p").is_in(np.unique(scored.post).tolist()))
    if left.height:
        names = name_list(context.network, left["village"].unique(maintain_order=True).to_list())
        told.append(Uncounted(
            f"{left.height:,} 个岗位有 minimum，但 pair_scores 没有列出任何干部，会空着：{names.zh}",
            f"{several(left.height, 'post has', 'posts have')} a minimum, but pair_scores lists nobody: open whatever is planned: {names.en}"))  # fmt: skip
    if not scored.minimum.any():
        told.append(Uncounted(
            "pair_scores 列出的岗位都没有 minimum：什么都不必配齐，因此没有可预先计数的",
            "no post that pair_scores lists has a minimum: nothing must be filled, so there is nothing to count ahead"))  # fmt: skip
    return told
