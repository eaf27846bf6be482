"""A flow that is nearly the cheapest is mended where it is not: in a window of places around what is out of balance.

Only people in the window move. The worths of all nodes, begun with those known before, then tell whether anything
outside would be better as well; if so the window grows. So a small change costs little, however large the country.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.solve.posting_flow import LARGEST, Cheapest, Unsettled, send, settled
from planner.solve.posting_graph import Graph, Guess, Ways

TRIES = 8  # windows, each larger than the one before
SMALL = 0.15  # share of the slots up to which a window is made of the largest zones
AT_ONCE = 0.05  # … already the first, which then is sent with all that the solver takes
MOST = 0.5  # share of the slots in a window from which on the whole is sent anew
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
    touched : ndarray, optional
        (m,) bool: slots around which it is known not to be, or no longer.
    window : ndarray, optional
        (m,) bool: slots among which it was last mended.
    """

    arcs: np.ndarray
    nodes: np.ndarray
    most: int
    touched: np.ndarray | None = None
    window: np.ndarray | None = None


def widened(of: Graph, near: Near, more: Ways) -> tuple[Graph, Near]:
    """The graph with more ways, and the flow, which takes none of them, on it."""
    wide = of.plus(more)
    added = len(wide.ways.cost) - len(of.ways.cost)
    return wide, replace(near, arcs=np.insert(near.arcs, of.optional, np.zeros(added, np.int64)))


def faults(of: Graph, near: Near) -> np.ndarray | None:
    """(m,) bool: slots on cycles of exchanges that pay; ``None`` where the flow is the cheapest."""
    try:
        settled(of, near.arcs, SWEEPS, near.nodes)
    except Unsettled as error:
        return _slots_among(of, error.nodes)
    return None


@dataclass(frozen=True)
class Mended:
    """The cheapest flow over the graph's arcs, and where the one it came from was not: as in :class:`Near`."""

    found: Cheapest
    touched: np.ndarray
    window: np.ndarray


def mended(of: Graph, zone: np.ndarray, near: Near) -> Mended | None:
    """The cheapest flow over the graph's arcs; ``None`` where the windows get too large.

    A window is made of the zones of slots on cycles of exchanges that pay; the first is the one in which ``near`` was mended,
    if any. ``zone`` (k, m) as in the engine ``posting``.
    """
    touched, window, flow = *np.zeros((2, of.network.slots), np.bool_), near.arcs
    guess, known, first = Guess(of.worths(near.nodes), near.most), near.touched, near.window is None
    if near.window is not None and known is not None:
        window = near.window.copy()
    for number in range(TRIES + 1):
        if known is None:
            try:
                nodes, sweeps = settled(of, flow, SWEEPS, near.nodes)
            except Unsettled as error:
                more = _slots_among(of, error.nodes)
            else:
                return Mended(Cheapest(flow, nodes, guess, sweeps), touched, window)
            if not np.any(more & ~window):  # the guess was cut off too low: as far as the solver goes
                guess = Guess(guess.worths, LARGEST)
        else:
            more, known = known, None
        touched |= more
        window |= _window(np.atleast_2d(zone), touched, AT_ONCE if first and number == 0 else SMALL)
        if window.sum() <= AT_ONCE * len(window):
            guess = Guess(guess.worths, LARGEST)
        if number == TRIES or window.sum() > MOST * len(window):
            return None
        try:
            flow = send(of, guess, flow, _inside(of, window))
        except ArithmeticError:
            return None
    return None


def _window(zone: np.ndarray, touched: np.ndarray, small: float) -> np.ndarray:
    """(m,) bool: the largest zones of ``touched`` (m,) bool where they are no more than that share, else the second largest."""
    if not len(zone):
        return touched
    fine, coarse = (np.isin(row, row[touched]) for row in (zone[-2:][0], zone[-1]))
    return coarse if coarse.sum() <= small * len(touched) else fine


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
