"""Generalised assignment: each recipient to one supporter, loads within capacities.

1. Bound by column generation (``columns``); its whole prices are the certificate.
2. A dive for a first answer (``dive``).
3. Pairs that no better answer can hold are left out.
4. Few pairs left: HiGHS closes the rest from there. Many: the neighbourhood search first, HiGHS with what time remains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.solve import mip
from planner.solve.clock import Clock
from planner.solve.columns import (
    PRICE_SCALE,
    Converged,
    Master,
    Problem,
    converge,
    improve_prices,
    relaxed_prices,
    worth_keeping,
)
from planner.solve.dive import assign_exactly, dive, search
from planner.solve.plainer import plainer
from planner.solve.task import Answer, Arrays

BOUND_STEPS, BOUND_ROUNDS = 150, 500
FEW = 8  # pairs per recipient that a plain integer model closes well
SEARCH_SHARE = 0.6  # of the time that is left
SEARCH_ROUNDS = 60  # without a time limit
FREED = 4  # supporters that the search frees at a time
DENSE_MAX = 40_000_000  # cells of the table supporters × recipients
KNAPSACK_MAX = 400_000_000  # cells of all knapsacks' tables together


@dataclass(frozen=True)
class Recognised:
    """The problem inside a choice model.

    Parameters
    ----------
    problem : Problem
        Supporters × recipients.
    supporter, recipient : ndarray
        (n_columns,) int64: what each column of the model stands for.
    """

    problem: Problem
    supporter: np.ndarray
    recipient: np.ndarray


def recognise(arrays: Arrays) -> Recognised | None:
    """The generalised assignment that a choice model is, or ``None``.

    It is one if every column is a 0–1 choice (perhaps held at 0 or 1) in exactly one row ``Σ x = 1``, every other row that can bind has the form
    ``Σ load·x ≤ capacity`` with whole loads, each column stands in one such row at most, and the tables fit; rows are
    first made plainer (:func:`~planner.solve.plainer.plainer`).
    """
    arrays, n = plainer(arrays), len(arrays["cost"])
    lower, upper = arrays["lower"], arrays["upper"]
    if (
        not n
        or not arrays["integer"].all()
        or not all(((bound == 0) | (bound == 1)).all() for bound in (lower, upper))
    ):
        return None
    indptr, column, data = arrays["indptr"], arrays["indices"], arrays["data"]
    row = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    low, high = arrays["row_lower"], arrays["row_upper"]
    one = (low == 1) & (high == 1)
    binding = ~one & _can_bind(row, data, low, high)
    limited = binding[row]
    if (data[one[row]] != 1).any() or (low[binding] > 0).any() or (data[limited] < 0).any():
        return None
    recipient = _only_row(row, column, one, n)
    supporter = _only_row(row, column, binding, n)
    if recipient is None or supporter is None or (recipient < 0).any():
        return None
    load = np.zeros(n)
    load[column[limited]] = data[limited]
    if (load != np.rint(load)).any():
        return None
    held = np.bincount(recipient[lower == 1], minlength=int(one.sum()))
    if held.max(initial=0) > 1 or (lower > upper).any():  # nothing is possible: the plain engine says so
        return None
    open_pair = (upper == 1) & ((lower == 1) | (held[recipient] == 0))
    return _tables(
        arrays["cost"], load.astype(np.int64), supporter, recipient, high[binding], open_pair, len(held)
    )


def _can_bind(row: np.ndarray, data: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """(n_rows,) bool: rows that some choice of 0 and 1 breaks."""
    if (data >= 0).all():
        return np.asarray((np.bincount(row, data, minlength=len(low)) > high) | (low > 0))
    most = np.bincount(row, np.maximum(data, 0), minlength=len(low))
    least = np.bincount(row, np.minimum(data, 0), minlength=len(low))
    return np.asarray((most > high) | (least < low))


def _only_row(row: np.ndarray, column: np.ndarray, kind: np.ndarray, n: int) -> np.ndarray | None:
    """(n,) number among the rows of a kind in which each column stands, −1 for none; ``None`` where one stands in two."""
    mine = np.flatnonzero(kind[row])
    found = np.full(n, -1, dtype=np.int64)
    found[column[mine]] = (np.cumsum(kind) - 1)[row[mine]]
    return found if np.count_nonzero(found >= 0) == len(mine) else None


def _tables(
    cost: np.ndarray,
    load: np.ndarray,
    supporter: np.ndarray,
    recipient: np.ndarray,
    high: np.ndarray,
    open_pair: np.ndarray,
    n: int,
) -> Recognised | None:
    """The tables of ``n`` recipients."""
    capacity = np.floor(high).astype(np.int64)
    loose = np.flatnonzero(supporter < 0)
    if (
        loose.size
    ):  # pairs without a limit: the k-th of each recipient in the k-th of further rows that have none
        order = loose[np.argsort(recipient[loose], kind="stable")]
        first = np.searchsorted(recipient[order], recipient[order])
        supporter = supporter.copy()
        supporter[order] = len(capacity) + np.arange(len(order)) - first
        capacity = np.append(capacity, np.zeros(int(supporter.max()) + 1 - len(capacity), dtype=np.int64))
    m = len(capacity)
    if m * n > DENSE_MAX or (capacity < 0).any():
        return None
    tables = np.zeros((3, m, n), dtype=np.int64)
    tables[0, supporter, recipient] = cost
    tables[1, supporter, recipient] = load
    tables[2, supporter, recipient] = 1
    listed = tables[2] == 1
    fits = listed & (tables[1] <= capacity[:, None])
    fits[supporter[~open_pair], recipient[~open_pair]] = False
    if (
        int(listed.sum()) < len(cost) or not fits.any(axis=0).all()
    ):  # a pair stands in two columns; nobody may
        return None
    return Recognised(Problem(tables[0], tables[1], capacity, fits), supporter, recipient)


def knapsacks_fit(problem: Problem) -> bool:
    """Whether the tables of all knapsacks are small enough to be worth it."""
    return problem.shape[1] * int((problem.capacity + 1).sum()) <= KNAPSACK_MAX


def solve(found: Recognised, options: Mapping[str, Any], report: mip.Report) -> Answer | None:
    """Answer in the model's columns, or ``None`` where no answer was found (the plain engine goes on).

    Arrays out: ``x`` (n_columns,) int64; ``prices`` (n_recipients,) int64 in 1/PRICE_SCALE units of cost. Facts as
    those of ``mip``, with ``pairs_left``, ``engine`` and ``priced`` (the bound that the prices prove).
    """
    problem = found.problem
    clock = Clock(options.get("time_limit"))
    master = Master(problem)
    prices, _ = relaxed_prices(problem)
    prices = improve_prices(master, prices, BOUND_STEPS, clock.part(0.2))
    reached = converge(master, prices, BOUND_ROUNDS, clock.part(0.3))
    bound = -(-reached.bound // PRICE_SCALE)
    report({"bound": bound})
    chosen = dive(master, reached, options, clock.part(0.5))
    if chosen is None:
        return None
    report({"objective": problem.total(chosen), "bound": bound})
    chosen, facts = _close(problem, reached, bound, chosen, options, clock, report)
    if not problem.fits(chosen):
        raise ArithmeticError("the answer of the generalised assignment does not fit")
    cut_short = bool(facts["cut_short"]) or clock.was_up
    facts |= {
        "objective": problem.total(chosen),
        "priced": bound,
        "engine": "columns",
        "cut_short": cut_short,
    }
    status = "OPTIMAL" if facts["bound"] >= facts["objective"] else "FEASIBLE"
    x = (chosen[found.recipient] == found.supporter).astype(np.int64)
    return Answer(status, {"x": x, "prices": reached.prices}, facts)


def _close(
    problem: Problem, reached: Converged, bound: int, chosen: np.ndarray,
    options: Mapping[str, Any], clock: Clock, report: mip.Report,
) -> tuple[np.ndarray, dict[str, Any]]:  # fmt: skip
    """From a first answer towards a proven one; the answer and the facts of the proof."""
    n = problem.shape[1]
    facts: dict[str, Any] = {
        "bound": bound,
        "nodes": 0,
        "cut_short": False,
        "pairs_left": int(problem.allowed.sum()),
    }
    kept = problem.allowed
    for last in (False, True):
        if problem.total(chosen) <= bound:
            return chosen, {**facts, "bound": problem.total(chosen)}
        kept = worth_keeping(problem, reached.prices, problem.total(chosen))
        facts["pairs_left"] = int(kept.sum())
        if last or kept.sum() <= FEW * n:
            break
        rounds = 10**9 if clock.left() is not None else int(SEARCH_ROUNDS * float(options.get("work") or 1.0))
        chosen = search(problem, chosen, bound, size=FREED, rounds=rounds, seed=0, options=options,
                        clock=clock.part(SEARCH_SHARE), report=report)  # fmt: skip
    if clock.up():
        return chosen, {**facts, "cut_short": True}
    mine = np.arange(problem.shape[0])[:, None] == chosen[None, :]
    limits = {**options, "time_limit": clock.left()}
    better, answer = assign_exactly(problem, np.arange(problem.shape[0]), np.arange(n), start=chosen,
                                    allowed=kept | mine, options=limits, report=report)  # fmt: skip
    facts |= {"nodes": answer.facts["nodes"], "cut_short": answer.facts["cut_short"]}
    if better is not None and problem.total(better) < problem.total(chosen):
        chosen = better
    # what was left out cannot be better than `chosen` was: the model's own bound holds up to the answer's cost
    told = answer.facts.get("bound")
    if told is not None:
        facts["bound"] = max(bound, min(int(told), problem.total(chosen)))
    return chosen, facts
