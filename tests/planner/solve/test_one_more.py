"""What stands in the way of one more choice: as trying it, row by row, says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from planner.solve.choice import ChoiceModel
from planner.solve.mip import activities
from planner.solve.one_more import in_the_way


def some_model(rng: np.random.Generator, free: int) -> tuple[ChoiceModel, np.ndarray]:
    """Five choices, ``free`` columns behind them, four rows that some answer keeps; and that answer."""
    model, at = ChoiceModel(), rng.integers(0, 2, 5)
    columns = model.columns(np.zeros(5 + free, np.int64))
    beside = np.append(at, rng.integers(0, 2, free))
    weights = rng.integers(-2, 3, (4, 5 + free))
    come_to = weights @ beside
    row, column = np.nonzero(weights)
    low, high = come_to - rng.integers(0, 2, 4), come_to + rng.integers(0, 2, 4)
    model.rows("some", row, columns[column], weights[row, column], low, high, 4)
    return model, at


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("free", [0, 2])
def test_each_row_by_itself(seed: int, free: int) -> None:
    model, at = some_model(np.random.default_rng(seed), free)
    arrays = model.arrays()
    numbers = np.flatnonzero(at == 0)
    column, row = in_the_way(arrays, at, numbers)
    expected = set()
    for k, number in enumerate(numbers.tolist()):
        more = at.copy()
        more[number] = 1
        ways = [np.append(more, rest) for rest in itertools.product((0, 1), repeat=free)]
        come_to = np.array([activities(arrays, x) for x in ways])  # shares may lie anywhere between these
        out = (come_to > arrays["row_upper"]).all(axis=0) | (come_to < arrays["row_lower"]).all(axis=0)
        expected |= {(k, r) for r in np.flatnonzero(out).tolist()}
    assert set(zip(column.tolist(), row.tolist(), strict=True)) == expected


def test_a_row_that_is_broken_as_it_is_is_in_the_way_of_what_makes_it_worse() -> None:
    model = ChoiceModel()
    columns = model.columns(np.zeros(3, np.int64))
    model.rows("most", np.zeros(3, np.int64), columns, np.array([1.0, 1.0, -1.0]), -np.inf, 0.0, 1)
    column, row = in_the_way(model.arrays(), np.array([1, 0, 0]), np.array([1, 2]))
    assert (column.tolist(), row.tolist()) == ([0], [0])
