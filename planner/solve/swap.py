"""What number a cost has to come to before a choice turns: a choice model solved on both sides of one column, number after number.

The cost is ``cost + slope·t``. On one side of the question the column stays where it is, on the other it is turned; or, where no
column is named, on one side all of ``at`` stays and on the other something of it changes. Both are solved for every ``t`` that
:mod:`planner.solve.crossing` asks about, and told by whole numbers: what an answer costs at 0, and what ``t`` adds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from planner.solve import mip
from planner.solve.crossing import Line, first_crossing
from planner.solve.few_columns import LARGE, best_of_few
from planner.solve.task import Answer, Arrays

GAP = 1e-6
"""Units of cost by which an answer may be worse than the best: costs are no whole numbers at most ``t``."""


NEARLY = 1e-4
"""Units of cost for which an answer is taken that has one pair more of what stands."""


class _Unsolved(Exception):
    """A solve ended at a limit of work; nothing is told then."""


def solve(arrays: Arrays, options: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Answer:
    """Find the least ``t`` beyond which it is better to have the choice turned.

    Arrays in: as ``ChoiceModel.arrays``; ``slope`` (n,) int64; ``at`` (n,) int64, the answer that stands; continuous columns cost
    nothing. Options: ``column``, the choice (``None``: all pairs of ``at``, the columns up to ``pairs``); ``end`` ``[numerator,
    denominator]``; ``beyond``, whether to prove that nothing turns beyond the end, either;
    ``looks``, how many numbers may be looked at.

    Arrays out: ``stay`` and ``other`` (n,) int64, the best on both sides at ``t``, of those that are nearly equal the one nearest to ``at``; missing where
    there is none. Facts: ``begin``, the cost of both at 0 (``None`` where there is none); ``turned``, whether it is better turned
    already there; ``t`` ``[numerator, denominator]`` or ``None`` where nothing turns as far as was looked (0 where a look at 0 was all);
    ``sure``, up to where it is proved to stay (less than ``t`` where the looks were too few); ``never``, whether nothing turns beyond the end.
    Status: ``NO_SOLUTION_IN_TIME`` where a solve ended at its limit.
    """
    try:
        return _solve(_Sides(arrays, options))
    except _Unsolved:
        return Answer("NO_SOLUTION_IN_TIME", {}, {})


def _solve(sides: _Sides) -> Answer:
    end = Fraction(*sides.options["end"])
    now = [sides.best(k, Fraction(0)) for k in (0, 1)]
    begin = [None if line is None else line.value for line in now]
    stay, other = now
    facts: dict[str, Any] = {"begin": begin, "t": [0, 1], "sure": [0, 1], "never": False}
    facts["turned"] = other is not None and (stay is None or other.value < stay.value)
    if other is None or stay is None:
        facts.update({"t": None, "never": other is None})
        return Answer("OPTIMAL", sides.nearest(Fraction(0)), facts)
    if end == 0 or facts["turned"]:
        return Answer("OPTIMAL", sides.nearest(Fraction(0)), facts)
    found = first_crossing(sides.ask, end, sides.options.get("looks"))
    facts["sure"] = [found.sure.numerator, found.sure.denominator]
    facts["t"] = None if found.at is None else [found.at.numerator, found.at.denominator]
    if found.at is None and found.sure == end and sides.options.get("beyond"):
        facts["never"] = sides.rises(end)
    return Answer("OPTIMAL", {} if found.at is None else sides.nearest(found.at), facts)


class _Sides:
    """The model with the choice as it is (side 0) and turned (side 1)."""

    def __init__(self, arrays: Arrays, options: Mapping[str, Any]) -> None:
        own = ("slope", "at")
        plain = {k: v for k, v in arrays.items() if k not in own}
        self.options, self.cost = options, arrays["cost"].astype(np.int64)
        self.slope, self.at = arrays["slope"].astype(np.int64), arrays["at"].astype(np.int64)
        column = options.get("column")
        held = (_whole(plain, self.at, int(options["pairs"])) if column is None
                else tuple(_held(plain, int(column), v) for v in (self.at[column], 1 - self.at[column])))  # fmt: skip
        self.models: tuple[Arrays, ...] = held
        self.start: list[np.ndarray | None] = [None, None]
        self.begin: np.ndarray | None = None
        self.known: dict[tuple[int, Fraction], Line | None] = {}

    def ask(self, t: Fraction) -> tuple[Line, Line]:
        """The best of both sides at ``t``; there has to be one."""
        stay, other = self.best(0, t), self.best(1, t)
        assert stay is not None and other is not None  # what can be had does not depend on the cost
        return stay, other

    def best(self, side: int, t: Fraction) -> Line | None:
        """The line of a best answer; ``None`` where there is none."""
        if (side, t) not in self.known:
            x = self._x(side, self.cost + self.slope * float(t))
            self.known[side, t] = None if x is None else Line(int(self.cost @ x), int(self.slope @ x))
        return self.known[side, t]

    def nearest(self, t: Fraction) -> dict[str, np.ndarray]:
        """The best answers of both sides at ``t``; of nearly equal ones those that have most of what stands."""
        n = int(self.options["pairs"])
        apart = np.zeros(len(self.cost))
        apart[:n] = np.where(self.at[:n] > 0, -NEARLY, NEARLY)
        told = {}
        for side, name in enumerate(("stay", "other")):
            if self.best(side, t) is not None:
                x = self._x(side, self.cost + self.slope * float(t) + apart)
                assert x is not None
                told[name] = x
        return told

    def rises(self, end: Fraction) -> bool:
        """Whether no turned answer gains on the one that stays beyond ``end``: none has a lesser slope."""
        stay = self.best(0, end)
        x = self._x(1, self.slope.astype(np.float64))
        return stay is not None and x is not None and int(self.slope @ x) >= stay.slope

    def _x(self, side: int, cost: np.ndarray) -> np.ndarray | None:
        arrays = {**self.models[side], "cost": cost}
        if (start := self.start[side]) is not None:
            arrays["start"] = start.astype(np.float64)
        options = {**self.options, "abs_gap": GAP}
        if len(cost) > LARGE:
            answer, near = best_of_few(arrays, options, self.begin)
            self.begin = near if self.begin is None else near | self.begin
        else:
            answer = mip.solve(arrays, options, lambda facts: None)
        if answer.status == "INFEASIBLE":
            return None
        if answer.status != "OPTIMAL":
            raise _Unsolved
        whole = bool(arrays["integer"].all())
        self.start[side] = answer.arrays["x"] if whole else None
        return np.asarray(answer.arrays["x"])


def _held(arrays: Arrays, column: int, value: int) -> Arrays:
    sides = {k: arrays[k].copy() for k in ("lower", "upper")}
    for side in sides.values():
        side[column] = value
    return {**arrays, **sides}


def _whole(arrays: Arrays, at: np.ndarray, n: int) -> tuple[Arrays, Arrays]:
    """All of ``at`` as it is; and anything else: a row that asks for a difference."""
    fixed = {k: arrays[k].copy() for k in ("lower", "upper")}
    for side in fixed.values():
        side[:n] = at[:n]
    row = {
        "indptr": np.append(arrays["indptr"], arrays["indptr"][-1] + n),
        "indices": np.append(arrays["indices"], np.arange(n)),
        "data": np.append(arrays["data"], np.where(at[:n] > 0, 1.0, -1.0)),
        "row_lower": np.append(arrays["row_lower"], -np.inf),
        "row_upper": np.append(arrays["row_upper"], float(at[:n].sum() - 1)),
    }
    return {**arrays, **fixed}, {**arrays, **row}
