"""A choice model with one column after another held: the same linear relaxation again and again, each begun from the corner of the last.

Where a relaxation's best corner is whole and its multipliers prove that nothing is cheaper, it is the model's best answer, and no branching is
needed: so it is nearly always where the rows count pairs at two ends (Hoffman, Kruskal 1956).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import highspy
import numpy as np

from planner.solve.lagrange import bound_of
from planner.solve.mip import highs, violated
from planner.solve.task import Answer, Arrays

SLACK = 1e-3
"""What the sums of a bound may be off by."""
EXTRA = ("held", "to")


def solve(arrays: Arrays, options: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Answer:
    """The best answers with one column held, for each of several.

    Arrays in: as ``ChoiceModel.arrays``; ``held`` (k,) int64 columns, ``to`` (k,) float64 what each is held at. Arrays out: ``x`` (k, n)
    int64, the best answers where they are known. Facts: ``told``, of each column ``OPTIMAL``, ``INFEASIBLE``, or ``UNKNOWN`` where
    an integer solve has to tell; ``least``, what each of those answers costs at least (int), ``None`` where that is not known either.
    Always ``OPTIMAL``.
    """
    model = {k: v for k, v in arrays.items() if k not in (*EXTRA, "start")}
    h = highs(model, options)
    settings: dict[str, Any] = {"solve_relaxation": True, "solver": "simplex", "presolve": "off"}
    for name, value in settings.items():
        h.setOptionValue(name, value)
    k, n = len(arrays["held"]), len(model["cost"])
    told, bounds, x = list[str](), list[int | None](), np.zeros((k, n), np.int64)
    for i, (column, to) in enumerate(zip(arrays["held"].tolist(), arrays["to"].tolist(), strict=True)):
        lower, upper = model["lower"].copy(), model["upper"].copy()
        lower[column] = upper[column] = to
        h.changeColBounds(column, to, to)
        h.run()
        status, least, x[i] = _read(h, {**model, "lower": lower, "upper": upper})
        told.append(status)
        bounds.append(int(np.ceil(least - SLACK)) if np.isfinite(least) else None)
        h.changeColBounds(column, float(model["lower"][column]), float(model["upper"][column]))
    return Answer("OPTIMAL", {"x": x}, {"told": told, "least": bounds})


def _read(h: highspy.Highs, arrays: Arrays) -> tuple[str, float, np.ndarray]:
    """What the relaxation tells of the model, what is proved as the least, and the answer."""
    nothing, status = np.zeros(len(arrays["cost"]), np.int64), h.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return "INFEASIBLE", np.inf, nothing
    if status != highspy.HighsModelStatus.kOptimal:
        return "UNKNOWN", -np.inf, nothing
    solution = h.getSolution()
    x = np.rint(np.array(solution.col_value)).astype(np.int64)
    least, _ = bound_of(arrays, np.array(solution.row_dual))
    if int(arrays["cost"] @ x) - least < 1 - SLACK and not violated(arrays, x).size:
        return "OPTIMAL", least, x
    return "UNKNOWN", least, nothing
