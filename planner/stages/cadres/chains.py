"""Who makes room when one person goes to a post, or home: cheapest chains in the residual network of the plan's flow, priced without a solve.

Where the plan's people are a cheapest flow, a person forced to a post changes it along one shortest path of the residual network: from
that post, which has one too many then, back to where the person was (Ahuja, Magnanti, Orlin: Network Flows, ch. 9). By the plan's worths
no arc there has a negative length, so one search of Dijkstra's, begun where the person was, prices all posts, the least first; of
equally cheap chains the one that moves the fewest. Where the person is to be posted nowhere, the path begins at home.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.stages.cadres.moved import Place
from planner.stages.cadres.plan_flow import FAR, Flow


class Unproved(ArithmeticError):
    """An arc of negative length: the plan's people are no cheapest flow by the worths that it keeps."""


@dataclass(frozen=True)
class Chain:
    """A post for a person, and what follows.

    Parameters
    ----------
    slot : int
        −1: home.
    change : int
        Thousandths that the plan's objective grows by, exactly, if no rule on teams is broken; else it is no less.
    moves : int
        Others who move, the fewest of all chains of that change to the slot; one more for each who is met going back to where they
        are in place, if that is not who had to leave: then somebody who is alike takes the place that is left.
    taken : mapping of int to mapping of Place to int
        Class → slot, and whether in place there → people more, or fewer, of it there, the person aside.
    """

    slot: int
    change: int
    moves: int
    taken: Mapping[int, Mapping[Place, int]]


