"""Why a model is infeasible: the set of rules is infeasible, and no member of it can be left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner.solve import mip, second
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
    assert found.facts == {"irreducible": False, "rows_minimal": True, "checked": "rows"}
    assert found.arrays["rows"].tolist() == [0, 2]


class Few:
    """As much of a built model as the words need."""

    def __init__(self) -> None:
        self.model = ChoiceModel(rules=["unit_capacity", "units_per_county"])


@pytest.mark.parametrize("checked", ["rows", "second", ""])
@pytest.mark.parametrize("irreducible", [True, False])
def test_words_say_what_is_known_and_who_checked_it(irreducible: bool, checked: str) -> None:
    stage, none = STAGES["designation"], np.zeros(0, dtype=np.int64)
    answer = Answer(
        "INFEASIBLE", {"rules": np.arange(2), "rows": none}, {"irreducible": irreducible, "checked": checked}
    )
    told = [w.en for w in conflict_words(stage, Few(), context(stage, network()), answer)]
    others = "rules that leave out choices may have a part in it, too"
    perhaps = "whether each of these is needed was not settled within the limit; "
    assert told[-2] == (others if irreducible else perhaps + others)
    assert not any("without any one" in line for line in told)
    assert {"rows": "without the solver", "second": "SCIP", "": "the word of one solver"}[checked] in told[-1]


def split(loads: list[int], room: int) -> ChoiceModel:
    """Jobs in two boxes, each in one: where the loads come to twice the room, the relaxation always fits."""
    model, n = ChoiceModel(), len(loads)
    x = model.columns(np.zeros(2 * n, np.int64))
    model.rows("each", np.tile(np.arange(n), 2), x, 1.0, 1.0, 1.0, n)
    model.rows("room", np.repeat([0, 1], n), x, np.tile(np.array(loads, float), 2), -INFINITY, float(room), 2)
    return model


def test_what_only_whole_numbers_show_is_looked_at_by_a_second_solver() -> None:
    found = run("conflict", split([7, 5, 4, 4], 10).arrays())
    assert found.facts["checked"] == "second" and not found.arrays["rows"].size
    assert run("conflict", split([7, 5, 4, 4], 9).arrays()).facts["checked"] == "rows"
    assert run("conflict", split([6, 5, 5, 4], 10).arrays()).status == "OPTIMAL"


def test_a_second_solver_that_does_not_finish_confirms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    n = 40
    weights = rng.integers(0, 100, (5, n)).astype(float)  # a market split: 5 sums to be halved at once
    model = ChoiceModel()
    x = model.columns(np.zeros(n, np.int64))
    half = np.floor(weights.sum(axis=1) / 2)
    model.rows("halves", np.repeat(np.arange(5), n), np.tile(x, 5), weights.ravel(), half, half, 5)
    monkeypatch.setattr(second, "NODES", 10)
    assert not second.agrees(model.arrays(), {})


@pytest.mark.parametrize("hidden", ["a rule", "a row"])
def test_a_subset_that_does_not_clash_is_never_told(hidden: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first solver that calls everything infeasible: the second finds a point that keeps all, and that is a defect."""
    monkeypatch.setattr(mip, "solve", lambda *given: Answer("INFEASIBLE", {}, {}))
    arrays = split([6, 5, 5, 4], 10).arrays()
    part = (
        only_rules(arrays, [0])
        if hidden == "a rule"
        else {**arrays, "row_upper": np.full_like(arrays["row_upper"], 99.0)}
    )
    with pytest.raises(ArithmeticError, match="SCIP"):
        run("conflict", part)


@pytest.mark.parametrize("seed", infeasible(range(60, 140), rules=4)[:15])
def test_brute_force_agrees_with_the_second_solver(seed: int) -> None:
    arrays = random_model(seed, n=5, rules=4).arrays()
    assert second.agrees(arrays, {})
    assert run("conflict", arrays).facts["checked"] in ("rows", "second")
