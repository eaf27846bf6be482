"""A large choice model solved over few of its columns, with the best answer of all.

Multipliers of the rows bound every answer from below, and what each column adds to that bound is its reduced cost (Lagrange; as in
:mod:`planner.solve.least`). They come from a relaxation over a few columns, to which those of negative reduced cost are added until
there are none. An answer over the columns within reach of the bound is the best of all as soon as it is within that reach itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planner.solve import mip
from planner.solve.choice import only
from planner.solve.lagrange import bound_of
from planner.solve.least import multipliers
from planner.solve.task import Answer, Arrays

LARGE = 30_000
"""Columns above which few are tried."""
FIRST = 12
"""Cheapest columns of each row that asks for some, with which a relaxation begins."""
ROUNDS = 12
NEAR, GROWS = 1e-3, 5.0
"""Units of cost that a reduced cost may be below 0; the factor by which the reach grows where there is no answer within."""
REACH = 200.0
"""Units of cost above the bound that are looked through first."""


def best_of_few(
    arrays: Arrays, options: Mapping[str, Any], begin: np.ndarray | None = None
) -> tuple[Answer, np.ndarray]:
    """As :func:`planner.solve.mip.solve`, with the same objective; arrays as there.

    Parameters
    ----------
    arrays, options
        Columns are 0 or more, and 0 is theirs to take but for those whose limits leave no choice.
    begin : ndarray, optional
        (n,) bool: columns to begin with, such as those that mattered at a like cost.

    Returns
    -------
    answer : Answer
    mattered : ndarray
        (n,) bool: columns within reach of the bound.
    """
    reduced, bound = _priced(arrays, options, begin)
    reach = REACH
    while bound is not None:
        near = (reduced <= reach) | (arrays["lower"] > 0)
        columns = np.flatnonzero(near)
        if 2 * len(columns) > len(reduced):
            break
        answer = mip.solve(only(arrays, columns), options, _told)
        if answer.status not in ("OPTIMAL", "INFEASIBLE"):
            return answer, near
        if answer.status == "OPTIMAL":
            x = np.zeros(len(reduced), np.int64)
            x[columns] = answer.arrays["x"]
            needed = float(arrays["cost"] @ x) - bound + NEAR
            if needed <= reach:
                return Answer("OPTIMAL", {"x": x}, answer.facts), near
            reach = needed * (1 + NEAR)
        else:
            reach *= GROWS
    return mip.solve(arrays, options, _told), np.ones(len(reduced), np.bool_)


def _told(facts: Mapping[str, Any]) -> None:
    """Nobody waits for the steps of one of many solves."""


def _priced(
    arrays: Arrays, options: Mapping[str, Any], begin: np.ndarray | None
) -> tuple[np.ndarray, float | None]:
    """(n,) reduced costs, and the bound that they go with; ``None`` where no relaxation over few columns has an answer."""
    reduced, bound = np.zeros(len(arrays["cost"])), None
    chosen = _cheapest(arrays) if begin is None else begin | (arrays["lower"] > 0)
    for _ in range(ROUNDS):
        dual = multipliers(only(arrays, np.flatnonzero(chosen)), options, "simplex")
        if dual is None:  # too few for all rows to hold: those that are cheapest in any row, else all
            wider = chosen | _cheapest(arrays, every=True)
            if wider.sum() == chosen.sum():
                return reduced, None
            chosen = wider
            continue
        bound, reduced = bound_of(arrays, dual)
        new = ~chosen & (reduced < -NEAR)
        if not new.any():
            break
        chosen = chosen | new
    return reduced, bound


def _cheapest(arrays: Arrays, every: bool = False) -> np.ndarray:
    """(n,) bool: the cheapest columns of each row that asks for some (of ``every`` row), and those that have to be there."""
    ptr, column = arrays["indptr"], arrays["indices"]
    row = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    asks = (arrays["row_lower"][row] > 0) | every
    row, column = row[asks], column[asks]
    order = np.lexsort((arrays["cost"][column], row))
    first = np.searchsorted(row[order], row[order])
    chosen = arrays["lower"] > 0
    chosen[column[order[np.arange(len(order)) - first < FIRST]]] = True
    return np.asarray(chosen)
