"""Bounds of one relaxation: never above the best answer with a column held, and exact where the relaxation is."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from planner.solve.choice import ChoiceModel
from planner.solve.least import solve

NONE: dict[str, Any] = {"threads": 1, "thorough": True}


def best(model: ChoiceModel, held: int, least: float, most: float) -> float:
    """The least cost by trying every answer."""
    arrays = model.arrays()
    found, n = np.inf, model.n_columns
    dense = np.zeros((model.n_rows, n))
    for r in range(model.n_rows):
        a, b = arrays["indptr"][r : r + 2]
        dense[r, arrays["indices"][a:b]] = arrays["data"][a:b]
    for x in itertools.product(
        *(range(int(lo), int(up) + 1) for lo, up in zip(arrays["lower"], arrays["upper"], strict=True))
    ):
        value = dense @ np.array(x)
        if (
            least <= x[held] <= most
            and (value >= arrays["row_lower"]).all()
            and (value <= arrays["row_upper"]).all()
        ):
            found = min(found, float(arrays["cost"] @ np.array(x)))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_no_answer_with_a_column_elsewhere_is_below_its_bound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, model = 5, ChoiceModel()
    x = model.columns(rng.integers(-5, 10, n), upper=rng.integers(1, 3, n).astype(float))
    for k in range(3):
        side = float(rng.integers(1, 4))
        low, high = [(side, np.inf), (-np.inf, side + 1), (side, side)][k]
        model.rows(f"r{k}", np.zeros(n), x, rng.integers(0, 3, n).astype(float), low, high, 1)
    at = rng.integers(0, 2, n)
    answer = solve({**model.arrays(), "at": at}, NONE, lambda _: None)
    for j in range(n):
        assert answer.arrays["more"][j] <= best(model, j, at[j] + 1, 9) + 1e-6
        assert answer.arrays["less"][j] <= best(model, j, -9, at[j] - 1) + 1e-6


def test_an_assignment_by_hand() -> None:
    """Two and two: 1 + 1 straight, 4 + 4 crosswise. A cross pair costs 8 in all, which is 6 more; from a corner nothing of it may be proved."""
    model = ChoiceModel()
    x = model.columns(np.array([1, 4, 4, 1]))
    model.rows("left", np.array([0, 0, 1, 1]), x, 1.0, 1.0, 1.0, 2)
    model.rows("right", np.array([0, 1, 0, 1]), x, 1.0, 1.0, 1.0, 2)
    answer = solve({**model.arrays(), "at": np.array([1, 0, 0, 1])}, NONE, lambda _: None)
    assert answer.facts["bound"] == pytest.approx(2.0)
    assert answer.arrays["more"][0] == np.inf  # it is chosen already
    assert (answer.arrays["more"][1:3] >= 3).all() and (answer.arrays["more"][1:3] <= 8 + 1e-6).all()
