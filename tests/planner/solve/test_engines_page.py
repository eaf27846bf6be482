"""docs/engines.md says what each solver library gives; here each of its cells is tried on the installed versions."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pandas
import pytest
from ortools.graph.python import min_cost_flow
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model
from ortools.util.python import solve_interrupter

PAGE = Path(__file__).resolve().parents[3] / "docs" / "engines.md"
OFF = mathopt.SolveParameters(presolve=mathopt.Emphasis.OFF)
KIND = {
    "GLOP (MathOpt)": mathopt.SolverType.GLOP,
    "HiGHS (MathOpt)": mathopt.SolverType.HIGHS,
    "PDLP (MathOpt)": mathopt.SolverType.PDLP,
}
RANDOM = np.random.default_rng(3)
A, B, C = RANDOM.integers(1, 9, (20, 30)), RANDOM.integers(40, 90, 20), RANDOM.integers(1, 20, 30)


def page() -> dict[tuple[str, str], bool]:
    """(capability, solver) → yes or no, as the page's first table says."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    table = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines[: lines.index("| engine of ours | solver | why |")]
    ]
    solvers = table[0][1:]
    found = {}
    for first, *cells in table[2:]:
        capability = re.sub(r"^\S+ ", "", first)
        found.update(
            {(capability, s): {"yes": True, "no": False}[c] for s, c in zip(solvers, cells, strict=True)}
        )
    return found


# ---- MathOpt


def linear(integer: bool = False) -> tuple[Any, list[Any]]:
    model = mathopt.Model()
    xs = [model.add_variable(lb=0, ub=10, is_integer=integer) for _ in C]
    for row, least in zip(A, B, strict=True):
        model.add_linear_constraint(
            mathopt.fast_sum(int(a) * x for a, x in zip(row, xs, strict=True)) >= int(least)
        )
    model.minimize(mathopt.fast_sum(int(c) * x for c, x in zip(C, xs, strict=True)))
    return model, xs


def clashing() -> Any:
    model = mathopt.Model()
    x, y = model.add_variable(lb=0, ub=10), model.add_variable(lb=0, ub=10)
    model.add_linear_constraint(x + y >= 4)
    model.add_linear_constraint(x + y <= 2)
    model.minimize(2 * x + 3 * y)
    return model


def mathopt_live_bound(kind: Any) -> bool:
    told: list[Any] = []

    def hear(data: Any) -> Any:
        told.append(data)
        return mathopt.CallbackResult()

    for event in (mathopt.Event.MIP, mathopt.Event.SIMPLEX):
        registration = mathopt.CallbackRegistration(events={event})
        try:
            mathopt.solve(
                linear(kind == mathopt.SolverType.HIGHS)[0], kind, callback_reg=registration, cb=hear
            )
        except Exception:  # the binding's own way of refusing an event differs from version to version
            continue
    return bool(told)


def mathopt_cancel(kind: Any) -> bool:
    stop = solve_interrupter.SolveInterrupter()
    stop.interrupt()
    params = None if kind == mathopt.SolverType.PDLP else OFF
    found = mathopt.solve(linear()[0], kind, params=params, interrupter=stop)
    return bool(found.termination.limit == mathopt.Limit.INTERRUPTED)


def mathopt_duals(kind: Any) -> bool:
    found = mathopt.solve(linear()[0], kind)
    return found.has_dual_feasible_solution() and any(found.dual_values().values())


def mathopt_rays(kind: Any) -> bool:
    return len(mathopt.solve(clashing(), kind).dual_rays) > 0


def mathopt_iis(kind: Any) -> bool:
    try:
        return bool(mathopt.compute_infeasible_subsystem(clashing(), kind).infeasible_subsystem)
    except Exception:  # as above
        return False


def mathopt_warm_start(kind: Any) -> bool:
    model, _ = linear()
    if kind == mathopt.SolverType.PDLP:
        cold = mathopt.solve(model, kind)
        hint = mathopt.SolutionHint(variable_values=cold.variable_values(), dual_values=cold.dual_values())
        start = mathopt.ModelSolveParameters(solution_hints=[hint])
        warm = mathopt.solve(model, kind, model_params=start)
        return bool(warm.solve_stats.first_order_iterations < cold.solve_stats.first_order_iterations)
    cold = mathopt.solve(model, kind, params=OFF)
    start = mathopt.ModelSolveParameters(initial_basis=cold.solutions[0].basis)
    warm = mathopt.solve(model, kind, params=OFF, model_params=start)
    return bool(warm.solve_stats.simplex_iterations < cold.solve_stats.simplex_iterations)


