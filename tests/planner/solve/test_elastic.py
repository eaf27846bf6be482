"""The engine that breaks as little as it can: against every point of random tiny models, and by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.elastic import WHOLE, soften, violations
from planner.solve.task import Arrays
from tests.planner.solve.models import brute_force, random_model, run


def giving(model: ChoiceModel, *firm: int) -> Arrays:
    """The model's arrays; rules by number that may not give."""
    arrays = model.arrays()
    return {**arrays, "may_give": ~np.isin(arrays["row_rule"], firm)}


def least_by_hand(arrays: Arrays) -> tuple[int, int] | None:
    """Least weight of violations over all 0–1 points that keep what may not give, then the least cost.

    First among those that exceed nothing by more than it promises; where there are none, among all.
    """
    return _least(arrays, limited=True) or _least(arrays, limited=False)


def _least(arrays: Arrays, *, limited: bool) -> tuple[int, int] | None:
    model, found = soften(arrays, limited=limited), []
    most = np.full(len(arrays["row_lower"]), np.inf)
    over = slice(model.sides, None)
    most[model.row[over]] = model.arrays["upper"][model.column[over]]
    for point in itertools.product((0, 1), repeat=len(arrays["cost"])):
        x = np.array(point)
        short = violations(arrays, x)
        if not short[~arrays["may_give"]].any() and (short <= most).all():
            found.append((int(model.paid(short).sum()), int(arrays["cost"] @ x)))
    return min(found, default=None)


@pytest.mark.parametrize("seed", range(40))
def test_no_point_breaks_less_and_none_of_these_costs_less(seed: int) -> None:
    arrays = giving(random_model(seed, n=6, rules=4), 0)
    answer, wanted = run("elastic", arrays, reasons=9), least_by_hand(arrays)
    if wanted is None:
        assert answer.status == "INFEASIBLE"
        return
    assert answer.status == "OPTIMAL"
    assert (answer.facts["least"], answer.facts["objective"]) == wanted
    assert answer.facts["least_bound"] == wanted[0] and answer.facts["bound"] == wanted[1]
    short = violations(arrays, answer.arrays["x"])
    assert np.array_equal(short, answer.arrays["short"]) and not short[~arrays["may_give"]].any()
    if (whole := brute_force(arrays)) is not None:
        assert wanted == (0, whole)  # where all can hold nothing is broken


@pytest.mark.parametrize("seed", range(40))
def test_a_reason_is_what_keeping_the_row_would_break(seed: int) -> None:
    arrays = giving(random_model(seed, n=5, rules=4), 0)
    answer = run("elastic", arrays, reasons=9)
    if answer.status == "INFEASIBLE":
        return
    short = answer.arrays["short"]
    broken = sorted(np.flatnonzero(short).tolist(), key=lambda r: (short[r] != -arrays["row_lower"][r], r))
    assert answer.arrays["why_row"].tolist() == broken[:9]
    ptr, other = answer.arrays["why_ptr"], answer.arrays["why_other"]
    for k, row in enumerate(answer.arrays["why_row"].tolist()):
        firm = arrays["may_give"].copy()
        firm[row] = False
        kept = least_by_hand({**arrays, "may_give": firm})
        assert answer.arrays["why_least"][k] == (-1 if kept is None else kept[0])
        assert row not in other[ptr[k] : ptr[k + 1]]


def three_days(days: float) -> ChoiceModel:
    """A visit that must be made and takes three days more than the team has, of ``days``."""
    model = ChoiceModel()
    x = model.columns(np.array([5]))
    model.rows("visit", np.zeros(1), x, 1.0, 1.0, 1.0, 1)
    model.rows("days", np.zeros(1), x, days + 3, -INFINITY, days, 1)
    return model


def test_a_promise_is_measured_against_what_it_promises() -> None:
    answer = run("elastic", giving(three_days(40)))  # 3 of 43 days weigh less than a whole visit
    assert answer.arrays["short"].tolist() == [0.0, 3.0] and answer.arrays["x"].tolist() == [1]
    assert answer.facts["least"] == 3 * round(WHOLE / 43)
    answer = run("elastic", giving(three_days(40), 1))  # days may not give: the visit is not made
    assert answer.arrays["short"].tolist() == [-1.0, 0.0] and answer.facts["least"] == WHOLE
    assert run("elastic", giving(three_days(40), 0, 1)).status == "INFEASIBLE"


def test_parts_that_are_not_whole_are_broken_as_little() -> None:
    model = ChoiceModel()
    y = model.columns(np.array([0, 0]), 0.0, 1.0, integer=False)
    model.rows("all", np.zeros(2), y, 1.0, 1.0, 1.0, 1)
    model.rows("most", np.arange(2), y, 1.0, -INFINITY, np.array([0.25, 0.5]), 2)
    answer = run("elastic", giving(model, 0))
    assert answer.status == "OPTIMAL" and answer.facts["least"] == round(0.25 * WHOLE)
    assert answer.arrays["short"].sum() == pytest.approx(0.25, abs=1e-5)


def test_what_is_too_much_does_not_all_fall_on_the_largest() -> None:
    """Twelve places each promised one helper; one may help four, another one: the first is asked for no more than eight."""
    model = ChoiceModel()
    x = model.columns(np.zeros(24, dtype=np.int64))
    helper, place = np.divmod(np.arange(24), 12)
    model.rows("helped", place, x, 1.0, 1.0, INFINITY, 12)
    model.rows("capacity", helper, x, 1.0, -INFINITY, np.array([4.0, 1.0]), 2)
    answer = run("elastic", giving(model))
    assert (
        answer.arrays["short"][12] == 4
    )  # a quarter of a promise each; what is left weighs one each, however it is broken
    assert (
        answer.arrays["short"][13] - answer.arrays["short"][:12].sum() == 3
        and answer.facts["least"] == 4 * WHOLE
    )
    firm = run("elastic", giving(model, 0))  # where every place must be helped there is no such limit
    assert firm.status == "OPTIMAL" and firm.arrays["short"][12:].sum() == 7
