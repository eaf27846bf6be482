"""Why a county gets this money: need, what is met of it and by whom, and what one yuan more would be worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text, several
from graph.network import Network
from graph.schema import ENUMS
from planner.reason import Explanation, Option
from planner.stage import Context
from planner.stages.funds.absent import Absent
from planner.stages.funds.clashes import source_name
from planner.stages.funds.facts import Facts, read_facts
from planner.stages.funds.known import Known, known_numbers
from planner.stages.funds.left import Unmet
from planner.stages.funds.measure import dense
from planner.stages.funds.unspent import Unspent

NAME = "funds"
LARGEST = 10
UNSPENT = Text("余 {yuan} 元没有用：{why}", "{yuan} yuan are not spent: {why}")


def explain(context: Context, tables: Mapping[str, pl.DataFrame], keys: tuple[str, ...]) -> list[Explanation]:
    """Explanations of the counties and fund sources among ``keys``; of both, only where they meet."""
    table = tables["allocations"]
    counties = set(context.network.frame("needs")["region"].to_list())
    places = [k for k in keys if k in counties]
    sources = [k for k in keys if k in set(context.network.frame("fund_sources")["id"].to_list())]
    if len(places) + len(sources) < len(keys):  # a team or a pair: no money is decided about it
        return []
    if places:
        facts = read_facts(context)
        known = known_numbers(context, facts)
        listed = [k for k in places if k in facts.counties]
        prices = tables.get("prices")
        return [_county(context, facts, known, table, k, sources, prices) for k in listed]
    found = [_source(context, table, k) for k in sources]
    if "prices" in tables:
        found += [p for k in sources for p in source_prices(context, tables["prices"], k)]
    return found


def _county(
    context: Context,
    facts: Facts,
    known: Known,
    table: pl.DataFrame,
    county: str,
    sources: list[str],
    prices: pl.DataFrame | None,
) -> Explanation:
    """A county: each programme and year, the worth of its next yuan and of a million beside it, unmet ones first."""
    c = facts.counties.index(county)
    mine = table.filter(pl.col("region") == county)
    amount = dense(facts, mine)[c]
    worth, million = next_yuan(known, amount, c), need_prices(prices, county)
    shown = mine.filter(pl.col("source").is_in(sources)) if sources else mine
    options, unmet = [], Unmet(facts, prices)
    absent = Absent(context, facts, amount, c, unmet, sources) if sources else None
    for p, t in np.argwhere((facts.need[c] > 0) | (amount > 0)).tolist():
        payers = shown.filter(
            (pl.col("programme") == facts.programmes[p]) & (pl.col("year") == facts.years[t])
        )
        title = ENUMS["programme"].get(facts.programmes[p], Text(facts.programmes[p], facts.programmes[p]))
        what = Text(f"{title.zh} {facts.years[t]}", f"{title.en} {facts.years[t]}")
        need = int(facts.need[c, p, t])
        terms = {"need_yuan": float(need), "met_share": round(float(amount[p, t]) / need, 4) if need else 1.0,
                 "next_yuan_worth": float(worth[p, t]) / 1000, **million.get((facts.programmes[p], facts.years[t]), {})}  # fmt: skip
        if absent is not None and payers.is_empty():
            options.append(
                Option(
                    what,
                    0.0,
                    terms,
                    about=(*sources, facts.programmes[p], str(facts.years[t])),
                    left=absent.why(p, t),
                )
            )
            continue
        options.append(
            Option(
                what,
                float(amount[p, t]),
                terms,
                bool(amount[p, t]),
                _payers(context.network, payers),
                (*payers["source"].unique().sort(), facts.programmes[p], str(facts.years[t])),
                left=unmet.why(c, p, t) if amount[p, t] < need else Text("", ""),
            )
        )
    options.sort(key=lambda o: (bool(sources) and not o.chosen, -o.terms["next_yuan_worth"], -(o.total or 0)))
    label = context.network.label(county)
    total, need = int(amount.sum()), int(facts.need[c].sum())
    share = total / need if need else 1.0
    what = Text(
        f"{label} 得 {total:,} 元，需求 {need:,} 元，满足 {share:.1%}；先列多 1 元最值钱之处",
        f"{label} gets {total:,} yuan of a need of {need:,}, {share:.1%}; where 1 yuan more is worth most comes first",
    )
    step = int(context.policy["price_step"])
    return Explanation(
        NAME,
        what,
        options,
        total=Text("金额（元）", "yuan"),
        titles=step_titles(step),
        reading=_reading(step, bool(million), any(o.terms["need_yuan"] < step for o in options)),
    )


def step_titles(step: int) -> dict[str, Text]:
    """What columns of prices of ``step`` yuan are called."""
    return {
        "million_less": Text(f"少 {step:,} 元（分）", f"{step:,} yuan less (points)"),
        "million_more": Text(f"多 {step:,} 元（分）", f"{step:,} yuan more (points)"),
    }


def _reading(step: int, priced: bool, capped: bool) -> Text:
    """What more and less money in the columns stand for; ``capped``: some need is smaller than the step."""
    zh = "分：目标因此增减多少。多 1 元：只给这项需求，别的钱不动"
    en = "points: by how much the objective changes. 1 yuan more: for this need, no other money moved"
    if priced:
        most = Text("（至多为其所得、其需求）", ", no more than it gets (needs)") if capped else Text("", "")
        zh += f"；多（少）{step:,} 元：另外给它（从它拿走）这么多{most.zh}，其余资金重新安排"
        en += f"; {step:,} yuan more (less): given to it from outside (taken from it){most.en}, all other money planned anew"
    return Text(zh, en)


def next_yuan(known: Known, amount: np.ndarray, county: int) -> np.ndarray:
    """(P, T) thousandths of a point that one yuan more would be worth; 0 where nothing more can be used."""
    left = amount.copy()
    worth = np.zeros(amount.shape, dtype=np.int64)
    open_still = np.ones(amount.shape, dtype=np.bool_)
    for steps, value in zip(known.steps[:, county], known.value[:, county], strict=True):
        here = open_still & (left < steps)
        worth[here] = value[here]
        open_still &= ~here
        left = np.maximum(left - steps, 0)
    return worth


def _payers(network: Network, rows: pl.DataFrame) -> Text:
    sums = (
        rows.group_by("source")
        .agg(pl.col("amount").sum())
        .sort(["amount", "source"], descending=[True, False])
    )
    parts = [f"{source_name(network, s)} {a:,}" for s, a in sums.iter_rows()]
    return Text("、".join(parts), "; ".join(parts))


def _source(context: Context, table: pl.DataFrame, source: str) -> Explanation:
    """A source: the counties that get most of it; where some is left, why."""
    mine = table.filter(pl.col("source") == source)
    sums = (
        mine.group_by("region")
        .agg(pl.col("amount").sum())
        .sort(["amount", "region"], descending=[True, False])
    )
    label = context.network.label
    options = [
        Option(Text(label(r), label(r)), float(a), {}, True, about=(r,))
        for r, a in sums.head(LARGEST).iter_rows()
    ]
    name, total = source_name(context.network, source), int(mine["amount"].sum())
    what = Text(
        f"{name} 共 {total:,} 元，给 {sums.height} 个县；列出最多的 {len(options)} 个",
        f"{name}: {total:,} yuan to {several(sums.height, 'county', 'counties')}; the {len(options)} largest",
    )
    if not options:
        what = Text(f"{name} 没有给任何县", f"{name} pays for nothing in any county")
    facts = read_facts(context)
    left, why = (
        int(facts.budget[facts.sources.index(source)].sum()) - total if source in facts.sources else 0,
        Text("", ""),
    )
    if left > 0:
        unspent = Unspent(context, facts, known_numbers(context, facts), table)
        why = UNSPENT.fill(yuan=f"{left:,}", why=unspent.why(source))
    return Explanation(NAME, what, options, total=Text("金额（元）", "yuan"), why=why)


def need_prices(prices: pl.DataFrame | None, county: str) -> dict[tuple[str, int], dict[str, float]]:
    """Programme and year → what a million less, and one more, given to this need alone would change, in points."""
    if prices is None:
        return {}
    rows = prices.filter(pl.col("rule") == "needs", pl.col("region") == county)
    return {
        (p, y): {k: v / 1000 for k, v in (("million_less", less), ("million_more", more)) if v is not None}
        for p, y, less, more in rows.select("programme", "year", "less", "more").iter_rows()
    }


def source_prices(context: Context, prices: pl.DataFrame, source: str) -> list[Explanation]:
    """What a step less, and one more, of a source's budgets would change; and, apart from them, one freed of its earmark."""
    rows = prices.filter(pl.col("source") == source).sort("year")
    freed = pl.col("rule") == "earmarks"
    return [
        *_budget_prices(context, rows.filter(~freed), source),
        *_freed_prices(context, rows.filter(freed & pl.col("more").is_not_null()), source),
    ]


