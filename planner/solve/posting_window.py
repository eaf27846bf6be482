"""A flow that is nearly the cheapest is mended where it is not: in a window of places around what is out of balance.

Only people in the window move. The worths of all nodes, begun with those known before, then tell whether anything
outside would be better as well; if so the window grows. So a small change costs little, however large the country.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.posting_flow import Cheapest, Graph, Guess, Unsettled, send, settled
from planner.solve.posting_pricing import Priced
from planner.solve.posting_start import MATTERS, WIDER

TRIES = 3  # windows of one kind of zone, before larger zones are taken
LARGEST = 0.5  # share of the slots in a window from which on the whole is sent anew
SWEEPS = 400  # that worths may take before what still changes is looked at


@dataclass(frozen=True)
class Near:
    """A flow that is the cheapest almost everywhere.

    Parameters
    ----------
    arcs : ndarray
        (arcs,) people; feasible.
    nodes : ndarray
        (nodes,) worths that are nearly right.
    most : int
        The largest reduced cost that may matter beside ``nodes``.
    """

    arcs: np.ndarray
    nodes: np.ndarray
    most: int


def widened(of: Graph, found: Cheapest, priced: Priced) -> Near:
    """The flow among the ways that pricing adds."""
    more = len(of.ways.plus(priced.ways).cost) - len(of.ways.cost)
    arcs = np.insert(found.arcs, of.optional, np.zeros(more, np.int64))
    return Near(arcs, found.nodes, MATTERS * (1 + priced.worst))


def mended(of: Graph, zone: np.ndarray, near: Near) -> Cheapest | None:
    """The cheapest flow over the graph's arcs; ``None`` where the windows get too large.

    A window is made of the zones, at first the smallest, of slots on cycles of exchanges that pay. ``zone`` (k, m) as in the
    engine ``posting``.
    """
    rows = np.repeat(np.atleast_2d(zone), TRIES, axis=0)
    touched, flow, most = np.zeros(of.network.slots, np.bool_), near.arcs, near.most
    guess = Guess(of.worths(near.nodes), most)
    for row in [*rows, None]:
        try:
            nodes, sweeps = settled(of, flow, SWEEPS, near.nodes)
        except Unsettled as error:
            more = _slots_among(of, error.nodes)
            if not np.any(more & ~touched):  # it is the guess that was cut off too low
                guess = Guess(guess.worths, guess.most * WIDER)
            touched |= more
        else:
            return Cheapest(flow, nodes, guess, sweeps)
        window = touched if row is None else np.isin(row, row[touched])
        if row is None or window.sum() > LARGEST * len(window):
            return None
        try:
            flow = send(of, guess, flow, _inside(of, window))
        except ArithmeticError:
            return None
    return None


def _inside(of: Graph, window: np.ndarray) -> np.ndarray:
    """(arcs,) bool: arcs on which people may move when only slots of the ``window`` (m,) bool change theirs."""
    net, ways = of.network, of.ways
    seats, stays = net.seats, net.stays
    hub, person = np.zeros(net.hubs, np.bool_), np.zeros(len(seats.supply), np.bool_)
    hub[ways.hub[window[ways.slot]]] = True
    offers, staying = hub[net.offer_hub], window[stays.slot]
    person[net.offer_class[offers]] = True
    person[stays.of_class[staying]] = True
    capped = seats.unit >= 0
    unit = np.zeros(len(seats.unit_cap), np.bool_)
    unit[seats.unit[capped & person]] = True
    parts = [offers, window[ways.slot], staying, window, window, person[~capped], person[capped], unit]
    return np.concatenate(parts)


def _slots_among(of: Graph, nodes: np.ndarray) -> np.ndarray:
    """(m,) bool: slots among ``nodes``."""
    net, marked = of.network, np.zeros(len(of.supply), np.bool_)
    marked[nodes] = True
    first = len(net.seats.supply) + net.hubs
    return marked[first : first + net.slots]
