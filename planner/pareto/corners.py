"""The corners of a front of money: two or three aims weighed against each other, each weighing solved as a flow, exactly.

All sums of money between two allocations can be had, so that a front of money is a chain of straight lines, of three aims a surface of
planes, but for single yuan. Its corners are allocations that are best at some weights. At each facet of the hull of those known
(:mod:`planner.pareto.hull`) the weights are asked next at which its points are equally good (Aneja and Nair 1979; of three aims
Przybylski, Gandibleux and Ehrgott 2010). Where a better allocation is found it is a corner beyond the facet, else no plan lies below it.
The flow's potentials prove each answer; with all weights above 0 no plan dominates it. Where some are 0 the least sum of those aims is
asked besides, among the allocations that are best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from planner.pareto.front import Front, Point, Solve, Stretch
from planner.pareto.grounds import Run
from planner.pareto.hull import Facet, Hull, Vector, weighed
from planner.pareto.model import Within
from planner.pareto.money import MoneyModel
from planner.solve.task import Answer, Arrays, Task
from planner.stage import Limits

LARGEST = 2**61  # cost times nodes that the flow solver takes
TWO = 2


class _NoFlow(Exception):
    """The rules cannot hold together."""


def find_corners(model: MoneyModel, run: Run, limits: Limits, most: int) -> Front:
    """All corners, or ``most`` of them: where the front is most bent first.

    Parameters
    ----------
    model : MoneyModel
        With two aims or three.
    run : callable
        Runs tasks.
    limits : Limits
        Of each solve.
    most : int
        Points at most, but never fewer than the ends, at which one aim is nowhere better.
    """
    search = _Search(model, run, limits)
    try:
        for aim in range(len(model.aims)):
            search.end(aim)
    except _NoFlow:
        return Front((), "infeasible", search.solves)
    while (open_ones := search.open()) and len(search.points) < most:
        search.ask(max(open_ones, key=lambda f: (search.hull.room(f), f)))
    return search.front()


class _Search:
    def __init__(self, model: MoneyModel, run: Run, limits: Limits) -> None:
        self.model, self.run, self.limits, self.solves = model, run, limits, 0
        self.largest = [int(np.abs(part).max(initial=0)) for part in model.parts]
        self.free: Within = (None,) * len(model.aims)
        self.points: dict[Vector, Point] = {}
        self.hull = Hull(())
        self.answered: dict[Facet, tuple[Solve, bool]] = {}

    def open(self) -> list[Facet]:
        """Facets below which a plan may lie."""
        return [f for f in self.hull.facets if f not in self.answered]

    def end(self, aim: int) -> None:
        """The least of an aim, and the least sum of the others beside it; nothing lies below that facet."""
        weights = tuple(int(j == aim) for j in range(len(self.model.aims)))
        first, answer = self._solve(self.model.arrays, weights, self.free)
        within: Within = tuple(first.objective if w else None for w in weights)
        point = self._beside(first, answer, within)
        if point.values[aim] != first.objective:
            raise ArithmeticError(f"a flow of the least {first.objective} comes to {point.values[aim]}")
        self._add(point)
        self.answered[Facet(weights, first.objective)] = first, True

    def ask(self, facet: Facet) -> None:
        """A corner beyond a facet, or what is proved of all plans there."""
        weights = self._fitting(facet.weights)
        solve, answer = self._solve(self.model.arrays, weights, self.free)
        if solve.objective >= min(weighed(p, weights) for p in self.points):
            self.answered[facet] = solve, weights == facet.weights
        elif all(weights):
            self._add(self._point(answer, (solve,)))
        else:
            self._add(self._beside(solve, answer, self.free))

    def front(self) -> Front:
        """What was found."""
        points = [self.points[v] for v in sorted(self.points)]
        number = {p.values: n for n, p in enumerate(points)}
        least = [min(p.values[j] for p in points) for j in range(len(self.free))]
        told = [replace(p, end_of=tuple(j for j, v in enumerate(p.values) if v == least[j])) for p in points]
        stretches = [
            Stretch(tuple(number[v] for v in self.hull.on(f)), *self.answered.get(f, (None, False)))
            for f in self.hull.facets
        ]
        between = sorted((s for s in stretches if len(s.points) > 1), key=lambda s: (s.points, s.weights))
        status = "cut" if self.open() else "corners"
        return Front(tuple(told), status, self.solves, tuple(between))

    def _add(self, point: Point) -> None:
        self.points.setdefault(point.values, point)
        self.hull.add(point.values)

    def _beside(self, first: Solve, answer: Answer, within: Within) -> Point:
        """The least sum of the aims without a weight, among the best by ``first``.

        These are the flows that leave each arc with a reduced cost at its bound: a network, too.
        """
        arrays, potential = self.model.arrays, answer.arrays["potential"]
        reduced = self._cost(first.weights) + potential[arrays["tail"]] - potential[arrays["head"]]
        face = {
            **arrays,
            "lower": np.where(reduced < 0, arrays["upper"], arrays["lower"]),
            "upper": np.where(reduced > 0, arrays["lower"], arrays["upper"]),
        }
        second, answer = self._solve(face, tuple(int(w == 0) for w in first.weights), within)
        if within == self.free:
            second = replace(second, kept=first.weights)
        point = self._point(answer, (first, second))
        if weighed(point.values, first.weights) != first.objective:
            raise ArithmeticError(f"a flow of the least {first.objective} comes to {point.values}")
        return point

    def _fitting(self, weights: Vector) -> Vector:
        """The weights, or near ones whose flow the solver takes; of two the nearest."""
        most = LARGEST // (len(self.model.arrays["supply"]) + 1) // max(sum(self.largest), 1) - 1
        high = max(weights)
        if high <= most:
            return weights
        if sum(w > 0 for w in weights) == TWO:
            near = Fraction(min(w for w in weights if w), high).limit_denominator(most)
            one, other = max(near.numerator, 1), near.denominator if near else most
            return tuple(other if w == high else one if w else 0 for w in weights)
        return tuple(max(w * most // high, 1) if w else 0 for w in weights)

    def _point(self, answer: Answer, proof: tuple[Solve, ...]) -> Point:
        flow = np.asarray(answer.arrays["flow"])
        return Point(self.model.values(flow), flow, proof)

    def _cost(self, weights: Sequence[int]) -> np.ndarray:
        return np.asarray(sum(w * part for w, part in zip(weights, self.model.parts, strict=True)))

    def _solve(self, arrays: Arrays, weights: Vector, within: Within) -> tuple[Solve, Answer]:
        self.solves += 1
        label = " + ".join(a.key for a, w in zip(self.model.aims, weights, strict=True) if w)
        task = Task("bounded_flow", {**arrays, "cost": self._cost(weights)}, self.limits.options(), label)
        answer = self.run([task])[0]
        if answer.status == "INFEASIBLE":
            raise _NoFlow
        least = tuple(j for j, w in enumerate(weights) if w)
        objective = weighed(self.model.values(np.asarray(answer.arrays["flow"])), weights)
        if objective != answer.facts["objective"]:
            raise ArithmeticError(f"a flow tells {answer.facts['objective']}, it comes to {objective}")
        bound = int(answer.facts["bound"])
        return Solve(least, within, answer.status, objective, bound, weights), answer
