"""Exit years held against a published plan: a place of which the year differs is one change.

Only places with a published year that is still planned, and that no rule closes, can keep it; others are free, and are named.
A village's class is split by its published year, so that villages of a class are still alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.language import Text
from planner.frozen import freezes
from planner.published import CHANGES_MAX, FROZEN
from planner.solve.choice import INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages.exit.places import Places
from planner.stages.exit.villages import Villages
from planner.stages.keeping import Keep, budget_of, price_of

NAME = "exit"
GONE = Text("不再是待退出的县、村", "no longer a county or village that is to exit")
OTHER_YEAR = Text("已在另一年退出", "it exited in another year")
NOT_PLANNED = Text("该年份不在规划年份之内", "its year is not among those planned")


@dataclass(frozen=True)
class KeptYears:
    """Published years that can be kept.

    Parameters
    ----------
    county, cell : ndarray
        (n,), (cells,) int64 number of the published year of each county, and of the villages of each class; −1: none, or it
        cannot be kept.
    county_frozen, cell_frozen : ndarray
        The same shapes: how many of the first planned years stay as published.
    sizes : ndarray
        (cells,) int64 villages of each class.
    lost : mapping of Text to list of Text
        Reason → places of which the published year cannot be kept.
    """

    county: np.ndarray
    cell: np.ndarray
    county_frozen: np.ndarray
    cell_frozen: np.ndarray
    sizes: np.ndarray
    lost: Mapping[Text, list[Text]]

    @property
    def held(self) -> int:
        """Counties and villages whose year could be kept."""
        return int((self.county >= 0).sum() + self.sizes[self.cell >= 0].sum())


def published_years(context: Context) -> dict[str, int]:
    """Region → published year; empty without a published plan."""
    if context.published is None or "exits" not in context.published.of(NAME):
        return {}
    return dict(context.published.of(NAME)["exits"].select("region", "year").iter_rows())


def frozen_years(context: Context, codes: Sequence[str], years: Sequence[int]) -> np.ndarray:
    """(k,) int64: how many of the first planned years are frozen for each place."""
    found = np.zeros(len(codes), dtype=np.int64)
    for freeze in freezes(context, NAME):
        n = sum(freeze.holds(context.on, year) for year in years)
        here = np.array(freeze.covers(context.network, codes), dtype=bool)
        found[here] = np.maximum(found[here], n)
    return found


def year_numbers(context: Context, codes: Sequence[str], years: Sequence[int]) -> np.ndarray:
    """(k,) int64 number of each place's published year; −1 where it has none that is planned."""
    known, number = published_years(context), {y: t for t, y in enumerate(years)}
    return np.array([number.get(known.get(code, 0), -1) for code in codes], dtype=np.int64)


def find_kept(
    context: Context, places: Places, villages: Villages, blocked: Mapping[str, np.ndarray]
) -> KeptYears | None:
    """Which published years can be kept; ``None`` without a published plan. ``blocked``: rule → (n, years) bool."""
    if context.published is None or not context.published.of(NAME):
        return None
    years, first = places.years, villages.first
    county = year_numbers(context, places.listed, years)
    cell = year_numbers(context, [villages.codes[i] for i in first], years)
    closed = _closed_by(county, blocked)
    early = (cell >= 0) & (cell < villages.ready[first]) & context.policy.on("village_line")
    lost = _lost(context, places, villages)
    for i in np.flatnonzero((county >= 0) & (closed != "")):
        reason = Text(f"规则 exit.{closed[i]} 不许", f"the rule exit.{closed[i]} forbids it")
        lost.setdefault(reason, []).append(_named(context, places.listed[i]))
    line = Text("规则 exit.village_line 不许", "the rule exit.village_line forbids it")
    for code in (villages.codes[v] for v in np.flatnonzero(early[villages.cell])):
        lost.setdefault(line, []).append(_named(context, code))
    return KeptYears(
        np.where(closed == "", county, -1),
        np.where(early, -1, cell),
        frozen_years(context, places.listed, years),
        frozen_years(context, [villages.codes[i] for i in first], years),
        villages.sizes,
        lost,
    )


def _closed_by(county: np.ndarray, blocked: Mapping[str, np.ndarray]) -> np.ndarray:
    """(n,) str: the first rule that closes the published year; empty where none does."""
    found = np.full(len(county), "", dtype=object)
    rows = np.flatnonzero(county >= 0)
    for rule, mask in blocked.items():
        shut = rows[mask[rows, county[rows]]]
        found[shut] = np.where(found[shut] == "", rule, found[shut])
    return found


def _lost(context: Context, places: Places, villages: Villages) -> dict[Text, list[Text]]:
    """Published places that are not decided any more, or whose year is not planned."""
    found: dict[Text, list[Text]] = {}
    decided, planned = {*places.listed, *villages.codes}, set(places.years)
    for code, year in sorted(published_years(context).items()):
        reason = None
        if code in decided:
            reason = None if year in planned else NOT_PLANNED
        elif code in places.exited:
            reason = None if places.exited[code] == year else OTHER_YEAR
        elif code not in villages.gone:
            reason = GONE
        if reason is not None:
            found.setdefault(reason, []).append(_named(context, code))
    return found


def _named(context: Context, code: str) -> Text:
    name = context.network.label(code)
    return Text(name, name)


def year_term(price: int, kept: np.ndarray, years: int) -> np.ndarray:
    """(k, years) int64: the price of each year that is not the published one; 0 for places that have none."""
    other = (kept >= 0)[:, None] & (np.arange(years)[None, :] != kept[:, None])
    return np.where(other, price, 0).astype(np.int64)


def keep_years(context: Context, kept: KeptYears | None, x: np.ndarray, v: np.ndarray, n: int) -> Keep | None:
    """What the published plan asks of the ``n`` columns; ``x`` (counties, years), ``v`` (cells, years) are some of them."""
    if kept is None or context.published is None:
        return None
    mask = np.zeros(n, dtype=bool)
    for columns, year in ((x, kept.county), (v, kept.cell)):
        rows = np.flatnonzero(year >= 0)
        mask[columns[rows, year[rows]]] = True
    named = {freeze.entry: np.zeros(0, dtype=bool) for freeze in freezes(context, NAME)}
    return Keep(
        context.published.plan, mask, named, budget_of(context), price_of(context), kept.lost, kept.held
    )


def year_rows(model: ChoiceModel, keep: Keep, kept: KeptYears, x: np.ndarray, v: np.ndarray) -> None:
    """The limit on changes, and the frozen years, as rows; the price is in the columns' costs."""
    if keep.budget is not None:
        same = np.flatnonzero(keep.published)
        model.rows(CHANGES_MAX, np.zeros(len(same)), same, -1.0, -INFINITY, float(keep.budget - keep.held), 1)
    sides = (
        (x, kept.county, kept.county_frozen, np.ones(len(x))),
        (v, kept.cell, kept.cell_frozen, kept.sizes.astype(float)),
    )
    for columns, year, frozen, sizes in sides:
        stay = np.flatnonzero((year >= 0) & (year < frozen))
        if len(stay):
            model.rows(
                FROZEN, np.arange(len(stay)), columns[stay, year[stay]], 1.0, sizes[stay], INFINITY, len(stay)
            )
        later = np.flatnonzero((year >= frozen) & (frozen > 0))
        for i in later.tolist():
            before = columns[i, : frozen[i]]
            model.rows(FROZEN, np.zeros(len(before)), before, 1.0, 0.0, 0.0, 1)
