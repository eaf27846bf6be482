"""Who takes part in pairing: supporters, recipients, what they carry and what they can."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

import numpy as np
import polars as pl

from graph.dates import holding
from graph.errors import ScenarioError
from graph.network import Network
from planner.stage import Context
from planner.stages.need import latest_fact


@dataclass(frozen=True)
class Members:
    """The two sides of the first model.

    Parameters
    ----------
    supporters, recipients : list of str
        Codes, sorted; their positions are row numbers.
    strength : ndarray
        (n,) float64 fiscal revenue in yuan without that of a listed supporter inside; 1 for all where no
        supporter states any, the smallest stated where one is missing.
    poor : ndarray
        (m,) int64 poor people of each recipient without those of a listed recipient inside.
    """

    supporters: list[str]
    recipients: list[str]
    strength: np.ndarray
    poor: np.ndarray


def tagged_on(context: Context, tag: str) -> list[str]:
    """Regions that bear ``tag`` on the day of planning; sorted."""
    tags = context.network.frame("region_tags").filter(pl.col("tag") == tag)
    return sorted(tags.filter(holding(context.on))["region"].unique().to_list())


def relations_in_force(context: Context, kinds: Sequence[str]) -> pl.DataFrame:
    """Relations of these kinds in force, or announced for the next days: kind, supporter, recipient; sorted."""
    last = context.on + timedelta(days=int(context.policy["announced_days"] or 0))
    relations = context.network.frame("relations")
    begun = pl.col("since").is_null() | (pl.col("since") <= last)
    running = pl.col("until").is_null() | (pl.col("until") > context.on)
    held = relations.filter(pl.col("kind").is_in(list(kinds)) & begun & running)
    return held.select("kind", "supporter", "recipient").unique().sort("kind", "supporter", "recipient")


def decided_kinds(context: Context) -> tuple[str, ...]:
    """Kinds of relation that the first model decides."""
    return ("east_west", "counterpart") if context.policy.on("reassign_counterpart") else ("east_west",)


def find_members(context: Context) -> Members:
    """Supporters and recipients by tag and list, never by wealth; found once for a context.

    Raises
    ------
    ScenarioError
        When a list names a region that is not there.
    """
    return context.once("pairing.members", lambda: _find_members(context))


def _find_members(context: Context) -> Members:
    policy = context.policy
    supporters = set(tagged_on(context, str(policy["supporters_tag"])))
    supporters |= _listed(context, "supporters_list")
    recipients = set(tagged_on(context, str(policy["recipients_tag"])))
    recipients |= _listed(context, "recipients_list")
    if policy["recipients_in_force"]:
        recipients |= set(relations_in_force(context, ["east_west"])["recipient"].to_list())
    if policy.on("reassign_counterpart"):
        counterpart = relations_in_force(context, ["counterpart"])
        supporters |= set(counterpart["supporter"].to_list())
        recipients |= set(counterpart["recipient"].to_list())
    if policy.on("cover_ethnic"):
        recipients |= _uncovered_prefectures(context, recipients)
    known = context.network.parents.keys()
    s, r = sorted(supporters & known), sorted(recipients & known)
    return Members(s, r, strengths(context, s), net_poor(context, r))


def _listed(context: Context, key: str) -> set[str]:
    listed = set(context.policy[key] or [])
    unknown = sorted(listed - context.network.parents.keys())
    if unknown:
        raise ScenarioError(
            f"[pairing] {key}：没有地区 {unknown[0]}", f"[pairing] {key}: there is no region {unknown[0]}"
        )
    return listed


def _uncovered_prefectures(context: Context, recipients: set[str]) -> set[str]:
    """Autonomous prefectures that neither a listed recipient contains nor counterpart support reaches."""
    wanted = tagged_on(context, str(context.policy["ethnic_tag"]))
    return {
        c
        for c in wanted
        if not ways_to_cover(context, c, recipients) and not reached_by_counterpart(context, c)
    }


def ways_to_cover(context: Context, code: str, listed: Collection[str]) -> list[list[str]]:
    """Groups of ``listed`` regions, each of which needs a pair so that a place is covered.

    One group where the place or places above it are listed; else a group per county where all of its counties
    are; empty where neither.
    """
    network, level = context.network, str(context.policy["county_level"])
    above = [c for c in (code, *network.ancestors(code)) if c in listed]
    if above:
        return [above]
    counties = [c for c in network.descendants(code) if network.level_of[c] == level]
    return [[c] for c in counties] if all(c in listed for c in counties) else []


def reached_by_counterpart(context: Context, code: str) -> bool:
    """Whether counterpart support in force reaches a place: itself, a place above, or all of its counties."""
    if context.policy.on("reassign_counterpart"):
        return False
    network, level = context.network, str(context.policy["county_level"])
    held = set(relations_in_force(context, ["counterpart"])["recipient"].to_list())
    if held & {code, *network.ancestors(code)}:
        return True
    counties = [c for c in network.descendants(code) if network.level_of[c] == level]
    return bool(counties) and held >= set(counties)


def innermost(network: Network, code: str, listed: Sequence[str] | set[str]) -> str | None:
    """The most specific of ``listed`` that is ``code`` or contains it."""
    return next((c for c in (code, *network.ancestors(code)) if c in listed), None)


def _directly_inside(network: Network, codes: Sequence[str]) -> list[tuple[int, int]]:
    """(inner, outer) positions: each code with the nearest other code that contains it."""
    at = {c: i for i, c in enumerate(codes)}
    found = []
    for code in codes:
        outer = next((c for c in network.ancestors(code) if c in at), None)
        if outer is not None:
            found.append((at[code], at[outer]))
    return found


def strengths(context: Context, codes: Sequence[str]) -> np.ndarray:
    """Fiscal revenue of supporters, net of supporters inside them; see :class:`Members`."""
    gross = latest_fact(context, "fiscal_revenue", codes)
    known = gross[~np.isnan(gross) & (gross > 0)]
    if not known.size:
        return np.ones(len(codes))
    gross = np.rint(np.where(np.isnan(gross), known.min(), gross))
    net = gross.copy()
    for inner, outer in _directly_inside(context.network, codes):
        net[outer] -= gross[inner]
    return np.asarray(np.maximum(net, 1.0))


def net_poor(context: Context, codes: Sequence[str]) -> np.ndarray:
    """Poor people of recipients, net of recipients inside them; see :class:`Members`."""
    total = poor_people(context, codes)
    net = total.copy()
    for inner, outer in _directly_inside(context.network, codes):
        net[outer] -= total[inner]
    return np.asarray(np.maximum(net, 0))


def fair_caps(context: Context, members: Members) -> np.ndarray:
    """(n,) float64 most poor people per supporter: share of strength × all poor people × (1 + tolerance)."""
    strength = [int(v) for v in members.strength]
    slack = 1 + Fraction(str(context.policy["fair_load_tolerance"]))  # exact: verify has no tolerance here
    whole = int(members.poor.sum()) * slack / sum(strength)
    return np.array([math.floor(v * whole) for v in strength], dtype=np.float64)


def poor_people(context: Context, codes: Sequence[str]) -> np.ndarray:
    """Poor people of places, (n,) int64.

    The place's own newest figure; else the sum of its counties' figures; else the nearest figure above it,
    shared by the number of poor counties; 1 each where the tables say nothing at all.
    """
    network = context.network
    facts = context.network.frame("region_facts").filter(
        (pl.col("measure") == "poor_population") & (pl.col("year") <= context.on.year)
    )
    known = dict(facts.sort("year").select("region", "value").iter_rows())
    if not known:
        return np.ones(len(codes), dtype=np.int64)
    level = str(context.policy["county_level"])
    poor = set(tagged_on(context, str(context.policy["county_tag"])))
    return np.array([_poor_of(network, c, known, level, poor) for c in codes], dtype=np.int64)


def _poor_of(network: Network, code: str, known: dict[str, float], level: str, poor: set[str]) -> int:
    if code in known:
        return round(known[code])
    below = network.descendants(code)
    counted = [known[c] for c in below if network.level_of[c] == level and c in known]
    if counted:
        return round(sum(counted))
    above = next((c for c in network.ancestors(code) if c in known), None)
    if above is None:
        return 0
    all_poor = sum(c in poor for c in network.descendants(above))
    mine = sum(c in poor for c in (code, *below))
    return round(known[above] * mine / all_poor) if all_poor else 0
