"""The points that no plan beats, by ε-constraint (Haimes, Lasdon and Wismer 1971), each with its proof.

First the payoff table: each aim as small as can be, then the others (the lexicographic one of AUGMECON, Mavrotas 2009). Then, box
by box (:mod:`planner.pareto.boxes`), the least first aim v while the others are at most ε, and the least sum of the others while
the first stays at v. A plan that is as good as the second in every aim and better in one would have a smaller sum, or a smaller
first aim: so where both solves are OPTIMAL no plan dominates the point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from planner.pareto.boxes import Box, largest, settle
from planner.pareto.grounds import Run
from planner.pareto.model import AimModel, Within
from planner.solve.task import Answer, Task
from planner.stage import Limits

ASKED_PER_POINT = 50  # boxes asked about, beyond which a front is cut although few points were found


@dataclass(frozen=True)
class Solve:
    """One solve of a proof: the sum of the aims ``least`` (their numbers) at its smallest, every aim ``within`` its bound.

    ``weights``: what a unit of each aim counts in the sum, where that is not 1. ``kept``: weights of the sum that stays at the least
    that the solve before found.
    """

    least: tuple[int, ...]
    within: Within
    status: str
    objective: int
    bound: int
    weights: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether nothing smaller can be."""
        return self.status == "OPTIMAL" and self.objective == self.bound


