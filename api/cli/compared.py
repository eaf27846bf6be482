"""Sections of a comparison on a screen: winners and losers, how evenly, who moves, money that goes elsewhere."""

from __future__ import annotations

import polars as pl

from api.charts import amount
from api.cli.screen import print_more, print_table, with_pinyin
from api.comparison_words import COUNTRY, COUNTS, MOVES, kind_said
from graph.language import Text
from graph.network import Network
from graph.schema import ENUMS
from planner.compare import Comparison
from planner.compare.support import MEASURES, SIDES


def print_support(found: Comparison, network: Network, limit: int) -> None:
    """How many gain and lose what, and who gains and loses most."""
    changed = found.support.balance.filter(
        (pl.col("kind") == "") & ((pl.col("more") > 0) | (pl.col("less") > 0))
    )
    if changed.is_empty():
        return
    rows = [
        (r["plan"], SIDES[r["side"]], MEASURES[r["measure"]], r["more"], r["less"], r["same"],
         *(_amount(r[c], r["measure"]) for c in ("gained", "lost")))
        for r in changed.iter_rows(named=True)
    ]  # fmt: skip
    columns = [Text("方案", "plan"), Text("哪一方", "side"), Text("计什么", "what"), Text("多了的个数", "have more"),
               Text("少了的个数", "have less"), Text("不变", "same"), Text("多了合计", "gained"), Text("少了合计", "lost")]  # fmt: skip
    print_table(f"\n{Text('谁得谁失', 'winners and losers')}", columns, rows)
    for plan in found.ids[1:]:
        _print_most(found, network, plan, limit)


def _print_most(found: Comparison, network: Network, plan: str, limit: int) -> None:
    """Counties whose money changed most, the losers first."""
    first = found.ids[0]
    money = (pl.col("side") == "received") & (pl.col("measure") == "money") & (pl.col("kind") == "")
    there = found.support.amounts.filter(money & pl.col(first).is_not_null() & pl.col(plan).is_not_null())
    differ = there.with_columns(difference=pl.col(plan) - pl.col(first)).filter(pl.col("difference") != 0)
    shown = differ.sort("difference", "id")
    if shown.height > limit:
        lose = (limit + 1) // 2
        shown = pl.concat([shown.head(lose), shown.tail(limit - lose)])
    if shown.is_empty():
        return
    rows = [
        (with_pinyin(network.label(r["id"]), network), with_pinyin(network.label(r["province"] or ""), network),
         *(amount(r[c], "yuan") for c in (first, plan, "difference")))
        for r in shown.iter_rows(named=True)
    ]  # fmt: skip
    title = Text(f"\n{plan} · 资金失与得最多的县", f"\n{plan} · counties that lose and gain most money")
    print_table(str(title), ("", Text("省", "province"), first, plan, Text("差", "difference")), rows)
    print_more(differ.height, shown.height)


def _amount(value: float, measure: str) -> str:
    return amount(value, "yuan" if measure == "money" else "")


def print_even(found: Comparison) -> None:
    """Gini coefficients that are not the same."""
    ids = found.ids
    differs = pl.any_horizontal([pl.col(i).round(4).ne_missing(pl.col(ids[0]).round(4)) for i in ids[1:]])
    rows = [
        (SIDES[r["side"]], MEASURES[r["measure"]], kind_said(r["side"], r["measure"], r["kind"]),
         *("–" if r[i] is None else f"{r[i]:.4f}" for i in ids))
        for r in found.support.gini.filter(differs).iter_rows(named=True)
    ]  # fmt: skip
    if rows:
        title = Text("\n基尼系数（0：人人一样）", "\nGini (0: all have the same)")
        print_table(
            str(title), (Text("哪一方", "side"), Text("计什么", "what"), Text("类别", "kind"), *ids), rows
        )


def print_moves(found: Comparison, network: Network, plan: str, limit: int) -> None:
    """Pairs and people that change, by province."""
    pairs = found.partner_counts.filter(
        (pl.col("plan") == plan) & pl.any_horizontal(pl.col("swapped", "new", "ended") > 0)
    )
    rows = [
        (ENUMS["stage"].get(r["stage"], r["stage"]), ENUMS["relation_kind"].get(r["kind"], r["kind"]),
         with_pinyin(network.label(r["province"] or ""), network), *(r[c] for c in COUNTS))
        for r in pairs.head(limit).iter_rows(named=True)
    ]  # fmt: skip
    if rows:
        columns = [Text("阶段", "stage"), Text("类型", "kind"), Text("省", "province"), *COUNTS.values()]
        print_table(f"\n{plan} · {Text('结对的变化，按省', 'pairs that change, by province')}", columns, rows)
        print_more(pairs.height, limit)
    people = found.churn.filter((pl.col("plan") == plan) & (pl.sum_horizontal(*MOVES) > 0))
    ordered = people.sort(pl.sum_horizontal(*MOVES), descending=True, maintain_order=True)
    whole = str(Text("全部", "all"))
    rows = [
        (with_pinyin(network.label(r["province"]), network) if r["province"] else whole, *(r[c] for c in ("stayed", *MOVES)),
         *(_km(r[c]) for c in ("km", "km_most", "home_km_before", "home_km")))
        for r in ordered.head(limit).iter_rows(named=True)
    ]  # fmt: skip
    if rows:
        columns = [Text("省", "province"), Text("不变", "stayed"), Text("换村", "moved"), Text("同村换岗", "other post"), MOVES["entered"],
                   MOVES["left"], Text("平均移动", "mean move"), Text("最远", "longest"), Text("原离家", "from home before"),
                   Text("现离家", "from home now")]  # fmt: skip
        title = Text("人员变动，按省（距离：公里）", "who moves, by province (distances in km)")
        print_table(f"\n{plan} · {title}", columns, rows)
        print_more(people.height, limit)


def _km(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}"


def print_flows(found: Comparison, network: Network, plan: str, limit: int) -> None:
    """The largest changes of money between provinces."""
    first = found.ids[0]
    both = found.flows.filter(pl.col(first).is_not_null() & pl.col(plan).is_not_null())
    changed = both.with_columns(difference=pl.col(plan) - pl.col(first)).filter(pl.col("difference") != 0)
    ordered = changed.sort([pl.col("difference").abs(), "giver", "taker"], descending=[True, False, False])
    rows = [
        (str(COUNTRY) if r["giver"] is None else with_pinyin(network.label(r["giver"]), network),
         with_pinyin(network.label(r["taker"]), network), *(amount(r[c], "yuan") for c in (first, plan, "difference")))
        for r in ordered.head(limit).iter_rows(named=True)
    ]  # fmt: skip
    if rows:
        columns: list[Text | str] = [
            Text("出资省", "giver"),
            Text("受益省", "taker"),
            first,
            plan,
            Text("差", "difference"),
        ]
        title = Text("省际资金的变化", "money between provinces that changes")
        print_table(f"\n{plan} · {title}", columns, rows)
        print_more(changed.height, limit)
