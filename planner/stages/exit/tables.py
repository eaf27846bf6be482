"""From arrays to the table `exits`, and the exits that people would plan without an optimiser."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from graph.schema import RESULTS
from planner.cost import SCALE, terms_column
from planner.stage import Context
from planner.stages.exit.gates import announced_year
from planner.stages.exit.model import Parts
from planner.stages.exit.pace import even_parts

NEVER = -1


def hand_out(parts: Parts, counts: np.ndarray) -> np.ndarray:
    """(v,) int64 number of each village's year (``NEVER``: none), the least poor of a class first.

    ``counts`` is (cells, years): how many villages of each class exit in each year.
    """
    found = np.full(len(parts.villages.codes), NEVER, dtype=np.int64)
    for start, row in zip(parts.villages.first.tolist(), counts, strict=True):
        years = np.repeat(np.arange(len(row)), row)
        found[start : start + len(years)] = years
    return found


def exits_table(
    context: Context, parts: Parts, county_year: np.ndarray, village_year: np.ndarray
) -> pl.DataFrame:
    """The table `exits`: counties that have exited (cost 0), counties and villages as decided; sorted by region."""
    places, villages = parts.places, parts.villages
    past = list(places.exited)
    position = {c: i for i, c in enumerate(places.codes)}
    rows = [position[c] for c in past]
    history = _rows(context, past, list(places.exited.values()), parts.proxy.start[rows], {})
    chosen = np.flatnonzero(county_year >= 0)
    at = county_year[chosen]
    counties = _rows(
        context,
        [places.listed[i] for i in chosen],
        [places.years[t] for t in at],
        parts.proxy.incidence[places.counties[chosen], at],
        {k: term[chosen, at] for k, term in parts.terms.items()},
    )
    out = np.flatnonzero(village_year >= 0)
    when = village_year[out]
    small = _rows(
        context,
        [villages.codes[i] for i in out],
        [places.years[t] for t in when],
        villages.incidence[out, when],
        {k: term[villages.cell[out], when] for k, term in parts.village_terms.items()},
    )
    return pl.concat([history, counties, small]).sort("region")


def _rows(
    context: Context,
    codes: list[str],
    years: list[int],
    incidence: np.ndarray,
    terms: Mapping[str, np.ndarray],
) -> pl.DataFrame:
    announced = {y: announced_year(context, y) for y in set(years)}
    cost = np.sum(list(terms.values()), axis=0) if terms else np.zeros(len(codes), dtype=np.int64)
    return pl.DataFrame(
        {
            "region": codes,
            "year": years,
            "announced_year": [announced[y] for y in years],
            "incidence": incidence,
            "cost": cost / SCALE,
            "terms": terms_column(terms) if terms else ["{}"] * len(codes),
        },
        schema=RESULTS["exits"].dtypes,
    )


def poorest_last(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    """Years of counties (n,) and villages (v,) by incidence, the poorest last, equal numbers a year."""
    years = len(parts.places.years)
    counties = _equal(parts.proxy.start[parts.places.counties], parts.places.listed, years)
    villages = _equal(parts.villages.incidence[:, 0], parts.villages.codes, years)
    return counties, villages


def _equal(incidence: np.ndarray, codes: list[str], years: int) -> np.ndarray:
    order = np.lexsort((np.array(codes, dtype=str), incidence))
    found = np.zeros(len(codes), dtype=np.int64)
    for t, part in enumerate(even_parts(len(codes), years)):
        found[order[part]] = t
    return found
