"""Posting under rules on teams and households as an integer programme, in two ranks: first the seats, then the cost.

The worths of seats are whole multiples of one step that outweighs costs, too large for a solver's floating point beside them;
so the seats are decided first, and the cost among plans with the best of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.solve import mip, second
from planner.solve.choice import ChoiceModel
from planner.solve.clock import Clock
from planner.solve.posting_network import Seats
from planner.solve.posting_pairs import Pairs
from planner.solve.posting_rules import APART, NOWHERE, Rules
from planner.solve.posting_sent import Sent
from planner.solve.potentials import exact_dot

CHECKS = 2_500_000
"""Columns times checks of HiGHS at which a programme ends: a count of work, some seconds for each of the two ranks."""


@dataclass(frozen=True)
class Problem:
    """Which of ``pairs`` people take; ``hard`` (m,) bool: must-seats that have to be filled."""

    seats: Seats
    hard: np.ndarray
    rules: Rules
    pairs: Pairs
    villages: np.ndarray

    def value(self, sent: Sent) -> int:
        """Costs, seats left empty in ``villages`` (v,) bool, and what those lose who nobody comes to lead; exact."""
        lost = self._lost(sent).astype(np.int64)
        return exact_dot(sent.cost, sent.count) + self.empty(sent) - exact_dot(lost, self.rules.lost_cost)

    def empty(self, sent: Sent) -> int:
        """The worth of seats left empty, and of those of people whom nobody comes to lead."""
        seats, rules = self.seats, self.rules
        there = sent.at_slots(seats.count.shape[1])
        must = np.minimum(there, seats.count[0])
        empty = (seats.count - np.stack([must, there - must])) * self.villages[rules.teams.village]
        lost = self._lost(sent).astype(np.int64)
        return exact_dot(empty.ravel(), seats.gain.ravel()) + exact_dot(lost, rules.lost_worth)

    def _lost(self, sent: Sent) -> np.ndarray:
        return np.asarray(self.rules.unled(sent.at_slots(self.seats.count.shape[1])) & self.villages)


@dataclass(frozen=True)
class Exact:
    """The best plan that was found (``None`` where there is none), and what no plan of these pairs is below.

    ``nothing``: there is no plan of these pairs at all; ``checks``: the work done.
    """

    sent: Sent | None
    bound: int | None
    cut_short: bool
    nothing: bool = False
    checks: int = 0


def best(problem: Problem, begun: Sent | None, options: Mapping[str, Any], clock: Clock) -> Exact:
    """Decide the seats, then the cost; ``begun`` keeps the rules and helps the solver."""
    model = _Model(problem)
    step = model.step
    seats = model.solve(model.worth, begun, options, clock, None)
    checks = int(seats.facts["checks"])
    if "x" not in seats.arrays:
        return Exact(None, None, bool(seats.facts["cut_short"]), seats.status == "INFEASIBLE", checks)
    least = model.least_cost()
    known, reached = seats.facts["bound"], int(model.worth @ seats.arrays["x"])
    best_worth = model.top if known is None else -int(known)
    begun = model.sent(seats.arrays["x"])
    cost = model.solve(model.cost, begun, options, clock, reached)
    checks += int(cost.facts["checks"])
    top = model.top
    beyond = step * (top - best_worth) + least  # what a plan with better seats than were found may come to
    short = bool(seats.facts["cut_short"]) or bool(cost.facts["cut_short"])
    sent = model.sent(cost.arrays["x"]) if "x" in cost.arrays else begun
    if best_worth > reached:
        return Exact(sent, beyond, short, checks=checks)
    here = cost.facts.get("bound")
    same = step * (top - reached) + (least if here is None else int(here) + model.fixed)
    return Exact(sent, min(same, step * (top - reached + 1) + least), short, checks=checks)


def nearest_plan(
    problem: Problem, plan: Sent, before: Sent | np.ndarray, options: Mapping[str, Any], clock: Clock
) -> Sent:
    """Of the plans of these pairs that are as good as ``plan``, one that leaves most people where they were ``before``.

    Or, where ``before`` are (pairs,) changes that one person on each is, one with the fewest changes.
    """
    model, pairs = _Model(problem), problem.pairs
    empty = problem.empty(plan)
    worth, most = model.top - empty // model.step, problem.value(plan) - empty - model.fixed
    model.cost_at_most(most)
    if isinstance(before, Sent):
        count = np.minimum(pairs.counts(before, problem.seats.count.shape[1]), pairs.room)
        columns = model.stays_of(np.flatnonzero(count), count[count > 0])
        changes = np.full(len(columns), -1)
    else:
        columns, changes = model.x, before
    aim = np.zeros(model.model.n_columns, np.int64)
    aim[columns] = changes
    found = model.solve(aim, plan, options, clock, worth)
    anew = model.sent(found.arrays["x"]) if "x" in found.arrays else plan
    return anew if problem.value(anew) <= problem.value(plan) else plan


def impossible(problem: Problem, options: Mapping[str, Any]) -> bool:
    """Whether a second solver, too, finds no plan of these pairs; no where it did not settle it."""
    return second.agrees(_Model(problem).model.arrays(), options)


class _Model:
    """Columns and rows; see docs/stages/cadres.md.

    Columns: people on each pair; must-seats and further seats filled at each slot; whether a village gets people; from which
    unit; in which place a household is, or that nobody of it is newly posted.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, pairs, seats = problem, problem.pairs, problem.seats
        self.model = ChoiceModel()
        self.village = problem.rules.teams.village
        self.slots = np.flatnonzero((seats.count.sum(axis=0) > 0) & problem.villages[self.village])
        self.at = np.full(seats.count.shape[1], -1)
        self.at[self.slots] = np.arange(len(self.slots))
        self.costs: list[tuple[np.ndarray, np.ndarray]] = []
        self.worths: list[tuple[np.ndarray, np.ndarray]] = []
        rules = problem.rules
        gains = np.concatenate([seats.gain[:, self.slots].ravel(), rules.lost_worth[problem.villages]])
        self.step = max(int(np.gcd.reduce(gains, axis=None)), 1)
        self.x = self._add(pairs.room, cost=pairs.cost)
        self.filled = [
            self._add(seats.count[k][self.slots], worth=seats.gain[k][self.slots] // self.step)
            for k in range(2)
        ]
        self.top = int((seats.count * seats.gain // self.step)[:, self.slots].sum())
        self._flow()
        self._teams()
        self._senders()
        self._households()
        size = self.model.n_columns
        self.cost, self.worth = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for into, parts in ((self.cost, self.costs), (self.worth, self.worths)):
            for columns, values in parts:
                into[columns] = values

    def _add(self, upper: Any, n: int | None = None, cost: Any = None, worth: Any = None) -> np.ndarray:
        size = len(upper) if n is None else n
        columns = self.model.columns(np.zeros(size, np.int64), upper=upper)
        for parts, values in ((self.costs, cost), (self.worths, worth)):
            if values is not None:
                parts.append((columns, np.asarray(values)))
        return columns

    def _sums(self, rule: str, row: np.ndarray, column: np.ndarray, upper: np.ndarray) -> None:
        """Columns add up to ``upper`` at most, row by row; rows of nobody are left out."""
        used, at = np.unique(row, return_inverse=True)
        if len(used):
            self.model.rows(rule, at.ravel(), column, 1.0, -np.inf, upper[used], len(used))

    def _flow(self) -> None:
        """Everyone once, units within their caps, people at a slot are seats filled; what is hard is filled."""
        pairs, seats = self.problem.pairs, self.problem.seats
        self._sums("supply", pairs.of_class, self.x, seats.supply.astype(np.float64))
        unit = seats.unit[pairs.of_class]
        capped = np.flatnonzero(unit >= 0)
        self._sums("unit", unit[capped], self.x[capped], seats.unit_cap.astype(np.float64))
        m = len(self.slots)
        row = np.concatenate([self.at[pairs.slot], np.arange(m), np.arange(m)])
        sign = np.repeat([1.0, -1.0], [len(self.x), 2 * m])
        self.model.rows("seats", row, np.concatenate([self.x, *self.filled]), sign, 0.0, 0.0, m)
        hard = np.flatnonzero(self.problem.hard[self.slots])
        asked = seats.count[0][self.slots[hard]].astype(np.float64)
        self.model.rows("hard", np.arange(len(hard)), self.filled[0][hard], 1.0, asked, np.inf, len(hard))

    def _teams(self) -> None:
        """A village gets people only when they are led, enough and understood; then its own are not lost."""
        rules, problem = self.problem.rules, self.problem
        teams, pairs = rules.teams, problem.pairs
        mine = problem.villages & ((teams.wanted > 0) | ~rules.spoken)
        villages = np.flatnonzero(mine)
        number = np.full(len(mine), -1)
        number[villages] = np.arange(len(villages))
        lost = (rules.lost_worth + rules.lost_cost > 0)[villages]
        loss = np.where(lost, rules.lost_cost[villages], 0)
        worth = np.where(lost, rules.lost_worth[villages] // self.step, 0)
        self.sent_to = self._add(1.0, len(villages), cost=loss, worth=worth)
        self.top += int(worth.sum())
        self.fixed = -int(loss.sum())
        for kind in range(2):
            here = np.flatnonzero(mine[self.village[self.slots]])
            n = len(here)
            columns = np.concatenate(
                [self.filled[kind][here], self.sent_to[number[self.village[self.slots[here]]]]]
            )
            data = np.concatenate([np.ones(n), -problem.seats.count[kind][self.slots[here]]])
            self.model.rows("teams", np.tile(np.arange(n), 2), columns, data, -np.inf, 0.0, n)
        of = self.village[pairs.slot]
        speaks = rules.understood(pairs.of_class, of)
        least = teams.wanted - teams.there
        self._asked("size", mine & (teams.wanted > 0) & (least > 0), mine[of], least, number)
        led = mine & (teams.wanted > 0) & ~teams.led
        self._asked("led", led, teams.leads[pairs.slot], np.ones(len(mine), np.int64), number)
        self._asked("language", mine & ~rules.spoken, speaks, np.ones(len(mine), np.int64), number)
        kept = np.flatnonzero(lost & rules.lost_hard[villages])
        self.model.rows("led", np.arange(len(kept)), self.sent_to[kept], 1.0, 1.0, np.inf, len(kept))

    def _asked(
        self, rule: str, where: np.ndarray, who: np.ndarray, least: np.ndarray, number: np.ndarray
    ) -> None:
        """So many of the pairs ``who`` (k,) bool in each village ``where`` (v,) bool that gets people."""
        villages = np.flatnonzero(where)
        row = np.full(len(where), -1)
        row[villages] = np.arange(len(villages))
        of = self.village[self.problem.pairs.slot]
        chosen = np.flatnonzero(who & where[of])
        rows = np.concatenate([row[of[chosen]], np.arange(len(villages))])
        columns = np.concatenate([self.x[chosen], self.sent_to[number[villages]]])
        data = np.concatenate([np.ones(len(chosen)), -least[villages].astype(np.float64)])
        self.model.rows(rule, rows, columns, data, 0.0, np.inf, len(villages))

    def _senders(self) -> None:
        """All new people of a village come from one unit; where nobody can stay, the unit alone leads, is enough and understood.

        The last is no further rule, but without it the relaxation makes up teams of several units, and its bound is weak.
        """
        pairs, rules = self.problem.pairs, self.problem.rules
        new = np.flatnonzero(~pairs.stays)
        sender, village = rules.sender[pairs.of_class[new]], self.village[pairs.slot[new]]
        both = np.unique(np.stack([village, sender]), axis=1)
        several = np.flatnonzero(np.bincount(both[0], minlength=len(rules.asks)) > 1)
        asked = np.isin(village, several)
        new, sender, village = new[asked], sender[asked], village[asked]
        pair, at = np.unique(np.stack([village, sender]), axis=1, return_inverse=True)
        one = self._add(1.0, pair.shape[1])
        self._sums("sender", pair[0], one, np.ones(len(rules.asks)))
        self._opened("sender", new, [(one[at.ravel()], np.ones(len(new), np.bool_))])
        self._whole_senders(new, at.ravel(), one, pair[0])

    def _whole_senders(self, new: np.ndarray, at: np.ndarray, one: np.ndarray, village: np.ndarray) -> None:
        """What the team rules ask of a village, of each unit that may send there; ``at`` the unit's column of the pairs ``new``."""
        pairs, rules = self.problem.pairs, self.problem.rules
        teams = rules.teams
        stays = np.bincount(self.village[pairs.slot[pairs.stays]], minlength=len(rules.asks)) > 0
        ruled, of = ~stays & (teams.wanted > 0), self.village[pairs.slot[new]]
        asked = (
            (ruled, np.ones(len(new), np.bool_), np.maximum(teams.wanted - teams.there, 0)),
            (ruled & ~teams.led, teams.leads[pairs.slot[new]], np.ones(len(ruled), np.int64)),
            (
                ~stays & ~rules.spoken,
                rules.understood(pairs.of_class[new], of),
                np.ones(len(ruled), np.int64),
            ),
        )
        for where, who, least in asked:
            mine = np.flatnonzero(where[village] & (least[village] > 0))
            row = np.full(len(one), -1)
            row[mine] = np.arange(len(mine))
            chosen = np.flatnonzero(who & (row[at] >= 0))
            rows = np.concatenate([row[at[chosen]], np.arange(len(mine))])
            columns = np.concatenate([self.x[new[chosen]], one[mine]])
            data = np.concatenate([np.ones(len(chosen)), -least[village[mine]].astype(np.float64)])
            self.model.rows("sender", rows, columns, data, 0.0, np.inf, len(mine))

    def _opened(self, rule: str, chosen: np.ndarray, by: list[tuple[np.ndarray, np.ndarray]]) -> None:
        """People on the pairs ``chosen``, slot by slot and opener by opener, only where an opener (of each mask) is open."""
        if not len(chosen):
            return
        slot = self.problem.pairs.slot[chosen]
        keys = [np.where(mask, column, -1) for column, mask in by]
        rows, at = np.unique(np.stack([slot, *keys]), axis=1, return_inverse=True)
        n, seats = rows.shape[1], self.problem.seats.count.sum(axis=0)[rows[0]].astype(np.float64)
        row, column, data = [at.ravel()], [self.x[chosen]], [np.ones(len(chosen))]
        for opener in rows[1:]:
            there = np.flatnonzero(opener >= 0)
            row.append(there)
            column.append(opener[there])
            data.append(-seats[there])
        entries = (np.concatenate(row), np.concatenate(column), np.concatenate(data))
        self.model.rows(rule, *entries, -np.inf, 0.0, n)

    def _households(self) -> None:
        """All of a household in one place, or nobody of it newly posted."""
        pairs, rules = self.problem.pairs, self.problem.rules
        home = rules.household[pairs.of_class]
        rows = np.flatnonzero(home >= 0)
        if not len(rows):
            return
        home, place = home[rows], rules.place[self.village[pairs.slot[rows]]]
        present = np.unique(home)
        still = self._add((~rules.moved[present]).astype(np.float64), len(present))
        bound = rules.bound_to[home]
        may = (bound == NOWHERE) | ((bound == place) & (bound != APART))
        where, at = np.unique(np.stack([home[may], place[may]]), axis=1, return_inverse=True)
        there = self._add(1.0, where.shape[1])
        owner = np.concatenate([np.searchsorted(present, where[0]), np.arange(len(present))])
        self._sums("household", owner, np.concatenate([there, still]), np.ones(len(present)))
        opener = np.full(len(rows), -1)
        opener[may] = there[at.ravel()]
        stays = pairs.stays[rows]
        nobody = still[np.searchsorted(present, home)]
        for k in range(len(rows)):  # few: one row for each pair of a household of several
            columns = [self.x[rows[k]]]
            columns += [opener[k]] if opener[k] >= 0 else []
            columns += [nobody[k]] if stays[k] else []
            data = np.array([1.0, *([-float(pairs.room[rows[k]])] * (len(columns) - 1))])
            self.model.rows("household", np.zeros(len(columns)), np.array(columns), data, -np.inf, 0.0, 1)

    def cost_at_most(self, most: int) -> None:
        """Only plans that cost no more."""
        used = np.flatnonzero(self.cost)
        self.model.rows("cost", np.zeros(len(used)), used, self.cost[used], -np.inf, float(most), 1)

    def stays_of(self, pairs: np.ndarray, count: np.ndarray) -> np.ndarray:
        """Columns of people of ``pairs`` (k,) who stay there, ``count`` (k,) at most."""
        n = len(pairs)
        stays, row = self._add(count, n), np.arange(n)
        data = np.repeat([1.0, -1.0], n)
        self.model.rows(
            "stays", np.tile(row, 2), np.concatenate([stays, self.x[pairs]]), data, -np.inf, 0.0, n
        )
        return stays

    def least_cost(self) -> int:
        """No plan of these pairs costs less."""
        return self.fixed + exact_dot(np.minimum(self.problem.pairs.cost, 0), self.problem.pairs.room)

    def solve(
        self, aim: np.ndarray, begun: Sent | None, options: Mapping[str, Any], clock: Clock, worth: int | None
    ) -> Any:
        """The most of the worth, or where ``worth`` is given the least cost with no less of it."""
        seats = worth is None
        arrays = dict(self._with_worth(worth).arrays())
        arrays["cost"] = -aim if seats else aim
        if begun is not None:
            start = np.full(len(aim), np.nan)
            start[self.x] = self.problem.pairs.counts(begun, self.problem.seats.count.shape[1])
            arrays["start"] = start
        chosen = {k: options[k] for k in ("threads", "work") if k in options}
        work = float(options.get("work") or 1.0)
        chosen["checks"] = max(1, int(work * CHECKS / max(1, len(aim))))
        if (left := clock.left()) is not None:
            chosen |= {"time_limit": max(left, 0.1), "count_too": True}
        return mip.solve(arrays, chosen, lambda found: None)

    def _with_worth(self, worth: int | None) -> ChoiceModel:
        if worth is not None:
            columns = np.flatnonzero(self.worth)
            self.model.rows("worth", np.zeros(len(columns)), columns, self.worth[columns], worth, np.inf, 1)
        return self.model

    def sent(self, x: np.ndarray) -> Sent:
        """The people on each pair."""
        pairs, count = self.problem.pairs, x[self.x]
        used = np.flatnonzero(count)
        return Sent(pairs.of_class[used], pairs.slot[used], count[used], pairs.cost[used], pairs.stays[used])
