"""Which rules on who may newly go where forbid at least one pair of cadre and post that all others of them allow."""

from __future__ import annotations

import numpy as np

from planner.verify.cadres.book import Book, Cadre
from planner.verify.cadres.groups import Grid, group_people
from planner.verify.cadres.rules import at_home


def forbidding(book: Book) -> frozenset[str]:
    """Keys of such rules; cadres who are alike are looked at once, and no longer than something is left to find."""
    rules = {key for key in ("posting_area", "role_allowed", "avoid_home_county") if book.value(key)}
    rules |= {key for key in ("skill", "language") if book.value(key) == "require"}
    rules |= {"distance_max_km"} if book.value("distance_max_km") is not None else set()
    grid, found = Grid(book, np.zeros(len(book.posts), np.int64)), set[str]()
    for group in group_people(book):
        if found == rules:
            break
        if group.first.lasting:
            found |= _alone(grid, group.first, rules - found)
    return frozenset(found)


def _alone(grid: Grid, cadre: Cadre, wanted: set[str]) -> set[str]:
    """Rules of ``wanted`` that alone keep a cadre from some post."""
    inside = grid.posts_in_area(cadre)
    found = set[str]()
    if wanted - {"posting_area"}:
        allowed = _allowed(grid, cadre, inside)
        for rule in wanted & set(allowed):
            others = [ok for key, ok in allowed.items() if key != rule]
            barred = ~allowed[rule] & np.logical_and.reduce(others, axis=0, initial=True)
            found |= {rule} if barred.any() else set()
    if "posting_area" in wanted:
        outside = np.setdiff1d(np.arange(len(grid.book.posts)), inside)
        open_else = _allowed(grid, cadre, outside).values()
        may = np.logical_and.reduce([np.ones(len(outside), dtype=bool), *open_else], axis=0)
        found |= {"posting_area"} if may.any() else set()
    return found


def _allowed(grid: Grid, cadre: Cadre, posts: np.ndarray) -> dict[str, np.ndarray]:
    """Rule in force → (k,) bool, whether it lets the cadre newly take each of ``posts``; the area is left out."""
    book = grid.book
    village = grid.village[posts]
    found: dict[str, np.ndarray] = {}
    if book.value("role_allowed"):
        found["role_allowed"] = np.isin(grid.role[posts], sorted(cadre.roles))
    if book.value("skill") == "require":
        asked = grid.skill[posts]
        found["skill"] = (asked == "general") | (asked == (cadre.skill or ""))
    if book.value("language") == "require":
        speaks = np.array([not n or bool(n & cadre.languages) for n in grid.needed], dtype=bool)
        found["language"] = speaks[village]
    if book.value("distance_max_km") is not None:
        found["distance_max_km"] = ~(grid.km(cadre.home, posts) > book.value("distance_max_km"))
    if book.value("avoid_home_county"):
        away = np.array([not at_home(book, cadre, grid.names[i]) for i in village], dtype=bool)
        found["avoid_home_county"] = away
    return found
