"""Other plans that are nearly as good and as different as can be: from the plan and from one another.

One after the other: each maximises the number of decisions in which it differs from the nearest of those found before
(max-min Hamming distance), among all plans whose cost is at most so much above the plan's. Every one is exact: its cost is a row of
the model, its rules are the stage's, and it is checked row by row like any plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl

from graph.errors import UsageError
from graph.language import Text
from planner.alternatives_of import CHOOSERS, Chooser
from planner.cost import FIRST
from planner.explain import context_of
from planner.plan import Plan
from planner.repair.solving import broken
from planner.replay import limits_of
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.pool import Executor
from planner.solve.task import Answer, Task
from planner.stage import Limits
from planner.stages import STAGES
from planner.titles import in_own_words
from planner.workplace import FAILURES, in_words

Tell = Callable[[str, str, Mapping[str, Any]], None]
APART = "differs"  # what the rows are called that count differences
NEAR = "nearly as good"  # what the row is called that limits the cost
TRIES = 8
"""Choices that are tried for one alternative; one that later steps of the stage cannot complete is forbidden."""


@dataclass(frozen=True)
class Alternative:
    """One other plan.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Its result tables.
    objective : int
        Exact, in ``1/scale``.
    from_plan, least : int
        Decisions in which it differs from the plan, and from the nearest of the plan and the alternatives before it.
    most : int
        No plan within the limit of cost differs in more from all of those.
    gone, new : list of (str, str)
        Choices of the plan that it does not make, and those that it makes instead: supporter and recipient, or place and year.
    """

    tables: Mapping[str, pl.DataFrame]
    objective: int
    from_plan: int
    least: int
    most: int
    gone: list[tuple[str, str]]
    new: list[tuple[str, str]]


@dataclass(frozen=True)
class Alternatives:
    """What was found for a stage.

    Parameters
    ----------
    plan, stage : str
    title : Text
        Of the stage.
    objective : int
        The plan's, in ``1/scale``.
    limit : int
        The cost that no alternative exceeds, in ``1/scale``; for the first rank where the objective has ranks.
    scale : int
    found : list of Alternative
        In the order found.
    complete : bool
        Whether fewer than asked for are there because no other plan exists within the limit.
    """

    plan: str
    stage: str
    title: Text
    objective: int
    limit: int
    scale: int
    found: list[Alternative] = field(default_factory=list)
    complete: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "plan": self.plan, "stage": self.stage, "objective": self.objective / self.scale, "scale": self.scale,
            "complete": self.complete,
            "alternatives": [
                {"objective": a.objective / self.scale, "differs_from_plan": a.from_plan, "differs_least": a.least,
                 "differs_at_most": a.most, "gone": [list(c) for c in a.gone], "new": [list(c) for c in a.new]}
                for a in self.found
            ],
        }  # fmt: skip


@in_own_words
def find_alternatives(
    plan: Plan, stage: str, executor: Executor, *, most: int = 3, within: Fraction = Fraction(1, 100), tell: Tell | None = None
) -> Alternatives:  # fmt: skip
    """Up to ``most`` plans whose objective is at most ``within`` (a share) worse than the plan's.

    Raises
    ------
    UsageError
        When the plan does not have the stage, or it is none whose choices can be told apart so.
    OutsideError
        When a solver process fails.
    """
    if stage not in plan.stages or stage not in CHOOSERS:
        known = ", ".join(s for s in plan.stages if s in CHOOSERS) or "–"
        raise UsageError(
            f"阶段 {stage} 没有替代方案可找；有：{known}",
            f"there are no alternatives of the stage {stage}; there are of: {known}",
        )
    context, head = context_of(plan, stage), plan.stages[stage]
    chooser = CHOOSERS[stage](context, plan.tables(), model_cost(head))
    limit = cost_limit(chooser.cost, within)
    found = Alternatives(
        plan.id, stage, STAGES[stage].title, int(head["objective"]), limit, int(head["scale"])
    )
    try:
        return _search(found, chooser, executor, limits_of(plan), most, tell)
    except FAILURES as error:
        raise in_words(STAGES[stage].title, error) from error


def model_cost(head: Mapping[str, Any]) -> int:
    """The plan's objective as its model has it: to be made small, and of ranks the first."""
    objective = int(head["objective"])
    first = objective // FIRST if (head.get("composition") or {}).get("ranked") else objective
    return -first if head["sense"] == "max" else first


