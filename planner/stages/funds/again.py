"""Solve the money again with one budget changed and every other number as it is."""

from __future__ import annotations

from dataclasses import replace

from planner.solve.pool import Executor, OnProgress
from planner.stage import Context, Limits
from planner.stages.funds.stage import seen
from planner.stages.funds.tasks import task_of


def budgets_again(
    context: Context, source: str, executor: Executor, limits: Limits, on_progress: OnProgress | None
) -> list[tuple[int, tuple[tuple[int, int | None], tuple[int, int | None]]]]:
    """Of a source, for each planned year: yuan and objective (thousandths of points) with a step less, and with one more.

    The objective is ``None`` where there is no plan, or none within the limits. Years without a budget are left out;
    a budget below the step loses all it has.
    """
    facts, known = seen(context)
    if source not in facts.sources:
        return []
    s, step, tasks, asked = facts.sources.index(source), int(context.policy["price_step"]), [], []
    for t, year in enumerate(facts.years):
        if not facts.budget[s, t]:
            continue
        for yuan in (-min(step, int(facts.budget[s, t])), step):
            budget = facts.budget.copy()
            budget[s, t] += yuan
            task, _ = task_of(context, replace(facts, budget=budget), known, limits)
            tasks.append(replace(task, label=f"{year} {yuan:+,}"))
            asked.append((year, abs(yuan)))
    answers = executor.run(tasks, on_progress)
    values = [-int(a.facts["objective"]) if "flow" in a.arrays else None for a in answers]
    sides = list(zip(asked, values, strict=True))
    return [
        (year, ((less, low), (more, high)))
        for ((year, less), low), ((_, more), high) in zip(sides[::2], sides[1::2], strict=True)
    ]
