"""``jiedui explain``: why a plan is as it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click
import cloup

from api.cli.main import Everywhere
from api.cli.otherwise import find_otherwise, print_otherwise
from api.cli.prices import print_again
from api.cli.progress import Progress
from api.cli.screen import as_word, print_json, print_line, print_more, print_table, with_pinyin
from api.cli.show import said, shown_value
from api.comparison_words import HOW
from graph.errors import UsageError
from graph.language import Text, several
from graph.network import Network
from planner.explain import explain, resolve_subject
from planner.otherwise import OTHERWISE, Otherwise
from planner.plan import Plan, read_plan
from planner.price import PRICED, Price
from planner.reason import Explanation, Option
from planner.subject import read_subject

if TYPE_CHECKING:
    from planner.budget_price import BudgetPrice

TERMS = {
    "distance": Text("距离", "distance"),
    "profile": Text("专长", "profile"),
    "need": Text("需求", "need"),
    "change": Text("变动", "change"),
    "tie": Text("既有联系", "tie"),
    "language": Text("语言", "language"),
    "industry": Text("产业", "industry"),
    "skill_language": Text("专长与语言", "skill and language"),
    "unit": Text("单位", "unit"),
    "new": Text("新派", "new posting"),
    "early": Text("过早", "early"),
    "late": Text("拖延", "late"),
    "village_early": Text("村过早", "village early"),
    "village_late": Text("村拖延", "village late"),
    "results": Text("核查结果", "results"),
    "risk": Text("风险", "risk"),
    "travel": Text("路程", "travel"),
    "need_yuan": Text("需求（元）", "need (yuan)"),
    "met_share": Text("满足率", "met"),
    "next_yuan_worth": Text("再加一元的价值", "worth of a yuan more"),
    "million_less": Text("少一步长（分）", "a step less (points)"),
    "million_more": Text("多一步长（分）", "a step more (points)"),
}
"""Terms of a cost by title; a term that is not here is shown by its name."""


@cloup.command(
    "explain", help=str(Text("为什么是这样：构成、规则、次优", "why it is so: terms, rules, the runner-up"))
)
@cloup.argument("plan")
@cloup.argument("subject")
@cloup.option(
    "--stage", "stages", multiple=True, metavar="STAGE", help=str(Text("只看这些阶段", "only these stages"))
)
@cloup.option(
    "--limit",
    type=click.IntRange(1),
    default=12,
    show_default=True,
    help=str(Text("每项最多几行", "rows each")),
)
@cloup.option("--price", is_flag=True, help=str(Text(
    "另选一个总共要多少：不选现在的（或选定所问的）再求解一次；资金来源：预算多或少一百万元，重新求解",
    "what another choice would cost in all: solve again without the present one, or with the one asked for; of a fund "
    "source: with a million yuan more and less in its budgets",
)))  # fmt: skip
@cloup.option("--instead", type=click.IntRange(0), metavar="YUAN", help=str(Text(
    "金额改为这么多元要多少（县:项目:年份、县:年份 或 来源>县:项目:年份）",
    "what this amount instead would cost, in yuan (county:programme:year, county:year, or source>county:programme:year)",
)))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
@cloup.option("--format", "form", type=click.Choice(["text", "json", "html"]), help=str(Text(
    "输出为可放进信函的文字、JSON，或可打印的一页", "as text for a letter, as JSON, or as one page to print",
)))  # fmt: skip
@cloup.option(
    "-o",
    "--out",
    "out",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help=str(Text("写到文件", "write to a file")),
)
def command(
    *,
    plan: str,
    subject: str,
    stages: tuple[str, ...],
    limit: int,
    price: bool,
    instead: int | None,
    as_json: bool,
    form: str | None,
    out: str | None,
) -> None:
    """Explain whatever can be pointed at, whether the plan has it or not; see :mod:`planner.subject`."""
    read = read_plan(plan)
    found = explain(read, subject, stages or None)
    price = price or instead is not None
    budgets = find_budgets(read, subject, stages) if price and instead is None else []
    others = find_others(read, subject, stages, instead) if price and not budgets else []
    prices = find_prices(read, subject, stages, instead, bool(others)) if price and not budgets else []
    if out is not None and form not in ("text", "html"):
        raise UsageError("-o 要与 --format text 或 html 一起用", "-o goes with --format text or html")
    if form in ("text", "html"):
        write_letter(read, found, (prices, budgets, others), form, out)
        return
    if as_json or form == "json":
        told = [e.as_dict() for e in found]
        priced = [
            *(p.as_dict() for p in prices),
            *(b.as_dict() for b in budgets),
            *(o.as_dict() for o in others),
        ]
        print_json({"explanations": told, "prices": priced} if price else told)
        return
    for _, of_stage in groupby(found, key=lambda e: e.stage):
        explained = list(of_stage)
        for explanation in explained:
            print_explanation(explanation, read.network, limit)
        print_rules(explained, read.network)
    if budgets:
        print_again(read, budgets)
    elif price:
        print_prices(prices, read.network, limit)
        print_otherwise(others, read.network, limit)
    elif any(e.stage in (*PRICED, *OTHERWISE) for e in found):
        line = f"jiedui explain {as_word(plan)} {as_word(subject)} --price"
        print_line(Text(f"\n另选一个总共要多少：{line}", f"\nwhat another choice would cost in all: {line}"))


def write_letter(
    plan: Plan,
    found: Sequence[Explanation],
    priced: tuple[Sequence[Price], Sequence[BudgetPrice], Sequence[Otherwise]],
    form: str,
    out: str | None,
) -> None:
    """The answer as text for a letter, or as a page to print, on the screen or in a file."""
    from api.letter import letter_page, letter_text
    from graph.tables.write import disk_told, write_atomically

    prices, budgets, others = priced
    sides = [
        *((p.what(plan.network), cost_words(p), p.forbidden) for p in prices),
        *((*budget_words(b), ()) for b in budgets),
    ]
    text = letter_text(plan, found, sides, others, TERMS)
    written = letter_page(plan, text, found) if form == "html" else text
    if out is None:
        click.echo(written, nl=False)
        return
    target = Path(out)
    with disk_told(target):
        write_atomically(target, lambda temporary: temporary.write_text(written, encoding="utf-8"))


def budget_words(price: BudgetPrice) -> tuple[Text, Text]:
    """A budget, and what less and more of it would change, in words."""
    no = Text("不可以", "not possible")
    less, more = (no if c is None else Text(signed(c), signed(c)) for c in (price.less, price.more))
    return Text(f"{price.year} 年预算", f"budget of {price.year}"), Text(
        f"：少 {price.less_yuan:,} 元 {less.zh}，多 {price.more_yuan:,} 元 {more.zh}（分）",
        f": {price.less_yuan:,} yuan less {less.en}, {price.more_yuan:,} yuan more {more.en} (points)",
    )


def find_budgets(plan: Plan, subject: str, stages: Sequence[str]) -> list[BudgetPrice]:
    """Solve the money again for a source's budgets, with progress told; nothing where the subject is no fund source."""
    from planner.budget_price import budget_prices

    keys = resolve_subject(plan, subject)
    sources = set(plan.network.frame("fund_sources")["id"].to_list())
    if len(keys) != 1 or keys[0] not in sources or "funds" not in (stages or plan.stages):
        return []
    with Progress(Everywhere.quiet) as progress:
        return budget_prices(plan, keys[0], progress)