def _budget_prices(context: Context, rows: pl.DataFrame, source: str) -> list[Explanation]:
    """Budgets with a step more, and one less; nothing where no price is known."""
    options, step = [], int(context.policy["price_step"])
    for row in rows.iter_rows(named=True):
        terms = {} if row["less"] is None else {"million_less": row["less"] / 1000}
        what = Text(f"{row['year']} 年预算", f"budget of {row['year']}")
        if not row["less_yuan"] and not row["more_yuan"]:  # beyond the limit of work: a question of its own
            continue
        more = None if row["more"] is None else row["more"] / 1000
        note = _sides(row, step) if row["rule"] == "budgets" else Text("", "")
        options.append(Option(what, more, terms, note=note))
    if not options:
        return []
    name = source_name(context.network, source)
    what = Text(
        f"{name}：多或少 {step:,} 元，目标变多少", f"{name}: what {step:,} yuan more or less would change"
    )
    titles = step_titles(step)
    reading = Text(
        f"分：目标因此增减多少；预算多（少）{step:,} 元，全部资金重新安排，随预算而定的份额、下限和结转也随之变",
        f"points: by how much the objective changes, the budget being {step:,} yuan larger (smaller) and all money planned anew, with the "
        "shares, floors and carry-over that follow from it",
    )
    return [Explanation(NAME, what, options, total=titles["million_more"], titles=titles, reading=reading)]


