"""A choice model solved again over few of its columns, with the same answer as over all of them.

What is proved of each column (:func:`planner.otherwise.choices.proved`) says how much worse the stage is at least with it, or
without it. The choice that is held has such a bound too, and as both are terms of one sum, an answer with it and another column is
worse by at least both. Whoever looks for answers within ``beyond`` of the first bound needs no column of which more is proved: if the
best answer without those is that good, it is the best of all, and so are its equals. Else one looks farther.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices
from planner.solve.few_columns import only
from planner.solve.task import Arrays, Task
from planner.stage import WhatIf

BEYOND, GROWS = 16.0, 4
"""Thousandths beyond what is proved that are looked through first; and the factor by which that grows where nothing lies within."""
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
        Pairs of the model that are held; none is made cheaper.
    proof : Proof
        Of the model, in which nothing but pairs costs anything.
    least : float
        Thousandths that the choice is proved to cost at least: where to begin.
    """
    task = Task("mip", _held(proof, what_if), asking.limits.options(), asking.stage)
    start, beyond = least if np.isfinite(least) else 0.0, BEYOND
    pairs = proof.found.pairs
    sign, objective = -1 if pairs.sense == "max" else 1, int(pairs.cost[proof.found.chosen].sum())
    while (narrowed := _narrowed(task, proof, start, beyond, what_if)) is not None:
        few, columns = narrowed
        asking.told("", {"state": "begun"})
        answer = asking.executor.run([few], asking.told)[0]
        if answer.status == "OPTIMAL":
            x = np.zeros(len(task.arrays["cost"]), np.int64)
            x[columns] = answer.arrays["x"]
            cost = int(pairs.cost @ x[: pairs.size])
            if cost - objective <= start + beyond:
                return Narrowed(sign * cost, x[: pairs.size] > 0)
        beyond *= GROWS
    return None


def _held(proof: Proof, what_if: WhatIf) -> Arrays:
    """The model's arrays with pairs held, and the plan's own pairs preferred among equally good ones."""
    arrays, found = proof.found.arrays, proof.found
    lower, upper = arrays["lower"].copy(), arrays["upper"].copy()
    for pair, forced in what_if.fixed.items():
        at = np.flatnonzero(found.named([pair]))
        lower[at] = upper[at] = float(forced)
    cost = arrays["cost"] * what_if.step
    cost[: found.pairs.size] += ~found.chosen
    return {**arrays, "lower": lower, "upper": upper, "cost": cost}


def _narrowed(
    task: Task, proof: Proof, start: float, beyond: float, what_if: WhatIf
) -> tuple[Task, np.ndarray] | None:
    """The task without columns beyond reach and with those held that cannot be missed, and the numbers of its columns.

    ``None`` where that is nearly all of it.

    What stands in for a forbidden pair is itself what its bound counts: to its recipient's columns nothing is added.
    """
    n, chosen = proof.found.pairs.size, proof.found.chosen
    asked = proof.found.named(what_if.fixed)
    recipient = proof.found.pairs.recipient
    stand_in = np.isin(recipient, recipient[asked & chosen])
    out = ~chosen & ~asked & (proof.having > np.where(stand_in, start + beyond, beyond + ROUNDED))
    stay = chosen & ~asked & (proof.losing > start + beyond)
    if 2 * int((out | stay).sum()) < n:
        return None
    lower = task.arrays["lower"].copy()
    lower[:n][stay] = task.arrays["upper"][:n][stay]
    columns = np.flatnonzero(np.append(~out, np.ones(len(lower) - n, np.bool_)))
    return replace(task, arrays=only({**task.arrays, "lower": lower}, columns)), columns
