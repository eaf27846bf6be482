"""What it would cost to have something otherwise: that stage solved again with one choice forced or forbidden.

All rules and all other numbers stay as they are; later stages are not decided again. One file for each kind of choice:
``pairs``, ``postings``, ``amounts``, ``exits``, ``inspections``; what they share is in ``choice``.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from graph.errors import UsageError
from planner.elastic.broken import to_be_priced
from planner.otherwise.choice import Asking, Move, Otherwise
from planner.plan import Plan
from planner.solve.executor import LocalProcesses
from planner.solve.pool import Executor
from planner.subject import Subject, may_decide

__all__ = ["OTHERWISE", "Move", "Otherwise", "otherwise", "some_otherwise"]

if TYPE_CHECKING:
    from planner.deciding import OnProgress

OTHERWISE: dict[str, str] = {
    "pairing": "pairs",
    "designation": "pairs",
    "cadres": "postings",
    "funds": "amounts",
    "exit": "exits",
    "inspection": "inspections",
}
"""Stage → what is chosen there: the file, imported when it is first asked, whose function of that name answers about a subject."""


def _of_stage(asking: Asking, subject: Subject) -> list[Otherwise]:
    """What a stage answers about a subject; each answer took one solve or more."""
    name = OTHERWISE[asking.stage]
    module = importlib.import_module(f"planner.otherwise.{name}")
    found: list[Otherwise] = getattr(module, f"{name}_otherwise")(asking, subject)
    return found


def otherwise(
    plan: Plan,
    subject: Subject,
    stages: Sequence[str] | None = None,
    on_progress: OnProgress | None = None,
    executor: Executor | None = None,
    instead: int | None = None,
) -> list[Otherwise]:
    """Price the other choices of a subject, stage by stage; empty where no stage has one to price.

    Parameters
    ----------
    plan : Plan
    subject : Subject
        What is decided gets a price for not having it; what is not decided, one for having it.
    stages : sequence of str, optional
        Only these stages.
    on_progress : callable, optional
        Told what is being solved.
    executor : Executor, optional
        Where to solve; child processes by default.
    instead : int, optional
        The yuan that an amount is to be.

    Raises
    ------
    UsageError
        When what is asked for is no choice that the stage has, or promises are broken there.
    """
    wanted = [
        s for s in stages or plan.stages if s in plan.stages and s in OTHERWISE and subject.may_be_of(s)
    ]
    wanted = [s for s in wanted if may_decide(plan, s, subject.keys)]
    if instead is not None:
        wanted = [s for s in wanted if s == "funds"]
    wanted = to_be_priced(plan, wanted)
    if executor is None:
        with LocalProcesses() as own:
            asked = [Asking(plan, s, own, on_progress, instead, own.begin) for s in wanted]
            return [o for asking in asked for o in _of_stage(asking, subject)]
    return [o for s in wanted for o in _of_stage(Asking(plan, s, executor, on_progress, instead), subject)]


def some_otherwise(
    plan: Plan,
    subject: Subject,
    stages: Sequence[str] | None = None,
    on_progress: OnProgress | None = None,
    executor: Executor | None = None,
    instead: int | None = None,
) -> list[Otherwise]:
    """As :func:`otherwise`; but that there is nothing to price is an error, unless an amount is asked for.

    Raises
    ------
    UsageError
        When no stage has another choice of the subject, or the one asked for may not be chosen at all.
    """
    found = otherwise(plan, subject, stages, on_progress, executor, instead)
    if found or instead is not None:
        return found
    shown = ">".join(plan.network.label(k) for k in subject.keys)
    named = [s for s in stages or plan.stages if s in OTHERWISE] or list(OTHERWISE)
    raise UsageError(
        f"方案的 {'、'.join(named)} 没有 {shown} 的可另选的组合",
        f"{' and '.join(named)} of the plan have nothing of {shown} that could be chosen otherwise",
    )
