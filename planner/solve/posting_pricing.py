"""Pricing: every allowed pair against what people and seats are worth, way by way.

For worths ``w`` of classes and slots the reduced cost of a pair is ``cost + w[class] − w[slot]``. A hub is worth the least of
``w[class] + cost of the offer`` over its classes, so one look at each way prices the pairs of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.solve.posting_graph import FAR, NO_WAYS, Ways
from planner.solve.posting_network import NEVER, Block, Network

FEW_IN_BALANCE = 8  # ways in balance for each row and slot of a block: as many are kept
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


@dataclass(frozen=True)
class _Looked:
    """Worths of a block's hubs and slots at which no way was below nothing, and those in balance unless they are many."""

    hub: np.ndarray
    slot: np.ndarray
    balanced: Ways | None


class Seen:
    """Blocks in which no way was below nothing when last looked at."""

    def __init__(self) -> None:
        self._at: dict[int, _Looked] = {}

    def knows(self, block: int, hub: np.ndarray, slot: np.ndarray) -> bool:
        """Whether no way of the block can be below nothing: its hubs are worth no less, and its slots no more."""
        was = self._at.get(block)
        return was is not None and bool((hub >= was.hub).all() and (slot <= was.slot).all())

    def balanced(self, block: int, hub: np.ndarray, slot: np.ndarray) -> Ways | None:
        """The block's ways in balance, where its worths are the same; ``None`` where that is not known."""
        was = self._at.get(block)
        same = was is not None and np.array_equal(hub, was.hub) and np.array_equal(slot, was.slot)
        return was.balanced if was is not None and same else None

    def learns(self, block: int, hub: np.ndarray, slot: np.ndarray, looked: _InBalance) -> None:
        """What was found in the whole block at these worths."""
        self._at.pop(block, None)
        if not looked.below:
            self._at[block] = _Looked(hub, slot, looked.ways())


class _InBalance:
    """Gathers the ways in balance of a block, as long as they are few; ``below``: there is one below nothing."""

    def __init__(self) -> None:
        self.below = False
        self._parts: list[Ways] | None = [NO_WAYS]

    def see(self, block: Block, first: int, cost: np.ndarray, reduced: np.ndarray) -> None:
        self.below = self.below or bool((reduced < 0).any())
        if self.below or self._parts is None:
            return
        self._parts.append(_ways(block, first, cost, np.nonzero(reduced == 0)))
        if sum(len(p.cost) for p in self._parts) > FEW_IN_BALANCE * (1 + sum(reduced.shape)):
            self._parts = None

    def ways(self) -> Ways | None:
        return None if self._parts is None else _joined(self._parts)


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
    seen: Seen | None = None,
) -> Priced:
    """Ways with a reduced cost below ``limit``: the ``many`` least of each row of costs, the ``few`` least of each slot.

    Blocks of which ``seen`` knows that no way is below nothing are left out: it takes a ``limit`` of 0, or one that has seen
    nothing yet.

    Parameters
    ----------
    network : Network
    hub, slot : ndarray
        (h,), (m,) int64 worths.
    many, few, limit : int
    seen : Seen, optional
        Learns what is found.
    """
    count = 0
    found: list[Ways] = []
    best = _Best(network.slots, few)
    for number, block in enumerate(network.blocks):
        worth, here = _worths(block, hub, slot)
        if seen is not None and seen.knows(number, worth, here):
            continue
        level = _InBalance()
        for first, cost, reduced in _reduced(block, worth, here):
            under = reduced < limit
            under_here = int(under.sum())
            if under_here:
                count += under_here
                found.append(_ways(block, first, cost, _least_of_rows(reduced, under, many)))
            best.see(block, first, cost, reduced)
            if seen is not None:
                level.see(block, first, cost, reduced)
        if seen is not None:
            seen.learns(number, worth, here, level)
    return Priced(_joined([*found, best.ways(limit)]), count, best.reduced[0])


def in_balance(
    network: Network, hub: np.ndarray, slot: np.ndarray, at_most: int, seen: Seen | None = None
) -> Ways | None:
    """Ways whose reduced cost is nothing, block by block; ``None`` where they are more than ``at_most``.

    Raises
    ------
    ArithmeticError
        When a way is below nothing: worths (h,), (m,) that do not prove a flow.
    """
    found: list[Ways] = [NO_WAYS]
    count = 0
    for number, block in enumerate(network.blocks):
        worth, here = _worths(block, hub, slot)
        known = None if seen is None else seen.balanced(number, worth, here)
        parts = [known] if known is not None else []
        for first, cost, reduced in _reduced(block, worth, here) if known is None else ():
            if (reduced < 0).any():
                raise ArithmeticError("worths that do not prove a flow: a way is below nothing")
            parts.append(_ways(block, first, cost, np.nonzero(reduced == 0)))
        count += sum(len(p.cost) for p in parts)
        if count > at_most:
            return None
        found += parts
    return _joined(found)


def _worths(block: Block, hub: np.ndarray, slot: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rows, wishes), (s,) worths of the block's hubs and slots, far from overflow."""
    worth = np.minimum(hub[block.first : block.first + block.rows * block.wishes], FAR // 8)
    return worth.reshape(block.rows, block.wishes), np.maximum(slot[block.slots], -FAR // 8)


def _reduced(
    block: Block, worth: np.ndarray, here: np.ndarray
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """First row, costs and reduced costs of each part of the block, :data:`NONE` where a way is not allowed."""
    for first, last, cost in block.parts():
        at_hub = worth[first:last, block.wish]
        reduced = cost + (at_hub - here)
        reduced[(cost >= NEVER) | (at_hub == FAR // 8)] = NONE
        yield first, cost, reduced


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
