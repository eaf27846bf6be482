"""What the cost of a hand-made plan is held against: a plan of the same inputs, or a relaxation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from graph.errors import InputError, UsageError
from graph.language import Text
from planner.decisions import looked_at
from planner.handmade.loads import run_apart
from planner.identity import input_digests
from planner.inputs import resolved_head, seen_network
from planner.plan import Plan, read_plan
from planner.scenario import Scenario
from planner.stage import Context, in_steps
from planner.stages import STAGES

RELAXATION = "lp"
FREE = ("format", "title", "limits", "stages", "cites")
"""Parts of a plan's inputs that change no bound."""


@dataclass(frozen=True)
class Bound:
    """A proven bound on the best objective of a stage, in ``1/scale``, and where it comes from."""

    value: int
    scale: int
    origin: Text


def differing_inputs(scenario: Scenario, plan: Plan) -> list[str]:
    """What is not the same in a scenario and in what a plan was made from; empty where a bound carries over."""
    if unknown := [s for s in plan.stages if s not in STAGES or s not in scenario.policies]:
        return [f"stage {s}" for s in unknown]
    same = replace(scenario, stages=tuple(plan.stages))
    mine, theirs = resolved_head(same), plan.head["inputs"]
    found = [k for k in mine if k not in (*FREE, "policy") and mine[k] != theirs.get(k)]
    for stage, values in mine["policy"].items():
        told = theirs["policy"].get(stage, {})
        found += [f"{stage}.{k}" for k in sorted({*values, *told}) if values.get(k) != told.get(k)]
    if found:
        return found
    before, now = input_digests(plan.tables("resolved")), input_digests(seen_network(same).frames)
    return sorted(t for t in {*before, *now} if before.get(t) != now.get(t))


def bound_of_plan(scenario: Scenario, where: str) -> Plan:
    """The plan named as bound.

    Raises
    ------
    UsageError
        When it was made from other inputs; the text says which.
    """
    plan = read_plan(where)
    if differing := differing_inputs(scenario, plan):
        listed = ", ".join(differing[:12])
        raise UsageError(
            f"方案 {plan.id} 的输入与场景不同，其界不能用：{listed}",
            f"plan {plan.id} was made from other inputs than this scenario, so its bound does not hold: {listed}",
        )
    return plan


def known_plans(scenario: Scenario, wanted: str | None, folder: Path = Path("plans")) -> list[Plan]:
    """Plans of the same inputs: the one that is ``wanted``, else those in a folder that holds plans.

    One that has every stage of the scenario stands alone.

    Raises
    ------
    UsageError
        When the plan wanted was made from other inputs.
    """
    if wanted and wanted != RELAXATION:
        return [bound_of_plan(scenario, wanted)]
    found = []
    for file in sorted(folder.glob("[!.]*/plan.json")):
        try:
            plan = read_plan(file.parent)
            if differing_inputs(scenario, plan):
                continue
        except (InputError, KeyError, TypeError):
            continue  # a damaged plan bounds nothing
        if set(plan.stages) >= set(scenario.stages):
            return [plan]
        found.append(plan)
    return found


def _bound(plan: Plan, stage: str) -> int | None:
    value = plan.stages[stage].get("bound")
    return None if value is None else int(value)


def find_bound(
    scenario: Scenario, context: Context, stage: str, wanted: str | None, plans: Sequence[Plan]
) -> tuple[Bound | None, list[Text]]:
    """The bound of a stage, and what should be known about it; ``None`` where none is known.

    Parameters
    ----------
    wanted : str, optional
        A plan's folder, or ``lp`` for the linear relaxation of the stage's model; by default one of ``plans``.
    plans : sequence of Plan
        As :func:`known_plans` finds them.
    """
    if wanted == RELAXATION:
        return relaxed_bound(scenario, context, stage)
    plan = next((p for p in plans if stage in p.stages and _bound(p, stage) is not None), None)
    if plan is None:
        return None, [
            Text(f"方案 {p.id} 没有 {stage} 的界", f"plan {p.id} has no bound for {stage}")
            for p in plans
            if wanted
        ]
    notes = []
    if earlier := looked_at(stage, list(plan.stages)):
        listed = ", ".join(earlier)
        notes.append(Text(f"{stage} 的界以该方案中 {listed} 的决定为前提",
                          f"the bound of {stage} holds for what that plan decided in {listed}"))  # fmt: skip
    origin = Text(f"方案 {plan.id}", f"plan {plan.id}")
    return Bound(int(str(_bound(plan, stage))), int(plan.stages[stage]["scale"]), origin), notes


def relaxed_bound(scenario: Scenario, context: Context, stage: str) -> tuple[Bound | None, list[Text]]:
    """The optimum of the stage's integer model without integrality, where it is one integer model."""
    decides = STAGES[stage]
    if in_steps(decides):
        return None, []
    tasks, built = decides.tasks(context, scenario.limits)
    if len(tasks) != 1 or tasks[0].engine not in ("mip", "choose"):
        return None, []
    arrays = {k: v for k, v in tasks[0].arrays.items() if k != "start"}
    relaxed = replace(
        tasks[0], arrays={**arrays, "integer": np.zeros_like(arrays["integer"])}, label=f"{stage}: lp"
    )
    answer = run_apart(stage, [relaxed])[0]
    if answer.status == "INFEASIBLE":
        return None, [
            Text(f"{stage}：规则本身不能同时成立", f"{stage}: the rules themselves cannot hold together")
        ]
    if answer.facts.get("bound") is None:
        return None, []
    # the optimum in the reader's sense, from the same code that reads answers of the whole model
    outcome = decides.answer(context, built, [replace(answer, status="FEASIBLE")])
    if outcome.bound is None:
        return None, []
    return Bound(outcome.bound, outcome.scale, Text("线性松弛", "linear relaxation")), []
