"""The best other pairs of one end, and the pairs of a plan that would be dearest to lose: few solves, in the order of what is proved."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np

from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices
from planner.otherwise.narrow import Proof, least_in_model, least_relaxed
from planner.otherwise.pair_moves import PairOtherwise
from planner.otherwise.pair_swaps import most_by_swaps
from planner.otherwise.pairs import pair_otherwise, pairs_forced, proofs
from planner.otherwise.ranked import Ranked, work_for
from planner.solve.task import Task

AT_ONCE = 12
"""Pairs that are priced by one task: a relaxation begun from the corner of the last one takes hardly any work."""
TOLD = 3
"""Pairs that cannot be had of which the rules are told, where none can."""


def best_pairs(asking: Asking, key: str, wanted: int) -> Ranked:
    """The ``wanted`` pairs of a region, county or unit that the plan has not and that cost it least, the best first, rank by rank.

    Solving goes on in the order of what each is proved to cost at least, and ends where none that is left can be better than what
    is known, or after :func:`~planner.otherwise.ranked.work_for`. Where none can be had, the rules that forbid some are told.
    """
    listed = _listed(asking, key)
    queue = [one for one in listed if np.inf not in one.least]
    of, solved, found, sure = len(queue), 0, list[PairOtherwise](), None
    known = dict[_Pair, PairOtherwise | None]()
    while queue:
        one = heapq.heappop(queue)
        if len(found) >= wanted and rank_by_rank(asking, found[wanted - 1]) <= one.least:
            break
        if solved >= work_for(wanted):
            sure = max(0.0, *one.least)
            break
        if one.loose:
            queue, of = _tighter(asking, one, queue, of)
            continue
        solved += 1
        if one not in known:
            known |= _at_once(asking, [one, *heapq.nsmallest(AT_ONCE - 1, queue)])
        found.append(known[one] or pair_otherwise(asking, one.ends, True))
        found.sort(key=lambda told: (rank_by_rank(asking, told), told.supporter, told.recipient))
    had = [told for told in found if told.change is not None]
    if had or not listed:
        return Ranked(had[:wanted], of, sure)
    tried = {(told.supporter, told.recipient) for told in found}
    others = [one.ends for one in listed if one.ends not in tried]
    found += [pair_otherwise(asking, e, True) for e in others[: max(0, TOLD - len(found))]]
    return Ranked(found[:TOLD])


@dataclass(frozen=True, order=True)
class _Pair:
    """A pair of the model ``rank`` that the plan has not; ``least``: points that it makes each rank worse by at least.

    ``loose``: an integer solve of its model alone may prove more, in a fraction of the work of all ranks.
    """

    least: tuple[float, ...]
    ends: tuple[str, str]
    rank: int
    number: int
    loose: bool = False


def _listed(asking: Asking, key: str) -> list[_Pair]:
    """Pairs of one end, in the order of what each costs at least."""
    models, listed = proofs(asking), list[_Pair]()
    for rank, proof in enumerate(models):
        numbers = np.flatnonzero(_touches(proof, key) & ~proof.found.chosen)
        having, loose = proof.having[numbers], rank + 1 < len(models)
        if loose and numbers.size:
            having = np.maximum(having, least_relaxed(asking, proof, numbers))
        for p, least in zip(numbers.tolist(), having.tolist(), strict=True):
            bound = _bound(proof, least, rank, len(models))
            listed.append(_Pair(bound, proof.found.ends(p), rank, p, loose))
    return sorted(listed)


def _bound(proof: Proof, least: float, rank: int, ranks: int) -> tuple[float, ...]:
    """Thousandths of one rank as points of all: ranks before it are worse by nothing at least, of those that follow nobody knows."""
    return (*[0.0] * rank, least / proof.found.pairs.scale, *[-np.inf] * (ranks - rank - 1))


def _tighter(asking: Asking, one: _Pair, queue: list[_Pair], of: int) -> tuple[list[_Pair], int]:
    """The queue with a pair by what its model alone proves of it, and how many pairs are possible."""
    models = proofs(asking)
    proof = models[one.rank]
    least = max(float(proof.having[one.number]), least_in_model(asking, proof, one.number))
    if np.isinf(least):
        return queue, of - 1
    heapq.heappush(queue, replace(one, least=_bound(proof, least, one.rank, len(models)), loose=False))
    return queue, of


def _at_once(asking: Asking, few: list[_Pair]) -> dict[_Pair, PairOtherwise | None]:
    """Prices of pairs of which relaxations tell, those of one model by one task; ``None`` of all others."""
    found: dict[_Pair, PairOtherwise | None] = dict.fromkeys(few)
    for rank, proof in enumerate(proofs(asking)):
        mine = {one.number: one for one in few if one.rank == rank}
        told = pairs_forced(asking, proof, np.array(list(mine), np.int64))
        found |= {mine[number]: one for number, one in told.items()}
    return found


def rank_by_rank(asking: Asking, told: PairOtherwise) -> tuple[float, ...]:
    """How much worse the stage is, in points, by rank of its objective; infinite where the pair cannot be had, or missed."""
    scales = [proof.found.pairs.scale for proof in proofs(asking)]
    if told.change is None:
        return (np.inf,) * len(scales)
    sign = -1 if asking.head["sense"] == "max" else 1
    changes = [c for _, c in told.parts] or [told.change]
    return tuple(round(sign * c * scale) / scale for c, scale in zip(changes, scales, strict=True))


def _touches(proof: Proof, key: str) -> np.ndarray:
    """(n,) bool: pairs of which one end this is."""
    pairs, found = proof.found.pairs, np.zeros(proof.found.pairs.size, np.bool_)
    for ids, at in ((pairs.supporters, pairs.supporter), (pairs.recipients, pairs.recipient)):
        if key in ids:
            found |= at == ids.index(key)
    return found


@dataclass(frozen=True)
class _Most:
    """What losing a ``pair`` costs at most, in points by rank; ``known``: that is what it costs in the first, by a solve of that rank."""

    most: tuple[float, ...]
    pair: tuple[str, str]
    known: bool = False


def dearest_pairs(asking: Asking, wanted: int) -> list[PairOtherwise]:
    """The ``wanted`` pairs of the plan that cost most to lose, the dearest first; those that cannot be missed before all others.

    Each is forbidden in turn, those first that may be dearest: without a pair a stage is worse by no more than a swap makes it
    (:mod:`planner.otherwise.pair_swaps`), or, of region pairs, than their model alone says. Solving ends where none that is left can
    be dearer than what is known. Region pairs come before the county pairs inside them, as they do in the objective.
    """
    listed = sorted(_most(asking), key=lambda one: (_dearest_first(one.most), one.pair))
    found, certain = list[PairOtherwise](), True
    for one in listed:
        if certain and len(found) >= wanted and rank_by_rank(asking, found[wanted - 1]) >= one.most:
            break
        told = pair_otherwise(asking, one.pair, False)
        found.append(told)
        found.sort(key=lambda t: (_dearest_first(rank_by_rank(asking, t)), t.supporter, t.recipient))
        # where shares could not be divided among whole persons a region pair is dearer than its model says, and others may be
        certain = certain and (not one.known or rank_by_rank(asking, told) <= one.most)
    return found[:wanted]


def _dearest_first(worse: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(-w for w in worse)


def _most(asking: Asking) -> list[_Most]:
    """Of each rank's pairs what their model says, and nothing in the ranks before; of those that follow, or without an answer, nobody knows."""
    models, listed = proofs(asking), list[_Most]()
    for rank, proof in enumerate(models):
        chosen = np.flatnonzero(proof.found.chosen).tolist()
        known = rank == 0 and asking.stage == "pairing" and asking.context.policy["objective"] != "scores"
        most = _without(asking, proof.found, chosen) if known else most_by_swaps(proof.found)
        for m, p in zip(most, chosen, strict=True):
            before = (0.0 if np.isfinite(m) else np.inf,) * rank
            after = (np.inf,) * (len(models) - rank - 1)
            listed.append(_Most((*before, m / proof.found.pairs.scale, *after), proof.found.ends(p), known))
    return listed


def _without(asking: Asking, found: Choices, chosen: list[int]) -> list[float]:
    """What the model costs more without each of the pairs, in its units; infinite where it has no answer, or none in time."""
    arrays, tasks = found.model.arrays(), list[Task]()
    for p in chosen:
        upper = arrays["upper"].copy()
        upper[p] = 0.0
        tasks.append(Task("mip", {**arrays, "upper": upper}, asking.limits.options(), asking.stage))
    now = int(found.pairs.cost[found.chosen].sum())
    answers = asking.executor.run(tasks, asking.told) if tasks else []
    return [float(a.facts["objective"] - now) if a.status == "OPTIMAL" else np.inf for a in answers]
