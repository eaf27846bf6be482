"""Pledges against what the plan and the register's expected flow reach."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from planner.verify.exit.book import Book
from planner.verify.exit.rows import ExitRow
from planner.verify.exit.villages import VillageRows


def is_off(book: Book, rule: str) -> bool:
    """Whether a rule is off or false; a limit of 0 is in force."""
    value = book.value(rule)
    return value is None or value is False


def pledges_of(book: Book, rule: str) -> list[tuple[str, int, int, int]]:
    """(region, first year, last year, at least) of one measure's pledges; none where the rule is off."""
    if is_off(book, rule) or (rule == "pledge_villages" and not book.value("villages")):
        return []
    found: list[tuple[str, int, int, int]] = []
    so_far: Counter[str] = Counter()
    measure, tolerance = rule.removeprefix("pledge_"), float(book.value("pledge_tolerance"))
    for region, year, what, amount in book.pledged:
        if what != measure:
            continue
        so_far[region] += amount
        first, total = (book.years[0], so_far[region]) if book.value("pledge_cumulative") else (year, amount)
        scaled = total * float(book.value("village_sample")) if measure == "villages" else total
        found.append((region, first, year, math.ceil(scaled * (1 - tolerance) - 1e-9)))
    return found


def reached(
    book: Book, rule: str, counties: Sequence[ExitRow], villages: VillageRows
) -> Mapping[tuple[str, int], float]:
    """(region, year) → persons who leave the register, or villages or counties that exit, there."""
    found: dict[tuple[str, int], float] = defaultdict(float)
    if rule == "pledge_persons":
        for place, flow in book.lifted.items():
            for above in (place, *book.above(place)):
                for year, persons in zip(book.years, flow, strict=True):
                    found[above, year] += persons
        return found
    if rule == "pledge_villages":
        return villages.per_place
    for row in counties:
        for above in (row.region, *book.above(row.region)):
            found[above, row.year] += 1
    return found


def missing_of(
    book: Book, rule: str, counties: Sequence[ExitRow], villages: VillageRows
) -> list[tuple[str, int, int]]:
    """(region, last year, how much the pledge falls short; 0 or below: kept) of one measure's pledges."""
    there = reached(book, rule, counties, villages)
    known = {a for p in book.places for a in (p, *book.above(p))}
    return [
        (
            region,
            last,
            math.ceil(least - sum(there.get((region, y), 0.0) for y in range(first, last + 1)) - 1e-6),
        )
        for region, first, last, least in pledges_of(book, rule)
        if rule != "pledge_persons" or region in known
    ]
