"""A bounded flow with side rows: a linear programme by HiGHS, then whole units by a flow on rounded bounds.

Side rows (shares of what is spent, rolling balances, year against year) break the network, so its optimum need not be
whole. Between its rounded-down and rounded-up arcs a whole flow exists (total unimodularity); where that breaks a side row,
the programme is solved again with the row tightened by what rounding can move. Every row is checked again in exact
integers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csc_matrix

from planner.solve.bounded_flow import cheapest_flow, no_flow
from planner.solve.cores import clashing
from planner.solve.flow_model import UNLIMITED
from planner.solve.potentials import exact_dot, proven_bound
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]

MONEY = 1e6  # the programme counts in millions: HiGHS's tolerances are absolute
FEASIBLE = 1e-9  # HiGHS's tolerances of rows (in millions) and of reduced costs
DUAL_SCALE = 10**9  # prices are kept as whole billionths, so that the bound stays exact
ROOM = (1, 16)  # how far an arc may move from the fractional flow; the first that works is taken
PUSHES = 6
PUSH = 10_000  # of a pushed row's largest coefficient; more than a unit is worth anywhere
MARGINS = (1, 16)  # by how many units per arc side rows are tightened, where rounding would break one


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Minimise ``cost·f`` over a :class:`~planner.solve.flow_model.FlowModel` with side rows.

    Arrays out: ``flow`` (n_arcs,) int64; ``potential`` (n_nodes,) and ``multiplier`` (n_rows,) int64, in
    ``1/dual_scale``: a multiplier is positive where a row's lower bound binds, negative where its upper one does.
    Facts: ``objective``, ``bound`` (what the rounded prices prove, exactly), ``dual_scale``, ``rounding_cost`` (what
    whole units cost over the fractional optimum). INFEASIBLE: ``behind`` and ``short`` where the flow alone, without
    side rows, has no answer; else ``rows`` (k,), side rows that are shown to clash with the flow, none where that is
    HiGHS's word alone.
    """
    first = linear(arrays, options, report, 0)
    if first is None:
        if cheapest_flow(arrays) is None:
            return no_flow(arrays)
        return Answer("INFEASIBLE", {"rows": clashing_rows(arrays)}, {})
    if first == "limit":
        return Answer("NO_SOLUTION_IN_TIME", {}, {"cut_short": True})
    fractional, potential, multiplier, optimum = first
    flow, cut_short = whole_flow(arrays, fractional), False
    for margin in MARGINS:
        if flow is not None:
            break
        report({"step": "whole units", "margin": margin, "bound": optimum})
        held = linear(arrays, options, report, margin)
        cut_short |= held == "limit"
        flow = whole_flow(arrays, held[0]) if isinstance(held, tuple) else None
    if flow is None:
        return Answer("NO_SOLUTION_IN_TIME", {}, {"bound": optimum, "cut_short": cut_short})
    objective = exact_dot(arrays["cost"], flow)
    bound = rows_bound(arrays, potential, multiplier)
    facts = {
        "objective": objective,
        "bound": min(bound, objective),
        "dual_scale": DUAL_SCALE,
        "rounding_cost": max(objective - optimum, 0),
    }
    status = "OPTIMAL" if objective == bound else "FEASIBLE"
    return Answer(status, {"flow": flow, "potential": potential, "multiplier": multiplier}, facts)


def tolerance(arrays: Arrays) -> float:
    """How far the programme's optimum may be from the exact one, in cost: its tolerances at every arc, and one unit.

    A reduced cost may be wrong by :data:`FEASIBLE` on an arc's whole room, an arc's flow by as much of a million.
    """
    room = (arrays["upper"] - arrays["lower"]).astype(np.float64)
    largest = np.abs(arrays["cost"]).astype(np.float64)
    return float(FEASIBLE * (room.sum() + MONEY * largest.sum())) + 1.0


def linear_optimum(arrays: Arrays, options: Mapping[str, Any] | None = None) -> int | None:
    """The programme's optimum, rounded to a whole cost; ``None`` where it has none or is cut short."""
    found = linear(arrays, options or {}, lambda m: None, 0)
    return found[3] if isinstance(found, tuple) else None


