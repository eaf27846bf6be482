"""A front read again without the solver: every point keeps every rule, its aims are recomputed, none dominates another."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import polars as pl

from planner.cost import SCALE
from planner.pareto.aims import COST, PAIRS, Aim
from planner.pareto.front import Front, Run, dominated
from planner.pareto.model import AimModel
from planner.policy import OFF
from planner.stage import Context, Limits
from planner.stages import pairs as eligible
from planner.stages.pairing.loads import divide_loads
from planner.stages.pairing.members import find_members
from planner.stages.pairing.results import one_table, region_table, shown_counterpart
from planner.verify.checks import CHECKS
from planner.verify.outcome import Resolved, StageCheck


def point_table(
    context: Context, model: AimModel, chosen: np.ndarray, run: Run, limits: Limits
) -> pl.DataFrame | None:
    """The table ``pairs`` of a choice; ``None`` where whole persons cannot be divided as its rules ask.

    Of ``pairing`` it holds the region pairs alone: county pairs are decided inside them when the point is planned.
    """
    stage = model.aims[0].stage
    if stage == "designation":
        return eligible.chosen_table(stage, model.pairs, chosen)
    loads = divide_loads(context, run, limits, find_members(context), model.pairs, chosen)
    if loads is None:
        return None
    return region_table(context, model.pairs, chosen, loads)


def pair_check(context: Context, stage: str, table: pl.DataFrame) -> StageCheck:
    """The independent check of a stage's pairs; of ``pairing`` that of its region pairs, without county pairs."""
    values = {**context.policy.values}
    if stage == "pairing" and values["objective"] != "scores":
        values["county_pairs"] = OFF
        table = one_table([table, shown_counterpart(context, [table])])
    resolved = Resolved(context.network, {stage: values}, context.on, context.seed)
    return CHECKS[stage](resolved, {"pairs": table}, {})


def broken_rules(context: Context, stage: str, table: pl.DataFrame) -> list[str]:
    """What the independent check of the stage finds wrong, in words; empty where all is right."""
    return [b.text.en for b in pair_check(context, stage, table).broken]


def recomputed(aims: Sequence[Aim], table: pl.DataFrame) -> tuple[int, ...]:
    """What a table of pairs comes to in each aim, in the aims' own units, from its columns alone."""
    terms = [json.loads(t) for t in table["terms"].to_list()]

    def of(aim: Aim) -> int:
        if aim.key == PAIRS:
            return table.height
        if aim.key == COST:
            return sum(round(c * SCALE) for c in table["cost"].to_list())
        return sum(int(t.get(aim.key, 0)) for t in terms)

    return tuple(of(aim) for aim in aims)


def wrong_points(
    context: Context, aims: Sequence[Aim], front: Front, tables: Sequence[pl.DataFrame]
) -> list[str]:
    """Everything that is wrong with a front, in words."""
    found = [
        f"point {n}: {told}"
        for n, table in enumerate(tables, 1)
        for told in broken_rules(context, aims[0].stage, table)
    ]
    for n, (point, table) in enumerate(zip(front.points, tables, strict=True), 1):
        if recomputed(aims, table) != point.values:
            found.append(f"point {n} comes to {recomputed(aims, table)}, not {point.values}")
        if not point.proof or not all(s.proved for s in point.proof):
            found.append(f"point {n} has no proof")
    found += [
        f"point {i + 1} dominates point {j + 1}" for i, j in dominated([p.values for p in front.points])
    ]
    return found
