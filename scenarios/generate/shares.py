"""Whole numbers that add up, random numbers that stay the same, and one root by halving."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def generator(seed: int, table: str) -> np.random.Generator:
    """The random stream of one table: adding rows to one table leaves all others as they were."""
    return np.random.Generator(np.random.PCG64([seed, *table.encode()]))


def split(total: int, weights: Floats) -> Integers:
    """``total`` shared out by weight in whole numbers, the largest remainders first.

    Parameters
    ----------
    total : int
    weights : (n,) float64
        Not negative; where all are zero, everything is zero.
    """
    whole = float(weights.sum())
    if whole <= 0:
        return np.zeros(len(weights), np.int64)
    exact = total * (weights / whole)
    down = np.floor(exact).astype(np.int64)
    order = np.argsort(down - exact, kind="stable")  # the largest remainder comes first
    down[order[: total - int(down.sum())]] += 1
    return down


def split_groups(totals: Integers, group: Integers, weights: Floats) -> Integers:
    """``totals[g]`` shared out among the rows of each group ``g``, in whole numbers.

    Parameters
    ----------
    totals : (g,) int64
    group : (n,) int64
        Group of each row.
    weights : (n,) float64
    """
    sums = np.bincount(group, weights, len(totals))
    rate = np.divide(totals, sums, out=np.zeros(len(totals)), where=sums > 0)
    exact = weights * rate[group]
    down = np.floor(exact).astype(np.int64)
    left = np.where(sums > 0, totals - np.bincount(group, down, len(totals)).astype(np.int64), 0)
    order = np.lexsort((down - exact, group))
    place = rank_in_group(group[order])
    down[order[place < left[group[order]]]] += 1
    return down


def rank_in_group(group: Integers) -> Integers:
    """0, 1, 2, … inside each run of equal values; ``group`` is sorted."""
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[starts, len(group)])
    return np.arange(len(group)) - np.repeat(starts, lengths)


def root(rising: Callable[[float], float], low: float, high: float, wanted: float, steps: int = 60) -> float:
    """The point where a rising function reaches ``wanted``, by halving."""
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2


def choose(rng: np.random.Generator, size: int, shares: dict[str, float]) -> Integers:
    """``size`` random row numbers of ``shares``, each as often as its share says."""
    edges = np.cumsum(np.array(list(shares.values())) / sum(shares.values()))
    return np.minimum(np.searchsorted(edges, rng.random(size), side="right"), len(shares) - 1).astype(
        np.int64
    )


def every(count: int, wanted: int) -> Integers:
    """``wanted`` of ``count`` row numbers, evenly spaced."""
    wanted = min(wanted, count)
    return ((np.arange(wanted) + 0.5) * count / max(wanted, 1)).astype(np.int64)
