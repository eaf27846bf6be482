"""Whether a choice model has any point: by whatever settles it, the same as by trying every point."""

from __future__ import annotations

import numpy as np
import pytest

from planner.solve import lumped, whether
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.cores import merged, ray_or_point
from planner.solve.lumped import colours, impossible_or_used
from planner.solve.mip import violated
from planner.solve.task import Arrays
from tests.planner.solve.models import brute_force, random_model, run


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small models are treated as large ones are."""
    monkeypatch.setattr(whether, "MANY", 0)
    monkeypatch.setattr(lumped, "SMALLER", 0)


def helpers(counties: int, each: int, units: int, room: int) -> Arrays:
    """So many counties that want ``each`` of units with so much room: all of them alike."""
    model = ChoiceModel()
    x = model.columns(np.ones(counties * units))
    county, unit = np.repeat(np.arange(counties), units), np.tile(np.arange(units), counties)
    model.rows("wants", county, x, 1.0, each, INFINITY, counties)
    model.rows("room", unit, x, 1.0, -INFINITY, room, units)
    return model.arrays()


@pytest.mark.parametrize("seed", range(60))
def test_the_same_as_trying_every_point(small: None, seed: int) -> None:
    arrays = random_model(seed).arrays()
    found = run("whether", arrays)
    assert (found.status == "OPTIMAL") == (brute_force(arrays) is not None)
    if found.status == "OPTIMAL":
        assert not violated(arrays, found.arrays["x"].astype(float)).size
    else:
        assert found.status == "INFEASIBLE"


@pytest.mark.parametrize("seed", range(60))
def test_what_is_called_impossible_is(small: None, seed: int) -> None:
    arrays = random_model(seed, n=5, rules=4).arrays()
    impossible, used = impossible_or_used(arrays)
    ray, _ = ray_or_point(arrays)
    assert impossible == (ray is not None)
    assert not impossible or (brute_force(arrays) is None and used is None)


def test_what_is_alike_is_one(small: None) -> None:
    rows, columns = colours(helpers(30, 2, 20, 3))
    assert rows is not None and columns is not None
    assert (rows.max() + 1, columns.max() + 1) == (2, 1)
    assert impossible_or_used(helpers(30, 2, 20, 2))[0]  # 60 wanted, room for 40
    assert not impossible_or_used(helpers(30, 2, 20, 3))[0]  # room for 60


def test_where_hardly_anything_is_alike_nothing_is_said() -> None:
    arrays = helpers(3, 1, 2, 1)
    different = {**arrays, "upper": np.array([1.0, 0.9, 0.8, 0.7, 0.6, 0.5])}
    assert colours(different) == (None, None)
    assert impossible_or_used(different) == (False, None)


def test_a_point_that_is_known_is_enough(small: None) -> None:
    arrays = helpers(4, 1, 2, 2)
    known = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0])
    assert run("whether", {**arrays, "start": known}).arrays["x"].tolist() == known.tolist()
    wrong = np.ones(8)
    found = run("whether", {**arrays, "start": wrong})
    assert found.status == "OPTIMAL" and not violated(arrays, found.arrays["x"].astype(float)).size


def test_the_columns_of_a_vertex_are_tried_where_none_is_found_by_hand(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whether, "quick_choice", lambda arrays: None)
    assert run("whether", helpers(6, 2, 4, 3)).status == "OPTIMAL"
    assert run("whether", helpers(6, 2, 4, 2)).status == "INFEASIBLE"


def test_columns_with_the_same_entries_become_one_and_clash_as_before() -> None:
    arrays = helpers(5, 3, 4, 9)
    part = {**arrays, "row_lower": arrays["row_lower"], "row_upper": arrays["row_upper"]}
    few = merged({**part, "indptr": arrays["indptr"][:6], "indices": arrays["indices"][:20], "data": arrays["data"][:20],
                  "row_lower": arrays["row_lower"][:5], "row_upper": arrays["row_upper"][:5]})  # fmt: skip
    assert (
        sorted(few["upper"].tolist()) == [4.0] * 5
    )  # four units of each county are alike once their room is out of sight
    assert ray_or_point(few)[0] is None
    assert ray_or_point({**few, "row_lower": np.full(5, 5.0)})[0] is not None
