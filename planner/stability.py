"""The price of stability: the least cost for at most k changes against a published plan, for every k.

A stage that is held against a published plan takes, of equally good plans, the one with fewest changes. So a plan solved for at
most k changes that makes m of them is the best for every limit from m to k, and the next one to ask for is m − 1: as many solves
as the curve has steps. Asked for fewer solves, the widest stretches are halved first, and what lies between is told by its ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from graph.errors import ScenarioError, UsageError
from planner.clash.edits import Put, edited
from planner.deciding import decide
from planner.decisions import looked_at, seen_by
from planner.inputs import demand_tables, seen_network
from planner.policy import OFF
from planner.published import CHANGES_MAX
from planner.repair.solving import solved
from planner.scenario import Scenario
from planner.solve.pool import Executor
from planner.stability_steps import Curve, Step, filled, next_limit
from planner.stage import Context, Limits, Outcome, Stage
from planner.stages import STAGES
from planner.titles import in_own_words
from planner.workplace import FAILURES, in_words

Tell = Callable[[str, str, Mapping[str, Any]], None]
MANY, FEW = 200, 9
"""With more changes than so many, as people and yuan make, the stage is solved so often at most where nobody says how often."""


@in_own_words
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
        Solves of the stage at most, 2 or more; where none is given as many as the curve has steps, but :data:`FEW` where the best plan
        makes more than :data:`MANY` changes.
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
        curve = curve_of(STAGES[stage], context, executor, scenario.limits, found, solves, tell or _silent)
    except FAILURES as error:
        raise in_words(STAGES[stage].title, error) from error
    return replace(curve, wording=scenario.wording)


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

    for name in stages_before(stage, scenario):
        tell(name, "", {"state": "begun"})
        decided[name] = decide(STAGES[name], context_of(name), scenario, executor, tell).tables
    return context_of(stage)


def stages_before(stage: str, scenario: Scenario) -> list[str]:
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
    if solves is None and made(free) > MANY:
        solves = FEW
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
        known.sort(key=lambda s: (s.least, s.most))
    return replace(begun, steps=filled(known, sign), solves=count)


def made(outcome: Outcome) -> int:
    """Changes of an outcome against the published plan."""
    return int(outcome.details["published"]["changes"])


def _step(outcome: Outcome, limit: int) -> Step:
    """What an outcome says of the limits from its own changes up to ``limit``; without a plan of all below, too.

    A stage may tell the fewest changes that are needed: then of all limits below these.
    """
    if outcome.objective is None:
        least, needed = 0 if outcome.status == "INFEASIBLE" else limit, outcome.details.get("least_changes")
        most = limit if needed is None else int(needed) - 1
        return Step(least, most, outcome.status, None, outcome.bound, tight=needed is not None)
    parts = tuple((p.title, p.objective) for p in outcome.composition.parts)
    bounds = tuple(p.bound for p in outcome.composition.parts if p.bound is not None)
    return Step(
        made(outcome),
        limit,
        outcome.status,
        outcome.objective,
        outcome.bound,
        parts,
        ranked=outcome.composition.ranked,
        bound_parts=bounds if len(bounds) == len(parts) else (),
    )


def _silent(stage: str, label: str, facts: Mapping[str, Any]) -> None:
    return None