@dataclass(frozen=True)
class Point:
    """A plan that no plan beats in every aim.

    Parameters
    ----------
    values : tuple of int
        What it comes to in each aim, in the aims' own units.
    x : ndarray
        int64: what is decided, as the columns of the model say.
    proof : tuple of Solve
        The solves that show it.
    end_of : tuple of int
        Aims that are nowhere smaller.
    """

    values: tuple[int, ...]
    x: np.ndarray = field(repr=False, compare=False)
    proof: tuple[Solve, ...] = ()
    end_of: tuple[int, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """The line between two neighbours, of three aims the plane through three or more, and what is proved of all plans there.

    Parameters
    ----------
    points : tuple of int
        Numbers (from 0) of the points on it.
    solve : Solve or None
        No plan has a smaller weighted sum; ``None`` where that was not asked.
    exact : bool
        Whether at these weights its points come to that sum, so that no plan lies below; else the weights are near ones that the
        solver takes.
    """

    points: tuple[int, ...]
    solve: Solve | None
    exact: bool

    @property
    def weights(self) -> tuple[int, ...]:
        """By which it was asked; empty where it was not."""
        return () if self.solve is None else self.solve.weights


@dataclass(frozen=True)
class Front:
    """What was found.

    Parameters
    ----------
    points : tuple of Point
        By their values.
    status : str
        ``complete``: there are no other points; ``corners``: there are no other corners (see :mod:`planner.pareto.corners`); ``cut``: there may be more, as many were found as were asked for;
        ``limit``: there may be more, as a solve reached its limit; ``infeasible``: the rules cannot hold together;
        ``no_answer``: the limit was reached before the payoff table was made.
    solves : int
        How many there were.
    between : tuple of Stretch
        Between the points, where a front is found by its corners.
    """

    points: tuple[Point, ...]
    status: str
    solves: int
    between: tuple[Stretch, ...] = ()


class _Unproved(Exception):
    """A solve has no proved answer: ``status`` is its own."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


def find_front(model: AimModel, run: Run, limits: Limits, most: int) -> Front:
    """All points, or ``most`` of them that are spread out.

    Parameters
    ----------
    model : AimModel
        Two aims or more.
    run : callable
        Runs tasks.
    limits : Limits
        Of each solve.
    most : int
        Points at most, but never fewer than the ends of the front.
    """
    search = _Search(model, run, limits)
    try:
        search.ends()
    except _Unproved as error:
        return Front((), "infeasible" if error.status == "INFEASIBLE" else "no_answer", search.solves)
    status = search.fill(most)
    points = (replace(p, end_of=search.end_of(p)) for p in search.known.values())
    return Front(tuple(sorted(points, key=lambda p: p.values)), status, search.solves)


class _Search:
    def __init__(self, model: AimModel, run: Run, limits: Limits) -> None:
        self.model, self.run, self.limits = model, run, limits
        self.known: dict[tuple[int, ...], Point] = {}
        self.boxes: list[Box] = []
        self.solves = 0

    def ends(self) -> None:
        """The payoff table, and the box of all bound vectors that it leaves open."""
        free: Within = (None,) * len(self.model.aims)
        rows = [self._found(aim, free).values for aim in range(len(free))]
        self.least = tuple(min(row[j] for row in rows) for j in range(len(free)))
        box = Box(self.least[1:], self.model.tops()[1:], fresh=False)
        self.boxes = settle([box], rows[0][1:], box.high)
        if len(free) == 2:  # the least second aim with the least first one beside it answers its own bound
            self.boxes = settle(self.boxes, rows[1][1:], rows[1][1:])
        self.boxes = [replace(b, fresh=len(free) == 2) for b in self.boxes]
        self.tops = box.high

    def fill(self, most: int) -> str:
        """Ask box after box; how it ended."""
        wanted, limit = max(most, len(self.known)), False
        for _ in range(ASKED_PER_POINT * wanted):
            if not self.boxes:
                return "limit" if limit else "complete"
            if len(self.known) >= wanted:
                return "cut"
            box = largest(self.boxes)
            try:
                self._ask(box)
            except _Unproved:
                limit = True
                self.boxes.remove(box)
        return "cut" if self.boxes else "limit" if limit else "complete"

    def end_of(self, point: Point) -> tuple[int, ...]:
        """Aims that are nowhere smaller than at this point."""
        return tuple(j for j, v in enumerate(point.values) if v == self.least[j])

    def _ask(self, box: Box) -> None:
        asked, before = box.asked, len(self.known)
        try:
            low = self._found(0, (None, *asked)).values[1:]
        except _Unproved as error:
            if error.status != "INFEASIBLE":
                raise
            low = self.least[1:]
        new = len(self.known) > before
        pieces = box.without(low, asked)
        others = settle((b for b in self.boxes if b != box), low, asked)
        self.boxes = [*others, *(replace(p, fresh=new and self._inside(p)) for p in pieces)]

    def _inside(self, box: Box) -> bool:
        """Whether a box ends at points that were found, so that its middle says something."""
        return all(h < t for h, t in zip(box.high, self.tops, strict=True))

    def _found(self, aim: int, within: Within) -> Point:
        """The point with the least ``aim``, then the least sum of the others."""
        first, answer = self._solve((aim,), within)
        for point in self.known.values():
            fits = all(m is None or v <= m for v, m in zip(point.values, within, strict=True))
            if fits and point.values[aim] == first.objective:
                return point
        others = tuple(j for j in range(len(within)) if j != aim)
        kept: Within = (*within[:aim], first.objective, *within[aim + 1 :])
        second, answer = self._solve(others, kept, answer.arrays["x"])
        x = self.model.decision(answer)
        point = Point(self.model.values(x), x, (first, second))
        return self.known.setdefault(point.values, point)

    def _solve(
        self, least: tuple[int, ...], within: Within, start: np.ndarray | None = None
    ) -> tuple[Solve, Answer]:
        model, self.solves = self.model, self.solves + 1
        guess = None
        if start is not None:  # continuous columns are left to the solver
            guess = np.full(model.ground.model.n_columns, np.nan)
            guess[: model.ground.decided] = start[: model.ground.decided]
        label = " + ".join(model.aims[j].key for j in least)
        task = Task("mip", model.arrays(least, within, guess), self.limits.options(), label)
        answer = self.run([task])[0]
        if answer.status != "OPTIMAL":
            raise _Unproved(answer.status)
        values = model.values(model.decision(answer))
        objective = sum(values[j] for j in least)
        if objective != answer.facts["objective"]:
            raise ArithmeticError(
                f"a solve tells {answer.facts['objective']}, what it decides comes to {objective}"
            )
        if any(m is not None and v > m for v, m in zip(values, within, strict=True)):
            raise ArithmeticError(f"a solve bounded by {within} comes to {values}")
        return Solve(least, within, answer.status, objective, int(answer.facts["bound"])), answer


def dominated(values: Sequence[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Pairs (i, j) of which ``values[i]`` is at most ``values[j]`` in every aim: a front has none."""
    return [
        (i, j)
        for i, one in enumerate(values)
        for j, other in enumerate(values)
        if i != j and all(a <= b for a, b in zip(one, other, strict=True))
    ]
