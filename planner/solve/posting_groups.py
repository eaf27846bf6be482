"""Who may go where, in groups: dense costs that are never stored whole, priced block by block.

A group is a set of classes of people with the same reach and the slots in that reach. The cost of class i at
slot j is the sum of three table rows, one per code of the class: ``t0[c0[i], j] + t1[c1[i], j] + t2[c2[i], j]``;
:data:`NEVER` in one of them means "not allowed".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.solve.task import Arrays

NEVER = 2**29  # three of them still fit into 32 bits
TABLES = ("t0", "t1", "t2")
FAR = 2**62
BLOCK = 1 << 20  # pairs that are priced at once


@dataclass(frozen=True)
class Group:
    """One group: ``classes`` (c,) and ``slots`` (s,) row numbers; ``tables`` three int32 arrays of width s."""

    classes: np.ndarray
    slots: np.ndarray
    tables: tuple[np.ndarray, ...]
    codes: tuple[np.ndarray, ...]

    def costs(self, first: int, last: int) -> np.ndarray:
        """Costs of classes ``first`` … ``last`` of the group, shape ``(last − first, s)`` int32."""
        found: np.ndarray = self.tables[0][self.codes[0][first:last]]
        for table, code in zip(self.tables[1:], self.codes[1:], strict=True):
            if len(table) == 1:
                found += table
            else:
                found += table[code[first:last]]
        return found

    def blocks(self) -> Iterator[tuple[int, int, np.ndarray]]:
        """``first, last, costs`` over all classes, about :data:`BLOCK` pairs at a time."""
        step = max(1, BLOCK // max(1, len(self.slots)))
        for first in range(0, len(self.classes), step):
            last = min(first + step, len(self.classes))
            yield first, last, self.costs(first, last)


def read_groups(arrays: Arrays) -> list[Group]:
    """Groups of the engine ``posting``'s arrays; see there."""
    order = np.argsort(arrays["group"], kind="stable")
    n = len(arrays["slot_ptr"]) - 1
    at = np.searchsorted(arrays["group"][order], np.arange(n + 1))
    found = []
    for g in range(n):
        classes = order[at[g] : at[g + 1]]
        slots = np.asarray(arrays["slot_list"][arrays["slot_ptr"][g] : arrays["slot_ptr"][g + 1]])
        if not (len(classes) and len(slots)):
            continue
        tables = tuple(
            np.asarray(arrays[t][arrays[f"{t}_ptr"][g] : arrays[f"{t}_ptr"][g + 1]]).reshape(-1, len(slots))
            for t in TABLES
        )
        codes = tuple(np.asarray(arrays[f"c{k}"][classes]) for k in range(len(TABLES)))
        found.append(Group(classes, slots, tables, codes))
    return found


