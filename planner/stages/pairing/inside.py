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
from planner.stages.pairing.counties import CountyModel, build_counties
from planner.stages.pairing.loads import divide_loads
from planner.stages.pairing.regions import RegionModel
from planner.stages.pairing.results import county_table, region_table
from planner.stages.pairing.settings import NAME

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
    start = counties.pairs.in_force.astype(np.float64) if counties.pairs.in_force.any() else None
    arrays = eligible.hold(counties.model.arrays(start), counties.pairs, context.what_if)
    answer = run([Task("mip", arrays, limits.options(), f"{NAME}: counties")])[0]
    return Inside(regions, counties, eligible.let_go(answer, counties.model, context.what_if))


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
        model = _other_plans(built.model, n, int(first.facts["objective"]), seen)
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
        if plan.cost < best.cost:
            best = plan
    return best, None


def _other_plans(model: ChoiceModel, n: int, most: int, seen: list[np.ndarray]) -> ChoiceModel:
    """The model where the first ``n`` columns cost no more than ``most`` and are none of ``seen`` (n,) bool."""
    parts: dict[str, Any] = {
        k: list(getattr(model, k))
        for k in ("entries", "row_lower", "row_upper", "row_rule", "rules", "about")
    }
    more = replace(model, **parts)
    x, cost = np.arange(n), np.concatenate(model.cost)[:n]
    some = np.flatnonzero(cost)
    more.rows(AGAIN, np.zeros(len(some)), some, cost[some], -INFINITY, most, 1)
    for taken in seen:
        more.rows(AGAIN, np.zeros(n), x, np.where(taken, 1.0, -1.0), -INFINITY, int(taken.sum()) - 1, 1)
    return more
