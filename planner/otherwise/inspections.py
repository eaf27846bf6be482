"""Inspection: another team for a visit, or any but the plan's."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.language import Text
from graph.schema import ENUMS
from planner.otherwise.choice import MOST, Asking, Move, Otherwise, first_of, priced, solve_held
from planner.stage import WhatIf
from planner.stages.inspection.asked import visit_key
from planner.stages.inspection.figures import visits_of
from planner.stages.inspection.model import Work, find_work
from planner.stages.inspection.reasons import visits_about
from planner.stages.inspection.shut import barred_by
from planner.stages.inspection.visits import Visit
from planner.subject import Subject


def inspections_otherwise(asking: Asking, subject: Subject) -> list[Otherwise]:
    """Of a team, region or county: its visits without the team; of a team that does not go there: the visits with it.

    Of a team without any visit, the cheapest visits that it may make, by their own cost; of a visit without a team, the cheapest
    teams. Under own scores nothing is priced.
    """
    context = asking.context
    if context.policy["objective"] == "scores" or subject.special:
        return []
    work, rows = find_work(context), asking.plan.table("inspections")
    made = {(k, r, t) for k, r, t in visits_of(context, rows)}
    teams = [k for k in subject.keys if k in work.teams.ids]
    visits = visits_about(context, work, [k for k in subject.keys if k not in teams])
    kept = frozenset((t, f"{k}:{r}") for k, r, t in made)
    chosen = [(t, v) for v in visits for t in teams or work.teams.ids if (v.kind, v.region, t) in made]
    if chosen:
        chosen.sort(key=lambda one: -work.cost[work.teams.ids.index(one[0]), work.visits.index(one[1])])
        return first_of([_one(asking, kept, t, v, False) for t, v in chosen[:MOST]], len(chosen))
    if not teams:
        numbers = [work.visits.index(visit) for visit in visits]
        may = [(t, v) for v in numbers for t in _cheapest(work.cost[:, v], work.allowed[:, v])]
        told = [_one(asking, kept, work.teams.ids[t], work.visits[v], True) for t, v in may[:MOST]]
        return first_of(told, len(may))
    if len(teams) == 1 == len(subject.keys):
        t = work.teams.ids.index(teams[0])
        every = [work.visits[v] for v in _cheapest(work.cost[t], work.allowed[t])]
        few = every[:MOST] or work.visits[:1]
        return first_of([_with(asking, work, kept, teams[0], visit) for visit in few], len(every))
    if len(subject.keys) == len(teams):
        return []
    told = [_with(asking, work, kept, team, visit) for team in teams for visit in visits[:MOST]]
    return first_of(told, len(teams) * len(visits))


def _cheapest(cost: np.ndarray, allowed: np.ndarray) -> list[int]:
    """Numbers of those that are allowed, the cheapest by their own cost first."""
    return [k for k in np.argsort(cost, kind="stable").tolist() if allowed[k]]


def _with(asking: Asking, work: Work, kept: frozenset[tuple[str, str]], team: str, visit: Visit) -> Otherwise:
    t, v = work.teams.ids.index(team), work.visits.index(visit)
    if not work.allowed[t, v]:
        return asking.barred(_words(asking, team, visit, True), barred_by(asking.context, work, t, v))
    return _one(asking, kept, team, visit, True)


def _one(
    asking: Asking, kept: frozenset[tuple[str, str]], team: str, visit: Visit, forced: bool
) -> Otherwise:
    outcome, why = solve_held(asking, WhatIf({(team, visit_key(visit)): forced}, kept))
    moves = _moves(asking, visit, outcome.tables["inspections"]) if outcome.tables else []
    return priced(asking, _words(asking, team, visit, forced), outcome, moves, why)


def _words(asking: Asking, team: str, visit: Visit, forced: bool) -> Text:
    name, kind = (
        asking.label(visit.region),
        ENUMS["inspection_kind"].get(visit.kind, Text(visit.kind, visit.kind)),
    )
    if forced:
        return Text(f"若由 {team} 承担 {name} 的{kind.zh}", f"with {team} for the {kind.en} of {name}")
    return Text(f"若不由 {team} 承担 {name} 的{kind.zh}", f"without {team} for the {kind.en} of {name}")


def _moves(asking: Asking, visit: Visit, after: pl.DataFrame) -> list[Move]:
    """Visits that other teams make then; the one asked for first."""
    context, found = asking.context, []
    sides: list[dict[tuple[str, str], list[str]]] = []
    for rows in (asking.plan.table("inspections"), after):
        of: dict[tuple[str, str], list[str]] = {}
        for kind, region, team in visits_of(context, rows):
            of.setdefault((kind, region), []).append(team)
        sides.append({k: sorted(set(v)) for k, v in of.items()})
    keys = sorted(sides[0].keys() | sides[1].keys(), key=lambda k: (k != (visit.kind, visit.region), k))
    for kind, region in keys:
        before, then = (", ".join(s.get((kind, region), ())) for s in sides)
        if before != then:
            title = ENUMS["inspection_kind"].get(kind, Text(kind, kind))
            found.append(Move(f"{asking.label(region)} ({title})", before, then))
    return found
