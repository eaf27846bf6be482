"""The price of stability: the least cost for at most k changes against a published plan, for every k.

A stage that is held against a published plan takes, of equally good plans, the one with fewest changes. So a plan solved for at
most k changes that makes m of them is the best for every limit from m to k, and the next one to ask for is m − 1: as many solves
as the curve has steps. Asked for fewer solves, the widest stretches are halved first, and what lies between is told by its ends.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graph.errors import ScenarioError, UsageError
from graph.language import Text
from planner.clash.edits import Put, edited
from planner.deciding import decide
from planner.decisions import looked_at, seen_by
from planner.inputs import demand_tables, seen_network
from planner.policy import OFF
from planner.published import CHANGES_MAX
from planner.repair.search import solved
from planner.scenario import Scenario
from planner.solve.pool import Executor
from planner.stage import Context, Limits, Outcome, Stage
from planner.stages import STAGES
from planner.workplace import FAILURES, in_words

Tell = Callable[[str, str, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Step:
    """One stretch of the curve.

    Parameters
    ----------
    least, most : int
        Limits on changes from … to … for which it holds.
    status : str
        OPTIMAL, FEASIBLE, INFEASIBLE, NO_SOLUTION_IN_TIME, or BETWEEN for limits that were not solved.
    objective : int or None
        The best plan that was found, in ``1/scale``; none where there is none.
    bound : int or None
        No plan within these limits is better.
    parts : tuple of (Text, float)
        What the objective is made of, where it has parts.
    """

    least: int
    most: int
    status: str
    objective: int | None
    bound: int | None
    parts: tuple[tuple[Text, float], ...] = ()

    @property
    def proved(self) -> bool:
        """Whether it is known exactly."""
        return self.status in ("OPTIMAL", "INFEASIBLE") or (
            self.objective is not None and self.objective == self.bound
        )


@dataclass(frozen=True)
class Curve:
    """The steps from the most changes that help down to none.

    Parameters
    ----------
    stage, plan : str
        Whose curve, and against which published plan.
    title : Text
        Title of the stage.
    steps : list of Step
        By limit, ascending; without a gap from 0 to the changes of the best plan without a limit.
    scale : int
        Units of an objective per point.
    sense : str
        ``min`` or ``max``.
    solves : int
        How often the stage was solved.
    """

    stage: str
    plan: str
    title: Text
    steps: list[Step] = field(default_factory=list)
    scale: int = 1
    sense: str = "min"
    solves: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; objectives in points."""
        return {
            "stage": self.stage, "published": self.plan, "scale": self.scale, "sense": self.sense, "solves": self.solves,
            "steps": [
                {"from": s.least, "to": s.most, "status": s.status, "proved": s.proved, "objective": self.points(s.objective),
                 "bound": self.points(s.bound), "parts": [{"title": t.as_dict(), "value": v} for t, v in s.parts]}
                for s in self.steps
            ],
        }  # fmt: skip

    def points(self, value: int | None) -> float | None:
        """An objective as people read it."""
        return None if value is None else value / self.scale


def price_of_stability(
    scenario: Scenario, stage: str, executor: Executor, *, solves: int | None = None, tell: Tell | None = None
) -> Curve:
    """The curve of a stage; the stages that it looks at are decided first, beside the published plan, too.

    Parameters
    ----------
    scenario : Scenario
        With a published plan.
    stage : str
        Which stage.
    executor : Executor
        Where it is solved.
    solves : int, optional
        Solves of the stage at most, 2 or more; as many as the curve has steps where none is given.
    tell : callable, optional
        Told of progress: stage, label, facts.

    Raises
    ------
    UsageError
        When the scenario does not run the stage.
    ScenarioError
        When there is no published plan, it does not decide the stage, or the stage knows no limit on changes.
    InfeasibleError
        When there is no plan at all.
    LimitReached
        When an earlier stage has no answer within the limit.
    """
    context = context_beside(scenario, stage, executor, tell or _silent)
    found = decide(STAGES[stage], free_of(context), scenario, executor, tell or _silent)
    try:
        return curve_of(STAGES[stage], context, executor, scenario.limits, found, solves, tell or _silent)
    except FAILURES as error:
        raise in_words(STAGES[stage].title, error) from error


def context_beside(scenario: Scenario, stage: str, executor: Executor, tell: Tell) -> Context:
    """What the stage sees once the stages that it looks at are decided; see :func:`price_of_stability`."""
    if stage not in scenario.stages:
        known = ", ".join(scenario.stages)
        raise UsageError(
            f"场景不运行阶段 {stage}；有：{known}",
            f"the scenario does not run the stage {stage}; it runs: {known}",
        )
    _demand(scenario, stage)
    demand_tables(scenario)
    network, decided = seen_network(scenario), dict[str, Any]()

    def context_of(name: str) -> Context:
        seen = seen_by(name, scenario.stages, decided)
        policy = scenario.policies[name]
        return Context(
            network, policy, scenario.on, scenario.seed, seen, scenario.policies, published=scenario.published
        )

    for name in _before(stage, scenario):
        tell(name, "", {"state": "begun"})
        decided[name] = decide(STAGES[name], context_of(name), scenario, executor, tell).tables
    return context_of(stage)


