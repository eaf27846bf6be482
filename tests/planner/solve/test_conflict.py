"""Why a model is infeasible: the set of rules is infeasible, and no member of it can be left out."""

from __future__ import annotations

import numpy as np
import pytest

from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.conflict import only_rules
from tests.planner.solve.models import brute_force, random_model, run


def infeasible(seeds: range, rules: int) -> list[int]:
    return [s for s in seeds if brute_force(random_model(s, n=5, rules=rules).arrays()) is None]


@pytest.mark.parametrize("seed", infeasible(range(60), rules=5)[:20])
def test_irreducible(seed: int) -> None:
    """By brute force: the named rules clash; without any one of them some point is allowed."""
    arrays = random_model(seed, n=5, rules=5).arrays()
    found = run("conflict", arrays)
    named = found.arrays["rules"].tolist()
    assert found.status == "INFEASIBLE" and found.facts["irreducible"] and named
    assert brute_force(only_rules(arrays, named)) is None
    for rule in named:
        assert brute_force(only_rules(arrays, [r for r in named if r != rule])) is not None
    assert set(arrays["row_rule"][found.arrays["rows"]].tolist()) <= set(named)


def test_feasible_models_have_no_conflict() -> None:
    arrays = next(a for s in range(20) if brute_force(a := random_model(s).arrays()) is not None)
    found = run("conflict", arrays)
    assert found.status == "OPTIMAL"
    assert found.arrays["rules"].size == found.arrays["rows"].size == 0


def test_rows_name_the_tight_place() -> None:
    """Three jobs, of which the second has nobody with room."""
    model = ChoiceModel()
    x = model.columns(np.zeros(3, np.int64))
    model.rows("each", np.arange(3), x, 1.0, 1.0, 1.0, 3)
    model.rows("room", np.arange(3), x, 1.0, -INFINITY, np.array([1.0, 0.0, 1.0]), 3)
    model.rows("other", np.zeros(3, int), x, 1.0, -INFINITY, 3.0, 1)
    found = run("conflict", model.arrays())
    assert [model.rules[r] for r in found.arrays["rules"]] == ["each", "room"]
    assert found.arrays["rows"].tolist() == [1, 4]
