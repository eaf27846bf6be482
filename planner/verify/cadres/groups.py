"""Free cadres who are alike, posts that are alike, and the posts of an area: what all pairs are looked through by.

A *pair* is a home and a unit: with it go area, distance, the unit's counties and profile. A *trait* is what a cadre is
besides: skill, roles, languages. A *kind* is what a post asks: role, skill, languages of its area.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.verify.cadres.book import Book
from planner.verify.cadres.fit import SCALE, Fit
from planner.verify.cadres.reach import Reach

RULES_OF_TRAITS = ("role_allowed", "skill", "language")


@dataclass(frozen=True)
class Group:
    """Free cadres of one pair who may be newly posted: ``numbers`` of the groups, one for each of their ``traits``."""

    pair: int
    numbers: np.ndarray
    traits: np.ndarray


@dataclass(frozen=True, eq=False)
class Area:
    """Posts of an area, sorted by kind.

    Attributes
    ----------
    posts : ndarray
        (k,) int64.
    villages, at : ndarray
        The places in which they lie, and (k,) the one of each post among them.
    kinds, starts : ndarray
        The kinds of the posts, and where each begins.
    """

    posts: np.ndarray
    villages: np.ndarray
    at: np.ndarray
    kinds: np.ndarray
    starts: np.ndarray


class Groups:
    """Free cadres by pair and trait, posts by kind and area.

    Attributes
    ----------
    free : ndarray
        (f,) int64 cadres who are able to serve and in no term.
    of : ndarray
        (f,) int64: the group of each; −1 where they may not be newly posted.
    count : int
        Number of groups.
    kind : ndarray
        (posts,) int64.
    allowed : dict of str to ndarray
        Rule in force → (kinds, traits) bool: whether it lets them.
    penalty : ndarray
        (kinds, traits) int64: what a skill or a language that is missed costs, thousandths.
    """

    def __init__(self, book: Book, fit: Fit, reach: Reach) -> None:
        self.book, self.fit, self.reach = book, fit, reach
        people, posts = book.people, book.posts
        self.free = np.flatnonzero(people.able & ~people.in_term)
        lasting = np.flatnonzero(people.lasting[self.free])
        who = self.free[lasting]
        skills, roles, languages, trait = _unique(people.skill[who], people.roles[who], people.languages[who])
        self._pair, self._trait, group = _unique(reach.of[who], trait)
        self.count, self.of = len(self._pair), np.full(len(self.free), -1, dtype=np.int64)
        self.of[lasting] = group
        role, skill, spoken, self.kind = _unique(posts.role, posts.skill, fit.spoken[posts.village])
        fits = {
            "role_allowed": fit.may[np.ix_(role, roles)],
            "skill": ~fit.skill_missed[np.ix_(skill, skills)],
            "language": ~fit.language_missed[np.ix_(spoken, languages)],
        }
        self.penalty = np.zeros(fits["skill"].shape, dtype=np.int64)
        for rule in ("skill", "language"):
            if book.value(rule) is not None:
                self.penalty += ~fits[rule] * round(SCALE * book.weight[f"{rule}_weight"])
        strict = {r for r in RULES_OF_TRAITS if book.value(r) in (True, "require")}
        self.allowed = {rule: table for rule, table in fits.items() if rule in strict}
        self._below = _Below(book, reach)
        self._areas: dict[tuple[int, frozenset[int]], Area] = {}

    def __iter__(self) -> Iterator[Group]:
        """Groups, pair by pair."""
        starts = np.flatnonzero(np.diff(self._pair, prepend=-1))  # groups are sorted by pair
        for numbers in np.split(np.arange(self.count), starts[1:]) if self.count else ():
            yield Group(int(self._pair[numbers[0]]), numbers, self._trait[numbers])

    def area(self, pair: int) -> Area:
        """Posts in villages that a pair's posting area holds; the same object where they are the same."""
        around, own = int(self.reach.area[pair]), self.reach.own[pair]
        if (around, own) not in self._areas:
            if around < 0:
                posts = np.arange(len(self.kind))
            else:
                below = [self._below.posts(place) for place in (around, *own)]
                posts = np.unique(np.concatenate(below)) if own else below[0]
            posts = posts[np.argsort(self.kind[posts], kind="stable")]
            starts = np.flatnonzero(np.diff(self.kind[posts], prepend=-1))
            villages, at = np.unique(self.book.posts.village[posts], return_inverse=True)
            self._areas[around, own] = Area(posts, villages, at, self.kind[posts[starts]], starts)
        return self._areas[around, own]

    def km(self, pair: int, villages: np.ndarray) -> np.ndarray:
        """(k,) distance of villages from a pair's home; NaN where it is unknown."""
        return self.book.places.km(self.reach.home[pair], villages)

    def allowed_there(self, pair: int, villages: np.ndarray) -> dict[str, np.ndarray]:
        """Rule in force → (k,) bool: whether distance and home county let people of a pair go to each village."""
        found: dict[str, np.ndarray] = {}
        most = self.book.value("distance_max_km")
        if most is not None:
            found["distance_max_km"] = ~(self.km(pair, villages) > most)
        if self.book.value("avoid_home_county"):
            county = np.full(len(villages), self.fit.home_county[self.reach.home[pair]])
            found["avoid_home_county"] = ~self.book.places.inside(villages, county)
        return found


class _Below:
    """Posts below each region that is an area or open to a unit."""

    def __init__(self, book: Book, reach: Reach) -> None:
        tree, village = book.places, book.posts.village
        asked = np.zeros(len(tree), dtype=bool)
        asked[reach.area] = True
        asked[[place for own in reach.own for place in own] or [-1]] = True
        asked[-1] = False
        above = [column[village] for column in tree.paths.T]
        posts = [np.flatnonzero(asked[column]) for column in above]
        places = np.concatenate([column[p] for column, p in zip(above, posts, strict=True)])
        order = np.argsort(places, kind="stable")
        self._posts, self._places = np.concatenate(posts)[order], places[order]

    def posts(self, place: int) -> np.ndarray:
        """(k,) posts of villages that are this place or lie below it."""
        first, last = np.searchsorted(self._places, [place, place + 1])
        return self._posts[first:last]


def _unique(*columns: np.ndarray) -> list[np.ndarray]:
    """Different rows of some columns of numbers, sorted, column by column; then the place of each row among them."""
    key, spans = np.zeros(len(columns[0]), dtype=np.int64), []
    for column in columns:
        spans.append(int(column.max(initial=0)) + 1)
        key = key * spans[-1] + column
    found, at = np.unique(key, return_inverse=True)
    parts = []
    for span in reversed(spans):
        parts.append(found % span)
        found = found // span
    return [*reversed(parts), at]
