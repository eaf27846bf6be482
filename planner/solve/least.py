"""What every choice costs at least: one linear relaxation, read as a proof.

With one column held elsewhere only its own term of the bound by multipliers (:mod:`planner.solve.lagrange`) changes: so one solve tells
a bound for each of them. Multipliers are not unique: those of a corner prove little of the
columns that are in the answer; from the middle of the best ones they prove something of nearly all, but take several times as
long (``options["thorough"]``). Of two bounds the better one is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import highspy
import numpy as np

from planner.solve.lagrange import lagrange, least_between
from planner.solve.mip import highs
from planner.solve.sifted import MANY, sifted
from planner.solve.task import Answer, Arrays


def solve(arrays: Arrays, options: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Answer:
    """Prove what an answer costs at least with each column above, and below, where it is.

    Arrays in: as ``ChoiceModel.arrays``, and ``at`` (n,) int64, the answer that is held against. Arrays out: ``more`` and
    ``less`` (n,) float64, a bound on the cost of every answer whose column is at least one above, or below, ``at``; infinite
    where that is beyond the column's own limits, minus infinity where nothing is proved.
    Facts: ``bound``, the bound without anything held. Always ``OPTIMAL``: multipliers of any quality prove what they prove.
    """
    methods = ("simplex", "ipm") if options.get("thorough") else ("simplex",)
    none = np.zeros(len(arrays["row_lower"]))
    found = [multipliers(arrays, options, method) for method in methods]
    sides = [_bounds(arrays, none if dual is None else dual) for dual in found]
    more, less = (np.max([side[k] for side in sides], axis=0) for k in ("more", "less"))
    whole = max(float(side["whole"]) for side in sides)
    return Answer("OPTIMAL", {"more": more, "less": less}, {"bound": whole if np.isfinite(whole) else None})


def multipliers(arrays: Arrays, options: Mapping[str, Any], method: str) -> np.ndarray | None:
    """(rows,) multipliers of the relaxation from a corner (``simplex``) or from within (``ipm``); ``None`` where it has no answer."""
    if method == "simplex" and not options.get("thorough") and "at" in arrays and len(arrays["cost"]) >= MANY:
        few = sifted(arrays, options)
        if few is not None:
            return few
    h = highs({k: v for k, v in arrays.items() if k != "start"}, options)
    settings: dict[str, Any] = {"solve_relaxation": True, "solver": method, "run_crossover": "off"}
    if method == "ipm" or not options.get("thorough"):
        # it would take columns out before there is a middle; and from a corner alone it takes longer than it saves
        settings["presolve"] = "off"
    for name, value in settings.items():
        h.setOptionValue(name, value)
    h.run()
    solved = h.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return np.array(h.getSolution().row_dual) if solved else None


def _bounds(arrays: Arrays, dual: np.ndarray) -> dict[str, np.ndarray]:
    """``more``, ``less`` (n,) and ``whole``, the bound without anything held, as these multipliers prove them."""
    base, reduced = lagrange(arrays, dual)
    lower, upper, at = arrays["lower"], arrays["upper"], arrays["at"]
    own = least_between(reduced, lower, upper)
    whole = base + float(own.sum())
    more = _held(whole, own, reduced, np.maximum(lower, at + 1), upper)
    less = _held(whole, own, reduced, lower, np.minimum(upper, at - 1))
    return {"more": more, "less": less, "whole": np.array(whole)}


def _held(
    whole: float, own: np.ndarray, reduced: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> np.ndarray:
    """(n,) the bound with one column within other limits."""
    if not np.isfinite(whole):
        return np.full(len(own), -np.inf)
    found = whole - own + least_between(reduced, lower, np.maximum(lower, upper))
    return np.asarray(np.where(lower > upper, np.inf, found))
