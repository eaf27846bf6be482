"""Pairing held against a published plan: region pairs and county pairs under one limit.

Region pairs are chosen first, so the first model already counts which published county pairs end with their region pair, and
how many counties then need a new one: never more than the second model changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from graph.language import Text
from graph.schema import RESULTS
from planner.frozen import freezes
from planner.published import CHANGES_MAX, FROZEN
from planner.solve.choice import INFINITY, ChoiceModel
from planner.stage import Context, Outcome
from planner.stages.keeping import Keep, changes, hold_rows, merged, told
from planner.stages.keeping_pairs import Pair, by_rule, keep_pairs, lost_pairs
from planner.stages.pairing.members import decided_kinds
from planner.stages.pairing.settings import NAME
from planner.stages.pairs import Pairs

COUNTIES_OFF = Text("县县结对已关闭", "county pairs are off")
PARENTS = Text("其上级的结对不再可选", "the pair of their parents is no longer eligible")


def published_pairs(context: Context) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Region pairs and county pairs of the published plan: columns supporter, recipient."""
    assert context.published is not None
    rows = context.published.of(NAME).get("pairs", RESULTS["pairs"].empty())
    if context.policy["objective"] == "scores":
        return rows.filter(pl.col("kind").is_null()), rows.clear()
    regions = rows.filter(pl.col("kind").is_in(list(decided_kinds(context))))
    return regions, rows.filter(pl.col("kind") == "county_pair")


def keep_regions(context: Context, pairs: Pairs, banned: set[Pair]) -> Keep | None:
    """What the published plan asks of the eligible region ``pairs``; ``banned``: those that a ban shuts."""
    if context.published is None or not context.published.of(NAME):
        return None

    def find() -> Keep | None:
        return keep_pairs(context, NAME, pairs, published_pairs(context)[0], by_rule(NAME, {"bans": banned}))

    return context.once("pairing.keep", find)


@dataclass(frozen=True)
class CountyPlan:
    """Published county pairs that can be chosen again where their region pair is.

    Parameters
    ----------
    pairs : list of (str, str)
        Supporting and recipient county.
    parent : ndarray
        (k,) int64 number of each one's region pair among the eligible ones.
    frozen : ndarray
        (k,) bool.
    lost : mapping of Text to list of Text
        Reason → those that cannot be chosen any more.
    """

    pairs: list[Pair]
    parent: np.ndarray
    frozen: np.ndarray
    lost: Mapping[Text, list[Text]]


def keep_counties(context: Context, pairs: Pairs, sides: tuple[Mapping[str, list[str]], ...]) -> CountyPlan:
    """Which published county pairs can be kept; ``sides``: counties of each supporter and of each recipient."""
    home_s, home_r = ({c: code for code, counties in side.items() for c in counties} for side in sides)
    ends = zip(pairs.supporter.tolist(), pairs.recipient.tolist(), strict=True)
    number = {(pairs.supporters[s], pairs.recipients[r]): i for i, (s, r) in enumerate(ends)}
    banned = {tuple(p.strip() for p in item.split(">")) for item in context.policy["county_bans"] or ()}
    rows = (
        published_pairs(context)[1].select("supporter", "recipient").unique().sort("supporter", "recipient")
    )
    found, parent, lost = list[Pair](), list[int](), list[Pair]()
    for a, b in rows.iter_rows():
        above = (home_s.get(a, ""), home_r.get(b, ""))
        if above in number and (a, b) not in banned and context.policy.on("county_pairs"):
            found.append((a, b))
            parent.append(number[above])
        else:
            lost.append((a, b))
    shown = replace(pairs, supporters=list(home_s), recipients=list(home_r))
    shut = by_rule(NAME, {"county_bans": [(a, b) for a, b in lost if (a, b) in banned]})
    off = not context.policy.on("county_pairs")
    reasons = lost_pairs(context, shown, lost, lambda p: COUNTIES_OFF if off else shut(p) or PARENTS)
    if off and lost:
        reasons = {COUNTIES_OFF: [name for names in reasons.values() for name in names]}
    frozen = np.zeros(len(found), dtype=bool)
    for freeze in freezes(context, NAME):
        if freeze.holds(context.on, context.on.year):
            covered = (freeze.covers(context.network, [p[i] for p in found]) for i in (0, 1))
            frozen |= np.logical_or(*(np.array(c, dtype=bool) for c in covered))
    return CountyPlan(found, np.array(parent, dtype=np.int64), frozen, reasons)


