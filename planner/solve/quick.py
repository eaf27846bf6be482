"""When time is up before a solver has any answer: one by hand, row by row, and a bound that needs no solver.

First the columns of the first guess, where there is one; then row after row that asks for more, the one with the fewest columns
first, takes its cheapest columns that break nothing. What comes out keeps every row, or nothing comes out.
"""

from __future__ import annotations

import numpy as np

from planner.solve.task import Arrays

EPS = 1e-9


def quick_choice(arrays: Arrays) -> np.ndarray | None:
    """(n,) 0–1 columns that keep all rows of a :class:`~planner.solve.choice.ChoiceModel`; ``None`` where this finds none."""
    lower, upper = arrays["lower"], arrays["upper"]
    if not (arrays["integer"].all() and ((lower == 0) | (lower == 1)).all() and (upper <= 1).all()):
        return None
    indptr, column, data = arrays["indptr"], arrays["indices"], arrays["data"]
    row = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    by_column = np.argsort(column, kind="stable")
    first = np.searchsorted(column[by_column], np.arange(len(lower) + 1))
    x = lower.copy()
    activity = np.bincount(row, data * x[column], len(indptr) - 1)
    low, high = arrays["row_lower"] - EPS, arrays["row_upper"] + EPS

    def take(c: int) -> None:
        touched = by_column[first[c] : first[c + 1]]
        rows, after = row[touched], activity[row[touched]] + data[touched]
        breaks = (after > high[rows]) | ((after < low[rows]) & (data[touched] < 0))
        if not x[c] and upper[c] and not breaks.any():
            x[c], activity[rows] = 1, after

    held = np.flatnonzero(arrays["start"] == 1) if "start" in arrays else np.zeros(0, np.int64)
    for c in held[np.argsort(arrays["cost"][held], kind="stable")].tolist():
        take(c)
    asking = np.flatnonzero(activity < low)
    for r in asking[np.argsort(np.diff(indptr)[asking], kind="stable")].tolist():
        inside = slice(indptr[r], indptr[r + 1])
        mine = column[inside][data[inside] > 0]
        for c in mine[np.argsort(arrays["cost"][mine], kind="stable")].tolist():
            if activity[r] >= low[r]:
                break
            take(c)
    if (activity < low).any() or (activity > high).any():
        return None
    return np.asarray(x)


def quick_bound(arrays: Arrays) -> int:
    """What any choice costs at least: each row of one rule that asks for columns of its own takes the cheapest of them."""
    cost, lower, upper = arrays["cost"], arrays["lower"], arrays["upper"]
    free = np.minimum(cost * lower, cost * upper)
    least = np.floor(free.sum() + EPS)
    indptr, column, data = arrays["indptr"], arrays["indices"], arrays["data"]
    row = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    best = 0.0
    for rule in np.unique(arrays["row_rule"]).tolist():
        mine = arrays["row_rule"][row] == rule
        if (data[mine] != 1).any() or len(np.unique(column[mine])) < np.count_nonzero(mine):
            continue
        more = np.where(upper[column[mine]] > lower[column[mine]], np.maximum(cost[column[mine]], 0), 0)
        order = np.lexsort((more, row[mine]))
        rank = np.arange(len(order)) - np.searchsorted(row[mine][order], row[mine][order])
        asked = np.ceil(arrays["row_lower"] - EPS)[row[mine][order]]
        held = np.bincount(row[mine], lower[column[mine]] > 0, len(indptr) - 1)[row[mine][order]]
        best = max(best, float(more[order][rank < asked - held].sum()))
    return int(least + best)
