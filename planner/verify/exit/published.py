"""Exit years against a published plan: which of its years could be kept, which are not, which are frozen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from graph.language import Text
from planner.verify.exit.book import NAME, Book
from planner.verify.exit.rows import Rows
from planner.verify.exit.rules import Rules
from planner.verify.outcome import Broken, RuleState
from planner.verify.published import entries, published, rule_states


def keepable_years(book: Book) -> dict[str, int]:
    """County or village still to exit → its published year, where that is planned and no rule closes it."""
    rows = published(book.resolved, NAME, "exits")
    if rows is None:
        return {}
    known = {r: y for r, y in rows.select("region", "year").iter_rows() if y in book.years}
    counties = {c: known[c] for c in book.listed if c in known}
    shut = Rules(book, _as_rows(counties)).closed() if counties else set()
    found = {c: y for c, y in counties.items() if c not in shut}
    early = bool(book.value("village_line"))
    for village, ready in zip(book.villages.names, book.villages.ready.tolist(), strict=True):
        if village in known and not (early and known[village] - book.years[0] < ready):
            found[village] = known[village]
    return found


def _as_rows(years: Mapping[str, int]) -> Rows:
    """Rows of these years that say nothing else."""
    n = len(years)
    year = np.array(list(years.values()), dtype=np.int64)
    return Rows(list(years), year, year, np.full(n, np.nan), np.zeros(n), [{}], np.zeros(n, dtype=np.int64))


def states_against(book: Book, years: Mapping[str, int], broken: list[Broken]) -> list[RuleState]:
    """The three rules; ``years``: county or village → the year that the plan has for it."""
    kept = book.keepable
    changes = sum(years.get(place) != year for place, year in kept.items())
    wrong: dict[str, list[Text]] = {}
    held: dict[str, int] = {}
    for entry in entries(book.resolved, NAME):
        wrong[entry.entry], held[entry.entry] = [], 0
        for place, year in sorted(kept.items()):
            frozen = [y for y in book.years if entry.holds(y, place)]
            now = years.get(place)
            if year in frozen and now == year:
                held[entry.entry] += 1
            elif year in frozen or now in frozen:
                name = book.network.label(place)
                wrong[entry.entry].append(
                    Text(f"{name} 公布为 {year} 年，现为 {now}", f"{name} is published for {year}, now {now}")
                )
    return rule_states(book.resolved, NAME, "exits", changes=changes, frozen=wrong, held=held, broken=broken)