def _before(stage: str, scenario: Scenario) -> list[str]:
    """The stages that it looks at, and those that these look at, in order."""
    wanted = {stage}
    for name in reversed(scenario.stages):
        if name in wanted:
            wanted |= set(looked_at(name, scenario.stages))
    return [s for s in scenario.stages if s in wanted and s != stage]


def _demand(scenario: Scenario, stage: str) -> None:
    if not any(s.key == CHANGES_MAX for s in STAGES[stage].settings):
        raise ScenarioError(f"[{stage}] 没有变动上限这一规则", f"[{stage}] knows no limit on changes")
    if scenario.published is None or not scenario.published.of(stage):
        raise ScenarioError(
            f"没有给出已公布的方案，或其中没有 {stage} 的决定（--published 方案文件夹）",
            f"no published plan is given, or it decides nothing of {stage} (--published PLAN)",
        )


def free_of(context: Context) -> Context:
    """The same without a limit on changes."""
    return edited(context, [Put(CHANGES_MAX, OFF)])


def curve_of(
    stage: Stage,
    context: Context,
    executor: Executor,
    limits: Limits,
    free: Outcome,
    solves: int | None = None,
    tell: Tell | None = None,
) -> Curve:
    """The curve below the best plan without a limit (``free``)."""
    assert context.published is not None
    known = [_step(free, made(free))]
    begun = Curve(stage.name, context.published.plan, stage.title, [], free.scale, free.sense)
    count, sign = 1, -1 if free.sense == "max" else 1
    while (limit := next_limit(known, solves is not None, sign)) is not None and (
        solves is None or count < solves
    ):
        if tell is not None:
            tell(stage.name, "", {"state": "begun", "changes": limit})
        at = edited(context, [Put(CHANGES_MAX, limit)])
        outcome = solved(stage, at, executor, limits)
        count += 1
        known.append(_step(outcome, limit))
        known.sort(key=lambda s: s.least)
    return replace(begun, steps=filled(known), solves=count)


def made(outcome: Outcome) -> int:
    """New and ended decisions of an outcome."""
    told = outcome.details["published"]
    return int(told["new"]) + int(told["ended"])


def _step(outcome: Outcome, limit: int) -> Step:
    """What an outcome says of the limits from its own changes up to ``limit``; without a plan of all below, too."""
    if outcome.objective is None:
        least = 0 if outcome.status == "INFEASIBLE" else limit
        return Step(least, limit, outcome.status, None, outcome.bound)
    parts = tuple((p.title, p.objective) for p in outcome.composition.parts)
    return Step(made(outcome), limit, outcome.status, outcome.objective, outcome.bound, parts)


def next_limit(known: list[Step], few: bool, sign: int) -> int | None:
    """The limit to ask for next: just below what is known, or with ``few`` solves the middle of the widest stretch.

    ``sign``: −1 where large objectives are good. ``None``: every limit is known.
    """
    if not few:
        low = known[0]
        return None if low.least == 0 else low.least - 1
    if known[0].least > 0:
        return 0
    gaps = [(a, b) for a, b in itertools.pairwise(known) if b.least - a.most > 1]
    if not gaps:
        return None

    def width(gap: tuple[Step, Step]) -> tuple[float, int]:
        a, b = gap
        fall = (
            float("inf")
            if a.objective is None or b.objective is None
            else sign * float(a.objective - b.objective)
        )
        return fall, b.least - a.most

    a, b = max(gaps, key=width)
    return (a.most + b.least) // 2


def filled(known: list[Step]) -> list[Step]:
    """The steps with what lies between them: no better than the one above, no worse than the one below."""
    found: list[Step] = []
    for step in known:
        below = found[-1] if found else None
        if below is not None and step.least - below.most > 1:
            same = below.objective is not None and below.objective == step.objective == step.bound
            status = step.status if same else "BETWEEN"
            between = Step(below.most + 1, step.least - 1, status, below.objective, step.bound, below.parts)
            found = _joined(found, between)
        found = _joined(found, step)
    return found


def _joined(steps: list[Step], step: Step) -> list[Step]:
    """The steps and one more above them; as one stretch with the last where both are proved and as good."""
    last = steps[-1] if steps else None
    if last is None:
        return [step]
    if step.proved and last.proved and step.objective == last.objective:
        return [*steps[:-1], replace(last, most=max(last.most, step.most))]
    return [*steps, replace(step, least=max(step.least, last.most + 1))]


def _silent(stage: str, label: str, facts: Mapping[str, Any]) -> None:
    return None
