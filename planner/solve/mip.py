"""Integer models by HiGHS.

Why HiGHS: it takes whole arrays, reports a live bound and begins from a first answer (docs/engines.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import highspy
import numpy as np

from planner.solve.choice import FEASIBLE
from planner.solve.quick import quick_bound, quick_choice
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]

NODES_PER_WORK = 20_000  # branch-and-bound nodes; a count, so that the answer does not depend on the clock
STALL_PER_WORK = 5_000  # nodes off the best path in a row

_STATUS = {
    highspy.HighsModelStatus.kOptimal: "OPTIMAL",
    highspy.HighsModelStatus.kInfeasible: "INFEASIBLE",
    highspy.HighsModelStatus.kUnbounded: "UNBOUNDED",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "INFEASIBLE",
    highspy.HighsModelStatus.kModelEmpty: "OPTIMAL",
}


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Minimise ``cost·x`` over a :class:`~planner.solve.choice.ChoiceModel`.

    Arrays in: as ``ChoiceModel.arrays``. Arrays out: ``x`` (n,) int64, rounded and re-checked row by row; where
    some columns are continuous also ``values`` (n,) float64, in which those stand as they came.
    Where the clock ends it before there is any, an answer by hand (:mod:`planner.solve.quick`) if one is found so.
    Facts: ``objective`` (int, exact over the rounded x), ``bound`` (int: the solver's bound, rounded up as
    costs are integers), ``nodes``, ``cut_short`` (by the clock), ``checks`` (how often the solver asked whether to go on; 0
    where ``options["checks"]``, after so many of which it ends, is not given). Why a model is INFEASIBLE is the
    business of ``planner/solve/conflict`` and ``planner/solve/cores``.
    """
    h = highs(arrays, options)
    if "start" in arrays:
        _warm_start(h, arrays["start"])
    h.cbMipLogging.subscribe(lambda e: report(_progress(e.data_out)))
    checks = _counted(h, options.get("checks"))
    h.run()
    info = h.getInfo()
    if "start" in arrays and _stale(h, arrays):
        return solve({k: v for k, v in arrays.items() if k != "start"}, options, report)
    model_status = h.getModelStatus()
    status = _STATUS.get(model_status)
    facts: dict[str, Any] = {
        "nodes": int(info.mip_node_count),
        "cut_short": model_status == highspy.HighsModelStatus.kTimeLimit,
        "checks": checks[0],
    }
    if status == "INFEASIBLE":
        return Answer("INFEASIBLE", {}, facts)
    if status == "UNBOUNDED":
        return Answer("UNBOUNDED", {}, facts)
    bound = _bound(info.mip_dual_bound)
    if status is None and info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        least = quick_bound(arrays)
        bound = least if bound is None else max(least, bound)
        quick = quick_choice(arrays) if facts["cut_short"] else None
        if quick is None or violated(arrays, quick).size:
            return Answer("NO_SOLUTION_IN_TIME", {}, {**facts, "bound": bound})
        x = np.rint(quick).astype(np.int64)
        return Answer("FEASIBLE", {"x": x}, {**facts, "objective": int(arrays["cost"] @ x), "bound": bound})
    raw = np.array(h.getSolution().col_value)
    values = np.where(arrays["integer"], np.rint(raw), raw)
    whole = bool(arrays["integer"].all())
    # an integer that was rounded by 1e-6 moves the continuous ones beside it by as much
    if (wrong := violated(arrays, values, FEASIBLE if whole else 10 * FEASIBLE)).size:
        if model_status == highspy.HighsModelStatus.kModelEmpty:
            return Answer("INFEASIBLE", {}, facts)  # no column: rows that ask for something cannot hold
        raise ArithmeticError(f"HiGHS's rounded answer breaks {wrong.size} rows")
    objective = int(arrays["cost"] @ values.astype(np.int64) if whole else np.rint(arrays["cost"] @ values))
    if status == "OPTIMAL":
        bound = objective
    found = {"x": np.rint(values).astype(np.int64)} | ({} if whole else {"values": values})
    return Answer(status or "FEASIBLE", found, {**facts, "objective": objective, "bound": bound})


