"""Teams: a village gets new people only when someone leads them and they are enough."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.solve.posting_flow import Arcs, Flow, Seats, send

TRIES = 8


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


def repair(seats: Seats, arcs: Arcs, flow: Flow, teams: Teams) -> tuple[np.ndarray, Flow]:
    """Close villages whose team is not whole and send the flow again until all teams are whole.

    Only the smaller half of them is closed at a time (those who have the fewest people first), so that their people can
    complete the others; after :data:`TRIES` tries all of them are closed and their people stay at home.

    Returns
    -------
    closed : ndarray
        (v,) bool.
    flow : Flow
        Keeps the team rule.
    """
    m = seats.count.shape[1]
    closed = np.zeros(len(teams.there), np.bool_)
    for _ in range(TRIES):
        at_slot = np.bincount(arcs.slot, flow.arcs, m).astype(np.int64)
        broken = np.flatnonzero(teams.broken(at_slot))
        if not broken.size:
            return closed, flow
        people = np.bincount(teams.village, at_slot, len(closed))[broken]
        closed[broken[np.argsort(people, kind="stable")[: (broken.size + 1) // 2]]] = True
        open_slot = ~closed[teams.village]
        flow = send(replace(seats, count=seats.count * open_slot), arcs)
    return _without(seats, arcs, flow, teams, closed)


def _without(
    seats: Seats, arcs: Arcs, flow: Flow, teams: Teams, closed: np.ndarray
) -> tuple[np.ndarray, Flow]:
    m = seats.count.shape[1]
    broken = teams.broken(np.bincount(arcs.slot, flow.arcs, m).astype(np.int64))
    closed = closed | broken
    kept = np.where(closed[teams.village][arcs.slot], 0, flow.arcs)
    at_slot = np.bincount(arcs.slot, kept, m).astype(np.int64)
    must = np.minimum(at_slot, seats.count[0])
    released = np.bincount(arcs.of_class, kept, len(seats.supply)).astype(np.int64)
    return closed, Flow(kept, np.stack([must, at_slot - must]), released)
