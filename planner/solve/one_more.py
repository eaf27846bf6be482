"""What stands by itself in the way of one more choice beside an answer: the rows of a choice model that it would break."""

from __future__ import annotations

import numpy as np

from planner.solve.mip import FEASIBLE
from planner.solve.task import Arrays


def in_the_way(arrays: Arrays, at: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that one more of each of ``columns`` breaks beside the answer ``at``.

    Every row is looked at by itself: columns behind the answer's, such as shares that follow from it, stand wherever suits the row
    best. A row that is broken as it is counts where one more of the column makes it worse.

    Parameters
    ----------
    arrays : dict
        As ``ChoiceModel.arrays``.
    at : ndarray
        (n,) int64 the answer: the model's first n columns.
    columns : ndarray
        (k,) int64 numbers of columns below n.

    Returns
    -------
    column, row : ndarray
        (h,) int64 each: numbers in ``columns``, sorted, and the row that is in its way.
    """
    row = np.repeat(np.arange(len(arrays["row_lower"])), np.diff(arrays["indptr"]))
    least, most = (_activity(arrays, at, row, up=up) for up in (False, True))
    number = np.full(len(arrays["cost"]), -1)
    number[columns] = np.arange(len(columns))
    entry = np.flatnonzero(number[arrays["indices"]] >= 0)
    here, weight = row[entry], arrays["data"][entry]
    over = (weight > 0) & (least[here] + weight > arrays["row_upper"][here] + FEASIBLE)
    under = (weight < 0) & (most[here] + weight < arrays["row_lower"][here] - FEASIBLE)
    hit = np.flatnonzero(over | under)
    found, of = number[arrays["indices"][entry[hit]]], here[hit]
    order = np.lexsort((of, found))
    return found[order], of[order]


def _activity(arrays: Arrays, at: np.ndarray, row: np.ndarray, *, up: bool) -> np.ndarray:
    """(rows,) float64 the least that each row can come to beside the answer; ``up``: the most."""
    lower, upper = (np.append(at, arrays[k][len(at) :]).astype(np.float64) for k in ("lower", "upper"))
    weight, column = arrays["data"], arrays["indices"]
    value = np.where((weight > 0) == up, upper[column], lower[column])
    return np.bincount(row, weight * value, minlength=len(arrays["row_lower"]))
