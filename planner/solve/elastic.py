"""A choice model whose rows cannot all hold: the least broken first, then the cost.

Elastic programming: a row that may give gets a column for what it falls short of its lower side, and one for what it goes beyond
its upper side (G. G. Brown and G. W. Graves, Elastic Programming, 1975; J. W. Chinneck, Feasibility and Infeasibility in
Optimization, 2008). Two solves in strict order, as in preemptive goal programming, so that no weight has to outweigh a cost: the
least sum of weighted violations, then the least cost among all answers that break no more.

No promise is exceeded by more than what it promises (a capacity of 12 carries 24 at most): else all that is too much would fall on
the largest, where a unit of it weighs least. Only where rules that never give leave nothing else, there is no such limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.solve import mip
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]
SOLVED = ("OPTIMAL", "FEASIBLE")
WHOLE = 720_720
"""What a promise weighs that is broken as a whole; divisible by 1 … 16, so that parts of small numbers are exact."""
TOLERANCE = 1e-5
"""A violation below this is the solver's tolerance, and none."""


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Minimise ``weight·violation``, then ``cost·x`` among all answers that break no more.

    Arrays in: as ``ChoiceModel.arrays``; ``may_give`` (n_rows,) bool. Arrays out: those of :mod:`planner.solve.mip` without
    the further columns; ``short`` (n_rows,) float64, by how much each row is broken (below its lower side negative, above
    its upper one positive), and ``paid`` (n_rows,) int64, what that weighs; ``why_row`` (k,) int64, rows that are broken, those without anything first, at most ``options["reasons"]`` of them, and
    for each of these ``why_least`` (k,) int64, the least weight of violations where it is kept (−1: it cannot be kept at
    all; −2: not known within the limit), with ``why_ptr`` (k+1,), ``why_other`` int64: the rows that are broken then.
    Facts: as of :mod:`planner.solve.mip`, and ``least``, ``least_bound``: the weight of all violations, and what is
    proved that it is at least. INFEASIBLE where the rows that may not give cannot hold together.
    """
    model = soften(arrays)
    first = mip.solve(model.arrays, options, report)
    if first.status == "INFEASIBLE":
        model = soften(arrays, limited=False)
        first = mip.solve(model.arrays, options, report)
    if first.status not in SOLVED:
        return first
    least, least_bound = int(first.facts["objective"]), int(first.facts["bound"] or 0)
    second = mip.solve(model.at_most(least, arrays["cost"]), options, report)
    if second.status not in SOLVED:
        return Answer("NO_SOLUTION_IN_TIME", {}, second.facts)
    n = len(arrays["cost"])
    found = {k: v[:n] for k, v in second.arrays.items()}
    short = violations(arrays, found.get("values", found["x"]))
    proved = first.status == "OPTIMAL" and second.status == "OPTIMAL"
    facts = {**second.facts, "least": least, "least_bound": min(least, least_bound)}
    facts["cut_short"] = bool(first.facts["cut_short"] or second.facts["cut_short"])
    paid = model.paid(short)
    why = _reasons(arrays, model, short, options, report)
    return Answer("OPTIMAL" if proved else "FEASIBLE", {**found, "short": short, "paid": paid, **why}, facts)


@dataclass(frozen=True)
class Softened:
    """The model with columns for what is broken: ``column`` (k,) and ``row`` (k,) int64 of each, ``weight`` (k,) int64.

    The first ``sides`` of them are those of lower sides. ``whole``: rows that may give are broken by whole numbers only.
    """

    arrays: dict[str, np.ndarray]
    column: np.ndarray
    row: np.ndarray
    weight: np.ndarray
    whole: bool
    sides: int

    def paid(self, short: np.ndarray) -> np.ndarray:
        """(n_rows,) int64: what the violations ``short`` (n_rows,) weigh, below a side and above one."""
        under = np.arange(len(self.row)) < self.sides
        by = np.where(under, np.maximum(0.0, -short[self.row]), np.maximum(0.0, short[self.row]))
        found = np.bincount(self.row, self.weight * by, len(short))
        return np.asarray(np.rint(found).astype(np.int64))

    def keeping(self, row: int) -> dict[str, np.ndarray]:
        """The same with one row kept."""
        upper = self.arrays["upper"].copy()
        upper[self.column[self.row == row]] = 0.0
        return {**self.arrays, "upper": upper}

    def at_most(self, least: int, cost: np.ndarray) -> dict[str, np.ndarray]:
        """Breaking no more than ``least``, at the least ``cost`` (n,) of the model's own columns."""
        some = self.column
        indices = np.concatenate([self.arrays["indices"], some])
        data = np.concatenate([self.arrays["data"], self.weight.astype(np.float64)])
        indptr = np.append(self.arrays["indptr"], len(indices))
        most = float(least) if self.whole else least + 1.0
        return {
            **self.arrays, "indptr": indptr, "indices": indices, "data": data,
            "cost": np.concatenate([cost, np.zeros(len(some), dtype=np.int64)]),
            "row_lower": np.append(self.arrays["row_lower"], -np.inf), "row_upper": np.append(self.arrays["row_upper"], most),
            "row_rule": np.append(self.arrays["row_rule"], -1),
        }  # fmt: skip


