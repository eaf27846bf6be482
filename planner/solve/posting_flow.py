"""The flow of people to posts over given arcs, and its potentials.

Nodes: units (where a cap binds), classes, slots, one sink. A person who is not posted goes straight to the
sink. A slot's arcs to the sink carry what filling it is worth: first its must-seats, then its further seats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

FAR = np.iinfo(np.int64).max // 4


@dataclass(frozen=True)
class Seats:
    """What is asked for.

    Parameters
    ----------
    supply : ndarray
        (n,) people in each class.
    unit : ndarray
        (n,) number of the class's unit where its release is capped, else −1.
    unit_cap : ndarray
        (u,) people that it may release.
    count, gain : ndarray
        (2, m) seats of each slot and what one filled seat is worth; row 0 must-seats, row 1 further seats.
    """

    supply: np.ndarray
    unit: np.ndarray
    unit_cap: np.ndarray
    count: np.ndarray
    gain: np.ndarray


@dataclass(frozen=True)
class Arcs:
    """Arcs from classes to slots; ``room`` is how many may take one, ``capped`` whether that is a rule."""

    of_class: np.ndarray
    slot: np.ndarray
    cost: np.ndarray
    room: np.ndarray
    capped: np.ndarray

    def only(self, part: np.ndarray) -> Arcs:
        """Those of the numbers ``part``."""
        return Arcs(self.of_class[part], self.slot[part], self.cost[part], self.room[part], self.capped[part])

    def plus(self, more: tuple[np.ndarray, np.ndarray, np.ndarray], supply: np.ndarray) -> Arcs:
        """With further arcs (class, slot, cost), open to the whole class."""
        return Arcs(
            np.concatenate([self.of_class, more[0]]),
            np.concatenate([self.slot, more[1]]),
            np.concatenate([self.cost, more[2]]),
            np.concatenate([self.room, supply[more[0]]]),
            np.concatenate([self.capped, np.zeros(len(more[0]), np.bool_)]),
        )


@dataclass(frozen=True)
class Prices:
    """Worth of a person in each class and at each slot, and the largest reduced cost that may matter."""

    person: np.ndarray
    slot: np.ndarray
    most: int


@dataclass(frozen=True)
class Flow:
    """``arcs`` (k,) people on each arc, ``filled`` (2, m) seats that are taken, ``released`` (n,) people of each class."""

    arcs: np.ndarray
    filled: np.ndarray
    released: np.ndarray


def send(seats: Seats, arcs: Arcs, known: Prices | None = None) -> Flow:
    """Cheapest flow, by cost-scaling push–relabel on whole arrays.

    The solver's work grows with the logarithm of the largest cost. With ``known`` prices it gets costs reduced by them
    and cut off at ``known.most``: a guess whose optimality :func:`potentials` has to confirm on the true costs.

    Raises
    ------
    ArithmeticError
        When the solver refuses the costs.
    """
    n, m, u = len(seats.supply), seats.count.shape[1], len(seats.unit_cap)
    sink = n + m + u
    capped, free = np.flatnonzero(seats.unit >= 0), np.flatnonzero(seats.unit < 0)
    tail = [
        arcs.of_class,
        n + np.arange(m),
        n + np.arange(m),
        n + m + seats.unit[capped],
        n + m + np.arange(u),
        free,
    ]
    head = [n + arcs.slot, np.full(2 * m, sink), capped, np.full(u + len(free), sink)]
    room = [arcs.room, *seats.count, seats.supply[capped], seats.unit_cap, seats.supply[free]]
    cost = [arcs.cost, *-seats.gain, np.zeros(len(capped) + u + len(free), np.int64)]
    if known is not None:
        worth = np.maximum(known.slot, -FAR // 8)
        cost = [
            arcs.cost + known.person[arcs.of_class] - worth[arcs.slot],
            *(worth - seats.gain),
            known.person,
        ]
        cost = [np.clip(part, -known.most, known.most) for part in cost]
    solver: Any = (
        min_cost_flow.SimpleMinCostFlow()
    )  # its stubs want arrays of an exact dtype and call solve() untyped
    numbers = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tail).astype(np.int32),
        np.concatenate(head).astype(np.int32),
        np.concatenate(room).astype(np.int64),
        np.concatenate(cost).astype(np.int64),
    )
    given = np.zeros(sink + 1, np.int64)
    given[free], given[n + m : sink] = seats.supply[free], seats.unit_cap
    given[sink] = -given.sum()
    solver.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), given)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"min-cost flow: {status}")
    k = len(arcs.cost)
    found = np.asarray(solver.flows(numbers[: k + 2 * m]))
    return Flow(found[:k], found[k:].reshape(2, m), np.bincount(arcs.of_class, found[:k], n).astype(np.int64))


def potentials(
    seats: Seats, arcs: Arcs, flow: Flow, most: int | None = None
) -> tuple[np.ndarray, np.ndarray, int]:
    """Worth of one person more in each class, and of one person at each slot; and the sweeps that it took.

    Shortest distances to the sink in the residual graph (Bellman–Ford over whole arrays, each sweep only from
    what the last one lowered). On every arc ``cost ≥ worth_slot − worth_class``, on a capped one as long as it has
    room; equality where people move. A slot without seats is worth ``−FAR``.

    Raises
    ------
    ArithmeticError
        When the residual graph has a negative cycle (the flow was not the cheapest), or ``most`` sweeps do not do.
    """
    n, m = len(seats.supply), seats.count.shape[1]
    person = np.where(seats.unit < 0, 0, FAR)
    slot = np.full(m, FAR)
    for part in (1, 0):
        left = flow.filled[part] < seats.count[part]
        slot = np.where(left, np.minimum(slot, -seats.gain[part]), slot)
    used, room = flow.arcs > 0, ~arcs.capped | (flow.arcs < arcs.room)
    back = _Star(arcs.of_class[used], arcs.slot[used], -arcs.cost[used], n)
    forth = _Star(arcs.slot[room], arcs.of_class[room], arcs.cost[room], m)
    unit = _Units(seats, flow)
    unit.lower(person)
    lowered_class, lowered_slot = np.flatnonzero(person < FAR), np.flatnonzero(slot < FAR)
    for sweep in range(2 * (n + m) + 2 if most is None else most):
        if not (lowered_class.size or lowered_slot.size):
            person, slot = np.maximum(-person, 0), -slot
            _no_better_seat(seats, flow, person, slot)
            return person, slot, sweep
        before = person.copy()
        forth.relax(lowered_slot, slot, person)
        unit.lower(person)
        lowered = np.flatnonzero(person < before)
        lowered_class = lowered if sweep else np.union1d(lowered_class, lowered)
        before = slot.copy()
        back.relax(lowered_class, person, slot)
        lowered_class, lowered_slot = lowered_class[:0], np.flatnonzero(slot < before)
    raise ArithmeticError("the residual graph has a negative cycle")


def _no_better_seat(seats: Seats, flow: Flow, person: np.ndarray, slot: np.ndarray) -> None:
    """No person is worth more elsewhere than the seat it fills, nobody who stays at home is worth anything.

    Raises
    ------
    ArithmeticError
        Where it is not so: an exchange by way of the sink would be cheaper.
    """
    outbid = (flow.filled > 0) & (slot > seats.gain)
    home = (flow.released < seats.supply) & (person > 0)
    if len(seats.unit_cap):
        capped = seats.unit >= 0
        released = np.bincount(seats.unit[capped], flow.released[capped], len(seats.unit_cap))
        home[capped] &= (released < seats.unit_cap)[seats.unit[capped]]
    if outbid.any() or home.any():
        raise ArithmeticError("the flow is not the cheapest: an exchange by way of the sink is cheaper")


class _Star:
    """Arcs sorted by the node from which a distance spreads."""

    def __init__(self, source: np.ndarray, target: np.ndarray, cost: np.ndarray, n: int) -> None:
        order = np.argsort(source, kind="stable")
        self.target, self.cost = target[order], cost[order]
        self.start = np.searchsorted(source[order], np.arange(n + 1))

    def relax(self, changed: np.ndarray, known: np.ndarray, lowered: np.ndarray) -> None:
        first, size = self.start[changed], self.start[changed + 1] - self.start[changed]
        total = int(size.sum())
        if not total:
            return
        arc = np.repeat(first - np.concatenate([[0], np.cumsum(size)[:-1]]), size) + np.arange(total)
        np.minimum.at(lowered, self.target[arc], np.repeat(known[changed], size) + self.cost[arc])


class _Units:
    """A unit's own distance: what one person more that it may release is worth."""

    def __init__(self, seats: Seats, flow: Flow) -> None:
        self.seats, self.capped = seats, np.flatnonzero(seats.unit >= 0)
        released = flow.released[self.capped]
        self.more = self.capped[released < seats.supply[self.capped]]
        self.some = self.capped[released > 0]

    def lower(self, person: np.ndarray) -> None:
        if not self.capped.size:
            return
        unit = self.seats.unit
        worth = np.zeros(len(self.seats.unit_cap), np.int64)  # the unit's own way to the sink costs nothing
        np.minimum.at(worth, unit[self.more], person[self.more])
        np.minimum.at(person, self.some, worth[unit[self.some]])
