"""How many counties exit in which year, where the scenario says so."""

from __future__ import annotations

import math

import numpy as np

from planner.stage import Context
from planner.stages.exit.places import Places
from planner.stages.exit.settings import PUBLISHED


def wanted_per_year(context: Context, places: Places) -> list[tuple[int, int, int]]:
    """(number of the year, at least, at most) county exits; empty where there is no pace."""
    policy = context.policy
    if not policy.on("pace"):
        return []
    slack = float(policy["pace_tolerance"])
    found = []
    for t, count in sorted(paced(context, places).items()):
        found.append((t, math.ceil(count * (1 - slack) - 1e-9), math.floor(count * (1 + slack) + 1e-9)))
    return found


def paced(context: Context, places: Places) -> dict[int, float]:
    """Number of a planned year → county exits wanted; years that the pace does not name are free."""
    kind = context.policy["pace"]
    if kind == "even":
        return {
            t: float(len(part)) for t, part in enumerate(even_parts(len(places.counties), len(places.years)))
        }
    table = PUBLISHED if kind == "published" else context.policy["exits_per_year"] or {}
    first, last = places.years[0], places.years[-1]
    return {int(y) - first: float(n) for y, n in table.items() if first <= int(y) <= last}


def even_parts(count: int, years: int) -> list[np.ndarray]:
    """0 … count−1 in equal parts, one per year; where it does not divide, the first years have one more."""
    return np.array_split(np.arange(count), years)
