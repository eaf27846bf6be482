"""What it would cost to have something otherwise: that stage solved again with one choice forced or forbidden.

All rules and all other numbers stay as they are; later stages are not decided again. Pairs of regions and units have
:mod:`planner.price`; here are people, years of exit, inspections and amounts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from planner.deciding import OnProgress
from planner.elastic.broken import to_be_priced
from planner.otherwise.amounts import amounts_otherwise
from planner.otherwise.choice import Asking, Move, Otherwise
from planner.otherwise.exits import exits_otherwise
from planner.otherwise.inspections import inspections_otherwise
from planner.otherwise.postings import postings_otherwise
from planner.plan import Plan
from planner.solve.executor import LocalProcesses
from planner.solve.pool import Executor
from planner.subject import Subject

__all__ = ["OTHERWISE", "Move", "Otherwise", "otherwise"]

OTHERWISE: dict[str, Callable[[Asking, Subject], list[Otherwise]]] = {
    "cadres": postings_otherwise,
    "funds": amounts_otherwise,
    "exit": exits_otherwise,
    "inspection": inspections_otherwise,
}
"""Stage → what it answers about a subject: each answer took one solve or more."""


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
    if instead is not None:
        wanted = [s for s in wanted if s == "funds"]
    wanted = to_be_priced(plan, wanted)
    if executor is not None:
        return [
            o for s in wanted for o in OTHERWISE[s](Asking(plan, s, executor, on_progress, instead), subject)
        ]
    with LocalProcesses() as own:
        return otherwise(plan, subject, wanted, on_progress, own, instead) if wanted else []
