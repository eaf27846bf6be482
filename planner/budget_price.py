"""What a step less, or one more, in a source's budget of a year changes: by planning the money again.

All that follows from the budget is as it is then: provinces' shares, floors that are shares of the budgets, carry-over. Where the plan
keeps prices, they are the same figures; here they are confirmed, and what it keeps none of has an answer too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.language import Text
from planner.deciding import OnProgress
from planner.explain import context_of
from planner.plan import Plan
from planner.replay import limits_of
from planner.solve.executor import LocalProcesses
from planner.stages.funds.again import OtherBudget, Replanned, planned_again, usable
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import Known
from planner.stages.funds.stage import STAGE, seen

NAME = "funds"
LESS, MORE = "less", "more"


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
        For how many yuan: the plan's step, or all there is (less), all that the source may pay for, and as much as it has at least (more).
    kept : bool
        Whether the plan's own table says the same of both sides; ``False`` where it is silent about one.
    less_forbidden, more_forbidden : sequence of Text
        Where no plan would be left: which rules cannot hold then.
    """

    source: str
    year: int
    less: float | None
    less_yuan: int
    more: float | None
    more_yuan: int
    kept: bool
    less_forbidden: Sequence[Text] = ()
    more_forbidden: Sequence[Text] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        forbidden = {
            f"{side}_forbidden": [text.as_dict() for text in texts]
            for side, texts in ((LESS, self.less_forbidden), (MORE, self.more_forbidden))
        }
        return {"stage": NAME, **vars(self), **forbidden}


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
    facts, known = seen(context)
    kept = _kept(plan, source)
    asked = _asked(facts, known, source, int(context.policy["price_step"]), kept)
    if not asked:
        raise UsageError(f"{source} 在规划年份没有预算", f"{source} has no budget in the planned years")

    def told(label: str, facts: Any) -> None:
        if on_progress:
            on_progress(NAME, label, facts)

    with LocalProcesses(os.cpu_count() or 1) as executor:
        others = [side for pair in asked for side in pair]
        found = planned_again(context, facts, others, executor, limits_of(plan), told)

    def forbidden(one: Replanned) -> Sequence[Text]:
        if one.status != "INFEASIBLE":
            return ()
        return STAGE.outcome(context, one.built, one.answer, None, rows=False).clashes

    head, prices = plan.stages[NAME], []
    for (less, more), fewer, further in zip(asked, found[::2], found[1::2], strict=True):
        sides = {LESS: _change(fewer, head), MORE: _change(further, head)}
        year = facts.years[less.year]
        same = _held_against(source, year, kept.get(year), sides, {LESS: -less.yuan, MORE: more.yuan})
        points = {k: None if v is None else v / head["scale"] for k, v in sides.items()}
        prices.append(BudgetPrice(source, year, points[LESS], -less.yuan, points[MORE], more.yuan, same,
                                  forbidden(fewer), forbidden(further)))  # fmt: skip
    return prices


def _kept(plan: Plan, source: str) -> dict[int, dict[str, Any]]:
    """Year → the row of the plan's own table about a budget."""
    table = plan.tables("prices").get(NAME)
    if table is None:
        return {}
    rows = table.filter(pl.col("rule") == "budgets", pl.col("source") == source)
    return {row["year"]: row for row in rows.iter_rows(named=True)}


def _asked(
    facts: Facts, known: Known, source: str, step: int, kept: Mapping[int, Mapping[str, Any]]
) -> list[tuple[OtherBudget, OtherBudget]]:
    """Less and more of each budget: for as many yuan as the plan's table tells, else for the step as far as it goes."""
    if source not in facts.sources:
        return []
    s, asked = facts.sources.index(source), []
    for t, year in enumerate(facts.years):
        if not facts.budget[s, t]:
            continue
        row = kept.get(year, {})
        have = int(facts.budget[s, t])
        lose = row.get("less_yuan") or min(step, have)
        add = row.get("more_yuan") or min(step, max(usable(facts, known, s, t), have))
        asked.append((OtherBudget(s, t, -lose), OtherBudget(s, t, add)))
    return asked


def _change(found: Replanned, head: Mapping[str, Any]) -> int | None:
    return None if found.objective is None else found.objective - int(head["objective"])


def _held_against(
    source: str,
    year: int,
    row: Mapping[str, Any] | None,
    sides: Mapping[str, int | None],
    yuan: Mapping[str, int],
) -> bool:
    """Whether the plan's table says the same of both sides.

    Raises
    ------
    RuntimeError
        When it says something else.
    """
    if row is None:
        return False
    for side, change in sides.items():
        if row[f"{side}_yuan"] == yuan[side] and row[side] != change:
            raise RuntimeError(f"price of {source} {year}, {side}: {row[side]}, solved again {change}")
    return all(row[f"{side}_yuan"] == yuan[side] for side in sides)
