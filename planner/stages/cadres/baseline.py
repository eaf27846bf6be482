"""What people do without an optimiser: each county fills its villages in the order of the list, nearest first."""

from __future__ import annotations

import numpy as np

from planner.stages.cadres.build import Model
from planner.stages.cadres.hand_out import Flows


def nearest_first(model: Model) -> Flows:
    """Who is in place stays; then village by village the nearest allowed cadres, up to the targets.

    Leaders come before members; a village that would get no team keeps nobody new.
    """
    greedy = _Greedy(model)
    order = np.argsort(model.posts.village, kind="stable")
    starts = np.searchsorted(model.posts.village[order], np.arange(len(model.posts.villages) + 1))
    in_list = np.full(len(model.posts.villages), len(order))
    np.minimum.at(in_list, model.posts.village, np.arange(len(order)))
    for v in np.argsort(in_list, kind="stable").tolist():
        greedy.fill(v, order[starts[v] : starts[v + 1]])
    return greedy.flows()


class _Greedy:
    """Supply that is left, and what has been sent so far."""

    def __init__(self, model: Model) -> None:
        self.model, self.left = model, model.crowd.supply.copy()
        self.unit_left = model.crowd.unit_cap.copy()
        posts = model.posts
        fixed = model.people.post[model.people.fixed]
        self.there = np.bincount(fixed, minlength=posts.table.height).astype(np.int64)
        self.sent: list[tuple[int, int, int, bool]] = []
        of_class, slot, count, _ = model.crowd.stays
        by_slot = np.argsort(slot, kind="stable")
        self.stay_class, self.stay_count = of_class[by_slot], count[by_slot]
        self.stay_at = np.searchsorted(slot[by_slot], np.arange(posts.table.height + 1))
        self.pools = _Pools(model)
        self.may, self.wish = model.costs.may()
        self.held = np.bincount(of_class, count, len(self.left)).astype(
            np.int64
        )  # in place somewhere: not yet free

    def fill(self, village: int, slots: np.ndarray) -> None:
        posts = self.model.posts
        before, taken = len(self.sent), 0
        slots = slots[np.argsort(~posts.leads[slots], kind="stable")]
        near = self._near(village)
        there = int(self.there[slots].sum())
        led = bool((posts.leads[slots] & (self.there[slots] > 0)).any()) or not self.model.costs.policy.on(
            "team_led"
        )
        for slot in slots.tolist():
            if posts.wanted[village] and not led and not posts.leads[slot]:
                self._let_go(slot)
                continue
            got = self._stay(slot) + self._take(near, slot)
            taken += got
            led |= bool(posts.leads[slot]) and got > 0
        if taken and there + taken < posts.wanted[village]:
            self._undo(before)

    def _room(self, slot: int) -> int:
        return int(self.model.posts.target[slot] - self.there[slot])

    def _stay(self, slot: int) -> int:
        got = 0
        for k in range(self.stay_at[slot], self.stay_at[slot + 1]):
            c, count = int(self.stay_class[k]), int(self.stay_count[k])
            self.held[c] -= count
            got += self._send(c, slot, min(count, self._room(slot)), True)
        return got

    def _let_go(self, slot: int) -> None:
        for k in range(self.stay_at[slot], self.stay_at[slot + 1]):
            self.held[self.stay_class[k]] -= self.stay_count[k]

    def _near(self, village: int) -> np.ndarray:
        """Classes with people left who may serve in the village, nearest first."""
        pool, cost, allowed = self.pools.of(village)
        here = np.flatnonzero(allowed & (self.left[pool] > self.held[pool]))
        return np.asarray(pool[here[np.argsort(cost[here], kind="stable")]])

    def _take(self, near: np.ndarray, slot: int) -> int:
        room = self._room(slot)
        if room <= 0 or not near.size:
            return 0
        fits = self.may[self.model.costs.traits.ability[near], self.wish[slot]]
        got = 0
        for c in near[fits & (self.left[near] > self.held[near])].tolist():
            if got >= room:
                break
            got += self._send(c, slot, min(int(self.left[c] - self.held[c]), room - got), False)
        return got

    def _send(self, c: int, slot: int, count: int, stays: bool) -> int:
        unit = int(self.model.crowd.unit[c])
        count = min(count, int(self.unit_left[unit])) if unit >= 0 else count
        if count <= 0:
            return 0
        self._book(c, slot, count)
        self.sent.append((c, slot, count, stays))
        return count

    def _book(self, c: int, slot: int, count: int) -> None:
        self.left[c] -= count
        self.there[slot] += count
        if (unit := int(self.model.crowd.unit[c])) >= 0:
            self.unit_left[unit] -= count

    def _undo(self, before: int) -> None:
        while len(self.sent) > before:
            c, slot, count, _ = self.sent.pop()
            self._book(c, slot, -count)

    def flows(self) -> Flows:
        rows = np.array(self.sent, dtype=np.int64).reshape(-1, 4)
        return Flows(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3].astype(np.bool_))


class _Pools:
    """Classes that may be posted to a village and what their way there costs, looked up by the village's groups."""

    def __init__(self, model: Model) -> None:
        self.model, reach, posts = model, model.reach, model.posts
        members = [np.flatnonzero(reach.group == g) for g in range(len(reach.slots))]
        pairs = [np.unique(posts.village[slots]) for slots in reach.slots]
        village = np.concatenate([np.zeros(0, np.int64), *pairs])
        group = np.repeat(np.arange(len(pairs)), [len(p) for p in pairs])
        order = np.argsort(village, kind="stable")
        parts = np.split(group[order], np.searchsorted(village[order], np.arange(1, len(posts.villages))))
        number: dict[bytes, int] = {}
        self.pool_of = np.array([number.setdefault(p.tobytes(), len(number)) for p in parts], np.int64)
        lead = np.unique(self.pool_of, return_index=True)[1]
        nobody = np.zeros(0, np.int64)
        self.pools = [np.sort(np.concatenate([nobody, *(members[g] for g in parts[v])])) for v in lead]
        self.tables: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = {}

    def of(self, village: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Classes, (k,) each: number, cost by distance, whether a new posting is allowed."""
        number = int(self.pool_of[village])
        if number not in self.tables:
            homes, home = np.unique(self.model.costs.traits.home[self.pools[number]], return_inverse=True)
            villages = np.flatnonzero(self.pool_of == number)
            places = self.model.posts.villages[villages]
            cost, allowed = self.model.costs.distance(homes[None, :], places[:, None])
            self.tables[number] = villages, home.ravel(), cost, allowed
        villages, home, cost, allowed = self.tables[number]
        row = int(np.searchsorted(villages, village))
        return self.pools[number], cost[row, home], allowed[row, home]
