"""Cheapest subsets under a capacity, for all knapsacks at once: dynamic programming over whole arrays."""

from __future__ import annotations

import numpy as np

CELLS_MAX = 60_000_000  # cells of one table of decisions (a byte each) that are held at a time


def cheapest_sets(value: np.ndarray, load: np.ndarray, capacity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each knapsack the subset of least value that fits; items of value ≥ 0 are never taken.

    Parameters
    ----------
    value : ndarray
        (m, n) int64: what item j adds in knapsack i.
    load : ndarray
        (m, n) int64 ≥ 0: what item j takes of knapsack i.
    capacity : ndarray
        (m,) int64 ≥ 0.

    Returns
    -------
    tuple of ndarray
        (m,) int64 least values, exact; (m, n) bool the subsets that have them.
    """
    m, n = value.shape
    least = np.zeros(m, dtype=np.int64)
    taken = np.zeros((m, n), dtype=bool)
    wanted = (value < 0) & (load <= capacity[:, None])
    free = wanted & (load == 0)
    least += np.where(free, value, 0).sum(axis=1)
    taken |= free
    wanted &= ~free
    width = int(capacity.max(initial=0)) + 1
    most = max(1, int(wanted.sum(axis=1).max(initial=0)))
    block = max(1, CELLS_MAX // (most * width))
    for start in range(0, m, block):
        rows = slice(start, min(m, start + block))
        least[rows] += _block(value[rows], load[rows], capacity[rows], wanted[rows], taken[rows])
    return least, taken


def _block(
    value: np.ndarray, load: np.ndarray, capacity: np.ndarray, wanted: np.ndarray, taken: np.ndarray
) -> np.ndarray:
    """Some knapsacks; marks ``taken`` and returns their least values."""
    m, most = len(capacity), int(wanted.sum(axis=1).max(initial=0))
    if most == 0:
        return np.zeros(m, dtype=np.int64)
    items = np.argsort(~wanted, axis=1, kind="stable")[:, :most]
    real = np.take_along_axis(wanted, items, axis=1)
    gain = np.where(real, np.take_along_axis(value, items, axis=1), 0)
    size = np.where(real, np.take_along_axis(load, items, axis=1), 0)
    width = int(capacity.max()) + 1
    best = np.zeros((m, width), dtype=np.int64)
    chosen = np.zeros((most, m, width), dtype=bool)
    room = np.arange(width)
    first = (np.arange(m) * width)[:, None]
    for k in range(most):
        at = room[None, :] - size[:, k, None]
        with_it = best.ravel()[np.maximum(at, 0) + first] + gain[:, k, None]
        better = (at >= 0) & (with_it < best)
        chosen[k] = better
        np.copyto(best, with_it, where=better)
    left = capacity.copy()
    row = np.arange(m)
    for k in range(most - 1, -1, -1):
        hit = chosen[k, row, left]
        taken[row[hit], items[hit, k]] = True
        left -= np.where(hit, size[:, k], 0)
    return np.asarray(best[row, capacity])


def forced_in(value: np.ndarray, load: np.ndarray, capacity: int) -> np.ndarray:
    """One knapsack: the least value of a subset that holds item j, for every j; (n,) int64.

    ``value`` and ``load`` are (n,) int64. Items that do not fit get the largest int64 quarter.
    """
    n, width = len(value), capacity + 1
    before = np.zeros((n + 1, width), dtype=np.int64)
    after = np.zeros((n + 1, width), dtype=np.int64)
    for k in range(n):
        before[k + 1] = _with(before[k], int(value[k]), int(load[k]))
        after[k + 1] = _with(after[k], int(value[n - 1 - k]), int(load[n - 1 - k]))
    found = np.full(n, np.iinfo(np.int64).max // 4)
    for k in range(n):
        left = capacity - int(load[k])
        if left >= 0:  # what the items before take of the room that is left, what those after it take
            found[k] = value[k] + (before[k][: left + 1] + after[n - 1 - k][left::-1]).min()
    return found


def _with(best: np.ndarray, value: int, load: int) -> np.ndarray:
    if value >= 0 or load >= len(best):
        return best
    found = best.copy()
    shifted = best[: len(best) - load] + value
    np.minimum(found[load:], shifted, out=found[load:])
    return found