def soften(arrays: Arrays, limited: bool = True) -> Softened:
    """Columns for what each row that may give is broken by; the cost is their weight alone.

    ``limited``: a row with an upper side above 0 is exceeded by no more than it promises.
    """
    give = arrays["may_give"]
    under = np.flatnonzero(give & np.isfinite(arrays["row_lower"]))
    over = np.flatnonzero(give & np.isfinite(arrays["row_upper"]))
    row = np.concatenate([under, over])
    sign = np.concatenate([np.ones(len(under)), -np.ones(len(over))])
    n, k = len(arrays["cost"]), len(row)
    column = n + np.arange(k)
    entry_row = np.repeat(np.arange(len(arrays["row_lower"])), np.diff(arrays["indptr"]))
    rows = np.concatenate([entry_row, row])
    order = np.argsort(rows, kind="stable")  # a row's further columns come after its own
    indptr = np.zeros(len(arrays["row_lower"]) + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=len(indptr) - 1), out=indptr[1:])
    side = np.concatenate([arrays["row_lower"][under], arrays["row_upper"][over]])
    size = sizes(arrays, entry_row, row, side)
    weight = np.maximum(1, np.rint(WHOLE / size)).astype(np.int64)
    whole, bounded = _whole_rows(arrays, entry_row)[row], (sign < 0) & (side > 0) & limited
    found = {k: v for k, v in arrays.items() if k not in ("start", "may_give", "rules", "about")}
    found |= {
        "cost": np.concatenate([np.zeros(n, dtype=np.int64), weight]),
        "lower": np.concatenate([arrays["lower"], np.zeros(k)]),
        "upper": np.concatenate([arrays["upper"], np.where(bounded, size, np.inf)]),
        "integer": np.concatenate([arrays["integer"], whole]),
        "indptr": indptr,
        "indices": np.concatenate([arrays["indices"], column])[order],
        "data": np.concatenate([arrays["data"], sign])[order],
    }
    return Softened(found, column, row, weight, bool(whole.all()), len(under))


def sizes(arrays: Arrays, entry_row: np.ndarray, row: np.ndarray, side: np.ndarray) -> np.ndarray:
    """(k,) float64: what the ``side`` (k,) of each ``row`` (k,) promises; one unit of violation weighs :data:`WHOLE` over it.

    That is the side's number or the row's largest coefficient, whichever is more, and at least 1: so three days beyond forty
    weigh less than a visit that is not made. Percentage normalisation, as in weighted goal programming (M. Tamiz, D. Jones,
    C. Romero, EJOR 111, 1998).
    """
    size = np.ones(len(arrays["row_lower"]))
    np.maximum.at(size, entry_row, np.abs(arrays["data"]))
    return np.asarray(np.maximum(size[row], np.abs(side)))


def violations(arrays: Arrays, x: np.ndarray) -> np.ndarray:
    """(n_rows,) float64: how far each row lies below its lower side (negative) or above its upper one; 0 where it holds."""
    activity = mip.activities(arrays, x)
    found = np.minimum(0.0, activity - arrays["row_lower"]) + np.maximum(0.0, activity - arrays["row_upper"])
    return np.where(np.abs(found) < TOLERANCE, 0.0, found)


def _whole_rows(arrays: Arrays, entry_row: np.ndarray) -> np.ndarray:
    """(n_rows,) bool: all that stands in the row is whole, so that it can be broken by whole numbers only."""
    odd = ~arrays["integer"][arrays["indices"]] | (arrays["data"] != np.rint(arrays["data"]))
    part = np.bincount(entry_row[odd], minlength=len(arrays["row_lower"])) > 0
    for side in (arrays["row_lower"], arrays["row_upper"]):
        part |= np.isfinite(side) & (side != np.rint(side))
    return np.asarray(~part)


def _reasons(
    arrays: Arrays, model: Softened, short: np.ndarray, options: Mapping[str, Any], report: Report
) -> dict[str, np.ndarray]:
    """For broken rows, who gets nothing first: what would be broken instead, were they kept; each by a solve of its own."""
    nothing = (short < 0) & (short == -arrays["row_lower"])
    rows = np.concatenate([np.flatnonzero(nothing), np.flatnonzero((short != 0) & ~nothing)])
    rows = rows[: int(options.get("reasons", 0))]
    least, other, ptr = [], [np.zeros(0, dtype=np.int64)], [0]
    for row in rows.tolist():
        answer = mip.solve(model.keeping(row), options, report)
        if answer.status == "INFEASIBLE":
            answer = mip.solve(soften(arrays, limited=False).keeping(row), options, report)
        then = np.zeros(0, dtype=np.int64)
        if answer.status in SOLVED:
            x = answer.arrays.get("values", answer.arrays["x"])[: len(arrays["cost"])]
            then = np.flatnonzero(violations(arrays, x))
        # only what is proved is told as the least
        least.append(
            int(answer.facts["objective"])
            if answer.status == "OPTIMAL"
            else -1
            if answer.status == "INFEASIBLE"
            else -2
        )
        other.append(then)
        ptr.append(ptr[-1] + len(then))
    return {
        "why_row": rows, "why_least": np.array(least, dtype=np.int64), "why_ptr": np.array(ptr, dtype=np.int64),
        "why_other": np.concatenate(other),
    }  # fmt: skip
