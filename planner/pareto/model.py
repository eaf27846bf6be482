"""A stage's choice model with any of its aims as what is minimised, and with bounds on the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.pareto.aims import Aim, first_rank
from planner.pareto.grounds import Ground, ground_of
from planner.solve.choice import INFINITY
from planner.solve.task import Answer, Arrays
from planner.stage import Context

BOUNDED = "aims"  # what the rows are called that bound aims
RANK = "first"  # and the row that holds what comes before them
HALF = 0.5  # aims are whole, so that half a unit more lets no further choice in and keeps the solver off the edge
Within = tuple[int | None, ...]
"""The most that each aim may be; ``None``: anything."""


@dataclass(frozen=True)
class Rank:
    """What comes before all aims.

    Parameters
    ----------
    aim : Aim
        What it counts.
    part : ndarray
        (decided,) int64, what one unit of each column that is decided adds, not below 0.
    least : int or None
        The least that any plan comes to, which all plans of the front come to; ``None``: not known yet.
    """

    aim: Aim
    part: np.ndarray
    least: int | None = None


@dataclass(frozen=True)
class AimModel:
    """Rows of the stage, and what each of its columns adds to each aim.

    Parameters
    ----------
    aims : tuple of Aim
        What is traded off.
    ground : Ground
        All rules of the stage, and how a table is made of an answer.
    parts : ndarray
        (k, decided) int64, of each aim what one unit of each column that is decided adds, not below 0.
    first : Rank or None
        What the stage settles before them; ``None`` where that is nothing, or the same for every plan.
    """

    aims: tuple[Aim, ...]
    ground: Ground
    parts: np.ndarray
    first: Rank | None = None

    def arrays(self, wanted: Sequence[int], within: Within, start: np.ndarray | None = None) -> Arrays:
        """Minimise the sum of the aims ``wanted`` (their numbers) while each stays ``within`` its bound.

        ``start`` (n_columns,) is a first guess.
        """
        bounds = [(BOUNDED, most, part) for most, part in zip(within, self.parts, strict=True)]
        if self.first is not None:
            bounds.append((RANK, self.first.least, self.first.part))
        return self._arrays(self.parts[list(wanted)].sum(axis=0), bounds, start)

    def rank_arrays(self, rank: Rank) -> Arrays:
        """Minimise what comes before all aims."""
        return self._arrays(rank.part, [], None)

    def _arrays(
        self,
        cost: np.ndarray,
        bounds: Sequence[tuple[str, int | None, np.ndarray]],
        start: np.ndarray | None,
    ) -> Arrays:
        """Minimise (decided,) ``cost``; ``bounds``: what a row is called, the most (``None``: anything), and what each column adds."""
        ground = self.ground.model
        lists: dict[str, Any] = {
            k: list(getattr(ground, k)) for k in ("entries", "row_lower", "row_upper", "row_rule", "rules")
        }
        model = replace(ground, **lists)
        for name, most, part in bounds:
            if most is not None:
                some = np.flatnonzero(part)
                row = np.zeros(len(some), dtype=np.int64)
                model.rows(name, row, some, part[some].astype(np.float64), -INFINITY, most + HALF, 1)
        whole = np.zeros(model.n_columns, dtype=np.int64)
        whole[: self.ground.decided] = cost
        return {**model.arrays(start), "cost": whole}

    def decision(self, answer: Answer) -> np.ndarray:
        """(decided,) int64: what an answer decides."""
        return np.asarray(np.rint(answer.arrays["x"][: self.ground.decided]), dtype=np.int64)

    def values(self, x: np.ndarray) -> tuple[int, ...]:
        """What a decision comes to in each aim, in the aims' own units."""
        return tuple(int(v) for v in self.parts @ x)

    def tops(self) -> tuple[int, ...]:
        """What no decision is above in each aim."""
        upper = np.concatenate(self.ground.model.upper)[: self.ground.decided]
        return tuple(int(v) for v in self.parts @ upper.astype(np.int64))


def model_of(context: Context, aims: tuple[Aim, ...], exact: bool = False) -> AimModel:
    """The model of the aims' stage; see :func:`planner.pareto.grounds.ground_of`."""
    ground = ground_of(context, aims[0].stage, exact)
    parts = np.stack([np.asarray(ground.terms[a.key], dtype=np.int64) for a in aims])
    first = first_rank(aims)
    part = None if first is None else np.asarray(ground.terms[first.key], dtype=np.int64)
    rank = Rank(first, part) if first is not None and part is not None and part.any() else None
    return AimModel(aims, ground, parts, rank)
