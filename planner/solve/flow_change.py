"""What putting a little money into a cheapest flow at some place, or taking it out there, changes of its cost; exactly.

Successive shortest paths in the residual network. Most questions are answered for all at once: where the cheapest way on
from every opening of a question is wide, filling the openings in order of cost is already the optimum. The others are
searched one by one, only as far as no wide way leads on.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.solve.flow_questions import FAR, Questions
from planner.solve.residual import Residual

HERE, THERE = -1, -2
"""Where a question's money is, and where it is to go, among the points of a search."""


@dataclass(frozen=True)
class Changes:
    """Answers: change of the cost, units placed, and whether the question was answered at all; (q,) each."""

    cost: np.ndarray
    placed: np.ndarray
    known: np.ndarray


def changes(residual: Residual, asked: Questions, work: int) -> tuple[Changes, int]:
    """Answers, and how much of ``work`` (links looked at in single searches) was used.

    Questions that are left when the work is used up, the last ones, stay unknown.
    """
    n = len(asked.amount)
    cost = asked.cost - residual.price[asked.node] + residual.price[asked.target][asked.question]
    goal = residual.point[asked.target]
    seen_from = {int(p): Towards(residual, int(p)) for p in np.unique(goal)}
    found = Changes(np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, bool))
    for point, towards in seen_from.items():
        towards.all_at_once(asked, cost, goal == point, found)
    openings, shut = _of_each(asked.question, n), _of_each(asked.shut_question, n)
    used = 0
    for q in np.flatnonzero(~found.known).tolist():
        if used >= work:
            break
        mine, closed = openings(q), asked.shut_link[shut(q)]
        search = Search(seen_from[int(goal[q])], cost[mine], asked.node[mine], asked.room[mine], closed)
        found.cost[q], found.placed[q] = search.place(int(asked.amount[q]), int(asked.most[q]))
        found.known[q] = True
        used += search.seen
    return found, used


def _of_each(question: np.ndarray, n: int) -> Callable[[int], np.ndarray]:
    """Which rows belong to a question."""
    order = np.argsort(question, kind="stable")
    first = np.searchsorted(question[order], np.arange(n + 1))
    return lambda q: np.asarray(order[first[q] : first[q + 1]])


class Towards:
    """A residual network seen from one point that all money goes to."""

    def __init__(self, residual: Residual, target: int) -> None:
        self.residual = residual
        self.far, self.wide = residual.distances(target)
        self.sure = (self.far == self.wide) & (self.far < FAR)
        start, end, length = residual.start, residual.end, residual.length
        better = (residual.room > 0) & (self.far[end] < FAR)
        better &= np.where(better, length + np.where(better, self.far[end], 0), FAR) < self.wide[start]
        pairs = better.reshape(-1, 2)
        self.kept = np.flatnonzero((pairs | pairs[:, ::-1]).ravel())
        self.kept = self.kept[np.argsort(start[self.kept], kind="stable")]
        self.first = np.searchsorted(start[self.kept], np.arange(residual.n_points + 1))
        self.ways: dict[int, list[tuple[int, int, int]]] = {}
        self.rooms: list[int] = residual.room.tolist()

    def leaving(self, point: int) -> list[tuple[int, int, int]]:
        """End, link and reduced cost of the ways on from a point: the wide one, and links that may lead on cheaper.

        No other link is needed: whatever would take it may take the wide way from there at no more cost. Links back from
        where money may have come are among them.
        """
        if point not in self.ways:
            found = [(THERE, -1, int(self.wide[point]))] if self.wide[point] < FAR else []
            if not self.sure[point]:
                mine = self.kept[self.first[point] : self.first[point + 1]]
                columns = (self.residual.end[mine], mine, self.residual.length[mine])
                found += zip(*(c.tolist() for c in columns), strict=True)
            self.ways[point] = found
        return self.ways[point]

    def all_at_once(self, asked: Questions, cost: np.ndarray, mine: np.ndarray, found: Changes) -> None:
        """Fill openings in order of cost; where all ways taken are wide, that is the optimum and goes into ``found``.

        ``cost`` (m,): of the openings, so that the reduced cost from there on makes it whole; ``mine`` (q,) bool.
        """
        point = self.residual.point[asked.node]
        reach = mine[asked.question] & (self.far[point] < FAR) & (asked.room > 0)
        whole = np.where(reach, cost + np.where(reach, self.far[point], 0), FAR)
        order = np.lexsort((whole, asked.question))
        order = order[(whole < np.minimum(asked.most, FAR)[asked.question])[order]]
        q, room = asked.question[order], np.minimum(asked.room[order], self.residual.step)
        before = np.cumsum(room) - room
        before = before - before[np.searchsorted(q, q)] if q.size else before
        taken = np.clip(asked.amount[q] - before, 0, room)
        n = len(asked.amount)
        total, placed, doubtful = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, bool)
        np.add.at(total, q, taken * whole[order])
        np.add.at(placed, q, taken)
        np.logical_or.at(doubtful, q, (taken > 0) & ~self.sure[point[order]])
        sure = mine & ~doubtful
        found.cost[sure], found.placed[sure], found.known[sure] = total[sure], placed[sure], True


