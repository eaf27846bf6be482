"""Pricing: every allowed pair against what people and seats are worth, way by way.

For worths ``w`` of classes and slots the reduced cost of a pair is ``cost + w[class] − w[slot]``. A hub is worth the least of
``w[class] + cost of the offer`` over its classes, so one look at each way prices the pairs of all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.posting_flow import FAR, NO_WAYS, Ways
from planner.solve.posting_network import NEVER, Block, Network

NONE = 2**62  # reduced cost of a way that is not allowed
MIX = 0x9E3779B1  # spreads equal ways, so that they do not all lead to the same slots


@dataclass(frozen=True)
class Priced:
    """What pricing found.

    Parameters
    ----------
    ways : Ways
        The least ways under the limit; one may stand twice.
    count : int
        All ways under the limit.
    least : ndarray
        (m,) least reduced cost at each slot, :data:`NONE` where nobody may go.
    """

    ways: Ways
    count: int
    least: np.ndarray

    @property
    def worst(self) -> int:
        """By how much the worst violates, 0 where none does."""
        return max(0, -int(self.least.min(initial=0)))


class Seen:
    """Blocks in which no way is below nothing while hubs are worth no less, and slots no more, than when last looked at."""

    def __init__(self) -> None:
        self._at: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def knows(self, block: int, hub: np.ndarray, slot: np.ndarray) -> bool:
        """Whether no way of the block can be below nothing."""
        if block not in self._at:
            return False
        least, most = self._at[block]
        return bool((hub >= least).all() and (slot <= most).all())

    def learns(self, block: int, hub: np.ndarray, slot: np.ndarray, least: int) -> None:
        """At these worths the least reduced cost in the block was ``least``."""
        if least >= 0:
            self._at[block] = hub, slot
        else:
            self._at.pop(block, None)


def hub_worths(network: Network, person: np.ndarray) -> np.ndarray:
    """(h,) most that each hub can be worth beside classes worth ``person`` (n,); ``FAR`` where it has no class."""
    found = np.full(network.hubs, FAR)
    np.minimum.at(found, network.offer_hub, person[network.offer_class] + network.offer_cost)
    return found


def price(
    network: Network,
    hub: np.ndarray,
    slot: np.ndarray,
    many: int,
    few: int,
    limit: int,
    at_most: int | None = None,
    seen: Seen | None = None,
) -> Priced:
    """Ways with a reduced cost below ``limit``: the ``many`` least of each row of costs, the ``few`` least of each slot.

    Where more than ``at_most`` are found it stops looking. Blocks of which ``seen`` knows that no way is below nothing are left
    out.

    Parameters
    ----------
    network : Network
    hub, slot : ndarray
        (h,), (m,) int64 worths.
    many, few, limit : int
    at_most : int, optional
    seen : Seen, optional
        Learns what is found.
    """
    m, count = network.slots, 0
    slot = np.maximum(slot, -FAR // 8)
    found: list[Ways] = []
    best = _Best(m, few)
    for number, block in enumerate(network.blocks):
        worth = np.minimum(hub[block.first : block.first + block.rows * block.wishes], FAR // 8)
        worth = worth.reshape(block.rows, block.wishes)
        if seen is not None and seen.knows(number, worth, slot[block.slots]):
            continue
        least = NONE
        for first, last, cost in block.parts():
            reduced = cost + (worth[first:last, block.wish] - slot[block.slots])
            reduced[(cost >= NEVER) | (worth[first:last, block.wish] == FAR // 8)] = NONE
            under = reduced < limit
            here = int(under.sum())
            if here:
                count += here
                found.append(_ways(block, first, cost, _least_of_rows(reduced, under, many)))
            best.see(block, first, cost, reduced)
            if seen is not None:
                least = min(least, int(reduced.min(initial=NONE)))
            if at_most is not None and count > at_most:
                return Priced(NO_WAYS, count, best.reduced[0])
        if seen is not None:
            seen.learns(number, worth, slot[block.slots], least)
    return Priced(_joined([*found, best.ways(limit)]), count, best.reduced[0])


def _least_of_rows(reduced: np.ndarray, under: np.ndarray, many: int) -> tuple[np.ndarray, ...]:
    """Row and column of the ``many`` least under the limit in each row; among equals those that :data:`MIX` puts first."""
    if reduced.shape[1] <= many:
        return np.nonzero(under)
    if under.sum() > many * len(reduced):
        under &= reduced <= np.partition(reduced, many - 1, axis=1)[:, many - 1, None]
    row, column = np.nonzero(under)
    order = np.lexsort(((row * 31 + column) * MIX & 0xFFFFFFFF, reduced[row, column], row))
    row, column = row[order], column[order]
    kept = np.arange(len(row)) - np.searchsorted(row, row) < many
    return row[kept], column[kept]


def _ways(block: Block, first: int, cost: np.ndarray, chosen: tuple[np.ndarray, ...]) -> Ways:
    row, column = chosen
    hub = block.first + (first + row) * block.wishes + block.wish[column]
    return Ways(hub, block.slots[column], cost[row, column].astype(np.int64))


class _Best:
    """The few least ways of each slot over all blocks."""

    def __init__(self, slots: int, few: int) -> None:
        self.few = few
        self.reduced = np.full((max(few, 1), slots), NONE, np.int64)
        self.hub = np.zeros((max(few, 1), slots), np.int64)
        self.cost = np.zeros((max(few, 1), slots), np.int64)

    def see(self, block: Block, first: int, cost: np.ndarray, reduced: np.ndarray) -> None:
        if not self.few:
            least = reduced.min(axis=0, initial=NONE)
            self.reduced[0, block.slots] = np.minimum(self.reduced[0, block.slots], least)
            return
        size = len(self.reduced)
        rows = _lowest(reduced, size)
        hub = block.first + (first + rows) * block.wishes + block.wish
        new = (np.take_along_axis(reduced, rows, 0), hub, np.take_along_axis(cost, rows, 0))
        held = (self.reduced, self.hub, self.cost)
        both = [np.concatenate([h[:, block.slots], n]) for h, n in zip(held, new, strict=True)]
        rows = np.argsort(both[0], axis=0, kind="stable")[:size]
        for into, values in zip(held, both, strict=True):
            into[:, block.slots] = np.take_along_axis(values, rows, 0)

    def ways(self, limit: int) -> Ways:
        if not self.few:
            return NO_WAYS
        rank, slot = np.nonzero(self.reduced < min(limit, NONE))
        return Ways(self.hub[rank, slot], slot, self.cost[rank, slot])


def _lowest(reduced: np.ndarray, few: int) -> np.ndarray:
    """(few, s) rows of the least of each column, all rows where there are no more."""
    if len(reduced) <= few:
        return np.broadcast_to(np.arange(len(reduced))[:, None], reduced.shape)
    return np.asarray(np.argpartition(reduced, few - 1, axis=0)[:few])


def _joined(parts: list[Ways]) -> Ways:
    return Ways(*(np.concatenate([getattr(p, k) for p in parts]) for k in ("hub", "slot", "cost")))
