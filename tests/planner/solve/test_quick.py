"""An answer by hand keeps every row, and the bound that needs no solver bounds every answer."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solve import mip
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.mip import violated
from planner.solve.quick import quick_bound, quick_choice
from planner.solve.task import Arrays


def random_model(seed: int) -> Arrays:
    """Up to four recipients that ask for partners, supporters with capacities, and a row with a negative number."""
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    model = ChoiceModel()
    lower = (rng.random(m * n) < 0.1).astype(float)
    x = model.columns(rng.integers(-2, 9, m * n), lower, np.maximum(lower, rng.random(m * n) < 0.9))
    supporter, recipient = np.divmod(np.arange(m * n), n)
    model.rows("partners", recipient, x, 1.0, rng.integers(0, 3, n), INFINITY, n)
    model.rows("capacity", supporter, x, rng.integers(1, 4, m * n), -INFINITY, rng.integers(2, 7, m), m)
    model.rows("odd", np.zeros(m * n, np.int64), x, rng.integers(-1, 2, m * n), -2.0, 3.0, 1)
    return model.arrays()


def feasible(arrays: Arrays) -> list[np.ndarray]:
    n = len(arrays["cost"])
    every = (np.array(x, float) for x in itertools.product((0, 1), repeat=n))
    return [x for x in every if not violated(arrays, x).size]


@given(st.integers(0, 5_000))
def test_what_is_found_keeps_every_row_and_no_answer_is_below_the_bound(seed: int) -> None:
    arrays = random_model(seed)
    every = feasible(arrays)
    found = quick_choice(arrays)
    assert found is None or any(np.array_equal(found, x) for x in every)
    if every:
        assert quick_bound(arrays) <= min(int(arrays["cost"] @ x) for x in every)


def two_rows() -> Arrays:
    """Two recipients ask for one each of three supporters with room for one: 5 and 6 at best, 2 + 3 by the cheapest alone."""
    model = ChoiceModel()
    x = model.columns(np.array([2, 3, 5, 9, 8, 3]))
    model.rows("partners", np.arange(6) % 2, x, 1.0, 1.0, 1.0, 2)
    model.rows("capacity", np.arange(6) // 2, x, 1.0, -INFINITY, 1.0, 3)
    return model.arrays()


def test_a_case_by_hand() -> None:
    arrays = two_rows()
    found = quick_choice(arrays)
    assert found is not None and found.tolist() == [1, 0, 0, 0, 0, 1]
    assert quick_bound(arrays) == 5 == int(arrays["cost"] @ found)
    none = dict(arrays)
    none["row_upper"] = np.where(arrays["row_rule"] == 1, 0.0, arrays["row_upper"])
    assert quick_choice(none) is None
    assert quick_choice(arrays | {"upper": np.full(6, 2.0)}) is None
    assert quick_choice(arrays | {"integer": np.zeros(6, np.bool_)}) is None


def test_the_first_guess_comes_first() -> None:
    """Dearer, but it is what is held now; a guess that breaks a row is left out."""
    arrays = two_rows()
    start = np.array([0.0, 0, 0, 1, 1, 0])
    found = quick_choice(arrays | {"start": start})
    assert found is not None and found.tolist() == [0, 0, 0, 1, 1, 0]
    found = quick_choice(arrays | {"start": np.array([1.0, 1, 0, 0, 0, 0])})
    assert found is not None and found.tolist() == [1, 0, 0, 0, 0, 1]


def test_time_that_is_up_before_the_first_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS with no time at all: the answer by hand, its bound, and that the clock cut it short."""
    real = mip.highs

    def no_time(arrays: Arrays, options: dict[str, object]) -> object:
        h = real(arrays, options)
        h.setOptionValue("presolve", "off")
        h.setOptionValue("time_limit", 0.0)
        return h

    monkeypatch.setattr(mip, "highs", no_time)
    found = mip.solve(two_rows(), {"time_limit": 1e-9}, lambda facts: None)
    assert found.status == "FEASIBLE" and found.facts["cut_short"]
    assert (found.facts["objective"], found.facts["bound"]) == (5, 5)
    shut = two_rows() | {"row_upper": np.array([1.0, 1.0, 0.0, 0.0, 0.0])}
    assert mip.solve(shut, {"time_limit": 1e-9}, lambda facts: None).status in (
        "NO_SOLUTION_IN_TIME",
        "INFEASIBLE",
    )
