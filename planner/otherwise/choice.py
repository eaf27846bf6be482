"""One other choice, its price and who moves then; and a stage solved again with a choice held."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from graph.language import Text
from planner.explain import context_of, rule_text
from planner.plan import Plan
from planner.solve.pool import Executor
from planner.stage import Context, Limits, Outcome, WhatIf, in_steps
from planner.stages import STAGES

if TYPE_CHECKING:
    from planner.deciding import OnProgress

MOST = 3
"""Choices of one subject in one stage that are priced."""
EVEN = 1e-6
"""Points that two bounds may differ by and are one, as they are sums of large numbers."""
NO_ROOM = Text("规则不能同时成立", "the rules cannot hold together")


@dataclass(frozen=True)
class Move:
    """Who is somewhere else then: ``before`` and ``after`` in words, empty where there is nothing."""

    who: str
    before: str
    after: str

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {"who": self.who, "before": self.before, "after": self.after}


@dataclass(frozen=True)
class Otherwise:
    """What one other choice would cost.

    Parameters
    ----------
    stage : str
    what : Text
        The other choice.
    status : str
        Of the second solve; INFEASIBLE where the rules forbid it.
    change : float or None
        Objective of the second solve less the plan's, in points.
    parts : sequence of (Text, float)
        The change by part of the objective, where it has several; they add up to ``change``.
    least : float or None
        A proven bound on ``change`` where one of the two solves was not proven to be the best.
    worse : bool or None
        Whether that is worse in the sense of the objective.
    moves : sequence of Move
        What is decided otherwise then, what was asked for first.
    unproved : bool
        Whether ``change`` is the least that was found, and nothing is proved of it that is not so of any choice.
    of : int
        How many such choices the subject has, where only the first few by their own cost are priced; else 0.
    forbidden : sequence of Text
        Where nothing is possible: the rules that forbid it, with value and origin.
    """

    stage: str
    what: Text
    status: str
    change: float | None = None
    parts: Sequence[tuple[Text, float]] = ()
    least: float | None = None
    worse: bool | None = None
    moves: Sequence[Move] = ()
    forbidden: Sequence[Text] = ()
    unproved: bool = False
    of: int = 0

    @property
    def tie(self) -> bool:
        """Whether both choices are equally good, and it is known that neither can be bettered."""
        level = self.change == 0 and not any(c for _, c in self.parts)
        proved = self.status == "OPTIMAL" and self.least is None and not self.unproved
        return level and (self.least == 0 or proved)

    def at_least(self, least: float, trivial: float) -> Otherwise:
        """The same with a bound on its change, in points; ``trivial``: that of every choice, where the plan itself may be bettered.

        Where the bound leaves open that this is better than the plan, and proves no more of this than is proved of the plan, it says nothing.
        """
        if trivial < 0 and least < 0 and least - trivial <= abs(self.change or 0.0) + EVEN:
            return replace(self, least=None, unproved=True)
        return replace(self, least=least, unproved=False)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"stage": self.stage, "what": self.what.as_dict(), "status": self.status, "change": self.change,
                "parts": [{"title": t.as_dict(), "change": c} for t, c in self.parts], "least": self.least,
                "unproved": self.unproved, "of": self.of, "worse": self.worse, "tie": self.tie, "moves": [m.as_dict() for m in self.moves],
                "forbidden": [t.as_dict() for t in self.forbidden]}  # fmt: skip


def first_of(found: Sequence[Otherwise], of: int) -> list[Otherwise]:
    """Choices that are priced, each told of how many it is where they are not all."""
    return [replace(one, of=of) if of > len(found) else one for one in found]


@dataclass(frozen=True)
class Asking:
    """One stage of a plan that is asked, and where to solve.

    ``instead``: the yuan that an amount is to be; ``begin``: makes ready where to solve, ahead of the first task.
    """

    plan: Plan
    stage: str
    executor: Executor
    on_progress: OnProgress | None = None
    instead: int | None = None
    begin: Callable[[], None] | None = None
    _kept: list[Context] = field(default_factory=list, repr=False, compare=False)

    @property
    def head(self) -> dict[str, Any]:
        """What the plan says of the stage."""
        return self.plan.stages[self.stage]

    @property
    def context(self) -> Context:
        """What the stage saw."""
        if not self._kept:
            self._kept.append(context_of(self.plan, self.stage))
        return self._kept[0]

    @property
    def limits(self) -> Limits:
        """The plan's."""
        from planner.replay import limits_of

        return limits_of(self.plan)

    def told(self, label: str, facts: Mapping[str, Any]) -> None:
        """Tell whoever waits."""
        if self.on_progress:
            self.on_progress(self.stage, label, facts)

    def label(self, code: str) -> str:
        """Name of a place or unit."""
        return self.plan.network.label(code)

    def source_name(self, source: str) -> str:
        """Name of a fund source."""
        from planner.stages.funds.clashes import source_name

        return source_name(self.plan.network, source)

    def barred(self, what: Text, rules: Sequence[str]) -> Otherwise:
        """A choice that each of these rules forbids by itself."""
        return Otherwise(
            self.stage, what, "INFEASIBLE", forbidden=[rule_text(self.plan, self.stage, r) for r in rules]
        )


