"""The smallest change of one number that swaps a pair: how much shorter, or longer, the way between the two would have to be.

A pair's cost stands in the objective once, so its price (with it, or without) is what the cost has to change by: up to there the
plan's pairs stay the best, beyond it they do not. Distance is a pair's own number and enters its cost as ``weight · km / 100``.
Both sides of the threshold are solved again. Weights, strength and need: :mod:`planner.otherwise.turns`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from graph.errors import UsageError
from graph.geography import coordinates, distances_km
from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices
from planner.otherwise.pair_moves import PairOtherwise
from planner.otherwise.pairs import pair_otherwise, proofs
from planner.otherwise.quotas import QuotaTurn, quota_turns
from planner.otherwise.turns import Turn, asked_of, turns_of

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
    turns : sequence of Turn
        What other numbers have to come to.
    quotas : sequence of QuotaTurn
        What limits have to come to.
    """

    price: PairOtherwise
    points: float | None = None
    km: float | None = None
    km_then: float | None = None
    confirmed: bool = False
    turns: Sequence[Turn] = ()
    quotas: Sequence[QuotaTurn] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"price": self.price.as_dict(), "points": self.points, "km": self.km, "km_then": self.km_then,
                "confirmed": self.confirmed, "turns": [turn.as_dict() for turn in self.turns],
                "quotas": [turn.as_dict() for turn in self.quotas]}  # fmt: skip


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
    turns = turns_of(asking, [proof.found for proof in models], rank, pair)
    quotas = quota_turns(asking, found, pair)
    if change is None:
        return Threshold(price, turns=turns, quotas=quotas)
    whole = round(abs(change) * found.pairs.scale)
    points = whole / found.pairs.scale
    km = _km(asking, pair)
    then = None
    if km is not None:
        then = km + (1 if has else -1) * points * KM / asking.context.policy.weight("distance_weight")
    confirmed = _confirmed(asking, found, pair, has, whole)
    return Threshold(price, points, km, then if then is None or then >= 0 else None, confirmed, turns, quotas)


def _km(asking: Asking, pair: tuple[str, str]) -> float | None:
    """The distance of a pair, where it counts and is known."""
    policy = asking.context.policy
    if policy["objective"] == "scores" or not policy.weight("distance_weight"):
        return None
    ends = [coordinates(asking.context.network, [end]) for end in pair]
    km = float(distances_km(*ends)[0, 0])
    return None if math.isnan(km) else km


def _confirmed(asking: Asking, found: Choices, pair: tuple[str, str], has: bool, whole: int) -> bool:
    """Whether it is better to have the pair swapped one unit of cost beyond the threshold, and not one before it.

    The model that decides the pair is solved on both sides of it: the region pairs, or the county pairs inside the plan's.
    """
    column = int(np.flatnonzero(found.named([pair]))[0])
    options = {"column": column, "pairs": found.pairs.size, "end": [0, 1]}
    tasks = []
    for units in (max(whole - 1, 0), whole + 1):
        task = asked_of(asking, found, np.zeros(found.model.n_columns, np.int64), options)
        cost = task.arrays["cost"].copy()
        cost[column] += units if has else -units
        tasks.append(replace(task, arrays={**task.arrays, "cost": cost}))
    before, beyond = asking.executor.run(tasks, asking.told)
    proved = all(answer.status == "OPTIMAL" for answer in (before, beyond))
    return proved and not before.facts["turned"] and bool(beyond.facts["turned"])
