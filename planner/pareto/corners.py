"""The corners of a front of money: two aims weighed against each other, each weighing solved as a flow, exactly.

All sums of money between two allocations can be had, so that a front of money is a chain of straight lines but for single yuan.
Its corners are allocations that are best at some weights; between two known ones the weights at which both are as good are asked
next (Aneja and Nair 1979). Where a better one is found it is a corner between them, else no plan lies below the line that joins them.
The flow's potentials prove each answer; with both weights above 0 no plan dominates it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd

import numpy as np

from planner.pareto.front import Edge, Front, Point, Solve
from planner.pareto.grounds import Run
from planner.pareto.model import Within
from planner.pareto.money import MoneyModel
from planner.solve.task import Answer, Arrays, Task
from planner.stage import Limits

LARGEST = 2**61  # cost times nodes that the flow solver takes
FREE: Within = (None, None)


class _NoFlow(Exception):
    """The rules cannot hold together."""


def find_corners(model: MoneyModel, run: Run, limits: Limits, most: int) -> Front:
    """All corners, or ``most`` of them: where the front is most bent first.

    Parameters
    ----------
    model : MoneyModel
        With two aims.
    run : callable
        Runs tasks.
    limits : Limits
        Of each solve.
    most : int
        Points at most, but never fewer than the two ends.
    """
    search = _Search(model, run, limits)
    try:
        ends = {p.values: p for p in (search.end(0), search.end(1))}
    except _NoFlow:
        return Front((), "infeasible", search.solves)
    points = [ends[v] for v in sorted(ends)]
    edges: dict[tuple[Point, Point], Edge | None] = dict.fromkeys(itertools.pairwise(points))
    while (open_edges := [e for e, known in edges.items() if known is None]) and len(points) < most:
        one, other = max(open_edges, key=lambda e: (_area(*e), e[0].values))
        found = search.between(one, other)
        if isinstance(found, Edge):
            edges[one, other] = found
            continue
        del edges[one, other]
        edges |= {(one, found): None, (found, other): None}
        points.append(found)
    points.sort(key=lambda p: p.values)
    known = tuple(edges[pair] for pair in itertools.pairwise(points))
    least = tuple(min(p.values[j] for p in points) for j in range(2))
    told = [replace(p, end_of=tuple(j for j in range(2) if p.values[j] == least[j])) for p in points]
    return Front(tuple(told), "cut" if None in known else "corners", search.solves, known)


def _area(one: Point, other: Point) -> int:
    return (other.values[0] - one.values[0]) * (one.values[1] - other.values[1])


class _Search:
    def __init__(self, model: MoneyModel, run: Run, limits: Limits) -> None:
        self.model, self.run, self.limits, self.solves = model, run, limits, 0
        self.largest = [int(np.abs(part).max(initial=0)) for part in model.parts]

    def end(self, aim: int) -> Point:
        """The least of an aim, and the least of the other beside it.

        Flows with the least of the first are those that leave each arc with a reduced cost at its bound: a network, too.
        """
        weights = (1, 0) if aim == 0 else (0, 1)
        arrays = self.model.arrays
        first, answer = self._solve(arrays, weights, FREE)
        potential = answer.arrays["potential"]
        reduced = self.model.parts[aim] + potential[arrays["tail"]] - potential[arrays["head"]]
        face = {
            **arrays,
            "lower": np.where(reduced < 0, arrays["upper"], arrays["lower"]),
            "upper": np.where(reduced > 0, arrays["lower"], arrays["upper"]),
        }
        within: Within = (first.objective, None) if aim == 0 else (None, first.objective)
        second, answer = self._solve(face, (weights[1], weights[0]), within)
        point = self._point(answer, (first, second))
        if point.values[aim] != first.objective:
            raise ArithmeticError(f"a flow of the least {first.objective} comes to {point.values[aim]}")
        return point

    def between(self, one: Point, other: Point) -> Point | Edge:
        """A corner between two neighbours, or what is proved of all plans between them."""
        rise, run = one.values[1] - other.values[1], other.values[0] - one.values[0]
        exact = (rise // gcd(rise, run), run // gcd(rise, run))
        weights = self._fitting(exact)
        solve, answer = self._solve(self.model.arrays, weights, FREE)
        reached = min(_weighed(p.values, weights) for p in (one, other))
        if solve.objective < reached:
            return self._point(answer, (solve,))
        return Edge(solve, weights == exact)

    def _fitting(self, weights: tuple[int, int]) -> tuple[int, int]:
        """The weights, or the nearest ones whose flow the solver takes."""
        most = LARGEST // (len(self.model.arrays["supply"]) + 1) // max(sum(self.largest), 1) - 1
        if max(weights) <= most:
            return weights
        low, high = sorted(weights)
        near = Fraction(low, high).limit_denominator(most)
        pair = (max(near.numerator, 1), near.denominator if near else most)
        return pair if weights[0] <= weights[1] else (pair[1], pair[0])

    def _point(self, answer: Answer, proof: tuple[Solve, ...]) -> Point:
        flow = np.asarray(answer.arrays["flow"])
        return Point(self.model.values(flow), flow, proof)

    def _solve(self, arrays: Arrays, weights: tuple[int, int], within: Within) -> tuple[Solve, Answer]:
        self.solves += 1
        cost = weights[0] * self.model.parts[0] + weights[1] * self.model.parts[1]
        label = " + ".join(a.key for a, w in zip(self.model.aims, weights, strict=True) if w)
        answer = self.run([Task("bounded_flow", {**arrays, "cost": cost}, self.limits.options(), label)])[0]
        if answer.status == "INFEASIBLE":
            raise _NoFlow
        least = tuple(j for j in range(2) if weights[j])
        objective = _weighed(self.model.values(np.asarray(answer.arrays["flow"])), weights)
        if objective != answer.facts["objective"]:
            raise ArithmeticError(f"a flow tells {answer.facts['objective']}, it comes to {objective}")
        bound = int(answer.facts["bound"])
        return Solve(least, within, answer.status, objective, bound, weights), answer


def _weighed(values: Sequence[int], weights: tuple[int, int]) -> int:
    return sum(w * v for w, v in zip(weights, values, strict=True))
