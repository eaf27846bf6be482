"""The decisions of one plan measured by the weights of another: costs that can be held against each other.

A total cost counts in the weights of its own plan. Where two plans weigh differently, each plan's decisions are priced
again under the other's values, from tables that both share; earlier stages count as each plan itself decided them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from planner.explain import context_of
from planner.identity import DISPLAY
from planner.plan import Plan
from planner.stage import Context
from planner.stages import SETTINGS, STAGES

FURTHER: dict[str, tuple[str, ...]] = {
    "cadres": ("skill", "language"),
    "funds": ("return_steps", "programme_weights", "later_discount", "microcredit_subsidy", "microcredit_risk_fund",
              "microcredit_years"),
    "exit": ("risk_margin", "results_margin", "line", "line_west"),
}  # fmt: skip
"""Values besides weights and the objective's own that a stage's cost is measured by."""
FIGURE = {"funds": "points"}
"""Key figure that tells what a stage's objective measures; else ``cost``."""


def measures(stage: str) -> set[str]:
    """Keys of the values that a stage's cost, or worth, is measured by."""
    weights = {s.key for s in SETTINGS[stage] if s.key.endswith("_weight")}
    return weights | {"objective", "sense", *FURTHER.get(stage, ())}


def measured_otherwise(plans: Sequence[Plan]) -> dict[str, list[str]]:
    """Stage → keys of the values that its cost is measured by and that are not the same in all plans that have it."""
    found = {}
    for stage in dict.fromkeys(s for p in plans for s in p.stages):
        values = [p.head["inputs"]["policy"][stage] for p in plans if stage in p.stages]
        keys = {k for v in values for k in v if any(other.get(k) != v[k] for other in values)}
        differ = (
            sorted(keys & measures(stage)) if keys else []
        )  # a stage's settings are loaded only where they matter
        if differ:
            found[stage] = differ
    return found


def cross_table(plans: Sequence[Plan]) -> pl.DataFrame:
    """Each plan's decisions under each plan's weights: stage, measured_by (plan id), a column per plan id.

    Only stages whose cost is measured otherwise. Empty (null) where the plans were not made from the same tables, or a
    decision is none that the other plan could price.
    """
    ids = list(dict.fromkeys(p.id for p in plans))
    rows = [
        {"stage": stage, "measured_by": by.id, **{p.id: measured(p, by, stage) for p in plans if stage in p.stages}}
        for stage in measured_otherwise(plans)
        for by in {p.id: p for p in plans}.values()
        if stage in by.stages
    ]  # fmt: skip
    schema = {"stage": pl.String(), "measured_by": pl.String(), **dict.fromkeys(ids, pl.Float64())}
    return pl.DataFrame(rows, schema=schema)


def measured(plan: Plan, by: Plan, stage: str) -> float | None:
    """The cost (or worth) of a plan's decisions of a stage under another plan's values; see :func:`cross_table`."""
    if plan.id == by.id:
        figure = FIGURE.get(stage, "cost")
        return next(
            (
                float(k["plan"])
                for k in plan.stages[stage]["kpis"]
                if k["key"] == figure and k["plan"] is not None
            ),
            None,
        )
    if not same_tables(plan, by, stage):
        return None
    seen, other = context_of(plan, stage), context_of(by, stage)
    told = COSTS[stage](replace(seen, policy=other.policy, policies=other.policies), plan, by)
    return None if told is None else round(told, 6)


def same_tables(one: Plan, other: Plan, stage: str) -> bool:
    """Whether what the stage reads is the same in both plans' resolved tables, as far as both keep it."""
    if one.head["inputs"]["date"] != other.head["inputs"]["date"]:
        return False
    for table, columns in STAGES[stage].reads.items():
        paths = [p.folder / "resolved" / f"{table}.parquet" for p in (one, other)]
        if table in DISPLAY or not all(p.is_file() for p in paths):
            if any(p.is_file() for p in paths):
                return False
            continue
        if paths[0].read_bytes() != paths[1].read_bytes():
            frames = [p.table(table, "resolved") for p in (one, other)]
            both = [c for c in columns if all(c in f.columns for f in frames)]
            if not frames[0].select(both).equals(frames[1].select(both)):
                return False
    return True


def _of_pairs(context: Context, plan: Plan, stage: str) -> float | None:
    from planner.handmade.pricing import listed_prices

    mine = plan.table("pairs").filter(pl.col("stage") == stage)
    kept = [c for c in ("stage", "supporter", "recipient") if c in mine.columns]
    prices, _ = listed_prices(context, stage, mine)
    priced = prices.join(mine.select(kept), on=kept, how="semi")
    return float(priced["cost"].sum()) if priced.height == mine.height else None


def _pairing(context: Context, plan: Plan, by: Plan) -> float | None:
    return _of_pairs(context, plan, "pairing")


def _designation(context: Context, plan: Plan, by: Plan) -> float | None:
    return _of_pairs(context, plan, "designation")


def _cadres(context: Context, plan: Plan, by: Plan) -> float | None:
    """Postings that the other plan has, too, cost what it says, as long as both saw the same designated units."""
    from planner.stages.cadres.pricing import postings_cost

    seen = [_designated(p) for p in (plan, by)]
    told = by.table("postings") if seen[0].equals(seen[1]) else None
    return postings_cost(context, plan.table("postings"), told)


def _designated(plan: Plan) -> pl.DataFrame:
    """supporter, recipient: units and counties as the plan decided them, which `cadres` then sees."""
    pairs = plan.decided("pairs").filter(pl.col("stage") == "designation")
    return pairs.select("supporter", "recipient").sort("supporter", "recipient")


def _funds(context: Context, plan: Plan, by: Plan) -> float | None:
    figures = STAGES["funds"].measure(context, {"allocations": plan.table("allocations")})
    return next(float(k.value) for k in figures if k.key == "points" and k.value is not None)


def _exit(context: Context, plan: Plan, by: Plan) -> float | None:
    from planner.stages.exit.model import find_parts
    from planner.stages.exit.tables import exits_cost

    return exits_cost(context, find_parts(context), plan.table("exits"))


def _inspection(context: Context, plan: Plan, by: Plan) -> float | None:
    from planner.stages.inspection.results import inspections_cost

    return inspections_cost(context, plan.table("inspections"))


COSTS: dict[str, Callable[[Context, Plan, Plan], float | None]] = {
    "pairing": _pairing,
    "designation": _designation,
    "cadres": _cadres,
    "funds": _funds,
    "exit": _exit,
    "inspection": _inspection,
}
"""Stage → cost of a plan's decisions in a context that has the values of another, which is given, too."""
