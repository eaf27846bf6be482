"""What people do without an optimiser: each county fills its villages in the order of the list, nearest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from planner.stages.cadres.build import Model
from planner.stages.cadres.hand_out import Flows


def nearest_first(model: Model) -> Flows:
    """Who is in place stays; then village by village the nearest allowed cadres, up to the targets.

    Among equally near ones their homes decide, and at home the classes, in their order.
    Leaders come before members; a village that would get no team keeps nobody new.
    """
    greedy = _Greedy(model)
    order = np.argsort(model.posts.village, kind="stable")
    starts = np.searchsorted(model.posts.village[order], np.arange(len(model.posts.villages) + 1))
    in_list = np.full(len(model.posts.villages), len(order))
    np.minimum.at(in_list, model.posts.village, np.arange(len(order)))
    for v in np.argsort(in_list, kind="stable").tolist():
        greedy.fill(v, order[starts[v] : starts[v + 1]].tolist())
    return greedy.flows()


class _Greedy:
    """Supply that is left, and what has been sent so far; plain lists, since it goes village by village."""

    def __init__(self, model: Model) -> None:
        self.model, posts, crowd = model, model.posts, model.crowd
        self.left, self.unit = crowd.supply.tolist(), crowd.unit.tolist()
        self.unit_left = crowd.unit_cap.tolist()
        fixed = np.bincount(model.people.post[model.people.fixed], minlength=posts.table.height)
        self.room = (posts.target - fixed).tolist()
        self.there = np.bincount(posts.village, fixed, len(posts.villages)).astype(np.int64).tolist()
        led = np.bincount(posts.village, posts.leads * fixed, len(posts.villages)) > 0
        self.led = (led | (not model.costs.policy.on("team_led"))).tolist()
        self.leads, self.wanted = posts.leads.tolist(), posts.wanted.tolist()
        self.in_place: dict[int, list[tuple[int, int]]] = {}
        self.held = [0] * len(self.left)  # in place somewhere: not yet free
        for c, slot, count in zip(*(a[crowd.in_place].tolist() for a in crowd.stays[:3]), strict=True):
            self.in_place.setdefault(slot, []).append((c, count))
            self.held[c] += count
        self.pools = _Pools(model)
        self.sent: list[tuple[int, int, int, bool]] = []

    def fill(self, village: int, slots: list[int]) -> None:
        """Send people to the slots of a village, leaders' slots first; nobody where they would be no team."""
        team: list[tuple[int, int, int, bool]] = []
        self.pools.moved.clear()
        taken, led = 0, self.led[village]
        for slot in sorted(slots, key=lambda s: not self.leads[s]):
            stay = self.in_place.get(slot, ())
            for c, count in stay:
                self.held[c] -= count
            if self.wanted[village] and not led and not self.leads[slot]:
                continue
            room = self.room[slot]
            for c, count in stay:
                got = self._send(team, c, slot, min(count, room), True)
                room -= got
            if room > 0:
                for c in self.pools.nearest(village, slot, self.left):
                    room -= self._send(team, c, slot, min(self.left[c] - self.held[c], room), False)
                    if room <= 0:
                        break
            got = self.room[slot] - room
            taken += got
            led |= self.leads[slot] and got > 0
        if taken and self.there[village] + taken < self.wanted[village]:
            for c, _, count, _ in team:
                self._book(c, -count)
            self.pools.came_back()
        else:
            self.sent += team

    def _send(
        self, team: list[tuple[int, int, int, bool]], c: int, slot: int, count: int, stays: bool
    ) -> int:
        """Send ``count`` of a class, or as many as its unit releases; how many."""
        if (unit := self.unit[c]) >= 0:
            count = min(count, self.unit_left[unit])
        if count <= 0:
            return 0
        self._book(c, count)
        team.append((c, slot, count, stays))
        return count

    def _book(self, c: int, count: int) -> None:
        self.left[c] -= count
        if (unit := self.unit[c]) >= 0:
            self.unit_left[unit] -= count

    def flows(self) -> Flows:
        rows = np.array(self.sent, dtype=np.int64).reshape(-1, 4)
        return Flows(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3].astype(np.bool_))


