"""The difference of two plans' pairs as a graph: which links are kept, new or ended, and who got another partner."""

from __future__ import annotations

import polars as pl

from planner.compare.planned import planned_by_both
from planner.plan import Plan

COUNTS = ("kept", "swapped", "new", "ended")
KEY = ["stage", "kind", "recipient"]


def links(before: Plan, after: Plan) -> pl.DataFrame:
    """The pairs of both plans as edges, of stages that both have planned.

    Returns
    -------
    DataFrame
        stage, kind, supporter, recipient, state (kept, new, ended), cost_before, cost.
    """
    both_plan = planned_by_both(before, after)
    old, new = (_pairs(p).filter(pl.col("stage").is_in(both_plan)) for p in (before, after))
    key = ["stage", "kind", "supporter", "recipient"]
    both = new.join(old, on=key, how="full", suffix="_before", coalesce=True)
    state = (
        pl.when(pl.col("cost_before").is_null()).then(pl.lit("new"))
        .when(pl.col("cost").is_null()).then(pl.lit("ended"))
        .otherwise(pl.lit("kept"))
    )  # fmt: skip
    return both.with_columns(state=state).select(*key, "state", "cost_before", "cost").sort(key)


def partners(edges: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Per recipient how its partners changed.

    A partner who came in the place of one who went is ``swapped``; only what is more on one side counts as new or ended, so
    that kept + swapped + ended partners were there before, and kept + swapped + new ones are there after.

    Parameters
    ----------
    edges : DataFrame
        See :func:`links`.
    known : DataFrame
        Places of both plans; see :func:`planner.compare.places.joined_places`.

    Returns
    -------
    DataFrame
        stage, kind, recipient, province, kept, swapped, new, ended, went, came (supporters, separated by ``;``).
    """

    def listed(state: str) -> pl.Expr:
        return pl.col("supporter").filter(pl.col("state") == state).sort().str.join(";")

    counts = {state: (pl.col("state") == state).sum().cast(pl.Int64) for state in ("kept", "new", "ended")}
    found = edges.group_by(KEY).agg(**counts, went=listed("ended"), came=listed("new"))
    found = found.with_columns(swapped=pl.min_horizontal("new", "ended"))
    found = found.with_columns(pl.col("new", "ended") - pl.col("swapped"))
    province = known.select(pl.col("code").alias("recipient"), "province")
    placed = found.join(province, on="recipient", how="left")
    return placed.select(*KEY, "province", *COUNTS, "went", "came").sort(KEY)


def partners_by_province(found: pl.DataFrame) -> pl.DataFrame:
    """:func:`partners` summed by stage, kind and province."""
    key = ["stage", "kind", "province"]
    return found.group_by(key).agg(pl.col(*COUNTS).sum(), recipients=pl.len().cast(pl.Int64)).sort(key)


def _pairs(plan: Plan) -> pl.DataFrame:
    kind = pl.coalesce("kind", "stage").alias("kind")
    return plan.decided("pairs").select("stage", kind, "supporter", "recipient", "cost")
