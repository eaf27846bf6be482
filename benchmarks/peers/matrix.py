"""Peers on n × n assignment given as a matrix: piece ``cost`` (n, n) int64; the answer is the row of each column, (n,)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import flows
from benchmarks.peers.peer import Found, GaveUp, Judged, Piece
from planner.solve import assignment, engines
from planner.solve.choice import ChoiceModel
from planner.solve.columns import Problem
from planner.solve.generalised import Recognised

read = flows.read


def as_flow(instance: Path) -> Iterator[Piece]:
    """The same as a flow over all pairs."""
    for piece in read(instance):
        cost = piece["cost"]
        n = len(cost)
        row, column = np.divmod(np.arange(n * n), n)
        one = np.ones(n * n, np.int64)
        supply = np.concatenate([np.ones(n, np.int64), -np.ones(n, np.int64)])
        yield {"tail": row, "head": n + column, "lower": 0 * one, "upper": one, "cost": cost.ravel(),
               "supply": supply}  # fmt: skip


def judge(piece: Piece, found: Found) -> Judged:
    """Exact cost of a permutation."""
    if found.x is None:
        raise GaveUp("no answer")
    n = len(piece["cost"])
    chosen = np.asarray(found.x)
    if not np.array_equal(np.sort(chosen), np.arange(n)):
        raise GaveUp("no assignment")
    return Judged(int(piece["cost"][chosen, np.arange(n)].sum()), True, found.bound)


def ours_matrix(piece: Piece, seconds: float) -> Found:
    """Our engine for unit loads: assignment, prices, and the bound that they prove."""
    cost = piece["cost"]
    n = len(cost)
    allowed = np.ones((n, n), np.bool_)
    problem = Problem(cost, np.ones_like(cost), np.ones(n, np.int64), allowed)
    supporter, recipient = np.divmod(np.arange(n * n), n)
    room = assignment.unit_loads(problem)
    assert room is not None
    answer = assignment.solve(Recognised(problem, supporter, recipient), room)
    if answer is None:
        raise GaveUp("no answer")
    x = answer.arrays["x"].reshape(n, n)
    return Found(x.argmax(axis=0), bound=answer.facts["bound"])


def ours_choice(piece: Piece, seconds: float) -> Found:
    """The engine ``choose`` on the choice model that a stage builds: it has to see by itself what the model is."""
    cost = piece["cost"]
    n = len(cost)
    model = ChoiceModel()
    columns = model.columns(cost.ravel())
    row, column = np.divmod(columns, n)
    model.rows("capacity", row, columns, 1.0, -np.inf, 1.0, n)
    model.rows("one", column, columns, 1.0, 1.0, 1.0, n)
    answer = engines.run("choose", model.arrays(), {}, lambda facts: None)
    x = answer.arrays["x"].reshape(n, n)
    return Found(x.argmax(axis=0), bound=answer.facts["bound"])


def scipy_assignment(piece: Piece, seconds: float) -> Found:
    """SciPy ``linear_sum_assignment``."""
    from scipy.optimize import linear_sum_assignment  # type: ignore[attr-defined]  # exported, but not by its own list

    rows, columns = linear_sum_assignment(piece["cost"])
    return Found(_by_column(rows, columns))


def scipy_matching(piece: Piece, seconds: float) -> Found:
    """SciPy ``min_weight_full_bipartite_matching``; costs are positive, as it takes zeros for missing pairs."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, columns = min_weight_full_bipartite_matching(csr_array(piece["cost"]))
    return Found(_by_column(rows, columns))


def lapx(piece: Piece, seconds: float) -> Found:
    """The ``lapjv`` of lapx."""
    import lap

    _, _, of_column = lap.lapjv(piece["cost"].astype(np.float64))
    return Found(of_column)


def ortools_assignment(piece: Piece, seconds: float) -> Found:
    """OR-Tools SimpleLinearSumAssignment."""
    from ortools.graph.python import linear_sum_assignment

    cost = piece["cost"]
    n = len(cost)
    row, column = np.divmod(np.arange(n * n), n)
    solver: Any = linear_sum_assignment.SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(row.astype(np.int32), column.astype(np.int32), cost.ravel())
    if (status := solver.solve()) != solver.OPTIMAL:
        raise GaveUp(status.name)
    mate = np.array([solver.right_mate(i) for i in range(n)])
    return Found(_by_column(np.arange(n), mate))


def transport(piece: Piece, seconds: float) -> Found:
    """POT ``ot.emd``: exact transport by network simplex."""
    import ot

    cost = piece["cost"]
    ones = np.ones(len(cost))
    plan = ot.emd(ones, ones, cost.astype(np.float64), numItermax=2**62)
    return Found(plan.argmax(axis=0))


def greedy(piece: Piece, seconds: float) -> Found:
    """What people do: one after another takes the cheapest that is left."""
    cost = piece["cost"]
    left = np.ones(len(cost), np.bool_)
    chosen = np.empty(len(cost), np.int64)
    for j in range(len(cost)):
        chosen[j] = np.where(left, cost[:, j], np.iinfo(np.int64).max).argmin()
        left[chosen[j]] = False
    return Found(chosen)


def _by_column(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    found = np.empty(len(rows), np.int64)
    found[columns] = rows
    return found
