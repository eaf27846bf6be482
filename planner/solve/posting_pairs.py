"""Pairs of classes and slots, one by one, where there are few enough of them: what an integer programme chooses among."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.posting_graph import Worths
from planner.solve.posting_network import NEVER, Block, Network
from planner.solve.posting_sent import Sent


@dataclass(frozen=True)
class Pairs:
    """(k,) each: class, slot, cost of one person, people at most, whether they are in place there, reduced cost."""

    of_class: np.ndarray
    slot: np.ndarray
    cost: np.ndarray
    room: np.ndarray
    stays: np.ndarray
    reduced: np.ndarray

    def only(self, chosen: np.ndarray) -> Pairs:
        """Those of the mask or numbers ``chosen``."""
        names = ("of_class", "slot", "cost", "room", "stays", "reduced")
        return Pairs(*(getattr(self, k)[chosen] for k in names))

    def counts(self, sent: Sent, slots: int) -> np.ndarray:
        """(k,) people of ``sent`` on each of the pairs."""
        keys = [(2 * np.asarray(x.of_class) + x.stays) * slots + x.slot for x in (self, sent)]
        order = np.argsort(keys[1], kind="stable")
        if not len(order):
            return np.zeros(len(keys[0]), np.int64)
        at = np.minimum(np.searchsorted(keys[1][order], keys[0]), len(order) - 1)
        found = order[at]
        return np.where(keys[1][found] == keys[0], sent.count[found], 0)


def list_pairs(network: Network, known: Worths, slots: np.ndarray, limit: int, most: int) -> Pairs | None:
    """All allowed pairs of the slots ``slots`` (m,) bool whose reduced cost is at most ``limit``, and all stays there.

    Parameters
    ----------
    network : Network
    known : Worths
        A hub is worth the least of its classes and offers.
    slots : ndarray
    limit, most : int
        ``None`` where there are more than ``most``.
    """
    seats, stays = network.seats, network.stays
    wanted = slots & (seats.count.sum(axis=0) > 0)
    order = np.argsort(network.offer_hub, kind="stable")
    of_hub = network.offer_hub[order]
    parts, total = [], 0
    for block in network.blocks:
        hub, slot, cost = _ways(block, wanted, known, limit)
        first = np.searchsorted(of_hub, hub)
        each = np.searchsorted(of_hub, hub, "right") - first
        if (total := total + int(each.sum())) > 20 * most:
            return None
        way = np.repeat(np.arange(len(hub)), each)
        rank = np.arange(len(way)) - np.repeat(np.cumsum(each) - each, each)
        offer = order[first[way] + rank]
        of_class, to = network.offer_class[offer], slot[way]
        price = network.offer_cost[offer] + cost[way]
        near = (price + known.person[of_class] - known.slot[to] <= limit) & (seats.supply[of_class] > 0)
        parts.append((of_class[near], to[near], price[near], seats.supply[of_class[near]], False))
    here = np.flatnonzero(wanted[stays.slot] & (stays.room > 0) & (seats.supply[stays.of_class] > 0))
    room = np.minimum(stays.room, seats.supply[stays.of_class])
    parts.append((stays.of_class[here], stays.slot[here], stays.cost[here], room[here], True))
    joined = [np.concatenate([p[k] for p in parts]).astype(np.int64) for k in range(4)]
    of_class, slot, cost, room = joined
    in_place = np.concatenate([np.full(len(p[0]), p[4]) for p in parts])
    found = Pairs(of_class, slot, cost, room, in_place, cost + known.person[of_class] - known.slot[slot])
    return found if len(cost) <= most else None


def _ways(
    block: Block, wanted: np.ndarray, known: Worths, limit: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hub, slot and cost of the block's ways to wanted slots within the limit, (k,) int64 each."""
    inside = np.flatnonzero(wanted[block.slots])
    slot, wish = block.slots[inside], block.wish[inside]
    found = []
    for first, last, _ in _steps(block, len(inside)):
        cost = np.zeros((last - first, len(inside)), np.int64)
        for table, code in zip(block.tables, block.codes, strict=True):
            cost += table[:, inside][code[first:last]]
        hub = block.first + np.arange(first, last)[:, None] * block.wishes + wish[None, :]
        near = (cost < NEVER) & (cost + known.hub[hub] - known.slot[slot][None, :] <= limit)
        row, column = np.nonzero(near)
        found.append((hub[row, column], slot[column], cost[row, column]))
    if not found:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing
    hub, to, cost = (np.concatenate([f[k] for f in found]) for k in range(3))
    return hub, to, cost


def _steps(block: Block, columns: int) -> list[tuple[int, int, int]]:
    step = max(1, (1 << 20) // max(1, columns))
    return [(a, min(a + step, block.rows), columns) for a in range(0, block.rows, step)] if columns else []


def nearest(pairs: Pairs, few: int, speaks: np.ndarray, keep: np.ndarray) -> Pairs:
    """Of each slot the ``few`` pairs of least reduced cost, as many of those who ``speaks`` (k,), and those of ``keep``."""
    chosen = keep | pairs.stays
    for mask in (np.ones(len(keep), np.bool_), speaks):
        rows = np.flatnonzero(mask)
        order = rows[np.lexsort((pairs.of_class[rows], pairs.reduced[rows], pairs.slot[rows]))]
        slot = pairs.slot[order]
        rank = np.arange(len(slot)) - np.searchsorted(slot, slot)
        chosen[order[rank < few]] = True
    return pairs.only(chosen)
