"""Why seats that must be filled cannot be: a set of them that too few people can reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.posting_graph import Flow
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

    Everyone who may still move to one of the seats sits on a hard seat that is in the set as well, or is held back by a unit
    whose other people do, else the flow could have moved up; so the set's seats outnumber its people.
    """
    seats, stays = network.seats, network.stays
    slots = np.asarray(hard & (flow.filled[0] < seats.count[0]))
    while True:
        anyone = _who_may(network, slots)
        classes = anyone.copy()
        classes[stays.of_class[slots[stays.slot] & (flow.stays < stays.room)]] = True
        held = classes & (seats.unit >= 0) & (flow.released < seats.supply)
        tied = classes | np.isin(seats.unit, np.unique(seats.unit[held]))
        more = slots.copy()
        more[sent.slot[tied[sent.of_class]]] = True
        more &= hard & (seats.count[0] > 0)
        if (more == slots).all():
            break
        slots = more
    return counted(network, slots)


def counted(network: Network, slots: np.ndarray) -> Cut:
    """What the hard seats at ``slots`` (m,) bool ask for, and who may take any of them."""
    seats, stays = network.seats, network.stays
    anyone = _who_may(network, slots)
    people, staying = np.where(anyone, seats.supply, 0), slots[stays.slot]
    np.add.at(people, stays.of_class[staying], stays.room[staying])
    people, capped = np.minimum(people, seats.supply), seats.unit >= 0
    by_unit = np.bincount(seats.unit[capped], people[capped], len(seats.unit_cap))
    reachable = int(people[~capped].sum()) + int(np.minimum(by_unit, seats.unit_cap).sum())
    return Cut(slots, people > 0, int(seats.count[0][slots].sum()), reachable)


def _who_may(network: Network, slots: np.ndarray) -> np.ndarray:
    """(n,) bool: classes of which anyone may take one of ``slots`` (m,) bool, in place there or not."""
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
    return found
