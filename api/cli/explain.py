"""``jiedui explain``: why a plan is as it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import click
import cloup

from api.cli.screen import print_json, print_line, print_more, print_table, with_pinyin
from api.cli.show import said, shown_value
from graph.language import Text
from graph.network import Network
from planner.explain import explain
from planner.plan import read_plan
from planner.reason import Explanation

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
    "risk": Text("风险", "risk"),
    "travel": Text("路程", "travel"),
    "need_yuan": Text("需求（元）", "need (yuan)"),
    "met_share": Text("满足率", "met"),
    "next_yuan_worth": Text("再加一元的价值", "worth of a yuan more"),
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
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, plan: str, subject: str, stages: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Explain a region, unit, cadre, village, team, fund source, or ``supporter>recipient``."""
    read = read_plan(plan)
    found = explain(read, subject, stages or None)
    if as_json:
        print_json([e.as_dict() for e in found])
        return
    for _, of_stage in groupby(found, key=lambda e: e.stage):
        explained = list(of_stage)
        for explanation in explained:
            print_explanation(explanation, read.network, limit)
        print_rules(explained, read.network)


def print_explanation(explanation: Explanation, network: Network, limit: int) -> None:
    """What was decided and the options beside it."""
    print_line(f"\n{with_pinyin(str(explanation.what), network)}")
    terms = list(dict.fromkeys(t for o in explanation.options for t in o.terms))
    rows = [
        (
            "✓" if o.chosen else "",
            with_pinyin(str(o.what), network),
            amount(o.total),
            *(amount(o.terms.get(t, 0)) for t in terms),
            with_pinyin(str(o.note), network),
        )
        for o in explanation.options[:limit]
    ]
    if rows:
        print_table("", ("", "", explanation.total, *(TERMS.get(t, t) for t in terms), ""), rows)
        print_more(len(explanation.options), limit)


def amount(value: float) -> str:
    """Points with three figures behind the point; yuan and other large whole numbers without."""
    return f"{value:,.0f}" if abs(value) >= 100_000 and value == int(value) else f"{value:,.3f}"


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
                f"{left} further rules bind elsewhere (jiedui show --rules)",
            )
        )
