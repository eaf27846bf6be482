"""County pairs inside region pairs: those of the first model's plan, then of its other plans that cost the same.

Region pairs come first, so only plans whose region pairs cost as little matter; there are hardly ever two. Each is asked
for once, with the ones before forbidden, until the solver finds that there is no other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits
from planner.stages import pairs as eligible
from planner.stages.keeping import Keep, let_go, nearest
from planner.stages.pairing.counties import CountyModel, build_counties
from planner.stages.pairing.loads import divide_loads
from planner.stages.pairing.regions import RegionModel
from planner.stages.pairing.results import county_table, region_table
from planner.stages.pairing.settings import NAME
from planner.stages.pairs import Pairs

SOLVED = ("OPTIMAL", "FEASIBLE")
MOST = 16  # plans that are asked for
AGAIN = "equally cheap"  # what the rows are called that forbid plans seen and dearer ones
Run = Callable[[list[Task]], list[Answer]]


@dataclass(frozen=True)
class Inside:
    """A plan of both models: the region pairs, the county pairs inside, and how those were found."""

    regions: pl.DataFrame
    counties: CountyModel
    answer: Answer

    @property
    def solved(self) -> bool:
        """Whether there are county pairs that keep the rules."""
        return self.answer.status in SOLVED

    @property
    def cost(self) -> int:
        """Of the county pairs."""
        return int(self.answer.facts["objective"])

    @property
    def rank(self) -> tuple[int, int]:
        """Cost, then changes against a published plan."""
        return self.cost, self.counties.changes(self.answer.arrays["x"])

    def regions_of(self, pairs: Pairs) -> np.ndarray:
        """(n,) bool: which of the eligible region pairs are chosen."""
        wanted = set(self.regions.select("supporter", "recipient").iter_rows())
        ends = zip(pairs.supporter.tolist(), pairs.recipient.tolist(), strict=True)
        return np.array([(pairs.supporters[s], pairs.recipients[r]) in wanted for s, r in ends], dtype=bool)

    @property
    def against(self) -> tuple[Keep, np.ndarray, int] | None:
        """What a published plan asks of the county pairs, (k,) bool those chosen, and how many end with their region pair."""
        inner = self.counties
        if inner.keep is None:
            return None
        return inner.keep, self.answer.arrays["x"][: inner.pairs.size] > 0, inner.outside

    def table(self) -> pl.DataFrame:
        """The county pairs."""
        picked = np.flatnonzero(self.answer.arrays["x"][: self.counties.pairs.size] > 0)
        return county_table(self.counties.pairs, picked)


def county_plan(
    context: Context, run: Run, limits: Limits, built: RegionModel, chosen: np.ndarray, loads: np.ndarray
) -> Inside:
    """The county pairs inside the ``chosen`` (k,) region pairs, whose parts are ``loads`` (k,)."""
    regions = region_table(context, built.pairs, chosen, loads)
    counties = build_counties(context, built.members, regions)
    arrays = eligible.hold(counties.model.arrays(_start(counties)), counties.pairs, context.what_if)
    most = counties.pairs.size
    arrays = nearest(context, counties.keep, arrays, np.arange(most), most)
    answer = run([Task("mip", arrays, limits.options(), f"{NAME}: counties")])[0]
    answer = eligible.let_go(answer, counties.model, context.what_if)
    return Inside(regions, counties, let_go(context, counties.keep, answer, counties.model, most))


def _start(counties: CountyModel) -> np.ndarray | None:
    """The published pairs, or those in force, as a first guess; NaN leaves further columns to the solver."""
    guess = counties.pairs.in_force if counties.keep is None else counties.keep.published
    if not guess.any():
        return None
    start = np.full(counties.model.n_columns, np.nan)
    start[: counties.pairs.size] = guess
    return start


def best_inside(
    context: Context, run: Run, limits: Limits, built: RegionModel, first: Answer, begun: Inside
) -> tuple[Inside, int | None]:
    """The cheapest county pairs inside any region pairs that cost as little as those of ``first``; and their bound.

    Parameters
    ----------
    context, run, limits, built
    first : Answer
        Of the first model.
    begun : Inside
        The plan inside its region pairs.

    Returns
    -------
    plan : Inside
    bound : int or None
        ``None`` where the first model's plan is not shown to be the cheapest, promises are broken, or not all others were found: then county
        pairs may cost nothing as far as is known.
    """
    if first.status != "OPTIMAL" or context.what_if is not None or context.elastic:
        return begun, None
    bound = int(begun.answer.facts["bound"] or 0)
    best, seen, n = begun, [first.arrays["x"][: built.pairs.size] > 0], built.pairs.size
    for _ in range(MOST):
        model = other_plans(built.model, n, int(first.facts["objective"]), seen)
        other = run([Task("mip", model.arrays(), limits.options(), f"{NAME}: {AGAIN}")])[0]
        if other.status == "INFEASIBLE":
            return best, bound
        if other.status not in SOLVED:
            break
        taken = other.arrays["x"][:n] > 0
        seen.append(taken)
        chosen = np.flatnonzero(taken)
        loads = divide_loads(context, run, limits, built.members, built.pairs, chosen)
        if loads is None:
            break
        plan = county_plan(context, run, limits, built, chosen, loads)
        if plan.answer.status == "INFEASIBLE":
            continue
        if not plan.solved:
            break
        bound = min(bound, int(plan.answer.facts["bound"] or 0))
        if plan.rank < best.rank:
            best = plan
    return best, None


def other_plans(model: ChoiceModel, n: int, most: int | None, seen: list[np.ndarray]) -> ChoiceModel:
    """The model where all costs no more than ``most``, where given, and the first ``n`` columns are none of ``seen`` (n,) bool."""
    parts: dict[str, Any] = {
        k: list(getattr(model, k))
        for k in ("entries", "row_lower", "row_upper", "row_rule", "rules", "about")
    }
    more = replace(model, **parts)
    x, cost = np.arange(n), np.concatenate(model.cost)
    some = np.flatnonzero(cost)
    if most is not None:
        more.rows(AGAIN, np.zeros(len(some)), some, cost[some], -INFINITY, most, 1)
    for taken in seen:
        more.rows(AGAIN, np.zeros(n), x, np.where(taken, 1.0, -1.0), -INFINITY, int(taken.sum()) - 1, 1)
    return more
