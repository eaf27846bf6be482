"""Where the flow of people begins: worths that are nearly right, and ways that fill the best seats.

Two smaller networks give them. The *order*: slots of one type are one, and nothing costs anything; its worths tell which
seats come first, and no longer hide the small costs behind the large worths of seats. The *coarse* network: slots of one
type and one zone are one, at their average cost. What people are worth there is nearly what they are worth in the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from planner.solve.along import along
from planner.solve.clock import Clock
from planner.solve.posting_flow import LARGEST, cheapest, send, worths
from planner.solve.posting_graph import FAR, NO_WAYS, Flow, Guess, Ways, Worths, graph
from planner.solve.posting_network import Network, merged, slot_types, without_costs
from planner.solve.posting_pricing import NONE, hub_worths, price

MOST_WAYS = 3_000_000  # of a small network, all at once
ALL_WAYS = 300_000  # of a whole network that is so small that choosing among its ways takes longer than sending over all
COARSER = 4  # slots of one cluster on average, else the coarse network is left out
MATTERS = 3  # times what costs or prices differ: reduced costs beyond that are cut off
WIDER = 16  # by so much a guess that was cut off too low is widened
MANY, FEW = 16, 8  # first ways of a row of costs; of a slot


@dataclass(frozen=True)
class Start:
    """A guess for the whole network and the ways of the first flow."""

    guess: Guess
    ways: Ways


def start(network: Network, zone: np.ndarray, clock: Clock | None = None) -> Start:
    """Begin with the order, and with the coarse network where a row of ``zone`` makes few clusters of the slots.

    Parameters
    ----------
    network : Network
    zone : ndarray
        (k, m) or (m,) int64: slots with the same number lie close together, closest in the first row; a hint that changes the time
        alone.
    clock : Clock, optional
        When it is up after the order, only the ways that fill the best seats are given.
    """
    of_type = slot_types(network)
    top = MATTERS * (1 + network.most_cost())
    order = _order(network, of_type)
    if order is None:
        nothing = _nothing(network)
        return Start(Guess(nothing, top), _first(network, nothing, 2 * top)[0])
    if clock is not None and clock.up():
        found, _ = _refined(network, of_type, order, top)
        return Start(found.guess, _seeds(network, of_type, order.ways, order.flow))
    everything = _all_ways(network, ALL_WAYS)
    if everything is not None:
        return Start(_refined(network, of_type, order, top)[0].guess, everything)
    coarse = _clusters(of_type, zone)
    if coarse is None:
        return _refined(network, of_type, order, top)[0]
    small = merged(network, coarse)
    begun = _refined(small, of_type[np.unique(coarse, return_index=True)[1]], order, top)[0]
    ways = (
        _all_ways(small, MOST_WAYS) or begun.ways
    )  # with fewer its worths are so much worse that the whole takes longer
    of = graph(small, ways)
    sent = cheapest(of, guesses(small, ways, begun.guess))
    exact = _Small(of.worths(sent.nodes), ways, of.flow(sent.arcs))
    found, shift = _refined(network, coarse, exact, top)
    return Start(Guess(found.guess.worths, MATTERS * (1 + shift)), found.ways)


def _clusters(of_type: np.ndarray, zone: np.ndarray) -> np.ndarray | None:
    """(m,) cluster of each slot by its type and the closest zones that make few of them; ``None`` where none do."""
    for row in np.atleast_2d(zone):
        found = np.unique(np.stack([of_type, row]), axis=1, return_inverse=True)[1].ravel()
        if COARSER * (int(found.max(initial=0)) + 1) <= len(of_type):
            return np.asarray(found)
    return None


@dataclass(frozen=True)
class _Small:
    """Worths, ways and flow of a network whose slots are clusters."""

    worths: Worths
    ways: Ways
    flow: Flow


def _refined(network: Network, of_cluster: np.ndarray, small: _Small, top: int) -> tuple[Start, int]:
    """From a network of clusters, (m,) that of each slot, to its slots; and by how much their worths shift."""
    known = small.worths
    hub, seated = hub_worths(network, known.person), network.seats.count.any(axis=0)
    slot = np.where(seated, known.slot[of_cluster], -FAR)  # no way has to lead to a slot without seats
    ways, least = _first(network, replace(known, hub=hub, slot=slot), top)
    near = np.abs(least) < top
    best = Worths(known.person, hub, np.where(near, slot + least, slot), known.unit)
    ways = ways.plus(_seeds(network, of_cluster, small.ways, small.flow))
    return Start(Guess(best, top), ways), int(np.abs(least[near]).max(initial=0))


def guesses(network: Network, ways: Ways, first: Guess) -> Iterator[Guess]:
    """The first, wider ones, then from the order of seats over these ways alone: one of them is right."""
    yield first
    yield Guess(first.worths, first.most * WIDER)
    most = MATTERS * (1 + network.most_cost())
    found = _by_order(network, without_costs(network), replace(ways, cost=np.zeros_like(ways.cost)))
    known = _nothing(network) if found is None else found[0]
    nodes = sum(_sizes(network)) + 1
    while most < LARGEST // nodes:
        yield Guess(known, most)
        most *= WIDER
    yield Guess(known, LARGEST // nodes)


def _sizes(network: Network) -> tuple[int, int, int, int]:
    return len(network.seats.supply), network.hubs, network.slots, len(network.seats.unit_cap)


def _nothing(network: Network) -> Worths:
    return Worths(*(np.zeros(k, np.int64) for k in _sizes(network)))


def _order(network: Network, of_type: np.ndarray) -> _Small | None:
    """Worths by the order alone, and ways that together fill the best set of seats; ``None`` where it is too large."""
    small = without_costs(merged(network, of_type))
    ways = _all_ways(small, MOST_WAYS)
    found = None if ways is None else _by_order(network, small, ways)
    return None if found is None or ways is None else _Small(found[0], ways, found[1])


def _by_order(network: Network, small: Network, ways: Ways) -> tuple[Worths, Flow] | None:
    """Worths and flow of a network without costs; ``None`` where its gains have no common measure."""
    of = graph(small, ways)
    try:
        flow = send(of)
        known, _ = worths(of, flow)
    except ArithmeticError:
        return None
    scale = _measure(network)
    far = FAR // scale  # what leads nowhere is worth −FAR and stays far below the rest
    parts = (np.maximum(getattr(known, k), -far) * scale for k in ("person", "hub", "slot", "unit"))
    return Worths(*parts), of.flow(flow)


def _measure(network: Network) -> int:
    return max(int(np.gcd.reduce(network.seats.gain, axis=None)), 1)


def _all_ways(network: Network, most: int) -> Ways | None:
    """Every allowed way; ``None`` where there may be more than ``most``."""
    if sum(b.rows * len(b.slots) for b in network.blocks) > most:
        return None
    free = np.zeros(network.hubs, np.int64), np.zeros(network.slots, np.int64)
    return price(network, *free, max((len(b.slots) for b in network.blocks), default=1), 0, NONE).ways


def _first(network: Network, known: Worths, limit: int) -> tuple[Ways, np.ndarray]:
    found = price(network, known.hub, known.slot, MANY, FEW, limit)
    return NO_WAYS.plus(found.ways), found.least


def _seeds(network: Network, of_cluster: np.ndarray, ways: Ways, flow: Flow) -> Ways:
    """Ways to slots that share out what flows to their clusters: to seats that those in place leave, must-seats first."""
    used = np.flatnonzero(flow.ways)
    if not used.size:
        return NO_WAYS
    m, (must, further) = network.slots, network.seats.count
    stay = np.bincount(network.stays.slot, flow.stays, m).astype(np.int64)
    left = [np.maximum(must - stay, 0), np.maximum(further - np.maximum(stay - must, 0), 0)]
    slot, late = np.tile(np.arange(m), 2), np.repeat([0, 1], m)
    order = np.lexsort((slot, late, of_cluster[slot]))
    place, which = along(
        of_cluster[slot[order]], np.concatenate(left)[order], ways.slot[used], flow.ways[used]
    )
    hub, to = np.divmod(np.unique(ways.hub[used][which[0]] * m + slot[order][place]), m)
    return Ways(hub, to, way_costs(network, hub, to))


def way_costs(network: Network, hub: np.ndarray, slot: np.ndarray) -> np.ndarray:
    """(k,) int64 cost of allowed ways."""
    found = np.zeros(len(hub), np.int64)
    first = np.array([b.first for b in network.blocks])
    order = np.argsort(hub, kind="stable")
    at = np.searchsorted(hub[order], [*first.tolist(), network.hubs])
    column = np.zeros(network.slots, np.int64)
    for k, block in enumerate(network.blocks):
        mine = order[at[k] : at[k + 1]]
        if not mine.size:
            continue
        column[block.slots] = np.arange(len(block.slots))
        row, to = (hub[mine] - block.first) // block.wishes, column[slot[mine]]
        for table, code in zip(block.tables, block.codes, strict=True):
            found[mine] += table[code[row], to]
    return found
