"""Why seats that must be filled cannot be: a set of them that too few people can reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.posting_flow import Arcs, Flow, Seats
from planner.solve.posting_groups import NEVER, Group
from planner.solve.task import Arrays


@dataclass(frozen=True)
class Cut:
    """``asked`` hard seats at ``slots`` (m,) bool, and the ``reachable`` people who may take any of them."""

    slots: np.ndarray
    asked: int
    reachable: int


def cut(arrays: Arrays, seats: Seats, groups: list[Group], arcs: Arcs, flow: Flow) -> Cut:
    """Follow alternating paths back from the empty hard seats (Hall's condition).

    Everyone who may take one of the seats sits on a hard seat that is in the set as well, else the flow could
    have moved up; so the set's seats outnumber its people.
    """
    n = len(seats.supply)
    slots = np.asarray(arrays["hard"] & (flow.filled[0] < seats.count[0]))
    classes = np.zeros(n, np.bool_)
    used = flow.arcs > 0
    while True:
        classes = _who_may(groups, arcs, slots, n)
        units = np.unique(seats.unit[classes & (seats.unit >= 0)])
        tied = classes | np.isin(seats.unit, units)
        more = slots.copy()
        more[arcs.slot[used & tied[arcs.of_class]]] = True
        more &= arrays["hard"] & (seats.count[0] > 0)
        if (more == slots).all():
            break
        slots = more
    free = int(seats.supply[classes & (seats.unit < 0)].sum())
    by_unit = np.bincount(
        seats.unit[classes & (seats.unit >= 0)],
        seats.supply[classes & (seats.unit >= 0)],
        len(seats.unit_cap),
    )
    return Cut(slots, int(seats.count[0][slots].sum()), free + int(np.minimum(by_unit, seats.unit_cap).sum()))


def _who_may(groups: list[Group], arcs: Arcs, slots: np.ndarray, n: int) -> np.ndarray:
    found = np.zeros(n, np.bool_)
    found[arcs.of_class[slots[arcs.slot]]] = True
    for group in groups:
        inside = slots[group.slots]
        if inside.any():
            for first, last, cost in group.blocks():
                found[group.classes[first:last]] |= (cost[:, inside] < NEVER).any(axis=1)
    return found
