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


def nearest(groups: list[Group], many: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First candidates: for each class its ``many`` cheapest slots, for each slot its cheapest classes.

    Returns ``(class, slot, cost)`` of the arcs, each pair once.
    """
    parts = []
    for group in groups:
        for first, last, cost in group.blocks():
            width = cost.shape[1]
            chosen = cost < NEVER
            if width > many:
                limit = np.partition(cost, many - 1, axis=1)[:, many - 1 : many]
                near = cost <= limit
                few = max(1, (many * (last - first)) // (2 * width))
                if few < last - first:
                    near |= cost <= np.partition(cost, few - 1, axis=0)[few - 1 : few]
                chosen &= near
            parts.append(_pairs(group, first, cost, chosen))
    return _joined(parts)


def violators(
    groups: list[Group], worth_class: np.ndarray, worth_slot: np.ndarray, most: int, margin: int = 0
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], int, int]:
    """Allowed pairs whose slot pays more than class and cost: ``cost < worth_slot − worth_class``.

    At most the ``most`` worst of each class are returned as arcs, with the count of all of them and by how much the worst
    violates. Where a class has any, pairs that miss by less than ``margin`` come along: prices will move. Pairs that are
    arcs already may be among those.
    """
    parts, count, worst = [], 0, 0
    for group in groups:
        pays = worth_slot[group.slots]
        best = pays.max()
        for first, last, cost in group.blocks():
            asks = worth_class[group.classes[first:last]]
            rows = np.flatnonzero(cost.min(axis=1) < best - asks)
            if not rows.size:
                continue
            reduced = np.where(cost[rows] < NEVER, cost[rows] + (asks[rows, None] - pays[None, :]), FAR)
            violates = reduced < 0
            count += int(violates.sum())
            touched = violates.any(axis=1)
            if not touched.any():
                continue
            rows, reduced = rows[touched], reduced[touched]
            worst = max(worst, -int(reduced.min()))
            chosen = reduced < margin
            if reduced.shape[1] > most:
                chosen &= reduced <= np.partition(reduced, most - 1, axis=1)[:, most - 1, None]
            row, column = np.nonzero(chosen)
            parts.append(
                (
                    group.classes[first + rows[row]],
                    group.slots[column],
                    cost[rows[row], column].astype(np.int64),
                )
            )
    return _joined(parts), count, worst


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
