"""Where the flow of people begins when a like problem was solved before: with its people and its worths.

Classes and slots are recognised by their marks. Whoever can no longer be sent where the old answer sent them stays at home, and
what then is out of balance (people without a post who are worth one, empty seats, ways that pay) is where to begin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from planner.solve.posting_graph import FAR, NO_WAYS, Graph, Guess, Ways, graph
from planner.solve.posting_network import NEVER, Network
from planner.solve.posting_pricing import NONE, Seen, hub_worths, price
from planner.solve.posting_sent import Sent
from planner.solve.posting_start import MATTERS, WIDER, Start
from planner.solve.posting_ties import Earlier, Marks
from planner.solve.posting_window import Near, faults, widened

BEFORE = (
    *("class_mark", "slot_mark", "parts", "worth_class", "worth_slot"),
    *("arc_class", "arc_slot", "arc_count", "arc_listed"),
)
"""Arrays of an answer with which a like problem begins."""
MANY, FEW = 30, 12  # ways of a row of costs, of a slot, that take part where it is out of balance


@dataclass(frozen=True)
class Resumed:
    """A guess for the whole network, the graph of the first ways, a flow there, and the earlier draw."""

    start: Start
    of: Graph
    near: Near
    earlier: Earlier


def resumed(
    network: Network, zone: np.ndarray, marks: Marks, before: Mapping[str, np.ndarray], seen: Seen
) -> Resumed | None:
    """Begin with an old answer; ``None`` where it knows less than half of the slots.

    Parameters
    ----------
    network : Network
    zone : ndarray
        (k, m) as in the engine ``posting``.
    marks : Marks
        Of its classes and slots.
    before : mapping of str to ndarray
        The arrays :data:`BEFORE` of the old answer, as in the engine ``posting``.
    seen : Seen
        Learns what is found.
    """
    top = MATTERS * (1 + network.most_cost())
    old_slot, old_class = _find(before["slot_mark"], marks.slot), _find(before["class_mark"], marks.person)
    if 2 * np.count_nonzero(old_slot >= 0) < len(marks.slot):
        return None
    person = _taken(before["worth_class"], old_class)
    hub, slot = hub_worths(network, person), _taken(before["worth_slot"], old_slot)
    priced = price(network, hub, slot, 2**62, 0, 1, seen=seen)
    new = old_slot < 0
    slot[new] = np.where(
        priced.least[new] < NONE, priced.least[new], -FAR
    )  # as little as the nearest people are worth
    now = _turned(old_class, len(before["class_mark"])), _turned(old_slot, len(before["slot_mark"]))
    sent, offer, hub_of = _sent(network, before, *now)
    way = ~sent.stays
    ways = NO_WAYS.plus(Ways(hub_of[way], sent.slot[way], sent.cost[way])).plus(priced.ways)
    of = graph(network, ways)
    flow = _arcs(of, sent, offer, hub_of)
    nodes = np.concatenate([person, hub, slot, np.zeros(len(network.seats.unit_cap) + 1, np.int64)])
    earlier = Earlier(before["parts"], ways, flow)
    near = Near(flow, nodes, top // WIDER, _changed(network, before, now[1], sent))
    if near.touched is None:
        near = replace(near, touched=faults(of, near))
    if near.touched is not None and len(zone):  # there it pays to look at more ways at once
        window = np.isin(zone[-1], zone[-1][near.touched])
        more = price(network.within(window), hub, slot, MANY, FEW, top).ways
        of, near = widened(of, near, more)
    return Resumed(Start(Guess(of.worths(nodes), top), of.ways), of, near, earlier)


def _changed(
    network: Network, before: Mapping[str, np.ndarray], slot_now: np.ndarray, sent: Sent
) -> np.ndarray | None:
    """(m,) bool: slots that are new, or have other people than the old answer sent there; ``None`` where there are none."""
    m, old = network.slots, np.asarray(before["arc_slot"])
    there = slot_now[old] >= 0
    was = np.bincount(slot_now[old[there]], np.asarray(before["arc_count"])[there], m)
    new = np.ones(m, np.bool_)
    new[slot_now[slot_now >= 0]] = False
    changed = (new & network.seats.count.any(axis=0)) | (was != sent.at_slots(m))
    return changed if changed.any() else None


def _find(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """(k,) place in ``known`` of each wanted number, −1 where it is not there."""
    if not len(known):
        return np.full(len(wanted), -1)
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)
    return np.where(known[order][at] == wanted, order[at], -1)


def _taken(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """(k,) values at places, 0 where the place is −1."""
    found = np.zeros(len(at), np.int64)
    found[at >= 0] = np.asarray(values)[at[at >= 0]]
    return found


def _turned(at: np.ndarray, size: int) -> np.ndarray:
    """(size,) number of the one that stands at each place, −1 where none does."""
    found = np.full(size, -1)
    found[at[at >= 0]] = np.flatnonzero(at >= 0)
    return found


def _sent(
    network: Network, before: Mapping[str, np.ndarray], class_now: np.ndarray, slot_now: np.ndarray
) -> tuple[Sent, np.ndarray, np.ndarray]:
    """Those whom the old answer sent and who may still go there; offer (or number among the stays) and hub of each."""
    seats, stays = network.seats, network.stays
    of_class, slot = class_now[before["arc_class"]], slot_now[before["arc_slot"]]
    there = (of_class >= 0) & (slot >= 0)
    of_class, slot, staying = of_class[there], slot[there], np.asarray(before["arc_listed"])[there]
    offer, hub, cost = pair_ways(network, of_class, slot)
    m = network.slots
    stay = _find(stays.of_class * m + stays.slot, of_class * m + slot)
    offer = np.where(staying, stay, offer)
    count = np.asarray(before["arc_count"])[there] * (offer >= 0)
    limits = [
        (np.where(staying, stay, -1), stays.room),
        (of_class, seats.supply),
        (slot, seats.count.sum(axis=0)),
        (seats.unit[of_class], seats.unit_cap),
    ]
    for owner, limit in limits:
        count = within_limits(owner, count, limit)
    some = count > 0
    sent = Sent(of_class[some], slot[some], count[some], cost[some], staying[some])
    return sent, offer[some], hub[some]


def held(network: Network) -> Sent:
    """Everybody whom a listed arc spares a change, there, as far as seats and what units release allow."""
    seats, stays = network.seats, network.stays
    mine = np.flatnonzero(stays.moves < 0)
    of_class, slot, count = stays.of_class[mine], stays.slot[mine], stays.room[mine]
    limits = [
        (of_class, seats.supply),
        (slot, seats.count.sum(axis=0)),
        (seats.unit[of_class], seats.unit_cap),
    ]
    for owner, limit in limits:
        count = within_limits(owner, count, limit)
    some = count > 0
    return Sent(
        of_class[some], slot[some], count[some], stays.cost[mine][some], np.ones(int(some.sum()), np.bool_)
    )


def within_limits(owner: np.ndarray, count: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """(k,) counts cut so that no owner has more than its limit; the first come first, owner −1 has none."""
    order = np.argsort(owner, kind="stable")
    mine, before = count[order], np.cumsum(count[order]) - count[order]
    first = np.searchsorted(owner[order], owner[order])
    left = np.append(limit, np.iinfo(np.int64).max)[owner[order]] - (before - before[first])
    found = np.empty_like(count)
    found[order] = np.clip(left, 0, mine)
    return found


def pair_ways(
    network: Network, of_class: np.ndarray, slot: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(k,) offer, hub and cost of the pairs; offer −1 where the class may not go there."""
    any_hub = np.full(len(network.seats.supply), -1)
    any_hub[network.offer_class] = network.offer_hub
    at_hub = any_hub[of_class]
    hub, cost = np.full(len(of_class), -1), np.full(len(of_class), NEVER, np.int64)
    order = np.argsort(at_hub, kind="stable")
    cuts = np.searchsorted(at_hub[order], [*(b.first for b in network.blocks), network.hubs])
    column = np.full(network.slots, -1)
    for k, block in enumerate(network.blocks):
        mine = order[cuts[k] : cuts[k + 1]]
        if not mine.size:
            continue
        column[block.slots] = np.arange(len(block.slots))
        mine = mine[column[slot[mine]] >= 0]
        row, to = (at_hub[mine] - block.first) // block.wishes, column[slot[mine]]
        hub[mine] = block.first + row * block.wishes + block.wish[to]
        cost[mine] = sum(
            t[c[row], to].astype(np.int64) for t, c in zip(block.tables, block.codes, strict=True)
        )
        column[block.slots] = -1
    h = network.hubs
    offer = _find(network.offer_class * h + network.offer_hub, of_class * h + hub)
    return np.where((hub >= 0) & (cost < NEVER), offer, -1), hub, cost


def _arcs(of: Graph, sent: Sent, offer: np.ndarray, hub: np.ndarray) -> np.ndarray:
    """(arcs,) people on each arc when these are sent."""
    net, seats = of.network, of.network.seats
    m, way = net.slots, ~sent.stays
    at = _find(of.ways.hub * m + of.ways.slot, hub[way] * m + sent.slot[way])
    there, gone = sent.at_slots(m), np.bincount(sent.of_class, sent.count, len(seats.supply))
    must, capped = np.minimum(there, seats.count[0]), seats.unit >= 0
    by_unit = np.bincount(seats.unit[capped], gone[capped], len(seats.unit_cap))
    parts = [
        np.bincount(offer[way], sent.count[way], len(net.offer_cost)),
        np.bincount(at, sent.count[way], len(of.ways.cost)),
        np.bincount(offer[~way], sent.count[~way], len(net.stays.cost)),
        must,
        there - must,
        (seats.supply - gone)[~capped],
        gone[capped],
        seats.unit_cap - by_unit,
    ]
    return np.concatenate(parts).astype(np.int64)
