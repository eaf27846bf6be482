"""Who may come to one post: what each changes at least, the least first, by one search forwards from the post.

The same chains as in :mod:`planner.stages.cadres.chains`, found from their other end: one search tells of everybody who may come, where a
search backwards tells of one person. A person's own place, which nobody else may take once they have left it, is open here: so it tells
what each changes, and how many others move, at least; whoever is in front is then asked about by a search of their own.
"""

from __future__ import annotations

import heapq
from collections import defaultdict

import numpy as np

from planner.stages.cadres.chains import Unproved
from planner.stages.cadres.plan_flow import CELLS, FAR, Flow
from planner.stages.cadres.rivals import new_costs

Entry = tuple[int, int, int]
"""What is changed at least (thousandths), how many others move then at least, and the row of the cadre."""
Key = tuple[int, int]
"""How far something is from the post, and how many move on the way."""


class Takers:
    """Cadres for one post, by what each changes at least.

    Parameters
    ----------
    flow : Flow
    slot : int
    rows : ndarray
        (k,) rows of free cadres, all of one component, who may take the post and are not at it.
    """

    def __init__(self, flow: Flow, slot: int, rows: np.ndarray) -> None:
        self.flow, self.slot = flow, slot
        standing, crowd = flow.standing, flow.model.crowd
        now, number = standing.before[rows], standing.class_of_row[rows]
        self.component = int(flow.model.of_slot[slot])
        unit = crowd.unit[number]
        at_home = np.where(unit >= 0, flow.n + flow.m + unit, flow.sink)
        target = np.where(now >= 0, flow.n + now, at_home)
        at = np.full(len(rows), slot)
        alone = standing.alone(rows, at)
        placed = now >= 0
        alone[placed] -= standing.alone(rows[placed], now[placed])
        base = alone - flow.worth[flow.n + slot] + flow.worth[target]
        order = np.argsort(base, kind="stable")
        self.base, self.target, self.rows = base[order], target[order], rows[order]
        self.of_node = defaultdict[int, list[int]](list)
        for k, node in enumerate(self.target.tolist()):
            self.of_node[node].append(k)
        self.first, self.told = 0, np.zeros(len(rows), np.bool_)
        self.left = crowd.stays[2] - flow.stay_flow
        size = flow.sink + 1
        self.distance, self.moves = np.full(size, FAR), np.zeros(size, np.int64)
        self.done = np.zeros(size, np.bool_)
        self.distance[flow.n + slot] = 0
        self.heap: list[tuple[int, int, int]] = [(0, 0, flow.n + slot)]
        self.known: list[tuple[int, int, int]] = []

    def best(self) -> Entry | None:
        """The next cadre; ``None`` where there are no more.

        Raises
        ------
        Unproved
            When an arc is of negative length.
        """
        while self.heap and self._open() and not (self.known and self.known[0][:2] <= self._least()):
            self._settle()
        if not self.known:
            return None
        change, moves, k = heapq.heappop(self.known)
        self.told[k] = True
        return change, moves, int(self.rows[k])

    def rest(self) -> np.ndarray:
        """(k,) rows of those who were not told yet."""
        return np.asarray(self.rows[~self.told])

    def _open(self) -> bool:
        """Whether the place that somebody leaves is not reached yet."""
        while self.first < len(self.rows) and self.done[self.target[self.first]]:
            self.first += 1
        return self.first < len(self.rows)

    def _least(self) -> tuple[int, int]:
        """What those change at least whose places are not reached yet, and how many move then at least."""
        distance, moves, _ = self.heap[0]
        return int(self.base[self.first]) + distance, moves

    def _settle(self) -> None:
        """Everything that is as near as the nearest, at once."""
        distance, moves, node = heapq.heappop(self.heap)
        nodes = [node]
        while self.heap and self.heap[0][:2] == (distance, moves):
            nodes.append(heapq.heappop(self.heap)[2])
        settled = np.unique(nodes)
        settled = settled[~self.done[settled]]
        self.done[settled] = True
        for node in settled.tolist():
            for k in self.of_node.get(node, ()):
                heapq.heappush(self.known, (int(self.base[k]) + distance, moves, k))
        flow, key = self.flow, (distance, moves)
        at = np.searchsorted(settled, [flow.n, flow.n + flow.m, flow.sink])
        classes, slots, units, sink = np.split(settled, at)
        self._from_classes(classes, key)
        self._from_slots(slots - flow.n, key)
        self._from_units(units, key)
        if sink.size:
            self._from_sink(key)

    def _from_slots(self, slots: np.ndarray, key: Key) -> None:
        """To classes of which some are there, and to the sink where a seat is empty."""
        flow = self.flow
        arcs = _ranges(flow.arcs_at, flow.first_at, slots)
        self._reach(flow.arc_class[arcs], flow.arc_length[arcs], key)
        free = slots[flow.there[slots] < flow.seats[:, slots].sum(axis=0)]
        rank = np.where(flow.there[free] < flow.seats[0, free], 0, 1)
        gain = flow.model.posts.worth[rank, free]
        self._reach(np.full(len(free), flow.sink), flow.worth[flow.n + free] - gain, key)

    def _from_classes(self, classes: np.ndarray, key: Key) -> None:
        """To posts that they reach, to places where their people may stay, and home."""
        flow, crowd, model = self.flow, self.flow.model.crowd, self.flow.model
        group = model.reach.group[classes]
        for g in np.unique(group[group >= 0]).tolist():
            self._to_posts(classes[group == g], g, key)
        stays = _ranges(flow.stays_of, flow.first_of, classes)
        stays = stays[self.left[stays] > 0]
        of_class, at = crowd.stays[0][stays], flow.n + crowd.stays[1][stays]
        price = crowd.stays[3][stays] + flow.price * crowd.stay_moves[stays]
        self._reach(at, price + flow.worth[of_class] - flow.worth[at], key)
        out = classes[flow.out[classes] > 0]
        unit = crowd.unit[out]
        home = np.where(unit >= 0, flow.n + flow.m + unit, flow.sink)
        self._reach(home, flow.worth[out] - flow.worth[home], key)

    def _to_posts(self, classes: np.ndarray, group: int, key: Key) -> None:
        """To the posts that classes of one group reach: of each post the shortest way."""
        flow, slots = self.flow, self.flow.model.reach.slots[group]
        width = max(1, CELLS // max(1, len(slots)))
        number, row = np.divmod(np.searchsorted(flow.classes[group], classes), width)
        for block in np.unique(number).tolist():
            length = self._block(group, block, width)[row[number == block]].min(axis=0)
            may = length < FAR
            at = flow.n + slots[may]
            self._reach(at, length[may] - flow.worth[at], key)

    def _block(self, group: int, number: int, width: int) -> np.ndarray:
        """Lengths from ``width`` classes of a group to all of its slots, the worth of the slots aside; priced when first asked for."""
        flow, model = self.flow, self.flow.model
        if (group, number) not in flow.rows:
            classes = flow.classes[group][number * width : (number + 1) * width]
            cost, allowed = new_costs(model, classes, model.reach.slots[group])
            person = flow.price * model.crowd.moves[classes] + flow.worth[classes]
            flow.rows[group, number] = np.where(allowed, cost + person[:, None], FAR)
        return flow.rows[group, number]

    def _from_units(self, units: np.ndarray, key: Key) -> None:
        """To their classes of whom somebody is at home; and to the sink, where they release somebody."""
        flow = self.flow
        home = np.flatnonzero(np.isin(flow.home, units)) if units.size else units
        self._reach(home, flow.worth[flow.home[home]] - flow.worth[home], key)
        units = units[flow.released[units - flow.n - flow.m] > 0]
        self._reach(np.full(len(units), flow.sink), flow.worth[units], key)

    def _from_sink(self, key: Key) -> None:
        """To the component's posts that somebody leaves empty, its classes at home, and its units that may release more."""
        flow, model = self.flow, self.flow.model
        emptied = np.flatnonzero((model.of_slot == self.component) & (flow.there > 0))
        self._reach(flow.n + emptied, flow.vacated[emptied], key)
        mine = model.of_class == self.component
        home = np.flatnonzero(mine & (flow.home == flow.sink))
        self._reach(home, -flow.worth[home], key)
        units = np.unique(model.crowd.unit[mine & (model.crowd.unit >= 0)])
        units = units[flow.released[units] < model.crowd.unit_cap[units]] + flow.n + flow.m
        self._reach(units, -flow.worth[units], key)

    def _reach(self, heads: np.ndarray, length: np.ndarray, key: Key) -> None:
        """Arcs from what is settled to others: all classes, or none; whoever of a class is met on the way moves."""
        if not heads.size:
            return
        if length.min() < 0:
            raise Unproved
        order = np.argsort(length, kind="stable")
        heads, first = np.unique(heads[order], return_index=True)
        new, moves = length[order][first] + key[0], key[1] + int(heads[0] < self.flow.n)
        old = self.distance[heads]
        better = (
            (new < FAR) & ~self.done[heads] & ((new < old) | ((new == old) & (moves < self.moves[heads])))
        )
        heads, new = heads[better], new[better]
        self.distance[heads], self.moves[heads] = new, moves
        for distance, head in zip(new.tolist(), heads.tolist(), strict=True):
            heapq.heappush(self.heap, (distance, moves, head))


def _ranges(listed: np.ndarray, first: list[int], numbers: np.ndarray) -> np.ndarray:
    """What is ``listed`` of each of the numbers, from ``first[number]`` on to the next one's, one after the other."""
    parts = [listed[first[k] : first[k + 1]] for k in numbers.tolist()]
    return np.concatenate([*parts, np.zeros(0, np.int64)]).astype(np.int64)
