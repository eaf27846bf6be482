"""Rules on teams and households that no flow knows: one unit for a team, one speaker in it, spouses together.

Arrays for :class:`planner.solve.posting_rules.Rules`; none where all three rules are off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from planner.stage import Context
from planner.stages.cadres.costs import Costs
from planner.stages.cadres.people import People
from planner.stages.cadres.places import Places
from planner.stages.cadres.posts import Posts
from planner.stages.cadres.settings import TEAM_RULES


@dataclass(frozen=True)
class Lost:
    """(v,) each: worth of the seats and cost of in-term people who leave when nobody comes to lead; whether they must not."""

    worth: np.ndarray
    cost: np.ndarray
    hard: np.ndarray

    def arrays(self, villages: np.ndarray) -> dict[str, np.ndarray]:
        """Arrays ``rule_lost_*`` of one task; none where nobody could leave."""
        found = {f"rule_lost_{k}": getattr(self, k)[villages] for k in ("worth", "cost", "hard")}
        return found if any(x.any() for x in found.values()) else {}


@dataclass(frozen=True)
class TeamRules:
    """What the rules know of all classes, villages and households; as in the engine, but numbered throughout the stage."""

    sender: np.ndarray
    tongue: np.ndarray
    asks: np.ndarray
    table: np.ndarray
    spoken: np.ndarray
    household: np.ndarray
    place: np.ndarray
    bound_to: np.ndarray

    def only(self, classes: np.ndarray) -> TeamRules:
        """The same for the classes that have these numbers."""
        of_class = ("sender", "tongue", "household")
        return replace(self, **{k: getattr(self, k)[classes] for k in of_class})

    def arrays(self, classes: np.ndarray, villages: np.ndarray) -> dict[str, np.ndarray]:
        """Arrays ``rule_*`` of one task; all numbers count anew, so that they do not depend on other tasks."""
        tongues, tongue = _anew(self.tongue[classes])
        asked, asks = _anew(self.asks[villages])
        homes, household = _anew(self.household[classes])
        none = int(len(homes) > 0 and homes[0] < 0)
        places, place = _anew(self.place[villages])
        bound = self.bound_to[homes[none:]]
        at = np.minimum(np.searchsorted(places, bound), len(places) - 1)
        found = {
            "sender": _anew(self.sender[classes])[1], "tongue": tongue, "asks": asks,
            "table": self.table[np.ix_(tongues, asked)], "spoken": self.spoken[villages], "household": household - none,
            "place": place, "bound_to": np.where(bound < 0, bound, np.where(places[at] == bound, at, -2)),
        }  # fmt: skip
        return {f"rule_{k}": v for k, v in found.items()}

    def key(self) -> np.ndarray:
        """(2, n) what keeps classes apart that are alike in all else."""
        return np.stack([self.sender, self.household])

    def ties(self, first: int) -> tuple[np.ndarray, np.ndarray]:
        """Classes of households, and a number below 0 for each household, from −1 − ``first`` down."""
        shared = np.flatnonzero(self.household >= 0)
        return shared, -1 - first - self.household[shared]


def _anew(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers that are used, sorted, and the place of each among them."""
    used, at = np.unique(numbers, return_inverse=True)
    return used, at.ravel().astype(np.int64)


def in_force(context: Context) -> bool:
    """Whether any of the rules is."""
    return any(context.policy.on(rule) for rule in TEAM_RULES)


def read_team_rules(
    context: Context,
    posts: Posts,
    people: People,
    costs: Costs,
    number: np.ndarray,
    table: pl.DataFrame,
) -> TeamRules | None:
    """The rules for the classes of ``table``; ``None`` where all are off.

    Parameters
    ----------
    context : Context
    posts : Posts
    people : People
    costs : Costs
        Of the classes of ``table``.
    number : ndarray
        (n,) class of each cadre who may serve; −1 for all others.
    table : DataFrame
        One row per class, as :func:`~planner.stages.cadres.people.classes` gives it.
    """  # fmt: skip
    if not in_force(context):
        return None
    v, policy = len(posts.villages), context.policy
    fixed = np.flatnonzero(people.fixed)
    at = posts.village[people.post[fixed]]
    sender = np.zeros(table.height, np.int64)
    if policy.on("team_one_unit"):
        sender = table.select((pl.col("unit").rank("dense") - 1).cast(pl.Int64).fill_null(-1))[
            "unit"
        ].to_numpy()
    understood, wish = costs.understood()
    asks = np.zeros(v, np.int64)
    asks[posts.village] = wish
    spoken = np.ones(v, np.bool_)
    if policy.on("team_language"):
        spoken = np.asarray(understood.all(axis=0))[asks]
        spoken[at[understood[costs.traits.ability[number[fixed]], asks[at]]]] = True
    found = np.full(table.height, -1), np.zeros(0, np.int64)
    place = np.zeros(v, np.int64)
    if policy.on("spouses_together"):
        place = _places(costs.places, posts, str(policy["spouses_together"]))
        found = _bound(table, number[fixed], place[at])
    return TeamRules(sender, costs.traits.ability, asks, understood, spoken, found[0], place, found[1])


def _places(places: Places, posts: Posts, level: str) -> np.ndarray:
    """(v,) number of the region of a level in which each village lies; itself where it lies in none.

    Numbered anew, since rows of the tree change with every place.
    """
    return np.unique(places.climb(posts.villages, level), return_inverse=True)[1].ravel().astype(np.int64)


def _bound(table: pl.DataFrame, of_class: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(classes,) household of each; and (h,) where those in their minimum term bind each: −1 nowhere, −2 several places."""
    home = table.select((pl.col("household").rank("dense") - 1).cast(pl.Int64).fill_null(-1))[
        "household"
    ].to_numpy()
    count = int(home.max(initial=-1)) + 1
    pairs = np.unique(np.stack([home[of_class], place]), axis=1)
    pairs = pairs[:, pairs[0] >= 0]
    bound = np.full(count, -1)
    bound[pairs[0]] = pairs[1]
    bound[np.bincount(pairs[0], minlength=count) > 1] = -2
    return home, bound


def read_lost(posts: Posts, people: People, cost: np.ndarray, led: bool) -> Lost:
    """Who leaves when nobody comes to lead; ``cost`` (n,) of each cadre who stays for the term, ``led``: no team without a leader."""
    v, fixed = len(posts.villages), np.flatnonzero(people.fixed)
    slot = people.post[fixed]
    village = posts.village[slot]
    there = np.bincount(slot, minlength=posts.table.height).astype(np.int64)
    leads = np.bincount(village, posts.leads[slot], v) > 0
    alone = (posts.wanted > 0) & ~leads & (np.bincount(village, minlength=v) > 0) & led
    must = np.minimum(there, posts.minimum)
    further = np.minimum(there, posts.target) - must
    worth, paid = np.zeros(v, np.int64), np.zeros(v, np.int64)
    np.add.at(worth, posts.village, must * posts.worth[0] + further * posts.worth[1])
    np.add.at(paid, village, cost[fixed])
    hard = np.bincount(posts.village, posts.firm, v) > 0
    return Lost(np.where(alone, worth, 0), np.where(alone, paid, 0), alone & hard)
