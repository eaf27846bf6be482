"""The smallest change of one number that swaps a pair: how much shorter, or longer, the way between the two would have to be.

A pair's cost stands in the objective once, so its price (with it, or without) is what the cost has to change by: up to there the
plan's pairs stay the best, beyond it they do not. Distance is a pair's own number and enters its cost as ``weight · km / 100``.
Both sides of the threshold are solved again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.geography import coordinates, distances_km
from planner.otherwise.choice import Asking, solve_held
from planner.otherwise.pair_moves import PairOtherwise
from planner.otherwise.pairs import PAIR, pair_otherwise, proofs
from planner.stage import WhatIf

KM = 100
"""Kilometres that the weight of distance counts."""


@dataclass(frozen=True)
class Threshold:
    """When a pair would be swapped.

    Parameters
    ----------
    price : PairOtherwise
        The second solve with the pair, or without it.
    points : float or None
        What its cost has to be less (of a pair that the plan has: more) by, in points; ``None`` where rules decide, at whatever cost.
    km, km_then : float or None
        The distance now, and that beyond which the pair is swapped; empty where distance has no weight, is not known, or where even
        none at all is not enough.
    confirmed : bool
        Whether second solves a thousandth of a point on either side found the pair as it should be.
    """

    price: PairOtherwise
    points: float | None = None
    km: float | None = None
    km_then: float | None = None
    confirmed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"price": self.price.as_dict(), "points": self.points, "km": self.km, "km_then": self.km_then,
                "confirmed": self.confirmed}  # fmt: skip


def pair_threshold(asking: Asking, pair: tuple[str, str]) -> Threshold:
    """The threshold of one pair, in or out of the plan.

    Raises
    ------
    UsageError
        When the pair is none that the stage may choose.
    """
    models = proofs(asking)
    rank = next((k for k, proof in enumerate(models) if proof.found.named([pair]).any()), None)
    if rank is None:
        shown = " → ".join(asking.label(k) for k in pair)
        raise UsageError(
            f"{asking.stage} 不可选 {shown}；规则见 jiedui explain",
            f"{asking.stage} may not choose {shown}; see jiedui explain",
        )
    found = models[rank].found
    has = bool(found.chosen[found.named([pair])][0])
    price = pair_otherwise(asking, pair, not has)
    change = price.parts[rank][1] if price.parts else price.change
    if change is None:
        return Threshold(price)
    whole = round(abs(change) * found.pairs.scale)
    points = whole / found.pairs.scale
    km = _km(asking, pair)
    then = None
    if km is not None:
        then = km + (1 if has else -1) * points * KM / asking.context.policy.weight("distance_weight")
    confirmed = price.status == "OPTIMAL" and _confirmed(asking, pair, has, whole)
    return Threshold(price, points, km, then if then is None or then >= 0 else None, confirmed)


def _km(asking: Asking, pair: tuple[str, str]) -> float | None:
    """The distance of a pair, where it counts and is known."""
    policy = asking.context.policy
    if policy["objective"] == "scores" or not policy.weight("distance_weight"):
        return None
    ends = [coordinates(asking.context.network, [end]) for end in pair]
    km = float(distances_km(*ends)[0, 0])
    return None if math.isnan(km) else km


def _confirmed(asking: Asking, pair: tuple[str, str], has: bool, whole: int) -> bool:
    """Whether the pair is swapped one unit of cost beyond the threshold, and not one before it."""
    sign = -1 if has else 1
    beyond = _has_it(asking, pair, sign * (whole + 1))
    before = _has_it(asking, pair, sign * (whole - 1)) if whole else has
    return beyond is not has and before is has


def _has_it(asking: Asking, pair: tuple[str, str], cheaper: int) -> bool | None:
    """Whether the pair is chosen where it costs so much less; ``None`` where nothing is."""
    mine = asking.plan.table("pairs").filter(pl.col("stage") == asking.stage)
    kept = frozenset(mine.select(PAIR).iter_rows())
    outcome, _ = solve_held(asking, WhatIf({}, kept, {pair: cheaper}))
    return None if not outcome.tables else pair in set(outcome.tables["pairs"].select(PAIR).iter_rows())
