"""A large choice model solved over few of its columns, with the best answer of all.

Multipliers of the rows bound every answer from below, and what each column adds to that bound is its reduced cost (Lagrange; as in
:mod:`planner.solve.least`). They come from a relaxation over a few columns, to which those of negative reduced cost are added until
there are none. An answer over the columns within reach of the bound is the best of all as soon as it is within that reach itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from planner.solve import mip
from planner.solve.least import bound_of, multipliers
from planner.solve.task import Answer, Arrays

LARGE = 30_000
"""Columns above which few are tried."""
FIRST = 12
"""Cheapest columns of each row that a relaxation begins with."""
ROUNDS = 12
NEAR, GROWS = 1e-3, 1.5
"""Units of cost that a reduced cost may be below 0; the factor by which the reach is more than what an answer needed."""
REACH = 200.0
"""Units of cost above the bound that are looked through first."""
PER_COLUMN = ("lower", "upper", "integer", "cost", "start")


def best_of_few(
    arrays: Arrays, options: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]
) -> Answer:
    """As :func:`planner.solve.mip.solve`, with the same objective; arrays as there.

    Columns are 0 or more and 0 is theirs to take, but for those whose limits leave no choice.
    """
    reduced, bound = _priced(arrays, options)
    reach = REACH
    while bound is not None:
        columns = np.flatnonzero((reduced <= reach) | (arrays["lower"] > 0))
        if 2 * len(columns) > len(reduced):
            break
        answer = mip.solve(only(arrays, columns), options, report)
        if answer.status not in ("OPTIMAL", "INFEASIBLE"):
            return answer
        if answer.status == "OPTIMAL":
            x = np.zeros(len(reduced), np.int64)
            x[columns] = answer.arrays["x"]
            needed = float(arrays["cost"] @ x) - bound + NEAR
            if needed <= reach:
                return Answer("OPTIMAL", {"x": x}, answer.facts)
            reach = needed * (1 + NEAR)
        else:
            reach *= 1 + 3 * GROWS
    return mip.solve(arrays, options, report)


def _priced(arrays: Arrays, options: Mapping[str, Any]) -> tuple[np.ndarray, float | None]:
    """(n,) reduced costs, and the bound that they go with; ``None`` where no relaxation over few columns has an answer."""
    chosen = _begin(arrays)
    for _ in range(ROUNDS):
        columns = np.flatnonzero(chosen)
        dual = multipliers(only(arrays, columns), options, "simplex")
        if dual is None:
            return np.zeros(len(chosen)), None
        bound, reduced = bound_of(arrays, dual)
        new = ~chosen & (reduced < -NEAR)
        if not new.any():
            return reduced, bound
        chosen |= new
    return reduced, bound


def _begin(arrays: Arrays) -> np.ndarray:
    """(n,) bool: the cheapest columns of each row, those that have to be there and those of the start."""
    ptr, column = arrays["indptr"], arrays["indices"]
    row = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    order = np.lexsort((arrays["cost"][column], row))
    rank = np.arange(len(order)) - ptr[:-1][row[order]]
    chosen = arrays["lower"] > 0
    chosen[column[order[rank < FIRST]]] = True
    if "start" in arrays:
        chosen |= arrays["start"] > 0
    return np.asarray(chosen)


def only(arrays: Arrays, columns: np.ndarray) -> dict[str, np.ndarray]:
    """A choice model's arrays with these columns alone, all others being 0; the rows stay."""
    found = dict(arrays) | {k: arrays[k][columns] for k in PER_COLUMN if k in arrays}
    number = np.full(len(arrays["cost"]), -1)
    number[columns] = np.arange(len(columns))
    row = np.repeat(np.arange(len(arrays["row_lower"])), np.diff(arrays["indptr"]))
    kept = number[arrays["indices"]] >= 0
    count = np.bincount(row[kept], minlength=len(arrays["row_lower"]))
    found["indptr"] = np.append(0, np.cumsum(count)).astype(np.int64)
    found["indices"], found["data"] = number[arrays["indices"][kept]], arrays["data"][kept]
    return found
