"""Whether a stage's rules can hold together at all: counted, then solved without looking at costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from graph.errors import InputError
from planner.clash.edits import Edit, Put, edited
from planner.policy import OFF
from planner.published import CHANGES_MAX
from planner.shortage import Shortage
from planner.solve.kept import task_key
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits, Stage, asks_less, asks_whether

CHOICES = ("mip", "choose")
"""Engines whose costs may be left out."""
FLOWS = ("posting", "bounded_flow")
"""Engines that can be asked whether there is any flow at all."""


class Trials:
    """Asks whether a stage has an answer after some changes; each question once.

    ``asked`` counts the questions that were worked out. ``checks``: how often a solver of a choice model may ask whether to go on, where
    a trial is to take little work.
    """

    def __init__(
        self, stage: Stage, context: Context, executor: Executor, limits: Limits, checks: int | None = None
    ) -> None:
        self.stage, self.executor, self.limits, self.checks = stage, Asking(executor), limits, checks
        self.context = edited(context, _no_weights(stage, context))
        self.asked = 0
        self._failed: set[str] = set()  # labels of tasks that had no answer once: they are asked first
        self._known: dict[str, bool | None] = {}
        self._points: dict[str, np.ndarray] = {}  # label of a task → a point that kept its rows once

    def holds(self, edits: Iterable[Edit]) -> bool | None:
        """Whether there is an answer; ``None`` where the limit was reached before anybody knew."""
        edits = list(edits)
        key = repr(edits)
        if key not in self._known:
            self.asked += 1
            self._known[key] = self._find(edited(self.context, edits))
        return self._known[key]

    def _find(self, context: Context) -> bool | None:
        stage = self.stage
        seen = stage.where_asked(context) if asks_less(stage) else context
        if seen is None:
            return True  # nobody has to go anywhere
        context = seen
        try:
            if stage.count(context):
                return False
            found = self._asked(context)
        except Clashed:
            return False
        except InputError:  # a pin, say, that names a year which is planned only while another rule is on
            return None
        if "INFEASIBLE" in found:
            return False
        return True if all(s in ("OPTIMAL", "FEASIBLE") for s in found) else None

    def _asked(self, context: Context) -> Sequence[str]:
        """Statuses of what shows whether there is a plan."""
        if asks_whether(self.stage):
            status = self.stage.whether(context, self.executor, self.limits)
            if status is not None:
                return [status]
        tasks, _ = self.stage.tasks(context, self.limits)
        return self._statuses([_only_whether(t, self._points.get(t.label), self.checks) for t in tasks])

    def shortage(self, edits: Iterable[Edit]) -> Shortage | None:
        """Posts that people are too few for after some changes, as a cut tells them; ``None`` where none does.

        For `cadres` by computed costs alone.
        """
        context, _, built, answers = self._posted(edits)
        if all(a.status in ("OPTIMAL", "FEASIBLE") for a in answers):
            return None
        return self.stage.answer(context, built, answers).shortage

    def seats_lacking(self, edits: Iterable[Edit]) -> int:
        """So many seats that must be filled cannot be after some changes, at least; 0 where that is not known. As :meth:`shortage`."""
        failed = [a for a in self._posted(edits)[3] if a.status == "INFEASIBLE"]
        cuts = [a.facts["asked"] - a.facts["reachable"] if "asked" in a.facts else 1 for a in failed]
        return int(sum(cuts))

    def _posted(self, edits: Iterable[Edit]) -> tuple[Context, Sequence[Task], Any, Sequence[Answer]]:
        """Where people are asked for: what the stage sees, its tasks, what they are built of, and the answers; else no tasks."""
        context = edited(self.context, edits)
        if context.policy["objective"] == "scores" or context.policy.on(CHANGES_MAX):
            return context, [], None, []
        seen = self.stage.where_asked(context) if asks_less(self.stage) else context
        if seen is None or self.stage.count(seen):
            return context, [], None, []
        self.asked += 1
        tasks, built = self.stage.tasks(seen, self.limits)
        return seen, tasks, built, self.executor.run([_only_whether(t, None) for t in tasks])

    def _statuses(self, tasks: Sequence[Task]) -> list[str]:
        """Statuses of tasks, up to where one of them has no answer: then no other matters."""
        suspects = [t.label in self._failed for t in tasks]
        found: list[str] = []
        for some in (True, False):
            asked = [t for t, suspect in zip(tasks, suspects, strict=True) if suspect is some]
            answers = self.executor.run(asked) if asked else []
            statuses = [a.status for a in answers]
            self._points |= {
                t.label: a.arrays["x"] for t, a in zip(asked, answers, strict=True) if "x" in a.arrays
            }
            self._failed |= {t.label for t, s in zip(asked, statuses, strict=True) if s == "INFEASIBLE"}
            found += statuses
            if "INFEASIBLE" in found:
                break
        return found


class Remembering:
    """An executor that runs no task twice: what a change does not touch is not solved again."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self._known: dict[str, Answer] = {}

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """Run those that are new."""
        keys = [task_key(t) for t in tasks]
        new = {k: t for k, t in zip(keys, tasks, strict=True) if k not in self._known}
        if new:
            self._known.update(zip(new, self.executor.run(list(new.values()), on_progress), strict=True))
        return [self._known[k] for k in keys]


class Clashed(Exception):
    """A stage asked why it has no answer: so it has none."""


class Asking:
    """An executor that answers no question about the reason: that there is one is enough."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """Run the tasks."""
        if any(t.engine == "conflict" for t in tasks):
            raise Clashed
        return self.executor.run(tasks, on_progress)


def _only_whether(task: Task, known: np.ndarray | None, checks: int | None = None) -> Task:
    """The task without what only decides which answer is best, or which of the best; ``known`` is a point of one like it."""
    if task.engine in FLOWS:
        return replace(task, options={**task.options, "whether": True})
    if task.engine not in CHOICES:
        return task
    arrays = {**task.arrays, "cost": np.zeros_like(task.arrays["cost"])}
    if known is not None and len(known) == len(arrays["cost"]):
        arrays["start"] = known.astype(np.float64)
    options = task.options if checks is None else {**task.options, "checks": checks}
    return replace(task, engine="whether", arrays=arrays, options=options)


def _no_weights(stage: Stage, context: Context) -> list[Put]:
    """Weights decide which plan is best, not whether there is one."""

    def weighs(key: str, value: Any) -> bool:
        return key.endswith("_weight") and value not in (OFF, 0)

    rules = {s.key for s in stage.settings if s.rule}
    return [Put(k, 0) for k, v in context.policy.values.items() if k in rules and weighs(k, v)]
