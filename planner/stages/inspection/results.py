"""The result table of inspection: one row per team and county."""

from __future__ import annotations

import json

import numpy as np
import polars as pl

from graph.schema import RESULTS
from planner.cost import SCALE, terms_text
from planner.stage import Context
from planner.stages.inspection.model import Work, find_work
from planner.stages.inspection.settings import NAME
from planner.stages.inspection.visits import planned_year
from planner.stages.pairs import Pairs, listed_scores


def inspection_table(context: Context, work: Work, team: np.ndarray, visit: np.ndarray) -> pl.DataFrame:
    """Rows of the chosen (team, visit); a visit's travel days stand in the row of its first county."""
    year, rows = planned_year(context), []
    stops_of: dict[int, list[int]] = {}
    for k, stop in enumerate(work.stops):
        stops_of.setdefault(stop.visit, []).append(k)
    for t, v in zip(team.tolist(), visit.tolist(), strict=True):
        for first, k in enumerate(stops_of.get(v, [])):
            stop = work.stops[k]
            travel = int(work.travel_days[t, v]) if first == 0 else 0
            terms = {name: int(values[t, k]) for name, values in work.terms.items()}
            rows.append(
                {
                    "kind": work.visits[v].kind,
                    "year": year,
                    "team": work.teams.ids[t],
                    "region": stop.county,
                    "days": int(work.stop_days[t, k]) + travel,
                    "sample": _sample_text(stop.stratum, stop.villages, stop.households, travel),
                    "cost": sum(terms.values()) / SCALE,
                    "terms": terms_text(terms),
                }
            )
    return pl.DataFrame(rows, schema=RESULTS["inspections"].dtypes).sort("kind", "year", "team", "region")


def inspections_cost(context: Context, rows: pl.DataFrame) -> float | None:
    """Sum of the costs of given rows in points, rules aside; ``None`` where a team or stop is none to be planned."""
    if context.policy["objective"] == "scores":
        return listed_scores(context, NAME, rows.select(supporter="team", recipient="region"))
    work, total = find_work(context), 0
    team = {name: t for t, name in enumerate(work.teams.ids)}
    stop = {(work.visits[s.visit].kind, s.county): k for k, s in enumerate(work.stops)}
    for kind, name, county in rows.select("kind", "team", "region").iter_rows():
        if name not in team or (kind, county) not in stop:
            return None
        total += sum(int(values[team[name], stop[kind, county]]) for values in work.terms.values())
    return total / SCALE


def _sample_text(stratum: str, villages: object, households: int, travel: int) -> str:
    found = {"stratum": stratum, "villages": villages, "households": households, "travel_days": travel}
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def scored_table(context: Context, pairs: Pairs, chosen: np.ndarray) -> pl.DataFrame:
    """Rows of own scores: team and region as listed, ``days`` the load."""
    sign = -1 if pairs.sense == "max" else 1
    found = pl.DataFrame(
        {
            "kind": ["check"] * len(chosen),
            "year": [planned_year(context)] * len(chosen),
            "team": [pairs.supporters[i] for i in pairs.supporter[chosen]],
            "region": [pairs.recipients[i] for i in pairs.recipient[chosen]],
            "days": pairs.load[chosen],
            "sample": ["{}"] * len(chosen),
            "cost": sign * pairs.cost[chosen] / pairs.scale,
            "terms": ["{}"] * len(chosen),
        },
        schema=RESULTS["inspections"].dtypes,
    )
    return found.sort("kind", "year", "team", "region")
