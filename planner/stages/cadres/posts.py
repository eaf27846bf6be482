"""Village posts as slots: seats, tiers, what each seat is worth, the teams that they form."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from planner.policy import Policy
from planner.stage import Context
from planner.stages.cadres.places import Places
from planner.stages.cadres.settings import change_price, most_cost, step


@dataclass(frozen=True)
class Posts:
    """One slot per row of ``village_posts``: a row already counts the people whom a village wants alike.

    Parameters
    ----------
    table : DataFrame
        The table ``village_posts``.
    village : ndarray
        (m,) int64 number of the village.
    villages : ndarray
        (v,) int64 row of each village in ``Places``.
    minimum, target : ndarray
        (m,) int64 seats.
    leads : ndarray
        (m,) bool: first-secretary posts.
    tier : ndarray
        (m,) int64 rank in the strict order, 0 first.
    tiers : int
        Ranks in all.
    hard : ndarray
        (m,) bool: the minimum must be met, and comes before all others.
    firm : ndarray
        (m,) bool: without it there is no plan; as ``hard``, but nowhere where promises may be broken.
    worth : ndarray
        (2, m) int64 worth of a must-seat and of a further seat, thousandths.
    wanted : ndarray
        (v,) int64 least size of a team; 0 where the village has no member posts.
    closed : ndarray
        (2, m) int64 must-seats and further seats, within neither ``minimum`` nor ``target``, that a freeze keeps empty: open all the same.
    """

    table: pl.DataFrame
    village: np.ndarray
    villages: np.ndarray
    minimum: np.ndarray
    target: np.ndarray
    leads: np.ndarray
    tier: np.ndarray
    tiers: int
    hard: np.ndarray
    firm: np.ndarray
    worth: np.ndarray
    wanted: np.ndarray
    closed: np.ndarray

    @property
    def listed(self) -> np.ndarray:
        """(m,) int64 targets as they are listed, seats that a freeze closes included."""
        return np.asarray(self.target + self.closed.sum(axis=0))

    def keys(self) -> pl.Series:
        """``village/post`` of each slot, as own scores name them."""
        return self.table.select(pl.concat_str("village", "post", separator="/").alias("key"))["key"]


def read_posts(context: Context, places: Places) -> Posts:
    """Slots of the table ``village_posts``, in its order."""
    table, policy = context.network.frame("village_posts"), context.policy
    names = table["village"].unique().sort()
    numbers = pl.DataFrame({"village": names}).with_row_index("number")
    village = (
        table.select("village").join(numbers, on="village", how="left", maintain_order="left")["number"]
        .cast(pl.Int64).to_numpy()
    )  # fmt: skip
    villages = places.row_of(names)
    leads = (table["role"] == policy["leader_role"]).to_numpy()
    minimum = table["minimum"].fill_null(0).to_numpy()
    target = np.maximum(table["target"].fill_null(0).to_numpy(), minimum)
    tier, tiers = _tiers(context, places, table, villages[village])
    top = policy["must_fill_tier"]
    hard = (table["tier"].to_numpy() <= top) if top is not None else np.zeros(table.height, np.bool_)
    wanted = team_sizes(policy, table, village, len(names), target)
    hard &= minimum > 0
    worth = _worth(policy, tier, tiers, leads, hard)
    return Posts(
        table,
        village,
        villages,
        minimum,
        target,
        leads,
        tier,
        tiers,
        hard,
        hard & (not context.elastic),
        worth,
        wanted,
        np.zeros((2, table.height), np.int64),
    )


def _tiers(context: Context, places: Places, table: pl.DataFrame, rows: np.ndarray) -> tuple[np.ndarray, int]:
    """Rank of each slot, and ranks in all: two for each tier, tagged first, whether or not there are posts of both.

    So a first post of a kind does not change what the seats of all others are worth.
    """
    tag = context.policy["tiers"]
    if tag is None:
        return np.zeros(table.height, np.int64), 1
    known, tier = np.unique(table["tier"].to_numpy(), return_inverse=True)
    return (2 * tier + ~places.tagged(rows, str(tag))).astype(np.int64), 2 * max(1, len(known))


def team_sizes(
    policy: Policy, table: pl.DataFrame, village: np.ndarray, villages: int, target: np.ndarray
) -> np.ndarray:
    """(v,) least team where there are member posts; no more than the village's posts hold in all."""
    members = (table["role"] == policy["member_role"]).to_numpy()
    has = np.bincount(village, members, villages) > 0
    least = int(policy["team_minimum"] or 1) if policy.on("team_minimum") or policy.on("team_led") else 0
    seats = np.bincount(village, target, villages).astype(np.int64)
    return np.where(has, np.minimum(least, seats), 0)


def _worth(policy: Policy, tier: np.ndarray, tiers: int, leads: np.ndarray, hard: np.ndarray) -> np.ndarray:
    """A further seat is worth one step; must-seats two steps more per tier, a first secretary one above members.

    What has to be filled comes before everything else, also where there are no tiers, or people wait for a first secretary.
    """
    one = step(len(tier), most_cost(policy) + 2 * change_price(policy))
    must = one * (2 * (tiers - tier) + leads + 2 * (tiers + 1) * hard)
    return np.stack([must, np.full(len(tier), one)]).astype(np.int64)


def with_leaders_first(posts: Posts, fixed: np.ndarray) -> Posts:
    """First secretaries for people who stay anyway and have none come before everything but what has to be filled.

    Parameters
    ----------
    posts : Posts
    fixed : ndarray
        (k,) slots of the people in their minimum term.
    """
    v, top = len(posts.villages), 2 * (posts.tiers + 1)
    there = np.bincount(posts.village[fixed], minlength=v) > 0
    led = np.bincount(posts.village[fixed], posts.leads[fixed], v) > 0
    urgent = posts.leads & (there & ~led & (posts.wanted > 0))[posts.village]
    one = int(posts.worth[1].max(initial=0))
    worth = posts.worth.copy()
    worth[0, urgent] = top * one
    worth[1, urgent & (posts.minimum == 0)] = top * one
    worth[0, urgent & posts.hard] += top * one
    return replace(posts, worth=worth)
