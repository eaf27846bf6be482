"""The best posts of a cadre and the best cadres of a village: each change exact, the best first.

Where the plan's people are a cheapest flow, chains of moves price every post without a solve (:mod:`planner.stages.cadres.chains`). A
chain that would break a rule on teams is only what its post costs at least: such a one is solved for, as are all where the plan is
no cheapest flow. Both are exact. Where solves are dear and few, a chain that keeps the rules tells what a post costs at most.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count

import numpy as np

from graph.language import Text, several
from planner.cost import SCALE
from planner.otherwise.choice import Asking, Otherwise
from planner.otherwise.posting_chains import chained_posting, flow_of
from planner.otherwise.posting_prices import Place, forced_posting, with_text
from planner.otherwise.ranked import Ranked, work_for
from planner.stages.cadres.chains import Chain, Search, Unproved, holds
from planner.stages.cadres.forced import Whole, whole_task
from planner.stages.cadres.plan_flow import Flow
from planner.stages.cadres.rivals import left_behind, new_costs
from planner.stages.cadres.shut_out import shut_out
from planner.stages.cadres.standing import Standing
from planner.stages.cadres.takers import Takers


def best_posts(asking: Asking, standing: Standing, row: int, wanted: int) -> Ranked:
    """The ``wanted`` best posts of a cadre; where there is none, the rules that forbid each."""
    slots = np.zeros(0, np.int64)
    if standing.class_of_row[row] >= 0:
        slots = standing.open_seats(row)
        slots = slots[slots != standing.before[row]]
    found = best_of(asking, standing, np.full(len(slots), row), slots, wanted)
    every = np.arange(len(standing.model.posts.village))
    return found if found.of else _forbidden(asking, standing, np.full(len(every), row), every)


def best_people(asking: Asking, standing: Standing, slots: np.ndarray, wanted: int) -> Ranked:
    """The ``wanted`` best cadres for the posts ``slots`` of one village, of those who are not there; where there is none, why."""
    rows = [takers_of(standing, slot) for slot in slots.tolist()]
    slot = np.repeat(slots, [len(r) for r in rows])
    row = np.concatenate([*rows, np.zeros(0, np.int64)]).astype(np.int64)
    order = np.lexsort((slot, row))
    found = best_of(asking, standing, row[order], slot[order], wanted)
    if found.of:
        return found
    everybody = np.arange(standing.model.people.table.height)
    pairs = np.tile(everybody, len(slots)), np.repeat(slots, len(everybody))
    return _forbidden(asking, standing, *pairs)


def best_of(asking: Asking, standing: Standing, rows: np.ndarray, slots: np.ndarray, wanted: int) -> Ranked:
    """The ``wanted`` best of free cadres (k,), sorted, each at a post (k,) of another village that no rule by itself keeps from it."""
    return _Ranking(asking, standing, wanted).best(rows, slots)


def _forbidden(asking: Asking, standing: Standing, rows: np.ndarray, slots: np.ndarray) -> Ranked:
    """What is not possible of cadres (k,) at posts (k,), by the rules that keep them apart."""
    found = []
    for one in shut_out(standing, rows, slots):
        place = Place(int(rows[one.at[0]]), int(slots[one.at[0]]), 0)
        many = len(one.at) - 1
        what = with_text(asking, standing, place)
        if many:
            others = Text(f"（另有 {many:,} 个同样）", f" (and {several(many, 'other')} alike)")
            what = Text(what.zh + others.zh, what.en + others.en)
        found.append(asking.barred(what, one.rules))
    return Ranked(found)


def takers_of(standing: Standing, slot: int) -> np.ndarray:
    """(k,) rows of cadres who may take a post and are not in its village; one of those who are alike and at the same places."""
    model, posts, people = standing.model, standing.model.posts, standing.model.people
    crowd, group = model.crowd, model.reach.group
    if not standing.seats[slot]:
        return np.zeros(0, np.int64)
    near = np.array([bool((slots == slot).any()) for slots in model.reach.slots] + [False])
    classes = np.flatnonzero(near[group])
    allowed = np.zeros(len(group), np.bool_)
    allowed[classes] = new_costs(model, classes, np.array([slot]))[1][:, 0]
    now = standing.before[crowd.rows]
    here = (now >= 0) & (posts.village[now] == posts.village[slot])
    may = (people.new[crowd.rows] & allowed[crowd.number]) | (people.post[crowd.rows] == slot)
    at = np.flatnonzero(may & ~here)
    key = np.stack([crowd.number[at], now[at], people.post[crowd.rows[at]], crowd.published[at]])
    return np.asarray(crowd.rows[at[np.unique(key, axis=1, return_index=True)[1]]])


FEW = 3
"""Second solves of one question where the plan's people are no flow that is proved the cheapest: each takes seconds there."""
SMALL = 2_000
"""Classes times posts of a task up to which all choices are solved for: a solve takes hundredths of a second there."""


