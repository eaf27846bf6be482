"""What is told of a year, of all years, and of the years before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from graph.language import Text
from graph.network import Network
from planner.roll.year import Lived
from planner.scenario import Scenario
from planner.stage import Context
from planner.stages import STAGES
from planner.stages.funds.facts import planned_years

WORDS, COUNT, SHARE = pl.String, pl.Int64, pl.Float64
COLUMNS: dict[str, Any] = {
    "horizon": WORDS, "year": COUNT, "plan": WORDS, "stages": WORDS, "reason_zh": WORDS, "reason_en": WORDS,
    "persons_start": COUNT, "persons_listed": COUNT, "persons_missed": COUNT, "persons_relapsed": COUNT, "persons_exited": COUNT,
    "persons_end": COUNT, "persons_reduced": COUNT, "against_reference": COUNT,
    "counties_planned": COUNT, "counties_exited": COUNT, "counties_missed": COUNT, "counties_left": COUNT,
    "villages_planned": COUNT, "villages_exited": COUNT,
    "yuan_budget": COUNT, "yuan_allotted": COUNT, "yuan_spent": COUNT, "yuan_carried": COUNT, "yuan_lapsed": COUNT,
    "yuan_needed": COUNT, "yuan_met": COUNT, "need_met": SHARE, "worst_county": WORDS, "worst_met": SHARE,
    "postings_held": COUNT, "postings_begun": COUNT, "postings_ended": COUNT,
    "pledges": COUNT, "pledges_kept": COUNT, "persons_pledged": COUNT, "persons_short": COUNT,
    "findings_new": COUNT, "findings_closed": COUNT, "findings_open": COUNT,
}  # fmt: skip
"""Columns of ``years.parquet``. Persons, counties, yuan and so on are counts of the year; shares are 0–1."""

TITLES = {
    "persons_reduced": Text("减少的贫困人口", "persons off the register, net"),
    "against_reference": Text("与对照相比", "against the reference"),
    "persons_end": Text("年末贫困人口", "poor persons at the end"),
    "counties_planned": Text("计划退出县", "counties planned to exit"),
    "counties_exited": Text("实际退出县", "counties that exited"),
    "counties_missed": Text("计划而未退出县", "planned, but did not exit"),
    "counties_left": Text("未退出县", "counties still listed"),
    "county_years_left": Text("未退出县·年", "county-years still listed"),
    "villages_exited": Text("退出村", "villages that exited"),
    "yuan_spent": Text("支出资金", "money spent"),
    "yuan_lapsed": Text("未安排而失效的资金", "money that lapsed"),
    "need_met": Text("需求满足率", "need met"),
    "worst_met": Text("满足率最低的县·年", "need met, worst county and year"),
    "points": Text("加权满足需求（分）", "weighted need met (points)"),
    "postings_begun": Text("新派驻（人次）", "postings that began"),
    "pledges_kept": Text("兑现的责任书", "pledges kept"),
    "findings_new": Text("新发现问题", "new findings"),
    "findings_open": Text("未销号问题", "open findings"),
}
"""Titles of the figures that are told, in this order."""


def row_of(
    horizon: str,
    year: int,
    plan: str | None,
    stages: Sequence[str],
    told: Sequence[Text],
    network: Network,
    lived: Lived,
    reference: int | None,
) -> dict[str, Any]:
    """One row: a horizon's year."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"horizon": horizon, "year": year, "plan": plan, "stages": ";".join(stages)}
    row |= {
        "reason_zh": "；".join(t.zh for t in told) or None,
        "reason_en": "; ".join(t.en for t in told) or None,
    }
    row |= _persons(lived, reference) | _exits(lived) | _money(network, lived, year) | _pledges(lived)
    posted, found = lived.postings, lived.findings
    row |= {"postings_held": posted.there, "postings_begun": posted.begun, "postings_ended": posted.ended}
    return row | {"findings_new": found.new, "findings_closed": found.closed, "findings_open": found.open}


def _persons(lived: Lived, reference: int | None) -> dict[str, Any]:
    register = lived.register
    if register is None:
        return {}
    start, end = int(register.before.sum()), int(register.after.sum())
    return {
        "persons_start": start,
        **{f"persons_{kind}": int(n.sum()) for kind, n in register.into.items()},
        "persons_exited": int(register.exited.sum()),
        "persons_end": end,
        "persons_reduced": start - end,
        "against_reference": None if reference is None else start - end - reference,
    }


def _exits(lived: Lived) -> dict[str, Any]:
    exits = lived.exits
    if exits is None:
        return {}
    names = {"counties_planned": exits.planned, "counties_exited": exits.happened, "counties_missed": exits.missed, "counties_left": exits.left,
             "villages_planned": exits.villages_planned, "villages_exited": exits.villages}  # fmt: skip
    return {name: len(places) for name, places in names.items()}