@dataclass
class _Pool:
    """Classes that may serve in some villages: their homes by distance from each village, and who lives there.

    ``order``: homes of each village, nearest first; ``open``: how many of them a new posting is allowed from.
    ``at_home``: classes of each home. ``able``: home and wish → classes who may take it, and how many at the front of them are used up.
    """

    row: dict[int, int]
    order: np.ndarray
    open: np.ndarray
    at_home: list[list[int]]
    able: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    used: dict[tuple[int, int], int] = field(default_factory=dict)


class _Pools:
    """The pool of each village, by the groups that reach it."""

    def __init__(self, model: Model) -> None:
        self.model, reach, posts = model, model.reach, model.posts
        self.members = [np.flatnonzero(reach.group == g) for g in range(len(reach.slots))]
        pairs = [np.unique(posts.village[slots]) for slots in reach.slots]
        village = np.concatenate([np.zeros(0, np.int64), *pairs])
        group = np.repeat(np.arange(len(pairs)), [len(p) for p in pairs])
        order = np.argsort(village, kind="stable")
        parts = np.split(group[order], np.searchsorted(village[order], np.arange(1, len(posts.villages))))
        number: dict[bytes, int] = {}
        self.pool_of = [number.setdefault(p.tobytes(), len(number)) for p in parts]
        self.groups: list[np.ndarray] = []
        self.villages: list[list[int]] = [[] for _ in number]
        for v, k in enumerate(self.pool_of):
            if k == len(self.groups):
                self.groups.append(parts[v])
            self.villages[k].append(v)
        self.pools: dict[int, _Pool] = {}
        self.moved: list[
            tuple[_Pool, tuple[int, int], int]
        ] = []  # since the village was begun: what was used up before
        may, wish = model.costs.may()
        self.may, self.wish = may.tolist(), wish.tolist()
        self.ability = model.costs.traits.ability.tolist()

    def nearest(self, village: int, slot: int, left: list[int]) -> Iterator[int]:
        """Classes with people left who may be newly posted to the slot, nearest first."""
        pool, wish = self._pool(village), self.wish[slot]
        row = pool.row[village]
        for home in pool.order[row, : pool.open[row]].tolist():
            key = home, wish
            able = pool.able.get(key)
            if able is None:
                able = [c for c in pool.at_home[home] if self.may[self.ability[c]][wish]]
                pool.able[key], pool.used[key] = able, 0
            before = used = pool.used[key]
            while used < len(able) and not left[able[used]]:
                used += 1
            if used > before:
                self.moved.append((pool, key, before))
                pool.used[key] = used
            for k in range(used, len(able)):
                if left[able[k]]:
                    yield able[k]

    def came_back(self) -> None:
        """Who was sent to the last village is left again."""
        for pool, key, used in reversed(self.moved):
            pool.used[key] = used

    def _pool(self, village: int) -> _Pool:
        number = self.pool_of[village]
        if number not in self.pools:
            nobody = np.zeros(0, np.int64)
            classes = np.sort(np.concatenate([nobody, *(self.members[g] for g in self.groups[number])]))
            homes, home = np.unique(self.model.costs.traits.home[classes], return_inverse=True)
            villages = self.villages[number]
            places = self.model.posts.villages[villages]
            cost, allowed = self.model.costs.distance(homes[None, :], places[:, None])
            order = np.argsort(np.where(allowed, cost, np.iinfo(np.int64).max), axis=1, kind="stable")
            at_home = [classes[home.ravel() == h].tolist() for h in range(len(homes))]
            row = {v: k for k, v in enumerate(villages)}
            self.pools[number] = _Pool(row, order, allowed.sum(axis=1), at_home)
        return self.pools[number]