def nearest(
    groups: list[Group], many: int, few: int, person: np.ndarray, slot: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First candidates among pairs that are tight in the order of seats (``person`` = ``slot``).

    For each class its ``many`` cheapest slots, for each slot the ``few`` cheapest classes of each group. Returns
    ``(class, slot, cost)``; a pair may stand twice.
    """
    parts = []
    for group in groups:
        worths, of_slot = np.unique(slot[group.slots], return_inverse=True)
        best, who = np.zeros((0, len(group.slots)), np.int32), np.zeros((0, len(group.slots)), np.int64)
        for first, last, found in group.blocks():
            loose = person[group.classes[first:last], None] != worths[None, :]
            cost = np.where(loose[:, of_slot], NEVER, found) if loose.any() else found
            parts.append(_pairs(group, first, cost, _least(cost, many)))
            rows = _lowest(cost, few)
            best = np.concatenate([best, np.take_along_axis(cost, rows, axis=0)])
            who = np.concatenate([who, group.classes[first + rows]])
            if len(best) > few:
                rows = _lowest(best, few)
                best, who = np.take_along_axis(best, rows, axis=0), np.take_along_axis(who, rows, axis=0)
        row, column = np.nonzero(best < NEVER)
        parts.append((who[row, column], group.slots[column], best[row, column].astype(np.int64)))
    return _joined(parts)


def _least(cost: np.ndarray, most: int) -> np.ndarray:
    """Bool: allowed pairs that are among the ``most`` least of their row, ties all."""
    return np.asarray((cost < NEVER) & _worst(cost, most))


def _lowest(cost: np.ndarray, few: int) -> np.ndarray:
    """(few, s) rows of the least costs of each column, all rows where there are no more."""
    if len(cost) <= few:
        return np.broadcast_to(np.arange(len(cost))[:, None], cost.shape)
    return np.asarray(np.argpartition(cost, few - 1, axis=0)[:few])


def violators(
    groups: list[Group], worth_class: np.ndarray, worth_slot: np.ndarray, most: int, few: int
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], int, int]:
    """Allowed pairs whose slot pays more than class and cost: ``cost < worth_slot − worth_class``.

    Returned as arcs are the ``most`` worst of each class and the ``few`` worst of each slot in each group: classes alone
    would all ask for the same overpaid slots. With them the count of all and by how much the worst violates. A pair
    may stand twice; on arcs that are there already (and not capped) potentials leave no violation.
    """
    parts, count, worst = [], 0, 0
    for group in groups:
        pays = worth_slot[group.slots]
        highest = pays.max()
        least, who = np.zeros((0, len(pays)), np.int64), np.zeros((0, len(pays)), np.int64)
        for first, last, cost in group.blocks():
            asks = worth_class[group.classes[first:last]]
            rows = np.flatnonzero(cost.min(axis=1) < highest - asks)
            if not rows.size:
                continue
            reduced = np.where(cost[rows] < NEVER, cost[rows] + (asks[rows, None] - pays[None, :]), FAR)
            violates = reduced < 0
            found = int(violates.sum())
            if not found:
                continue
            count += found
            worst = max(worst, -int(reduced.min()))
            row, column = np.nonzero(violates & _worst(reduced, most))
            parts.append((group.classes[first + rows[row]], group.slots[column],
                          cost[rows[row], column].astype(np.int64)))  # fmt: skip
            low = _lowest(reduced, few)
            least = np.concatenate([least, np.take_along_axis(reduced, low, axis=0)])
            who = np.concatenate([who, group.classes[first + rows[low]]])
            if len(least) > few:
                low = _lowest(least, few)
                least, who = np.take_along_axis(least, low, axis=0), np.take_along_axis(who, low, axis=0)
        row, column = np.nonzero(least < 0)
        of_class = who[row, column]
        cost = least[row, column] - worth_class[of_class] + pays[column]
        parts.append((of_class, group.slots[column], cost))
    return _joined(parts), count, worst


def _worst(reduced: np.ndarray, most: int) -> np.ndarray:
    """Bool: the ``most`` least of each row, ties all."""
    if reduced.shape[1] <= most:
        return np.ones(reduced.shape, np.bool_)
    return np.asarray(reduced <= np.partition(reduced, most - 1, axis=1)[:, most - 1, None])


def pair_costs(
    groups: list[Group], of_class: np.ndarray, slot: np.ndarray, classes: int, slots: int
) -> np.ndarray:
    """(k,) int64 cost of allowed pairs (class, slot) of a model with so many classes and slots."""
    found = np.zeros(len(of_class), np.int64)
    row, column = np.full(classes, -1), np.zeros(slots, np.int64)
    for group in groups:
        row[group.classes] = np.arange(len(group.classes))
        column[group.slots] = np.arange(len(group.slots))
        mine = np.flatnonzero(row[of_class] >= 0)
        at, to = row[of_class[mine]], column[slot[mine]]
        for table, code in zip(group.tables, group.codes, strict=True):
            found[mine] += table[code[at], to]
        row[group.classes] = -1
    return found


def _pairs(
    group: Group, first: int, cost: np.ndarray, chosen: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    row, column = np.nonzero(chosen)
    return group.classes[first + row], group.slots[column], cost[row, column].astype(np.int64)


def _joined(
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if not parts:
        return (np.zeros(0, np.int64),) * 3
    return (
        np.concatenate([p[0] for p in parts]),
        np.concatenate([p[1] for p in parts]),
        np.concatenate([p[2] for p in parts]),
    )
