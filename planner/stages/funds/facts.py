"""What the stage `funds` knows: tables as arrays, ids as row numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.dates import holding
from graph.errors import InputError, ScenarioError
from graph.network import Network
from planner.stage import Context
from planner.stages.need import latest_fact
from planner.stages.row_numbers import row_numbers

MOST_YEARS = 5
PPM = 1_000_000
"""Shares are held as whole millionths, so that a share of a budget is a whole number of yuan."""


@dataclass(frozen=True)
class Facts:
    """Everything that the rules read, as arrays. Money in whole yuan.

    Parameters
    ----------
    years, counties, provinces, programmes, sources : list
        What rows and columns of the arrays below stand for: T, C, G, P, S of them.
    province : ndarray
        (C,) int64, row number of a county's province.
    need, slots, unit_cost : ndarray
        (C, P, T) int64: yuan, countable things, yuan for one of them (0 where not said).
    posts : ndarray
        (P,) bool, programmes counted in posts: their slots hold for each year.
    poor : ndarray
        (C,) int64 persons.
    rank : ndarray
        (C,) float64, incidence against the largest; 0.5 where unknown.
    deep, outside, pilot : ndarray
        (C,) bool: deep poverty; not in the list of poor counties; pilot of pooling.
    level, instrument, direction : list of str
        Of each source.
    budget, carry : ndarray
        (S, T) int64: yuan, and what of it may go to the next year.
    shared : ndarray
        (S,) bool: country-wide central grants, the money of province shares and reward.
    allowed : ndarray
        (S, C, P) bool: which source may pay for what where.
    """

    years: list[int]
    counties: list[str]
    provinces: list[str]
    programmes: list[str]
    sources: list[str]
    province: np.ndarray
    need: np.ndarray
    slots: np.ndarray
    unit_cost: np.ndarray
    posts: np.ndarray
    poor: np.ndarray
    rank: np.ndarray
    deep: np.ndarray
    outside: np.ndarray
    pilot: np.ndarray
    level: list[str]
    instrument: list[str]
    direction: list[str]
    budget: np.ndarray
    carry: np.ndarray
    shared: np.ndarray
    allowed: np.ndarray


def ppm(share: float) -> int:
    """A share as whole millionths."""
    return round(float(share) * PPM)


def some(values: np.ndarray, axis: int | tuple[int, ...]) -> np.ndarray:
    """Whether anything holds along an axis; Boolean array without it."""
    return np.asarray(np.any(values, axis=axis))


def planned_years(context: Context) -> list[int]:
    """Years to plan.

    Raises
    ------
    InputError
        When no year has a budget.
    """
    known = sorted(context.network.frame("fund_budgets")["year"].unique().to_list())
    if context.policy["years"] is not None:
        first, last = context.policy["years"]
        chosen = [y for y in known if first <= y <= last]
    else:
        chosen = [y for y in known if y > context.on.year][:MOST_YEARS]
    if not chosen:
        raise InputError(
            f"[funds] 没有可规划的年份：fund_budgets 在 {context.on.year} 年之后（或 years 之内）没有预算",
            f"[funds] no year to plan: fund_budgets has no budget after {context.on.year} (or within `years`)",
        )
    return chosen


def read_facts(context: Context) -> Facts:
    """Read the tables into arrays."""
    from planner.stages.funds.eligible import allowed_cells

    network, policy = context.network, context.policy
    years = planned_years(context)
    needs = network.frame("needs").filter(pl.col("year").is_in(years) & (pl.col("amount") > 0))
    if needs.is_empty():
        raise InputError(
            f"[funds] needs 在规划年份 {years[0]}–{years[-1]} 没有需求",
            f"[funds] needs has no need in the planned years {years[0]}–{years[-1]}",
        )
    counties = sorted(needs["region"].unique().to_list())
    programmes = sorted(needs["programme"].unique().to_list())
    above = [province_of(network, c) for c in counties]
    provinces = sorted(set(above))
    shape = (len(counties), len(programmes), len(years))
    at = (
        row_numbers(needs["region"], counties),
        row_numbers(needs["programme"], programmes),
        row_numbers(needs["year"], years),
    )
    need, slots, unit_cost = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    need[at] = needs["amount"].to_numpy()
    slots[at] = needs["quantity"].fill_null(0).to_numpy()
    unit_cost[at] = needs["unit_cost"].fill_null(0).to_numpy()
    as_posts = set(needs.filter(pl.col("unit") == "post")["programme"].unique().to_list())
    sources = network.frame("fund_sources").sort("id")
    ids = sources["id"].to_list()
    budget, carry = budgets_of(context, network.frame("fund_budgets"), ids, years)
    level, instrument = sources["level"].to_list(), sources["instrument"].to_list()
    owned = sources["owner_region"].is_not_null().to_numpy()
    shared = np.array(
        [lv == "central" and i == "grant" for lv, i in zip(level, instrument, strict=True)], dtype=bool
    )
    marks = Marks(network, counties, context)
    incidence = latest_fact(context, "poverty_incidence", counties)
    return Facts(
        years=years,
        counties=counties,
        provinces=provinces,
        programmes=programmes,
        sources=ids,
        province=np.array([provinces.index(p) for p in above], dtype=np.int64),
        need=need,
        slots=slots,
        unit_cost=unit_cost,
        posts=np.array([p in as_posts for p in programmes], dtype=bool),
        poor=np.nan_to_num(latest_fact(context, "poor_population", counties)).astype(np.int64),
        rank=_rank(incidence),
        deep=marks.bear(str(policy["deep_poverty_tag"])),
        outside=~marks.bear(str(policy["county_tag"])),
        pilot=marks.bear(str(policy["pooling_tag"])),
        level=level,
        instrument=instrument,
        direction=sources["direction"].fill_null("").to_list(),
        budget=budget,
        carry=carry,
        shared=shared & ~owned,
        allowed=allowed_cells(context, sources, counties, programmes, marks),
    )


def province_of(network: Network, code: str) -> str:
    """The widest place that holds ``code``; itself where it has no parent."""
    above = network.ancestors(code)
    return above[-1] if above else code


class Marks:
    """Which counties bear a tag, themselves or through a place above them, on the day of planning."""

    def __init__(self, network: Network, counties: list[str], context: Context) -> None:
        tags = network.frame("region_tags").filter(holding(context.on))
        self.tags = tags.select("region", "tag")
        self.counties = counties
        self.inside: dict[str, list[int]] = {}
        for number, county in enumerate(counties):
            for place in {county, *network.ancestors(county)}:
                self.inside.setdefault(place, []).append(number)

    def lie_in(self, places: Iterable[str]) -> np.ndarray:
        """(C,) bool: which counties are one of the places or lie below one."""
        found = np.zeros(len(self.counties), dtype=bool)
        for place in places:
            found[self.inside.get(place, [])] = True
        return found

    def bear(self, pattern: str) -> np.ndarray:
        """(C,) bool; a pattern ending in ``*`` stands for every tag that begins so."""
        tag = pl.col("tag")
        found = tag.str.starts_with(pattern[:-1]) if pattern.endswith("*") else tag == pattern
        return self.lie_in(self.tags.filter(found)["region"].unique().to_list())


def _rank(incidence: np.ndarray) -> np.ndarray:
    known = ~np.isnan(incidence)
    if not known.any() or incidence[known].max() <= 0:
        return np.full(len(incidence), 0.5)
    return np.where(known, incidence / incidence[known].max(), 0.5)


def budgets_of(
    context: Context, rows: pl.DataFrame, ids: list[str], years: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """(S, T) yuan of sources by year, and what of them may go to the next; ``rows``: a table `fund_budgets`.

    Raises
    ------
    ScenarioError
        When a row's source is none of ``ids``.
    """
    rows = rows.filter(pl.col("year").is_in(years))
    unknown = sorted(set(rows["source"].to_list()) - set(ids))
    if unknown:
        raise ScenarioError(
            f"fund_budgets：来源 {unknown[0]} 不在 fund_sources 中",
            f"fund_budgets: source {unknown[0]} is not in fund_sources",
        )
    budget, carry = np.zeros((len(ids), len(years)), np.int64), np.zeros((len(ids), len(years)), np.int64)
    at = (row_numbers(rows["source"], ids), row_numbers(rows["year"], years))
    budget[at] = rows["amount"].to_numpy()
    if context.policy.on("carry_over"):
        parts = [
            ppm(s) * a // PPM
            for s, a in zip(rows["carry_over_max"].fill_null(0.0), rows["amount"], strict=True)
        ]
        carry[at] = np.array(parts, dtype=np.int64)
        carry[:, -1] = 0
    gap = np.diff(np.array(years)) != 1
    carry[:, :-1][:, gap] = 0
    return budget, carry
