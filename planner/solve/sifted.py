"""Multipliers of a linear relaxation with many columns and few rows: solved over few columns, others taken in where they would help.

A column can better an answer only where its reduced cost is negative; begun from the cheapest columns of each row and those of a known
answer, a few rounds suffice ("sifting": Bixby, Gregory, Lustig, Marsten, Shanno 1992). Each round goes on from the corner of the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import highspy
import numpy as np

from planner.solve.lagrange import bound_of
from planner.solve.mip import highs
from planner.solve.task import Arrays

MANY = 10_000
"""Columns from which sifting is worth its rounds."""
CHEAPEST = 1
"""Columns of each row to begin with, or as many as are equally cheap."""
NEGATIVE = -1e-6
"""Reduced costs below this are negative."""
PER_COLUMN = ("cost", "lower", "upper", "integer")


def sifted(arrays: Arrays, options: Mapping[str, Any]) -> np.ndarray | None:
    """(rows,) multipliers of a relaxation as :func:`planner.solve.least.solve` takes it; ``None`` where few columns have no answer."""
    inside = np.zeros(len(arrays["cost"]), np.bool_)
    taken = _first(arrays)
    h = highs(_nothing(arrays), options)
    settings: dict[str, Any] = {"solve_relaxation": True, "solver": "simplex", "presolve": "off"}
    for name, value in settings.items():
        h.setOptionValue(name, value)
    while True:
        inside[taken] = True
        _add(h, arrays, taken)
        h.run()
        if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        dual = np.array(h.getSolution().row_dual)
        taken = np.flatnonzero((bound_of(arrays, dual)[1] < NEGATIVE) & ~inside)
        if not taken.size:
            return dual


def _first(arrays: Arrays) -> np.ndarray:
    """(k,) columns to begin with: those that may not be 0 or are not in the answer held against, and the cheapest of each row."""
    lower, upper = arrays["lower"], arrays["upper"]
    chosen = (arrays["at"] > 0) | (lower != 0) | ~np.isfinite(upper)
    ptr, column = arrays["indptr"], arrays["indices"]
    full = np.flatnonzero(np.diff(ptr))
    row = np.repeat(np.arange(len(full)), np.diff(ptr)[full])
    price = arrays["cost"][column].astype(np.float64)
    for _ in range(CHEAPEST if full.size else 0):
        best = np.minimum.reduceat(price, ptr[full])
        hit = np.isfinite(price) & (price == best[row])
        chosen[column[hit]] = True
        price[hit] = np.inf
    return np.flatnonzero(chosen)


def _nothing(arrays: Arrays) -> dict[str, Any]:
    """The model without a column."""
    none = {k: arrays[k][:0] for k in PER_COLUMN}
    empty = {
        "indptr": np.zeros(len(arrays["indptr"]), np.int64),
        "indices": np.zeros(0, np.int64),
        "data": np.zeros(0),
    }
    return {**none, **empty, "row_lower": arrays["row_lower"], "row_upper": arrays["row_upper"]}


def _add(h: highspy.Highs, arrays: Arrays, columns: np.ndarray) -> None:
    """Take columns (k,) into the model."""
    number = np.full(len(arrays["cost"]), -1)
    number[columns] = np.arange(len(columns))
    new = number[arrays["indices"]]
    kept = np.flatnonzero(new >= 0)
    kept = kept[np.argsort(new[kept], kind="stable")]
    row = np.searchsorted(arrays["indptr"], kept, side="right") - 1
    start = np.searchsorted(new[kept], np.arange(len(columns)))
    h.addCols(
        len(columns), arrays["cost"][columns].astype(np.float64), arrays["lower"][columns], arrays["upper"][columns],
        len(kept), start.astype(np.int32), row.astype(np.int32), arrays["data"][kept],
    )  # fmt: skip
