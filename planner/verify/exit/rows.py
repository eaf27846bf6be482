"""Rows of `exits` one by one: who stands there, its year, incidence, terms and cost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from graph.language import Text
from planner.verify.exit.book import Book, micro
from planner.verify.outcome import Broken, Tables

SCALE = 1000
GATES = (
    ("wrongly_exited_max", "wrongly_exited", -1),
    ("missed_max", "missed", -1),
    ("approval_min", "approval", 1),
)
"""Rule, measure, and whether more room lies above (1) or below (−1) the limit."""

OF_INCIDENCE = ("risk", "late", "village_late", "village_early")
"""Terms that follow from the incidence ahead."""


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


def read_rows(tables: Tables) -> list[ExitRow]:
    """All rows as stored."""
    columns = ("region", "year", "announced_year", "incidence", "cost", "terms")
    rows = tables["exits"].select(columns).iter_rows()
    return [ExitRow(n, r, y, a, i, c, json.loads(t or "{}")) for n, (r, y, a, i, c, t) in enumerate(rows, 1)]


def broken(
    rule: str, row: ExitRow | None, column: str | None, zh: str, en: str, rests: tuple[str, ...] = ()
) -> Broken:
    """One finding in the table `exits`; ``rests`` as in :class:`Broken`."""
    return Broken(rule, "exits", None if row is None else row.number, column, Text(zh, en), rests)


def check_rows(book: Book, rows: list[ExitRow]) -> list[Broken]:
    """Every row for itself."""
    found: list[Broken] = []
    seen: set[str] = set()
    listed = set(book.listed)
    for row in rows:
        if row.region in seen:
            found.append(broken("key", row, "region", f"{row.region} 出现两次", f"{row.region} stands twice"))
        seen.add(row.region)
        if row.region in book.exited:
            found += _past(book, row)
        elif row.region in listed or row.region in book.villages:
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
        if row.announced_year != book.announced(row.year):
            right = book.announced(row.year)
            found.append(broken("steps", row, "announced_year", f"应为 {right}", f"should be {right}"))
    missing = [c for c in book.exited if c not in seen]
    found += [
        broken("history", None, "region", f"缺少已退出的 {c}", f"{c}, which has exited, is missing")
        for c in missing
    ]
    return found


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
    _, ahead, ready = book.villages[row.region]
    terms = {
        "village_late": book.number("village_late_weight") * max(0, t - ready),
        "village_early": book.number("village_early_weight") * max(0, ready - t),
    }
    return _compare(row, ahead[t], terms, book.by_funds)


def county_terms(book: Book, county: str, t: int) -> dict[str, float]:
    """Terms in points of a county's exit in the year numbered ``t``."""
    room = book.line(county) - book.ahead[county][t]
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
    if row.incidence is None or abs(row.incidence - incidence) > 1.5e-6:
        found.append(
            broken(
                "incidence", row, "incidence", f"应为 {incidence:.6f}", f"should be {incidence:.6f}", rests
            )
        )
    for name in sorted({*terms, *row.terms}):
        right, told = terms.get(name, 0.0) * SCALE, row.terms.get(name, 0)
        if (
            abs(told - right) > 0.5 + 1e-4
        ):  # half a thousandth of rounding, and the last digits of the exponential
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