def mathopt_arrays(kind: Any) -> bool:
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(np.arange(1000))
    proto.variables.lower_bounds.extend(np.ones(1000))
    proto.variables.upper_bounds.extend(np.full(1000, 2.0))
    proto.variables.integers.extend(np.zeros(1000, bool).tolist())
    proto.objective.linear_coefficients.ids.extend(np.arange(1000))
    proto.objective.linear_coefficients.values.extend(np.ones(1000))
    return round(mathopt.solve(mathopt.Model.from_model_proto(proto), kind).objective_value()) == 1000


# ---- CP-SAT


def knapsack() -> tuple[Any, list[Any]]:
    model = cp_model.CpModel()
    xs = [model.new_bool_var(f"x{i}") for i in range(30)]
    model.add(sum(int(a) * x for a, x in zip(A[0], xs, strict=True)) <= 60)
    model.maximize(sum(int(c) * x for c, x in zip(C, xs, strict=True)))
    return model, xs


def cp_live_bound() -> bool:
    told: list[float] = []
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.best_bound_callback = told.append
    solver.solve(knapsack()[0])
    return bool(told)


class _Stop(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]  # the binding has no types
    def __init__(self, watched: list[Any]) -> None:
        super().__init__()
        self.watched, self.found = watched, [0]

    def on_solution_callback(self) -> None:
        self.found = [int(self.value(x)) for x in self.watched]
        self.stop_search()


def cp_cancel() -> bool:
    model, xs = knapsack()
    model.add_hint(xs[0], 0)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = False
    return bool(solver.solve(model, _Stop(xs)) == cp_model.FEASIBLE)


def cp_warm_start() -> bool:
    """A poor but complete hint is the first answer."""
    model, xs = knapsack()
    wanted = [int(i in (3, 4)) for i in range(30)]
    for x, value in zip(xs, wanted, strict=True):
        model.add_hint(x, value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = False
    seen = _Stop(xs)
    solver.solve(model, seen)
    return seen.found == wanted


def cp_has(word: str) -> bool:
    return any(word in name.lower() for name in (*dir(cp_model.CpSolver), *dir(cp_model.CpModel)))


def cp_arrays() -> bool:
    made = cp_model.CpModel().new_bool_var_series("x", pandas.RangeIndex(3))
    return made.dtype != object


# ---- the flow solver


def flow_has(*words: str) -> bool:
    """Whether the binding has any name like these, or its ``solve`` takes anything."""
    return any(w in name.lower() for name in dir(min_cost_flow.SimpleMinCostFlow) for w in words)


def flow_arrays() -> bool:
    flow = min_cost_flow.SimpleMinCostFlow()
    tail, head = np.zeros(5, np.int32), np.arange(1, 6, dtype=np.int32)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tail, head, np.ones(5, np.int64), np.arange(5))
    flow.set_nodes_supplies(np.arange(6), np.array([5, -1, -1, -1, -1, -1]))
    return bool(flow.solve() == flow.OPTIMAL) and flow.flows(arcs).tolist() == [1] * 5


# ---- highspy


