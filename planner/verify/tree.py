"""Places as numbers with their paths to the top, for checks that work on whole columns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from graph.network import Network
from planner.verify.codes import Codes, distinct

EARTH_RADIUS_KM = 6371.0088


class Tree:
    """All regions, all units and further names, numbered; a name without a region stands alone.

    −1 stands for no place: it lies nowhere, and the last row of every array is its row.

    Parameters
    ----------
    network : Network
    further : iterable of Series of str
        More names that need a number.

    Attributes
    ----------
    names : list of str
        Name of each number; regions come first, in table order.
    regions : int
        How many of them are regions.
    paths : ndarray
        (n, depth) int64: the place itself, then the places above it, the nearest first; −1 beyond the top.
    rank : ndarray
        (n,) int64: number of the place's level, 0 the widest; beyond the last where it has none.
    home : ndarray
        (n,) int64: where a unit has its home.
    point : ndarray
        (n, 2) longitude and latitude: a place's own, its nearest ancestor's, a unit's home's; NaN where unknown.
    """

    def __init__(self, network: Network, further: Iterable[pl.Series] = ()) -> None:
        regions = pl.Series(list(network.parents), dtype=pl.String)
        above = pl.Series(list(network.parents.values()), dtype=pl.String)
        units = network.frame("units")
        parts = [regions, above, units["id"], units["home_region"], *(f.unique() for f in further)]
        names = pl.concat([p.rename("name") for p in parts]).drop_nulls().unique(maintain_order=True)
        self.codes, self.names, self.regions = Codes(names), [*names.to_list(), ""], len(regions)
        self.levels = {level: i for i, level in enumerate(network.settings.levels)}
        self.rank = self._filled(len(self.levels))
        stated, level = distinct(pl.Series(list(network.level_of.values()), dtype=pl.String))
        ranks = [self.levels.get(v, len(self.levels)) for v in stated]
        self.rank[: self.regions] = np.array(ranks, dtype=np.int64)[level]
        self.home, unit = self._filled(-1), self.codes.of(units["id"])
        self.home[unit] = self.codes.of(units["home_region"])
        self.paths = self._paths(self.codes.of(above))
        self.point = self._points(network.frame("regions"), unit)
        self._radians = np.radians(self.point)
        self._cosine = np.cos(self._radians[:, 1])

    def __len__(self) -> int:
        return len(self.names)

    def _filled(self, value: int) -> np.ndarray:
        return np.full(len(self), value, dtype=np.int64)

    def _paths(self, parent: np.ndarray) -> np.ndarray:
        up, itself = self._filled(-1), np.arange(len(self))
        up[: self.regions] = parent
        itself[-1] = -1
        columns, here = [itself], up
        while (here >= 0).any():
            for earlier in columns[1:]:  # in a circle nothing stands twice
                here = np.where(earlier == here, -1, here)
            columns.append(here)
            here = up[here]
        return np.stack(columns, axis=1)

    def _points(self, regions: pl.DataFrame, units: np.ndarray) -> np.ndarray:
        own, found = np.full((2, len(self), 2), np.nan)
        known = regions.select("code", "lon", "lat").drop_nulls(["lon", "lat"])
        own[self.codes.of(known["code"])] = known.select("lon", "lat").to_numpy()
        stands = self.paths[:, 0].copy()
        stands[units] = self.home[units]
        waiting = np.ones(len(self), dtype=bool)
        for column in self.paths.T:
            at = column[stands]
            here = waiting & ~np.isnan(own[at, 0])
            found[here] = own[at[here]]
            waiting &= ~here
        return found

    def any_above(self, marked: np.ndarray, places: np.ndarray) -> np.ndarray:
        """(k,) bool: whether each place or one above it is marked; ``marked`` is (n,) bool."""
        found = np.zeros(len(places), dtype=bool)
        for column in self.paths.T:
            at = column[places]
            found |= (at >= 0) & marked[at]
        return found

    def inside(self, places: np.ndarray, around: np.ndarray) -> np.ndarray:
        """(k,) bool: whether each place is the one beside it in ``around`` or lies below it."""
        found = np.zeros(len(places), dtype=bool)
        for column in self.paths.T:
            found |= column[places] == around
        return found & (around >= 0)

    def climb(self, places: np.ndarray, level: str) -> np.ndarray:
        """(k,) each place itself or the nearest above it that stands at a level or higher; the topmost where none does."""
        path = self.paths[places]
        high = (path >= 0) & (self.rank[path] <= self.levels[level])
        at = np.where(high.any(axis=1), high.argmax(axis=1), (path >= 0).sum(axis=1) - 1)
        return np.asarray(path[np.arange(len(places)), at])

    def km(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """(k,) great circle by the haversine formula; NaN where a place has no point."""
        between = (self._radians[a] - self._radians[b]) / 2
        lon, lat = np.sin(between[..., 0]) ** 2, np.sin(between[..., 1]) ** 2
        half = lat + self._cosine[a] * self._cosine[b] * lon
        return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


class Within:
    """Sets of places that belong to numbered owners, to be asked whether a place lies in one of its owner's.

    Parameters
    ----------
    tree : Tree
    owners, places : ndarray
        (k,) int64, one pair each.
    """

    def __init__(self, tree: Tree, owners: np.ndarray, places: np.ndarray) -> None:
        self.tree = tree
        self._keys = np.unique(owners * len(tree) + places)
        self._owners = np.unique(owners)

    def holds(self, owners: np.ndarray, places: np.ndarray) -> np.ndarray:
        """(k,) bool: whether each place, or one above it, belongs to the owner beside it."""
        found = np.zeros(len(places), dtype=bool)
        some = np.flatnonzero(np.isin(owners, self._owners))
        for column in self.tree.paths.T if len(some) else ():
            at = column[places[some]]
            keys = owners[some] * len(self.tree) + at
            place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            found[some] |= (at >= 0) & (self._keys[place] == keys)
        return found