def _counted(h: highspy.Highs, most: int | None) -> list[int]:
    """How often HiGHS asks whether to go on, from now; told to stop after ``most`` times.

    It asks after each round of cuts, each dive and each node. Nodes alone are no limit: a weak relaxation may take minutes at the
    first of them.
    """
    count = [0]
    if most is not None:

        def asked(event: Any) -> None:
            count[0] += 1
            if count[0] >= most:
                event.interrupt()

        h.cbMipInterrupt.subscribe(asked)
    return count


def _stale(h: highspy.Highs, arrays: Arrays) -> bool:
    """Whether HiGHS tells a better objective than its columns have: it may leave the start in them (seen with 1.16)."""
    info = h.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return False
    told, has = info.objective_function_value, float(arrays["cost"] @ np.array(h.getSolution().col_value))
    return abs(told - has) > max(0.5, FEASIBLE * abs(has))


def highs(arrays: Arrays, options: Mapping[str, Any]) -> highspy.Highs:
    """A HiGHS model of the arrays, its options set so that the answer depends on counts, not on the clock.

    With ``time_limit`` the clock alone ends it, unless ``count_too`` keeps the count of nodes as well.
    """
    h = highspy.Highs()
    work = float(options.get("work") or 1.0)
    settings: dict[str, Any] = {
        "log_to_console": False,  # output_flag stays on: without it no progress is told
        "threads": int(options.get("threads") or 1),
        "random_seed": 0,
        "mip_rel_gap": float(options.get("gap") or 0.0),
        "mip_abs_gap": float(
            options.get("abs_gap") or 0.999
        ),  # costs are integers: below one it proves the optimum
        "mip_max_nodes": max(1, int(NODES_PER_WORK * work)),
        "mip_max_stall_nodes": max(1, int(STALL_PER_WORK * work)),
        "mip_feasibility_tolerance": FEASIBLE,
    }
    if options.get("time_limit"):
        settings["time_limit"] = float(options["time_limit"])
    if options.get("time_limit") and not options.get("count_too"):
        settings["mip_max_nodes"] = settings["mip_max_stall_nodes"] = 2**31 - 1
    for name, value in settings.items():
        h.setOptionValue(name, value)
    h.passModel(_model(arrays))
    return h


def _warm_start(h: highspy.Highs, start: np.ndarray) -> None:
    """Hand over a first guess (n,); columns that are NaN are completed by the solver."""
    known = np.flatnonzero(~np.isnan(start))
    if len(known) < len(start):
        h.setSolution(len(known), known.astype(np.int32), start[known])
        return
    whole = highspy.HighsSolution()
    whole.col_value = start.tolist()
    h.setSolution(whole)


def _model(arrays: Arrays) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(arrays["cost"]), len(arrays["row_lower"])
    lp.col_cost_ = arrays["cost"].astype(np.float64)
    lp.col_lower_, lp.col_upper_ = arrays["lower"], arrays["upper"]
    lp.row_lower_, lp.row_upper_ = arrays["row_lower"], arrays["row_upper"]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = arrays["indptr"].astype(np.int32)
    lp.a_matrix_.index_ = arrays["indices"].astype(np.int32)
    lp.a_matrix_.value_ = arrays["data"]
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(i)] for i in arrays["integer"]]
    return lp


def violated(arrays: Arrays, x: np.ndarray, tolerance: float = FEASIBLE) -> np.ndarray:
    """Numbers of the rows (and, after them, columns) that ``x`` breaks by more than ``tolerance``; shape ``(k,)``."""
    activity = activities(arrays, x)
    rows = (activity < arrays["row_lower"] - tolerance) | (activity > arrays["row_upper"] + tolerance)
    columns = (x < arrays["lower"] - tolerance) | (x > arrays["upper"] + tolerance)
    return np.flatnonzero(np.concatenate([rows, columns]))


def activities(arrays: Arrays, x: np.ndarray) -> np.ndarray:
    """``A x``, shape ``(n_rows,)``."""
    weighted = np.concatenate([[0.0], np.cumsum(arrays["data"] * x[arrays["indices"]])])
    return np.asarray(weighted[arrays["indptr"][1:]] - weighted[arrays["indptr"][:-1]])


def _bound(value: float) -> int | None:
    return int(np.ceil(value - 1e-6)) if np.isfinite(value) else None


def _progress(out: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"nodes": int(out.mip_node_count)}
    if np.isfinite(out.mip_primal_bound):
        found["objective"] = float(out.mip_primal_bound)
    if np.isfinite(out.mip_dual_bound):
        found["bound"] = float(out.mip_dual_bound)
    return found
