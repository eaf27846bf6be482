"""Where a cadre may serve: the area around the home or the sender, and the unit's own counties."""

from __future__ import annotations

import numpy as np

from planner.verify.cadres.book import Book
from planner.verify.tree import Within


class Reach:
    """Areas by the rule ``posting_area``, one for each pair of home and unit that cadres have.

    Attributes
    ----------
    home, unit : ndarray
        (p,) int64 places of the pairs.
    of : ndarray
        (n,) int64: pair of each cadre.
    area : ndarray
        (p,) int64: region in which one may serve; −1: everywhere.
    own : list of frozenset of int
        Further places that are open, by pair.
    """

    def __init__(self, book: Book) -> None:
        self.book, people, stride = book, book.people, len(book.places) + 1
        pairs, self.of = np.unique((people.home + 1) * stride + people.unit + 1, return_inverse=True)
        self.home, self.unit = pairs // stride - 1, pairs % stride - 1
        self.area, self.own = np.full(len(pairs), -1, dtype=np.int64), [frozenset[int]()] * len(pairs)
        if book.value("posting_area") is not None:
            self.area = self._areas(book.value("posting_area"))
            self.own = self._owns(book.value("own_county_area"))
        owners = [p for p, own in enumerate(self.own) for _ in own]
        held = [place for own in self.own for place in own]
        self._open = Within(book.places, np.array(owners, np.int64), np.array(held, np.int64))

    def _areas(self, level: str) -> np.ndarray:
        tree = self.book.places
        sender = np.where(tree.home[self.unit] >= 0, tree.home[self.unit], self.unit)
        base = np.where(self.home >= 0, self.home, np.where(sender < tree.regions, sender, -1))
        area = tree.climb(base, level)
        wider = (self.unit < tree.regions) & tree.inside(area, self.unit)
        return np.where(wider, self.unit, area)

    def _owns(self, near: str | None) -> list[frozenset[int]]:
        """The unit's own places; those in the home's region of the level ``near``, if there are any."""
        start = np.where(self.home >= 0, self.home, self.area)
        around = np.full(len(start), -1) if near is None else self.book.places.climb(start, near)
        found = []
        for unit, begin, place in zip(self.unit.tolist(), start.tolist(), around.tolist(), strict=True):
            own = self.book.own.get(unit, frozenset())
            if own and near is not None and begin >= 0:
                each = np.array(sorted(own))
                inside = self.book.places.inside(each, np.full(len(each), place))
                own = frozenset(each[inside].tolist()) or own
            found.append(own)
        return found

    def narrowed(self) -> list[int]:
        """Units some of whose own places are not open to some of their cadres."""
        own, none = self.book.own, frozenset[int]()
        pairs = zip(self.unit.tolist(), self.own, strict=True)
        return sorted({unit for unit, open_ in pairs if open_ != own.get(unit, none)})

    def holds(self, cadre: np.ndarray, post: np.ndarray) -> np.ndarray:
        """(k,) bool: whether each cadre may serve at the post beside it."""
        pair, village = self.of[cadre], self.book.posts.village[post]
        area = self.area[pair]
        inside = (area < 0) | self.book.places.inside(village, area)
        further = np.flatnonzero(~inside)
        inside[further] = self._open.holds(pair[further], village[further])
        return np.asarray(inside)
