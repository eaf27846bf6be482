"""Who may go where: classes with the same reach, and the components that nothing ties together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from planner.marks import marks
from planner.solve.mix import mixed
from planner.stage import Context
from planner.stages.cadres.costs import unit_places
from planner.stages.cadres.places import Places
from planner.stages.cadres.posts import Posts
from planner.stages.cadres.union import Union


@dataclass(frozen=True)
class Reach:
    """Reach of each class.

    Parameters
    ----------
    group : ndarray
        (n,) int64 number of the reach; −1 where a class may take no new post.
    slots : list of ndarray
        Slots of each reach, sorted.
    mark : ndarray
        uint64, of each reach; see :mod:`planner.marks`.
    """

    group: np.ndarray
    slots: list[np.ndarray]
    mark: np.ndarray


def read_reach(
    context: Context, places: Places, posts: Posts, table: pl.DataFrame, own: Mapping[str, np.ndarray]
) -> Reach:
    """Reach of the classes in ``table``; without the rule ``posting_area`` everyone may go everywhere."""
    new = table["lasting"].to_numpy()
    everything = np.arange(posts.table.height)
    if not context.policy.on("posting_area"):
        return Reach(np.where(new, 0, -1), [everything], np.zeros(1, np.uint64))
    key, listed = _keys(context, places, table, own)
    distinct, group = np.unique(key[:, new], axis=1, return_inverse=True)
    found = np.full(table.height, -1)
    found[new] = group.ravel()
    paths = places.paths(posts.villages)
    below = _Below(paths, posts)
    slots = []
    for area_row, near_row, one in distinct.T.tolist():
        parts = [below.slots(area_row)]
        if one:
            parts += [below.slots(r) for r in _own_near(places, own[listed[one - 1]], near_row).tolist()]
        slots.append(everything if area_row < 0 else np.unique(np.concatenate(parts)))
    owners = np.append(np.uint64(0), marks(pl.Series(listed, dtype=pl.String)))
    where, around, number = distinct
    return Reach(
        found, slots, mixed(places.marks_of(where), places.marks_of(np.maximum(around, -1)), owners[number])
    )


def within_reach(
    context: Context, places: Places, table: pl.DataFrame, own: Mapping[str, np.ndarray]
) -> tuple[list[np.ndarray | None], np.ndarray]:
    """The places below which all posts of each reach lie (``None``: everywhere), and which reach each row of ``table`` has.

    ``table`` has the columns ``home_region`` and ``unit``.
    """
    key, listed = _keys(context, places, table, own)
    distinct, group = np.unique(key, axis=1, return_inverse=True)
    found: list[np.ndarray | None] = []
    for area, near, one in distinct.T.tolist():
        more = _own_near(places, own[listed[one - 1]], near) if one else np.zeros(0, np.int64)
        found.append(None if area < 0 else np.append(more, area))
    return found, group.ravel()


def _keys(
    context: Context, places: Places, table: pl.DataFrame, own: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, list[str]]:
    """(3, n) int64 what tells reaches apart: area, where own counties are near (−2 without a listed unit), number of the unit; and the listed units."""
    area = _areas(context, places, table)
    units = table["unit"].fill_null("")
    listed = sorted(set(own) & set(units.unique().to_list()))
    numbers = {u: k for k, u in enumerate(listed, start=1)}
    unit = units.replace_strict(numbers, default=0, return_dtype=pl.Int64).to_numpy()
    home = places.row_of(table["home_region"])
    near = _near(context, places, np.where(home >= 0, home, area))
    return np.stack([area, np.where(unit > 0, near, -2), unit]), listed


def _own_near(places: Places, rows: np.ndarray, near: int) -> np.ndarray:
    """Rows of a unit's own counties that lie in the place ``near``; all of them where none does or that is nowhere."""
    inside = rows[places.below(rows, np.array(near))] if near >= 0 else rows
    return inside if inside.size else rows


def _areas(context: Context, places: Places, table: pl.DataFrame) -> np.ndarray:
    """(n,) row of the region in which each class may serve; −1: everywhere."""
    home = places.row_of(table["home_region"])
    sender = places.row_of(table["unit"])
    base = np.where(home >= 0, home, unit_places(context, places, table["unit"]))
    area = places.climb(base, str(context.policy["posting_area"]))
    return np.where((sender >= 0) & places.below(area, sender), sender, area)


def _near(context: Context, places: Places, home: np.ndarray) -> np.ndarray:
    level = context.policy["own_county_area"]
    return np.full(len(home), -1) if level is None else places.climb(home, str(level))


class _Below:
    """Slots below a region, looked up by row."""

    def __init__(self, paths: np.ndarray, posts: Posts) -> None:
        depth, v = paths.shape
        row, village = paths.ravel(), np.tile(np.arange(v), depth)
        order = np.lexsort((village, row))
        self.row, self.village = row[order], village[order]
        self.by_village = np.argsort(posts.village, kind="stable")
        self.first = np.searchsorted(posts.village[self.by_village], np.arange(v + 1))

    def slots(self, row: int) -> np.ndarray:
        if row < 0:
            return np.zeros(0, np.int64)
        low, high = np.searchsorted(self.row, [row, row + 1])
        villages = self.village[low:high]
        first = self.first[villages]
        count = self.first[villages + 1] - first
        before = np.cumsum(count) - count
        return np.asarray(self.by_village[np.repeat(first - before, count) + np.arange(count.sum())])


def components(
    reach: Reach, posts: Posts, ties: list[tuple[np.ndarray, np.ndarray]], n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Connected components of classes and slots.

    Parameters
    ----------
    reach : Reach
    posts : Posts
        Slots of a village are tied: a team is one thing.
    ties : list of pairs of ndarray
        Further ties (class, slot), such as staying; a slot −1 − u stands for the unit u.
    n : int
        Number of classes.

    Returns
    -------
    of_class, of_slot : ndarray
        Component of each, numbered by their first slot; −1 for classes that reach nothing.
    """
    m, v = posts.table.height, len(posts.villages)
    units = 1 + max((int((-1 - slot).max(initial=-1)) for _, slot in ties), default=-1)
    union = Union(v + len(reach.slots) + n + max(units, 0))
    for g, slots in enumerate(reach.slots):
        union.tie(np.full(len(slots), v + g), posts.village[slots])
    moving = np.flatnonzero(reach.group >= 0)
    union.tie(v + len(reach.slots) + moving, v + reach.group[moving])
    for of_class, slot in ties:
        other = np.where(
            slot >= 0, posts.village[np.maximum(slot, 0)], v + len(reach.slots) + n + (-1 - slot)
        )
        union.tie(v + len(reach.slots) + of_class, other)
    root = union.roots()
    villages, numbers = np.unique(root[:v], return_index=True)
    order = np.argsort(numbers)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    number = np.full(len(root), -1)
    number[villages] = rank
    found = number[root]
    return found[v + len(reach.slots) : v + len(reach.slots) + n], found[posts.village] if m else np.zeros(
        0, np.int64
    )
