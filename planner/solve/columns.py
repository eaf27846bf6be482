"""Bound of a generalised assignment by column generation: a column is one supporter's whole set of recipients.

The master programme picks sets so that every recipient is in one and no supporter has two; its prices of the
recipients make the bound

    bound(u) = Σ_j u[j] + Σ_i min { Σ_{j in S} (cost[i,j] − u[j]) : load of S within capacity[i] }

true whatever ``u`` is, so whole prices give an exact bound that anyone can check (Savelsbergh 1997).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from planner.solve.clock import Clock
from planner.solve.knapsacks import cheapest_sets, forced_in

PRICE_SCALE = 1000  # prices are whole thousandths of a unit of cost
MEET = PRICE_SCALE // 10
SMOOTHING = 0.6  # share of the best prices so far in those that are tried next (Wentges 1997)


@dataclass
class Problem:
    """A generalised assignment.

    Parameters
    ----------
    cost, load : ndarray
        (m, n) int64: supporters by recipients; meaningless where not ``allowed``.
    capacity : ndarray
        (m,) int64.
    allowed : ndarray
        (m, n) bool: pairs that may be chosen; each fits its supporter's capacity.
    """

    cost: np.ndarray
    load: np.ndarray
    capacity: np.ndarray
    allowed: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """Supporters, recipients."""
        return int(self.cost.shape[0]), int(self.cost.shape[1])

    def total(self, chosen: np.ndarray) -> int:
        """Cost of ``chosen``, (n,) int64: the supporter of each recipient."""
        return int(self.cost[chosen, np.arange(len(chosen))].sum())

    def fits(self, chosen: np.ndarray) -> bool:
        """Whether every recipient has an allowed supporter and no capacity is exceeded."""
        columns = np.arange(len(chosen))
        if (chosen < 0).any() or not self.allowed[chosen, columns].all():
            return False
        used = np.bincount(chosen, self.load[chosen, columns], minlength=self.shape[0])
        return bool((used <= self.capacity).all())


def price_bound(
    problem: Problem,
    prices: np.ndarray,
    supporters: np.ndarray | None = None,
    recipients: np.ndarray | None = None,
) -> tuple[int, np.ndarray]:
    """Bound in 1/PRICE_SCALE of a unit of cost, and the sets (m, n) bool that give it.

    ``prices`` is (n,) int64 in thousandths; ``supporters`` and ``recipients`` limit both to some of them.
    """
    i = np.arange(problem.shape[0]) if supporters is None else supporters
    j = np.arange(problem.shape[1]) if recipients is None else recipients
    block = np.ix_(i, j)
    value = np.where(problem.allowed[block], problem.cost[block] * PRICE_SCALE - prices[j][None, :], 0)
    least, sets = cheapest_sets(value, problem.load[block], problem.capacity[i])
    whole = np.zeros(problem.shape, dtype=bool)
    whole[block] = sets
    return int(least.sum() + prices[j].sum()), whole


@dataclass
class Master:
    """The restricted master programme: sets found so far."""

    problem: Problem
    supporter: list[int] = field(default_factory=list)
    sets: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        m, n = self.problem.shape
        self._seen: set[tuple[int, bytes]] = set()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = n, n + m
        # one dear column per recipient, so that the programme always has an answer
        dear = float(self.problem.cost.max(initial=1) * 3 + 1)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.full(n, dear), np.zeros(n), np.full(n, np.inf)
        lp.row_lower_ = np.concatenate([np.ones(n), np.full(m, -np.inf)])
        lp.row_upper_ = np.concatenate([np.full(n, np.inf), np.ones(m)])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.arange(n + 1, dtype=np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = np.arange(n, dtype=np.int32), np.ones(n)
        self._h: Any = _quiet()
        self._h.passModel(lp)

    def add(self, sets: np.ndarray, supporters: np.ndarray) -> int:
        """Add each supporter's set of ``sets`` (m, n) bool unless it is there; how many are new."""
        _, n = self.problem.shape
        costs, starts, index = [], [], []
        at = 0
        for i in supporters.tolist():
            key = (i, sets[i].tobytes())
            if key in self._seen or not sets[i].any():
                continue
            self._seen.add(key)
            members = np.flatnonzero(sets[i])
            self.supporter.append(i)
            self.sets.append(sets[i].copy())
            costs.append(float(self.problem.cost[i, members].sum()))
            starts.append(at)
            index.append(np.append(members, n + i))
            at += len(members) + 1
        if costs:
            k = len(costs)
            self._h.addCols(
                k, np.array(costs), np.zeros(k), np.full(k, np.inf), at, np.array(starts, dtype=np.int32),
                np.concatenate(index).astype(np.int32), np.ones(at),
            )  # fmt: skip
        return len(costs)

    def solve(self) -> tuple[float, np.ndarray, np.ndarray]:
        """Value, prices of the recipients (n,) and how much of each set is taken (k,)."""
        self._h.run()
        n = self.problem.shape[1]
        found = self._h.getSolution()
        value = float(self._h.getInfo().objective_function_value)
        return value, np.array(found.row_dual[:n]), np.array(found.col_value[n:])

    def settle(self, supporter: int, recipients: np.ndarray) -> None:
        """Take a supporter and its recipients out of the programme."""
        n = self.problem.shape[1]
        k = len(recipients)
        self._h.changeRowsBounds(k, recipients.astype(np.int32), np.full(k, -np.inf), np.full(k, np.inf))
        self._h.changeRowBounds(n + supporter, 0.0, 0.0)

    def restore(self) -> None:
        """Put all of them back."""
        m, n = self.problem.shape
        rows = np.arange(n, dtype=np.int32)
        self._h.changeRowsBounds(n, rows, np.ones(n), np.full(n, np.inf))
        for i in range(m):
            self._h.changeRowBounds(n + i, -np.inf, 1.0)


