"""In what share of the futures each decision stays: of those that have a plan, how many have it in their own best plan."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from planner.decisions import of_stages
from planner.plan import Plan
from planner.robust.futures import NOMINAL, Futures
from planner.stages.funds.facts import PPM, ppm

TOLERANCE = 0.1
"""How far, as a share, a county's money of a year may be from what it is held against and still count as the same."""
KEYS: dict[str, tuple[list[str], str]] = {
    "pairs": (["supporter", "recipient"], ">"),
    "postings": (["cadre", "village", "post"], ">"),
    "exits": (["region", "year"], ":"),
    "inspections": (["kind", "year", "team", "region"], ":"),
}
"""Result table → what makes a decision of it, and how it is written."""
MONEY = "allocations"
SHARES = {
    "stage": pl.String(),
    "decision": pl.String(),
    "futures": pl.Int64(),
    "share": pl.Float64(),
    "nominal": pl.Boolean(),
}
"""Columns of the table that is made: ``futures`` of those with a plan, ``nominal``: whether the plan of the scenario as it stands
has the decision."""


def decisions(plan: Plan) -> dict[str, list[str]]:
    """Stage → what its plan decides, in words of its tables' keys; money apart (:func:`county_sums`)."""
    found: dict[str, list[str]] = {}
    for stage, tables in of_stages(plan.tables()).items():
        for name, frame in tables.items():
            if name in KEYS:
                keys, between = KEYS[name]
                told = pl.concat_str([pl.col(k).cast(pl.String) for k in keys], separator=between)
                found.setdefault(stage, []).extend(
                    _decided(plan, stage, frame).select(told).to_series().to_list()
                )
    return found


def _decided(plan: Plan, stage: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows without counterpart support that is only shown."""
    values = plan.head["inputs"]["policy"].get(stage, {})
    if stage != "pairing" or values.get("reassign_counterpart"):
        return frame
    return frame.filter(pl.col("kind").ne_missing(pl.lit("counterpart")))


def county_sums(plan: Plan) -> dict[str, int]:
    """``county:year`` → yuan of all sources and programmes."""
    if MONEY not in plan.tables():
        return {}
    sums = plan.table(MONEY).group_by("region", "year").agg(pl.col("amount").sum()).sort("region", "year")
    return {f"{region}:{year}": amount for region, year, amount in sums.iter_rows()}


def shares(futures: Futures, tolerance: float = TOLERANCE) -> pl.DataFrame:
    """A row of :data:`SHARES` for each decision that any plan has; by stage, then those that stay most often first.

    A county's money of a year stays where it is within ``tolerance`` of the nominal plan's, or where there is no such plan of
    the (lower) middle one's: rows of ``allocations`` themselves swap between sources that are equally good.
    """
    counts: dict[tuple[str, str], int] = {}
    nominal: set[tuple[str, str]] = set()
    money: dict[int, dict[str, int]] = {}
    for number, plan in futures.plans():
        keys = {(stage, told) for stage, listed in decisions(plan).items() for told in listed}
        money[number] = county_sums(plan)
        if number == NOMINAL:
            nominal = keys
            continue
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
    rows = [(*key, counts.get(key, 0), key in nominal) for key in {*counts, *nominal}] + _money_rows(
        money, tolerance
    )
    stages, n = futures.scenario.stages, len(futures.planned)
    rows.sort(key=lambda r: (stages.index(r[0]), -r[2], r[1]))
    table = [(stage, told, k, k / n if n else 0.0, held) for stage, told, k, held in rows]
    return pl.DataFrame(table, schema=SHARES, orient="row")


def _money_rows(money: dict[int, dict[str, int]], tolerance: float) -> list[tuple[str, str, int, bool]]:
    found = []
    drawn = [sums for number, sums in money.items() if number != NOMINAL]
    for cell in sorted({k for sums in money.values() for k in sums}):
        amounts = [sums.get(cell, 0) for sums in drawn]
        first = money[NOMINAL].get(cell, 0) if NOMINAL in money else _middle(amounts)
        near = sum(abs(a - first) * PPM <= ppm(tolerance) * first for a in amounts)
        found.append(("funds", cell, near, NOMINAL in money and first > 0))
    return found


def _middle(amounts: Iterable[int]) -> int:
    ordered = sorted(amounts)
    return ordered[(len(ordered) - 1) // 2]
