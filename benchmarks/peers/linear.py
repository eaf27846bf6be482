"""Linear and integer programmes as arrays, and the peers that solve them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csc_array

from benchmarks.peers.peer import Found, GaveUp, Piece

PDLP_RELATIVE = 1e-7
LARGEST = 1e6  # of GLOP's costs, by which all are divided: it gives up on larger ones (status ABNORMAL)
THREADS = 2  # of branch and bound, where a peer can use them; everything else runs on one


@dataclass(frozen=True)
class Programme:
    """Minimise ``cost·x``, ``row_lower ≤ A x ≤ row_upper``, ``lower ≤ x ≤ upper``; all float64."""

    cost: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    matrix: Any
    row_lower: np.ndarray
    row_upper: np.ndarray
    whole: bool = False

    @classmethod
    def of(
        cls, cost: np.ndarray, lower: np.ndarray, upper: np.ndarray, row: np.ndarray, column: np.ndarray,
        value: np.ndarray, row_lower: np.ndarray, row_upper: np.ndarray, n_rows: int, whole: bool = False,
    ) -> Programme:  # fmt: skip
        """From entries ``row``, ``column``, ``value``."""
        matrix = csc_array((value, (row, column)), shape=(n_rows, len(cost)))
        held = (np.asarray(a, dtype=np.float64) for a in (cost, lower, upper, row_lower, row_upper))
        c, low, high, row_low, row_high = held
        return cls(c, low, high, matrix, row_low, row_high, whole)


def by(
    solver: Callable[[Programme, float], Found], form: Callable[[Piece], Programme]
) -> Callable[[Piece, float], Found]:
    """A peer that builds the programme of a piece and solves it; both are measured."""
    return lambda piece, seconds: solver(form(piece), seconds)


def highs(kind: str) -> Callable[[Programme, float], Found]:
    """HiGHS with ``solver`` simplex or ipm (with crossover); ``choose`` for whole numbers."""

    def solve(lp: Programme, seconds: float) -> Found:
        import highspy

        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(lp.cost), len(lp.row_lower)
        model.col_cost_, model.col_lower_, model.col_upper_ = lp.cost, lp.lower, lp.upper
        model.row_lower_, model.row_upper_ = lp.row_lower, lp.row_upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = lp.matrix.indptr.astype(np.int32)
        model.a_matrix_.index_ = lp.matrix.indices.astype(np.int32)
        model.a_matrix_.value_ = lp.matrix.data
        if lp.whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * len(lp.cost)
        highspy.Highs.resetGlobalScheduler(True)  # else the first number of threads in a process stays
        h: Any = highspy.Highs()
        threads = THREADS if lp.whole else 1
        settings = {
            "output_flag": False,
            "solver": kind,
            "threads": threads,
            "time_limit": seconds,
            "mip_rel_gap": 0.0,
        }
        for name, value in settings.items():
            h.setOptionValue(name, value)
        h.passModel(model)
        h.run()
        status = h.getModelStatus()
        late = status == highspy.HighsModelStatus.kTimeLimit
        info = h.getInfo()
        if late and not (lp.whole and info.primal_solution_status == 2):
            raise GaveUp("time")
        if not late and status != highspy.HighsModelStatus.kOptimal:
            raise GaveUp(h.modelStatusToString(status))
        return Found(np.array(h.getSolution().col_value), bound=info.mip_dual_bound if lp.whole else None)

    return solve


def ortools(kind: str) -> Callable[[Programme, float], Found]:
    """OR-Tools' linear solver, whole arrays: ``glop``, ``pdlp`` or ``sat`` (CP-SAT, columns in whole numbers)."""

    def solve(lp: Programme, seconds: float) -> Found:
        from ortools.linear_solver.python import model_builder_helper as helper

        model: Any = helper.ModelBuilderHelper()
        matrix = lp.matrix.tocsr()
        cost = lp.cost / max(1.0, np.abs(lp.cost).max() / LARGEST) if kind == "glop" else lp.cost
        model.fill_model_from_sparse_data(lp.lower, lp.upper, cost, lp.row_lower, lp.row_upper, matrix)
        if kind == "sat":
            for i in range(len(lp.cost)):
                model.set_var_integrality(i, True)
        solver: Any = helper.ModelSolverHelper(kind)
        solver.set_time_limit_in_seconds(seconds)
        words = {
            "glop": "",
            "sat": f"num_workers:{THREADS}"
            + ("" if lp.whole else " cp_model_presolve:false"),  # ten times slower with it
            "pdlp": "num_threads: 1 termination_criteria { simple_optimality_criteria { "
            f"eps_optimal_relative: {PDLP_RELATIVE} eps_optimal_absolute: {PDLP_RELATIVE} }} }}",
        }[kind]
        solver.set_solver_specific_parameters(words)
        solver.solve(model)
        status = solver.status()
        if not solver.has_solution() or (status != helper.SolveStatus.OPTIMAL and not lp.whole):
            late = status in (helper.SolveStatus.NOT_SOLVED, helper.SolveStatus.FEASIBLE)
            raise GaveUp("time" if late else solver.status_string() or str(status))
        bound = solver.best_objective_bound() if kind == "sat" else None
        return Found(np.asarray(solver.variable_values()), bound=bound)

    return solve


