"""What multipliers of a choice model's rows prove: ``L(w) = Σ_i min(w_i·side_i) + Σ_j min(d_j·x_j)``, ``d = cost − Aᵀw``, bounds every answer.

However the multipliers came about (Lagrange; Geoffrion 1974). Those of a linear relaxation's best corner prove the most.
"""

from __future__ import annotations

import numpy as np

from planner.solve.task import Arrays


def lagrange(arrays: Arrays, dual: np.ndarray) -> tuple[float, np.ndarray]:
    """The rows' part of the bound, and the reduced cost of each column (n,); multipliers of sides that are open count nothing."""
    lower, upper = arrays["row_lower"], arrays["row_upper"]
    open_side = np.where(dual > 0, ~np.isfinite(lower), ~np.isfinite(upper))
    weight = np.where(open_side, 0.0, dual)
    side = np.where(weight > 0, lower, upper)
    rows = float(np.sum(weight * np.where(weight == 0, 0.0, side)))
    per = np.repeat(weight, np.diff(arrays["indptr"]))
    taken = np.bincount(arrays["indices"], arrays["data"] * per, minlength=len(arrays["cost"]))
    return rows, arrays["cost"] - taken


def least_between(reduced: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """(n,) least of ``reduced·x`` between the limits."""
    end = np.where(reduced > 0, lower, upper)
    return np.asarray(np.where(reduced == 0, 0.0, reduced * np.where(reduced == 0, 0.0, end)))


def bound_of(arrays: Arrays, dual: np.ndarray) -> tuple[float, np.ndarray]:
    """What every answer costs at least by these multipliers, and the reduced cost of each column (n,)."""
    base, reduced = lagrange(arrays, dual)
    return base + float(least_between(reduced, arrays["lower"], arrays["upper"]).sum()), reduced
