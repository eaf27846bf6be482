"""Assignment with unit loads: prices that prove it, whatever the order of the search; nothing else is let through."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solve import assignment
from planner.solve.columns import PRICE_SCALE, Problem
from planner.solve.generalised import Recognised


def matrix(cost: np.ndarray, allowed: np.ndarray | None = None, room: int = 1) -> Problem:
    everyone = np.ones(cost.shape, bool) if allowed is None else allowed
    return Problem(cost, np.ones_like(cost), np.full(len(cost), room), everyone)


def solved(problem: Problem) -> tuple[np.ndarray, np.ndarray, int]:
    """Supporter of each recipient, prices, and what they prove."""
    m, n = problem.shape
    supporter, recipient = np.divmod(np.arange(m * n), n)
    room = assignment.unit_loads(problem)
    assert room is not None
    answer = assignment.solve(Recognised(problem, supporter, recipient), room)
    assert answer is not None
    return answer.arrays["x"].reshape(m, n).argmax(axis=0), answer.arrays["prices"], answer.facts["bound"]


def test_three_by_three_by_hand() -> None:
    chosen, prices, bound = solved(matrix(np.array([[4, 1, 3], [2, 0, 5], [3, 2, 2]])))
    assert chosen.tolist() == [1, 0, 2] and bound == 1 + 2 + 2
    assert (prices % PRICE_SCALE == 0).all()


@given(
    st.integers(0, 10_000), st.integers(1, 5), st.integers(0, 2), st.integers(1, 3), st.sampled_from([1, 16])
)
def test_tied_costs_forbidden_pairs_and_idle_supporters(
    seed: int, n: int, idle: int, most: int, batch: int
) -> None:
    draw = np.random.default_rng(seed)
    m = n + idle
    cost, allowed = draw.integers(-most, most + 1, (m, n)), draw.random((m, n)) < 0.7
    allowed[np.arange(n), draw.permutation(n)] = True
    every = (np.array(p) for p in itertools.permutations(range(m), n))
    problem = matrix(cost, allowed)
    best = min(problem.total(p) for p in every if problem.fits(p))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignment, "AT_ONCE", batch)
        chosen, prices, bound = solved(problem)
    assert problem.fits(chosen) and problem.total(chosen) == bound == best
    assert assignment.price_bound(problem, problem.capacity, prices // PRICE_SCALE) == best


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 2))
def test_no_prices_prove_more_than_the_best(seed: int, n: int, room: int) -> None:
    draw = np.random.default_rng(seed)
    problem = matrix(draw.integers(-9, 9, (n, n)), room=room)
    every = (np.array(p) for p in itertools.product(range(n), repeat=n))
    best = min(problem.total(p) for p in every if problem.fits(p))
    prices = draw.integers(-20, 20, n)
    limits = np.full(n, room)
    told = sum(int(np.sort(np.minimum(problem.cost[i] - prices, 0))[:room].sum()) for i in range(n))
    assert assignment.price_bound(problem, limits, prices) == told + prices.sum() <= best


@pytest.mark.parametrize("n", [2, 3, 40])
def test_one_exchange_that_would_gain_is_found(n: int) -> None:
    cost = np.random.default_rng(n).integers(0, 100, (n, n))
    problem = matrix(cost)
    best, _, _ = solved(problem)
    worse = best.copy()
    worse[[0, 1]] = worse[[1, 0]]
    if problem.total(worse) > problem.total(best):
        with pytest.raises(ArithmeticError, match="not optimal"):
            assignment.recipient_prices(problem, worse)


@pytest.mark.parametrize("off", [-1, 99])
def test_prices_that_do_not_prove_it_are_not_told(monkeypatch: pytest.MonkeyPatch, off: int) -> None:
    right = assignment.recipient_prices
    monkeypatch.setattr(
        assignment, "recipient_prices", lambda p, c: right(p, c) + off * (np.arange(len(c)) == 1)
    )
    cost = np.array([[1, 9, 9], [9, 1, 9], [9, 9, 1]])
    with pytest.raises(ArithmeticError, match="its prices prove"):
        solved(matrix(cost))


def test_the_same_answer_twice() -> None:
    cost = np.random.default_rng(1).integers(0, 5, (60, 60))
    (first, prices, _), (again, same, _) = solved(matrix(cost)), solved(matrix(cost))
    assert np.array_equal(first, again) and np.array_equal(prices, same)
