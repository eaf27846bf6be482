"""The part of a scenario that the explanation of a few people or villages looks at: a country is not modelled for one village.

Of people who are asked about, all posts within their reach count, and who holds these; of villages, everybody within whose reach
they lie, and the posts that these people hold. Whatever the model says of them is the same as in the model of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from planner.stage import Context
from planner.stages.cadres.costs import own_rows
from planner.stages.cadres.places import Places
from planner.stages.cadres.reach import within_reach
from planner.stages.cadres.settings import TEAM_RULES

TABLES = (
    "cadres", "household_groups", "postings", "region_tags", "regions", "relations", "units", "village_posts",
)  # fmt: skip
"""What the model of people reads."""


@dataclass(frozen=True)
class _Part:
    """Ids of the people and villages that are looked at."""

    people: set[str]
    villages: set[str]


def near(context: Context, postings: pl.DataFrame, people: Sequence[str], villages: Sequence[str]) -> Context:
    """The context with the tables cut down to what an explanation looks at; as it is where rules tie people over the whole country.

    Parameters
    ----------
    context : Context
    postings : DataFrame
        The plan's.
    people, villages : sequence of str
        Who and what is asked about; with people, the villages in which they are asked about.
    """
    if not _divides(context):
        return context
    part = _around_people(context, people, villages) if people else _around_villages(context, villages)
    if part is None:
        return context
    placed = postings.filter(_in("village", villages) | _in("cadre", people))
    part = _Part(part.people | set(placed["cadre"]), part.villages | set(placed["village"]))
    held = context.network.frame("postings").filter(_in("cadre", part.people))
    shown = postings.filter(_in("cadre", part.people))["village"]
    # the holders of posts around people are asked for those posts' seats alone
    around = part.villages if people else part.villages | set(held["village"])
    return _cut(context, _Part(part.people, around), held, shown)


def _divides(context: Context) -> bool:
    """Whether nothing but posts within reach ties people together."""
    policy = context.policy
    share = policy["unit_release_share"]
    whole = share is None or share >= 1
    tied = any(policy.on(rule) for rule in TEAM_RULES)
    return context.published is None and policy.on("posting_area") and whole and not tied


def _around_people(context: Context, people: Sequence[str], villages: Sequence[str]) -> _Part | None:
    """The posts within their reach, those that they hold, and who holds any of these; ``None``: they may go everywhere."""
    network = context.network
    names = network.frame("village_posts")["village"].unique()
    mine = network.frame("cadres").filter(_in("id", people))
    places = Places(context, (names, mine["home_region"]))
    row = places.row_of(names)
    there = np.zeros(len(names), np.bool_)
    for rows in within_reach(context, places, mine, own_rows(context, places))[0]:
        if rows is None:
            return None
        for above in rows.tolist():
            there |= places.below(row, np.array(above))
    held = network.frame("postings").filter(_in("cadre", people))["village"]
    around = {*names.filter(pl.Series(there)), *held, *villages}
    holders = network.frame("postings").filter(_in("village", around))["cadre"]
    return _Part({*people, *holders}, around)


def _around_villages(context: Context, villages: Sequence[str]) -> _Part:
    """Everybody within whose reach they lie, and who holds their posts."""
    network = context.network
    cadres, asked = network.frame("cadres"), pl.Series(list(villages), dtype=pl.String)
    kinds = cadres.select("home_region", "unit").unique(maintain_order=True)
    places = Places(context, (asked, kinds["home_region"]))
    above = places.paths(places.row_of(asked)).ravel()
    paths = set(above[above >= 0].tolist())
    reaches, which = within_reach(context, places, kinds, own_rows(context, places))
    meets = np.array([rows is None or not paths.isdisjoint(rows.tolist()) for rows in reaches], np.bool_)
    near_by = kinds.filter(pl.Series(meets[which]))
    joined = cadres.join(near_by, on=["home_region", "unit"], how="semi", nulls_equal=True)
    holders = network.frame("postings").filter(_in("village", villages))["cadre"]
    return _Part({*joined["id"], *holders}, set(villages))


def _cut(context: Context, part: _Part, held: pl.DataFrame, shown: pl.Series) -> Context:
    """The tables with the rows of some people and villages, and the places that these tell of."""
    frame = context.network.frame
    cadres = frame("cadres").filter(_in("id", part.people))
    units = set(cadres["unit"].drop_nulls())
    relations = frame("relations").filter(_in("supporter", units))
    decided = context.decided.get("pairs")
    helped = set() if decided is None else set(decided.filter(_in("supporter", units))["recipient"])
    homes = frame("units").filter(_in("id", units))["home_region"]
    told = {*part.villages, *shown, *cadres["home_region"], *units, *homes, *relations["recipient"], *helped}
    kept = {up for place in told if place for up in (place, *context.network.ancestors(place))}
    frames = {
        "cadres": cadres,
        "postings": held,
        "relations": relations,
        "village_posts": frame("village_posts").filter(_in("village", part.villages)),
        "household_groups": frame("household_groups").filter(_in("village", part.villages)),
        "regions": frame("regions").filter(_in("code", kept)),
        "region_tags": frame("region_tags").filter(_in("region", kept)),
    }
    return replace(context, network=context.network.only(TABLES).with_frames(frames))


def _in(column: str, ids: Iterable[str]) -> pl.Expr:
    return pl.col(column).is_in(pl.Series(sorted(set(ids)), dtype=pl.String).implode())
