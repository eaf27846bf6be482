"""The network of people and posts as a graph of arcs. Nodes: classes, hubs, slots, units (where a cap binds), one sink.

A person who is not posted goes straight to the sink. A slot's arcs to the sink carry what filling it is worth: first its
must-seats, then its further seats.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.solve.posting_network import Network
from planner.solve.potentials import Star, ordered

FAR = np.iinfo(np.int64).max // 4


@dataclass(frozen=True)
class Ways:
    """Ways from hubs to slots that take part, (k,) int64 each."""

    hub: np.ndarray
    slot: np.ndarray
    cost: np.ndarray

    def plus(self, more: Ways) -> Ways:
        """With those of ``more`` that are not there yet, once each."""
        m = 1 + int(max(self.slot.max(initial=0), more.slot.max(initial=0)))
        keys, first = np.unique(more.hub * m + more.slot, return_index=True)
        known = np.sort(self.hub * m + self.slot)
        if len(known):
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            first = first[known[at] != keys]
        return Ways(
            np.concatenate([self.hub, more.hub[first]]),
            np.concatenate([self.slot, more.slot[first]]),
            np.concatenate([self.cost, more.cost[first]]),
        )


NO_WAYS = Ways(*(np.zeros(0, np.int64) for _ in range(3)))


@dataclass(frozen=True)
class Worths:
    """What one person more is worth in each class, hub and unit, and one person at each slot: node potentials."""

    person: np.ndarray
    hub: np.ndarray
    slot: np.ndarray
    unit: np.ndarray


@dataclass(frozen=True)
class Guess:
    """Worths that are nearly right, and the largest reduced cost that may matter beside them."""

    worths: Worths
    most: int


@dataclass(frozen=True)
class Flow:
    """``offers``, ``ways``, ``stays``: people on each arc; ``filled`` (2, m) seats that are taken; ``released`` (n,) people."""

    offers: np.ndarray
    ways: np.ndarray
    stays: np.ndarray
    filled: np.ndarray
    released: np.ndarray


@dataclass(frozen=True)
class Ends:
    """Residual arcs as they are walked back from the sink.

    Numbers of the ``inner`` ones, sorted by their start, and of the ``outer`` ones, which end at the sink; ``start``, ``end``,
    ``length`` of all.
    """

    inner: np.ndarray
    outer: np.ndarray
    start: np.ndarray
    end: np.ndarray
    length: np.ndarray

    def star(self, open_: np.ndarray, n_nodes: int) -> Star:
        """Of the inner arcs that are open."""
        chosen = self.inner[open_[self.inner]]
        return Star(self.start[chosen], self.end[chosen], self.length[chosen], n_nodes, sort=False)


@dataclass(frozen=True)
class Graph:
    """The network and some ways as arcs; node numbers: classes, hubs, slots, units, sink."""

    network: Network
    ways: Ways
    tail: np.ndarray
    head: np.ndarray
    room: np.ndarray
    cost: np.ndarray
    supply: np.ndarray

    @property
    def optional(self) -> int:
        """The first so many arcs may be left out of a flow: offers and ways."""
        return len(self.network.offer_cost) + len(self.ways.cost)

    @property
    def kinds(self) -> np.ndarray:
        """(7,) where each kind of arc but the first begins."""
        seats, m = self.network.seats, self.network.slots
        capped = int(np.count_nonzero(seats.unit >= 0))
        sizes: list[int] = [len(self.network.offer_cost), len(self.ways.cost), len(self.network.stays.cost), m, m,
                 len(seats.unit) - capped, capped]  # fmt: skip
        return np.cumsum(sizes)

    @cached_property
    def ends(self) -> Ends:
        """Arcs, and backwards arcs after them, by the node to which they lead."""
        start, end, length = self._both_ways()
        root = len(self.supply) - 1
        inner, outer = np.flatnonzero(end != root), np.flatnonzero(end == root)
        return Ends(inner[ordered(start[inner], root + 1)], outer, start, end, length)

    def _both_ways(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        start, end = np.concatenate([self.head, self.tail]), np.concatenate([self.tail, self.head])
        return start, end, np.concatenate([self.cost, -self.cost])

    def plus(self, more: Ways) -> Graph:
        """With the ways of ``more`` that are not there yet, after the others; sorted ends are not sorted anew."""
        wide = graph(self.network, self.ways.plus(more))
        if "ends" in vars(self):
            old, arcs, first = self.ends, len(self.tail), self.optional
            added = len(wide.tail) - arcs

            def now(numbers: np.ndarray) -> np.ndarray:
                back, number = np.divmod(numbers, arcs)
                return np.asarray(back * (arcs + added) + number + added * (number >= first))

            start, end, length = wide._both_ways()
            new = np.concatenate([first + np.arange(added), arcs + added + first + np.arange(added)])
            new = new[np.argsort(start[new], kind="stable")]
            at = np.searchsorted(old.start[old.inner], start[new], side="right")
            vars(wide)["ends"] = Ends(np.insert(now(old.inner), at, new), now(old.outer), start, end, length)
        return wide

    def worths(self, nodes: np.ndarray) -> Worths:
        """By kind; a class and a unit are worth nothing at least."""
        net = self.network
        cuts = np.cumsum([len(net.seats.supply), net.hubs, net.slots])
        person, hub, slot, unit = np.split(nodes[:-1], cuts)
        return Worths(np.maximum(person, 0), hub, slot, np.maximum(unit, 0))

    def flow(self, arcs: np.ndarray) -> Flow:
        """The flow that has so many people on each arc."""
        net, m = self.network, self.network.slots
        k, w, s = len(net.offer_cost), len(self.ways.cost), len(net.stays.cost)
        offers, ways, stays, must, further = np.split(arcs[: k + w + s + 2 * m], np.cumsum([k, w, s, m]))
        n = len(net.seats.supply)
        released = np.bincount(net.offer_class, offers, n) + np.bincount(net.stays.of_class, stays, n)
        return Flow(offers, ways, stays, np.stack([must, further]), released.astype(np.int64))


def graph(network: Network, ways: Ways) -> Graph:
    """The network with these ways as a graph of arcs."""
    seats, stays = network.seats, network.stays
    n, h, m, u = len(seats.supply), network.hubs, network.slots, len(seats.unit_cap)
    sink = n + h + m + u
    capped, free = np.flatnonzero(seats.unit >= 0), np.flatnonzero(seats.unit < 0)
    slot, unit = n + h + np.arange(m), n + h + m + np.arange(u)
    everyone = np.full(len(network.offer_cost) + len(ways.cost), max(1, int(seats.supply.sum())))
    zeros = np.zeros(len(free) + len(capped) + u, np.int64)
    supply = np.zeros(sink + 1, np.int64)
    supply[free], supply[unit] = seats.supply[free], seats.unit_cap
    supply[sink] = -supply.sum()
    tail = [
        network.offer_class,
        n + ways.hub,
        stays.of_class,
        slot,
        slot,
        free,
        n + h + m + seats.unit[capped],
        unit,
    ]
    head = [n + network.offer_hub, n + h + ways.slot, n + h + stays.slot, np.full(2 * m + len(free), sink), capped,
            np.full(u, sink)]  # fmt: skip
    room = [everyone, stays.room, *seats.count, seats.supply[free], seats.supply[capped], seats.unit_cap]
    cost = [network.offer_cost, ways.cost, stays.cost, *-seats.gain, zeros]
    arcs = [np.concatenate(part).astype(np.int64) for part in (tail, head, room, cost)]
    return Graph(network, ways, arcs[0], arcs[1], arcs[2], arcs[3], supply)
