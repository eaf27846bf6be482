"""Exit: a place in another year than the plan's, or anywhere but in the plan's."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.language import Text
from planner.otherwise.choice import MOST, Asking, Move, Otherwise, first_of, priced, solve_held
from planner.stage import WhatIf
from planner.stages.exit.model import Parts, find_parts
from planner.stages.exit.places import demand_planned
from planner.subject import Subject


def exits_otherwise(asking: Asking, subject: Subject) -> list[Otherwise]:
    """The year asked for, or every choice but the plan's year, of a county or village; more than one place: none.

    Of one that does not exit, the years that cost it least by themselves.

    Raises
    ------
    UsageError
        When the year is none of the planned ones.
    """
    if len(subject.keys) != 1:
        return []
    region, parts = subject.keys[0], find_parts(asking.context)
    if region not in parts.places.listed and region not in parts.villages.codes:
        return []
    rows = asking.plan.table("exits").filter(pl.col("region") == region)["year"].to_list()
    year = int(rows[0]) if rows else None
    wanted = subject.year
    if wanted is not None:
        demand_planned(asking.context, wanted)
    forced = wanted is not None and wanted != year
    shown = wanted if wanted is not None else year
    if shown is None:
        told = [_held(asking, region, one, True) for one in _cheapest(parts, region)]
        return first_of(told, len(parts.places.years))
    return [_held(asking, region, shown, forced)]


def _cheapest(parts: Parts, region: str) -> list[int]:
    """The years that cost a place least by themselves, the first few."""
    places, villages = parts.places, parts.villages
    if region in places.listed:
        cost = parts.cost[places.listed.index(region)]
    else:
        cost = parts.village_cost[villages.cell[villages.codes.index(region)]]
    return [places.years[t] for t in np.argsort(cost, kind="stable").tolist()[:MOST]]


def _held(asking: Asking, region: str, shown: int, forced: bool) -> Otherwise:
    """The stage solved again with a year forced, or forbidden."""
    name = asking.label(region)
    what = (
        Text(f"若 {name} 于 {shown} 年退出", f"with {name} in {shown}")
        if forced
        else Text(f"若 {name} 不在 {shown} 年退出", f"without {name} in {shown}")
    )
    pairs = asking.plan.table("exits").select("region", pl.col("year").cast(pl.String)).iter_rows()
    what_if = WhatIf({(region, str(shown)): forced}, frozenset((str(r), str(y)) for r, y in pairs))
    outcome, why = solve_held(asking, what_if)
    moves = _moves(asking, region, outcome.tables["exits"]) if outcome.tables else []
    return priced(asking, what, outcome, moves, why)


def _moves(asking: Asking, region: str, after: pl.DataFrame) -> list[Move]:
    """Counties, and the place itself, whose year is another one then; the place first."""
    places = set(find_parts(asking.context).places.listed) | {region}
    both = (
        asking.plan.table("exits")
        .select("region", before="year")
        .join(after.select("region", after="year"), on="region", how="full", coalesce=True)
    )
    rows = both.filter(
        pl.col("before").eq_missing(pl.col("after")).not_(), pl.col("region").is_in(list(places))
    )
    ordered = rows.sort(pl.col("region") != region, "region")
    return [
        Move(asking.label(r), "" if b is None else str(b), "" if a is None else str(a))
        for r, b, a in ordered.select("region", "before", "after").iter_rows()
    ]
