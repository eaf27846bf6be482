"""Who may help whom in `designation`: units, recipient counties, the cost of each pair, what is excluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from graph.dates import holding
from graph.geography import coordinates, distances_km, great_circle_km
from graph.language import Text
from graph.schema import RESULTS
from planner.cost import points
from planner.policy import Setting
from planner.reason import Left
from planner.stage import Context
from planner.stages import pairs as pairing
from planner.stages.keeping import Keep
from planner.stages.keeping_pairs import by_rule, keep_pairs, priced
from planner.stages.need import match_profiles, need_rank
from planner.stages.pairs import Pairs
from planner.stages.pairs_left import UNLISTED, why_shut
from planner.stages.room import Noun, Room

NAME = "designation"
KINDS = ("designated",)
UNIT, COUNTY = Noun("个单位", "unit", "units"), Noun("个县", "county", "counties")
MILITARY = Text(
    "军队单位不参加（units.kind = military）", "military units take no part (units.kind = military)"
)
ABSENT = Text(
    "规划之日没有这个单位（units.since、units.until）",
    "the unit is not there on the day of planning (units.since, units.until)",
)
UNABLE = Text(
    "没有可用的能力，不参加（units.capacity）",
    "it has no capacity to give and takes no part (units.capacity)",
)
UNSORTED_KIND = "other"  # says that nobody classified the unit, so it is no kind of its own


def eligible_pairs(context: Context) -> Pairs:
    """The pairs that may be chosen, with costs: what no ban and no distance excludes."""
    pairs = all_pairs(context)
    allowed = np.ones(pairs.size, dtype=bool)
    for mask in excluded(context, pairs).values():
        allowed &= ~mask
    left = pairs.keep(allowed)
    return priced(left, keep_of(context, left))


def keep_of(context: Context, pairs: Pairs) -> Keep | None:
    """What a published plan asks of the eligible ``pairs``; ``None`` where there is none."""
    if context.published is None or not context.published.of(NAME):
        return None
    published = context.published.of(NAME).get("pairs", RESULTS["pairs"].empty())

    def find() -> Keep | None:
        every = all_pairs(context)
        shut = {rule: every.keep(mask).named() for rule, mask in excluded(context, every).items()}
        return keep_pairs(context, NAME, pairs, published, by_rule(NAME, shut))

    return context.once("designation.keep", find)


def all_pairs(context: Context) -> Pairs:
    """Every unit with every recipient county; under own scores the listed pairs."""
    if context.policy["objective"] != "scores":
        return computed_pairs(context, recipient_counties(context))
    pairs = pairing.scored_pairs(context, NAME)
    held = pairing.pairs_in_force(context, KINDS)
    ids = (pairs.supporters, pairs.recipients, pairs.supporter, pairs.recipient)
    return replace(pairs, in_force=pairing.mark_in_force(*ids, held))


def excluded(context: Context, pairs: Pairs) -> dict[str, np.ndarray]:
    """Rule → (n,) bool: the pairs that it alone excludes; a pair of unknown distance is not too far."""
    policy, found = context.policy, {}
    if policy.on("distance_max_km"):
        a = coordinates(context.network, pairs.supporters)[pairs.supporter]
        b = coordinates(context.network, pairs.recipients)[pairs.recipient]
        km = great_circle_km(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
        found["distance_max_km"] = np.asarray(km > float(policy["distance_max_km"]))
    if policy.on("bans"):
        found["bans"] = pairs.positions(policy["bans"], "bans")
    return found


def why_outside(context: Context, keys: Sequence[str], settings: Sequence[Setting]) -> Left | None:
    """Why there is no pair with all of ``keys`` to choose from; ``None`` where that is none of this stage's business."""
    every = all_pairs(context)
    shut = why_shut(NAME, every, excluded(context, every), keys, settings)
    if shut is not None:
        return shut
    units = context.network.frame("units").filter(pl.col("id").is_in(list(keys)))
    for row in units.filter(~pl.col("id").is_in(every.supporters)).iter_rows(named=True):
        scored = context.policy["objective"] == "scores"
        return Left(UNLISTED if scored else _no_part(context, row))
    return None


def _no_part(context: Context, unit: Mapping[str, Any]) -> Text:
    """Why a unit takes no part."""
    if unit["kind"] == "military":
        return MILITARY
    if (
        context.network.frame("units")
        .filter(pl.col("id") == unit["id"])
        .filter(holding(context.on))
        .is_empty()
    ):
        return ABSENT
    return UNABLE


