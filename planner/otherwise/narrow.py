"""A choice model solved again over few of its columns, with the same answer as over all of them.

What is proved of each column (:func:`planner.otherwise.choices.proved`) says how much worse the stage is at least with it, or
without it. The choice that is held has such a bound too, and as both are terms of one sum, an answer with it and another column is
worse by at least both. Whoever looks for answers within ``beyond`` of the first bound needs no column of which more is proved: if the
best answer without those is that good, it is the best of all, and so are its equals. Else one looks farther.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices
from planner.solve.choice import only
from planner.solve.task import Answer, Arrays, Task
from planner.stage import WhatIf

BEYOND, GROWS = 16.0, 4
"""Thousandths beyond what is proved that are looked through first; and the factor by which that grows where nothing lies within."""
ROUNDS = 2
"""Times that one looks farther for many pairs at once: a few dear ones would make the columns of all of them many."""
ROUNDED = 1.0
"""Thousandths by which two bounds that are rounded up may be more than their sum."""


@dataclass(frozen=True)
class Proof:
    """A choice model with what is proved of its columns: (n,) thousandths each, see :func:`~planner.otherwise.choices.proved`."""

    found: Choices
    having: np.ndarray
    losing: np.ndarray


@dataclass(frozen=True)
class Narrowed:
    """The best answer with a choice held: ``objective`` in the model's units and the reader's sense; (n,) bool pairs ``chosen``."""

    objective: int
    chosen: np.ndarray


def solve_narrowed(asking: Asking, what_if: WhatIf, proof: Proof, least: float) -> Narrowed | None:
    """The best answer of one choice model with a choice held, over columns within reach; ``None`` where a whole solve has to tell.

    Parameters
    ----------
    asking : Asking
    what_if : WhatIf
        The pair of the model that is held; none is made cheaper.
    proof : Proof
        Of the model, in which nothing but pairs costs anything.
    least : float
        Thousandths that the choice is proved to cost at least: where to begin.
    """
    pairs = np.flatnonzero(proof.found.named(what_if.fixed))
    (to,) = what_if.fixed.values()
    arrays, start = _preferred(proof, what_if), least if np.isfinite(least) else 0.0
    for beyond, few, columns in _wider(arrays, proof, start, pairs):
        one = {**few, "held": np.searchsorted(columns, pairs), "to": np.array([float(to)])}
        told, x = _each(asking, one)[0]
        if told == "UNKNOWN":
            lower, upper = few["lower"].copy(), few["upper"].copy()
            lower[one["held"]] = upper[one["held"]] = float(to)
            task = Task("mip", {**few, "lower": lower, "upper": upper}, asking.limits.options(), asking.stage)
            asking.told("", {"state": "begun"})
            answer = asking.executor.run([task], asking.told)[0]
            told, x = answer.status, answer.arrays.get("x", x)
        found = _within(proof, x, columns, start + beyond) if told == "OPTIMAL" else None
        if found is not None:
            return found
    return None


def solve_each(
    asking: Asking, proof: Proof, pairs: np.ndarray, kept: frozenset[tuple[str, str]]
) -> dict[int, Narrowed]:
    """As :func:`solve_narrowed`, of pairs (k,) that the plan has not, each forced in turn: those of which relaxations alone tell.

    They share their columns, so that one task prices them all.
    """
    arrays, found = _preferred(proof, WhatIf({}, kept)), dict[int, Narrowed]()
    start = np.where(np.isfinite(proof.having), proof.having, 0.0)
    most = float(start[pairs].max(initial=0.0))
    for beyond, few, columns in islice(_wider(arrays, proof, most, pairs), ROUNDS):
        held = {"held": np.searchsorted(columns, pairs), "to": np.ones(len(pairs))}
        left = []
        for pair, (told, x) in zip(pairs.tolist(), _each(asking, {**few, **held}), strict=True):
            one = _within(proof, x, columns, float(start[pair]) + beyond) if told == "OPTIMAL" else None
            if one is not None:
                found[pair] = one
            elif told != "UNKNOWN":
                left.append(pair)
        pairs = np.array(left, np.int64)
        if not left:
            break
    return found


def least_relaxed(asking: Asking, proof: Proof, pairs: np.ndarray) -> np.ndarray:
    """(k,) thousandths that the model by itself is worse by at least with each of pairs (k,) forced, as relaxations prove it.

    Infinite where it has no answer then.
    """
    answer = _relaxed(asking, {**proof.found.arrays, "held": pairs, "to": np.ones(len(pairs))})
    now = int(proof.found.pairs.cost[proof.found.chosen].sum())
    none = {"INFEASIBLE": np.inf}
    return np.array(
        [
            none.get(told, 0.0) if least is None else max(0.0, least - now)
            for told, least in zip(answer.facts["told"], answer.facts["least"], strict=True)
        ]
    )


def least_in_model(asking: Asking, proof: Proof, pair: int) -> float:
    """As :func:`least_relaxed`, of one pair, by an integer solve."""
    lower = proof.found.arrays["lower"].copy()
    lower[pair] = 1.0
    arrays = {**proof.found.arrays, "lower": lower}
    asking.told("", {"state": "begun"})
    answer = asking.executor.run([Task("mip", arrays, asking.limits.options(), asking.stage)], asking.told)[0]
    if answer.status == "INFEASIBLE":
        return float("inf")
    now, bound = int(proof.found.pairs.cost[proof.found.chosen].sum()), answer.facts.get("bound")
    return 0.0 if bound is None else max(0.0, float(bound - now))


def _each(asking: Asking, arrays: Arrays) -> list[tuple[str, np.ndarray]]:
    """What relaxations tell of each held column, and the answer."""
    answer = _relaxed(asking, arrays)
    return list(zip(answer.facts["told"], answer.arrays["x"], strict=True))


def _relaxed(asking: Asking, arrays: Arrays) -> Answer:
    """The relaxations of each held column; see :mod:`planner.solve.each`."""
    asking.told("", {"state": "begun"})
    return asking.executor.run([Task("each", arrays, {"threads": 1}, asking.stage)], asking.told)[0]


def _within(proof: Proof, x: np.ndarray, columns: np.ndarray, most: float) -> Narrowed | None:
    """The answer ``x`` over ``columns``, where it makes the stage worse by ``most`` thousandths or less."""
    pairs = proof.found.pairs
    whole = np.zeros(proof.found.model.n_columns, np.int64)
    whole[columns] = x
    cost = int(pairs.cost @ whole[: pairs.size])
    if cost - int(pairs.cost[proof.found.chosen].sum()) > most:
        return None
    return Narrowed((-1 if pairs.sense == "max" else 1) * cost, whole[: pairs.size] > 0)


def _preferred(proof: Proof, what_if: WhatIf) -> Arrays:
    """The model's arrays with the plan's own pairs preferred among equally good ones."""
    arrays = proof.found.arrays
    cost = arrays["cost"] * what_if.step
    cost[: proof.found.pairs.size] += ~proof.found.chosen
    return {**arrays, "cost": cost}


def _wider(
    arrays: Arrays, proof: Proof, start: float, asked: np.ndarray
) -> Iterator[tuple[float, Arrays, np.ndarray]]:
    """How far beyond ``start`` is looked, the arrays within that, and the numbers of their columns; farther each time, while it is worth it."""
    beyond = BEYOND
    while (narrowed := _narrowed(arrays, proof, start, beyond, asked)) is not None:
        yield beyond, *narrowed
        beyond *= GROWS


def _narrowed(
    arrays: Arrays, proof: Proof, start: float, beyond: float, pairs: np.ndarray
) -> tuple[Arrays, np.ndarray] | None:
    """The arrays without columns beyond reach and with those held that cannot be missed, and the numbers of their columns.

    ``None`` where that is nearly all of it.

    What stands in for a forbidden pair is itself what its bound counts: to its recipient's columns nothing is added.
    """
    n, chosen = proof.found.pairs.size, proof.found.chosen
    asked = np.zeros(n, np.bool_)
    asked[pairs] = True
    recipient = proof.found.pairs.recipient
    stand_in = np.isin(recipient, recipient[asked & chosen])
    out = ~chosen & ~asked & (proof.having > np.where(stand_in, start + beyond, beyond + ROUNDED))
    stay = chosen & ~asked & (proof.losing > start + beyond)
    if 2 * int((out | stay).sum()) < n:
        return None
    lower = arrays["lower"].copy()
    lower[:n][stay] = arrays["upper"][:n][stay]
    columns = np.flatnonzero(np.append(~out, np.ones(len(lower) - n, np.bool_)))
    return only({**arrays, "lower": lower}, columns), columns
