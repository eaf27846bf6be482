"""Money sent from where there is too much of it to where it lacks, by the cheapest ways, beginning with a cheapest flow.

Primal–dual method (Ahuja, Magnanti, Orlin: Network Flows, ch. 9): distances in the residual network raise the potentials; on the links
that cost nothing then, as much as can be is sent; and so on. That takes one round for each length that a way of the answer has. A
flow from the beginning would find everything again that is known already.

Of what costs the same, less is moved: a link is longer by one where it leads away from the flow before, and shorter by one where it leads back.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from ortools.graph.python import max_flow
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.solve.potentials import ordered
from planner.solve.task import Arrays

ROUNDS = 60
"""After so many a flow from the beginning is no slower."""
EXACT = 2**52
"""Two lengths below this are exact in floats, and so is their sum."""


class TooFar(ArithmeticError):
    """More rounds, or longer ways, than this method takes."""


def sent(arrays: Arrays, base: np.ndarray, potential: np.ndarray) -> np.ndarray | None:
    """The cheapest flow within the bounds, (n_arcs,) int64, of all such the nearest to ``base``; ``None`` where there is none.

    Parameters
    ----------
    arrays : mapping
        ``tail``, ``head``, ``lower``, ``upper``, ``cost``, ``supply`` of a :class:`~planner.solve.flow_model.FlowModel`.
    base : ndarray
        (n_arcs,) int64: a cheapest flow within bounds that hold these.
    potential : ndarray
        (n_nodes,) int64 potentials of it.

    Raises
    ------
    TooFar
        When it takes more than :data:`ROUNDS`, or a way is longer than :data:`EXACT`.
    """
    if np.any(arrays["upper"] < arrays["lower"]):
        return None
    network = _Network(arrays, base, potential)
    for _ in range(ROUNDS):
        if not network.left:
            return network.flow[: len(base)]
        if not network.come_closer():
            return None
        network.send()
    raise TooFar(f"not done after {ROUNDS} rounds")


class _Network:
    """The residual network between two nodes besides: one that leads to wherever there is too much, one from wherever it lacks.

    ``m`` arcs, ``2·m`` links: along each arc, then back. ``reduced`` (m,) int64: reduced costs in units in which one yuan along an arc
    is as much as a way over all nodes is longer; ``flow``, ``near`` (m,) int64: what is, and what is to be kept near; ``left``: units to
    be sent; ``links``: the length of every link, infinite where it has no room, by the node that it leaves; ``at`` (2·m,) places in it.
    """

    def __init__(self, arrays: Arrays, base: np.ndarray, potential: np.ndarray) -> None:
        begun = np.clip(base, arrays["lower"], arrays["upper"])
        over = arrays["supply"].copy()
        np.subtract.at(over, arrays["tail"], begun)
        np.add.at(over, arrays["head"], begun)
        n, much, little = len(over), np.flatnonzero(over > 0), np.flatnonzero(over < 0)
        self.n, self.begin, self.end, self.left = n + 2, n, n + 1, int(over[much].sum())
        ends = np.full(len(much), n), np.full(len(little), n + 1)
        self.tail = np.concatenate([arrays["tail"], ends[0], little])
        self.head = np.concatenate([arrays["head"], much, ends[1]])
        none = np.zeros(len(much) + len(little), np.int64)
        self.lower = np.concatenate([arrays["lower"], none])
        self.upper = np.concatenate([arrays["upper"], over[much], -over[little]])
        self.near = np.concatenate([begun, none])
        self.flow = self.near.copy()
        own = arrays["cost"] + potential[arrays["tail"]] - potential[arrays["head"]]
        if int(np.abs(own).max(initial=0)) * (n + 1) >= EXACT - 1:
            raise TooFar("a cost is too large")
        self.reduced = np.concatenate([own * (n + 1), none])
        self.price = np.zeros(self.n, np.int64)
        self.room = np.zeros(2 * len(self.tail), np.int64)
        self._lay_links()

    def _lay_links(self) -> None:
        start = np.concatenate([self.tail, self.head])
        order = ordered(start, self.n)
        self.at = np.empty(len(order), np.int64)
        self.at[order] = np.arange(len(order))
        self.by_node = order
        self.start, self.stop = start[order], np.concatenate([self.head, self.tail])[order]
        first = np.searchsorted(self.start, np.arange(self.n + 1)).astype(np.int32)
        self.links = csr_array(
            (np.zeros(len(order)), self.stop.astype(np.int32), first), shape=(self.n, self.n)
        )
        self._open(np.arange(len(self.tail)))

    def _open(self, arcs: np.ndarray) -> None:
        """Room and length of both links of these arcs, by what they carry."""
        flow, near, m = self.flow[arcs], self.near[arcs], len(self.tail)
        reduced = self.reduced[arcs] + self.price[self.tail[arcs]] - self.price[self.head[arcs]]
        there = np.where(flow < near, near, self.upper[arcs]) - flow
        back = flow - np.where(flow > near, near, self.lower[arcs])
        longer = np.where(flow < near, -1, 1), np.where(flow > near, -1, 1)
        for links, room, length in (
            (arcs, there, reduced + longer[0]),
            (arcs + m, back, longer[1] - reduced),
        ):
            self.room[links] = room
            self.links.data[self.at[links]] = np.where(room > 0, length, np.inf)

    @property
    def ends(self) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
        """Where links begin, along arcs and back; and where they end."""
        return (self.tail, self.head), (self.head, self.tail)

    def come_closer(self) -> bool:
        """Raise potentials until a way costs nothing; whether there is a way at all.

        Raises
        ------
        TooFar
            When the way is too long to be exact.
        """
        far = dijkstra(self.links, indices=self.begin)
        if not np.isfinite(far[self.end]):
            return False
        if far[self.end] + self.price[self.end] >= EXACT:
            raise TooFar("a way is too long")
        far = np.minimum(far, far[self.end])
        self.links.data += far[self.start] - far[self.stop]
        self.price += far.astype(np.int64)
        return True

    def send(self) -> None:
        """As much as can be over links that cost nothing."""
        free = self.by_node[np.flatnonzero(self.links.data == 0)]
        m, solver = len(self.tail), cast(Any, max_flow.SimpleMaxFlow())
        tail, head = (np.where(free < m, *(side[free % m] for side in ends)) for ends in self.ends)
        there = np.zeros(self.n, np.bool_)
        there[tail] = there[head] = there[[self.begin, self.end]] = True
        number = (np.cumsum(there) - 1).astype(np.int32)
        arcs = solver.add_arcs_with_capacity(
            number[tail], number[head], np.minimum(self.room[free], self.left)
        )
        if solver.solve(int(number[self.begin]), int(number[self.end])) != solver.OPTIMAL:
            raise ArithmeticError(f"largest flow over {int(there.sum())} nodes did not finish")
        amount = solver.flows(arcs)
        used = np.flatnonzero(amount)
        moved = np.where(free[used] < m, amount[used], -amount[used])
        np.add.at(self.flow, free[used] % m, moved)
        self.left -= int(solver.optimal_flow())
        self._open(np.unique(free[used] % m))
