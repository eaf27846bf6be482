"""One allocation of money for all futures where a yuan is worth something else in each of them.

What must hold in every future is one network, as in :mod:`planner.robust.one_money`, with the least of what a need can take. What a need's money is
worth falls in steps whose ends differ by future: between two ends of any of them a yuan is worth one number in each. So a need has an arc for each such
piece, worth a number per future (S numbers an arc); none is worth more than one before it, whatever the future. The criterion decides between the futures
(:mod:`planner.solve.flow_futures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from graph.language import Text
from planner.robust.one_money import equal_arrays, meet_facts, meet_known, other_ground
from planner.robust.one_rows import add_rows_of_all, same_returns
from planner.robust.refused import PUBLISHED, RETURNED, WEIGHTED, of_crossing, of_ground
from planner.solve.task import Task
from planner.stage import Context, Limits
from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import Known
from planner.stages.funds.network import build_network
from planner.stages.funds.stage import seen


@dataclass(frozen=True)
class Worth:
    """What fits every future, and what it is worth in each.

    Parameters
    ----------
    built : Built
        The network; its steps are the pieces.
    cost : ndarray
        (S, n_steps) int64: minus what a yuan of each piece is worth in each future, thousandths of points.
    """

    built: Built
    cost: np.ndarray

    def fits(self, limits: Limits) -> Task:
        """Whether there is an allocation that fits every future, whatever it is worth."""
        return Task("bounded_flow", dict(self.built.model.arrays()), limits.options(), "funds")

    def task(self, criterion: str, limits: Limits, best: Sequence[int], tail: int) -> Task:
        """The best one by a criterion; ``best`` (S,): what each future's own best plan costs, ``tail``: how many futures the tail holds."""
        steps = self.built.model.families["step"]
        arrays = dict(self.built.model.arrays())
        cost = arrays["cost"].copy()
        cost[steps] = 0
        arrays |= {
            "cost": cost,
            "varying": np.arange(steps.start, steps.stop),
            "future_cost": self.cost,
            "best": np.array(best, dtype=np.int64),
        }
        options = {**limits.options(), "criterion": criterion, "tail": tail}
        return Task("flow_futures", arrays, options, criterion)


def worth_model(contexts: Sequence[Context]) -> Worth | Text:
    """The rules of all futures and the worth in each, or why there is no such model."""
    first = contexts[0].policy
    if any(c.policy["fairness"] != "weighted" for c in contexts):
        return WEIGHTED
    read = [seen(c) for c in contexts]
    if any(k.published is not None for _, k in read):
        return PUBLISHED
    differing = {k: None for other in read[1:] for k in _differing(read[0], other)}
    if len({c.policy.on("budgets") for c in contexts}) > 1:
        differing["budgets"] = None
    if differing:
        return of_ground(list(differing))
    facts = replace(
        reduce(meet_facts, (f for f, _ in read)), allowed=np.all([f.allowed for f, _ in read], axis=0)
    )
    known, ends = _pieces([k for _, k in read])
    built = build_network(facts, known, first.on("budgets"))
    if not same_returns(contexts):
        return RETURNED
    crossing = add_rows_of_all(contexts, read, built)
    crossing += ["smallest_project"] if any(c.policy.on("smallest_project") for c in contexts) else []
    if crossing:
        return of_crossing(crossing)
    return Worth(built, np.stack([-_worth(built, k, e) for (_, k), e in zip(read, ends, strict=True)]))


def _differing(one: tuple[Facts, Known], other: tuple[Facts, Known]) -> list[str]:
    """What is not the same in two futures though it must be, by the keys of :data:`planner.robust.refused.GROUND`."""
    classes = [k for k in ("deep", "outside") if not equal_arrays(one[0], other[0], k)]
    loans = [] if equal_arrays(one[1], other[1], "loan_cost") else ["loan_cost"]
    return [*other_ground(one[0], other[0]), *classes, *loans]


def _pieces(read: Sequence[Known]) -> tuple[Known, list[np.ndarray]]:
    """What all futures allow, its steps cut at every future's ends; and these ends, (K, C, P, T) yuan each, within what all allow."""
    cell = np.min([k.cell for k in read], axis=0)
    ends = [np.minimum(np.cumsum(k.steps, axis=0), cell) for k in read]
    cuts = np.sort(np.concatenate(ends), axis=0)
    steps = np.diff(cuts, axis=0, prepend=0)
    known = replace(reduce(meet_known, read), cell=cell, steps=steps, value=np.zeros_like(steps))
    return known, ends


def _worth(built: Built, known: Known, ends: np.ndarray) -> np.ndarray:
    """(n_steps,) int64 what a yuan of each piece is worth in a future: by the step of that future in which the piece begins."""
    piece, c, p, t = built.index["step"].T
    begin = (np.cumsum(built.known.steps, axis=0) - built.known.steps)[piece, c, p, t]
    step = (ends[:, c, p, t] <= begin).sum(axis=0)
    return np.asarray(known.value[step, c, p, t])
