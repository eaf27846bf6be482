"""Among equally good flows the one that a draw picks: so the answer depends on who and what there is, not on how it was found.

Every optimal flow keeps complementary slackness with any optimal worths: an arc with a positive reduced cost carries nobody,
one with a negative one is full. What is left open are the arcs in balance. Each way among them draws a number from the marks
of its class or hub and its slot, and the flow with the least sum is taken. Marks stay with people and posts whatever
happens elsewhere, so an edit in one county moves nobody in another, unless there is something to gain. Where changes against
a published plan count, one change weighs more than all draws: the flow with the fewest is taken, among these the drawn one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.solve.mix import mixed
from planner.solve.posting_flow import by_node, cheapest_arcs, divergence
from planner.solve.posting_graph import FAR, Graph, Ways, Worths, graph
from planner.solve.posting_network import NEVER, Network
from planner.solve.posting_pricing import Seen, in_balance
from planner.solve.potentials import residual_potentials
from planner.solve.task import Arrays

BITS = 40  # of a drawn number
SUM_BITS = 61  # of drawn numbers times nodes: what the flow solver takes
MOST_TIES = 3_000_000  # ways in balance that are looked at together; more are priced
JOINING = 12  # ways in balance of one hub that join at once
ROUNDS = 500


@dataclass(frozen=True)
class Marks:
    """A number of 64 bits that stays with each class (n,) and each slot (m,) whatever the others are."""

    person: np.ndarray
    slot: np.ndarray

    def seeded(self, seed: int) -> Marks:
        """Those that decide a draw."""
        one = np.full(1, seed % 2**64, np.uint64)
        return Marks(mixed(one, self.person), mixed(one, self.slot))


def read_marks(arrays: Arrays) -> Marks:
    """``class_mark`` and ``slot_mark`` of the engine ``posting``'s arrays; their numbers where there are none."""
    n, m = len(arrays["supply"]), len(arrays["must"])
    person, slot = arrays.get("class_mark", np.arange(n)), arrays.get("slot_mark", np.arange(m))
    return Marks(np.asarray(person).astype(np.uint64), np.asarray(slot).astype(np.uint64))


@dataclass(frozen=True)
class Drawn:
    """The one cheapest flow that the draw picks.

    Parameters
    ----------
    ways : Ways
        The ways looked at.
    arcs : ndarray
        (arcs,) people on each arc of ``graph(network, ways)``.
    parts : ndarray
        (p,) uint64 digest of each part of the arcs in balance that has nothing to do with the others, and of its answer's
        conditions: an equal part has an equal answer.
    """

    ways: Ways
    arcs: np.ndarray
    parts: np.ndarray


@dataclass(frozen=True)
class Earlier:
    """What an earlier problem's draw came to: its ``parts``, and its people, (arcs,) on the arcs of the graph of ``ways``."""

    parts: np.ndarray
    ways: Ways
    arcs: np.ndarray


def drawn_flow(
    network: Network,
    known: Worths,
    marks: Marks,
    used: Ways,
    earlier: Earlier | None = None,
    seen: Seen | None = None,
) -> Drawn:
    """The one cheapest flow that the draw picks.

    Parameters
    ----------
    network : Network
    known : Worths
        Optimal ones over all allowed pairs.
    marks : Marks
    used : Ways
        Those of some cheapest flow; needed where more than :data:`MOST_TIES` ways are in balance.
    earlier : Earlier, optional
        Saves time where parts are the same.
    seen : Seen, optional
        Saves time where worths are the same.
    """
    draw = _Draw(network, marks)
    balanced = in_balance(network, known.hub, known.slot, MOST_TIES, seen)
    if balanced is not None:
        return _by_parts(graph(network, balanced), known, draw, earlier)
    ways = used
    for _ in range(ROUNDS):
        of = graph(network, ways)
        full, kept = _open(of, known)
        cost = draw.arcs(of)
        flow = _least(of, full, kept, cost)
        room, back = kept & (flow < of.room), kept & (flow > 0)
        nodes, _ = residual_potentials(of.tail, of.head, cost, room, back, len(of.supply))
        more = draw.priced(known, nodes, kept[: len(network.offer_cost)])
        if not len(more.cost):
            return Drawn(ways, flow, np.zeros(0, np.uint64))
        ways = ways.plus(more)
    raise ArithmeticError("pricing of the draw did not come to an end")


def _open(of: Graph, known: Worths) -> tuple[np.ndarray, np.ndarray]:
    """(arcs,) people who are on each arc of whichever cheapest flow; and which arcs are open, bool."""
    node = by_node(of, known)
    reduced = of.cost + node[of.tail] - node[of.head]
    return np.where(reduced < 0, of.room, 0), (reduced == 0) & (of.room > 0)


