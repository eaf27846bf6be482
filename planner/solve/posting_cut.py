"""Why seats that must be filled cannot be: a set of them that too few people can reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.posting_flow import Flow
from planner.solve.posting_network import NEVER, Network
from planner.solve.posting_sent import Sent


@dataclass(frozen=True)
class Cut:
    """``asked`` hard seats at ``slots`` (m,) bool, and the ``reachable`` people, of ``classes`` (n,) bool, who may take any."""

    slots: np.ndarray
    classes: np.ndarray
    asked: int
    reachable: int


def cut(hard: np.ndarray, network: Network, sent: Sent, flow: Flow) -> Cut:
    """Follow alternating paths back from the empty seats that are ``hard`` (m,) bool (Hall's condition).

    Everyone who may take one of the seats sits on a hard seat that is in the set as well, else the flow could
    have moved up; so the set's seats outnumber its people.
    """
    seats = network.seats
    slots = np.asarray(hard & (flow.filled[0] < seats.count[0]))
    while True:
        classes = _who_may(network, slots)
        units = np.unique(seats.unit[classes & (seats.unit >= 0)])
        tied = classes | np.isin(seats.unit, units)
        more = slots.copy()
        more[sent.slot[tied[sent.of_class]]] = True
        more &= hard & (seats.count[0] > 0)
        if (more == slots).all():
            break
        slots = more
    free = int(seats.supply[classes & (seats.unit < 0)].sum())
    by_unit = np.bincount(
        seats.unit[classes & (seats.unit >= 0)],
        seats.supply[classes & (seats.unit >= 0)],
        len(seats.unit_cap),
    )
    reachable = free + int(np.minimum(by_unit, seats.unit_cap).sum())
    return Cut(slots, classes, int(seats.count[0][slots].sum()), reachable)


def _who_may(network: Network, slots: np.ndarray) -> np.ndarray:
    """(n,) bool: classes that may take one of ``slots`` (m,) bool."""
    hubs = np.zeros(network.hubs, np.bool_)
    for block in network.blocks:
        inside = np.flatnonzero(slots[block.slots])
        if not inside.size:
            continue
        for first, _, cost in block.parts():
            row, column = np.nonzero(cost[:, inside] < NEVER)
            hubs[block.first + (first + row) * block.wishes + block.wish[inside[column]]] = True
    found = np.zeros(len(network.seats.supply), np.bool_)
    found[network.offer_class[hubs[network.offer_hub]]] = True
    found[network.stays.of_class[slots[network.stays.slot]]] = True
    return found