def _money(network: Network, lived: Lived, year: int) -> dict[str, Any]:
    money = lived.money
    if not money.budget:
        return {}
    sums = {
        "budget": money.budget,
        "allotted": money.allotted,
        "carried": money.carried,
        "lapsed": money.lapsed,
    }
    found: dict[str, Any] = {f"yuan_{name}": sum(part.values()) for name, part in sums.items()}
    found["yuan_spent"] = int(money.spent["amount"].sum())
    keys = ["region", "programme"]
    needs = network.frame("needs").filter((pl.col("year") == year) & (pl.col("amount") > 0))
    if needs.is_empty():
        return found
    spent = money.spent.group_by(keys).agg(spent=pl.col("amount").sum())
    met = needs.select(*keys, "amount").join(spent, on=keys, how="left").with_columns(
        met=pl.min_horizontal("amount", pl.col("spent").fill_null(0)))  # fmt: skip
    places = met.group_by("region").agg(pl.col("amount").sum(), pl.col("met").sum())
    places = places.with_columns(share=pl.col("met") / pl.col("amount")).sort("share", "region")
    needed, paid = int(places["amount"].sum()), int(places["met"].sum())
    worst, share = places.row(0, named=True)["region"], places.row(0, named=True)["share"]
    return found | {
        "yuan_needed": needed, "yuan_met": paid, "need_met": round(paid / needed, 6),
        "worst_county": worst, "worst_met": round(float(share), 6),
    }  # fmt: skip


def _pledges(lived: Lived) -> dict[str, Any]:
    if lived.register is None:
        return {}
    persons = [k for k in lived.pledges if k.measure == "persons"]
    return {
        "pledges": len(lived.pledges),
        "pledges_kept": sum(k.kept for k in lived.pledges),
        "persons_pledged": sum(k.promised for k in persons),
        "persons_short": sum(max(0, k.promised - k.reached) for k in persons),
    }


def table_of(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """``years.parquet``."""
    return pl.DataFrame([[r[c] for c in COLUMNS] for r in rows], schema=COLUMNS, orient="row")


def totals_of(years: pl.DataFrame, points: Mapping[str, int | None]) -> dict[str, Any]:
    """By horizon the sums over all years, and ``from_full``: how far each is from the full horizon's, in hindsight."""
    found: dict[str, dict[str, Any]] = {}
    for horizon in years["horizon"].unique(maintain_order=True).to_list():
        mine = years.filter(pl.col("horizon") == horizon)
        needed = _sum(mine, "yuan_needed")
        found[horizon] = {
            "persons_reduced": _sum(mine, "persons_reduced"),
            "persons_end": mine["persons_end"][-1],
            "counties_exited": _sum(mine, "counties_exited"),
            "counties_missed": _sum(mine, "counties_missed"),
            "county_years_left": _sum(mine, "counties_left"),
            "villages_exited": _sum(mine, "villages_exited"),
            "yuan_spent": _sum(mine, "yuan_spent"),
            "yuan_lapsed": _sum(mine, "yuan_lapsed"),
            "need_met": round((_sum(mine, "yuan_met") or 0) / needed, 6) if needed else None,
            "worst_met": mine["worst_met"].min(),
            "points": points.get(horizon),
            "postings_begun": _sum(mine, "postings_begun"),
            "pledges_kept": _sum(mine, "pledges_kept"),
            "pledges": _sum(mine, "pledges"),
            "findings_new": _sum(mine, "findings_new"),
        }
    best = found.get("full")
    for sums in found.values():
        away = (
            {k: v - best[k] for k, v in sums.items() if v is not None and best[k] is not None} if best else {}
        )
        sums["from_full"] = {k: round(v, 6) if isinstance(v, float) else v for k, v in away.items()}
    return found


def _sum(years: pl.DataFrame, column: str) -> int | None:
    return None if years[column].null_count() == years.height else int(years[column].sum())


def points_of(start: Scenario, spent: pl.DataFrame, decided: Mapping[str, pl.DataFrame]) -> int | None:
    """Weighted need met by what was spent in all years, by the objective of the stage ``funds`` as it stood at the start.

    In points; ``None`` where no money is planned. Microcredit counts its cost, as there. ``decided``: pairs of the roll, as money of
    partners counts where they are paired.
    """
    if "funds" not in start.stages or spent.is_empty():
        return None
    context = Context(start.network, start.policies["funds"], start.on, start.seed, decided, start.policies)
    years = planned_years(context)
    mine = spent.filter(pl.col("year").is_in(years)).with_columns(quantity=pl.lit(None, dtype=pl.Int64))
    kpis = STAGES["funds"].measure(context, {"allocations": mine})
    return next(int(k.value) for k in kpis if k.key == "points" and k.value is not None)


def history_of(network: Network, year: int) -> list[dict[str, int]]:
    """Persons by which the register shrank in each year up to ``year``, of the widest regions that are counted in both years."""
    tops = [code for code, parent in network.parents.items() if parent is None]
    facts = network.frame("region_facts").filter(
        (pl.col("measure") == "poor_population") & pl.col("region").is_in(tops) & (pl.col("year") <= year)
    )
    by_year = {
        y: dict(f.select("region", "value").iter_rows())
        for (y,), f in facts.sort("year", "region").group_by("year", maintain_order=True)
    }
    found = []
    for y, now in by_year.items():
        before = by_year.get(y - 1, {})
        both = sorted(before.keys() & now.keys())
        if both:
            found.append({"year": int(y), "persons": round(sum(before[r] - now[r] for r in both))})
    return found


def reference_of(history: Sequence[Mapping[str, int]]) -> dict[str, Any] | None:
    """The yearly mean of the years in a row that end the history: persons, first and last year; ``None`` without any."""
    row: list[Mapping[str, int]] = []
    for told in reversed(history):
        if row and told["year"] != row[-1]["year"] - 1:
            break
        row.append(told)
    if not row:
        return None
    persons = round(sum(t["persons"] for t in row) / len(row))
    return {"persons": persons, "first": row[-1]["year"], "last": row[0]["year"], "source": "region_facts"}
