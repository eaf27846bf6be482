"""The lower hull of known points: lines (of three aims planes) below which no known point, nor any mix of them, lies.

What is hulled is everything that is at least as large as some mix of the points: their convex hull with all upward directions added. Its
facets have weights that are not below 0. All figures are whole and exact, as sums of money have more digits than floats keep.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd, prod

Vector = tuple[int, ...]


@dataclass(frozen=True, order=True)
class Facet:
    """All points have a weighted sum of ``level`` or more, and some, that span the facet, come to it.

    Parameters
    ----------
    weights : tuple of int
        One per aim, none below 0, without a common factor; 0 where the facet goes on for ever in that aim.
    level : int
        The sum.
    """

    weights: Vector
    level: int


class Hull:
    """Points and the facets of their lower hull, for two aims or three."""

    def __init__(self, points: Iterable[Vector]) -> None:
        self.points: list[Vector] = []
        self.facets: set[Facet] = set()
        for point in points:
            self.add(point)

    def add(self, point: Vector) -> None:
        """One more point; facets that it lies below give way to those between it and their ends."""
        if point in self.points:
            return
        gone = [f for f in self.facets if weighed(point, f.weights) < f.level]
        ends = sorted({p for f in gone for p in self.on(f)})
        rays = sorted({j for f in gone for j, w in enumerate(f.weights) if w == 0})
        if not self.points:
            rays = list(range(len(point)))
        self.points.append(point)
        self.facets.difference_update(gone)
        away = [tuple(e - p for e, p in zip(end, point, strict=True)) for end in ends]
        away += [tuple(int(i == j) for i in range(len(point))) for j in rays]
        for some in itertools.combinations(away, len(point) - 1):
            weights = _across(some)
            if weights is not None and self._lowest(weights) == weighed(point, weights):
                self.facets.add(Facet(weights, weighed(point, weights)))

    def on(self, facet: Facet) -> list[Vector]:
        """Known points on a facet, sorted."""
        return sorted(p for p in self.points if weighed(p, facet.weights) == facet.level)

    def room(self, facet: Facet) -> int:
        """The size of the box from the least to the largest values on a facet: the larger, the more may lie below it."""
        ends = self.on(facet)
        spans = []
        for j, weight in enumerate(facet.weights):
            high = max(p[j] for p in (self.points if weight == 0 else ends))
            spans.append(high - min(p[j] for p in ends))
        return prod(spans)

    def _lowest(self, weights: Vector) -> int:
        return min(weighed(p, weights) for p in self.points)


def weighed(values: Sequence[int], weights: Sequence[int]) -> int:
    """The weighted sum."""
    return sum(w * v for w, v in zip(weights, values, strict=True))


def _across(vectors: Sequence[Vector]) -> Vector | None:
    """The direction at right angles to one vector of two numbers, or to two of three; ``None`` where it has numbers of both signs, or is none."""
    if len(vectors) == 1:
        ((a, b),) = vectors
        found: Vector = (b, -a)
    else:
        (a, b, c), (d, e, f) = vectors
        found = (b * f - c * e, c * d - a * f, a * e - b * d)
    if not any(found) or min(found) < 0 < max(found):
        return None
    common = gcd(*found)
    return tuple(abs(v) // common for v in found)
