from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.compare.shares import POINTS, gini, lorenz

AMOUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40)


def test_all_equal_is_0_and_one_has_all_is_nearly_1() -> None:
    assert gini([7, 7, 7, 7]) == 0.0
    assert gini([0, 0, 0, 9]) == pytest.approx(3 / 4)
    assert gini([5]) == 0.0


def test_a_case_on_paper() -> None:
    """1 and 3: pairs differ by 0, 2, 2, 0, in sum 4; over 2 · 2 · 4."""
    assert gini([3, 1]) == pytest.approx(4 / 16)
    x, y = lorenz([3, 1])
    assert x.tolist() == [0.0, 0.5, 1.0] and y.tolist() == [0.0, 0.25, 1.0]


def test_nothing_to_spread_has_neither() -> None:
    assert gini([]) is None and gini([0, 0]) is None
    assert len(lorenz([0, 0])[0]) == 0


@given(AMOUNTS)
def test_gini_is_half_the_mean_difference_over_the_mean(amounts: list[int]) -> None:
    a = np.asarray(amounts, dtype=np.float64)
    if a.sum() == 0:
        assert gini(amounts) is None
        return
    pairwise = np.abs(a[:, None] - a[None, :]).sum() / (2 * len(a) * a.sum())
    assert gini(amounts) == pytest.approx(pairwise, abs=1e-12)


@given(AMOUNTS)
def test_gini_is_twice_the_area_above_the_curve(amounts: list[int]) -> None:
    x, y = lorenz(amounts)
    found = gini(amounts)
    if found is None:
        assert len(x) == 0
        return
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert (np.diff(y) >= -1e-12).all() and (np.diff(np.diff(y) / np.diff(x)) >= -1e-9).all()
    area = float(((y[1:] + y[:-1]) * np.diff(x) / 2).sum())
    assert found == pytest.approx(1 - 2 * area, abs=1e-9)


def test_a_long_curve_has_points_that_lie_on_it() -> None:
    amounts = np.arange(1000)
    x, y = lorenz(amounts)
    assert len(x) == POINTS
    k = np.round(x * 1000)
    assert y == pytest.approx(k * (k - 1) / 2 / amounts.sum())
