"""Whole parts of whole amounts, exactly."""

from __future__ import annotations

import numpy as np

ONE = 10**12
"""A level of 1: everything. Levels are whole parts of it: of 10¹² units a level is right to one unit."""


def part(amount: np.ndarray, level: np.ndarray) -> np.ndarray:
    """``amount · level / ONE``, rounded up, exactly."""
    return np.asarray((-(-amount.astype(object) * level.astype(object) // ONE)).astype(np.int64))
