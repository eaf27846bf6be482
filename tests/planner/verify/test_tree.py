"""Places as numbers against the same questions asked of one place at a time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graph.network import Network
from planner.verify.codes import Codes, distinct, exact_sum, rank_within
from planner.verify.places import Places
from planner.verify.tree import Tree, Within
from tests.planner.tiny import network

LEVELS = ("province", "prefecture", "county", "township", "village")


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Trees with gaps, with parents that are no regions, and with circles, as damaged tables have them."""
    names = [f"r{k}" for k in range(draw(st.integers(0, 8)))]
    parents = st.sampled_from([None, "nowhere", *names])
    degrees = st.one_of(st.none(), st.floats(-80, 80))
    regions: list[dict[str, Any]] = [
        {"code": n, "name": n, "level": draw(st.sampled_from(LEVELS)), "parent": draw(parents), "lon": draw(degrees),
         "lat": draw(degrees)}
        for n in names
    ]  # fmt: skip
    units = [{"id": "u", "name": "u", "home_region": draw(parents)}] if draw(st.booleans()) else []
    return network(regions=regions, units=units)


def places_of(tree: Tree) -> np.ndarray:
    return np.arange(-1, len(tree) - 1)


@given(networks(), st.sampled_from(LEVELS))
def test_paths_levels_and_distances(net: Network, level: str) -> None:
    tree, points = Tree(net, (pl.Series(["v", None]),)), Places(net)
    numbers = places_of(tree)
    for number in numbers[1:].tolist():
        code = tree.names[number]
        path = [tree.names[p] for p in tree.paths[number] if p >= 0]
        assert path == [code, *net.ancestors(code)]
        ranks = [LEVELS.index(net.level_of[p]) if p in net.level_of else len(LEVELS) for p in path]
        wanted = next((p for p, r in zip(path, ranks, strict=True) if r <= LEVELS.index(level)), path[-1])
        assert tree.names[tree.climb(np.array([number]), level)[0]] == wanted
        point = points.point(code)
        assert np.isnan(tree.point[number]).all() if point is None else tuple(tree.point[number]) == point
    a, b = (m.ravel() for m in np.meshgrid(numbers, numbers))
    for i, j, km in zip(a.tolist(), b.tolist(), tree.km(a, b).tolist(), strict=True):
        right = points.distance_km(tree.names[i], tree.names[j]) if min(i, j) >= 0 else None
        assert math.isnan(km) if right is None else math.isclose(km, right, abs_tol=1e-4)


@given(networks(), st.data())
def test_what_lies_where(net: Network, data: st.DataObject) -> None:
    tree = Tree(net)
    numbers = places_of(tree)
    path = {n: set(tree.paths[n].tolist()) - {-1} for n in numbers.tolist()}
    a, b = (m.ravel() for m in np.meshgrid(numbers, numbers))
    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    assert tree.inside(a, b).tolist() == [j in path[i] for i, j in pairs]
    marked = np.array([data.draw(st.booleans()) for _ in range(len(tree))], dtype=bool)
    right = [any(marked[p] for p in path[n]) for n in numbers.tolist()]
    assert tree.any_above(marked, numbers).tolist() == right
    held = [(i, j) for i, j in pairs if min(i, j) >= 0 and data.draw(st.booleans())]
    owners, places = (np.array([h[k] for h in held], dtype=np.int64) for k in (0, 1))
    answers = Within(tree, owners, places).holds(a, b).tolist()
    assert answers == [any((i, p) in held for p in path[j]) for i, j in pairs]


@given(st.lists(st.one_of(st.none(), st.sampled_from("abcd"))), st.lists(st.sampled_from("abcdx")))
def test_names_as_numbers(names: list[str | None], asked: list[str]) -> None:
    codes = Codes(pl.Series(names, dtype=pl.String))
    last = {name: i for i, name in enumerate(names) if name is not None}
    found = codes.of(pl.Series([*asked, None], dtype=pl.String))
    assert found.tolist() == [*(last.get(a, -1) for a in asked), -1]
    values, at = distinct(pl.Series(names, dtype=pl.String))
    assert values == list(dict.fromkeys(names))
    assert [values[i] for i in at] == names


@given(st.lists(st.integers(0, 3)))
def test_rank_within_a_group(groups: list[int]) -> None:
    found = rank_within(np.array(groups, dtype=np.int64)).tolist()
    assert found == [groups[:i].count(g) for i, g in enumerate(groups)]


def test_sums_beyond_64_bits() -> None:
    values = np.array([2**62, 2**62, 2**62, -1], dtype=np.int64)
    assert exact_sum(values) == 3 * 2**62 - 1
    assert exact_sum(values, np.array([1, 5, 0, 2])) == 6 * 2**62 - 2
