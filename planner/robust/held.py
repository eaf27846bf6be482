"""A decision held in another future: what it comes to there, or which rules it breaks; read by the checks, without the solver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.language import Text, several
from planner.handmade.loads import breaks, share_rest
from planner.handmade.pricing import positions
from planner.pareto.checked import pair_check
from planner.plan import Plan
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits
from planner.stages import pairs as eligible
from planner.stages.designation_pairs import eligible_pairs
from planner.stages.pairing.loads import divide_loads
from planner.stages.pairing.members import find_members
from planner.stages.pairing.regions import eligible_regions
from planner.stages.pairing.results import region_table
from planner.stages.pairs import Pairs
from planner.verify.checks import CHECKS
from planner.verify.outcome import Broken, Resolved

Run = Callable[[list[Task]], list[Answer]]
STAGES = ("pairing", "designation", "funds")
"""Stages whose decisions can be held."""
KEY = ["supporter", "recipient"]
INSIDE = "county_pair"


@dataclass(frozen=True)
class Value:
    """What a decision comes to in a future.

    Parameters
    ----------
    cost : int or None
        In the stage's smallest unit, the less the better (what is to be large is negated); ``None`` where a rule breaks.
    broken : int
        How many places break a rule.
    first : Text
        One of them in words; empty where there is none.
    """

    cost: int | None
    broken: int = 0
    first: Text = Text("", "")


def decision_of(plan: Plan, stage: str) -> pl.DataFrame:
    """What a plan decides in a stage: ``pairs`` (of ``pairing`` the region pairs) or ``allocations``, sorted by key."""
    if stage == "funds":
        return plan.table("allocations")
    pairs = plan.table("pairs").filter(pl.col("stage") == stage)
    if stage == "pairing":
        reassigned = plan.head["inputs"]["policy"][stage].get("reassign_counterpart")
        out = [INSIDE] if reassigned else [INSIDE, "counterpart"]
        pairs = pairs.filter(~pl.col("kind").is_in(out).fill_null(False))
    return pairs.select(KEY).sort(KEY)


def value_of(
    context: Context, stage: str, decision: pl.DataFrame, before: Mapping[str, pl.DataFrame], run: Run
) -> Value:
    """What a decision comes to where the scenario is ``context``'s.

    Parameters
    ----------
    context : Context
        The future, as the stage sees it.
    stage : str
        One of :data:`STAGES`.
    decision : DataFrame
        As :func:`decision_of` gives it.
    before : mapping of str to DataFrame
        Result tables of earlier stages that belong to the decision.
    run : callable
        Runs the small task that divides loads among partners, where dividing by strength breaks a rule.
    """
    if stage == "funds":
        resolved = Resolved(
            context.network, {s: p.values for s, p in context.policies.items()}, context.on, context.seed
        )
        found = CHECKS[stage](resolved, {**before, "allocations": decision}, {})
        return _value(found.objective, list(found.broken), "max")
    table, missing = priced_pairs(context, stage, decision, run)
    checked = pair_check(context, stage, table)
    sense = "max" if context.policy["sense"] == "max" and context.policy["objective"] == "scores" else "min"
    return _value(checked.objective, [*missing, *checked.broken], sense)


def _value(objective: int | None, broken: Sequence[Broken], sense: str) -> Value:
    if broken or objective is None:
        return Value(None, len(broken), broken[0].text if broken else Text("", ""))
    return Value(-objective if sense == "max" else objective)


def priced_pairs(
    context: Context, stage: str, decision: pl.DataFrame, run: Run
) -> tuple[pl.DataFrame, list[Broken]]:
    """The table ``pairs`` of a decision with this future's costs and loads; and which of its pairs are not eligible there."""
    if stage == "designation":
        pairs = eligible_pairs(context)
        chosen = positions(pairs, decision)
        return eligible.chosen_table(stage, pairs, chosen), _missing(decision, chosen)
    _, pairs = eligible_regions(context)
    chosen = positions(pairs, decision)
    if context.policy["objective"] == "scores":
        return eligible.chosen_table(stage, pairs, chosen), _missing(decision, chosen)
    loads = region_loads(context, pairs, chosen, run)
    return region_table(context, pairs, chosen, loads), _missing(decision, chosen)


def region_loads(context: Context, pairs: Pairs, chosen: np.ndarray, run: Run) -> np.ndarray:
    """Poor people that each chosen pair takes on, (k,): by strength, where that breaks a rule as a small model divides them."""
    members = find_members(context)
    free = np.full(len(chosen), np.nan)
    plain = share_rest(pairs, chosen, free, members.strength[pairs.supporter[chosen]])
    if not breaks(context, members, pairs, chosen, plain):
        return plain
    found = divide_loads(context, run, Limits(), members, pairs, chosen)
    return plain if found is None else found


def _missing(decision: pl.DataFrame, chosen: np.ndarray) -> list[Broken]:
    lacking = decision.height - len(chosen)
    if not lacking:
        return []
    told = Text(f"{lacking} 对在此不可选", f"{several(lacking, 'pair')} cannot be chosen here")
    return [Broken("eligible", "pairs", None, None, told)]
