"""Cores: shown by a certificate that NumPy checks, needed row by row; what is not shown is not told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from planner.solve import cores
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.cores import Core, contradicts, farkas_ray, find_core, row_part
from planner.solve.task import Arrays
from tests.planner.solve.models import random_model, run


def feasible(arrays: Arrays, rows: np.ndarray) -> bool:
    """Whether rows and bounds hold together without integrality, by SciPy's own model of them."""
    part = row_part(arrays, rows)
    matrix = np.zeros((len(rows), len(arrays["lower"])))
    np.add.at(
        matrix, (np.repeat(np.arange(len(rows)), np.diff(part["indptr"])), part["indices"]), part["data"]
    )
    low, high = np.isfinite(part["row_lower"]), np.isfinite(part["row_upper"])
    upper = np.concatenate([matrix[high], -matrix[low]])
    limit = np.concatenate([part["row_upper"][high], -part["row_lower"][low]])
    bounds = list(
        zip(arrays["lower"], np.where(np.isfinite(arrays["upper"]), arrays["upper"], None), strict=True)
    )
    found = linprog(np.zeros(matrix.shape[1]), upper, limit, bounds=bounds, method="highs-ds")
    return bool(found.status == 0)


def clash() -> Arrays:
    """Rows 1 and 2 clash (three of three, one of the first two); rows 0 and 3 have nothing to do with it."""
    model = ChoiceModel()
    x = model.columns(np.array([1, 1, 1]))
    model.rows("free", np.zeros(3, int), x, 1.0, -INFINITY, 3.0, 1)
    model.rows("many", np.zeros(3, int), x, 1.0, 3.0, INFINITY, 1)
    model.rows("few", np.zeros(2, int), x[:2], 1.0, -INFINITY, 1.0, 1)
    model.rows("one", np.zeros(1, int), x[2:], 1.0, -INFINITY, 1.0, 1)
    return model.arrays()


def told(found: Core) -> tuple[list[int], bool]:
    return found.rows.tolist(), found.minimal


def test_rows_that_clash_are_a_core() -> None:
    assert told(find_core(clash())) == ([1, 2], True)


def test_no_core_where_only_wholeness_is_in_the_way() -> None:
    model = ChoiceModel()
    x = model.columns(np.array([1, 1]))
    model.rows("half", np.zeros(2, int), x, 2.0, 1.0, 1.0, 1)
    assert run("mip", model.arrays()).status == "INFEASIBLE"
    assert told(find_core(model.arrays())) == ([], True)


def test_a_true_ray_passes_and_a_tampered_one_is_refused() -> None:
    part = row_part(clash(), np.array([1, 2]))
    ray = farkas_ray(part)
    assert ray is not None and contradicts(part, ray) and contradicts(part, 7 * ray)
    assert not contradicts(part, -ray)
    assert not contradicts(part, np.zeros(2))
    assert not contradicts(part, ray * [1, 0])
    assert not contradicts(part, ray * [1, 3])
    assert not contradicts(part, ray * [np.nan, 1])
    assert not contradicts({**part, "row_lower": part["row_lower"] - 1}, ray)
    assert not contradicts({**part, "upper": np.array([1.0, 1.0, 2.0])}, ray)


def test_a_side_or_a_column_without_a_bound_contradicts_nothing() -> None:
    model = ChoiceModel()
    x = model.columns(np.array([0, 0]), upper=INFINITY, integer=False)
    model.rows("at least", np.zeros(2, int), x, 1.0, 2.0, INFINITY, 1)
    model.rows("at most", np.zeros(1, int), x[:1], 1.0, -INFINITY, 1.0, 1)
    arrays = model.arrays()
    assert not contradicts(arrays, np.array([1.0, -1.0]))  # the second column may grow
    assert not contradicts(arrays, np.array([-1.0, 1.0]))  # sides that are not there
    assert told(find_core(arrays)) == ([], True)


def test_what_rounding_may_have_made_is_no_contradiction() -> None:
    """A clash of 1e-4 in a thousand million is told; one of a few last digits is not."""
    model = ChoiceModel()
    x = model.columns(np.array([0]), upper=1e9, integer=False)
    model.rows("at least", np.zeros(1, int), x, 1.0, 5e8, INFINITY, 1)
    model.rows("at most", np.zeros(1, int), x, 1.0, -INFINITY, 5e8 - 3.0, 1)
    arrays = model.arrays()
    ray = np.array([1.0, -1.0])
    assert contradicts(arrays, ray)
    assert not contradicts({**arrays, "row_upper": np.array([INFINITY, 5e8 - 1e-6])}, ray)


def test_a_row_that_no_column_can_reach() -> None:
    model = ChoiceModel()
    x = model.columns(np.array([1, 1]))
    model.rows("both", np.zeros(2, int), x, 1.0, -INFINITY, 2.0, 1)
    model.rows("nobody", np.zeros(0, int), np.zeros(0, int), 1.0, 1.0, INFINITY, 1)
    assert told(find_core(model.arrays())) == ([1], True)


@pytest.mark.parametrize("named", [[0, 1], [0, 3], [2], [0, 1, 2, 3]], ids=str)
def test_an_iis_that_is_wrong_is_not_shown(monkeypatch: pytest.MonkeyPatch, named: list[int]) -> None:
    """Rows that do not clash, or more than are needed: the filter gives the true core all the same."""
    monkeypatch.setattr(cores, "iis_rows", lambda arrays: np.array(named))
    assert told(find_core(clash())) == ([1, 2], True)


def test_without_a_true_certificate_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    true = farkas_ray

    def tampered(arrays: Arrays) -> Any:
        ray = true(arrays)
        return None if ray is None else np.abs(ray) * np.arange(1, len(ray) + 1)

    monkeypatch.setattr(cores, "farkas_ray", tampered)
    assert find_core(clash()).rows.size == 0


def test_a_row_not_shown_to_be_needed_is_not_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "holds_together", lambda arrays: False)
    assert told(find_core(clash())) == ([1, 2], False)


def test_more_rows_than_are_tried_are_not_called_minimal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "TRIALS", 1)
    assert told(find_core(clash())) == ([1, 2], False)


@pytest.mark.parametrize("seed", range(80))
def test_random_models_by_another_solver_of_the_relaxation(seed: int) -> None:
    """The core clashes, and without any one row it does not; a model without a core is feasible when relaxed."""
    arrays = random_model(seed, n=5, rules=5).arrays()
    found = find_core(arrays)
    if not found.rows.size:
        assert feasible(arrays, np.arange(len(arrays["row_lower"])))
        return
    assert found.minimal and not feasible(arrays, found.rows)
    for row in found.rows:
        assert feasible(arrays, found.rows[found.rows != row])