def relaxed_prices(problem: Problem) -> tuple[np.ndarray, float]:
    """Prices of the recipients (n,) int64, in thousandths, of the linear relaxation, and its value.

    Sharper than nothing and quickly had: where column generation begins.
    """
    m, n = problem.shape
    i, j = np.nonzero(problem.allowed)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(i), m + n
    lp.col_cost_ = problem.cost[i, j].astype(np.float64)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(i)), np.full(len(i), np.inf)
    lp.row_lower_ = np.concatenate([np.ones(n), np.full(m, -np.inf)])
    lp.row_upper_ = np.concatenate([np.full(n, np.inf), problem.capacity.astype(np.float64)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.arange(0, 2 * len(i) + 1, 2, dtype=np.int32)
    lp.a_matrix_.index_ = np.stack([j, n + i], axis=1).ravel().astype(np.int32)
    lp.a_matrix_.value_ = np.stack([np.ones(len(i)), problem.load[i, j]], axis=1).ravel().astype(np.float64)
    h = _quiet()
    h.passModel(lp)
    h.run()
    duals = np.array(h.getSolution().row_dual[:n])
    return np.rint(duals * PRICE_SCALE).astype(np.int64), float(h.getInfo().objective_function_value)


def improve_prices(master: Master, prices: np.ndarray, rounds: int, clock: Clock) -> np.ndarray:
    """Steps along the subgradient: dearer where no set holds a recipient, cheaper where several do.

    Returns the best prices seen (thousandths); ``master`` gains the sets met on the way. The step shrinks when the
    bound stalls (Held, Wolfe and Crowder 1974).
    """
    problem = master.problem
    everyone = np.arange(problem.shape[0])
    best, sets = price_bound(problem, prices)
    kept, stalled = prices, 0
    step = max(1.0, float(prices.max() - prices.min()) / 20)
    for _ in range(rounds):
        missing = 1 - sets.sum(axis=0)
        if not missing.any() or step < 1 or clock.up():
            break
        prices = prices + np.rint(step * missing).astype(np.int64)
        bound, sets = price_bound(problem, prices)
        master.add(sets, everyone)
        if bound > best:
            best, kept, stalled = bound, prices, 0
        elif (stalled := stalled + 1) == 8:
            step, stalled, prices = step * 0.7, 0, kept
            _, sets = price_bound(problem, prices)
    return kept


@dataclass(frozen=True)
class Converged:
    """Where column generation stands.

    Parameters
    ----------
    bound : int
        Best bound, in 1/PRICE_SCALE of a unit of cost.
    prices : ndarray
        (n,) int64 that give it, in the same unit.
    value : float
        Value of the restricted programme (units of cost), from above.
    taken : ndarray
        (k,) float64: how much of each of the master's sets is taken.
    """

    bound: int
    prices: np.ndarray
    value: float
    taken: np.ndarray


def converge(
    master: Master,
    prices: np.ndarray,
    rounds: int,
    clock: Clock,
    supporters: np.ndarray | None = None,
    recipients: np.ndarray | None = None,
) -> Converged:
    """Column generation with smoothed prices, from ``prices`` on (thousandths), over all or some of both sides.

    It ends when value and bound meet (within a tenth of a unit of cost), no new set is found, ``rounds`` are used or
    the clock is up. ``master`` gains the sets found.
    """
    problem = master.problem
    alive = np.arange(problem.shape[0]) if supporters is None else supporters
    best, sets = price_bound(problem, prices, supporters, recipients)
    master.add(sets, alive)
    for _ in range(rounds):
        value, now, taken = master.solve()
        if value * PRICE_SCALE - best < MEET or clock.up():
            break
        whole = np.rint(now * PRICE_SCALE).astype(np.int64)
        new = 0
        for tried in (np.rint(SMOOTHING * prices + (1 - SMOOTHING) * whole).astype(np.int64), whole):
            bound, sets = price_bound(problem, tried, supporters, recipients)
            new += master.add(sets, alive)
            if bound > best:
                best, prices = bound, tried
            if new:
                break
        if not new:
            break
    return Converged(best, prices, value, taken)


def _quiet() -> highspy.Highs:
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("threads", 1)
    return h


def worth_keeping(problem: Problem, prices: np.ndarray, best: int) -> np.ndarray:
    """(m, n) bool: pairs that an answer cheaper than ``best`` may still hold.

    A pair goes where even the bound with that pair forced in reaches ``best``, the cost of an answer at hand. ``prices`` are those of the bound, in thousandths.
    """
    value = np.where(problem.allowed, problem.cost * PRICE_SCALE - prices[None, :], 0)
    least, _ = cheapest_sets(value, problem.load, problem.capacity)
    bound = int(least.sum() + prices.sum())
    kept = problem.allowed.copy()
    for i in range(problem.shape[0]):
        mine = np.flatnonzero(problem.allowed[i])
        forced = forced_in(value[i, mine], problem.load[i, mine], int(problem.capacity[i]))
        kept[i, mine] = bound - least[i] + forced <= (best - 1) * PRICE_SCALE
    return kept
