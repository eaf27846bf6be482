"""Integer models: the optimum of brute force, honest limits, a start that is used, the same answer twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner.solve import engines
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.conflict import only_rules
from planner.solve.mip import violated
from tests.planner.solve.models import assignment, brute_force, random_model, run


@pytest.mark.parametrize("seed", range(40))
def test_brute_force(seed: int) -> None:
    arrays = random_model(seed).arrays()
    best, found = brute_force(arrays), run("mip", arrays)
    if best is None:
        assert found.status == "INFEASIBLE"
        return
    assert found.status == "OPTIMAL"
    assert found.facts["objective"] == found.facts["bound"] == best == int(arrays["cost"] @ found.arrays["x"])
    assert not violated(arrays, found.arrays["x"]).size


def test_infeasible_is_said() -> None:
    model = ChoiceModel()
    x = model.columns(np.array([1, 1, 1]))
    model.rows("many", np.zeros(3, int), x, 1.0, 3.0, INFINITY, 1)
    model.rows("few", np.zeros(2, int), x[:2], 1.0, -INFINITY, 1.0, 1)
    assert run("mip", model.arrays()).status == "INFEASIBLE"
    assert run("mip", only_rules(model.arrays(), [0])).status == "OPTIMAL"


def test_unbounded_is_said() -> None:
    model = ChoiceModel()
    model.columns(np.array([-1]), upper=INFINITY, integer=False)
    model.rows("free", np.zeros(1, int), np.zeros(1, int), 1.0, 0.0, INFINITY, 1)
    assert run("mip", model.arrays()).status == "UNBOUNDED"


def test_an_empty_model_is_solved() -> None:
    model = ChoiceModel()
    model.columns(np.zeros(0, np.int64))
    model.rows("cap", np.zeros(0, int), np.zeros(0, int), 1.0, -INFINITY, 3.0, 2)
    found = run("mip", model.arrays())
    assert (found.status, found.facts["objective"], found.facts["bound"]) == ("OPTIMAL", 0, 0)


def test_large_costs_are_summed_exactly() -> None:
    """Sums beyond 2**53 would lose their last digit in doubles."""
    model = ChoiceModel()
    cost = np.full(5000, 2**41 + 1)
    x = model.columns(cost)
    model.rows("all", np.arange(5000), x, 1.0, 1.0, 1.0, 5000)
    assert run("mip", model.arrays()).facts["objective"] == 5000 * (2**41 + 1)


def test_a_limit_of_time_is_honest() -> None:
    """Too short for anything: no answer, or one with a bound that is not claimed to be met."""
    arrays = assignment(10, 100).arrays()
    found = run("mip", arrays, time_limit=0.3)
    assert found.status in ("FEASIBLE", "NO_SOLUTION_IN_TIME")
    assert found.facts["cut_short"]
    if found.status == "FEASIBLE":
        assert found.facts["bound"] <= found.facts["objective"]
        assert not violated(arrays, found.arrays["x"]).size


def test_no_solution_in_time() -> None:
    found = run("mip", assignment(20, 200).arrays(), time_limit=1e-6)
    assert found.status == "NO_SOLUTION_IN_TIME"
    assert not found.arrays


def test_a_count_of_checks_ends_it_before_the_first_node() -> None:
    """The same answer twice, a bound that is not claimed to be met, and not cut short by the clock."""
    arrays = assignment(10, 100).arrays()
    found, again = (run("mip", arrays, checks=3) for _ in range(2))
    assert found.status in ("FEASIBLE", "NO_SOLUTION_IN_TIME") and not found.facts["cut_short"]
    assert found.facts == again.facts and found.facts["checks"] >= 3 and found.facts["nodes"] == 0
    assert run("mip", arrays, work=1e-3).facts["checks"] == 0  # not counted where there is no such limit


def test_a_start_is_used_under_a_limit() -> None:
    """With the optimum as its start, even the shortest limit answers with nothing worse."""
    arrays = assignment(3, 12).arrays()
    best = run("mip", arrays)
    assert best.status == "OPTIMAL"
    started = run("mip", {**arrays, "start": best.arrays["x"].astype(float)}, work=1e-4)
    assert started.facts["objective"] == best.facts["objective"]


def test_a_start_may_have_gaps_or_be_wrong() -> None:
    arrays = assignment(3, 12).arrays()
    best = run("mip", arrays)
    part = np.where(np.arange(36) < 18, best.arrays["x"], np.nan)
    for start in (part, np.ones(36), np.zeros(36)):
        found = run("mip", {**arrays, "start": start})
        assert (found.status, found.facts["objective"]) == ("OPTIMAL", best.facts["objective"])


def test_a_start_that_is_left_in_the_columns_is_no_answer() -> None:
    """HiGHS 1.16 tells −6 here, and its columns hold the start's −3."""
    rows = [({4: 1, 5: 1}, -np.inf, 1), ({0: 1, 4: 1, 7: -1}, 0, 0), ({1: 1, 5: 1, 8: -1}, 0, 0), ({6: 1, 9: -1}, -np.inf, 0),
            ({3: 1, 9: -1}, 0, np.inf), ({11: 1, 12: 1}, -np.inf, 1), ({0: 1, 12: -1}, -np.inf, 0),
            ({1: 1, 12: -1}, -np.inf, 0), ({2: 1, 11: -1}, -np.inf, 0), ({3: 1, 11: -1}, -np.inf, 0)]  # fmt: skip
    model, start = ChoiceModel(), np.zeros(13)
    model.columns(np.array([0, 0, 0, 0, 0, 0, -3, -3, -2, 0, 0, 0, 0]))
    for entries, low, high in rows:
        model.rows(
            "r", np.zeros(len(entries)), np.array([*entries]), np.array([*entries.values()]), low, high, 1
        )
    start[[4, 7, 10]] = 1
    found = run("mip", model.arrays(start))
    assert (found.status, found.facts["objective"], found.facts["bound"]) == ("OPTIMAL", -6, -6)
    assert not violated(model.arrays(), found.arrays["x"]).size


def test_the_same_answer_twice_and_progress() -> None:
    arrays: Any = assignment(4, 20).arrays()
    told: list[Any] = []
    first = engines.run("mip", arrays, {"work": 0.004}, told.append)
    second = run("mip", arrays, work=0.004)
    assert first.arrays["x"].tolist() == second.arrays["x"].tolist()
    assert dict(first.facts) == dict(second.facts)
    assert any("bound" in t for t in told)
    assert not first.facts["cut_short"]  # a limit of work is not the clock


def test_continuous_columns_keep_their_values() -> None:
    model = ChoiceModel()
    x = model.columns(np.array([3]))
    y = model.columns(np.array([2]), upper=10.0, integer=False)
    model.rows("need", np.zeros(2, int), np.concatenate([x, y]), np.array([1.0, 2.0]), 1.5, INFINITY, 1)
    found = run("mip", model.arrays())
    assert found.arrays["values"].tolist() == [0.0, 0.75]
    assert "values" not in run("mip", random_model(0).arrays()).arrays
