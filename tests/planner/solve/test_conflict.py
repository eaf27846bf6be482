"""Why a model is infeasible: the set of rules is infeasible, and no member of it can be left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner.solve import mip
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.conflict import only_rules
from planner.solve.task import Answer, Arrays
from planner.stages import STAGES
from planner.stages.words import conflict_words
from tests.planner.solve.models import brute_force, random_model, run
from tests.planner.tiny import context, network


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


def test_a_trial_that_did_not_finish_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second trial ends without an answer: its rule stays, and nobody calls it needed."""
    model = ChoiceModel()
    x = model.columns(np.zeros(3, np.int64))
    model.rows("few", np.zeros(3, int), x, 1.0, -INFINITY, 1.0, 1)
    model.rows("other", np.zeros(3, int), x, 1.0, -INFINITY, 3.0, 1)
    model.rows("many", np.zeros(3, int), x, 1.0, 2.0, INFINITY, 1)
    solve, asked = mip.solve, []

    def tired(arrays: Arrays, options: Any, report: Any) -> Answer:
        asked.append(len(arrays["row_lower"]))
        return Answer("NO_SOLUTION_IN_TIME", {}, {}) if len(asked) == 3 else solve(arrays, options, report)

    monkeypatch.setattr(mip, "solve", tired)
    found = run("conflict", model.arrays())
    assert [model.rules[r] for r in found.arrays["rules"]] == ["few", "other", "many"]
    assert found.facts == {"irreducible": False, "rows_minimal": True}
    assert found.arrays["rows"].tolist() == [0, 2]


def test_words_say_that_each_is_needed_only_where_that_is_known() -> None:
    def words(irreducible: bool) -> str:
        rules, none = ["unit_capacity", "units_per_county"], np.zeros(0, dtype=np.int64)
        seen = context(STAGES["designation"], network())
        return conflict_words(STAGES["designation"], rules, None, none, seen, irreducible=irreducible)[-1].en

    assert words(True) == "without any one of these the others can hold together"
    assert words(False) == "whether each of these is needed was not settled within the limit"
