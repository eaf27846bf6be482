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
    held = relations_in_force(context, TIE_KINDS)
    found = np.zeros((len(supporters), len(recipients)), dtype=bool)
    s_near = _nearby(context.network, supporters)
    r_near = _nearby(context.network, recipients)
    for _, supporter, recipient in held.iter_rows():
        found[np.ix_(s_near.get(supporter, []), r_near.get(recipient, []))] = True
    return found


def _nearby(network: Network, codes: Sequence[str]) -> dict[str, list[int]]:
    """Place → positions of the codes that are it, contain it, or lie inside it."""
    found: dict[str, list[int]] = {}
    for i, code in enumerate(codes):
        for place in (code, *network.ancestors(code), *network.descendants(code)):
            found.setdefault(place, []).append(i)
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


def _within(network: Network, code: str, tags: dict[str, set[str]]) -> set[str]:
    return {t for c in (code, *network.descendants(code)) for t in tags.get(c, ())}


def language_miss(context: Context, supporters: Sequence[str], recipients: Sequence[str]) -> np.ndarray:
    """(n, m) share of each recipient's counties whose language tags the supporter has none of."""
    network, tags = context.network, tags_below(context, "language:")
    spoken = [frozenset(_within(network, s, tags)) for s in supporters]
    level = str(context.policy["county_level"])
    miss: dict[frozenset[str], np.ndarray] = {}
    for known in set(spoken):
        shares = []
        for r in recipients:
            places = [c for c in network.descendants(r) if network.level_of[c] == level] or [r]
            shares.append(sum(bool(tags.get(c)) and not tags[c] & known for c in places) / len(places))
        miss[known] = np.array(shares)
    return np.array([miss[k] for k in spoken], dtype=np.float64).reshape(len(supporters), len(recipients))


def industry_miss(context: Context, supporters: Sequence[str], recipients: Sequence[str]) -> np.ndarray:
    """(n, m) share of each recipient's industry tags that the supporter lacks; 0 where it has none."""
    network, tags = context.network, tags_below(context, "industry:")
    has = [_within(network, s, tags) for s in supporters]
    wants = [_within(network, r, tags) for r in recipients]
    found = np.zeros((len(supporters), len(recipients)))
    for j, want in enumerate(wants):
        if want:
            found[:, j] = [1 - len(h & want) / len(want) for h in has]
    return found
