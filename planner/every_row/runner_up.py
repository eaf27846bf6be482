"""The runner-up of each cadre: the exact one where few are asked about and chains tell, else the one of which the least is proved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.otherwise.posting_chains import flow_of
from planner.stages.cadres.chains import Search, Unproved, holds
from planner.stages.cadres.standing import Standing

FEW = 300
"""Cadres up to which the exact runner-up of each is looked for: a search takes about a hundredth of a second in a whole country."""


@dataclass(frozen=True)
class RunnersUp:
    """Another post for each of some cadres.

    Parameters
    ----------
    slot : ndarray
        (k,) int64: −1 where there is none.
    added : ndarray
        (k,) int64 thousandths that the plan's objective grows by with it: at least, or where it is ``exact`` just so much.
    exact : ndarray
        (k,) bool: whether no other post adds less.
    """

    slot: np.ndarray
    added: np.ndarray
    exact: np.ndarray


def runners_up(standing: Standing, rows: np.ndarray, slot: np.ndarray, added: np.ndarray) -> RunnersUp:
    """The runners-up of cadres (k,); ``slot`` and ``added`` (k,): those of which the least is proved."""
    found = RunnersUp(slot.copy(), added.copy(), np.zeros(len(rows), np.bool_))
    if len(rows) > FEW:
        return found
    for k, row in enumerate(rows.tolist()):
        best = _best(standing, row)
        if best is not None:
            found.slot[k], found.added[k], found.exact[k] = *best, True
    return found


def _best(standing: Standing, row: int) -> tuple[int, int] | None:
    """The post that adds least for a cadre and what it adds; ``None`` where no chain tells."""
    if standing.class_of_row[row] < 0 or not standing.is_flow(standing.task_of(row)):
        return None
    slots = standing.open_seats(row)
    slots = slots[slots != standing.before[row]]
    if not slots.size:
        return None
    flow = flow_of(standing)
    try:
        chain = Search(flow, row, slots).best()
    except Unproved:
        return None
    if chain is None or not holds(flow, row, chain):
        return None
    return chain.slot, chain.change
