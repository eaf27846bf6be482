"""Money given in 万元 where yuan is declared: told by magnitude, as a warning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.schema import ENUMS, MEASURES
from graph.tables.rows import ROW

TEN_THOUSAND = 10_000
FAR = 3_000.0
"""A single figure is suspected when it is this many times smaller than the median of its group, while ten
thousand times it would lie among the group's others."""


@dataclass(frozen=True)
class Money:
    """A column of money: ``usual`` is what its median is hardly ever below in yuan, by group."""

    table: str
    column: str
    group: str | None
    usual: Mapping[str, float]


_YUAN_ITEMS = [item for item, title in ENUMS["ledger_item"].items() if title.en.endswith("(yuan)")]

COLUMNS = (
    Money("needs", "amount", "programme", {"": 5_000}),
    Money("fund_budgets", "amount", None, {"": 100_000}),
    Money("fund_flows", "amount", "stage", {"": 5_000}),
    Money("ledger", "pledged", "item", dict.fromkeys(_YUAN_ITEMS, 5_000)),
    Money("ledger", "delivered", "item", dict.fromkeys(_YUAN_ITEMS, 5_000)),
    Money(
        "region_facts",
        "value",
        "measure",
        {
            "fiscal_revenue": 1e6,
            "fiscal_expenditure": 1e6,
            "gdp": 1e7,
            "income_per_head": 100,
            "central_special_fund": 1e5,
        },
    ),
)


def check_magnitudes(frames: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> list[Finding]:
    """One warning for a column, or a measure of it, that looks like 万元; else one per suspected row."""
    found: list[Finding] = []
    for money in COLUMNS:
        frame = frames.get(money.table)
        if frame is not None and frame.height:
            found += _check(frame, money, files.get(money.table))
    return found


def _check(frame: pl.DataFrame, money: Money, file: str | None) -> list[Finding]:
    amount = pl.col(money.column).cast(pl.Float64)
    group = pl.col(money.group).fill_null("") if money.group else pl.lit("")
    rows = frame.select(pl.col(ROW), amount.alias("amount"), group.alias("group"))
    rows = rows.filter((pl.col("amount") > 0) & pl.col("amount").is_finite())
    if "" not in money.usual:
        rows = rows.filter(pl.col("group").is_in(list(money.usual)))
    if not rows.height:
        return []
    spread = rows.group_by("group", maintain_order=True).agg(
        pl.col("amount").median().alias("middle"),
        pl.col("amount").quantile(0.05).alias("low"),
        pl.col("amount").max().alias("high"),
        pl.len().alias("n"),
    )
    found: list[Finding] = []
    whole: list[str] = []
    for name, middle, _, _, _ in spread.iter_rows():
        if middle < money.usual.get(name, money.usual.get("", 0)):
            whole.append(name)
            found.append(_whole(money, name, middle, file))
    single = rows.filter(~pl.col("group").is_in(whole)).join(
        spread.filter(pl.col("n") >= 5), on="group", maintain_order="left"
    )
    times = pl.col("amount") * TEN_THOUSAND
    odd = single.filter(
        (pl.col("amount") * FAR < pl.col("middle")) & times.is_between(pl.col("middle") / 30, pl.col("high"))
    )
    return found + [
        _single(money, int(row), value, file) for row, value in odd.select(ROW, "amount").iter_rows()
    ]


def _whole(money: Money, group: str, middle: float, file: str | None) -> Finding:
    title = MEASURES[group][0].zh if group in MEASURES else group
    of = Text(f"（{title}）" if group else "", f" of {group}" if group else "")
    return Finding(
        "money-magnitude",
        "warning",
        money.table,
        None,
        money.column,
        None,
        Text(
            f"金额{of.zh}的中位数只有 {middle:,.0f} 元，像是以万元计",
            f"the median{of.en} is only {middle:,.0f} yuan, as if it were given in 万元 (10,000 yuan)",
        ),
        Text("这里以元计：若是万元请乘以 10000", "the unit here is yuan: multiply by 10,000 if it is 万元"),
        file,
    )


def _single(money: Money, row: int, value: float, file: str | None) -> Finding:
    return Finding(
        "money-magnitude",
        "warning",
        money.table,
        row,
        money.column,
        f"{value:.0f}",
        Text(
            f"{value:,.0f} 元比同类少几千倍，像是以万元计",
            f"{value:,.0f} yuan is thousands of times below its like, as if in 万元",
        ),
        Text(f"若是万元请写 {value * TEN_THOUSAND:.0f}", f"if it is 万元, write {value * TEN_THOUSAND:.0f}"),
        file,
    )
