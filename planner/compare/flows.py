"""Money between provinces: whose goes where in each plan."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from planner.plan import Plan


def money_flows(plans: Sequence[Plan], known: pl.DataFrame) -> pl.DataFrame:
    """Money from the province of a source's owner to the province of the county that gets it, all years together.

    Parameters
    ----------
    plans : sequence of Plan
        Plans of different ids.
    known : DataFrame
        Places of all; see :func:`planner.compare.places.joined_places`.

    Returns
    -------
    DataFrame
        giver (null: money of the whole country), taker, one column per plan id (yuan). Only what is not the same in all plans
        that allocate money; a plan that allocates none has nulls.
    """
    ids = [p.id for p in plans]
    parts = [_of(p, known).rename({"amount": p.id}) for p in plans]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.join(part, on=["giver", "taker"], how="full", coalesce=True, nulls_equal=True)
    money = [p.id for p in plans if "funds" in p.stages]
    if not money:
        return whole.select("giver", "taker", *ids)
    filled = whole.with_columns(pl.col(money).fill_null(0)).with_columns(
        least=pl.min_horizontal(money), most=pl.max_horizontal(money)
    )
    return (
        filled.filter(pl.col("least") != pl.col("most")).select("giver", "taker", *ids).sort("giver", "taker")
    )


def _of(plan: Plan, known: pl.DataFrame) -> pl.DataFrame:
    if "funds" not in plan.stages:
        return pl.DataFrame(schema={"giver": pl.String, "taker": pl.String, "amount": pl.Int64})
    province = known.select("code", "province")
    owners = plan.network.frame("fund_sources").select(source="id", code="owner_region")
    giver = owners.join(province, on="code", how="left").select(
        "source", giver=pl.coalesce("province", "code")
    )
    taken = plan.table("allocations").join(province.rename({"code": "region"}), on="region", how="left")
    found = taken.join(giver, on="source", how="left").with_columns(taker=pl.coalesce("province", "region"))
    return found.group_by("giver", "taker").agg(pl.col("amount").sum())
