"""The plan's people as a flow by the plan's own worths: what each arc of its residual network is long."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np

from planner.stages.cadres.build import left_seats
from planner.stages.cadres.moved import Place
from planner.stages.cadres.rivals import new_costs
from planner.stages.cadres.settings import change_price
from planner.stages.cadres.standing import Standing

FAR = 2**61
CELLS = 100_000
"""Classes times slots that are priced at once."""


class Flow:
    """The plan's people as a flow. Nodes: classes, slots, capped units, the sink, where those are who are posted nowhere.

    Arcs have the length ``cost + worth of the tail − worth of the head``.
    """

    def __init__(self, standing: Standing) -> None:
        model = standing.model
        self.standing, self.model = standing, model
        crowd = model.crowd
        self.n, self.m, self.units = len(crowd.supply), len(model.posts.village), len(crowd.unit_cap)
        self.sink = self.n + self.m + self.units
        self.seats = left_seats(model.posts, model.people)
        self.price = 0 if model.kept is None else change_price(standing.context.policy)
        at = standing.before[crowd.rows]
        placed = np.flatnonzero(at >= 0)
        number, at = crowd.number[placed], at[placed]
        stays = (at == model.people.post[crowd.rows[placed]]) | (at == crowd.published[placed])
        arcs, self.count = np.unique(np.stack([number, at, stays]), axis=1, return_counts=True)
        self.arc_class, self.arc_slot, self.arc_stays = arcs[0], arcs[1], arcs[2].astype(np.bool_)
        self.there = np.bincount(at, minlength=self.m)
        self.out = np.bincount(number, minlength=self.n)
        self.worth = self._worths()
        self.arc_length = self._lengths()
        self.vacated, self.home = self._vacated(), self._homes()
        self.first_arc = np.searchsorted(self.arc_class, np.arange(self.n + 1)).tolist()
        self.stays_at = np.argsort(crowd.stays[1], kind="stable")
        self.first_stay = np.searchsorted(crowd.stays[1][self.stays_at], np.arange(self.m + 1)).tolist()
        self.arcs_at = np.argsort(self.arc_slot, kind="stable")
        self.first_at = np.searchsorted(self.arc_slot[self.arcs_at], np.arange(self.m + 1)).tolist()
        self.stays_of = np.argsort(crowd.stays[0], kind="stable")
        self.first_of = np.searchsorted(crowd.stays[0][self.stays_of], np.arange(self.n + 1)).tolist()
        self.joined: dict[tuple[int, ...], np.ndarray] = {}
        self.blocks: dict[tuple[int, int], np.ndarray] = {}
        self.groups: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        self.rows: dict[tuple[int, int], np.ndarray] = {}

    def _groups(self, component: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Groups of a component that reach each slot, slot after slot; which of the group's slots it is; and where each slot's begin."""
        if component not in self.groups:
            slots, of_slot = self.model.reach.slots, self.model.of_slot
            mine = [g for g, s in enumerate(slots) if len(s) and of_slot[s[0]] == component]
            flat = np.concatenate([*(slots[g] for g in mine), np.zeros(0, np.int64)]).astype(np.int64)
            of = np.repeat(np.array(mine, np.int64), [len(slots[g]) for g in mine])
            at = np.concatenate([*(np.arange(len(slots[g])) for g in mine), np.zeros(0, np.int64)])
            order = np.argsort(flat, kind="stable")
            self.groups[component] = (
                of[order],
                at[order].astype(np.int64),
                np.searchsorted(flat[order], np.arange(self.m + 1)),
            )
        return self.groups[component]

    @cached_property
    def classes(self) -> list[np.ndarray]:
        """Classes of each group."""
        group = self.model.reach.group
        by_group = np.argsort(group, kind="stable")
        cuts = np.searchsorted(group[by_group], np.arange(len(self.model.reach.slots) + 1))
        return [by_group[a:b] for a, b in pairwise(cuts.tolist())]

    def into(self, slot: int) -> tuple[np.ndarray, np.ndarray]:
        """(k,) classes whose people may newly come to a slot, and the length of the way; ``FAR`` where they may not."""
        of, at, first = self._groups(int(self.model.of_slot[slot]))  # whoever reaches it is of its component
        mine = slice(int(first[slot]), int(first[slot + 1]))
        groups = tuple(of[mine].tolist())
        if groups not in self.joined:
            none = [np.zeros(0, np.int64)]
            self.joined[groups] = np.concatenate(none + [self.classes[g] for g in groups])
        parts = [self._column(g, k) for g, k in zip(groups, at[mine].tolist(), strict=True)]
        return self.joined[groups], np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def _column(self, group: int, at: int) -> np.ndarray:
        """Lengths from all classes of a group to one of its slots; looked up in blocks, each priced when it is first asked for."""
        classes, slots = self.classes[group], self.model.reach.slots[group]
        width = max(1, CELLS // max(1, len(classes)))
        number, column = divmod(at, width)
        if (group, number) not in self.blocks:
            here = slots[number * width : (number + 1) * width]
            cost, allowed = new_costs(self.model, classes, here)
            person = self.worth[classes] + self.price * self.model.crowd.moves[classes]
            length = cost + person[:, None] - self.worth[self.n + here][None, :]
            self.blocks[group, number] = np.where(allowed, length, FAR).T.copy()
        found: np.ndarray = self.blocks[group, number][column]
        return found

    @cached_property
    def stay_flow(self) -> np.ndarray:
        """(k,) people on each of the crowd's stays."""
        of_class, slot = self.model.crowd.stays[:2]
        key = self.arc_class[self.arc_stays] * self.m + self.arc_slot[self.arc_stays]
        people = dict(zip(key.tolist(), self.count[self.arc_stays].tolist(), strict=True))
        return np.array([people.get(k, 0) for k in (of_class * self.m + slot).tolist()], np.int64)

    def _worths(self) -> np.ndarray:
        """(nodes,) worth of one person more at each; a unit's is the most that keeps its arcs from being negative."""
        model, crowd = self.model, self.model.crowd
        person = np.zeros(self.n, np.int64)
        person[crowd.number] = self.standing.worth_cadre[crowd.rows]
        unit = np.zeros(self.units, np.int64)
        home = np.flatnonzero((crowd.unit >= 0) & (self.out < crowd.supply))
        np.maximum.at(unit, crowd.unit[home], person[home])
        self.released = np.bincount(
            crowd.unit[crowd.unit >= 0], self.out[crowd.unit >= 0], self.units
        ).astype(np.int64)
        assert model.posts.worth.shape == self.seats.shape
        return np.concatenate([person, self.standing.worth_post, unit, [0]])

    def _lengths(self) -> np.ndarray:
        """(k,) length of the way from a slot to the class of people who are there, as they leave it."""
        number, slot, stays = self.arc_class, self.arc_slot, self.arc_stays
        crowd = self.model.crowd
        in_place = np.zeros(len(number), np.bool_)
        moves = crowd.moves[number].copy()
        place = {k: i for i, k in enumerate((crowd.stays[0] * self.m + crowd.stays[1]).tolist())}
        for i in np.flatnonzero(stays).tolist():
            known = place[int(number[i]) * self.m + int(slot[i])]
            in_place[i], moves[i] = crowd.in_place[known], crowd.stay_moves[known]
        cost = self.model.costs.single(number, slot, in_place) + self.price * moves
        return np.asarray(self.worth[self.n + slot] - self.worth[number] - cost)

    def at(self, number: int) -> dict[Place, int]:
        """Place → people of a class there."""
        low, high = np.searchsorted(self.arc_class, [number, number + 1])
        columns = (c[low:high].tolist() for c in (self.arc_slot, self.arc_stays, self.count))
        return {(slot, stays): people for slot, stays, people in zip(*columns, strict=True)}

    def _vacated(self) -> np.ndarray:
        """(m,) length of the way from the sink to a slot, whose last seat that is filled is left empty; ``FAR`` where none is."""
        rank = np.where(self.there - 1 < self.seats[0], 0, 1)
        gain = self.model.posts.worth[rank, np.arange(self.m)]
        return np.where(self.there > 0, gain - self.worth[self.n : self.n + self.m], FAR)

    def _homes(self) -> np.ndarray:
        """(n,) node where those of a class are who are posted nowhere, its unit's or the sink; −1 where all of it are posted."""
        unit = self.model.crowd.unit
        return np.where(
            self.out >= self.model.crowd.supply, -1, np.where(unit < 0, self.sink, self.n + self.m + unit)
        )
