"""Why a stage that solves in several steps found no answer: the smallest set of rules, in words."""

from __future__ import annotations

from typing import Any

from graph.language import Text
from planner.solve.pool import Executor
from planner.solve.task import Task
from planner.stage import Context, Limits, Stage
from planner.stages.words import conflict_words


def find_clashes(
    stage: Stage, context: Context, built: Any, executor: Executor, limits: Limits
) -> list[Text]:
    """The rules of an infeasible ``built.model`` that cannot hold together, with titles and values."""
    task = Task("conflict", built.model.arrays(), limits.options(), f"{stage.name}: why")
    answer = executor.run([task])[0]
    return conflict_words(stage, built, context, answer)
