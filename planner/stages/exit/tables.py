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


def exits_cost(context: Context, parts: Parts, exits: pl.DataFrame) -> float | None:
    """Sum of the costs of given years in points, rules aside; ``None`` where a year or place is none to be planned."""
    year_of, years = dict(exits.select("region", "year").iter_rows()), parts.places.years
    number = {year: t for t, year in enumerate(years)}
    chosen = [
        np.array([number.get(year_of.get(code, 0), NEVER) for code in codes], dtype=np.int64)
        for codes in (parts.places.listed, parts.villages.codes)
    ]
    found = exits_table(context, parts, chosen[0], chosen[1])
    return float(found["cost"].sum()) if found.height == exits.height else None


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


def fill_exits(context: Context, parts: Parts, exits: pl.DataFrame) -> pl.DataFrame:
    """A hand-made table `exits` with its empty cells filled, and with the counties that had exited before.

    Rows keep their order; what was added comes last. A cost without terms is worked out anew, since a cost is
    the sum of its terms. A row whose region or year is not to be decided gets cost 0: the check names it.
    """
    places, villages = parts.places, parts.villages
    first = places.years[0]
    year_of = {
        r: y - first
        for r, y in exits.select("region", "year").iter_rows()
        if 0 <= y - first < len(places.years)
    }
    county_year = np.array([year_of.get(c, NEVER) for c in places.listed], dtype=np.int64)
    village_year = np.array([year_of.get(v, NEVER) for v in villages.codes], dtype=np.int64)
    right = exits_table(context, parts, county_year, village_year)
    joined = exits.join(right, on=["region", "year"], how="left", maintain_order="left", suffix="_right")
    whole = pl.col("terms").is_null() & pl.col("terms_right").is_not_null()
    announced = {y: announced_year(context, y) for y in exits["year"].unique().to_list()}
    filled = joined.with_columns(
        announced_year=pl.coalesce(
            "announced_year", pl.col("year").replace_strict(announced, return_dtype=pl.Int64)
        ),
        incidence=pl.coalesce("incidence", "incidence_right"),
        cost=pl.when(whole).then("cost_right").otherwise("cost").fill_null(0.0),
        terms=pl.coalesce("terms", "terms_right", pl.lit("{}")),
    ).select(exits.columns)
    missing = [c for c in places.exited if c not in set(exits["region"].to_list())]
    return pl.concat([filled, right.filter(pl.col("region").is_in(missing)).select(exits.columns)])
