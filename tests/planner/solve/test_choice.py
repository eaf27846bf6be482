"""The choice model: what is added comes out as arrays, rows sorted and labelled."""

from __future__ import annotations

import numpy as np
import pytest

from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.mip import activities, violated


def test_arrays_hold_what_was_added() -> None:
    model = ChoiceModel()
    x = model.columns(np.array([5, -7]))
    y = model.columns(np.array([1]), lower=-2.0, upper=4.0, integer=False)
    assert x.tolist() == [0, 1] and y.tolist() == [2]
    first = model.rows(
        "cap", np.array([1, 0, 1]), np.array([2, 1, 0]), np.array([3.0, 2.0, 1.0]), -INFINITY, 6.0, 2
    )
    second = model.rows("link", np.zeros(2, int), x, 1.0, np.array([1.0]), INFINITY, 1)
    assert first.tolist() == [0, 1] and second.tolist() == [2]
    found = model.arrays()
    assert found["indptr"].tolist() == [0, 1, 3, 5]
    assert found["indices"].tolist() == [1, 0, 2, 0, 1]
    assert found["data"].tolist() == [2.0, 1.0, 3.0, 1.0, 1.0]
    assert [model.rules[r] for r in found["row_rule"]] == ["cap", "cap", "link"]
    assert found["lower"].tolist() == [0, 0, -2] and found["upper"].tolist() == [1, 1, 4]
    assert found["integer"].tolist() == [True, True, False]
    assert "start" not in found and model.arrays(np.zeros(3))["start"].dtype == np.float64


def test_a_rule_added_twice_is_one_rule() -> None:
    model = ChoiceModel()
    x = model.columns(np.array([1]))
    for limit in (1.0, 2.0):
        model.rows("cap", np.zeros(1, int), x, 1.0, -INFINITY, limit, 1)
    assert model.rules == ["cap"]
    assert model.arrays()["row_rule"].tolist() == [0, 0]


def test_rows_without_entries_stay() -> None:
    model = ChoiceModel()
    model.columns(np.array([1]))
    model.rows("need", np.zeros(0, int), np.zeros(0, int), 1.0, 1.0, INFINITY, 2)
    found = model.arrays()
    assert found["indptr"].tolist() == [0, 0, 0]
    assert activities(found, np.array([1.0])).tolist() == [0.0, 0.0]
    assert violated(found, np.array([3.0])).tolist() == [0, 1, 2]  # both rows, and the column's bound


@pytest.mark.parametrize("small", [0, 2**16])
@pytest.mark.parametrize("ascending", [True, False])
def test_entries_are_in_order_however_they_are_given(
    monkeypatch: pytest.MonkeyPatch, small: int, ascending: bool
) -> None:
    monkeypatch.setattr("planner.solve.choice.SMALL", small)
    draw = np.random.default_rng(1)
    columns = np.arange(40) if ascending else draw.permutation(40)
    row, value = draw.integers(0, 6, 40), draw.integers(1, 9, 40).astype(float)
    model = ChoiceModel()
    model.columns(np.zeros(40, np.int64))
    model.rows("cap", row, columns, value, 0.0, 9.0, 6)
    found = model.arrays()
    dense = np.zeros((6, 40))
    dense[row, columns] = value
    r, c = np.nonzero(dense)
    assert found["indices"].tolist() == c.tolist() and found["data"].tolist() == dense[r, c].tolist()
    assert found["indptr"].tolist() == [0, *np.cumsum(np.bincount(r, minlength=6)).tolist()]