def highs(*, least: np.ndarray, integer: bool = False, most: float = highspy.kHighsInf) -> Any:
    """Handed over as whole arrays."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(C), len(A)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = C.astype(float), np.zeros(30), np.full(30, 10.0)
    lp.row_lower_, lp.row_upper_ = least.astype(float), np.full(20, most)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.arange(0, 601, 30, dtype=np.int32)
    lp.a_matrix_.index_ = np.tile(np.arange(30, dtype=np.int32), 20)
    lp.a_matrix_.value_ = A.ravel().astype(float)
    if integer:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * 30
    h = highspy.Highs()
    for name, value in (("log_to_console", False), ("presolve", "off"), ("threads", 1)):
        h.setOptionValue(name, value)
    h.passModel(lp)
    return h


def highs_live_bound() -> bool:
    told: list[float] = []
    h = highs(least=B * 7 + 3, integer=True)
    h.cbMipLogging.subscribe(lambda e: told.append(e.data_out.mip_dual_bound))
    h.run()
    return any(np.isfinite(told))


def highs_cancel() -> bool:
    h = highs(least=B * 7 + 3, integer=True)
    h.HandleUserInterrupt = True
    h.cbMipLogging.subscribe(lambda e: h.cancelSolve())
    h.run()
    return bool(h.getModelStatus() == highspy.HighsModelStatus.kInterrupt)


def highs_duals() -> bool:
    h = highs(least=B)
    h.run()
    return any(h.getSolution().row_dual)


def highs_rays() -> bool:
    """y·A ≤ what the columns allow, yet y·b beyond it: checked with NumPy, as the page asks of rays."""
    h = highs(least=B * 1000)
    h.run()
    _, there, ray = h.getDualRay()
    y = np.array(ray)
    return bool(there) and (y @ (B * 1000.0)) > np.maximum(y @ A, 0.0).sum() * 10.0 + 1e-6


def highs_iis() -> bool:
    h = highs(least=np.where(np.arange(20) == 7, 10_000, B))
    h.setOptionValue("iis_strategy", 2)
    h.run()
    return list(h.getIis()[1].row_index_) == [7]


def highs_warm_start() -> bool:
    cold = highs(least=B)
    cold.run()
    warm = highs(least=B)
    warm.setBasis(cold.getBasis())
    warm.run()
    return bool(warm.getInfo().simplex_iteration_count < cold.getInfo().simplex_iteration_count)


def highs_arrays() -> bool:
    h = highs(least=B)
    return bool(h.getNumCol() == 30 and h.getNumNz() == 600)


MATHOPT: dict[str, Callable[[Any], bool]] = {
    "live bound": mathopt_live_bound, "cancel": mathopt_cancel, "duals": mathopt_duals, "dual rays": mathopt_rays,
    "IIS": mathopt_iis, "warm start": mathopt_warm_start, "whole arrays": mathopt_arrays,
}  # fmt: skip
PROBES: dict[tuple[str, str], Callable[[], bool]] = {
    ("live bound", "SimpleMinCostFlow"): lambda: flow_has("bound", "callback"),
    ("cancel", "SimpleMinCostFlow"): lambda: flow_has("interrupt", "stop", "cancel", "limit"),
    ("duals", "SimpleMinCostFlow"): lambda: flow_has("dual", "potential", "reduced"),
    ("dual rays", "SimpleMinCostFlow"): lambda: flow_has("ray", "farkas"),
    ("IIS", "SimpleMinCostFlow"): lambda: flow_has("iis", "infeasible_sub", "cut"),
    ("warm start", "SimpleMinCostFlow"): lambda: flow_has("hint", "start", "basis", "set_flow"),
    ("whole arrays", "SimpleMinCostFlow"): flow_arrays,
    ("live bound", "CP-SAT"): cp_live_bound,
    ("cancel", "CP-SAT"): cp_cancel,
    ("duals", "CP-SAT"): lambda: cp_has("dual") or cp_has("reduced_cost"),
    ("dual rays", "CP-SAT"): lambda: cp_has("_ray"),
    ("IIS", "CP-SAT"): lambda: cp_has("iis") or cp_has("infeasible_subsystem"),
    ("warm start", "CP-SAT"): cp_warm_start,
    ("whole arrays", "CP-SAT"): cp_arrays,
    ("live bound", "highspy"): highs_live_bound,
    ("cancel", "highspy"): highs_cancel,
    ("duals", "highspy"): highs_duals,
    ("dual rays", "highspy"): highs_rays,
    ("IIS", "highspy"): highs_iis,
    ("warm start", "highspy"): highs_warm_start,
    ("whole arrays", "highspy"): highs_arrays,
}  # fmt: skip


@cache
def told() -> dict[tuple[str, str], bool]:
    return page()


def test_every_cell_has_a_probe() -> None:
    probed = {*PROBES, *((c, s) for c in MATHOPT for s in KIND)}
    assert set(told()) == probed


@pytest.mark.parametrize("cell", sorted(PROBES), ids=" ".join)
def test_cell(cell: tuple[str, str]) -> None:
    assert PROBES[cell]() == told()[cell]


@pytest.mark.parametrize("solver", sorted(KIND))
@pytest.mark.parametrize("capability", sorted(MATHOPT))
def test_cell_of_mathopt(capability: str, solver: str) -> None:
    assert MATHOPT[capability](KIND[solver]) == told()[capability, solver]
