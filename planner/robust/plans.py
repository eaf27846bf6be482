"""Robust plans of a stage: solved as one model, read again in every future by the checks, and the futures that had to be left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from graph.language import Text
from planner.robust.held import Run, Value
from planner.robust.one_model import figure, joint_model, robust_task, tail_size
from planner.robust.one_money import money_table, money_task
from planner.robust.one_worth import worth_model
from planner.robust.refused import WORTH
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits

Evaluate = Callable[[int, pl.DataFrame], Value]
"""Future and decision → what it comes to there."""
NOT_HOLDING = Text("没有一个方案在这些未来里都守得住规则", "no plan keeps the rules of all these futures")
LIMIT = Text("限度内无解", "no answer within the limit")


@dataclass(frozen=True)
class Robust:
    """A plan for all futures by one criterion.

    Parameters
    ----------
    criterion : str
        ``worst``, ``regret``, ``tail`` or ``mean``; of money ``every`` where it is worth the same in every future.
    status : str
        ``OPTIMAL``, ``FEASIBLE``, ``INFEASIBLE`` or ``NO_SOLUTION_IN_TIME``; ``REFUSED`` where there is no such model.
    objective, bound : int or None
        What it comes to by the criterion and what no plan can be below, as its model counts (mean and tail as sums).
    decision : DataFrame or None
        Pairs, or allocations.
    futures : tuple of int
        Those whose rules it keeps and whose costs are in the criterion.
    left_out : tuple of int
        Those whose rules cannot hold together with the others'.
    tail : int
        How many futures the tail holds.
    why : Text
        Why there is no plan; empty where there is one.
    values : mapping of int to Value
        Future → what it comes to there, read by the checks alone.
    """

    criterion: str
    status: str
    objective: int | None = None
    bound: int | None = None
    decision: pl.DataFrame | None = field(default=None, repr=False)
    futures: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    tail: int = 0
    why: Text = Text("", "")
    values: Mapping[int, Value] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Asked:
    """What is asked for: the futures as the stage sees them, what each one's best plan costs, and the tail's share."""

    stage: str
    contexts: Mapping[int, Context]
    best: Mapping[int, int]
    tail: float
    limits: Limits
    run: Run
    evaluate: Evaluate


def robust_pairs(asked: Asked, criteria: Sequence[str]) -> list[Robust]:
    """A plan by each criterion; the same futures in all of them."""
    kept, left_out = compatible(asked)
    if len(kept) < 1:
        return [Robust(c, "INFEASIBLE", left_out=left_out, why=NOT_HOLDING) for c in criteria]
    return [_robust_pairs(asked, c, kept, left_out) for c in criteria]


def compatible(asked: Asked) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Futures whose rules can hold together: all, else one after another as long as they can; and the others."""
    numbers = tuple(asked.contexts)
    if _holds(asked, numbers):
        return numbers, ()
    kept: tuple[int, ...] = ()
    for number in numbers:
        kept = (*kept, number) if _holds(asked, (*kept, number)) else kept
    return kept, tuple(n for n in numbers if n not in kept)


def _holds(asked: Asked, numbers: Sequence[int]) -> bool:
    contexts = [asked.contexts[n] for n in numbers]
    if asked.stage == "funds":
        task = _money_fits(contexts, asked.limits)
        return task is not None and asked.run([task])[0].status != "INFEASIBLE"
    joint = joint_model(contexts, asked.stage)
    joint.cost[:] = 0
    return asked.run([robust_task(joint, "mean", asked.limits)])[0].status != "INFEASIBLE"


def _money_fits(contexts: Sequence[Context], limits: Limits) -> Task | None:
    """Whether some allocation fits these futures; ``None`` where there is no such model."""
    made = money_task(contexts, limits)
    if not isinstance(made, Text):
        return made[0]
    model = worth_model(contexts) if made is WORTH else made
    return None if isinstance(model, Text) else model.fits(limits)


def _robust_pairs(asked: Asked, criterion: str, kept: tuple[int, ...], left_out: tuple[int, ...]) -> Robust:
    """Solved with shares of persons; where whole persons cannot be divided so in some future, with whole persons."""
    tail, best = tail_size(asked.tail, len(kept)), [asked.best[n] for n in kept]
    for exact in (False, True):
        joint = joint_model([asked.contexts[n] for n in kept], asked.stage, exact)
        answer = asked.run([robust_task(joint, criterion, asked.limits, best, tail)])[0]
        if answer.status not in ("OPTIMAL", "FEASIBLE"):
            why = NOT_HOLDING if answer.status == "INFEASIBLE" else LIMIT
            return Robust(criterion, answer.status, futures=kept, left_out=left_out, tail=tail, why=why)
        decision = joint.chosen(answer)
        values = {n: asked.evaluate(n, decision) for n in asked.contexts}
        if all(values[n].cost is not None for n in kept):
            told = figure(criterion, _costs(values, kept), asked.best, tail)
            return _proved(criterion, answer, told, decision, (kept, left_out), tail, values)
    raise RuntimeError(f"{asked.stage}: the plan for all futures breaks a rule of one of them")


