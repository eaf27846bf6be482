"""Teams: a village gets new people only when someone leads them and they are enough."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.solve.posting_flow import cheapest
from planner.solve.posting_graph import NO_WAYS, Guess, Ways, Worths, graph
from planner.solve.posting_network import Network
from planner.solve.posting_pricing import price
from planner.solve.posting_sent import Sent, people_sent
from planner.solve.posting_start import MATTERS, guesses
from planner.solve.posting_ties import Marks

TRIES = 8
MANY, FEW = 12, 4


@dataclass(frozen=True)
class Teams:
    """What the team rule knows; shapes as in the engine ``posting``."""

    village: np.ndarray
    leads: np.ndarray
    there: np.ndarray
    led: np.ndarray
    wanted: np.ndarray

    def broken(self, at_slot: np.ndarray) -> np.ndarray:
        """Villages, (v,) bool, whose new people (m,) are without a leader or too few with those there."""
        v = len(self.there)
        new = np.bincount(self.village, at_slot, v).astype(np.int64)
        leaders = np.bincount(self.village, at_slot * self.leads, v).astype(np.int64)
        short = ~(self.led | (leaders > 0)) | (new + self.there < self.wanted)
        return np.asarray((self.wanted > 0) & (new > 0) & short)


def near_ways(network: Network, used: Ways, known: Worths) -> Ways:
    """The ways ``used``, and the :data:`MANY` nearest of each row of costs, :data:`FEW` of each slot."""
    most = MATTERS * (1 + network.most_cost())
    return NO_WAYS.plus(used).plus(price(network, known.hub, known.slot, MANY, FEW, most).ways)


def repair(
    network: Network, used: Ways, known: Worths, marks: Marks, sent: Sent, teams: Teams
) -> tuple[np.ndarray, Sent]:
    """Close villages whose team is not whole and send the flow again until all teams are whole.

    Only the smaller half of them is closed at a time (those who have the fewest people first), so that their people can
    complete the others; after :data:`TRIES` tries all of them are closed and their people stay at home. The flow is sent over
    :func:`near_ways`.

    Returns
    -------
    closed : ndarray
        (v,) bool.
    sent : Sent
        Keeps the team rule.
    """
    seats = network.seats
    closed = np.zeros(len(teams.there), np.bool_)
    most = MATTERS * (1 + network.most_cost())
    ways = NO_WAYS
    for _ in range(TRIES):
        at_slot = sent.at_slots(network.slots)
        broken = np.flatnonzero(teams.broken(at_slot))
        if not broken.size:
            return closed, sent
        people = np.bincount(teams.village, at_slot, len(closed))[broken]
        closed[broken[np.argsort(people, kind="stable")[: (broken.size + 1) // 2]]] = True
        left = replace(network, seats=replace(seats, count=seats.count * ~closed[teams.village]))
        if not len(ways.cost):
            ways = near_ways(network, used, known)
        of = graph(left, ways)
        found = cheapest(of, guesses(left, ways, Guess(known, most)))
        sent = people_sent(network, ways, of.flow(found.arcs), marks)
    closed |= teams.broken(sent.at_slots(network.slots))
    return closed, sent.only(~closed[teams.village][sent.slot])
