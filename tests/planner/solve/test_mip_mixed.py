"""Integer models with continuous columns, a first guess for some columns only, and none at all."""

from __future__ import annotations

import numpy as np
import pytest

from planner.solve import mip
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.task import Answer


def solved(model: ChoiceModel, start: np.ndarray | None = None) -> Answer:
    return mip.solve(model.arrays(start), {}, lambda found: None)


def mixed() -> ChoiceModel:
    """Two columns of which one is chosen; a share of each, at most its column, that add up to 0.5."""
    model = ChoiceModel()
    x = model.columns(np.array([3, 2]))
    y = model.columns(np.zeros(2, dtype=np.int64), integer=False)
    model.rows(
        "link", np.array([0, 1, 0, 1]), np.concatenate([y, x]), np.array([1, 1, -1, -1]), -INFINITY, 0.0, 2
    )
    model.rows("half", np.zeros(2, dtype=np.int64), y, 1.0, 0.5, 0.5, 1)
    return model


@pytest.mark.parametrize(
    "start", [None, np.array([1.0, 0.0, np.nan, np.nan]), np.array([0.0, 1.0, 0.0, 0.5])]
)
def test_continuous_columns_come_as_they_are(start: np.ndarray | None) -> None:
    answer = solved(mixed(), start)
    assert (answer.status, answer.facts["objective"]) == ("OPTIMAL", 2)
    assert answer.arrays["x"][:2].tolist() == [0, 1]
    assert answer.arrays["values"].tolist() == pytest.approx([0, 1, 0, 0.5])


def test_a_whole_model_has_no_second_values() -> None:
    model = ChoiceModel()
    model.columns(np.array([1]))
    assert "values" not in solved(model).arrays


@pytest.mark.parametrize(("least", "status"), [(0.0, "OPTIMAL"), (1.0, "INFEASIBLE")])
def test_without_any_column_rows_decide(least: float, status: str) -> None:
    model = ChoiceModel()
    nothing = np.zeros(0, dtype=np.int64)
    model.columns(nothing)
    model.rows("some", nothing, nothing, 1.0, least, INFINITY, 1)
    assert solved(model).status == status
