"""The best other pairs of one end, and the pairs of a plan that would be dearest to lose: few solves, in the order of what is proved."""

from __future__ import annotations

import numpy as np

from planner.otherwise.choice import Asking
from planner.otherwise.narrow import Proof
from planner.otherwise.pair_swaps import most_by_swaps
from planner.otherwise.pairs import PairOtherwise, pair_otherwise, proofs

ENOUGH = 12
"""Second solves of one question about an end at most."""


def best_pairs(asking: Asking, key: str, wanted: int) -> list[PairOtherwise]:
    """The ``wanted`` pairs of a region, county or unit that the plan has not and that cost it least, the best first.

    Solving goes on in the order of what each is proved to cost at least, and ends where none that is left can be better than what
    is known, or after :data:`ENOUGH`.
    """
    listed = [
        (float(proof.having[p]) / proof.found.pairs.scale, proof, p)
        for proof in proofs(asking)
        for p in np.flatnonzero(
            _touches(proof, key) & ~proof.found.chosen & np.isfinite(proof.having)
        ).tolist()
    ]
    listed.sort(key=lambda item: (item[0], item[1].found.ends(item[2])))
    found: list[PairOtherwise] = []
    for least, proof, p in listed[:ENOUGH]:
        if len(found) >= wanted and worse_by(found[wanted - 1]) <= least:
            break
        found.append(pair_otherwise(asking, proof.found.ends(p), True))
        found.sort(key=lambda told: (worse_by(told), told.supporter, told.recipient))
    return [told for told in found if told.change is not None][:wanted]


def worse_by(told: PairOtherwise) -> float:
    """How much worse the stage is, in points; infinite where the pair cannot be had, or missed."""
    if told.change is None:
        return np.inf
    return abs(told.change) if told.worse else -abs(told.change)


def _touches(proof: Proof, key: str) -> np.ndarray:
    """(n,) bool: pairs of which one end this is."""
    pairs, found = proof.found.pairs, np.zeros(proof.found.pairs.size, np.bool_)
    for ids, at in ((pairs.supporters, pairs.supporter), (pairs.recipients, pairs.recipient)):
        if key in ids:
            found |= at == ids.index(key)
    return found


def dearest_pairs(asking: Asking, wanted: int) -> list[PairOtherwise]:
    """The ``wanted`` pairs of the plan that cost most to lose, the dearest first; those that cannot be missed before all others.

    Each is forbidden in turn, those first that may be dearest: without a pair a stage is worse by no more than a swap makes it
    (:mod:`planner.otherwise.pair_swaps`; region pairs with county pairs inside are all solved). Solving ends where none that is left can be dearer than what is known.
    """
    models, listed = proofs(asking), list[tuple[float, tuple[str, str]]]()
    for number, proof in enumerate(models):
        first = number + 1 < len(
            models
        )  # what is decided inside the pairs of this model changes too, nobody knows by how much
        for p, most in zip(
            np.flatnonzero(proof.found.chosen).tolist(), most_by_swaps(proof.found), strict=True
        ):
            listed.append((np.inf if first else most / proof.found.pairs.scale, proof.found.ends(p)))
    listed.sort(key=lambda item: (-item[0], item[1]))
    found: list[PairOtherwise] = []
    for most, pair in listed:
        if len(found) >= wanted and worse_by(found[wanted - 1]) >= most:
            break
        found.append(pair_otherwise(asking, pair, False))
        found.sort(key=lambda told: (-worse_by(told), told.supporter, told.recipient))
    return found[:wanted]
