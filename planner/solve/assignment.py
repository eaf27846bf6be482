"""Assignment with unit loads: every pair takes the same of its supporter, so the linear programme is whole by itself.

One recipient a supporter: SciPy's shortest augmenting paths (Jonker and Volgenant, by Crouse 2016). Several: OR-Tools'
minimum-cost flow. Prices come from shortest distances between supporters in the residual graph, which neither gives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow
from scipy.optimize import linear_sum_assignment  # type: ignore[attr-defined]  # exported, but not by its own list

from planner.solve.columns import PRICE_SCALE, Problem
from planner.solve.generalised import Recognised
from planner.solve.task import Answer

EXACT = 2**53  # the largest sum that a float64 holds exactly
MOST = np.iinfo(np.int64).max
FAR = np.int64(2**61)  # the way to where a pair is not allowed
AT_ONCE = 16  # recipients whose ways are followed together


def unit_loads(problem: Problem) -> np.ndarray | None:
    """How many recipients each supporter may take, (m,) int64; ``None`` where its loads differ."""
    m, n = problem.shape
    every = problem.allowed.all()
    least = (problem.load if every else np.where(problem.allowed, problem.load, MOST)).min(
        axis=1, initial=MOST
    )
    most = (problem.load if every else np.where(problem.allowed, problem.load, -1)).max(axis=1, initial=-1)
    some = most >= 0
    if (least[some] != most[some]).any():
        return None
    room = np.full(m, n, dtype=np.int64)
    heavy = some & (most > 0)
    room[heavy] = np.minimum(n, problem.capacity[heavy] // most[heavy])
    return np.where(some, room, 0)


def solve(found: Recognised, room: np.ndarray) -> Answer | None:
    """Optimal answer with its prices; ``None`` where no assignment exists or its costs need more than 53 bits."""
    problem = found.problem
    chosen = assign(problem, room)
    if chosen is None:
        return None
    objective = problem.total(chosen)
    prices = recipient_prices(problem, chosen)
    proved = price_bound(problem, room, prices)
    if proved != objective:
        raise ArithmeticError(f"assignment costs {objective}, its prices prove {proved}")
    x = (chosen[found.recipient] == found.supporter).astype(np.int64)
    facts = {"objective": objective, "bound": objective, "priced": objective, "nodes": 0, "cut_short": False,
             "engine": "assignment"}  # fmt: skip
    return Answer("OPTIMAL", {"x": x, "prices": prices * PRICE_SCALE}, facts)


def assign(problem: Problem, room: np.ndarray) -> np.ndarray | None:
    """The cheapest assignment, (n,) int64 supporter of each recipient; ``None`` where there is none."""
    spread = max(int(problem.cost.max(initial=0)), -int(problem.cost.min(initial=0))) * 2 + 1
    n = problem.shape[1]
    forbidden = spread * (n + 1)
    if forbidden * n >= EXACT or int(room.sum()) < n:
        return None
    if room.max(initial=0) <= 1:
        rows, columns = linear_sum_assignment(_above_least(problem, forbidden))
        chosen = np.empty(n, dtype=np.int64)
        chosen[columns] = rows
    else:
        flowed = _flow(problem, room)
        if flowed is None:
            return None
        chosen = flowed
    return chosen if problem.allowed[chosen, np.arange(n)].all() else None


def _above_least(problem: Problem, forbidden: int) -> np.ndarray:
    """(m, n) float64: by how much a pair costs more than its recipient's cheapest; half the time of the search."""
    every = problem.allowed.all()
    least = (problem.cost if every else np.where(problem.allowed, problem.cost, forbidden)).min(axis=0)
    above = np.asarray(np.subtract(problem.cost, least, dtype=np.float64))
    if not every:
        above[~problem.allowed] = forbidden
    return above


def _flow(problem: Problem, room: np.ndarray) -> np.ndarray | None:
    m, n = problem.shape
    i, j = np.nonzero(problem.allowed)
    sink = m + n  # what a supporter does not use goes there
    tail, head = np.concatenate([i, np.arange(m)]), np.concatenate([j + m, np.full(m, sink)])
    upper = np.concatenate([np.ones(len(i), dtype=np.int64), room])
    cost = np.concatenate([problem.cost[i, j], np.zeros(m, dtype=np.int64)])
    supply = np.concatenate([room, np.full(n, -1), [n - int(room.sum())]])
    flow: Any = min_cost_flow.SimpleMinCostFlow()  # its stubs know one shape of array only
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        tail.astype(np.int32), head.astype(np.int32), upper.astype(np.int64), cost.astype(np.int64)
    )
    flow.set_nodes_supplies(np.arange(m + n + 1, dtype=np.int32), supply.astype(np.int64))
    if flow.solve() != flow.OPTIMAL:
        return None
    taken = np.asarray(flow.flows(arcs))[: len(i)] > 0
    chosen = np.empty(n, dtype=np.int64)
    chosen[j[taken]] = i[taken]
    return chosen


def recipient_prices(problem: Problem, chosen: np.ndarray) -> np.ndarray:
    """(n,) int64 prices that prove ``chosen`` optimal: no supporter gains by any exchange.

    ``v[i] = min(0, v[σ(j)] + cost[i,j] − cost[σ(j),j])`` over allowed (i, j) are shortest distances between supporters;
    the price of a recipient is what it costs less its supporter's distance.

    Raises
    ------
    ArithmeticError
        When some exchange is cheaper.
    """
    m, n = problem.shape
    paid = problem.cost[chosen, np.arange(n)]
    step = problem.cost - paid
    if not problem.allowed.all():
        step[~problem.allowed] = FAR
    distance = np.minimum(step.min(axis=1, initial=FAR), 0)
    step = np.ascontiguousarray(step.T)  # row j: the ways from the supporter of j
    waiting = distance[chosen] < 0
    for batch in range(2 * m + 1):
        via = np.flatnonzero(waiting)
        if not via.size:
            return np.asarray(paid - distance[chosen])
        if (
            batch < m and via.size > AT_ONCE
        ):  # the lowest first: few are reached twice; the last rounds take all
            via = via[np.argpartition(distance[chosen[via]], AT_ONCE)[:AT_ONCE]]
        waiting[via] = False
        reached = (step[via] + distance[chosen[via]][:, None]).min(axis=0)
        lower = reached < distance
        distance[lower] = reached[lower]
        waiting |= lower[chosen]
    raise ArithmeticError("a cheaper exchange exists: the assignment is not optimal")


def price_bound(problem: Problem, room: np.ndarray, prices: np.ndarray) -> int:
    """What ``prices`` prove: their sum, and for each supporter the sum of its cheapest recipients below price."""
    gain = problem.cost - prices
    np.minimum(gain, 0, out=gain)
    if not problem.allowed.all():
        gain *= problem.allowed
    found = int(prices.sum())
    for most in np.unique(room).tolist():
        mine = gain if (room == most).all() else gain[room == most]
        if most == 1:
            mine = mine.min(axis=1)
        elif 1 < most < mine.shape[1]:
            mine = np.partition(mine, most - 1, axis=1)[:, :most]
        found += int(mine.sum()) if most else 0
    return found