def find_others(plan: Plan, subject: str, stages: Sequence[str], instead: int | None) -> list[Otherwise]:
    """Solve again with other choices for people, years, inspections and amounts."""
    return find_otherwise(plan, read_subject(plan, subject), stages or None, instead)


def find_prices(
    plan: Plan, subject: str, stages: Sequence[str], instead: int | None, others: bool
) -> list[Price]:
    """Solve again with other pairs, with progress told; nothing where the subject has other choices (``others``) and no pair."""
    from planner.price import price

    if instead is not None or (others and read_subject(plan, subject).special):
        return []
    try:
        with Progress(Everywhere.quiet) as progress:
            return price(plan, subject, stages or None, progress)
    except UsageError:
        if others:
            return []
        raise


def print_prices(prices: Sequence[Price], network: Network, limit: int) -> None:
    """What each other choice costs in all, and who else moves."""
    for price in prices:
        print_line(f"\n{with_pinyin(f'{price.what(network)}{cost_words(price)}', network)}")
        for rule in price.forbidden:
            print_line(f"  · {with_pinyin(str(rule), network)}")
        rows = [
            (
                str(HOW[how]),
                with_pinyin(network.label(supporter), network),
                with_pinyin(network.label(recipient), network),
            )
            for supporter, recipient, how in price.moves.iter_rows()
        ]
        if rows:
            print_table("", ("", Text("帮扶方", "supporter"), Text("受扶方", "recipient")), rows[:limit])
            print_more(len(rows), limit)


