"""The lower hull of points: by hand, and against every line or plane through some of them."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planner.pareto.hull import Facet, Hull, Vector, weighed

Points = list[Vector]


def test_by_hand_for_two_aims() -> None:
    """(2, 2) lies above the line from (0, 3) to (4, 0), (1, 1) below it."""
    hull = Hull([(0, 3), (4, 0)])
    assert hull.facets == {Facet((1, 0), 0), Facet((0, 1), 0), Facet((3, 4), 12)}
    hull.add((2, 2))
    assert len(hull.facets) == 3
    hull.add((1, 1))
    assert hull.facets == {Facet((1, 0), 0), Facet((2, 1), 3), Facet((1, 3), 4), Facet((0, 1), 0)}
    assert hull.room(Facet((2, 1), 3)) == 2
    assert hull.on(Facet((1, 3), 4)) == [(1, 1), (4, 0)]


def test_by_hand_for_three_aims() -> None:
    """Each of three points is the only one that is good in one aim: a triangle, three walls that go on for ever, three ends."""
    hull = Hull([(0, 1, 1), (1, 0, 1), (1, 1, 0)])
    assert hull.facets == {
        Facet((1, 1, 1), 2),
        Facet((1, 1, 0), 1), Facet((1, 0, 1), 1), Facet((0, 1, 1), 1),
        Facet((1, 0, 0), 0), Facet((0, 1, 0), 0), Facet((0, 0, 1), 0),
    }  # fmt: skip
    assert hull.room(Facet((1, 1, 1), 2)) == 1
    assert len(hull.on(Facet((1, 1, 0), 1))) == 2


def by_all(points: Points) -> set[Facet]:
    """Every line or plane through some of the points and of the directions, that nothing lies below."""
    k, found = len(points[0]), set()
    rays = [tuple(int(i == j) for i in range(k)) for j in range(k)]
    for base in points:
        away = [tuple(int(a - b) for a, b in zip(p, base, strict=True)) for p in points if p != base] + rays
        for some in itertools.combinations(away, k - 1):
            signed = [round(float(np.linalg.det(np.array([*some, r], dtype=float)))) for r in rays]
            if not any(signed) or min(signed) < 0 < max(signed):
                continue
            common = int(np.gcd.reduce(signed))
            weights = tuple(abs(v) // common for v in signed)
            level = weighed(base, weights)
            if all(weighed(p, weights) >= level for p in points):
                found.add(Facet(weights, level))
    return found


def drawn(k: int) -> st.SearchStrategy[Points]:
    return st.lists(st.tuples(*[st.integers(0, 6)] * k), min_size=1, max_size=8)


@given(drawn(2))
def test_two_aims_against_all_lines(points: Points) -> None:
    assert Hull(points).facets == by_all(points)


@given(drawn(3))
def test_three_aims_against_all_planes(points: Points) -> None:
    assert Hull(points).facets == by_all(points)
