"""A team's visit that is to be priced: held in the model whatever it costs."""

from __future__ import annotations

import numpy as np

from planner.solve.task import Arrays
from planner.stage import Context
from planner.stages.held import hold_columns
from planner.stages.inspection.model import InspectionModel
from planner.stages.inspection.visits import Visit


def visit_key(visit: Visit) -> str:
    """How a choice to be priced names a visit: ``kind:region``."""
    return f"{visit.kind}:{visit.region}"


def hold_visits(context: Context, built: InspectionModel, arrays: Arrays) -> Arrays:
    """The arrays as they are, or with the (team, ``kind:region``) of a choice to be priced held."""
    what_if = context.what_if
    if what_if is None:
        return arrays
    keys = [visit_key(v) for v in built.work.visits]
    named = [(built.work.teams.ids[t], keys[v]) for t, v in zip(built.team, built.visit, strict=True)]
    number = {pair: column for column, pair in enumerate(named)}
    held = {number[pair]: (float(on), float(on)) for pair, on in what_if.fixed.items()}
    others = np.flatnonzero([pair not in what_if.kept for pair in named])
    return hold_columns(arrays, held, what_if, others)