def cost_limit(cost: int, within: Fraction) -> int:
    """The largest whole cost that is at most ``within`` above ``cost``; a negative one (scores to be large) gives way by as much."""
    return int((cost + abs(cost) * within) // 1)


def _search(
    begun: Alternatives, chooser: Chooser, executor: Executor, limits: Limits, most: int, tell: Tell | None
) -> Alternatives:
    seen, shut, found = [chooser.chosen], list[np.ndarray](), list[Alternative]()
    for number in range(most):
        for _ in range(TRIES):
            if tell is not None:
                tell(begun.stage, "", {"state": "begun", "alternative": number + 1})
            answer = _farthest(chooser, executor, limits, begun.limit, seen, shut)
            x = answer.arrays.get("x")
            if x is None or _least(chooser, x, seen) == 0:
                proved = answer.status in ("OPTIMAL", "INFEASIBLE")
                return replace(begun, found=found, complete=proved)
            mine = x[chooser.columns] > 0
            made = chooser.finish(x, executor, limits)
            if made.objective is not None and made.tables:
                break
            shut.append(mine)
        else:
            return replace(begun, found=found)
        if wrong := broken(STAGES[begun.stage], chooser.context, made):
            raise RuntimeError(f"an alternative breaks its stage's rules: {wrong[0].text.en}")
        least, bound = _least(chooser, x, seen), answer.facts.get("bound")
        away = least if bound is None or answer.status == "OPTIMAL" else max(least, -int(bound))
        assert made.objective is not None
        found.append(Alternative(
            made.tables, int(made.objective), _apart(chooser, x, chooser.chosen), least, away,
            chooser.named(chooser.chosen & ~mine), chooser.named(mine & ~chooser.chosen),
        ))  # fmt: skip
        seen.append(mine)
    return replace(begun, found=found)


def _farthest(
    chooser: Chooser, executor: Executor, limits: Limits, limit: int, seen: Sequence[np.ndarray], shut: Sequence[np.ndarray]
) -> Answer:  # fmt: skip
    """The choice that differs in most decisions from the nearest of ``seen``, at a cost of at most ``limit``."""
    model = _extended(chooser.model)
    cost = np.concatenate(model.cost)
    some = np.flatnonzero(cost)
    model.rows(NEAR, np.zeros(len(some)), some, cost[some].astype(float), -INFINITY, float(limit), 1)
    model.cost = [np.zeros(len(cost), dtype=np.int64)]
    away = model.columns(np.array([-1]), 0.0, float(len(chooser.columns)))
    for other in seen:
        mine = np.where(other, 1.0, -chooser.counts(other).astype(float))
        columns = np.concatenate([away, chooser.columns])
        model.rows(
            APART, np.zeros(len(columns)), columns, np.append(1.0, mine), -INFINITY, float(other.sum()), 1
        )
    for other in shut:
        sign = np.where(other, 1.0, -1.0)
        model.rows(APART, np.zeros(len(sign)), chooser.columns, sign, -INFINITY, float(other.sum() - 1), 1)
    return executor.run([Task("mip", model.arrays(), limits.options(), f"{chooser.name}: alternative")])[0]


def _extended(model: ChoiceModel) -> ChoiceModel:
    """The same columns and rows in lists of their own."""
    parts: dict[str, Any] = {k: list(v) for k, v in vars(model).items() if isinstance(v, list)}
    return replace(model, **parts)


def _apart(chooser: Chooser, x: np.ndarray, other: np.ndarray) -> int:
    """In how many decisions ``x``, all columns, differs from ``other``, (n,) bool of the choices."""
    mine = x[chooser.columns] > 0
    return int((other & ~mine).sum() + (mine & ~other & chooser.counts(other)).sum())


def _least(chooser: Chooser, x: np.ndarray, seen: Sequence[np.ndarray]) -> int:
    return min(_apart(chooser, x, other) for other in seen)
