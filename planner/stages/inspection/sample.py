"""The sample: counties in strata, then villages, then household quotas; drawn by the scenario's seed.

A draw is an order: members of a list are sorted by the SHA-256 of ``seed:kind:code`` and the first ones are taken;
counties with fewer visits in the year come before those with more. So anyone can draw again, and a member that leaves the list changes nothing for the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from graph.dates import holding
from planner.stage import Context
from planner.stages.inspection.visits import Visit, planned_visits, planned_year

OTHER = "other"


@dataclass(frozen=True)
class Stop:
    """One county of a visit.

    Parameters
    ----------
    visit : int
        Number of the visit.
    county : str
        Its code.
    stratum : str
        Tag of its stratum, or ``other``.
    villages : dict
        Village → households to call on; empty where the tables know no village there.
    households : int
        Households to call on in all, also where the villages are still to be drawn on the spot.
    """

    visit: int
    county: str
    stratum: str
    villages: Mapping[str, int]
    households: int


def draw_order(
    seed: int, kind: str, codes: Iterable[str], made: Mapping[str, int] | None = None
) -> list[str]:
    """Codes in the order of the draw: those with the fewest visits this year first, then by the hash."""
    done = made or {}
    return sorted(
        codes, key=lambda c: (done.get(c, 0), hashlib.sha256(f"{seed}:{kind}:{c}".encode()).hexdigest())
    )


def draw_sample(context: Context, visits: list[Visit]) -> list[Stop]:
    """Stops of all visits; a county appears at most ``visits_per_county`` times in the year, over all kinds."""
    policy, seed = context.policy, context.seed
    counties = _counties(context, {v.region for v in visits})
    strata = stratum_of(context, [c for found in counties.values() for c in found])
    weight = _poor(context)
    most = policy["visits_per_county"]
    made = _visits_made(context)
    homes = _households(context)
    found = []
    for number, visit in enumerate(visits):
        free = [c for c in counties[visit.region] if most is None or made.get(c, 0) < int(most)]
        wanted = int(policy["counties_per_visit"][visit.kind])
        order = draw_order(seed, visit.kind, free, made)
        for county in draw_counties(order, wanted, strata, weight):
            made[county] = made.get(county, 0) + 1
            chosen, households = _households_of(context, visit.kind, _villages(context, county), homes)
            found.append(Stop(number, county, strata[county], chosen, households))
    return found


def draw_counties(
    order: list[str], wanted: int, strata: Mapping[str, str], weight: Mapping[str, float]
) -> list[str]:
    """``wanted`` counties of those drawn in ``order``, each stratum by its share of poor people; sorted by code.

    Shares by largest remainder, ties to the heavier stratum; what a stratum cannot fill goes to the others, the
    heaviest first.
    """
    members: dict[str, list[str]] = {}
    for county in order:
        members.setdefault(strata[county], []).append(county)
    size = {s: sum(weight.get(c, 0.0) for c in found) for s, found in members.items()}
    if sum(size.values()) <= 0:
        size = {s: float(len(found)) for s, found in members.items()}
    heaviest = sorted(members, key=lambda s: (-size[s], s))
    total = min(wanted, len(order))
    quota = apportion(total, size, heaviest)
    taken = {s: min(quota[s], len(members[s])) for s in heaviest}
    left = total - sum(taken.values())
    for s in heaviest:
        more = min(left, len(members[s]) - taken[s])
        taken[s], left = taken[s] + more, left - more
    return sorted(c for s in heaviest for c in members[s][: taken[s]])


def apportion(total: int, size: Mapping[str, float], order: list[str]) -> dict[str, int]:
    """Whole parts of ``total`` in proportion to ``size`` by largest remainder, ties in ``order``."""
    whole = sum(size.values())
    exact = {s: total * size[s] / whole for s in order}
    found = {s: int(exact[s] + 1e-9) for s in order}
    rest = sorted(order, key=lambda s: (-(round(exact[s] - found[s], 9)), order.index(s)))
    for s in rest[: total - sum(found.values())]:
        found[s] += 1
    return found


def stratum_of(context: Context, counties: list[str]) -> dict[str, str]:
    """County → the first of ``strata_tags`` that it bears, else ``other``; all ``other`` where the rule is off."""
    tags = context.network.frame("region_tags").filter(holding(context.on))
    found = dict.fromkeys(counties, OTHER)
    for tag in reversed(context.policy["strata_tags"] or []):
        bearing = set(tags.filter(pl.col("tag") == tag)["region"].to_list())
        found.update({c: tag for c in counties if c in bearing})
    return found


def _counties(context: Context, regions: set[str]) -> dict[str, list[str]]:
    """Region → its counties with poor people or a poor county's tag; all its counties where there are none."""
    network, level = context.network, str(context.policy["county_level"])
    poor = {c for c, v in _poor(context).items() if v > 0} | set(
        network.tagged(str(context.policy["county_tag"]))
    )
    below: dict[str, list[str]] = {region: [] for region in regions}
    for county in (c for c, at in network.level_of.items() if at == level):
        for region in {county, *network.ancestors(county)} & regions:
            below[region].append(county)
    return {
        region: sorted([c for c in counties if c in poor] or counties) for region, counties in below.items()
    }


def _poor(context: Context) -> dict[str, float]:
    """Region → newest poor population."""
    facts = context.network.frame("region_facts").filter(
        (pl.col("measure") == "poor_population") & (pl.col("year") <= context.on.year)
    )
    return dict(facts.sort("year").select("region", "value").iter_rows())


def _visits_made(context: Context) -> dict[str, int]:
    """County → visits already made in the planned year, one per kind."""
    made = context.network.frame("inspection_visits").filter(pl.col("year") == planned_year(context))
    return dict(made.unique(["region", "kind"]).group_by("region").len().iter_rows())


def _villages(context: Context, county: str) -> list[str]:
    """Villages below a county."""
    network, level = context.network, str(context.policy["village_level"])
    return [c for c in network.descendants(county) if network.level_of[c] == level]


def _households(context: Context) -> dict[str, int]:
    """Village → poor households registered in the newest year up to the day of planning."""
    groups = context.network.frame("household_groups").filter(pl.col("year") <= context.on.year)
    newest = groups.filter(pl.col("year") == pl.col("year").max().over("village"))
    return dict(newest.group_by("village").agg(pl.col("households").sum()).iter_rows())


def _households_of(
    context: Context, kind: str, villages: list[str], homes: Mapping[str, int]
) -> tuple[dict[str, int], int]:
    """Drawn villages with their household quotas, and all households to call on."""
    policy = context.policy
    wanted = int(policy["villages_per_county"].get(kind, 0))
    each = int(policy["households_per_village"].get(kind, 0))
    lived = [v for v in villages if homes.get(v, 0) > 0] or villages
    drawn = sorted(draw_order(context.seed, kind, lived)[:wanted])
    quotas = {v: min(each, homes[v]) if homes.get(v, 0) > 0 else each for v in drawn}
    return quotas, sum(quotas.values()) if quotas else wanted * each


def sampled(context: Context) -> tuple[list[Visit], list[Stop]]:
    """Planned visits and the stops of each."""
    visits = planned_visits(context)
    return visits, draw_sample(context, visits)
