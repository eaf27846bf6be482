"""Cost of a pair of places: a weighted sum whose terms are kept.

For supporter s and recipient r, each term in points (docs/stages/pairing.md):
``distance·km/100 + need·need(r)·(1 − strength(s)) + change·[not in force] + tie·[no tie] + language·miss + industry·miss``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from graph.dates import holding
from graph.geography import coordinates, distances_km
from graph.network import Network
from planner.cost import points
from planner.stage import Context
from planner.stages.need import latest_fact, need_rank
from planner.stages.pairing.members import relations_in_force

TIE_KINDS = ("counterpart", "county_pair")


def pair_terms(
    context: Context, supporters: Sequence[str], recipients: Sequence[str], in_force: np.ndarray
) -> dict[str, np.ndarray]:
    """Terms of all pairs, name → (n, m) int64 thousandths; ``in_force`` (n, m) bool."""
    policy, network = context.policy, context.network
    km = distances_km(coordinates(network, supporters), coordinates(network, recipients))
    weak = 1.0 - strength_rank(context, supporters)
    tie = in_force | linked(context, supporters, recipients)
    return {
        "distance": points(policy.weight("distance_weight") * km / 100),
        "need": points(
            policy.weight("need_weight") * weak[:, None] * need_rank(context, recipients)[None, :]
        ),
        "change": points(policy.weight("change_weight") * ~in_force),
        "tie": points(policy.weight("tie_weight") * ~tie),
        "language": points(policy.weight("language_weight") * language_miss(context, supporters, recipients)),
        "industry": points(policy.weight("industry_weight") * industry_miss(context, supporters, recipients)),
    }


def strength_rank(context: Context, codes: Sequence[str]) -> np.ndarray:
    """Fiscal revenue against the largest among ``codes``, (n,) 0–1; 0.5 where unknown."""
    revenue = latest_fact(context, "fiscal_revenue", codes)
    known = ~np.isnan(revenue)
    if not known.any() or revenue[known].max() <= 0:
        return np.full(len(codes), 0.5)
    return np.where(known, revenue / revenue[known].max(), 0.5)


def linked(context: Context, supporters: Sequence[str], recipients: Sequence[str]) -> np.ndarray:
    """(n, m) bool: another relation links the two, or places above or below them."""
    held = [row[1:] for row in relations_in_force(context, TIE_KINDS).iter_rows()]
    found = np.zeros((len(supporters), len(recipients)), dtype=bool)
    s_near = _nearby(context.network, supporters, {s for s, _ in held})
    r_near = _nearby(context.network, recipients, {r for _, r in held})
    for supporter, recipient in held:
        found[np.ix_(s_near[supporter], r_near[recipient])] = True
    return found


def _nearby(network: Network, codes: Sequence[str], places: set[str]) -> dict[str, list[int]]:
    """Each of some places → positions of the codes that are it, contain it, or lie inside it."""
    inside: dict[str, list[int]] = {}
    at: dict[str, list[int]] = {}
    for i, code in enumerate(codes):
        at.setdefault(code, []).append(i)
        for place in (code, *network.ancestors(code)):
            inside.setdefault(place, []).append(i)
    found = {}
    for place in places:
        above = [i for p in network.ancestors(place) for i in at.get(p, [])]
        found[place] = [*inside.get(place, []), *above]
    return found


def tags_below(context: Context, prefix: str) -> dict[str, set[str]]:
    """Region → its own tags that begin with ``prefix`` on the day of planning."""
    tags = context.network.frame("region_tags").filter(
        pl.col("tag").str.starts_with(prefix) & holding(context.on)
    )
    found: dict[str, set[str]] = {}
    for region, tag in tags.select("region", "tag").iter_rows():
        found.setdefault(region, set()).add(tag)
    return found


def _within(network: Network, codes: Sequence[str], tags: dict[str, set[str]]) -> list[frozenset[str]]:
    """Tags of each of the codes and of all places below it."""
    found: dict[str, set[str]] = {code: set() for code in codes}
    for region, own in tags.items():
        for place in (region, *network.ancestors(region)):
            if place in found:
                found[place] |= own
    return [frozenset(found[code]) for code in codes]


def language_miss(context: Context, supporters: Sequence[str], recipients: Sequence[str]) -> np.ndarray:
    """(n, m) share of each recipient's counties whose language tags the supporter has none of."""
    network, tags = context.network, tags_below(context, "language:")
    spoken = _within(network, supporters, tags)
    level = str(context.policy["county_level"])
    counties: dict[str, list[str]] = {r: [] for r in recipients}
    for place in network.frame("regions").filter(pl.col("level") == level)["code"].to_list():
        for above in network.ancestors(place):
            if above in counties:
                counties[above].append(place)
    asked = [[tags.get(c, set()) for c in counties[r] or [r]] for r in recipients]
    miss: dict[frozenset[str], np.ndarray] = {}
    for known in set(spoken):
        shares = [sum(bool(t) and not t & known for t in places) / len(places) for places in asked]
        miss[known] = np.array(shares)
    return np.array([miss[k] for k in spoken], dtype=np.float64).reshape(len(supporters), len(recipients))


def industry_miss(context: Context, supporters: Sequence[str], recipients: Sequence[str]) -> np.ndarray:
    """(n, m) share of each recipient's industry tags that the supporter lacks; 0 where it has none."""
    network, tags = context.network, tags_below(context, "industry:")
    has, wants = _within(network, supporters, tags), _within(network, recipients, tags)
    found = np.zeros((len(supporters), len(recipients)))
    for want in {frozenset(w) for w in wants if w}:  # many recipients want the same
        alike = [j for j, other in enumerate(wants) if other == want]
        found[:, alike] = np.array([1 - len(h & want) / len(want) for h in has])[:, None]
    return found
