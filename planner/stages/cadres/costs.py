"""What posting a cadre to a post costs, term by term; the same formulas for single pairs and whole tables."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.dates import holding
from graph.geography import great_circle_km
from planner.cost import points
from planner.marks import marks
from planner.solve.mix import mixed
from planner.stage import Context
from planner.stages.cadres.places import Lying, Places
from planner.stages.cadres.posts import Posts
from planner.stages.cadres.problems import problem_masks, served_share, skill_mask
from planner.stages.cadres.settings import OWN_KINDS
from planner.stages.row_numbers import row_numbers


@dataclass(frozen=True)
class Traits:
    """What costs and rules know of a class of cadres, (n,) int64 each.

    Parameters
    ----------
    home : ndarray
        Row in ``Places``, −1 where unknown.
    ability : ndarray
        Number of the distinct skill, roles and languages.
    unit : ndarray
        Number of the unit among those with counties of their own or a profile; 0 for all others.
    """

    home: np.ndarray
    ability: np.ndarray
    unit: np.ndarray


class Costs:
    """Terms of the cost between classes of cadres and posts, whole thousandths."""

    def __init__(
        self,
        context: Context,
        places: Places,
        posts: Posts,
        table: pl.DataFrame,
        own: Mapping[str, np.ndarray],
    ) -> None:
        self.policy, self.places, self.posts = context.policy, places, posts
        self._abilities(table)
        self._units(context, table, own)
        self.traits = Traits(places.row_of(_column(table, "home_region")), self._ability, self._unit)

    def distance(self, home: np.ndarray, village: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Thousandths by distance, and whether a new posting is allowed; rows in ``Places``, broadcast."""
        km = self._km(home, village)
        allowed = np.ones(km.shape, np.bool_)
        for kept in self.near_enough(home, village).values():
            allowed &= kept
        return points(self.policy.weight("distance_weight") * km / 10), allowed

    def near_enough(self, home: np.ndarray, village: np.ndarray) -> dict[str, np.ndarray]:
        """Rule in force on where a new posting may be → whether it is kept; rows in ``Places``, broadcast."""
        policy, places = self.policy, self.places
        found: dict[str, np.ndarray] = {}
        if policy.on("distance_max_km"):
            found["distance_max_km"] = ~(self._km(home, village) > float(policy["distance_max_km"]))
        if policy.on("avoid_home_county"):
            level = str(policy["home_level"])
            county = places.climb(home, level)
            known = places.rank[county] >= places.levels[level]
            found["avoid_home_county"] = ~(known & places.below(village, county))
        return found

    def _km(self, home: np.ndarray, village: np.ndarray) -> np.ndarray:
        places = self.places
        return np.asarray(
            great_circle_km(places.lon[home], places.lat[home], places.lon[village], places.lat[village])
        )

    def ability(self, ability: np.ndarray, slot: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Thousandths by skill and language, and whether a new posting is allowed; broadcast."""
        cost = np.zeros(np.broadcast(ability, slot).shape, np.int64)
        allowed = np.ones(cost.shape, np.bool_)
        for rule, misses in (("skill", self._skill_miss), ("language", self._language_miss)):
            if self.policy.on(rule):
                weight = points(np.array(self.policy.weight(f"{rule}_weight")))
                cost += misses[ability, self._wish[slot]] * weight
        for kept in self.fit_enough(ability, slot).values():
            allowed &= kept
        return cost, allowed

    def fit_enough(self, ability: np.ndarray, slot: np.ndarray) -> dict[str, np.ndarray]:
        """Rule in force on what a new posting asks of people → whether it is kept; broadcast."""
        policy, wish = self.policy, self._wish[slot]
        missed = {"skill": self._skill_miss, "language": self._language_miss}
        found = {r: ~m[ability, wish] for r, m in missed.items() if policy.on(r) and policy[r] == "require"}
        if policy.on("role_allowed"):
            found["role_allowed"] = self._role_fits[ability, wish]
        return found

    def may(self) -> tuple[np.ndarray, np.ndarray]:
        """Which ability may newly take which wish, (abilities, wishes) bool; and the wish of each slot, (m,)."""
        first = np.unique(self._wish, return_index=True)[1]
        return self.ability(np.arange(len(self._role_fits))[:, None], first[None, :])[1], self._wish

    def understood(self) -> tuple[np.ndarray, np.ndarray]:
        """Which ability speaks a language of which wish's area, (abilities, wishes) bool; and the wish of each slot, (m,)."""
        return ~self._language_miss, self._wish

    @property
    def wish(self) -> np.ndarray:
        """(m,) number of what each slot asks of abilities."""
        return self._wish

    def unit(self, unit: np.ndarray, village: np.ndarray) -> np.ndarray:
        """Thousandths by own counties and profile; ``village`` is the village's number; broadcast."""
        own = points(np.array(self.policy.weight("own_county_weight"))) * self._foreign[unit, village]
        return np.asarray(own + self._profile_cost[self._profile[unit], village])

    def single(self, number: np.ndarray, slot: np.ndarray, stays: np.ndarray) -> np.ndarray:
        """(k,) thousandths of pairs (class, slot), rules aside; ``stays`` leaves out what a new posting costs."""
        traits, village = self.traits, self.posts.village[slot]
        cost = self.distance(traits.home[number], self.posts.villages[village])[0]
        cost = cost + self.ability(traits.ability[number], slot)[0] + self.unit(traits.unit[number], village)
        return np.asarray(cost + np.where(stays, 0, points(np.array(self.policy.weight("keep_weight")))))

    def marks(self) -> np.ndarray:
        """(n,) uint64 of each class by its traits; see :mod:`planner.marks`."""
        traits = self.traits
        return mixed(
            self.places.marks_of(traits.home),
            self._ability_mark[traits.ability],
            self._unit_mark[traits.unit],
        )

    def only(self, classes: np.ndarray) -> Costs:
        """The same for some of the classes, in that order."""
        found = copy.copy(self)
        found.traits = Traits(
            self.traits.home[classes], self.traits.ability[classes], self.traits.unit[classes]
        )
        return found

    def _abilities(self, table: pl.DataFrame) -> None:
        """Distinct abilities against distinct wishes of posts: what is missed."""
        have = pl.DataFrame({c: _column(table, c) for c in ("skill", "roles", "languages")})
        distinct, self._ability = _number(have)
        self._ability_mark = mixed(*(marks(distinct[c]) for c in distinct.columns if c != "number"))
        languages = [t.removeprefix("language:") for t in self.places.tags("language:")]
        spoken = {
            f"language:{x}": self.places.tagged(self.posts.villages, f"language:{x}") for x in languages
        }
        needed = pl.DataFrame({tag: there[self.posts.village] for tag, there in spoken.items()})
        asked = self.posts.table.select("role", "skill").hstack(needed)
        wishes, self._wish = _number(asked)
        skill, wish = distinct["skill"].to_numpy(), wishes["skill"].fill_null("general").to_numpy()
        asked_skill = np.broadcast_to(wish, (distinct.height, len(wish)))
        self._skill_miss = (skill[:, None] != asked_skill) & (asked_skill != "general")
        speaks = np.zeros((len(languages), distinct.height), np.bool_)
        asks = np.zeros((len(languages), wishes.height), np.bool_)
        for k, x in enumerate(languages):
            speaks[k], asks[k] = _has(distinct["languages"], x), wishes[f"language:{x}"].to_numpy()
        understood: np.ndarray = np.asarray(speaks.T.astype(np.int64) @ asks.astype(np.int64)) > 0
        self._language_miss = ~understood & np.broadcast_to(asks.any(axis=0), understood.shape)
        roles = sorted(set(wishes["role"].to_list()))
        may = np.zeros((len(roles), distinct.height), np.bool_)
        for k, r in enumerate(roles):
            may[k] = _has(distinct["roles"], r)
        of = row_numbers(wishes["role"], roles)
        self._role_fits = may.T[:, of]

    def _units(self, context: Context, table: pl.DataFrame, own: Mapping[str, np.ndarray]) -> None:
        """Units with counties of their own or a profile, against villages."""
        units = _column(table, "unit")
        profiles = unit_profiles(context) if "unit" in table.columns else {}
        special = sorted((set(own) | set(profiles)) & set(units.unique().to_list()))
        self._unit_mark = np.append(np.uint64(0), marks(pl.Series(special, dtype=pl.String)))
        numbers = {u: k for k, u in enumerate(special, start=1)}
        self._unit = units.replace_strict(numbers, default=0, return_dtype=pl.Int64).fill_null(0).to_numpy()
        villages = self.posts.villages
        self._foreign = np.zeros((len(special) + 1, len(villages)), np.bool_)
        lies = Lying(self.places.paths(villages))
        for k, unit in enumerate(special, start=1):
            if len(own.get(unit, ())):
                self._foreign[k] = ~lies.within(own[unit])
        kinds = sorted({profiles[u] for u in special if u in profiles})
        row = {p: k for k, p in enumerate(kinds, start=1)}
        self._profile = np.array([0, *(row[profiles[u]] if u in profiles else 0 for u in special)])
        self._profile_cost = _profile_misses(context, self.posts, kinds)


def _profile_misses(context: Context, posts: Posts, profiles: Sequence[str]) -> np.ndarray:
    """(1 + profiles, v) thousandths for the households that each profile does not serve; the first row is of none."""
    found = np.zeros((1 + len(profiles), len(posts.villages)), np.int64)
    if not profiles:
        return found
    masks = problem_masks(context, posts.table["village"].unique().sort())
    weight = context.policy.weight("profile_weight")
    for k, profile in enumerate(profiles, start=1):
        found[k] = points(weight * (1 - served_share(masks, skill_mask(profile))))
    return found


def own_rows(context: Context, places: Places) -> dict[str, np.ndarray]:
    """Unit → rows of the counties (or villages) that it helps, sorted by code.

    Relations in force; `designated` ones as the stage `designation` has just decided them, where it has.
    """
    relations = context.network.frame("relations").filter(
        pl.col("kind").is_in(OWN_KINDS) & holding(context.on)
    )
    pairs = relations.select("kind", "supporter", "recipient")
    decided = context.decided.get("pairs")
    if decided is not None and (decided["stage"] == "designation").any():
        new = decided.filter(pl.col("stage") == "designation").select(
            pl.lit("designated").alias("kind"), "supporter", "recipient"
        )
        pairs = pl.concat([pairs.filter(pl.col("kind") != "designated"), new])
    pairs = pairs.select("supporter", "recipient").unique().sort("supporter", "recipient")
    row = places.row_of(pairs["recipient"])
    pairs, row = pairs.filter(pl.Series(row >= 0)), row[row >= 0]
    units = pairs["supporter"].unique(maintain_order=True).to_list()
    start: list[int] = (
        np.searchsorted(pairs["supporter"].to_numpy(), np.array([*units], dtype=object)).tolist()
        if units
        else []
    )
    ends = [*start[1:], len(row)] if units else []
    return {u: row[a:b] for u, a, b in zip(units, start, ends, strict=True)}


def unit_profiles(context: Context) -> dict[str, str]:
    """Unit → its profile, where it has one and profiles count."""
    if not context.policy.on("profile_weight") or not context.policy["profile_weight"]:
        return {}
    units = context.network.frame("units").filter(pl.col("profile").is_not_null())
    return dict(units.select("id", "profile").iter_rows())


def unit_places(context: Context, places: Places, units: pl.Series) -> np.ndarray:
    """(n,) row of the place of each unit: a unit's home region, or the region itself that sends."""
    homes = context.network.frame("units").select(pl.col("id").alias("unit"), "home_region")
    found = pl.DataFrame({"unit": units}).join(homes, on="unit", how="left", maintain_order="left")
    return places.row_of(found.select(pl.coalesce("home_region", "unit").alias("place"))["place"])


def _column(table: pl.DataFrame, name: str) -> pl.Series:
    """A column of the classes; nulls where no active setting reads it."""
    return table[name] if name in table.columns else pl.Series(name, [None] * table.height, dtype=pl.String)


def _has(lists: pl.Series, value: str) -> np.ndarray:
    """(n,) bool: whether list cells contain ``value``."""
    return lists.fill_null("").str.split(";").list.contains(value).to_numpy().astype(np.bool_)


def _number(frame: pl.DataFrame) -> tuple[pl.DataFrame, np.ndarray]:
    """Distinct rows, sorted, and the number of each row's among them: the order of two does not depend on a third."""
    distinct = frame.unique().sort(frame.columns, nulls_last=False).with_row_index("number")
    found = frame.join(distinct, on=frame.columns, how="left", nulls_equal=True, maintain_order="left")
    return distinct, found["number"].cast(pl.Int64).to_numpy()