def _freed_prices(context: Context, rows: pl.DataFrame, source: str) -> list[Explanation]:
    """A step of a source's money freed of its earmark, year by year; nothing where no price is known."""
    if rows.is_empty():
        return []
    options = []
    for row in rows.iter_rows(named=True):
        place = context.network.label(row["region"]) if row["region"] else ""
        zh, en = (f"（{place}）", f" in {place}") if place else ("", "")
        what = Text(f"{row['year']} 年的钱{zh}", f"money of {row['year']}{en}")
        options.append(Option(what, row["more"] / 1000, {}))
    name, step = source_name(context.network, source), int(context.policy["price_step"])
    what = Text(
        f"{name}：其中 {step:,} 元不受专款专用约束，目标变多少",
        f"{name}: what {step:,} yuan of it freed of the earmark would change",
    )
    reading = Text(
        f"分：目标因此增减多少；预算不变，其中至多 {step:,} 元可用于专款范围之外，全部资金重新安排",
        f"points: by how much the objective changes, the budget being the same, up to {step:,} yuan of it free for other uses, and all money planned anew",
    )
    total = Text(f"不受约束 {step:,} 元（分）", f"{step:,} yuan freed (points)")
    return [Explanation(NAME, what, options, total=total, reading=reading)]


def _sides(row: Mapping[str, Any], step: int) -> Text:
    """Of a budget's price: where a side is not for the whole step, for how much it is; and where there would be no plan."""
    zh, en = [], []
    for side, title in (("more", Text("多", "more")), ("less", Text("少", "less"))):
        yuan, no = row[f"{side}_yuan"], row[side] is None
        if yuan and (no or yuan < step):
            zh.append(f"{title.zh} {yuan:,} 元" + ("没有方案" if no else ""))
            en.append(f"{yuan:,} yuan {title.en}" + (": no plan" if no else ""))
    return Text("；".join(zh), "; ".join(en))
