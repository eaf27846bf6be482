"""Which rules on who may newly go where forbid at least one pair of cadre and post that all others of them allow."""

from __future__ import annotations

import numpy as np

from planner.verify.cadres.book import Book
from planner.verify.cadres.groups import Group, Groups


def forbidding(book: Book, groups: Groups) -> frozenset[str]:
    """Keys of such rules; cadres who are alike are looked at once, and no longer than something is left to find."""
    rules = {*groups.allowed}
    rules |= {key for key in ("posting_area", "avoid_home_county") if book.value(key)}
    rules |= {"distance_max_km"} if book.value("distance_max_km") is not None else set()
    found = set[str]()
    for group in groups:
        if found == rules:
            break
        found |= _alone(groups, group, rules - found)
    return frozenset(found)


def _alone(groups: Groups, group: Group, wanted: set[str]) -> set[str]:
    """Rules of ``wanted`` that alone keep somebody of a pair from some post."""
    inside, found = groups.area(group.pair).posts, set[str]()
    by_trait = {rule: table[:, group.traits] for rule, table in groups.allowed.items()}
    shape = (len(groups.penalty), len(group.traits))
    if wanted - {"posting_area"}:
        by_place = _by_place(groups, group, inside)
        for rule in wanted & {*by_trait, *by_place}:
            places, people = _all(by_place, rule, len(inside)), _all(by_trait, rule, shape)
            if rule in by_place:
                places &= ~by_place[rule]
            else:
                people &= ~by_trait[rule]
            found |= {rule} if people[groups.kind[inside[places]]].any() else set()
    if "posting_area" in wanted:
        elsewhere = np.ones(len(groups.kind), dtype=bool)
        elsewhere[inside] = False
        outside = np.flatnonzero(elsewhere)
        places, people = _all(_by_place(groups, group, outside), "", len(outside)), _all(by_trait, "", shape)
        found |= {"posting_area"} if people[groups.kind[outside[places]]].any() else set()
    return found


def _by_place(groups: Groups, group: Group, posts: np.ndarray) -> dict[str, np.ndarray]:
    """Rule in force → (k,) bool: whether distance and home county let these people take each post."""
    return groups.allowed_there(group.pair, groups.book.posts.village[posts])


def _all(allowed: dict[str, np.ndarray], but: str, shape: int | tuple[int, ...]) -> np.ndarray:
    """What all rules but one allow."""
    others = [table for rule, table in allowed.items() if rule != but]
    return np.asarray(np.logical_and.reduce([np.ones(shape, dtype=bool), *others]))
