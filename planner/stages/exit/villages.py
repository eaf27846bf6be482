"""Villages of the counties, in classes: same county, same first year under the line, same published year if there is one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from graph.network import Network
from planner.stage import Context
from planner.stages.exit.places import Places, tagged, within
from planner.stages.exit.proxy import Proxy
from planner.stages.need import latest_fact


@dataclass(frozen=True)
class Villages:
    """Villages still to exit.

    Parameters
    ----------
    codes : list of str
        Villages still to exit, by county, class, incidence and code.
    place : ndarray
        (v,) int64 row of each village's county in ``Places.codes``.
    incidence : ndarray
        (v, years) float64 expected.
    ready : ndarray
        (v,) int64 number of the first year under the line (``len(years)``: none).
    out : ndarray
        (p,) int64 villages of each place that are out on the day of planning.
    cell : ndarray
        (v,) int64 class of each village, ascending; classes are numbered from 0.
    gone : frozenset of str
        Villages that are out on the day of planning.
    """

    codes: list[str]
    place: np.ndarray
    incidence: np.ndarray
    ready: np.ndarray
    out: np.ndarray
    cell: np.ndarray
    gone: frozenset[str]

    @property
    def cells(self) -> int:
        """How many classes there are."""
        return int(self.cell[-1]) + 1 if len(self.cell) else 0

    @property
    def sizes(self) -> np.ndarray:
        """(cells,) int64 villages of each class."""
        return np.bincount(self.cell, minlength=self.cells)

    @property
    def first(self) -> np.ndarray:
        """(cells,) int64 row of the first village of each class."""
        return np.flatnonzero(np.diff(self.cell, prepend=-1))


def find_villages(
    context: Context,
    places: Places,
    proxy: Proxy,
    alike: Callable[[list[str]], np.ndarray] | None = None,
    only: Collection[str] | None = None,
) -> Villages:
    """Villages by tag. One that is under the line on the day of planning, or has an exit recorded, is out already.

    ``alike``: codes → (k,) int64, not negative; villages of a class have the same. ``only``: of these alone.
    """
    policy, network = context.policy, context.network
    bearing = tagged(context, str(policy["villages_tag"])) if policy["villages"] else set()
    wanted = sorted(bearing if only is None else bearing.intersection(only))
    home = _homes(network, places, wanted)
    codes = [v for v, h in zip(wanted, home, strict=True) if h >= 0]
    place = np.array([h for h in home if h >= 0], dtype=np.int64)
    start = latest_fact(context, "poverty_incidence", codes)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(proxy.start[:, None] > 0, proxy.incidence / proxy.start[:, None], 0.0)
    start = np.where(np.isnan(start), proxy.start[place], start)
    ahead = np.round(start[:, None] * ratio[place], 6)
    line = village_lines(context, codes)[:, None]
    exited = latest_fact(context, "exit_year", codes)
    out = ((start < line[:, 0]) & np.isfinite(line[:, 0])) | (exited <= context.on.year)
    ready = np.where((ahead < line).any(axis=1), (ahead < line).argmax(axis=1), len(places.years))
    gone = np.bincount(place[out], minlength=len(places.codes))
    left = np.flatnonzero(~out)
    mark = alike(codes) if alike else np.zeros(len(codes), dtype=np.int64)
    order = left[np.lexsort((np.array(codes)[left], start[left], mark[left], ready[left], place[left]))]
    key = (place[order] * (len(places.years) + 1) + ready[order]) * (mark.max(initial=0) + 1) + mark[order]
    cell = np.cumsum(np.diff(key, prepend=key[:1]) != 0) if len(order) else np.zeros(0, dtype=np.int64)
    return Villages(
        [codes[i] for i in order],
        place[order],
        ahead[order],
        ready[order],
        gone,
        cell.astype(np.int64),
        frozenset(codes[i] for i in np.flatnonzero(out).tolist()),
    )


def _homes(network: Network, places: Places, villages: list[str]) -> list[int]:
    """Row of the place that each village lies in, −1 where in none; the way up from each parent is gone once."""
    position = {c: i for i, c in enumerate(places.codes)}
    parents = [network.parents.get(v) for v in villages]
    known: dict[str | None, int] = {None: -1}
    for up in set(parents) - {None}:
        known[up] = next((position[a] for a in (up, *network.ancestors(str(up))) if a in position), -1)
    return [known[up] for up in parents]


def village_lines(context: Context, codes: list[str]) -> np.ndarray:
    """(v,) float64: the line of the county, also for its villages; infinite where it is off."""
    west = within(context.network, codes, tagged(context, str(context.policy["west_tag"])))
    lines = [np.inf if context.policy[k] is None else float(context.policy[k]) for k in ("line", "line_west")]
    return np.where(west, lines[1], lines[0])
