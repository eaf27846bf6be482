"""Inspection against a published plan: which of its visits could be made again, which are new, which end."""

from __future__ import annotations

from collections.abc import Iterable

from planner.verify.inspection_book import NAME, Book
from planner.verify.inspection_independence import Independence
from planner.verify.inspection_rules import TABLE, Row, Visit
from planner.verify.outcome import Broken, Resolved, RuleState
from planner.verify.published import Choice, pair_states, published
from planner.verify.score_book import ScoreBook


def states_against(
    book: Book, made: Iterable[tuple[str, Visit]], broken: list[Broken]
) -> tuple[list[RuleState], int]:
    """The three rules, and how many visits are new or ended; ``made``: team and (kind, region)."""
    known, guard = _known(book), Independence(book)
    able = {c for c in known if _may(book, guard, c)}
    chosen: set[Choice] = {(kind, team, region) for team, (kind, region) in made}
    states, ended = pair_states(book.resolved, NAME, chosen, known, able, broken, book.year, TABLE)
    return states, len(chosen - known) + ended if book.resolved.published.get(NAME) else 0


def _known(book: Book) -> set[Choice]:
    """Kind, team and inspected region of the published visits of the planned year that are due."""
    rows = published(book.resolved, NAME, TABLE)
    if rows is None:
        return set()
    found: set[Choice] = set()
    for kind, year, team, county in rows.select("kind", "year", "team", "region").iter_rows():
        above = (county, *book.network.ancestors(county))
        region = next((r for r in above if (kind, r) in book.stops), None)
        if year == book.year and region is not None:
            found.add((kind, team, region))
    return found


def _may(book: Book, guard: Independence, choice: Choice) -> bool:
    """Whether the team may make the visit."""
    kind, name, region = choice
    team = book.teams.get(name)
    if team is None or guard.against(team, region):
        return False
    large = not book.value("team_size") or book.large_enough(team, kind)
    return large and (not book.value("led_by") or book.may_lead(team, kind))


def scored_against(
    resolved: Resolved, book: ScoreBook, rows: list[Row], broken: list[Broken]
) -> list[RuleState]:
    """The three rules under own scores: teams and regions as listed."""
    table, year = published(resolved, NAME, TABLE), planned_year(resolved)
    known: set[Choice] = set()
    if table is not None:
        known = {(t, r) for t, r, y in table.select("team", "region", "year").iter_rows() if y == year}
    able: set[Choice] = set(book.find({(c[0], c[1]) for c in known}))
    chosen: set[Choice] = {(r.team, r.county) for r in rows}
    return pair_states(resolved, NAME, chosen, known, able, broken, year, TABLE)[0]


def planned_year(resolved: Resolved) -> int:
    """As set, else the year after the last assessment, else that of the day of planning."""
    given = resolved.value(NAME, "year")
    assessed = [y for y in resolved.network.frame("assessments")["year"].to_list() if y <= resolved.on.year]
    return int(given) if given is not None else max(assessed) + 1 if assessed else resolved.on.year
