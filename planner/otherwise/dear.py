"""What makes a pair dear to lose: the rules that stand in the way of whoever could take its recipient for less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph.language import Text
from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices
from planner.otherwise.pair_moves import PairOtherwise
from planner.otherwise.pairs import proofs
from planner.stages import STAGES
from planner.stages.pairs_left import beside


@dataclass(frozen=True)
class InTheWay:
    """A rule (``key``, ``title``) that by itself keeps ``supporters``, the cheapest first, from taking a recipient for less."""

    key: str
    title: Text
    supporters: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"rule": self.key, "title": self.title.as_dict(), "supporters": list(self.supporters)}


def in_the_way_of_less(asking: Asking, lost: PairOtherwise) -> list[InTheWay]:
    """The rules that keep others, who would cost less by themselves than losing the pair does, from its recipient.

    Every rule is looked at by itself, beside the plan's other pairs. Those that keep most away come first; none where nobody would
    cost less.
    """
    pair = (lost.supporter, lost.recipient)
    models = [proof.found for proof in proofs(asking)]
    rank = next(k for k, found in enumerate(models) if found.named([pair]).any())
    found = models[rank]
    (number,) = np.flatnonzero(found.named([pair])).tolist()
    cheaper = _cheaper(found, number, _price(lost, rank, found.pairs.scale))
    mask = found.chosen.copy()
    mask[number] = False
    plan = beside(asking.context, found.pairs, found.model, mask)
    kept: dict[str, list[str]] = {}
    for other in cheaper.tolist():
        for rule in plan.rules_of(other):
            kept.setdefault(rule, []).append(found.ends(other)[0])
    titles = {s.key: s.title for s in STAGES[asking.stage].settings}
    told = [InTheWay(rule, titles.get(rule, Text(rule, rule)), who) for rule, who in kept.items()]
    return sorted(told, key=lambda one: (-len(one.supporters), one.key))


def _price(lost: PairOtherwise, rank: int, scale: int) -> float:
    """What losing the pair costs in its own rank, in thousandths; infinite where it cannot be missed."""
    if lost.change is None:
        return np.inf
    return abs(lost.parts[rank][1] if lost.parts else lost.change) * scale


def _cheaper(found: Choices, number: int, price: float) -> np.ndarray:
    """Other pairs of the recipient that cost less than this one and its price together, the cheapest first."""
    pairs = found.pairs
    same = (pairs.recipient == pairs.recipient[number]) & ~found.chosen
    at = np.flatnonzero(same & (pairs.cost - pairs.cost[number] < price - 0.5))
    return np.asarray(at[np.argsort(pairs.cost[at], kind="stable")])
