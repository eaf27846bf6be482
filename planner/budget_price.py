"""What a million yuan less, or one more, in a source's budget of a year changes: by solving the money again.

The other numbers of the rules stay as they are, so that the difference is the budget's alone. Where the plan keeps prices, they
are the same figures; here they are confirmed, and plans that keep none (their rules cross) have an answer too.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from graph.errors import UsageError
from planner.deciding import OnProgress
from planner.explain import context_of
from planner.plan import Plan
from planner.replay import limits_of
from planner.solve.executor import LocalProcesses
from planner.stages.funds.again import budgets_again

NAME = "funds"


@dataclass(frozen=True)
class BudgetPrice:
    """One budget's price.

    Parameters
    ----------
    source, year
        The budget.
    less, more : float or None
        Change of the objective in points with so much less, and more; ``None`` where no plan would be left, or no time.
    less_yuan, more_yuan : int
        For how many yuan: the plan's step, or all there is.
    kept : bool
        Whether the plan's own table says the same; ``False`` where it has none.
    """

    source: str
    year: int
    less: float | None
    less_yuan: int
    more: float | None
    more_yuan: int
    kept: bool

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"stage": NAME, **vars(self)}


def budget_prices(plan: Plan, source: str, on_progress: OnProgress | None = None) -> list[BudgetPrice]:
    """Prices of a source's budgets, year by year.

    Raises
    ------
    UsageError
        When the plan does not decide about money, its budgets are off, or the source has none in the planned years.
    RuntimeError
        When the plan's table says otherwise: a defect of ours.
    """
    if NAME not in plan.stages:
        raise UsageError("方案没有资金阶段", "the plan has no stage funds")
    context = context_of(plan, NAME)
    if not context.policy.on("budgets"):
        raise UsageError("预算已关闭，没有价", "budgets are off: they have no price")

    def told(label: str, facts: Any) -> None:
        if on_progress:
            on_progress(NAME, label, facts)

    with LocalProcesses(os.cpu_count() or 1) as executor:
        changes = budgets_again(context, source, executor, limits_of(plan), told)
    if not changes:
        raise UsageError(f"{source} 在规划年份没有预算", f"{source} has no budget in the planned years")
    before = int(plan.stages[NAME]["objective"])
    return [_held_against(plan, source, year, sides, before) for year, sides in changes]


def _held_against(
    plan: Plan, source: str, year: int, sides: Sequence[tuple[int, int | None]], before: int
) -> BudgetPrice:
    (less_yuan, less), (more_yuan, more) = sides
    found = [None if value is None else value - before for value in (less, more)]
    kept = plan.tables("prices").get(NAME)
    same = False
    if kept is not None:
        rows = kept.filter(pl.col("rule") == "budgets", pl.col("source") == source, pl.col("year") == year)
        for row in rows.iter_rows(named=True):
            for side, yuan, change in (("less", less_yuan, found[0]), ("more", more_yuan, found[1])):
                if row[side] is not None and row[f"{side}_yuan"] == yuan and row[side] != change:
                    raise RuntimeError(
                        f"price of {source} {year}, {side}: {row[side]}, solved again {change}"
                    )
            same = True
    points = [None if c is None else c / plan.stages[NAME]["scale"] for c in found]
    return BudgetPrice(source, year, points[0], less_yuan, points[1], more_yuan, same)