def recipient_counties(context: Context) -> list[str]:
    """Counties that are to have a unit: those with the tag, and those that have one now if so set."""
    found = set(context.network.tagged(str(context.policy["recipients_tag"]), context.on))
    if context.policy["include_in_force"]:
        found |= set(pairing.pairs_in_force(context, KINDS)["recipient"].to_list())
    return sorted(found)


def may_take_part(context: Context, key: str) -> bool:
    """Whether it is a unit or a county that is to have one; under own scores anything may be."""
    if context.policy["objective"] == "scores":
        return True
    return bool((context.network.frame("units")["id"] == key).any()) or key in recipient_counties(context)


def computed_pairs(context: Context, counties: list[str]) -> Pairs:
    """All pairs of units and ``counties`` with the terms of their cost."""
    network, policy = context.network, context.policy
    units = units_taking_part(context)
    ids = units["id"].to_list()
    n, m = len(ids), len(counties)
    km = distances_km(coordinates(network, ids), coordinates(network, counties))
    miss = 1.0 - match_profiles(context, units["profile"].to_list(), counties)
    weak = 1.0 - units["strength"].fill_null(0.5).to_numpy()
    need = need_rank(context, counties)
    supporter, recipient = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
    held = pairing.pairs_in_force(context, KINDS)
    in_force = pairing.mark_in_force(ids, counties, supporter, recipient, held)
    terms = {
        "distance": points(policy.weight("distance_weight") * km / 100).ravel(),
        "profile": points(policy.weight("profile_weight") * miss).ravel(),
        "need": points(policy.weight("need_weight") * weak[:, None] * need[None, :]).ravel(),
        "change": points(policy.weight("change_weight") * ~in_force),
    }
    cost = np.sum(list(terms.values()), axis=0)
    return Pairs(ids, counties, supporter, recipient, cost, np.ones(n * m, dtype=np.int64), in_force, terms)


def units_taking_part(context: Context) -> pl.DataFrame:
    """Units that exist on the day, are not military and can carry something; sorted by id.

    Where any of them states a capacity above 0, those that state none do not take part.
    """
    units = context.network.frame("units").filter(holding(context.on))
    units = units.filter(pl.col("kind").ne_missing(pl.lit("military"))).sort("id")
    able = units.filter(pl.col("capacity") > 0)
    return able if able.height else units.filter(pl.col("capacity").is_null())


def capacities(context: Context, units: Sequence[str]) -> np.ndarray:
    """(n,) float64 capacity of each unit; infinite where none is given."""
    given = dict(context.network.frame("units").select("id", "capacity").iter_rows())
    return np.array([np.inf if given.get(u) is None else given[u] for u in units], dtype=np.float64)


def unit_room(context: Context, pairs: Pairs) -> Room:
    """The units' capacity and the loads of the counties."""
    policy, label = context.policy, context.network.label
    return Room(
        [label(u) for u in pairs.supporters], [label(c) for c in pairs.recipients], pairs.supporter, pairs.recipient,
        pairs.load, capacities(context, pairs.supporters),
        int(policy["units_per_county"][0]) if policy.on("units_per_county") else 0, UNIT, COUNTY,
        float(policy["counties_per_unit"][1]) if policy.on("counties_per_unit") else np.inf,
    )  # fmt: skip


def strong_units(context: Context, units: Sequence[str]) -> np.ndarray:
    """(n,) bool: units that reach ``deep_poverty_strength``; an unknown strength counts 0."""
    strength = dict(context.network.frame("units").select("id", "strength").iter_rows())
    least = float(context.policy["deep_poverty_strength"])
    return np.array([(strength.get(u) or 0.0) >= least for u in units], dtype=bool)


def deep_counties(context: Context, counties: Sequence[str]) -> np.ndarray:
    """(m,) bool: counties that bear the tag of deep poverty on the day."""
    deep = set(context.network.tagged(str(context.policy["deep_poverty_tag"]), context.on))
    return np.array([c in deep for c in counties], dtype=bool)


def kinds(context: Context, units: Sequence[str]) -> list[str]:
    """Kind of each unit; ``""`` where it has none (or ``other``), which no rule on kinds limits."""
    given = dict(context.network.frame("units").select("id", "kind").iter_rows())
    found = (given.get(u) or "" for u in units)
    return ["" if k == UNSORTED_KIND else k for k in found]
