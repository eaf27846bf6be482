"""Numbers drawn from numbers: the same from the same, and else as if by chance."""

from __future__ import annotations

import numpy as np


def mixed(*parts: np.ndarray) -> np.ndarray:
    """uint64 drawn from uint64 numbers, one after another, broadcast (SplitMix64's finaliser; Steele, Lea, Flood 2014)."""
    found = np.zeros(1, np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            x = found * np.uint64(0x9E3779B97F4A7C15) + part
            x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            found = x ^ (x >> np.uint64(31))
    return np.asarray(found)
