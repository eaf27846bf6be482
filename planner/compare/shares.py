"""How evenly something is spread: Lorenz curve and Gini coefficient."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

POINTS = 101
"""Of a curve at most; all of them lie on it."""


def gini(amounts: ArrayLike) -> float | None:
    """Gini coefficient: 0 where all have the same, ``(n - 1) / n`` where one of n has all.

    Half the mean difference between two of them, over the mean: Σ|x − y| / (2 n Σx). ``None`` where there is nothing to spread.

    Parameters
    ----------
    amounts : array_like
        (n,) not negative, in any unit.
    """
    sorted_amounts = np.sort(np.asarray(amounts, dtype=np.float64))
    n, total = len(sorted_amounts), float(sorted_amounts.sum())
    if n == 0 or total <= 0:
        return None
    ranks = np.arange(1, n + 1)
    return max(0.0, float(((2 * ranks - n - 1) * sorted_amounts).sum() / (n * total)))


def lorenz(amounts: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of the Lorenz curve: share of those who have least, and share of the whole that they have.

    From (0, 0) to (1, 1); empty where there is nothing to spread. Of a long curve :data:`POINTS` evenly chosen ones.

    Parameters
    ----------
    amounts : array_like
        (n,) not negative, in any unit.
    """
    sorted_amounts = np.sort(np.asarray(amounts, dtype=np.float64))
    n, total = len(sorted_amounts), float(sorted_amounts.sum())
    if n == 0 or total <= 0:
        return np.empty(0), np.empty(0)
    had = np.concatenate([[0.0], np.cumsum(sorted_amounts) / total])
    had[-1] = 1.0
    chosen = np.unique(np.round(np.linspace(0, n, min(n + 1, POINTS))).astype(np.int64))
    return chosen / n, had[chosen]