@dataclass(frozen=True)
class _Chained:
    """A chain of a search, not yet held against the rules on teams."""

    flow: Flow
    place: Place
    chain: Chain


@dataclass(frozen=True)
class _Asked:
    """A cadre and posts that were not looked at yet."""

    row: int
    slots: np.ndarray


@dataclass(frozen=True)
class _Next:
    """Cadres for a post who were not looked at yet, and the ``row`` of the next of them."""

    takers: Takers
    row: int


_State = _Asked | _Next | Search | Place | _Chained | Otherwise


class _Ranking:
    """Choices of one question in the order of what is known of each as the least, then of who moves, until those in front are exact."""

    def __init__(self, asking: Asking, standing: Standing, wanted: int) -> None:
        self.asking, self.standing, self.wanted = asking, standing, wanted
        self.queue: list[tuple[int, int, int, _State]] = []
        self.number, self.solved, self.most = count(), 0, work_for(wanted)
        self.wholes: dict[int, Whole] = {}

    def best(self, row: np.ndarray, slot: np.ndarray) -> Ranked:
        """The best of cadres (k,) each at a post (k,), sorted by cadre."""
        if not row.size:
            return Ranked()
        least = self._least(row, slot)
        flow = self.standing.is_flow(self.standing.task_of(int(row[0])))
        if not flow:  # each bound may save a solve, which takes seconds
            least = least + left_behind(self.standing, row)
            self.most = self._work_for(self.standing.task_of(int(row[0])), len(row))
        first = np.unique(row, return_index=True)[1]
        posts = np.unique(slot)
        forwards = flow and len(posts) < len(first)  # few posts for many cadres: one search from each post
        for one in posts.tolist() if forwards else ():
            self._next(Takers(self._flow(), one, row[slot == one]))
        for mine in np.split(np.arange(len(row)), first[1:]) if flow and not forwards else ():
            self._put(int(least[mine].min()), _Asked(int(row[mine[0]]), slot[mine]))
        sure = self.standing.at_least(self.standing.task_of(int(row[0])), least)
        for k in [] if flow else np.argsort(least, kind="stable").tolist():  # what seems to be the best first
            self._put(int(sure[k]), Place(int(row[k]), int(slot[k]), int(sure[k])))
        return self._work(len(row))

    def _work_for(self, task: int, choices: int) -> int:
        """Second solves where there is no flow: all of a small task; of a large one, as solves are dear, few where chains tell of the others."""
        told = self.standing.components[task]
        if int(told["classes"]) * int(told["posts"]) <= SMALL:
            return max(self.most, choices)
        return min(self.most, FEW) if self.standing.model.rules is None else self.most

    def _next(self, takers: Takers) -> None:
        """The next cadre for a post; all that are left by what the worths say of each, where they prove no flow."""
        try:
            found = takers.best()
        except Unproved:
            rows, slots = takers.rest(), np.full(len(takers.rest()), takers.slot)
            least = self._least(rows, slots) if rows.size else np.zeros(0, np.int64)
            for row, change in zip(rows.tolist(), least.tolist(), strict=True):
                self._put(change, _Asked(row, np.array([takers.slot])))
            return
        if found is not None:
            change, moves, row = found
            self._put(change, _Next(takers, row), moves)

    def _work(self, of: int) -> Ranked:
        found = list[Otherwise]()
        while self.queue and len(found) < self.wanted:
            least, moves, _, state = heapq.heappop(self.queue)
            if isinstance(state, Otherwise):
                found.append(state)
            elif isinstance(state, _Next):
                self._search(Search(self._flow(), state.row, np.array([state.takers.slot])))
                self._next(state.takers)
            elif isinstance(state, _Asked):
                self._search(Search(self._flow(), state.row, state.slots))
            elif isinstance(state, Search):
                self._search(state)
            elif isinstance(state, _Chained) and holds(state.flow, state.place.row, state.chain):
                told = self._told(state)
                if len(told.moves) - 1 <= moves:
                    found.append(told)
                else:  # somebody who is alike has to take a place that is left
                    self._put(least, told, len(told.moves) - 1)
            elif self.solved < self.most:
                self._solve(state.place if isinstance(state, _Chained) else state)
            else:
                self._put(least, state, moves)
                return Ranked(self._known(found), of, least / SCALE)
        return Ranked(found, of)

    def _known(self, found: list[Otherwise]) -> list[Otherwise]:
        """Where work has ended: what is exact, and of others the ranges that their prices lie in, as many as are wanted."""
        left = [state for _, _, _, state in sorted(self.queue, key=lambda entry: entry[:3])]
        found = [*found, *filter(None, map(self._exact, left))][: self.wanted]
        for state in left:
            if len(found) < self.wanted and isinstance(state, Place):
                told = self._range(state)
                found += [] if told is None else [told]
        return sorted(found, key=lambda told: told.change or 0.0)

    def _exact(self, state: _State) -> Otherwise | None:
        """What is known exactly; ``None`` of all else."""
        if isinstance(state, _Chained) and holds(state.flow, state.place.row, state.chain):
            return self._told(state)
        return state if isinstance(state, Otherwise) else None

    def _range(self, place: Place) -> Otherwise | None:
        """What a place costs at most, by some chain that keeps every rule, and at least; ``None`` where none is found."""
        if self.standing.model.rules is not None:
            return None
        flow = self._flow()
        chain = Search(flow, place.row, np.array([place.slot]), loose=True).best()
        if chain is None or not holds(flow, place.row, chain):
            return None
        return self._told(_Chained(flow, place, chain), place.least)

    def _put(self, least: int, state: _State, moves: int = 0) -> None:
        heapq.heappush(self.queue, (least, moves, next(self.number), state))

    def _told(self, state: _Chained, least: int | None = None) -> Otherwise:
        what = with_text(self.asking, self.standing, state.place)
        return chained_posting(self.asking, self.standing, what, state.place.row, state.chain, least)

    def _flow(self) -> Flow:
        return flow_of(self.standing)

    def _search(self, search: Search) -> None:
        """The next chain of a search; its posts one by one, where the worths prove no flow."""
        try:
            chain = search.best()
        except Unproved:
            row = np.full(len(search.slots), search.row)
            for slot, least in zip(
                search.slots.tolist(), self._least(row, search.slots).tolist(), strict=True
            ):
                self._put(least, Place(search.row, slot, least))
            return
        if chain is not None:
            place = Place(search.row, chain.slot, chain.change)
            self._put(chain.change, _Chained(search.flow, place, chain), chain.moves)
            self._put(chain.change, search, chain.moves)

    def _solve(self, place: Place) -> None:
        """The person sent there by a second solve of the whole component."""
        number = self.standing.task_of(place.row)
        if number not in self.wholes and (whole := whole_task(self.standing.model, place.row)) is not None:
            self.wholes[number] = self.standing.begun(whole)
        self.solved += 1
        told = forced_posting(self.asking, self.standing, self.wholes[number], place)
        if told is not None and told.change is not None:
            self._put(round(told.change * SCALE), told, len(told.moves) - 1)

    def _least(self, row: np.ndarray, slot: np.ndarray) -> np.ndarray:
        """(k,) thousandths that each costs at least, by the plan's worths."""
        return self.standing.least(row, slot, self.standing.task_of(int(row[0])))