def rows_bound(arrays: Arrays, potential: np.ndarray, multiplier: np.ndarray) -> int:
    """The bound that prices prove (weak duality), rounded up to a whole cost: costs and flows are whole."""
    priced = dict(arrays)
    cost = arrays["cost"].astype(object) * DUAL_SCALE
    weight = np.repeat(multiplier, np.diff(arrays["indptr"])).astype(object) * arrays["data"].astype(object)
    np.subtract.at(cost, arrays["indices"], weight)
    limit = np.where(multiplier > 0, arrays["row_lower"], arrays["row_upper"])
    worth = sum(int(m) * int(b) for m, b in zip(multiplier, limit, strict=True) if m)
    priced["cost"] = cost
    total = proven_bound(priced, potential.astype(object)) + worth
    return -(-total // DUAL_SCALE)


def whole_flow(arrays: Arrays, fractional: np.ndarray) -> np.ndarray | None:
    """The cheapest whole flow beside a fractional one that keeps every side row, (n_arcs,) int64; ``None`` if none.

    Where rounding breaks rows, they are pushed: their arcs cost so much that the next flow rounds in their favour.
    """
    for room in ROOM:
        low = np.maximum(np.floor(fractional).astype(np.int64) - (room - 1), arrays["lower"])
        high = np.minimum(np.ceil(fractional).astype(np.int64) + (room - 1), arrays["upper"])
        box = {
            **arrays,
            "lower": np.minimum(low, arrays["upper"]),
            "upper": np.maximum(high, arrays["lower"]),
        }
        pushed = np.zeros(len(arrays["row_lower"]), dtype=np.int64)
        for _ in range(PUSHES):
            flow = cheapest_flow({**box, "cost": arrays["cost"] + push(arrays, pushed)})
            if flow is None:
                break
            wrong = broken_rows(arrays, flow)
            if not wrong.any():
                return flow
            pushed += wrong
    return None


def push(arrays: Arrays, pushed: np.ndarray) -> np.ndarray:
    """What pushed rows add to the cost of their arcs, (n_arcs,) int64; ``pushed`` is −1 per push up, +1 per push down."""
    strength = PUSH * np.sign(pushed) * np.abs(pushed)
    each = (
        np.repeat(strength, np.diff(arrays["indptr"]))
        * arrays["data"]
        / np.repeat(row_scale(arrays), np.diff(arrays["indptr"]))
    )
    return np.rint(np.bincount(arrays["indices"], each, len(arrays["cost"]))).astype(np.int64)


def broken_rows(arrays: Arrays, flow: np.ndarray) -> np.ndarray:
    """(n_rows,) int64 in exact integers: −1 where a side row is below its lower bound, 1 above its upper one, else 0."""
    activity = np.zeros(len(arrays["row_lower"]), dtype=object)
    row = np.repeat(np.arange(len(activity)), np.diff(arrays["indptr"]))
    np.add.at(activity, row, arrays["data"].astype(object) * flow[arrays["indices"]].astype(object))
    low = (activity < arrays["row_lower"]) & (arrays["row_lower"] > -UNLIMITED)
    high = (activity > arrays["row_upper"]) & (arrays["row_upper"] < UNLIMITED)
    return np.asarray(high.astype(np.int64) - low.astype(np.int64))


def linear(arrays: Arrays, options: Mapping[str, Any], report: Report, room: int) -> Any:
    """Fractional flow, prices and optimum of the linear programme; ``None`` where it has none, ``limit`` when cut short."""
    h: Any = highspy.Highs()
    settings: dict[str, Any] = {
        "output_flag": False,
        "threads": int(options.get("threads") or 1),
        "random_seed": 0,
        "solver": "ipm",  # on these networks several times faster than simplex; crossover gives a vertex
        "primal_feasibility_tolerance": FEASIBLE,
        "dual_feasibility_tolerance": FEASIBLE,
    }
    if options.get("time_limit"):
        settings["time_limit"] = float(options["time_limit"])
    for name, value in settings.items():
        h.setOptionValue(name, value)
    h.passModel(_programme(arrays, room))
    report({"step": "linear programme", "arcs": len(arrays["cost"]), "rows": len(arrays["row_lower"])})
    h.run()
    status = h.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    if status == highspy.HighsModelStatus.kTimeLimit:
        return "limit"
    if status != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError(f"HiGHS: {h.modelStatusToString(status)}")
    solution = h.getSolution()
    fractional = np.clip(np.array(solution.col_value) * MONEY, arrays["lower"], arrays["upper"])
    dual = np.array(solution.row_dual)
    n = len(arrays["supply"])
    potential = np.rint(-dual[:n] * DUAL_SCALE).astype(np.int64)
    multiplier = _sided(arrays, np.rint(dual[n:] / row_scale(arrays) * DUAL_SCALE).astype(np.int64))
    optimum = int(np.ceil(h.getInfo().objective_function_value * MONEY - 0.5))
    return fractional, potential, multiplier, optimum


def clashing_rows(arrays: Arrays) -> np.ndarray:
    """(k,) numbers of side rows that cannot hold beside the flow, by multipliers that NumPy checked; empty where none shows it."""
    lp, n, m = _programme(arrays, 0), len(arrays["supply"]), len(arrays["cost"])
    by_column = csc_matrix((np.array(lp.a_matrix_.value_), np.array(lp.a_matrix_.index_), np.array(lp.a_matrix_.start_)), (lp.num_row_, m))  # fmt: skip
    rows = by_column.tocsr()
    choice = {
        "cost": np.zeros(m), "lower": np.array(lp.col_lower_), "upper": np.array(lp.col_upper_), "integer": np.zeros(m, dtype=bool),
        "indptr": rows.indptr.astype(np.int64), "indices": rows.indices.astype(np.int64), "data": rows.data,
        "row_lower": np.array(lp.row_lower_), "row_upper": np.array(lp.row_upper_),
    }  # fmt: skip
    found = clashing(choice, np.arange(lp.num_row_))
    return np.zeros(0, dtype=np.int64) if found is None else found[found >= n] - n


def _sided(arrays: Arrays, multiplier: np.ndarray) -> np.ndarray:
    """Multipliers without those that point at a bound which is not there."""
    wrong = ((multiplier > 0) & (arrays["row_lower"] <= -UNLIMITED)) | (
        (multiplier < 0) & (arrays["row_upper"] >= UNLIMITED)
    )
    return np.where(wrong, 0, multiplier)


def row_scale(arrays: Arrays) -> np.ndarray:
    """(n_rows,) float64: the largest coefficient of each row, by which it is divided."""
    row = np.repeat(np.arange(len(arrays["row_lower"])), np.diff(arrays["indptr"]))
    found = np.ones(len(arrays["row_lower"]))
    np.maximum.at(found, row, np.abs(arrays["data"]).astype(np.float64))
    return found


def _programme(arrays: Arrays, room: int) -> highspy.HighsLp:
    """Columns: arcs, in millions. Rows: nodes, then side rows (divided by their largest coefficient, with a margin)."""
    n, m, k = len(arrays["supply"]), len(arrays["cost"]), len(arrays["row_lower"])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = m, n + k
    lp.col_cost_ = arrays["cost"].astype(np.float64)
    lp.col_lower_, lp.col_upper_ = arrays["lower"] / MONEY, arrays["upper"] / MONEY
    scale = row_scale(arrays)
    row = np.repeat(np.arange(k), np.diff(arrays["indptr"]))
    margin = np.bincount(row, np.abs(arrays["data"]), k) * room
    low = np.where(arrays["row_lower"] > -UNLIMITED, (arrays["row_lower"] + margin) / scale / MONEY, -np.inf)
    high = np.where(arrays["row_upper"] < UNLIMITED, (arrays["row_upper"] - margin) / scale / MONEY, np.inf)
    supply = arrays["supply"] / MONEY
    lp.row_lower_, lp.row_upper_ = np.concatenate([supply, low]), np.concatenate([supply, high])
    arc = np.arange(m)
    rows = np.concatenate([arrays["tail"], arrays["head"], n + row])
    columns = np.concatenate([arc, arc, arrays["indices"]])
    values = np.concatenate([np.ones(m), -np.ones(m), arrays["data"] / scale[row]])
    order = np.lexsort((rows, columns))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=m))]).astype(np.int32)
    lp.a_matrix_.index_ = rows[order].astype(np.int32)
    lp.a_matrix_.value_ = values[order]
    return lp
