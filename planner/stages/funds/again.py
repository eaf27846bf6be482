"""Plan the money again with one budget changed: every bound that follows from a budget moves with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer
from planner.stage import Context, Limits
from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts, budgets_of
from planner.stages.funds.known import Known, known_numbers
from planner.stages.funds.levels import decided
from planner.stages.funds.tasks import task_of


@dataclass(frozen=True)
class OtherBudget:
    """One budget with more or less in it.

    Parameters
    ----------
    source, year : int
        Row numbers.
    yuan : int
        What is added; negative where it is taken away.
    """

    source: int
    year: int
    yuan: int


@dataclass(frozen=True)
class Replanned:
    """What planning with the other budget comes to.

    Parameters
    ----------
    status : str
        As of an outcome.
    objective : int or None
        Thousandths of points; ``None`` where there is no plan, or none within the limits.
    built, answer
        The model and its answer.
    """

    status: str
    objective: int | None
    built: Built
    answer: Answer


def knowing(context: Context, facts: Facts, other: OtherBudget) -> tuple[Facts, Known]:
    """What the stage knows with the other budget: shares, floors and carry-over as they are then."""
    source, year = facts.sources[other.source], facts.years[other.year]
    rows = context.network.frame("fund_budgets")
    here = (pl.col("source") == source) & (pl.col("year") == year)
    if rows.filter(here).is_empty():
        none = pl.DataFrame({"source": [source], "year": [year], "amount": [0]})
        rows = pl.concat([rows, none.cast({c: rows.schema[c] for c in none.columns})], how="diagonal")
    rows = rows.with_columns(amount=pl.when(here).then(pl.col("amount") + other.yuan).otherwise("amount"))
    budget, carry = budgets_of(context, rows, facts.sources, facts.years)
    changed = replace(facts, budget=budget, carry=carry)
    return changed, known_numbers(context, changed)


def planned_again(
    context: Context,
    facts: Facts,
    others: Sequence[OtherBudget],
    executor: Executor,
    limits: Limits,
    on_progress: OnProgress | None,
) -> list[Replanned]:
    """A plan for each of the other budgets, each by itself."""
    if context.policy["fairness"] == "leximin":  # round after round
        found = []
        for other in others:
            built, answer, _ = decided(
                context, *knowing(context, facts, other), executor, limits, on_progress
            )
            found.append(_told(built, answer))
        return found
    pairs = [task_of(context, *knowing(context, facts, other), limits) for other in others]
    tasks = [
        replace(task, label=f"{facts.years[other.year]} {other.yuan:+,}")
        for (task, _), other in zip(pairs, others, strict=True)
    ]
    answers = executor.run(tasks, on_progress)
    return [_told(built, answer) for (_, built), answer in zip(pairs, answers, strict=True)]


def _told(built: Built, answer: Answer) -> Replanned:
    objective = -int(answer.facts["objective"]) if "flow" in answer.arrays else None
    return Replanned(answer.status, objective, built, answer)


def usable(facts: Facts, known: Known, source: int, year: int) -> int:
    """Yuan of a budget that its source could pay out at most: all need that it may pay for, later years' where it may be carried over."""
    years = slice(year, None if facts.carry[source, year] > 0 else year + 1)
    return int(known.cell[:, :, years][facts.allowed[source]].sum())