def _costs(values: Mapping[int, Value], kept: Sequence[int]) -> dict[int, int]:
    return {n: cost for n in kept if (cost := values[n].cost) is not None}


def _proved(
    criterion: str,
    answer: Answer,
    told: int,
    decision: pl.DataFrame,
    futures: tuple[tuple[int, ...], tuple[int, ...]],
    tail: int,
    values: Mapping[int, Value],
) -> Robust:
    """The plan with its figure counted again.

    Raises
    ------
    RuntimeError
        When the checks count another figure than the model: a defect of ours.
    """
    if answer.status == "OPTIMAL" and told != answer.facts["objective"]:
        raise RuntimeError(
            f"{criterion}: the model tells {answer.facts['objective']}, the checks count {told}"
        )
    bound = told if answer.status == "OPTIMAL" else answer.facts.get("bound")
    return Robust(criterion, answer.status, told, bound, decision, *futures, tail, values=values)


def robust_money(asked: Asked, criteria: Sequence[str] = ()) -> list[Robust]:
    """The allocation that fits every future; where a yuan is not worth the same in all of them one by each criterion."""
    made = money_task(list(asked.contexts.values()), asked.limits)
    if made is WORTH:
        return _robust_worth(asked, criteria)
    if isinstance(made, Text):
        return [Robust("every", "REFUSED", why=made)]
    kept, left_out = compatible(asked)
    if not kept:
        return [Robust("every", "INFEASIBLE", left_out=left_out, why=NOT_HOLDING)]
    made = money_task([asked.contexts[n] for n in kept], asked.limits)
    assert not isinstance(made, Text)
    task, built = made
    answer = asked.run([task])[0]
    if "flow" not in answer.arrays:
        return [Robust("every", answer.status, futures=kept, left_out=left_out, why=LIMIT)]
    decision = money_table(built, answer)
    values = {n: asked.evaluate(n, decision) for n in asked.contexts}
    wrong = [n for n in kept if values[n].cost != answer.facts["objective"]]
    if wrong:
        first = values[wrong[0]]
        raise RuntimeError(
            f"funds: future {wrong[0]} counts {first.cost}, the flow {answer.facts['objective']}: {first.first.en}"
        )
    objective, bound = int(answer.facts["objective"]), int(answer.facts["bound"])
    return [Robust("every", answer.status, objective, bound, decision, kept, left_out, values=values)]


def _robust_worth(asked: Asked, criteria: Sequence[str]) -> list[Robust]:
    """A plan by each criterion, its worth in each future counted again by the checks.

    Raises
    ------
    RuntimeError
        When they count something else than the model: a defect of ours.
    """
    model = worth_model(list(asked.contexts.values()))
    if isinstance(model, Text):
        return [Robust(c, "REFUSED", why=model) for c in criteria]
    kept, left_out = compatible(asked)
    if not kept:
        return [Robust(c, "INFEASIBLE", left_out=left_out, why=NOT_HOLDING) for c in criteria]
    model = worth_model([asked.contexts[n] for n in kept])
    assert not isinstance(model, Text)
    tail, best = tail_size(asked.tail, len(kept)), [asked.best[n] for n in kept]
    found = []
    for criterion in criteria:
        answer = asked.run([model.task(criterion, asked.limits, best, tail)])[0]
        if answer.status not in ("OPTIMAL", "FEASIBLE"):
            found.append(
                Robust(criterion, answer.status, futures=kept, left_out=left_out, tail=tail, why=LIMIT)
            )
            continue
        decision = money_table(model.built, answer)
        values = {n: asked.evaluate(n, decision) for n in asked.contexts}
        for n, cost in zip(kept, answer.arrays["costs"].tolist(), strict=True):
            if values[n].cost != cost:
                raise RuntimeError(
                    f"funds: future {n} counts {values[n].cost}, the flow {cost}: {values[n].first.en}"
                )
        told = figure(criterion, _costs(values, kept), asked.best, tail)
        found.append(_proved(criterion, answer, told, decision, (kept, left_out), tail, values))
    return found