def solve_held(asking: Asking, what_if: WhatIf) -> tuple[Outcome, Sequence[Text]]:
    """The stage's outcome with a choice held; where that cannot be, a smallest set of rules that forbids it, in words."""
    stage, context = STAGES[asking.stage], asking.context
    seen = context.held(what_if)
    asking.told("", {"state": "begun"})
    if in_steps(stage):
        solved = stage.solve(seen, asking.executor, asking.limits, asking.told)
        return solved, solved.clashes
    tasks, built = stage.tasks(seen, asking.limits)
    answers = asking.executor.run(tasks, asking.told)
    outcome = stage.answer(seen, built, answers)
    if outcome.status != "INFEASIBLE" or outcome.clashes:
        return outcome, outcome.clashes
    from planner.deciding import conflict  # it knows every stage: a question that has an answer needs it not

    return outcome, conflict(stage, seen, tasks, answers, built, asking.executor)


def priced(
    asking: Asking, what: Text, outcome: Outcome, moves: Sequence[Move], why: Sequence[Text]
) -> Otherwise:
    """The price of a second solve's outcome."""
    head = asking.head
    if outcome.objective is None or head["objective"] is None:
        return Otherwise(asking.stage, what, outcome.status, forbidden=why)
    change = (outcome.objective - head["objective"]) / head["scale"]
    parts = _parts(head, outcome)
    sign = -1 if outcome.sense == "max" else 1
    told = Otherwise(asking.stage, what, outcome.status, change, parts, None, sign * change > 0, moves, why)
    if outcome.status == "OPTIMAL" or outcome.bound is None:
        return told
    least = sign * (outcome.bound - head["objective"]) / head["scale"]
    if head["bound"] is None:
        return replace(told, least=sign * least)
    trivial = sign * (head["bound"] - head["objective"]) / head["scale"]  # no choice can better the best plan
    told = told.at_least(max(least, trivial), trivial)
    return told if told.least is None else replace(told, least=sign * told.least)


def _parts(head: Mapping[str, Any], outcome: Outcome) -> list[tuple[Text, float]]:
    """The change by part of the objective; empty where it is one plain sum before and after."""
    told = (head.get("composition") or {}).get("parts", ())
    before = {Text(**p["title"]): float(p["objective"]) for p in told}
    after = {p.title: float(p.objective) for p in outcome.composition.parts}
    if not before and not after:
        return []
    whole = next(iter(before or after))
    before = before or {whole: head["objective"] / head["scale"]}
    after = after or {whole: (outcome.objective or 0) / outcome.scale}
    return [(t, after.get(t, 0.0) - before.get(t, 0.0)) for t in dict.fromkeys([*before, *after])]
