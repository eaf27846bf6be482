"""The price of stability of money: limits that are proved to be too low, or as good as others, are not solved."""

from __future__ import annotations

from planner.solve.pool import InProcess
from planner.stability import curve_of, free_of
from planner.stability_steps import Curve, Step, next_limit
from planner.stage import Limits
from planner.stages.funds import STAGE
from tests.planner.money_land import PLAIN, money, two_counties
from tests.planner.stages.test_funds_published import STEPS, rows
from tests.planner.tiny import context, solve


def money_curve(solves: int) -> tuple[Curve, list[int]]:
    """100 yuan published for a, of which a budget of 70 leaves 30 no place; and the limits that were asked for."""
    published = rows(("g", "a", "industry", 2017, 100))
    net = two_counties(fund_budgets=[money("g", 70)])
    seen = context(STAGE, net, published=published, **{**PLAIN, "return_steps": STEPS})
    asked: list[int] = []
    free = solve(STAGE, free_of(seen))
    found = curve_of(STAGE, seen, InProcess(), Limits(), free, solves, lambda _s, _l, facts: asked.append(facts["changes"]))  # fmt: skip
    return found, asked


def test_limits_that_are_proved_to_be_too_low_are_not_asked_for() -> None:
    """30 yuan lose their place whatever is done; the best plan moves 50: a and b get 50 and 20."""
    found, asked = money_curve(6)
    assert asked[:2] == [0, 30] and min(asked[1:]) == 30
    infeasible, first = found.steps[:2]
    assert (infeasible.least, infeasible.most, infeasible.status) == (0, 29, "INFEASIBLE")
    assert (first.least, first.status, first.objective) == (30, "OPTIMAL", 50_000 + 20 * 500)
    assert found.steps[-1].objective == 70_000 and found.steps[-1].most == 50
    whole, every = money_curve(60)  # each yuan that may move is worth half a point more, to the last
    assert [s.objective for s in whole.steps[1:]] == [60_000 + 500 * k for k in range(21)]
    assert len(set(every)) == len(every) == 21


def test_between_two_that_are_as_good_nothing_is_asked_for() -> None:
    level = [Step(0, 2, "OPTIMAL", 9, 9), Step(50, 50, "OPTIMAL", 9, 9), Step(60, 60, "OPTIMAL", 7, 7)]
    assert next_limit(level, True, 1) == 55 and next_limit(level[:2], True, 1) is None
    assert next_limit([Step(0, 29, "INFEASIBLE", None, None, tight=True), *level[1:]], True, 1) == 30
    assert next_limit([Step(0, 30, "INFEASIBLE", None, None), Step(50, 50, "OPTIMAL", 9, 9)], True, 1) == 40
