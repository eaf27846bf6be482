"""The cheapest matching of as many rows as columns; SciPy is loaded when one is asked for, as few questions need it."""

from __future__ import annotations

import numpy as np


def cheapest_matching(cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of each pair, (n,) each, of the cheapest matching of ``cost`` (n, n)."""
    from scipy.optimize import linear_sum_assignment  # type: ignore[attr-defined]  # exported, but not by its own list

    rows, columns = linear_sum_assignment(cost)
    return np.asarray(rows), np.asarray(columns)
