"""Hard seats that the flow's teams leave open: a plan that fills them, or the proof that none can.

Villages without hard seats are in the way of none: a plan that fills hard seats still does when all others get nobody new. So the
villages that have some are decided alone, and where that is impossible so is the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.solve.clock import Clock
from planner.solve.posting_exact import Problem, best, impossible
from planner.solve.posting_graph import Worths
from planner.solve.posting_network import Network
from planner.solve.posting_pairs import list_pairs, nearest
from planner.solve.posting_pricing import NONE
from planner.solve.posting_sent import Sent

MOST_PAIRS = 6_000  # that are decided over
LISTED = 20  # times as many are looked through for the nearest
FEW = 24  # of each slot then; and of people who speak its language


@dataclass(frozen=True)
class Filled:
    """People of the villages with hard seats, if a plan was found; ``impossible`` (m,) bool: slots that no plan fills, if so."""

    sent: Sent | None
    impossible: np.ndarray | None


def fill(
    network: Network, known: Worths, whole: Problem, plan: Sent, left: np.ndarray, options: Mapping[str, Any], clock: Clock
) -> Filled:  # fmt: skip
    """Fill the hard seats of ``whole``, of which ``plan`` leaves ``left`` (m,) bool open.

    Impossible is told only where all pairs of these villages took part: of the villages of ``left``, if these are impossible by
    themselves, else of all. With ``options["whether"]`` it is told at once, and by one solver.
    """
    village = whole.rules.teams.village
    every = np.bincount(village, whole.hard, len(whole.villages)) > 0
    every |= whole.rules.lost_hard
    alone = np.bincount(village, left, len(whole.villages)) > 0
    sent, settled = _decided(network, known, whole, plan, every, options, clock)
    if sent is not None:
        return Filled(sent, None)
    if settled and options.get("whether"):
        return Filled(None, every[village] & (whole.hard | whole.rules.lost_hard[village]))
    for chosen in [alone, every][: 1 + settled]:
        if chosen is every or _decided(network, known, whole, plan, chosen, options, clock)[1]:
            return Filled(None, chosen[village] & (whole.hard | whole.rules.lost_hard[village]))
    return Filled(None, None)


def _decided(
    network: Network, known: Worths, whole: Problem, plan: Sent, villages: np.ndarray, options: Mapping[str, Any], clock: Clock
) -> tuple[Sent | None, bool]:  # fmt: skip
    """A plan of these ``villages`` (v,) bool alone that fills their hard seats; whether it is settled that there is none."""
    village = whole.rules.teams.village
    slots = villages[village]
    pairs = list_pairs(network, known, slots, NONE, LISTED * MOST_PAIRS)
    if pairs is None:
        return None, False
    every = len(pairs.cost) <= MOST_PAIRS
    if not every:
        speaks = whole.rules.understood(pairs.of_class, village[pairs.slot])
        pairs = nearest(pairs, FEW, speaks, pairs.counts(plan, network.slots) > 0)
    problem = replace(whole, hard=whole.hard & slots, pairs=pairs, villages=villages)
    found = best(problem, None, options, clock)
    return found.sent, every and found.nothing and (
        bool(options.get("whether")) or impossible(problem, options)
    )