def _by_parts(of: Graph, known: Worths, draw: _Draw, earlier: Earlier | None) -> Drawn:
    """The drawn flow, solving only the parts that are not among the earlier ones."""
    full, kept = _open(of, known)
    flow, left, arcs = _leaves(of, full, kept)
    part, count = _parts(of, arcs)
    digest = draw.digests(of, arcs, left, part, count)
    new = np.ones(count, np.bool_)
    if earlier is not None:
        carried = _carried(of, earlier)
        balance = left.copy()
        np.subtract.at(balance, of.tail[arcs], carried[arcs])
        np.add.at(balance, of.head[arcs], carried[arcs])
        whole = balance[of.tail[arcs]] == 0
        whole &= (balance[of.head[arcs]] == 0) | (of.head[arcs] == len(of.supply) - 1)
        new = ~np.isin(digest, earlier.parts) | (np.bincount(part, ~whole, count) > 0)
        same = arcs[~new[part]]
        flow[same] = carried[same]
    open_ = arcs[new[part]]
    flow[open_] = _cheapest_parts(of, open_, draw.arcs(of)[open_], left)
    return Drawn(of.ways, flow, digest)


def _leaves(of: Graph, full: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """People on ``full`` arcs and on those of ``kept`` that have no choice; (nodes,) what is left to send; the other arcs."""
    flow, left = full.copy(), of.supply - divergence(of, full)
    root, arcs = len(of.supply) - 1, np.flatnonzero(kept)
    while True:
        ends = np.bincount(of.tail[arcs], minlength=root + 1) + np.bincount(of.head[arcs], minlength=root + 1)
        ends[root] = 2
        from_leaf = ends[of.tail[arcs]] == 1
        leaf = from_leaf | (ends[of.head[arcs]] == 1)
        if not leaf.any():
            return flow, left, arcs
        last = arcs[leaf]
        moved = np.where(from_leaf[leaf], left[of.tail[last]], -left[of.head[last]])
        flow[last] = moved
        np.subtract.at(left, of.tail[last], moved)
        np.add.at(left, of.head[last], moved)
        arcs = arcs[~leaf]


def _parts(of: Graph, arcs: np.ndarray) -> tuple[np.ndarray, int]:
    """(k,) number of each arc's part, and how many there are. The sink ties none: it takes what the others send."""
    n = len(of.supply)
    inner = arcs[of.head[arcs] != n - 1]
    joined = coo_array((np.ones(len(inner), np.int8), (of.tail[inner], of.head[inner])), shape=(n, n))
    label = connected_components(joined, directed=False)[1]
    present, number = np.unique(label[of.tail[arcs]], return_inverse=True)
    return number.ravel(), len(present)


def _cheapest_parts(of: Graph, arcs: np.ndarray, cost: np.ndarray, left: np.ndarray) -> np.ndarray:
    """(k,) cheapest flow of whole parts; the sink takes what they send."""
    if not arcs.size:
        return np.zeros(0, np.int64)
    root = len(of.supply) - 1
    supply = np.zeros_like(left)
    nodes = np.unique(np.concatenate([of.tail[arcs], of.head[arcs]]))
    supply[nodes] = left[nodes]
    supply[root] = 0
    supply[root] = -supply.sum()
    return cheapest_arcs(of.tail[arcs], of.head[arcs], of.room[arcs], cost, supply)


def _least(of: Graph, full: np.ndarray, kept: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """(arcs,) flow that fills ``full``, moves on ``kept`` and costs least."""
    flow, left, arcs = _leaves(of, full, kept)
    flow[arcs] = _cheapest_parts(of, arcs, cost[arcs], left)
    return flow


def _carried(of: Graph, earlier: Earlier) -> np.ndarray:
    """(arcs,) people of the earlier answer on the arcs of this graph; what went over other ways is missing."""
    net, m = of.network, of.network.slots
    offers, old, new = len(net.offer_cost), earlier.ways, of.ways
    key, order = old.hub * m + old.slot, np.argsort(old.hub * m + old.slot)
    found = np.zeros(len(of.tail), np.int64)
    found[:offers] = earlier.arcs[:offers]
    found[of.optional :] = earlier.arcs[offers + len(old.cost) :]
    if len(order):
        at = order[np.minimum(np.searchsorted(key[order], new.hub * m + new.slot), len(order) - 1)]
        known = key[at] == new.hub * m + new.slot
        found[offers : of.optional] = np.where(known, earlier.arcs[offers + at], 0)
    return found


class _Draw:
    """Numbers drawn for arcs from classes, hubs and slots."""

    def __init__(self, network: Network, marks: Marks) -> None:
        self.network, self.marks = network, marks
        nodes = len(marks.person) + network.hubs + len(marks.slot) + len(network.seats.unit_cap) + 2
        bits, most = min(BITS, SUM_BITS - nodes.bit_length()), 0
        if network.counted:  # one change weighs more than all that a circle of arcs can draw
            bits = max(1, min(BITS, SUM_BITS - 3 - 2 * nodes.bit_length()))
            most = 1 << (bits + nodes.bit_length() + 1)
        self._shift = np.full(1, 64 - bits, np.uint64)
        self._moves = most * network.moves[network.offer_class], most * network.stays.moves
        lowest = np.full(network.hubs, ~np.uint64(0))
        np.minimum.at(lowest, network.offer_hub, marks.person[network.offer_class])
        wish = np.full(network.hubs, ~np.uint64(0))
        for block in network.blocks:
            first = np.full(block.wishes, ~np.uint64(0))
            np.minimum.at(first, block.wish, marks.slot[block.slots])
            wish[block.first : block.first + block.rows * block.wishes] = np.tile(first, block.rows)
        self.hub = mixed(lowest, wish)
        units = np.arange(len(network.seats.unit_cap) + 1).astype(np.uint64)  # and the sink
        self.node = np.concatenate([marks.person, self.hub, ~marks.slot, units])

    def digests(
        self, of: Graph, arcs: np.ndarray, left: np.ndarray, part: np.ndarray, count: int
    ) -> np.ndarray:
        """(count,) uint64 of each part: its arcs with their room, and what its nodes send."""
        tail, head = self.node[of.tail[arcs]], self.node[of.head[arcs]]
        kind = np.searchsorted(of.kinds, arcs, side="right").astype(np.uint64)
        sends = left[of.tail[arcs]].astype(np.uint64)
        takes = np.where(of.head[arcs] == len(left) - 1, 0, left[of.head[arcs]]).astype(np.uint64)
        room = np.where(arcs < of.optional, 0, of.room[arcs]).astype(np.uint64)
        each = mixed(tail, head, kind, room, sends, takes, self._shift)
        order = np.argsort(part, kind="stable")
        first = np.searchsorted(part[order], np.arange(count))
        with np.errstate(over="ignore"):
            return np.add.reduceat(each[order], first) if count else np.zeros(0, np.uint64)

    def arcs(self, of: Graph) -> np.ndarray:
        """(arcs,) int64; 0 for those that lead to the sink or from units."""
        net, marks = self.network, self.marks
        pairs = (
            (marks.person[net.offer_class], self.hub[net.offer_hub]),
            (self.hub[of.ways.hub], marks.slot[of.ways.slot]),
            (~marks.person[net.stays.of_class], marks.slot[net.stays.slot]),
        )
        found = np.zeros(len(of.tail), np.int64)
        drawn = [self._number(*p) for p in pairs]
        drawn[0] += self._moves[0]
        drawn[2] += self._moves[1]
        found[: sum(map(len, drawn))] = np.concatenate(drawn)
        return found

    def priced(self, known: Worths, nodes: np.ndarray, offers: np.ndarray) -> Ways:
        """Ways in balance by ``known`` that would lower the sum of the draw, whose potentials are ``nodes`` (nodes,).

        ``offers`` (offers,) bool: those in balance.
        """
        net = self.network
        hub, seat = np.full(net.hubs, FAR), nodes[len(self.marks.person) + net.hubs :]
        person = self._number(self.marks.person[net.offer_class], self.hub[net.offer_hub]) + self._moves[0]
        person += nodes[net.offer_class]
        np.minimum.at(hub, net.offer_hub[offers], person[offers])
        parts: list[Ways] = []
        for block in net.blocks:
            inside = slice(block.first, block.first + block.rows * block.wishes)
            shape = block.rows, block.wishes
            worth, drawn = known.hub[inside].reshape(shape), hub[inside].reshape(shape)
            mark = self.hub[inside].reshape(shape)
            slot, here = known.slot[block.slots], seat[block.slots]
            for first, last, cost in block.parts():
                row, column = np.nonzero((cost < NEVER) & (cost + worth[first:last, block.wish] == slot))
                row_here, wish = first + row, block.wish[column]
                number = self._number(mark[row_here, wish], self.marks.slot[block.slots[column]])
                gain = number + drawn[row_here, wish] - here[column]
                low = (gain < 0) & (drawn[row_here, wish] < FAR)
                row, column, gain = row[low], column[low], gain[low]
                order = np.lexsort((column, gain, row))
                row, column = row[order], column[order]
                few = np.arange(len(row)) - np.searchsorted(row, row) < JOINING
                row, column = row[few], column[few]
                at = block.first + (first + row) * block.wishes + block.wish[column]
                parts.append(Ways(at, block.slots[column], cost[row, column].astype(np.int64)))
        empty = [np.zeros(0, np.int64)]
        return Ways(
            *(np.concatenate([*empty, *(getattr(p, k) for p in parts)]) for k in ("hub", "slot", "cost"))
        )

    def _number(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return (mixed(one, other) >> self._shift).astype(np.int64)
