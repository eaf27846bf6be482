"""Amounts that are too large to be added up and weighed exactly in 64 bits, told before anything is solved."""

from __future__ import annotations

import numpy as np

from graph.errors import ScenarioError
from planner.stage import Context
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import NO_LIMIT, return_steps, values

SUM_MOST = 2**53
"""Yuan of all budgets, and of all needs: so much is exact in 64 bits and in a float."""
WEIGHED_MOST = 2**62
"""Thousandths of a point of all that can be met: sums of them are kept in 64 bits."""


def check_amounts(context: Context, facts: Facts) -> None:
    """Refuse what could not be summed exactly.

    Raises
    ------
    ScenarioError
        When a budget, with what may be carried to it, or a county's needs of a year reach ``NO_LIMIT``; when all budgets or
        all needs pass ``SUM_MOST``; or when what can be met may count more than ``WEIGHED_MOST``.
    """
    budgets_hold = context.policy.on("budgets")
    budget = facts.budget.astype(object)
    budget[:, 1:] += facts.carry[:, :-1].astype(object)
    need = facts.need.astype(object).sum(axis=1)
    largest = int(np.abs(values(context, facts, return_steps(context)[1]).astype(object)).max())
    weighed = min(SUM_MOST, WEIGHED_MOST // max(largest, 1))
    all_budgets, all_needs = int(facts.budget.astype(object).sum()), int(need.sum())
    told = (
        ("fund_budgets", all_budgets, _first_budget(facts)),
        ("needs", all_needs, _first_need(facts, need)),
    )
    single = (int(budget.max(initial=0)), int(need.max(initial=0)))
    spent = min(all_budgets, all_needs) if budgets_hold else all_needs
    for (table, amount, first), one, holds in zip(told, single, (budgets_hold, True), strict=True):
        if not holds:
            continue
        over = max(amount / SUM_MOST, one / (NO_LIMIT - 1), spent / weighed)
        if over > 1:
            _refuse(table, amount, first, weighed if spent > weighed else SUM_MOST, over)


def _refuse(table: str, amount: int, first: str, most: int, over: float) -> None:
    scale = 10
    while scale < over:
        scale *= 10
    raise ScenarioError(
        f"{table}：金额过大，不能精确相加：合计 {amount:,} 元（最大的是 {first}）；合计至多 {most:,} 元，"
        f"一笔至多 {NO_LIMIT - 1:,} 元。请把 fund_budgets、needs 等各表的金额与 [funds] 中以元计的值都除以 {scale:,}",
        f"{table}: amounts are too large to be summed exactly: {amount:,} yuan in all (the largest: {first}); at most "
        f"{most:,} yuan in all and {NO_LIMIT - 1:,} at once. Give all amounts of fund_budgets, needs and other tables, and all "
        f"values of [funds] in yuan, divided by {scale:,}",
    )


def _first_budget(facts: Facts) -> str:
    s, t = np.unravel_index(np.argmax(facts.budget), facts.budget.shape)
    return f"{facts.sources[int(s)]} {facts.years[int(t)]}, {int(facts.budget[s, t]):,}"


def _first_need(facts: Facts, need: np.ndarray) -> str:
    c, t = np.unravel_index(np.argmax(need), need.shape)
    return f"{facts.counties[int(c)]} {facts.years[int(t)]}, {int(need[c, t]):,}"
