"""Check `exit` row by row against the resolved scenario."""

from __future__ import annotations

from planner.verify.exit.book import NAME, Book
from planner.verify.exit.pledges import missing_of
from planner.verify.exit.published import keepable_years, states_against
from planner.verify.exit.rows import SCALE, check_rows, read_rows
from planner.verify.exit.rules import Rules
from planner.verify.outcome import Certificates, Resolved, StageCheck, Tables
from planner.verify.published import price

__all__ = ["beside_rows", "check", "read_rules"]


def check(resolved: Resolved, tables: Tables, certificates: Certificates) -> StageCheck:
    """Every rule of the exits, and the objective from the resolved scenario alone."""
    rules = read_rules(resolved, tables)
    book, rows = rules.book, rules.rows
    found = check_rows(book, rows)
    rules.check()
    against = states_against(book, rules.years(), rules.broken)
    return StageCheck([*found, *rules.broken], [*rules.states, *against], objective(rules))


def read_rules(resolved: Resolved, tables: Tables) -> Rules:
    """The rules of a scenario, and the rows that are held against them; nothing is checked yet."""
    book, rows = Book(resolved, tables), read_rows(tables)
    book.keepable = keepable_years(book)
    return Rules(book, rows)


def objective(rules: Rules) -> int:
    """Thousandths: all rows, what pledges fall short, and who is left out where there is no deadline."""
    return int(rules.rows.whole().sum()) + sum(beside_rows(rules).values())


def beside_rows(rules: Rules) -> dict[str, int]:
    """What the objective counts besides the rows, thousandths.

    ``short``: what pledges fall short; ``late``, ``village_late``: counties and villages left out where there is no deadline;
    ``published``: of these, those that were to exit by the published plan.
    """
    book = rules.book
    found = dict.fromkeys(("short", "late", "village_late", "published"), 0)
    if book.value("pledge_elastic"):
        for rule, weight in (
            ("pledge_counties", "county_short_weight"),
            ("pledge_villages", "village_short_weight"),
        ):
            short = round(book.number(weight) * SCALE)
            found["short"] += sum(
                short * max(0, n) for _, _, n in missing_of(book, rule, rules.counties, rules.villages)
            )
    if book.value("deadline") is None:
        years, each = len(book.years), price(book.resolved, NAME)
        found["published"] = each * sum(place not in rules.at for place in book.keepable)
        for county in book.listed:
            if county not in rules.at:
                found["late"] += round(
                    book.number("late_weight") * max(0, years - book.ready(county)) * SCALE
                )
        for village, ready in zip(book.villages.names, book.villages.ready.tolist(), strict=True):
            if village not in rules.at:
                found["village_late"] += round(
                    book.number("village_late_weight") * max(0, years - ready) * SCALE
                )
    return found
