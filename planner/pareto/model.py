"""A stage's choice model with any of its aims as what is minimised, and with bounds on the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.pareto.aims import Aim
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.task import Answer, Arrays
from planner.stage import Context
from planner.stages.designation_rows import build
from planner.stages.pairing.regions import build_regions
from planner.stages.pairs import Pairs

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
    pairs : Pairs
        The eligible pairs: the model's first columns.
    model : ChoiceModel
        All rules of the stage; of ``pairing`` those of its first model.
    parts : ndarray
        (k, n) int64, of each aim what each pair adds, not below 0.
    """

    aims: tuple[Aim, ...]
    pairs: Pairs
    model: ChoiceModel
    parts: np.ndarray

    def arrays(self, wanted: Sequence[int], within: Within, start: np.ndarray | None = None) -> Arrays:
        """Minimise the sum of the aims ``wanted`` (their numbers) while each stays ``within`` its bound.

        ``start`` (n_columns,) is a first guess.
        """
        lists: dict[str, Any] = {
            k: list(getattr(self.model, k))
            for k in ("entries", "row_lower", "row_upper", "row_rule", "rules")
        }
        model = replace(self.model, **lists)
        for most, part in zip(within, self.parts, strict=True):
            if most is not None:
                some = np.flatnonzero(part)
                row = np.zeros(len(some), dtype=np.int64)
                model.rows(BOUNDED, row, some, part[some].astype(np.float64), -INFINITY, most + HALF, 1)
        cost = np.zeros(model.n_columns, dtype=np.int64)
        cost[: self.pairs.size] = self.parts[list(wanted)].sum(axis=0)
        return {**model.arrays(start), "cost": cost}

    def chosen(self, answer: Answer) -> np.ndarray:
        """(k,) numbers of the pairs that an answer chooses."""
        return np.flatnonzero(answer.arrays["x"][: self.pairs.size] > 0)

    def values(self, chosen: np.ndarray) -> tuple[int, ...]:
        """What a choice comes to in each aim, in the aims' own units."""
        return tuple(int(v) for v in self.parts[:, chosen].sum(axis=1))


def model_of(context: Context, aims: tuple[Aim, ...], exact: bool = False) -> AimModel:
    """The model of the aims' stage; ``exact``: see :func:`planner.stages.pairing.regions.build_regions`."""
    built: Any = build(context) if aims[0].stage == "designation" else build_regions(context, exact)
    parts = np.stack([a.of(built.pairs) for a in aims])
    return AimModel(aims, built.pairs, built.model, parts)