def linprog(lp: Programme, seconds: float) -> Found:
    """SciPy's ``linprog`` with its own choice of HiGHS; rows are equations."""
    from scipy.optimize import linprog as solve  # type: ignore[attr-defined]  # exported, but not by its own list

    options = {"time_limit": seconds}
    bounds = np.stack([lp.lower, lp.upper], axis=1)
    found = solve(lp.cost, A_eq=lp.matrix, b_eq=lp.row_lower, bounds=bounds, method="highs", options=options)
    if found.x is None or found.status:
        raise GaveUp("time" if found.status == 1 else found.message)
    return Found(np.asarray(found.x))


def pulp_cbc(lp: Programme, seconds: float) -> Found:
    """PuLP's model, solved by the CBC that comes with it."""
    import pulp

    problem = pulp.LpProblem("peer", pulp.LpMinimize)
    kind = pulp.LpInteger if lp.whole else pulp.LpContinuous
    low, high = lp.lower.tolist(), lp.upper.tolist()
    x = [pulp.LpVariable(f"x{i}", low[i], high[i], kind) for i in range(len(low))]
    problem += pulp.LpAffineExpression(zip(x, lp.cost.tolist(), strict=True))
    rows = lp.matrix.tocsr()
    for i, (least, most) in enumerate(zip(lp.row_lower.tolist(), lp.row_upper.tolist(), strict=True)):
        at = slice(rows.indptr[i], rows.indptr[i + 1])
        pairs = zip(rows.indices[at].tolist(), rows.data[at].tolist(), strict=True)
        terms = pulp.LpAffineExpression([(x[j], value) for j, value in pairs])
        if least == most:
            problem += terms == most
            continue
        if most < np.inf:
            problem += terms <= most
        if least > -np.inf:
            problem += terms >= least
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, threads=THREADS if lp.whole else None,
                                   gapRel=0.0 if lp.whole else None, logPath=log.name)  # fmt: skip
        problem.solve(solver)
        trail = Path(log.name).read_text(encoding="utf-8", errors="replace")
    if problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        raise GaveUp("time" if "time limit" in trail.lower() else pulp.LpSolution[problem.sol_status])
    values = np.array([v.value() or 0.0 for v in x])
    if problem.sol_status == pulp.LpSolutionOptimal:
        return Found(values, bound=float(lp.cost @ values) if lp.whole else None)
    if not lp.whole:
        raise GaveUp("time")
    told = re.findall(r"Lower bound:\s+(-?[\d.e+]+)", trail)
    return Found(values, bound=float(told[-1]) if told else None)
