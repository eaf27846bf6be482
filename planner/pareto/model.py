"""A stage's choice model with any of its aims as what is minimised, and with bounds on the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.pareto.aims import Aim
from planner.pareto.grounds import Ground, ground_of
from planner.solve.choice import INFINITY
from planner.solve.task import Answer, Arrays
from planner.stage import Context

BOUNDED = "aims"  # what the rows are called that bound aims
HALF = 0.5  # aims are whole, so that half a unit more lets no further choice in and keeps the solver off the edge
Within = tuple[int | None, ...]
"""The most that each aim may be; ``None``: anything."""


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
    """

    aims: tuple[Aim, ...]
    ground: Ground
    parts: np.ndarray

    def arrays(self, wanted: Sequence[int], within: Within, start: np.ndarray | None = None) -> Arrays:
        """Minimise the sum of the aims ``wanted`` (their numbers) while each stays ``within`` its bound.

        ``start`` (n_columns,) is a first guess.
        """
        ground = self.ground.model
        lists: dict[str, Any] = {
            k: list(getattr(ground, k)) for k in ("entries", "row_lower", "row_upper", "row_rule", "rules")
        }
        model = replace(ground, **lists)
        for most, part in zip(within, self.parts, strict=True):
            if most is not None:
                some = np.flatnonzero(part)
                row = np.zeros(len(some), dtype=np.int64)
                model.rows(BOUNDED, row, some, part[some].astype(np.float64), -INFINITY, most + HALF, 1)
        cost = np.zeros(model.n_columns, dtype=np.int64)
        cost[: self.ground.decided] = self.parts[list(wanted)].sum(axis=0)
        return {**model.arrays(start), "cost": cost}

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
    return AimModel(aims, ground, parts)
