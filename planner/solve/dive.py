"""First answers of a generalised assignment: a dive through the columns, then exact re-solves of a few supporters.

The dive settles the set of which the master programme takes most, converges again without its supporter and
recipients, and so on; the last supporters are settled by an exact small model (Sadykov and others 2019). The
neighbourhood search then frees a few supporters at a time and solves what they hold exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planner.solve import mip
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.clock import Clock
from planner.solve.columns import Converged, Master, Problem, converge
from planner.solve.task import Answer

LAST = 4  # supporters that are left to the exact model at the end of a dive
DIVE_ROUNDS = 8
SMALL_NODES = 0.05  # work of a small exact model, in the measure of the whole


def assign_exactly(
    problem: Problem,
    supporters: np.ndarray,
    recipients: np.ndarray,
    *,
    start: np.ndarray | None,
    allowed: np.ndarray | None,
    options: Mapping[str, Any],
    report: mip.Report,
) -> tuple[np.ndarray | None, Answer]:
    """Give ``recipients`` to ``supporters`` by an integer model, within all of the supporters' capacities.

    ``start`` is (n,) int64, the present supporter of each recipient of the problem; ``allowed`` (m, n) bool narrows
    the problem's pairs. Returns (k,) int64, the supporter of each of ``recipients``, or ``None`` where none was found.
    """
    block = np.ix_(supporters, recipients)
    may = problem.allowed[block] if allowed is None else (problem.allowed & allowed)[block]
    i, j = np.nonzero(may)
    a, b = supporters[i], recipients[j]
    model = ChoiceModel()
    columns = model.columns(problem.cost[a, b])
    model.rows("one", j, columns, 1.0, 1.0, 1.0, len(recipients))
    capacity = problem.capacity[supporters].astype(np.float64)
    model.rows("capacity", i, columns, problem.load[a, b], -INFINITY, capacity, len(supporters))
    first = None if start is None else (start[b] == a).astype(np.float64)
    answer = mip.solve(model.arrays(first), options, report)
    if "x" not in answer.arrays:
        return None, answer
    chosen = np.empty(len(recipients), dtype=np.int64)
    taken = answer.arrays["x"] > 0
    chosen[j[taken]] = a[taken]
    return chosen, answer


def dive(master: Master, found: Converged, options: Mapping[str, Any], clock: Clock) -> np.ndarray | None:
    """One dive from where column generation stands: (n,) int64 supporters, or ``None`` where it ends in nothing."""
    problem = master.problem
    m, n = problem.shape
    supporters, recipients = np.ones(m, dtype=bool), np.ones(n, dtype=bool)
    chosen = np.full(n, -1, dtype=np.int64)
    try:
        while supporters.sum() > LAST and recipients.any() and not clock.up():
            best = _most_taken(master, found.taken, supporters)
            if best is None:
                break
            i, mine = master.supporter[best], np.flatnonzero(master.sets[best] & recipients)
            chosen[mine] = i
            supporters[i] = False
            recipients[mine] = False
            master.settle(i, mine)
            _cut_down(master, found.taken, mine, supporters, recipients)
            if not recipients.any():
                break
            found = converge(
                master,
                found.prices,
                DIVE_ROUNDS,
                clock,
                np.flatnonzero(supporters),
                np.flatnonzero(recipients),
            )
    finally:
        master.restore()
    left = np.flatnonzero(recipients)
    if left.size:
        rest, _ = assign_exactly(problem, np.flatnonzero(supporters), left, start=None, allowed=None,
                                 options=small(options, clock), report=_silent)  # fmt: skip
        if rest is None:
            return None
        chosen[left] = rest
    return chosen


def _most_taken(master: Master, taken: np.ndarray, supporters: np.ndarray) -> int | None:
    alive = supporters[np.array(master.supporter[: len(taken)], dtype=np.int64)]
    share = np.where(alive, taken, 0.0)
    best = int(share.argmax()) if len(share) else 0
    return best if len(share) and share[best] > 1e-9 else None


def _cut_down(
    master: Master, taken: np.ndarray, settled: np.ndarray, supporters: np.ndarray, recipients: np.ndarray
) -> None:
    """Sets that are in use and hold settled recipients get a twin without them."""
    for k in np.flatnonzero(taken > 1e-6).tolist():
        i = master.supporter[k]
        if supporters[i] and master.sets[k][settled].any():
            twin = np.zeros((i + 1, len(recipients)), dtype=bool)
            twin[i] = master.sets[k] & recipients
            master.add(twin, np.array([i]))


def small(options: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    """Options of a small exact model inside a larger solve."""
    left = clock.left()
    return {
        "threads": 1,
        "work": SMALL_NODES * float(options.get("work") or 1.0),
        "time_limit": None if left is None else max(0.05, left),
        "count_too": True,
    }


def search(
    problem: Problem, chosen: np.ndarray, bound: int, *, size: int, rounds: int, seed: int,
    options: Mapping[str, Any], clock: Clock, report: mip.Report,
) -> np.ndarray:  # fmt: skip
    """Free ``size`` drawn supporters at a time and solve what they hold exactly; the best answer found.

    Ends after ``rounds``, when the clock is up, or when the cost meets ``bound``.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    m = problem.shape[0]
    best = problem.total(chosen)
    for _ in range(rounds):
        if best <= bound or clock.up():
            break
        free = np.sort(draw.choice(m, min(size, m), replace=False))
        mine = np.flatnonzero(np.isin(chosen, free))
        new, _ = assign_exactly(
            problem, free, mine, start=chosen, allowed=None, options=small(options, clock), report=_silent
        )
        if new is None:
            continue
        trial = chosen.copy()
        trial[mine] = new
        if problem.total(trial) <= best:
            chosen = trial
            if problem.total(trial) < best:
                best = problem.total(trial)
                report({"objective": best, "bound": bound})
    return chosen


def _silent(facts: Mapping[str, Any]) -> None:
    return None
