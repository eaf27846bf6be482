"""Rows of `exits`: who stands there, its year, incidence, terms and cost. Counties one by one, villages as columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from planner.verify.codes import distinct
from planner.verify.exit.book import NAME, Book, micro
from planner.verify.outcome import Broken, Tables
from planner.verify.published import price

SCALE = 1000
GATES = (
    ("wrongly_exited_max", "wrongly_exited", -1),
    ("missed_max", "missed", -1),
    ("approval_min", "approval", 1),
)
"""Rule, measure, and whether more room lies above (1) or below (−1) the limit."""

OF_INCIDENCE = ("risk", "late", "village_late", "village_early")
"""Terms that follow from the incidence ahead."""
INCIDENCE_SLACK = 1.5e-6
TERM_SLACK = 0.5 + 1e-4  # half a thousandth of rounding, and the last digits of the exponential


@dataclass(frozen=True)
class ExitRow:
    """One row of the table; ``number`` counts from 1."""

    number: int
    region: str
    year: int
    announced_year: int
    incidence: float | None
    cost: float
    terms: Mapping[str, int]

    @property
    def whole(self) -> int:
        """The cost in thousandths, as its terms say."""
        return sum(self.terms.values())


@dataclass(frozen=True)
class Rows:
    """All k rows as stored.

    Attributes
    ----------
    region : list of str
    year, announced_year : ndarray
        (k,) int64.
    incidence, cost : ndarray
        (k,) float64; NaN where nothing stands.
    different : list of mapping
        The different cells of terms.
    terms : ndarray
        (k,) int64: which one each row has.
    """

    region: list[str]
    year: np.ndarray
    announced_year: np.ndarray
    incidence: np.ndarray
    cost: np.ndarray
    different: list[Mapping[str, int]]
    terms: np.ndarray

    def __len__(self) -> int:
        return len(self.region)

    def one(self, i: int) -> ExitRow:
        """A row by its place, from 0."""
        incidence = None if np.isnan(self.incidence[i]) else float(self.incidence[i])
        return ExitRow(i + 1, self.region[i], int(self.year[i]), int(self.announced_year[i]), incidence,
                       float(self.cost[i]), self.different[self.terms[i]])  # fmt: skip

    def told(self, term: str) -> np.ndarray:
        """(k,) int64 thousandths that each row tells for a term."""
        found = np.array([terms.get(term, 0) for terms in self.different], dtype=np.int64)
        return np.asarray(found[self.terms])

    def whole(self) -> np.ndarray:
        """(k,) int64 thousandths: the cost of each row, as its terms say."""
        found = np.array([sum(terms.values()) for terms in self.different], dtype=np.int64)
        return np.asarray(found[self.terms])


def read_rows(tables: Tables) -> Rows:
    """All rows as stored."""
    frame = tables["exits"].with_columns(pl.col("announced_year").fill_null(0))
    texts, terms = distinct(frame["terms"])
    year, announced, incidence, cost = (
        frame[c].to_numpy() for c in ("year", "announced_year", "incidence", "cost")
    )
    different = [json.loads(t or "{}") for t in texts]
    return Rows(frame["region"].to_list(), year, announced, incidence, cost, different, terms)


def broken(
    rule: str, row: ExitRow | None, column: str | None, zh: str, en: str, rests: tuple[str, ...] = ()
) -> Broken:
    """One finding in the table `exits`; ``rests`` as in :class:`Broken`."""
    return Broken(rule, "exits", None if row is None else row.number, column, Text(zh, en), rests)


def check_rows(book: Book, rows: Rows) -> list[Broken]:
    """Every row for itself."""
    found: list[Broken] = []
    listed, first = set(book.listed), dict[str, int]()
    for i, region in enumerate(rows.region):
        first.setdefault(region, i)
    for i in np.flatnonzero(_suspects(book, rows, first)).tolist():
        row = rows.one(i)
        if first[row.region] != i:
            found.append(broken("key", row, "region", f"{row.region} 出现两次", f"{row.region} stands twice"))
        if row.region in book.exited:
            found += _past(book, row)
        elif row.region in listed or row.region in book.villages.at:
            found += _ahead(book, row, row.region in listed)
        else:
            found.append(
                broken(
                    "counties_tag",
                    row,
                    "region",
                    f"{row.region} 不在退出之列",
                    f"{row.region} is not to exit",
                )
            )
        right = book.announced(row.year)
        if row.announced_year != right:
            found.append(broken("steps", row, "announced_year", f"应为 {right}", f"should be {right}"))
    missing = [c for c in book.exited if c not in first]
    found += [
        broken("history", None, "region", f"缺少已退出的 {c}", f"{c}, which has exited, is missing")
        for c in missing
    ]
    return found


def _suspects(book: Book, rows: Rows, first: Mapping[str, int]) -> np.ndarray:
    """(k,) bool: every row but those of villages with which nothing is wrong."""
    special = {*book.exited, *book.listed}
    village = np.array(
        [-1 if r in special else book.villages.at.get(r, -1) for r in rows.region], dtype=np.int64
    )
    t = rows.year - book.years[0]
    plain = (village >= 0) & (t >= 0) & (t < len(book.years))
    plain &= np.array([first[r] for r in rows.region], dtype=np.int64) == np.arange(len(rows))
    announced = {y: book.announced(y) for y in np.unique(rows.year).tolist()}
    plain &= rows.announced_year == np.array([announced[y] for y in rows.year.tolist()], dtype=np.int64)
    here = np.flatnonzero(plain)
    incidence = book.villages.ahead[village[here], t[here]]
    plain[here] &= np.abs(rows.incidence[here] - incidence) <= INCIDENCE_SLACK  # not where nothing stands
    kept = kept_numbers(book)[village[here]]
    terms = village_terms(book, t[here], book.villages.ready[village[here]], kept)
    for name in {*terms, *(name for told in rows.different for name in told)}:
        off = np.abs(rows.told(name)[here] - terms.get(name, 0.0) * SCALE)
        plain[here] &= off <= TERM_SLACK
    return np.asarray(~plain | (rows.cost != rows.whole() / SCALE))


def _past(book: Book, row: ExitRow) -> list[Broken]:
    """A county that had exited: its recorded year, no cost."""
    right, found = book.exited[row.region], []
    if row.year != right:
        found.append(broken("history", row, "year", f"已于 {right} 年退出", f"it exited in {right}"))
    return found + _compare(row, micro(book.start[row.region][0]), {})


def _ahead(book: Book, row: ExitRow, county: bool) -> list[Broken]:
    if row.year not in book.years:
        first, last = book.years[0], book.years[-1]
        return [broken("deadline", row, "year", f"应在 {first}–{last} 年", f"must be within {first}–{last}")]
    t = row.year - book.years[0]
    if county:
        return _compare(row, book.ahead[row.region][t], county_terms(book, row.region, t), book.by_funds)
    number = book.villages.at[row.region]
    terms = village_terms(book, np.int64(t), book.villages.ready[number], kept_numbers(book)[number])
    return _compare(row, float(book.villages.ahead[number, t]), terms, book.by_funds)


def kept_numbers(book: Book) -> np.ndarray:
    """(villages,) int64 number of the published year of each village still to exit; −1 where it has none to be kept."""
    years = [book.keepable.get(name, 0) - book.years[0] for name in book.villages.names]
    return np.maximum(np.array(years, dtype=np.int64), -1)


def village_terms(
    book: Book, t: np.ndarray | np.int64, ready: np.ndarray | np.int64, kept: np.ndarray | np.int64
) -> dict[str, Any]:
    """Terms in points of villages' exits in the years numbered ``t``, where ``ready`` is the first under the line.

    ``kept``: number of the published year; −1 where there is none.
    """
    return {
        "published": price(book.resolved, NAME) / SCALE * ((kept >= 0) & (t != kept)),
        "village_late": book.number("village_late_weight") * np.maximum(0, t - ready),
        "village_early": book.number("village_early_weight") * np.maximum(0, ready - t),
    }


def county_terms(book: Book, county: str, t: int) -> dict[str, float]:
    """Terms in points of a county's exit in the year numbered ``t``."""
    room, year = book.line(county) - book.ahead[county][t], book.years[t]
    results = 0.0
    for rule, measure, sign in GATES:
        recorded, limit = book.facts[measure].get(county), book.value(rule)
        if recorded is not None and limit is not None:
            results += _closeness(sign * (recorded - float(limit)), float(book.value("results_margin")))
    return {
        "risk": book.number("risk_weight") * _closeness(room, float(book.value("risk_margin"))),
        "results": book.number("results_weight") * results * 0.5**t,
        "late": book.number("late_weight") * max(0, t - book.ready(county)),
        "early": book.number("early_weight") * (book.under(county, book.deep)) * (len(book.years) - 1 - t),
        "published": price(book.resolved, NAME) / SCALE * (book.keepable.get(county, year) != year),
    }


def _closeness(room: float, margin: float) -> float:
    if margin <= 0:
        return 0.0 if room > 0 else 1.0
    return max(0.0, 1.0 - room / margin)


def _compare(
    row: ExitRow, incidence: float, terms: Mapping[str, float], rests: tuple[str, ...] = ()
) -> list[Broken]:
    """``rests``: the stages whose decisions the incidence follows."""
    found = []
    if row.incidence is None or abs(row.incidence - incidence) > INCIDENCE_SLACK:
        found.append(
            broken(
                "incidence", row, "incidence", f"应为 {incidence:.6f}", f"should be {incidence:.6f}", rests
            )
        )
    for name in sorted({*terms, *row.terms}):
        right, told = terms.get(name, 0.0) * SCALE, row.terms.get(name, 0)
        if abs(told - right) > TERM_SLACK:
            found.append(
                broken(
                    "terms",
                    row,
                    "terms",
                    f"{name} 应为 {right / SCALE:.3f}",
                    f"{name} should be {right / SCALE:.3f}",
                    rests if name in OF_INCIDENCE else (),
                )
            )
    if row.cost != row.whole / SCALE:
        found.append(
            broken("terms", row, "cost", "成本不等于各项之和", "the cost is not the sum of its terms")
        )
    return found