class Search:
    """Successive shortest paths from one question's openings to the target, over the points without a wide way there."""

    def __init__(
        self, towards: Towards, length: np.ndarray, node: np.ndarray, room: np.ndarray, shut: np.ndarray
    ) -> None:
        self.towards = towards
        point = towards.residual.point[node]
        self.openings = list(zip(point.tolist(), length.tolist(), strict=True))
        self.opening_room = room.tolist()
        self.shut = frozenset(shut.tolist())
        self.left: dict[int, int] = {}
        self.lift: dict[int, int] = {}
        self.seen = 0

    def place(self, amount: int, most: int) -> tuple[int, int]:
        """Cost of placing up to ``amount`` units, each below ``most``, and how many were placed."""
        total, placed = 0, 0
        while placed < amount:
            found = self._shortest()
            if found is None:
                break
            cost, path = found
            if cost >= most and most < FAR:
                break
            units = min(amount - placed, self._narrowest(path))
            self._push(path, units)
            total, placed = total + units * cost, placed + units
        return total, placed

    def _shortest(self) -> tuple[int, list[tuple[int, int]]] | None:
        """True cost of a unit on the cheapest way left, and that way as (point, link or opening)."""
        lift, left, shut, rooms = self.lift, self.left, self.shut, self.towards.rooms
        shift = min((c for _, c in self.openings), default=0)
        distance, came = {HERE: 0, THERE: FAR}, dict[int, tuple[int, int]]()
        done: set[int] = set()
        queue = [(0, HERE)]
        while queue:
            so_far, point = heapq.heappop(queue)
            if point in done:
                continue
            done.add(point)
            if point == THERE:
                break
            base, nearest = so_far + lift.get(point, 0), distance[THERE]
            ways = self._openings(shift) if point == HERE else self.towards.leaving(point)
            self.seen += len(ways)
            for end, link, length in ways:
                new = base + length - lift.get(end, 0)
                if new >= nearest or new >= distance.get(end, FAR):
                    continue  # past the nearest way found nothing is of use
                if point != HERE and link >= 0 and (link in shut or not left.get(link, rooms[link])):
                    continue
                distance[end], came[end] = new, (point, link)
                heapq.heappush(queue, (new, end))
        if THERE not in done:
            return None
        whole = distance[THERE]
        cost = whole - lift.get(HERE, 0) + shift
        for point in done:
            if distance[point] < whole:
                lift[point] = lift.get(point, 0) + distance[point] - whole
        path, at = [], THERE
        while at != HERE:
            before, link = came[at]
            path.append((before, link))
            at = before
        return cost, path

    def _openings(self, shift: int) -> list[tuple[int, int, int]]:
        """End, number and cost, above the cheapest of all, of openings with room left."""
        room = self.opening_room
        return [(end, i, length - shift) for i, (end, length) in enumerate(self.openings) if room[i] > 0]

    def _room(self, link: int) -> int:
        return self.left.get(link, self.towards.rooms[link])

    def _narrowest(self, path: list[tuple[int, int]]) -> int:
        rooms = [
            self.opening_room[link] if point == HERE else self._room(link)
            for point, link in path
            if link >= 0
        ]
        return min(rooms, default=FAR)

    def _push(self, path: list[tuple[int, int]], units: int) -> None:
        for point, link in path:
            if point == HERE:
                self.opening_room[link] -= units
            elif link >= 0:
                self.left[link] = self._room(link) - units
                self.left[link ^ 1] = self._room(link ^ 1) + units
