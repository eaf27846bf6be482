"""Columns of a choice model held for a choice that is to be priced."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from planner.solve.task import Arrays
from planner.stage import WhatIf


def hold_columns(
    arrays: Arrays, held: Mapping[int, tuple[float, float]], what_if: WhatIf, others: np.ndarray
) -> Arrays:
    """A model's arrays with some columns held, and the plan's own choices preferred among equally good ones.

    Parameters
    ----------
    arrays : mapping
        As ``ChoiceModel.arrays``.
    held : mapping of int to (float, float)
        Column → at least, at most.
    what_if : WhatIf
        Whose ``step`` weighs a unit of cost against one choice that is not the plan's.
    others : ndarray
        (k,) int64 columns that are not the plan's.
    """
    lower, upper = arrays["lower"].copy(), arrays["upper"].copy()
    for column, (least, most) in held.items():
        lower[column], upper[column] = max(lower[column], least), min(upper[column], most)
    cost = arrays["cost"] * what_if.step
    cost[others] += 1
    found = {**arrays, "lower": lower, "upper": upper, "cost": cost}
    found.pop("start", None)
    return found
