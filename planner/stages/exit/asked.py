"""A year of exit that is to be priced: held in the model whatever it costs."""

from __future__ import annotations

import numpy as np

from planner.solve.task import Arrays
from planner.stage import Context
from planner.stages.exit.model import Built
from planner.stages.held import hold_columns


def hold_years(context: Context, built: Built, arrays: Arrays) -> Arrays:
    """The arrays as they are, or with the (region, year) of a choice to be priced held.

    Villages of a class are alike: one of them has a year where at least one of the class has it, and has not where not all have.
    """
    what_if = context.what_if
    if what_if is None:
        return arrays
    held: dict[int, tuple[float, float]] = {}
    for (region, year), wanted in what_if.fixed.items():
        column, most = year_column(built, region, int(year))
        held[column] = (1.0, float(most)) if wanted else (0.0, float(most - 1))
    listed, years = built.parts.places.listed, built.parts.places.years
    kept = np.array([[(c, str(y)) in what_if.kept for y in years] for c in listed], dtype=bool)
    return hold_columns(arrays, held, what_if, built.x[~kept.reshape(built.x.shape)])


def year_column(built: Built, region: str, year: int) -> tuple[int, int]:
    """Column of a county's or village's exit in a planned year, and what it may be at most.

    Raises
    ------
    KeyError
        When the place or the year is not to be decided.
    """
    places, villages = built.parts.places, built.parts.villages
    if year not in places.years:
        raise KeyError(year)
    t = list(places.years).index(year)
    if region in places.listed:
        return int(built.x[places.listed.index(region), t]), 1
    if region not in villages.codes:
        raise KeyError(region)
    cell = int(villages.cell[villages.codes.index(region)])
    return int(built.v[cell, t]), int(villages.sizes[cell])
