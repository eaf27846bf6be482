"""Finding a front: of choices point by point, of money corner by corner; and what the stage itself says where there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from graph.errors import LimitReached
from graph.language import Text
from planner.deciding import decide
from planner.inputs import seen_network
from planner.pareto.aims import Aim, wrong
from planner.pareto.checked import broken_rules
from planner.pareto.corners import find_corners
from planner.pareto.front import Front, find_front
from planner.pareto.grounds import Run
from planner.pareto.model import model_of
from planner.pareto.money import money_model
from planner.scenario import Scenario
from planner.solve.pool import Pool
from planner.solve.task import Answer, Task
from planner.stage import Context
from planner.stages import STAGES

OnProgress = Callable[[int], None]
"""Told how many solves have ended."""


def context_of(scenario: Scenario, stage: str) -> Context:
    """What the stage sees where it runs alone."""
    policies = scenario.policies
    return Context(seen_network(scenario), policies[stage], scenario.on, scenario.seed, {}, policies)


def found_points(
    scenario: Scenario,
    context: Context,
    aims: tuple[Aim, ...],
    most: int,
    pool: Pool,
    tell: OnProgress | None,
) -> tuple[Front, list[pl.DataFrame]]:
    """Front and tables; where a choice of regions cannot be divided into whole persons, again with whole persons in the model."""
    stage = STAGES[aims[0].stage]
    if stage.count(context):
        _say_why(scenario, context, pool)
    run = _counting(pool, tell)
    for exact in (False, True):
        model = model_of(context, aims, exact)
        _something(aims, [bool(part.any()) for part in model.parts])
        front = find_front(model, run, scenario.limits, most)
        if front.status == "infeasible":
            _say_why(scenario, context, pool)
        if front.status == "no_answer":
            raise LimitReached(
                f"{stage.title.zh}：在限度内连前沿的两端也没有证明；放宽 [limits] work",
                f"{stage.title.en}: not even the ends of the front are proved within the limit; allow more with [limits] work",
            )
        made = [model.ground.table(p.x, run, scenario.limits) for p in front.points]
        tables = [t for t in made if t is not None and not broken_rules(context, stage.name, t)]
        if len(tables) == len(made):
            return front, tables
        if stage.name != "pairing":
            break
    raise RuntimeError(f"{stage.name}: a choice of the front breaks a rule")


def found_corners(
    scenario: Scenario,
    context: Context,
    aims: tuple[Aim, ...],
    most: int,
    pool: Pool,
    tell: OnProgress | None,
) -> tuple[Front, list[pl.DataFrame]]:
    """Front and tables of money."""
    if STAGES["funds"].count(context):
        _say_why(scenario, context, pool)
    model = money_model(context, aims)
    _something(aims, [bool(part.any()) for part in model.parts])
    front = find_corners(model, _counting(pool, tell), scenario.limits, most)
    if front.status == "infeasible":
        _say_why(scenario, context, pool)
    return front, [model.table(p.x) for p in front.points]


def _something(aims: Sequence[Aim], counts: Sequence[bool]) -> None:
    """Refuse an aim to which no choice adds anything.

    Raises
    ------
    UsageError
        When there is one.
    """
    for aim, there in zip(aims, counts, strict=True):
        if not there:
            raise wrong(
                aim.name, Text("在这里对所有方案都一样（都是 0）", "is the same for every plan here (0)")
            )


def _say_why(scenario: Scenario, context: Context, pool: Pool) -> None:
    """Raise what the stage itself says of rules that cannot hold together."""
    stage = STAGES[scenario.stages[0]]
    decide(stage, context, scenario, pool, lambda *_: None)
    raise RuntimeError(f"{stage.name}: no plan keeps the rules of the front, but the stage has one")


def _counting(pool: Pool, tell: OnProgress | None) -> Run:
    ended = 0

    def run(tasks: Sequence[Task]) -> list[Answer]:
        nonlocal ended
        answers = pool.run(tasks)
        ended += len(tasks)
        if tell is not None:
            tell(ended)
        return answers

    return run
