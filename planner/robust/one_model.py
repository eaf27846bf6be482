"""One choice of pairs for all futures, as one model: every future's rules hold, and the criterion is in the objective.

For pairs p and futures j = 1 … S, ``x[p] ∈ {0,1}`` is common, all further columns (how loads are divided, room for counties) are a
future's own. With ``f_j(x) = Σ_p cost[j,p]·x[p]``:

- worst case: ``min t`` with ``t ≥ f_j(x)`` (epigraph); regret: ``t ≥ f_j(x) − best_j``;
- tail: ``min k·η + Σ_j u_j`` with ``u_j ≥ f_j(x) − η``, ``u_j ≥ 0``, which is k times the conditional value at risk at level
  ``1 − k/S`` (Rockafellar and Uryasev 2000): for whole k the sum of the k largest ``f_j``;
- mean: ``min Σ_j f_j(x)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from planner.robust.held import KEY
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits
from planner.stages.designation_rows import build
from planner.stages.pairing.regions import build_regions
from planner.stages.pairs import Pairs

Pair = tuple[str, str]
CRITERIA = ("worst", "regret", "tail", "mean")
EPIGRAPH = "criterion"


@dataclass(frozen=True)
class Joint:
    """The rules of all futures over common pairs.

    Parameters
    ----------
    pairs : tuple of (supporter, recipient)
        Those that are eligible in every future: the first columns.
    model : ChoiceModel
        Rows and columns; no costs yet.
    cost : ndarray
        (S, n) int64 of each pair in each future.
    """

    pairs: tuple[Pair, ...]
    model: ChoiceModel
    cost: np.ndarray

    def chosen(self, answer: Answer) -> pl.DataFrame:
        """The pairs that an answer chooses, sorted."""
        picked = np.flatnonzero(answer.arrays["x"][: len(self.pairs)] > 0)
        return pl.DataFrame(
            [self.pairs[p] for p in picked], schema=dict.fromkeys(KEY, pl.String), orient="row"
        ).sort(KEY)


def joint_model(contexts: Sequence[Context], stage: str, exact: bool = False) -> Joint:
    """All futures' rules in one model; ``exact``: see :func:`planner.stages.pairing.regions.build_regions`."""
    built: list[Any] = [build(c) if stage == "designation" else build_regions(c, exact) for c in contexts]
    named = [_named(b.pairs) for b in built]
    common = tuple(p for p in named[0] if all(p in other for other in named[1:]))
    model = ChoiceModel()
    x = model.columns(np.zeros(len(common), dtype=np.int64))
    place = dict(zip(common, x.tolist(), strict=True))
    cost = np.zeros((len(built), len(common)), dtype=np.int64)
    for j, (one, pairs) in enumerate(zip(built, named, strict=True)):
        number = np.array([place.get(p, -1) for p in pairs], dtype=np.int64)
        cost[j, number[number >= 0]] = one.pairs.cost[number >= 0]
        _add_rows(model, one.model, number)
    return Joint(common, model, cost)


def _named(pairs: Pairs) -> dict[Pair, None]:
    ends = zip(pairs.supporter.tolist(), pairs.recipient.tolist(), strict=True)
    return dict.fromkeys((pairs.supporters[s], pairs.recipients[r]) for s, r in ends)


def _add_rows(model: ChoiceModel, own: ChoiceModel, number: np.ndarray) -> None:
    """A future's rows: its pairs are the common columns (``number``; −1: not eligible elsewhere, so never chosen), all else is new."""
    arrays, n = own.arrays(), len(number)
    extra = model.columns(
        np.zeros(own.n_columns - n, dtype=np.int64), arrays["lower"][n:], arrays["upper"][n:], integer=True
    )
    model.integer[-1] = arrays["integer"][n:]
    column = np.concatenate([number, extra])[arrays["indices"]]
    row = np.repeat(np.arange(own.n_rows), np.diff(arrays["indptr"]))
    kept = column >= 0
    for i, rule in enumerate(own.rules):
        mine = np.flatnonzero(arrays["row_rule"] == i)
        place = np.full(own.n_rows, -1, dtype=np.int64)
        place[mine] = np.arange(len(mine))
        here = kept & (place[row] >= 0)
        model.rows(
            rule, place[row[here]], column[here], arrays["data"][here],
            arrays["row_lower"][mine], arrays["row_upper"][mine], len(mine),
        )  # fmt: skip


def tail_size(share: float, futures: int) -> int:
    """How many of the worst futures a tail of this share holds: rounded up, one at least."""
    return max(1, min(futures, int(np.ceil(share * futures - 1e-9))))


def robust_task(
    joint: Joint, criterion: str, limits: Limits, best: Sequence[int] = (), tail: int = 1
) -> Task:
    """The model with a criterion as its objective.

    Parameters
    ----------
    joint : Joint
        Rules and costs; used up by this.
    criterion : {"worst", "regret", "tail", "mean"}
        See the module's docstring; ``tail`` is k, ``best`` (S,) what each future's own best plan costs, for ``regret``.
    limits : Limits
        Of the solve.
    """
    model, (n_futures, n) = joint.model, joint.cost.shape
    cost = np.zeros(model.n_columns, dtype=np.int64)
    if criterion == "mean":
        cost[:n] = joint.cost.sum(axis=0)
        return Task("mip", {**model.arrays(), "cost": cost}, limits.options(), criterion)
    level = model.columns(np.array([tail if criterion == "tail" else 1]), -INFINITY, INFINITY, integer=False)
    column = [np.repeat(level, n_futures)]
    if criterion == "tail":
        column.append(model.columns(np.ones(n_futures, dtype=np.int64), 0.0, INFINITY, integer=False))
    row, pair = np.nonzero(joint.cost)
    futures = np.arange(n_futures)
    less = np.asarray(best, dtype=np.float64) if criterion == "regret" else np.zeros(n_futures)
    model.rows(
        EPIGRAPH,
        np.concatenate([row, *(futures for _ in column)]),
        np.concatenate([pair, *column]),
        np.concatenate([-joint.cost[row, pair], *(np.ones(n_futures) for _ in column)]),
        -less, INFINITY, n_futures,
    )  # fmt: skip
    return Task("mip", model.arrays(), limits.options(), criterion)


def figure(criterion: str, costs: Mapping[int, int], best: Mapping[int, int], tail: int) -> int:
    """What costs by future come to by a criterion, as its model counts it: the mean and the tail as sums."""
    values = sorted(costs.values(), reverse=True)
    match criterion:
        case "worst":
            return values[0]
        case "regret":
            return max(c - best[j] for j, c in costs.items())
        case "tail":
            return sum(values[:tail])
        case _:
            return sum(values)
