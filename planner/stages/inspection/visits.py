"""Which visits are to be made: one per inspected region and kind."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from planner.stage import Context
from planner.stages.inspection.settings import KINDS


@dataclass(frozen=True)
class Visit:
    """One visit: a kind of inspection in a region."""

    kind: str
    region: str


def planned_year(context: Context) -> int:
    """The year of inspection: as set, else the year after the last assessment, else that of the day of planning."""
    if context.policy["year"] is not None:
        return int(context.policy["year"])
    last = last_assessment(context)
    return context.on.year if last is None else last + 1


def last_assessment(context: Context) -> int | None:
    """Newest assessed year up to the day of planning."""
    years = context.network.frame("assessments")["year"].to_list()
    return max((y for y in years if y <= context.on.year), default=None)


def inspected_regions(context: Context) -> list[str]:
    """Regions of the last assessment; without one, those at the region level that hold poor counties."""
    network = context.network
    last = last_assessment(context)
    if last is not None:
        found = network.frame("assessments").filter(pl.col("year") == last)["region"].to_list()
        return sorted(c for c in set(found) if c in network.parents)
    level = str(context.policy["region_level"])
    above = (network.at_level(c, level) for c in network.tagged(str(context.policy["county_tag"])))
    return sorted({c for c in above if c is not None})


def planned_visits(context: Context) -> list[Visit]:
    """All visits, by kind in the order of :data:`KINDS`, then by region."""
    policy = context.policy
    last = last_assessment(context)
    rows = context.network.frame("assessments").filter(pl.col("year") == (last or 0))
    category = dict(rows.select("region", "category").iter_rows())
    tour = set(policy["tour_categories"] or [])
    found = []
    for kind in KINDS:
        if kind not in policy["kinds"] or not policy["counties_per_visit"].get(kind, 0):
            continue
        for region in inspected_regions(context):
            toured = category.get(region) in tour
            if kind in ("check", "tour") and (kind == "tour") != toured:
                continue
            found.append(Visit(kind, region))
    return found
