"""When a choice turns as its cost changes: as all answers one by one say; over few columns the same as over all."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from planner.solve import few_columns, mip
from planner.solve.choice import ChoiceModel
from planner.solve.crossing import Line
from planner.solve.few_columns import best_of_few
from planner.solve.mip import violated
from planner.solve.task import Answer, Arrays
from tests.planner.solve.models import assignment, random_model, run
from tests.planner.solve.test_crossing import by_all_lines

END = 8
RANGE = [END, 1]


def answers(arrays: Arrays) -> list[np.ndarray]:
    points = (np.array(p) for p in itertools.product((0, 1), repeat=len(arrays["cost"])))
    return [x for x in points if not violated(arrays, x).size]


def lines_of(points: list[np.ndarray], arrays: Arrays, slope: np.ndarray) -> list[Line]:
    return [Line(int(arrays["cost"] @ x), int(slope @ x)) for x in points]


def drawn(seed: int) -> tuple[Arrays, np.ndarray, list[np.ndarray]] | None:
    """A model, its slope and all its answers, the best first; nothing where it has none."""
    arrays = random_model(seed, n=7).arrays()
    every = sorted(answers(arrays), key=lambda x: int(arrays["cost"] @ x))
    return (arrays, np.random.default_rng(seed).integers(-6, 7, 7), every) if every else None


@pytest.mark.parametrize("seed", range(14))
def test_each_column_turns_where_all_answers_say(seed: int) -> None:
    case = drawn(seed)
    if case is None:
        return
    arrays, slope, every = case
    at = every[0]
    for j in range(7):
        told = run("swap", {**arrays, "slope": slope, "at": at}, column=j, pairs=7, end=RANGE, beyond=True)
        stay, other = (lines_of([x for x in every if x[j] == v], arrays, slope) for v in (at[j], 1 - at[j]))
        if not other:
            assert told.facts["never"] and told.facts["begin"][1] is None
            continue
        expected = by_all_lines(stay, other, Fraction(END))
        assert told.facts["t"] == (None if expected is None else [expected.numerator, expected.denominator])
        assert told.facts["begin"] == [min(line.value for line in side) for side in (stay, other)]
        if expected is not None:
            both = [told.arrays[k] for k in ("stay", "other")]
            assert [x[j] for x in both] == [at[j], 1 - at[j]]
            costs = [arrays["cost"] @ x + slope @ x * float(expected) for x in both]
            assert costs[0] == pytest.approx(costs[1], abs=0.01)
        elif told.facts["never"]:
            assert by_all_lines(stay, other, Fraction(10**6)) is None


@pytest.mark.parametrize("seed", range(6))
def test_all_of_an_answer_stays_as_long_as_all_answers_say(seed: int) -> None:
    case = drawn(seed)
    if case is None or len(case[2]) < 2:
        return
    arrays, slope, every = case
    told = run("swap", {**arrays, "slope": slope, "at": every[0]}, column=None, pairs=7, end=RANGE)
    expected = by_all_lines(
        lines_of(every[:1], arrays, slope), lines_of(every[1:], arrays, slope), Fraction(END)
    )
    assert told.facts["t"] == (None if expected is None else [expected.numerator, expected.denominator])


def two() -> ChoiceModel:
    """One of two has to be taken: the first costs 3, the second 5."""
    model = ChoiceModel()
    x = model.columns(np.array([3, 5]))
    model.rows("one", np.zeros(2), x, 1.0, 1.0, 1.0, 1)
    return model


def test_by_hand() -> None:
    arrays = {**two().arrays(), "at": np.array([1, 0]), "slope": np.array([3, 0])}
    told = run("swap", arrays, column=0, pairs=2, end=[9, 1], beyond=True)
    assert (told.facts["t"], told.facts["begin"], told.facts["turned"]) == ([2, 3], [3, 5], False)
    assert told.arrays["other"].tolist() == [0, 1]
    flat = run("swap", {**arrays, "slope": np.array([1, 1])}, column=0, pairs=2, end=[9, 1], beyond=True)
    assert flat.facts["t"] is None and flat.facts["never"]
    late = run("swap", {**arrays, "slope": np.array([1, 0])}, column=0, pairs=2, end=[1, 1], beyond=True)
    assert late.facts["t"] is None and not late.facts["never"] and late.facts["sure"] == [1, 1]
    wrong = run("swap", {**arrays, "at": np.array([0, 1])}, column=0, pairs=2, end=[0, 1])
    assert wrong.facts["turned"] and wrong.facts["begin"] == [5, 3]


def test_a_limit_of_work_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mip, "solve", lambda *_: Answer("FEASIBLE", {"x": np.zeros(2)}, {"objective": 0}))
    arrays = {**two().arrays(), "at": np.array([1, 0]), "slope": np.array([3, 0])}
    assert run("swap", arrays, column=0, pairs=2, end=[9, 1]).status == "NO_SOLUTION_IN_TIME"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("first", [1, 3])
def test_few_columns_give_the_best_of_all(seed: int, first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few_columns, "FIRST", first)
    monkeypatch.setattr(few_columns, "REACH", 1.0)
    arrays = assignment(4, 14, seed).arrays()
    told, whole = best_of_few(arrays, {})[0], run("mip", arrays)
    assert told.status == whole.status
    if whole.status == "OPTIMAL":
        assert int(arrays["cost"] @ told.arrays["x"]) == whole.facts["objective"]


def test_few_columns_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 40 × 10 pairs few can be in a good answer; the integer model sees those alone."""
    seen: list[int] = []
    solve = mip.solve

    def counted(arrays: Arrays, options: Mapping[str, Any], report: mip.Report) -> Answer:
        seen.append(len(arrays["cost"]))
        return solve(arrays, options, report)

    monkeypatch.setattr(mip, "solve", counted)
    draw = np.random.default_rng(1)
    model = ChoiceModel()
    x = model.columns(draw.integers(0, 100_000, 400))
    model.rows("each once", np.tile(np.arange(10), 40), x, 1.0, 1.0, 1.0, 10)
    model.rows("room", np.repeat(np.arange(40), 10), x, 1.0, -np.inf, 1.0, 40)
    told, near = best_of_few(model.arrays(), {})
    assert seen and max(seen) < 100
    assert best_of_few(model.arrays(), {}, near)[0].facts["objective"] == told.facts["objective"]
    assert told.facts["objective"] == run("mip", model.arrays()).facts["objective"]