class Search:
    """Posts of one person by what they change, then by how many others move, the least first.

    Parameters
    ----------
    flow : Flow
    row : int
        Of a free cadre.
    slots : ndarray
        (k,) posts that the cadre may take and is not at.
    loose : bool
        Where the worths prove no cheapest flow: some chain to each post, and what it changes, which need not be the least.
    home : bool
        Whether the person, who is at a post, may go home as well.
    """

    def __init__(
        self, flow: Flow, row: int, slots: np.ndarray, loose: bool = False, home: bool = False
    ) -> None:
        self.flow, self.row, self.loose = flow, row, loose
        standing, crowd = flow.standing, flow.model.crowd
        number = int(standing.class_of_row[row])
        self.component = int(flow.model.of_class[number])
        now, unit = int(standing.before[row]), int(crowd.unit[number])
        at_home = flow.n + flow.m + unit if unit >= 0 else flow.sink
        self.target = flow.n + now if now >= 0 else at_home
        self.left = crowd.stays[2] - flow.stay_flow
        own = {
            int(flow.model.people.post[row]),
            -1 if flow.model.kept is None else int(flow.model.kept.slot[row]),
        }
        mine = (crowd.stays[0] == number) & np.isin(crowd.stays[1], list(own - {now, -1}))
        self.left[mine] -= 1  # the person's own place is nobody else's
        alone, nodes = standing.alone(row, slots), flow.n + slots
        if home:
            alone, nodes = np.append(alone, 0), np.append(nodes, at_home)
        alone = alone - (standing.alone(row, np.array([now]))[0] if now >= 0 else 0)
        base = alone - flow.worth[nodes] + flow.worth[self.target]
        order = np.argsort(base, kind="stable")
        self.nodes, self.base = nodes[order], base[order]
        self.number = {int(node): k for k, node in enumerate(self.nodes.tolist())}
        self.first = 0
        size = flow.sink + 1
        self.distance, self.moves = np.full(size, FAR), np.zeros(size, np.int64)
        self.next, self.done = np.full(size, -1), np.zeros(size, np.bool_)
        self.stays = np.zeros(size, np.bool_)  # whether the next arc is of people in place
        self.change = np.zeros(
            size, np.int64
        )  # as the distance, but where negative lengths count as none for that
        self.distance[self.target] = 0
        self.heap: list[tuple[int, int, int]] = [(0, 0, self.target)]
        self.known: list[tuple[int, int, int]] = []

    @property
    def slots(self) -> np.ndarray:
        """Posts that are asked about, the least that each costs by itself first; −1: home."""
        return np.where(self.nodes < self.flow.n + self.flow.m, self.nodes - self.flow.n, -1)

    def best(self) -> Chain | None:
        """The next post; ``None`` where there are no more.

        Raises
        ------
        Unproved
            When an arc is negative, and not any chain is asked for.
        """
        while self.heap and not (self.known and self.known[0][:2] <= self._least()) and self._open():
            self._settle()
        if not self.known:
            return None
        _, moves, k = heapq.heappop(self.known)
        node = int(self.nodes[k])
        change = int(self.base[k]) + int(self.change[node])
        slot = node - self.flow.n if node < self.flow.n + self.flow.m else -1
        return Chain(slot, change, moves, self._taken(node))

    def _open(self) -> bool:
        """Whether some posts are not reached yet."""
        while self.first < len(self.nodes) and self.done[self.nodes[self.first]]:
            self.first += 1
        return self.first < len(self.nodes)

    def _least(self) -> tuple[int, int]:
        """What posts that are not reached yet change at least, and how many move then at least."""
        if not self._open():
            return FAR, 0
        distance, moves, _ = self.heap[0]
        return int(self.base[self.first]) + distance, moves

    def _settle(self) -> None:
        distance, moves, node = heapq.heappop(self.heap)
        flow = self.flow
        if self.done[node]:
            return
        self.done[node] = True
        if node in self.number:
            k = self.number[node]
            heapq.heappush(self.known, (int(self.base[k]) + distance, moves, k))
        slot = node - flow.n
        if 0 <= slot < flow.m:
            self._into_slot(node, slot)
        elif slot < 0:
            self._into_class(node)
        elif node < flow.sink:
            self._into_unit(node, slot - flow.m)
        else:
            self._into_sink(node)

    def _into_slot(self, node: int, slot: int) -> None:
        """From classes that reach it, from people who may stay there, and from the seat left empty."""
        flow, crowd = self.flow, self.flow.model.crowd
        self._reach(*flow.into(slot), node)
        stays = flow.stays_at[flow.first_stay[slot] : flow.first_stay[slot + 1]]
        if stays.size:
            stays = stays[self.left[stays] > 0]
            of_class = crowd.stays[0][stays]
            price = crowd.stays[3][stays] + flow.price * crowd.stay_moves[stays]
            self._reach(of_class, price + flow.worth[of_class] - flow.worth[node], node, stays=True)
        self._reach_one(flow.sink, int(flow.vacated[slot]), node)

    def _into_class(self, node: int) -> None:
        """From slots where some of it are; and from where those are who are at home."""
        flow = self.flow
        arcs = np.arange(flow.first_arc[node], flow.first_arc[node + 1])
        stays = flow.arc_stays[arcs]
        for kind in (False, True):  # a slot may be among both
            chosen = arcs[stays == kind]
            self._reach(flow.n + flow.arc_slot[chosen], flow.arc_length[chosen], node, stays=kind)
        home = int(flow.home[node])
        if home >= 0:
            self._reach_one(home, int(flow.worth[home] - flow.worth[node]), node)

    def _into_unit(self, node: int, unit: int) -> None:
        """From its classes of whom somebody is out; and from the sink, where it may release more."""
        flow, crowd = self.flow, self.flow.model.crowd
        out = np.flatnonzero((crowd.unit == unit) & (flow.out > 0))
        self._reach(out, flow.worth[out] - flow.worth[node], node)
        if flow.released[unit] < crowd.unit_cap[unit]:
            self._reach(np.array([flow.sink]), np.array([-flow.worth[node]]), node)

    def _into_sink(self, node: int) -> None:
        """From people of the component who go home, and from its slots with an empty seat."""
        flow, model = self.flow, self.flow.model
        out = np.flatnonzero((flow.out > 0) & (model.of_class == self.component))
        free = model.crowd.unit[out] < 0
        self._reach(out[free], flow.worth[out[free]], node)
        units = np.unique(model.crowd.unit[out[~free]]) + flow.n + flow.m
        self._reach(units, flow.worth[units], node)
        empty = np.flatnonzero((flow.there < flow.seats.sum(axis=0)) & (model.of_slot == self.component))
        rank = np.where(flow.there[empty] < flow.seats[0][empty], 0, 1)
        gain = model.posts.worth[rank, empty]
        self._reach(flow.n + empty, flow.worth[flow.n + empty] - gain, node)

    def _reach(self, tails: np.ndarray, length: np.ndarray, node: int, stays: bool = False) -> None:
        """Arcs to a settled node from others, each once: all classes, or none; whoever of a class is met on the way moves."""
        if not tails.size:
            return
        if length.min() < 0 and not self.loose:
            raise Unproved
        moves, old = int(self.moves[node]) + int(tails[0] < self.flow.n), self.distance[tails]
        change = length + self.change[node]
        new = np.maximum(length, 0) + self.distance[node]
        better = np.flatnonzero((new <= old) & (new < FAR))
        if better.size:
            tails, new, old, change = tails[better], new[better], old[better], change[better]
            better = ~self.done[tails] & ((new < old) | (moves < self.moves[tails]))
            tails, new = tails[better], new[better]
            self.change[tails], self.stays[tails] = change[better], stays
            self.distance[tails], self.moves[tails], self.next[tails] = new, moves, node
            for distance, tail in zip(new.tolist(), tails.tolist(), strict=True):
                heapq.heappush(self.heap, (distance, moves, tail))

    def _reach_one(self, tail: int, length: int, node: int) -> None:
        """One arc to a settled node."""
        if not self.done[tail]:
            self._reach(np.array([tail]), np.array([length]), node)

    def _taken(self, node: int) -> dict[int, dict[Place, int]]:
        """Changes along the path from a node; see :class:`Chain`."""
        flow, found = self.flow, dict[int, dict[Place, int]]()
        while node != self.target:
            further = int(self.next[node])
            one, other = (k if k < flow.n else -1 for k in (node, further))
            at = further if one >= 0 else node
            if (one >= 0 or other >= 0) and flow.n <= at < flow.n + flow.m:
                of = found.setdefault(max(one, other), {})
                place = at - flow.n, bool(self.stays[node])
                of[place] = of.get(place, 0) + (1 if one >= 0 else -1)
            node = further
        return found


