"""Pledges of the years ahead: at least so many persons, villages and counties."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from planner.stage import Context
from planner.stages.exit.places import Places

RULES = {"pledge_persons": "persons", "pledge_villages": "villages", "pledge_counties": "counties"}
"""Rule → measure of the table `pledges`."""


@dataclass(frozen=True)
class Pledge:
    """At least ``least`` of ``measure`` in ``region`` over the years numbered ``first`` … ``last`` (both included)."""

    rule: str
    region: str
    first: int
    last: int
    least: int

    def over(self, per_year: np.ndarray) -> float:
        """Sum of what happens in these years; ``per_year`` is (years,)."""
        return float(per_year[self.first : self.last + 1].sum())


def find_pledges(context: Context, places: Places) -> list[Pledge]:
    """Pledges of the levels that count, tolerance taken off; cumulated where what is done early counts later."""
    policy, network, years = context.policy, context.network, places.years
    levels = set(policy["pledge_levels"] or [])
    signed = (
        context.network.frame("pledges").filter(pl.col("year").is_in(years)).sort("measure", "region", "year")
    )
    measures = {
        m: r for r, m in RULES.items() if policy.on(r) and (r != "pledge_villages" or policy["villages"])
    }
    found: list[Pledge] = []
    so_far: dict[tuple[str, str], int] = {}
    for region, year, measure, amount in signed.select("region", "year", "measure", "amount").iter_rows():
        if measure not in measures or network.level_of.get(region) not in levels:
            continue
        so_far[region, measure] = so_far.get((region, measure), 0) + amount
        last = year - years[0]
        first, total = (0, so_far[region, measure]) if policy["pledge_cumulative"] else (last, amount)
        if measure == "villages":
            total = total * float(policy["village_sample"])
        least = math.ceil(total * (1 - float(policy["pledge_tolerance"])) - 1e-9)
        found.append(Pledge(measures[measure], region, first, last, least))
    return found


def below(context: Context, codes: list[str]) -> dict[str, np.ndarray]:
    """Region → (k,) int64 rows of the codes that are it or lie below it."""
    network, rows = context.network, dict[str, list[int]]()
    above = cache(lambda parent: (parent, *network.ancestors(parent)))
    for i, code in enumerate(codes):
        parent = network.parents.get(code)
        for place in dict.fromkeys((code, *(() if parent is None else above(parent)))):
            rows.setdefault(place, []).append(i)
    return {place: np.array(numbers, dtype=np.int64) for place, numbers in rows.items()}


def shortfall(pledge: Pledge, reached: float) -> int:
    """How much is missing, as a whole number; 0 where the pledge is kept."""
    return max(0, math.ceil(pledge.least - reached - 1e-6))