def cost_words(price: Price) -> Text:
    """The change of the whole objective in words."""
    if price.change is None:
        no = Text("规则不能同时成立", "the rules cannot hold together")
        late = Text("限定的工作量内没有解", "no solution within the limit of work")
        why = no if price.status == "INFEASIBLE" else late
        return Text(f"：{why.zh}", f": {why.en}")
    if price.tie and not any(c for _, c in price.parts):
        return Text("：一样好，不多花也不少花（并列）", ": just as good, at no more and no less (a tie)")
    value, parts = signed(price.change), ""
    if price.parts:
        zh = "、".join(f"{t.zh} {signed(c)}" for t, c in price.parts)
        en = ", ".join(f"{t.en} {signed(c)}" for t, c in price.parts)
        parts = str(Text(f"（{zh}）", f" ({en})"))
    least = (
        ""
        if price.least is None
        else str(
            Text(
                f"，求解到限而止，至少 {signed(price.least)}", f", cut short: at least {signed(price.least)}"
            )
        )
    )
    return Text(f"：总共 {value} 分{parts}{least}", f": {value} points in all{parts}{least}")


def signed(value: float) -> str:
    """A change in points with its sign."""
    return f"{value:+,.3f}"


def print_explanation(explanation: Explanation, network: Network, limit: int) -> None:
    """What was decided and the options beside it."""
    print_line(f"\n{with_pinyin(str(explanation.what), network)}")
    terms = list(dict.fromkeys(t for o in explanation.options for t in o.terms))
    rows = [
        (
            "✓" if o.chosen else "",
            with_pinyin(str(o.what), network),
            *_costs(o, terms, explanation.stage),
            with_pinyin(str(o.note), network),
        )
        for o in explanation.options[:limit]
    ]
    if rows:
        print_table("", ("", "", explanation.total, *(TERMS.get(t, t) for t in terms), ""), rows)
        print_more(len(explanation.options), limit)


def _costs(option: Option, terms: Sequence[str], stage: str) -> list[str]:
    """What an option costs and of what; nothing where it is not possible and so has no cost."""
    total = amount(option.total, money=stage == "funds")
    if not option.terms and not option.chosen:
        return [total if option.total else "", *("" for _ in terms)]
    return [total, *(amount(option.terms.get(t, 0), money=t.endswith("_yuan")) for t in terms)]


def amount(value: float, *, money: bool = False) -> str:
    """Points with three figures behind the point; money and large whole numbers without."""
    whole = money or abs(value) >= 100_000
    return f"{value:,.0f}" if whole and value == int(value) else f"{value:,.3f}"


def set_in(origin: dict[str, object]) -> str:
    """Where a value was set: file and line, the command line, or nowhere."""
    if not origin.get("file"):
        return str(Text("缺省", "default"))
    return f"{origin['file']}:{origin['line']}" if origin.get("line") else str(origin["file"])


def print_rules(explained: Sequence[Explanation], network: Network) -> None:
    """Rules of one stage that bind here: value, what each does here, where the value was set."""
    rules = {rule["rule"]: rule for explanation in reversed(explained) for rule in explanation.rules}
    stage, binding = explained[0].stage, len(explained[0].rules) + explained[0].elsewhere
    rows = []
    for key, rule in rules.items():
        words = " ".join(w for w in (set_in(rule["origin"]), rule["cites"]) if w)
        here = with_pinyin(said(rule["here"]), network)
        rows.append((f"{stage}.{key}", said(rule["title"]), shown_value(rule["value"]), here, words))
    if rows:
        columns = (
            Text("规则", "rule"),
            "",
            Text("值", "value"),
            Text("在此处", "here"),
            Text("出处", "set in"),
        )
        print_table(str(Text("在此处起作用的规则", "rules that bind here")), columns, rows)
    if binding > len(rows):
        left = binding - len(rows)
        print_line(
            Text(
                f"另有 {left} 条规则在别处起作用（jiedui show --rules）",
                f"{several(left, 'further rule binds', 'further rules bind')} elsewhere (jiedui show --rules)",
            )
        )
