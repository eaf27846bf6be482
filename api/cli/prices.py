"""Prices of a million yuan on a screen: the most valuable ones, the whole table, and those solved again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from api.cli.screen import print_line, print_more, print_table, with_pinyin
from graph.errors import UsageError
from graph.language import Text
from planner.plan import Plan
from planner.price_words import PriceWords

if TYPE_CHECKING:
    from planner.budget_price import BudgetPrice


def print_best(plan: Plan) -> None:
    """The most valuable extra million yuan of each stage that tells prices, or why there are none."""
    for head in plan.stages.values():
        told = head["details"].get("prices") if "details" in head else None
        if not told:  # other stages, and plans of older versions
            continue
        if "why_not" in told:
            why = Text(told["why_not"]["zh"], told["why_not"]["en"])
            print_line(Text(f"\n没有价：{why.zh}", f"\nno prices: {why.en}"))
            continue
        _print_rows(plan, told)


def _print_rows(plan: Plan, told: Mapping[str, Any]) -> None:
    step, what = f"{told['step']:,}", PriceWords(plan)
    rows = [
        (with_pinyin(str(what(row)), plan.network), in_points(row["less"]), in_points(row["more"]), _equals(row))
        for row in told["best"]
    ]  # fmt: skip
    capped = any((row["more_yuan"] or 0) < told["step"] for row in told["best"])
    most = Text("至多", "up to ") if capped else Text("", "")
    title = Text(
        f"多{most.zh} {step} 元最值钱之处（分）", f"where {most.en}{step} yuan more are worth most (points)"
    )
    if not rows:
        print_line(
            Text(f"\n多 {step} 元在任何地方都没有用", f"\n{step} yuan more would be of no use anywhere")
        )
        return
    columns = ("", Text("少则", "less"), Text("多则", "more"), Text("同值的另有", "others alike"))
    print_table(f"\n{title}", columns, rows)
    if told["unknown"]:
        print_line(Text(f"{told['unknown']:,} 个价超出限定的工作量，没有算", f"{told['unknown']:,} prices are beyond the limit of work"))  # fmt: skip


def in_points(change: int | None) -> str:
    """A change of the objective, in thousandths, as points with a sign."""
    return "–" if change is None else f"{change / 1000:+,.3f}" if change else "0"


def _equals(row: Mapping[str, Any]) -> str:
    return f"{row['equals']:,}" if row["equals"] else ""


def price_table(plan: Plan, stage: str = "funds") -> Any:
    """The table of prices of a stage.

    Raises
    ------
    UsageError
        When the plan has none; the reason is told where it is known.
    """
    found = plan.tables("prices").get(stage)
    if found is not None:
        return found
    why = plan.stages.get(stage, {}).get("details", {}).get("prices", {}).get("why_not", {"zh": "", "en": ""})
    zh, en = (f"：{why['zh']}", f": {why['en']}") if why["zh"] else ("", "")
    raise UsageError(f"方案没有价{zh}", f"the plan has no prices{en}")


def print_price_table(plan: Plan, limit: int) -> None:
    """Rows of the table, as it stands."""
    frame, what = price_table(plan), PriceWords(plan)
    rows = [
        (with_pinyin(str(what(r)), plan.network), in_points(r["less"]), _yuan(r["less_yuan"]), in_points(r["more"]),
         _yuan(r["more_yuan"]))
        for r in frame.head(limit).iter_rows(named=True)
    ]  # fmt: skip
    columns = (
        "",
        Text("少则（分）", "less (points)"),
        Text("元", "yuan"),
        Text("多则（分）", "more (points)"),
        Text("元", "yuan"),
    )
    print_table(str(Text("价", "prices")), columns, rows)
    print_more(frame.height, limit)


def _yuan(amount: int | None) -> str:
    return "–" if amount is None else f"{amount:,}"


def print_again(plan: Plan, found: Sequence[BudgetPrice]) -> None:
    """Budgets of a source, solved again with a step less and with one more."""
    rows = [
        (str(p.year), _again(p.less), _yuan(p.less_yuan), _again(p.more), _yuan(p.more_yuan),
         str(Text("与方案的表相同", "as in the plan's table")) if p.kept else "")
        for p in found
    ]  # fmt: skip
    names = dict(plan.network.frame("fund_sources").select("id", "name").iter_rows())
    name = with_pinyin(names.get(found[0].source) or found[0].source, plan.network)
    columns = (Text("年份", "year"), Text("少则（分）", "less (points)"), Text("元", "yuan"),
               Text("多则（分）", "more (points)"), Text("元", "yuan"), "")  # fmt: skip
    print_table(
        f"\n{name}{Text('：预算多或少，重新规划', ': budgets more or less, solved again')}", columns, rows
    )
    for price in found:
        for title, forbidden in (
            (Text("少", "less"), price.less_forbidden),
            (Text("多", "more"), price.more_forbidden),
        ):
            for rule in forbidden:
                why = Text(
                    f"{price.year} 年{title.zh}则没有方案：{rule.zh}",
                    f"{price.year}, {title.en}, no plan: {rule.en}",
                )
                print_line(f"  · {with_pinyin(str(why), plan.network)}")


def _again(change: float | None) -> str:
    return str(Text("没有方案", "no plan")) if change is None else signed(change)


def signed(value: float) -> str:
    """A change in points with its sign."""
    return f"{value:+,.3f}"
