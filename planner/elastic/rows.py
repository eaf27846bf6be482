"""Choice models whose rows may be broken: the executor that lets them, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from graph.language import Text
from planner.elastic.promises import Least, Promise, listed, may_give, plain, solved
from planner.solve.choice import AHEAD
from planner.solve.elastic import WHOLE
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits, Stage

REASONS = 10
"""Broken promises of one model whose reason is looked for; each takes a solve."""
AS_MUCH = Text(
    f"已证明任何方案的违约都不比这少：守住它，别处至少违反同样多（违约多于 {REASONS} 处，没有逐一求出是哪些）",
    f"it is proved that no plan breaks less: kept, at least as much is broken elsewhere (what, was not looked into, as more than {REASONS} "
    "are broken)",
)
NOT_LOOKED_FOR = Text(
    f"违约多于 {REASONS} 处，没有逐一求证", f"more than {REASONS} are broken; this one was not looked into"
)
NEVER = Text(
    "守住它，不可放松的规则就不能同时成立（已再求解证实）",
    "kept, rules that never give could not hold together (solved again)",
)
NEVER_BESIDE = Text(
    "守住它，不可放松的规则和对已公布方案的约束就不能同时成立（已再求解证实）",
    "kept, rules that never give, and what holds against a published plan, could not hold together (solved again)",
)
INSIDE = Text(
    "在已定的上一级之内守不住它（已再求解证实）",
    "it cannot be kept inside what was decided before it (solved again)",
)
UNKNOWN = Text("限定的工作量内未能求证", "not settled within the limit of work")


COUNTS = Text(
    "每处违约按其规则自己的单位计，除以所承诺的数，相加",
    "each broken promise in its rule's own unit, over what it promises, added up",
)


def by_rows(stage: Stage, context: Context, executor: Executor, limits: Limits, tell: OnProgress) -> Least:
    """The outcome with the least weight of broken rows."""
    giving = Giving(executor, stage, context)
    outcome = solved(stage, context, giving, limits, tell)
    if outcome.status not in ("OPTIMAL", "FEASIBLE"):
        return Least(outcome)
    return Least(outcome, giving.promises(), giving.least / WHOLE, giving.least_bound / WHOLE, COUNTS)


class Giving:
    """Runs the tasks of a stage; those of choice models whose rows have names by the engine ``elastic``."""

    def __init__(self, executor: Executor, stage: Stage, context: Context) -> None:
        self.executor, self.stage, self.context = executor, stage, context
        self.rules = may_give(stage, context.policy)
        self.asked: dict[str, tuple[Task, Answer]] = {}

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """Run the tasks; of several with one label the last one counts."""
        given = [self._given(t) for t in tasks]
        answers = self.executor.run(given, on_progress)
        for task, answer in zip(given, answers, strict=True):
            if task.engine == "elastic":
                self.asked[task.label] = task, answer
        return answers

    def _given(self, task: Task) -> Task:
        arrays = task.arrays
        if "rules" not in arrays:
            return task
        give = np.isin(arrays["rules"], [r + end for r in sorted(self.rules) for end in ("", AHEAD)])[
            arrays["row_rule"]
        ]
        return Task("elastic", {**arrays, "may_give": give}, {**task.options, "reasons": REASONS}, task.label)

    @property
    def least(self) -> int:
        """The weight of all broken promises."""
        return sum(int(a.arrays["paid"][_told(t)].sum()) for t, a in self.asked.values())

    @property
    def least_bound(self) -> int:
        """What is proved that every plan's broken promises weigh: by the first model, which looks ahead at later ones."""
        return min([self.least, *(int(a.facts["least_bound"]) for _, a in [*self.asked.values()][:1])])

    def promises(self) -> list[Promise]:
        """What is broken, in the order of the models' rows."""
        return [p for task, answer in self.asked.values() for p in self._of(task, answer)]

    def _of(self, task: Task, answer: Answer) -> Iterator[Promise]:
        arrays, short = task.arrays, answer.arrays["short"]
        why = dict(zip(answer.arrays["why_row"].tolist(), range(len(short)), strict=False))
        for row in np.flatnonzero((short != 0) & _told(task)).tolist():
            side = float(arrays["row_lower" if short[row] < 0 else "row_upper"][row])
            rule, about = self._name(task, row)
            told = self._why(task, answer, why[row]) if row in why else _unasked(answer)
            yield Promise(rule, about, plain(side), plain(side + float(short[row])), told)

    def _name(self, task: Task, row: int) -> tuple[str, str]:
        arrays = task.arrays
        return str(arrays["rules"][arrays["row_rule"][row]]).removesuffix(AHEAD), str(arrays["about"][row])

    def _why(self, task: Task, answer: Answer, k: int) -> Text:
        """What the solve found in which this promise was kept."""
        least, ptr = int(answer.arrays["why_least"][k]), answer.arrays["why_ptr"]
        if least < 0:
            published = self.context.published
            never = NEVER if published is None or not published.of(self.stage.name) else NEVER_BESIDE
            return UNKNOWN if least == -2 else never if task.label == self.stage.name else INSIDE
        rows = answer.arrays["why_other"][ptr[k] : ptr[k + 1]].tolist()
        there = listed(self.stage, self.context, [self._name(task, r) for r in rows])
        if least > int(answer.facts["least"]):
            return Text(
                f"守住它就要违反更多：{there.zh}（已再求解证实）",
                f"kept, more would be broken: {there.en} (solved again)",
            )
        return Text(f"守住它也要违反同样多：{there.zh}；这样成本不更高（已再求解证实）",
                    f"kept, as much would be broken elsewhere: {there.en}; this way costs no more (solved again)")  # fmt: skip


def _unasked(answer: Answer) -> Text:
    """What is known of a promise that no solve of its own was made for."""
    return AS_MUCH if answer.facts["least_bound"] == answer.facts["least"] else NOT_LOOKED_FOR


def _told(task: Task) -> np.ndarray:
    """(n_rows,) bool: rows that are promises themselves, and do not only look ahead at some."""
    return np.asarray(~np.char.endswith(task.arrays["rules"], AHEAD)[task.arrays["row_rule"]])
