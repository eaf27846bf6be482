"""From the flows of a second solve to persons: who moves, and nobody who need not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.solve.matching import cheapest_matching
from planner.solve.task import Answer
from planner.stages.cadres.build import Model
from planner.stages.cadres.forced import Held

Place = tuple[int, bool]
"""A slot, and whether who is there is in place, or published, there."""


def people_moved(model: Model, before: np.ndarray, held: Held, answer: Answer) -> list[tuple[int, int, int]]:
    """Row of the cadre, slot before, slot after (−1: nowhere) of everyone who moves for the person's sake, that one first.

    Whoever of a class may stay at the post of the plan does, and nobody of it at home comes out where one who loses a post may go;
    of those who are alike the longest service goes first. Changes that have nothing to do with the person's, through a class, a
    village, a unit or a household, change nothing in total: they are left out.

    Parameters
    ----------
    model : Model
    before : ndarray
        (n cadres,) slot in the plan, −1 where at none.
    held, answer
        What was asked, and what the engine answered.
    """
    classes, slots, _ = held.part
    wanted: dict[int, dict[Place, int]] = defaultdict(lambda: defaultdict(int))
    after = -1
    columns = (answer.arrays[f"arc_{n}"].tolist() for n in ("class", "slot", "count", "listed"))
    for k, s, count, stays in zip(*columns, strict=True):
        if classes[k] < 0:
            after = int(slots[s])
        else:
            wanted[int(classes[k])][int(slots[s]), stays] += count
    return moved_to(
        model, before, held.row, after, {int(k): wanted[int(k)] for k in classes.tolist() if k >= 0}
    )


def moved_to(
    model: Model, before: np.ndarray, row: int, after: int, wanted: Mapping[int, Mapping[Place, int]]
) -> list[tuple[int, int, int]]:
    """As :func:`people_moved`: ``row`` goes to the slot ``after``; ``wanted``: class → place → people of it there, that one aside."""
    found = [(row, int(before[row]), after)] if after != before[row] else []
    crowd, members = model.crowd, defaultdict[int, list[_Person]](list)
    mine = np.flatnonzero(np.isin(crowd.number, list(wanted)) & (crowd.rows != row))
    mine = mine[np.argsort(model.people.rank[crowd.rows[mine]], kind="stable")]
    rows = crowd.rows[mine]
    columns = (rows, crowd.number[mine], before[rows], model.people.post[rows], crowd.published[mine])
    for one, number, now, *own in zip(*(c.tolist() for c in columns), strict=True):
        members[number].append(_Person(one, now, frozenset(own) - {-1}))
    for number, people in members.items():
        found += _of_one_class(model, people, wanted[number])
    return _touched(model, found)


@dataclass(frozen=True)
class _Person:
    """A row of ``cadres``, the slot in the plan, and the slots where the person is in place or published."""

    row: int
    now: int
    own: frozenset[int]

    @property
    def place(self) -> Place:
        return self.now, self.now in self.own


def _of_one_class(
    model: Model, people: list[_Person], wanted: Mapping[Place, int]
) -> list[tuple[int, int, int]]:
    """Who of a class moves: as few as can be, with nobody counted in place who is not."""
    there = Counter(one.place for one in people if one.now >= 0)
    change = {p: wanted.get(p, 0) - there[p] for p in {*there, *wanted} if wanted.get(p, 0) != there[p]}
    if not change:
        return []
    if (single := _single(people, change)) is not None:
        return [single]
    chosen = _who_may_move(people, change)
    seats = Counter(one.place for one in chosen if one.now >= 0)
    for place, by in change.items():
        seats[place] += by
    order = sorted(seats.elements(), key=lambda p: (int(model.posts.tier[p[0]]), p))
    slots = [slot for slot, _ in order] + [-1] * (len(chosen) - len(order))
    who, where = cheapest_matching(_costs(chosen, order))
    moves = [
        (chosen[p].row, chosen[p].now, slots[s]) for p, s in zip(who.tolist(), where.tolist(), strict=True)
    ]
    return sorted((m for m in moves if m[1] != m[2]), key=lambda m: m[2] < 0)


def _single(people: list[_Person], change: Mapping[Place, int]) -> tuple[int, int, int] | None:
    """The one move that makes a change; ``None`` where it takes more."""
    left, taken = ([p for p, by in change.items() if by == sign] for sign in (-1, 1))
    if len(change) != len(left) + len(taken) or max(len(left), len(taken)) > 1:
        return None
    there = [one for one in people if (one.place == left[0] if left else one.now < 0)]
    fit = [one for one in there if not taken or (taken[0][0] in one.own) == taken[0][1]]
    if not fit:
        return None
    who = fit[-1] if left else fit[0]  # the longest service stays, and comes first
    return who.row, who.now, taken[0][0] if taken else -1


def _who_may_move(people: list[_Person], change: Mapping[Place, int]) -> list[_Person]:
    """Of people who are alike in all as many as changes may touch; of who is in place only those where that changes."""
    most, alike = sum(map(abs, change.values())), defaultdict[tuple[int, frozenset[int]], list[_Person]](list)
    for one in people:
        if one.now not in one.own or one.place in change:
            alike[one.now, one.own].append(one)
    chosen = {one for (now, _), some in alike.items() for one in (some[-most:] if now >= 0 else some[:most])}
    return [one for one in people if one in chosen]


def _costs(people: list[_Person], seats: list[Place]) -> np.ndarray:
    """(n, n) of each person at each seat, and at home: moves first, then longer service at the seats that come first."""
    n, k = len(people), len(seats)
    slot = np.array([s for s, _ in seats] + [-1] * (n - k), np.int64)
    now, at = np.array([one.now for one in people]), np.arange(n)
    fits = np.array([[(s in one.own) == stay for s, stay in seats] + [True] * (n - k) for one in people])
    moves = now[:, None] != slot[None, :]
    order = at[:, None] * np.append(k - np.arange(k), np.zeros(n - k, np.int64))[None, :]
    order[:, k:] = (n - at)[:, None]
    large = 4.0 * n**3
    return np.asarray(moves * (large + order) + ~fits * (2 * n * large))


def _touched(model: Model, moves: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Moves that hang together with the first, in the order in which they are met from there."""
    if not moves:
        return []
    crowd, rules = model.crowd, model.rules
    mine = np.isin(crowd.rows, [row for row, _, _ in moves])
    number = dict(zip(crowd.rows[mine].tolist(), crowd.number[mine].tolist(), strict=True))
    ends = []
    for row, one, other in moves:
        k = number[row]
        ties = {("class", k), *(("village", int(model.posts.village[s])) for s in (one, other) if s >= 0)}
        ties |= {("unit", int(crowd.unit[k]))} if crowd.unit[k] >= 0 else set()
        ties |= (
            {("household", int(rules.household[k]))}
            if rules is not None and rules.household[k] >= 0
            else set()
        )
        ends.append(ties)
    reached, found, left = set(ends[0]), [moves[0]], list(range(1, len(moves)))
    while hit := [i for i in left if not reached.isdisjoint(ends[i])]:
        for i in hit:
            reached |= ends[i]
            found.append(moves[i])
        left = [i for i in left if i not in hit]
    return found
