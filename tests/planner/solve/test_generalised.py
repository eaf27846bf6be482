"""Generalised assignment and assignment: what is recognised, what is proved, what is found."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solve import assignment, choose, generalised
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.clock import Clock
from planner.solve.columns import (
    PRICE_SCALE,
    Master,
    Problem,
    converge,
    improve_prices,
    price_bound,
    relaxed_prices,
    worth_keeping,
)
from planner.solve.dive import dive, search
from planner.solve.knapsacks import cheapest_sets, forced_in


def silent(_: object) -> None:
    return None


def drawn(seed: int, m: int, n: int, share: float = 0.7, listed: float = 1.0) -> Problem:
    draw = np.random.default_rng(seed)
    load = draw.integers(1, 9, (m, n))
    capacity = np.maximum(load.max(axis=1), (share * load.sum(axis=1) / m).astype(np.int64) + 2)
    allowed = draw.random((m, n)) < listed
    allowed[draw.integers(0, m, n), np.arange(n)] = True
    return Problem(draw.integers(-5, 30, (m, n)), load, capacity, allowed & (load <= capacity[:, None]))


def model_of(problem: Problem) -> ChoiceModel:
    m, n = problem.shape
    i, j = np.nonzero(problem.allowed)
    model = ChoiceModel()
    columns = model.columns(problem.cost[i, j])
    model.rows("one", j, columns, 1.0, 1.0, 1.0, n)
    model.rows("capacity", i, columns, problem.load[i, j], -INFINITY, problem.capacity.astype(float), m)
    model.rows("most", i, columns, 1.0, 0.0, 1_000_000.0, m)
    return model


def best_of(problem: Problem) -> int | None:
    m, n = problem.shape
    every = (np.array(c) for c in itertools.product(range(m), repeat=n))
    return min((problem.total(c) for c in every if problem.fits(c)), default=None)


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 6))
def test_knapsacks_are_as_good_as_every_subset(seed: int, m: int, n: int) -> None:
    draw = np.random.default_rng(seed)
    value, load = draw.integers(-20, 5, (m, n)), draw.integers(0, 7, (m, n))
    capacity = draw.integers(0, 15, m)
    least, sets = cheapest_sets(value, load, capacity)
    subsets = [np.array(s, dtype=bool) for s in itertools.product((False, True), repeat=n)]
    for i in range(m):
        fitting = [s for s in subsets if load[i, s].sum() <= capacity[i]]
        assert least[i] == min(value[i, s].sum() for s in fitting)
        assert value[i, sets[i]].sum() == least[i]
        assert load[i, sets[i]].sum() <= capacity[i]
        forced = forced_in(value[i], load[i], int(capacity[i]))
        for j in range(n):
            holding = [value[i, s].sum() for s in fitting if s[j]]
            assert forced[j] == min(holding) if holding else forced[j] > 10**15


def test_many_knapsacks_in_blocks_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(1)
    value, load = draw.integers(-20, 5, (9, 30)), draw.integers(1, 7, (9, 30))
    capacity = draw.integers(5, 40, 9)
    whole = cheapest_sets(value, load, capacity)
    monkeypatch.setattr("planner.solve.knapsacks.CELLS_MAX", 1)
    parts = cheapest_sets(value, load, capacity)
    assert np.array_equal(whole[0], parts[0])
    assert np.array_equal(whole[1], parts[1])


@given(st.integers(0, 10_000), st.integers(2, 3), st.integers(2, 6))
def test_any_prices_bound_every_answer_and_pairs_that_go_are_in_no_better_one(
    seed: int, m: int, n: int
) -> None:
    problem = drawn(seed, m, n, listed=0.8)
    best = best_of(problem)
    if best is None:
        return
    prices = np.random.default_rng(seed).integers(-5_000, 30_000, n)
    assert price_bound(problem, prices)[0] <= best * PRICE_SCALE
    kept = worth_keeping(problem, prices, best + 1)
    for choice in itertools.product(range(m), repeat=n):
        chosen = np.array(choice)
        if problem.fits(chosen) and problem.total(chosen) <= best:
            assert kept[chosen, np.arange(n)].all()


@given(st.integers(0, 10_000), st.integers(2, 3), st.integers(2, 6), st.floats(0.5, 1.0))
def test_answers_are_as_good_as_every_assignment(seed: int, m: int, n: int, listed: float) -> None:
    problem = drawn(seed, m, n, share=0.6, listed=listed)
    answer = choose.solve(model_of(problem).arrays(), {}, silent)
    best = best_of(problem)
    if best is None:
        assert answer.status == "INFEASIBLE"
        return
    assert (answer.status, answer.facts["objective"], answer.facts["bound"]) == ("OPTIMAL", best, best)
    assert answer.facts["engine"] in ("columns", "assignment", "mip")


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 6), st.integers(1, 4), st.floats(0.5, 1.0))
def test_unit_loads_are_a_flow_with_prices_that_prove_it(
    seed: int, m: int, n: int, room: int, listed: float
) -> None:
    problem = drawn(seed, m, n, listed=listed)
    problem = Problem(problem.cost, np.full((m, n), 3), np.full(m, 3 * room + 2), problem.allowed)
    answer = choose.solve(model_of(problem).arrays(), {}, silent)
    best = best_of(problem)
    if best is None:
        assert answer.status == "INFEASIBLE"
        return
    assert (answer.status, answer.facts["objective"], answer.facts["engine"]) == (
        "OPTIMAL",
        best,
        "assignment",
    )
    found = generalised.recognise(model_of(problem).arrays())
    assert found is not None
    prices = answer.arrays["prices"] // PRICE_SCALE
    limits = assignment.unit_loads(found.problem)
    assert limits is not None
    assert assignment.price_bound(found.problem, limits, prices) == best


def test_prices_of_an_assignment_that_is_not_the_best_are_refused() -> None:
    problem = Problem(
        np.array([[0, 5], [5, 0]]), np.ones((2, 2), np.int64), np.ones(2, np.int64), np.ones((2, 2), bool)
    )
    with pytest.raises(ArithmeticError, match="not optimal"):
        assignment.recipient_prices(problem, np.array([1, 0]))


def test_costs_beyond_what_doubles_hold_go_to_the_plain_engine() -> None:
    problem = Problem(
        np.full((2, 2), 2**51), np.ones((2, 2), np.int64), np.ones(2, np.int64), np.ones((2, 2), bool)
    )
    assert assignment.assign(problem, np.ones(2, np.int64)) is None


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("at least one", lambda m: m.rows("more", [0], [0], 1.0, 1.0, INFINITY, 1)),
        ("two limits on one pair", lambda m: m.rows("more", [0, 0, 0], [0, 1, 2], 1.0, -INFINITY, 1.0, 1)),
        ("loads in fractions", lambda m: m.rows("more", [0, 0], [0, 1], 0.3, -INFINITY, 0.5, 1)),
    ],
)
def test_other_models_are_not_taken_for_one(name: str, change: Callable[[ChoiceModel], object]) -> None:
    model = model_of(drawn(3, 3, 5))
    assert generalised.recognise(model.arrays()) is not None
    change(model)
    assert generalised.recognise(model.arrays()) is None, name
    assert choose.solve(model.arrays(), {}, silent).facts["engine"] == "mip"


def test_rows_that_cannot_bind_are_no_rule() -> None:
    problem = drawn(3, 3, 5)
    found = generalised.recognise(model_of(problem).arrays())
    assert found is not None
    assert np.array_equal(found.problem.capacity, problem.capacity)


def test_the_search_improves_a_poor_answer_and_never_breaks_it() -> None:
    problem = drawn(11, 6, 30, share=0.9)
    room = problem.capacity.copy()
    poor = np.empty(30, dtype=np.int64)
    for j in range(30):
        poor[j] = next(i for i in range(6) if room[i] >= problem.load[i, j])
        room[poor[j]] -= problem.load[poor[j], j]
    told: list[dict[str, int]] = []
    found = search(
        problem, poor, -(10**9), size=3, rounds=20, seed=0, options={}, clock=Clock(), report=told.append
    )
    assert problem.fits(found)
    assert problem.total(found) < problem.total(poor)
    assert [t["objective"] for t in told] == sorted((t["objective"] for t in told), reverse=True)


def test_a_dive_ends_in_an_answer_near_the_bound() -> None:
    problem = drawn(5, 8, 40, share=0.85)
    master = Master(problem)
    prices = improve_prices(master, relaxed_prices(problem)[0], 50, Clock())
    reached = converge(master, prices, 200, Clock())
    chosen = dive(master, reached, {}, Clock())
    assert chosen is not None and problem.fits(chosen)
    assert reached.bound <= problem.total(chosen) * PRICE_SCALE
    assert reached.value * PRICE_SCALE - reached.bound < PRICE_SCALE
    again = converge(master, reached.prices, 200, Clock())  # the dive has put everything back
    assert abs(again.value - reached.value) < 1e-6


def test_the_same_answer_twice() -> None:
    arrays = model_of(drawn(7, 7, 40, share=0.8)).arrays()
    first, second = (choose.solve(arrays, {}, silent) for _ in range(2))
    assert np.array_equal(first.arrays["x"], second.arrays["x"])
    assert first.facts == second.facts


def test_no_time_at_all_tells_that_time_decided() -> None:
    arrays = model_of(drawn(7, 7, 40, share=0.8)).arrays()
    answer = choose.solve(arrays, {"time_limit": 0.001}, silent)
    assert answer.status == "NO_SOLUTION_IN_TIME" or answer.facts["cut_short"]


def test_pairs_that_are_held_in_or_out() -> None:
    problem = drawn(3, 3, 5)
    model = model_of(problem)
    i, j = np.nonzero(problem.allowed)
    free = choose.solve(model.arrays(), {}, silent)
    taken = int(np.flatnonzero(free.arrays["x"])[0])
    without = model.arrays()
    without["upper"] = without["upper"].copy()
    without["upper"][taken] = 0
    other = choose.solve(without, {}, silent)
    assert other.arrays["x"][taken] == 0 and other.facts["objective"] > free.facts["objective"]
    kept = next(k for k in range(len(i)) if j[k] == j[taken] and k != taken)
    with_it = model.arrays()
    with_it["lower"] = with_it["lower"].copy()
    with_it["lower"][kept] = 1
    held = choose.solve(with_it, {}, silent)
    assert held.arrays["x"][kept] == 1 and held.facts["objective"] >= other.facts["objective"]
    assert held.facts["engine"] == "columns"
