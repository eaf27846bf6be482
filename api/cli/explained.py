"""Explanations on a screen: what was decided, the options beside it, the rules that bind."""

from __future__ import annotations

from collections.abc import Sequence

from api.cli.screen import print_line, print_more, print_table, with_pinyin
from api.cli.show import said, shown_value
from graph.language import Text, several
from graph.network import Network
from planner.reason import Explanation, Option
from planner.term_words import TERMS


def print_explanation(explanation: Explanation, network: Network, limit: int) -> None:
    """What was decided and the options beside it."""
    print_line(f"\n{with_pinyin(str(explanation.said), network)}")
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
        titles = {**TERMS, **explanation.titles}
        print_table("", ("", "", explanation.total, *(titles.get(t, t) for t in terms), ""), rows)
        print_more(len(explanation.options), limit)
    if explanation.reading.en:
        print_line(explanation.reading)


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
