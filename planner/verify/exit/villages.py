"""Rows of villages that exit in a planned year, as columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.verify.exit.book import Book
from planner.verify.exit.rows import Rows


@dataclass(frozen=True)
class VillageRows:
    """The k rows of villages still to exit whose year is planned.

    Attributes
    ----------
    at : ndarray
        (k,) int64 places of these rows in the table, from 0.
    number : ndarray
        (rows,) int64 number of each row's village; −1 where it is none.
    """

    book: Book
    rows: Rows
    at: np.ndarray
    number: np.ndarray

    @cached_property
    def t(self) -> np.ndarray:
        """(k,) int64 number of the year."""
        return np.asarray(self.rows.year[self.at] - self.book.years[0])

    @cached_property
    def ready(self) -> np.ndarray:
        """(k,) int64 number of the village's first year under the line."""
        return np.asarray(self.book.villages.ready[self.number[self.at]])

    def names(self, some: np.ndarray) -> list[str]:
        """Villages of some of the rows, given as (k,) bool, in the order of the table."""
        return [self.rows.region[i] for i in self.at[some].tolist()]

    def years(self) -> dict[str, int]:
        """Village → year."""
        return {self.rows.region[i]: int(self.rows.year[i]) for i in self.at.tolist()}

    def years_by_county(self) -> dict[str, list[int]]:
        """County → years in which its villages exit."""
        villages, found = self.book.villages, dict[str, list[int]]()
        homes = villages.home[self.number[self.at]].tolist()
        for home, year in zip(homes, self.rows.year[self.at].tolist(), strict=True):
            found.setdefault(villages.homes[home], []).append(year)
        return found

    @cached_property
    def per_place(self) -> Counter[tuple[str, int]]:
        """(place, year) → villages that exit there, for every place that holds some and for each of them."""
        names = [self.rows.region[i] for i in self.at.tolist()]
        years = self.rows.year[self.at].tolist()
        found = Counter(zip(names, years, strict=True))
        below = Counter((self.book.network.parents.get(v), y) for v, y in zip(names, years, strict=True))
        for (parent, year), n in below.items():
            for place in {} if parent is None else dict.fromkeys((parent, *self.book.above(parent))):
                found[place, year] += n
        return found