def region_rows(
    model: ChoiceModel,
    x: np.ndarray,
    keep: Keep,
    counties: CountyPlan,
    needy: Mapping[str, int],
) -> None:
    """The rules over region pairs, with the county changes that follow from them at least.

    ``needy``: recipient counties that have a partner whatever is chosen → how many at least.
    """
    hold_rows(model, replace(keep, budget=None), x)
    held = x[counties.parent[counties.frozen]]
    if len(held):
        model.rows(FROZEN, np.arange(len(held)), held, 1.0, 1.0, INFINITY, len(held))
    if keep.budget is None:
        return
    k, n = len(counties.pairs), len(needy)
    kept = model.columns(np.zeros(k, dtype=np.int64), integer=False)
    model.rows(
        CHANGES_MAX, np.tile(np.arange(k), 2), np.concatenate([kept, x[counties.parent]]),
        np.repeat([1.0, -1.0], k), -INFINITY, 0.0, k,
    )  # fmt: skip
    least = np.array(list(needy.values()), dtype=np.float64)
    new = model.columns(np.zeros(n, dtype=np.int64), upper=least, integer=False)
    place = {code: i for i, code in enumerate(needy)}
    at = np.array([place.get(b, -1) for _, b in counties.pairs], dtype=np.int64)
    some = np.flatnonzero(at >= 0)
    rows, columns = np.concatenate([at[some], np.arange(n)]), np.concatenate([kept[some], new])
    model.rows(CHANGES_MAX, rows, columns, 1.0, least, INFINITY, n)
    every = np.concatenate([x, new, kept])
    sign = np.concatenate([np.where(keep.published, -1.0, 1.0), np.ones(n), -np.ones(k)])
    most = float(keep.budget - keep.held - k)
    model.rows(CHANGES_MAX, np.zeros(len(every)), every, sign, -INFINITY, most, 1)


def region_changes(keep: Keep, pairs: Pairs, parents: pl.DataFrame) -> tuple[np.ndarray, int]:
    """(n,) bool region pairs that stand in ``parents``, and how many changes they are."""
    wanted = set(parents.select("supporter", "recipient").iter_rows())
    ends = zip(pairs.supporter.tolist(), pairs.recipient.tolist(), strict=True)
    chosen = np.array([(pairs.supporters[s], pairs.recipients[r]) in wanted for s, r in ends], dtype=bool)
    return chosen, changes(keep, chosen)


def county_rows(model: ChoiceModel, x: np.ndarray, keep: Keep, spent: int, outside: int) -> None:
    """The rules over county pairs; ``outside``: published ones whose region pair is not chosen, ``spent``: region changes."""
    hold_rows(model, keep, x, spent + outside)
    if keep.price and outside:
        model.columns(np.full(outside, keep.price, dtype=np.int64), lower=1.0)


def tell(
    outcome: Outcome, keep: Keep | None, chosen: np.ndarray, counties: tuple[Keep, np.ndarray, int] | None
) -> Outcome:
    """The outcome with what of the published pairs is kept.

    Parameters
    ----------
    outcome
    keep : Keep or None
        Of the region pairs.
    chosen : ndarray
        (n,) bool region pairs.
    counties : (Keep, ndarray, int), optional
        Of the county pairs: what is asked of those inside the region pairs chosen, (k,) bool chosen ones, and how many
        published ones end with their region pair.
    """
    if keep is None or not outcome.tables:
        return outcome
    kept, new = int((chosen & keep.published).sum()), int((chosen & ~keep.published).sum())
    held = keep.held
    if counties is not None:
        inner, picked, outside = counties
        kept, new = kept + int((picked & inner.published).sum()), new + int((picked & ~inner.published).sum())
        held += inner.held + outside
        keep = replace(keep, lost=merged(keep.lost, inner.lost))
    return told(outcome, keep, kept, new, held - kept)
