"""Whether a choice model has any point: costs do not matter, and whatever settles it first is enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planner.solve import mip
from planner.solve.lumped import impossible_or_used
from planner.solve.quick import quick_choice
from planner.solve.task import Answer, Arrays

MANY = 5_000
"""Columns of a model that HiGHS does not settle at once."""


def solve(arrays: Arrays, options: Mapping[str, Any], report: mip.Report) -> Answer:
    """OPTIMAL with a point that keeps every row, INFEASIBLE, or NO_SOLUTION_IN_TIME.

    Arrays in: as ``ChoiceModel.arrays``; ``start`` is a point that kept a model like this one. Arrays out: ``x``. In this order: the point
    that is known, a point by hand (:mod:`planner.solve.quick`), a proof by what is alike (:mod:`planner.solve.lumped`), the solver on
    the columns that a vertex of the small model uses, and on all.
    """
    arrays = {**arrays, "cost": np.zeros_like(arrays["cost"])}
    whole = bool(arrays["integer"].all())
    start = arrays.pop("start", None)
    if whole and len(arrays["cost"]) >= MANY:
        if start is not None and not np.isnan(start).any() and not mip.violated(arrays, start).size:
            return _point(start)
        quick = quick_choice(arrays if start is None else {**arrays, "start": start})
        if quick is not None and not mip.violated(arrays, quick).size:
            return _point(quick)
        impossible, used = impossible_or_used(arrays)
        if impossible:
            return Answer("INFEASIBLE", {}, {})
        if used is not None:
            answer = mip.solve(
                {**arrays, "upper": np.where(used, arrays["upper"], arrays["lower"])}, options, report
            )
            if answer.status in ("OPTIMAL", "FEASIBLE"):
                return answer
    return mip.solve(arrays, options, report)


def _point(x: np.ndarray) -> Answer:
    return Answer("OPTIMAL", {"x": np.rint(x).astype(np.int64)}, {})