def holds(flow: Flow, row: int, chain: Chain) -> bool:
    """Whether all teams are whole, and all seats filled that have to be, once the person and the chain have moved."""
    posts, model = flow.model.posts, flow.model
    change = {} if chain.slot < 0 else {chain.slot: 1}
    now = int(flow.standing.before[row])
    if now >= 0:
        change[now] = change.get(now, 0) - 1
    for places in chain.taken.values():
        for (slot, _), by in places.items():
            change[slot] = change.get(slot, 0) + by
    slots = np.array(list(change), np.int64)
    villages = np.unique(posts.village[slots])
    mine = np.flatnonzero(np.isin(posts.village, villages))
    there = flow.there[mine].copy()
    there[np.searchsorted(mine, slots)] += np.array(list(change.values()))
    if (posts.firm[mine] & (there < flow.seats[0][mine])).any():
        return False
    fixed = model.people.post[model.people.fixed]
    at = np.searchsorted(villages, posts.village[mine])
    v = len(villages)
    stay = fixed[np.isin(posts.village[fixed], villages)]
    stay_at = np.searchsorted(villages, posts.village[stay])
    new, leaders = np.bincount(at, there, v), np.bincount(at, there * posts.leads[mine], v)
    led = np.bincount(stay_at, posts.leads[stay], v) > 0
    led |= not model.costs.policy.on("team_led")
    lost = (model.lost.worth + model.lost.cost)[villages]
    wanted = posts.wanted[villages]
    short = (~led & (leaders == 0)) | (new + np.bincount(stay_at, minlength=v) < wanted)
    broken = ((wanted > 0) & (new > 0) & short) | ((lost > 0) & (leaders == 0))
    return not bool(broken.any())
