"""From the flows of a second solve to persons: who moves, and nobody who need not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from planner.solve.task import Answer
from planner.stages.cadres.build import Model
from planner.stages.cadres.forced import Held


def people_moved(model: Model, before: np.ndarray, held: Held, answer: Answer) -> list[tuple[int, int, int]]:
    """Row of the cadre, slot before, slot after (−1: nowhere) of everyone who moves for the person's sake, that one first.

    Whoever of a class may stay at the post of the plan does; of the others the longest service goes first. Changes that have
    nothing to do with the person's, through a class or a village, change nothing in total: they are left out.

    Parameters
    ----------
    model : Model
    before : ndarray
        (n cadres,) slot in the plan, −1 where at none.
    held, answer
        What was asked, and what the engine answered.
    """
    classes, slots, _ = held.part
    wanted: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    after = -1
    for k, s, count in zip(
        *(answer.arrays[f"arc_{n}"].tolist() for n in ("class", "slot", "count")), strict=True
    ):
        if classes[k] < 0:
            after = int(slots[s])
        else:
            wanted[int(classes[k])][int(slots[s])] += count
    return moved_to(
        model, before, held.row, after, {int(k): wanted[int(k)] for k in classes.tolist() if k >= 0}
    )


def moved_to(
    model: Model, before: np.ndarray, row: int, after: int, wanted: Mapping[int, Mapping[int, int]]
) -> list[tuple[int, int, int]]:
    """As :func:`people_moved`: ``row`` goes to the slot ``after``; ``wanted``: class → slot → people of it there, that one aside."""
    found = [(row, int(before[row]), after)] if after != before[row] else []
    members: dict[int, list[int]] = defaultdict(list)
    mine = np.isin(model.crowd.number, list(wanted)) & (model.crowd.rows != row)
    rows = model.crowd.rows[mine]
    order = np.argsort(model.people.rank[rows], kind="stable")
    for one, number in zip(rows[order].tolist(), model.crowd.number[mine][order].tolist(), strict=True):
        members[number].append(one)
    for number, crowd in members.items():
        found += _of_one_class(model, before, crowd, dict(wanted[number]))
    return _touched(model, found)


def _of_one_class(
    model: Model, before: np.ndarray, crowd: list[int], seats: dict[int, int]
) -> list[tuple[int, int, int]]:
    moving = []
    for row in crowd:
        there = int(before[row])
        if there >= 0 and seats.get(there, 0):
            seats[there] -= 1
        else:
            moving.append(row)
    left = sorted(
        (s for s, n in seats.items() for _ in range(n)), key=lambda s: (int(model.posts.tier[s]), s)
    )
    placed = moving[: len(left)]
    found = [(row, int(before[row]), slot) for row, slot in zip(placed, left, strict=True)]
    found += [(row, int(before[row]), -1) for row in moving[len(left) :]]
    return [m for m in found if m[1] != m[2]]


def _touched(model: Model, moves: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Moves that hang together with the first, in the order in which they are met from there."""
    if not moves:
        return []
    number = dict(zip(model.crowd.rows.tolist(), model.crowd.number.tolist(), strict=True))
    ends = [
        {("class", number[row])} | {("village", int(model.posts.village[s])) for s in (one, other) if s >= 0}
        for row, one, other in moves
    ]
    reached, found, left = set(ends[0]), [moves[0]], list(range(1, len(moves)))
    while hit := [i for i in left if not reached.isdisjoint(ends[i])]:
        for i in hit:
            reached |= ends[i]
            found.append(moves[i])
        left = [i for i in left if i not in hit]
    return found
