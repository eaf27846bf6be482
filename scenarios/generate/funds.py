"""Sources of money with their instruments, budgets 2016–2020 and the flows of 2016."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from scenarios.generate import totals
from scenarios.generate.counties import Counties
from scenarios.generate.county_tables import YEARS
from scenarios.generate.shares import split

BILLION = 1_000_000_000
GENERATED = "scenarios.generate"
DIRECTIONS = {  # share of the central special fund (assumed) and what each may pay for
    "development": (0.80, ""),
    "ethnic_minority": (0.08, "industry;infrastructure;tourism;housing"),
    "work_relief": (0.09, "infrastructure;labour"),
    "state_farm": (0.01, "industry;infrastructure;housing"),
    "forest_farm": (0.02, "industry;infrastructure;ecology"),
}
DIRECTION_ZH = {
    "development": "扶贫发展",
    "ethnic_minority": "少数民族发展",
    "work_relief": "以工代赈",
    "state_farm": "国有贫困农场",
    "forest_farm": "国有贫困林场",
}
PROVINCIAL = (49.3, 54.0, 68.0, 80.0, 90.0)  # bn yuan, all provinces: assumed
EAST_WEST = (2.93, 5.88, 17.76, 22.87, 27.0)  # bn yuan, fiscal aid of all supporters: recalled
PREFECTURE = (18.0, 20.0, 24.0, 26.0, 28.0)
COUNTY = (4.0, 4.4, 5.0, 5.5, 6.0)
CREDIT_PACE = (0.28, 0.24, 0.20, 0.16, 0.12)
MANY_POOR = 4  # a prefecture with so many poor counties has a source of its own

Row = dict[str, object]


def source(
    key: str,
    name: str,
    level: str,
    instrument: str,
    mark: str,
    *,
    owner: str | None = None,
    programmes: str | None = None,
    poolable: bool = False,
    direction: str | None = None,
) -> Row:
    """One row of ``fund_sources``."""
    return {
        "id": key,
        "name": name,
        "level": level,
        "instrument": instrument,
        "direction": direction,
        "owner_region": owner,
        "programmes": programmes,
        "poolable": poolable,
        "source": GENERATED,
        "mark": mark,
    }


def budgets(key: str, amounts: list[int], carry: float, mark: str) -> list[Row]:
    """Rows of ``fund_budgets``, one a year."""
    return [
        {
            "source": key,
            "year": y,
            "amount": int(a),
            "carry_over_max": carry,
            "fact_source": GENERATED,
            "mark": mark,
        }
        for y, a in zip(YEARS, amounts, strict=True)
    ]


def central() -> tuple[list[Row], list[Row]]:
    """The central special fund by direction, the agricultural funds that may be pooled.

    Credit and the rest.
    """
    shares = np.array([share for share, _ in DIRECTIONS.values()])
    by_year = [split(total, shares) for total in totals.CENTRAL_SPECIAL_YUAN.values()]
    sources, money = [], []
    for i, (direction, (_, programmes)) in enumerate(DIRECTIONS.items()):
        key = f"central_{direction}"
        name = f"中央财政专项扶贫资金·{DIRECTION_ZH[direction]}"
        sources.append(
            source(
                key,
                name,
                "central",
                "grant",
                "assumed",
                programmes=programmes or None,
                direction=direction,
                poolable=direction != "state_farm",
            )
        )
        money += budgets(key, [int(year[i]) for year in by_year], 0.1, "assumed")
    pooled = totals.POOLED_2016_YUAN - totals.CENTRAL_SPECIAL_YUAN[2016]
    bond = split(totals.RELOCATION_YUAN, np.array((0.25, 0.34, 0.28, 0.10, 0.03)))
    credit = split(totals.MICROCREDIT_YUAN, np.array(CREDIT_PACE))
    others = (
        (
            "central_agriculture",
            "统筹整合涉农资金",
            "central",
            "grant",
            None,
            True,
            [pooled] * 5,
            0.1,
            "assumed",
        ),
        (
            "relocation_bond",
            "易地扶贫搬迁债券与贷款",
            "central",
            "bond",
            "relocation",
            False,
            bond,
            0.3,
            "assumed",
        ),
        ("microcredit", "扶贫小额信贷", "social", "microcredit", "industry", False, credit, 0.0, "assumed"),
        (
            "relending",
            "扶贫再贷款",
            "central",
            "relending",
            "industry;e_commerce;tourism;photovoltaic",
            False,
            [60 * BILLION] * 5,
            0.0,
            "synthetic",
        ),
        (
            "insurance",
            "扶贫保险",
            "social",
            "insurance",
            "health;industry",
            False,
            [5 * BILLION] * 5,
            0.0,
            "synthetic",
        ),
        (
            "designated_units",
            "中央单位定点帮扶资金",
            "unit",
            "grant",
            None,
            False,
            [int(x * BILLION) for x in (2.1, 2.6, 3.4, 6.7, 6.9)],
            0.2,
            "synthetic",
        ),
        ("social_donations", "社会捐赠", "social", "grant", None, False, [8 * BILLION] * 5, 0.5, "synthetic"),
    )
    for key, name, level, instrument, programmes_, poolable, amounts, carry, mark in others:
        sources.append(source(key, name, level, instrument, mark, programmes=programmes_, poolable=poolable))
        money += budgets(key, list(amounts), carry, mark)
    return sources, money


def owned(
    prefix: str, title: str, level: str, owners: pl.DataFrame, billions: tuple[float, ...], *, poolable: bool
) -> tuple[list[Row], list[Row]]:
    """One source per owner; the yearly total is shared out by ``weight``.

    Parameters
    ----------
    owners : DataFrame
        ``code, name, weight``.
    """
    weight = owners["weight"].cast(pl.Float64).to_numpy()
    by_year = [split(round(b * BILLION), weight) for b in billions]
    sources, money = [], []
    for i, (code, name) in enumerate(owners.select("code", "name").iter_rows()):
        key = f"{prefix}_{code}"
        sources.append(
            source(key, f"{name}{title}", level, "grant", "synthetic", owner=code, poolable=poolable)
        )
        money += budgets(key, [int(year[i]) for year in by_year], 0.1, "synthetic")
    return sources, money


def fund_tables(
    counties: Counties, regions: pl.DataFrame, facts: pl.DataFrame, relations: pl.DataFrame
) -> tuple[list[Row], list[Row]]:
    """Rows of ``fund_sources`` and ``fund_budgets``."""
    named = regions.select("code", "name")
    revenue = facts.filter(measure="fiscal_revenue", year=2016).select(code="region", revenue="value")
    poor = counties.frame.with_columns(people=pl.Series(counties.poor_2016)).filter("poor")
    provinces = (
        poor.group_by(code="province")
        .agg(pl.col("people").sum())
        .join(revenue, on="code")
        .join(named, on="code")
    )
    provinces = provinces.with_columns(weight=(pl.col("people") * pl.col("revenue")).sqrt()).sort("code")
    prefectures = poor.group_by(code="prefecture").agg(weight=pl.col("people").sum(), n=pl.len())
    prefectures = prefectures.filter(pl.col("n") >= MANY_POOR).join(named, on="code").sort("code")
    first = poor.filter(exit_year=2016).select("code", "name", weight="people").sort("code")
    payers = relations.filter(kind="east_west").group_by(code="supporter").agg(n=pl.len())
    payers = payers.join(revenue, on="code").join(named, on="code").sort("code")
    payers = payers.with_columns(weight=pl.col("revenue").sqrt() * pl.col("n"))
    groups = [
        central(),
        owned("province", "省级专项扶贫资金", "provincial", provinces, PROVINCIAL, poolable=True),
        owned("prefecture", "市级扶贫资金", "prefecture", prefectures, PREFECTURE, poolable=True),
        owned("county", "县级扶贫资金", "county", first, COUNTY, poolable=True),
        owned("east_west", "东西部协作资金", "east_west", payers, EAST_WEST, poolable=False),
    ]
    return [row for s, _ in groups for row in s], [row for _, m in groups for row in m]


def fund_flows(counties: Counties, money: list[Row]) -> list[Row]:
    """The development fund of 2016: allotted to provinces by their poor people, received, mostly spent."""
    total = next(
        row["amount"] for row in money if row["source"] == "central_development" and row["year"] == 2016
    )
    poor = counties.frame.with_columns(people=pl.Series(counties.poor_2016)).filter("poor")
    provinces = poor.group_by("province").agg(pl.col("people").sum()).sort("province")
    amounts = split(int(str(total)), provinces["people"].cast(pl.Float64).to_numpy())
    rows: list[Row] = []
    for i, (province, amount) in enumerate(zip(provinces["province"], amounts, strict=True)):
        spent = int(amount) * (78 + i % 17) // 100
        for stage, value, day in (
            ("allotted", int(amount), date(2016, 3, 15)),
            ("received", int(amount), date(2016, 5, 20)),
            ("spent", spent, date(2016, 12, 20)),
        ):
            rows.append(
                {
                    "source": "central_development",
                    "region": province,
                    "year": 2016,
                    "stage": stage,
                    "amount": value,
                    "date": day,
                    "fact_source": GENERATED,
                    "mark": "synthetic",
                }
            )
    return rows
