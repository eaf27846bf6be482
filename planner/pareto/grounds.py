"""What a stage's plans are traded off in: its own rows, and what each of their columns adds to everything that may be an aim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from planner.pareto.people import people_columns, people_table
from planner.solve.choice import ChoiceModel
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits
from planner.stages import pairs as eligible
from planner.stages.designation_rows import build as build_designation
from planner.stages.exit.model import build as build_exit
from planner.stages.exit.tables import NEVER, exits_table, hand_out
from planner.stages.inspection.model import build_model as build_inspection
from planner.stages.inspection.results import inspection_table
from planner.stages.pairing.loads import divide_loads
from planner.stages.pairing.members import find_members
from planner.stages.pairing.regions import build_regions
from planner.stages.pairing.results import region_table

Run = Callable[[Sequence[Task]], list[Answer]]


@dataclass(frozen=True)
class Ground:
    """A stage's model.

    Parameters
    ----------
    model : ChoiceModel
        All rules of the stage; of ``pairing`` those of its first model.
    decided : int
        How many columns, the first ones, are what is decided.
    terms : mapping of str to ndarray
        What may be an aim → (decided,) int64, what one unit of each of these columns adds to it.
    table : callable
        From (decided,) int64 values of these columns to the stage's result table; ``None`` where whole persons cannot be divided as
        its rules ask.
    """

    model: ChoiceModel
    decided: int
    terms: Mapping[str, np.ndarray]
    table: Callable[[np.ndarray, Run, Limits], pl.DataFrame | None]


def ground_of(context: Context, stage: str, exact: bool = False) -> Ground:
    """The ground of a stage; ``exact``: see :func:`planner.stages.pairing.regions.build_regions`.

    Raises
    ------
    UsageError
        When rules of the stage are in force that no model of one piece holds, or it has too many columns.
    """
    if stage == "pairing":
        return _regions(context, exact)
    return {"designation": _units, "cadres": _people, "exit": _years, "inspection": _visits}[stage](context)


def _regions(context: Context, exact: bool) -> Ground:
    """Region pairs alone: county pairs are decided inside them when the point is planned."""
    built = build_regions(context, exact)

    def table(x: np.ndarray, run: Run, limits: Limits) -> pl.DataFrame | None:
        chosen = np.flatnonzero(x)
        loads = divide_loads(context, run, limits, find_members(context), built.pairs, chosen)
        return None if loads is None else region_table(context, built.pairs, chosen, loads)

    return _of_pairs(built, table)


def _units(context: Context) -> Ground:
    built = build_designation(context)
    return _of_pairs(
        built, lambda x, *_: eligible.chosen_table("designation", built.pairs, np.flatnonzero(x))
    )


def _of_pairs(built: Any, table: Callable[[np.ndarray, Run, Limits], pl.DataFrame | None]) -> Ground:
    pairs = built.pairs
    ones = np.ones(pairs.size, dtype=np.int64)
    return Ground(built.model, pairs.size, {**pairs.terms, "cost": pairs.cost, "pairs": ones}, table)


def _people(context: Context) -> Ground:
    model, columns, terms = people_columns(context)
    return Ground(model, model.n_columns, terms, lambda x, *_: people_table(context, columns, x))


def _years(context: Context) -> Ground:
    built = build_exit(context)
    parts, n = built.parts, built.model.n_columns
    terms = {key: np.zeros(n, dtype=np.int64) for key in (*parts.terms, *parts.village_terms, "short")}
    for columns, some in ((built.x, parts.terms), (built.v, parts.village_terms)):
        for key, term in some.items():
            terms[key][columns.ravel()] = term.ravel()
    cost = np.concatenate(built.model.cost)
    for key, columns in (("short", built.u), ("late", built.left), ("village_late", built.cell_left)):
        terms[key][columns] = cost[columns]

    def table(x: np.ndarray, run: Run, limits: Limits) -> pl.DataFrame:
        chosen = x[built.x]
        year = np.where(chosen.any(axis=1), chosen.argmax(axis=1), NEVER)
        return exits_table(context, parts, year, hand_out(parts, x[built.v]))

    return Ground(built.model, n, {**terms, "cost": cost}, table)


def _visits(context: Context) -> Ground:
    built = build_inspection(context)
    work, team, visit = built.work, built.team, built.visit
    at = np.array([s.visit for s in work.stops], dtype=np.int64)
    terms = {
        "days": work.days[team, visit],
        "visits": np.ones(len(team), np.int64),
        "cost": work.cost[team, visit],
    }
    for key, by_stop in work.terms.items():
        whole = np.zeros(work.cost.shape, dtype=np.int64)
        np.add.at(whole.T, at, by_stop.T)
        terms[key] = whole[team, visit]

    def table(x: np.ndarray, run: Run, limits: Limits) -> pl.DataFrame:
        chosen = np.flatnonzero(x)
        return inspection_table(context, work, team[chosen], visit[chosen])

    return Ground(built.model, len(team), terms, table)
