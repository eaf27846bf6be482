"""Explanations on a screen: what was decided, the options beside it, the rules that bind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.cli.screen import print_line, print_more, print_table, with_pinyin
from api.cli.show import said, shown_value
from graph.language import Text, several
from graph.network import Network
from planner.reason import Explanation, Option
from planner.term_words import TERMS

MOST_TOLD = 3
"""Things that a rule does, in several explanations, that are told at most."""


def print_explanation(explanation: Explanation, network: Network, limit: int) -> None:
    """What was decided and the options beside it."""
    print_line(f"\n{with_pinyin(str(explanation.said), network)}")
    terms = list(dict.fromkeys(t for o in explanation.options for t in o.terms))
    rows = [
        (
            "✓" if o.chosen else "",
            with_pinyin(str(o.what), network),
            *_costs(o, terms, explanation),
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


def _costs(option: Option, terms: Sequence[str], explanation: Explanation) -> list[str]:
    """What an option costs and of what; nothing where it is not possible and so has no cost, and where a price is not known."""
    total = "" if option.total is None else amount(option.total, money=explanation.stage == "funds")
    if not option.terms and not option.chosen:
        return [total if option.total else "", *("" for _ in terms)]
    told = [option.terms.get(t, None if t in explanation.titles else 0.0) for t in terms]
    return [
        total,
        *(
            "" if v is None else amount(v, money=t.endswith("_yuan"))
            for t, v in zip(terms, told, strict=True)
        ),
    ]


def amount(value: float, *, money: bool = False) -> str:
    """Points with three figures behind the point; money and large whole numbers without."""
    whole = money or abs(value) >= 100_000
    return f"{value:,.0f}" if whole and value == int(value) else f"{value:,.3f}"


def set_in(origin: dict[str, object]) -> str:
    """Where a value was set: file and line, the command line, or nowhere."""
    if not origin.get("file"):
        return str(Text("缺省", "default"))
    return f"{origin['file']}:{origin['line']}" if origin.get("line") else str(origin["file"])


def together(told: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What a rule does in several explanations, each thing once: the names after like words in one list, the first few."""
    return {
        language: _joined([one[language] for one in told], *marks)
        for language, marks in (("zh", ("：", "、", "；")), ("en", (": ", ", ", "; ")))
    }


def _joined(told: Sequence[str], colon: str, comma: str, semicolon: str) -> str:
    named: dict[str, list[str]] = {}
    for one in told:
        words, _, names = one.partition(colon)
        named.setdefault(words, []).extend(names.split(comma))
    lists = {words: list(dict.fromkeys(filter(None, names))) for words, names in named.items()}
    parts = [f"{w}{colon}{comma.join(names)}" if names else w for w, names in lists.items()]
    rest = len(parts) - MOST_TOLD
    return semicolon.join(parts[:MOST_TOLD]) + (f" …(+{rest})" if rest > 0 else "")


def print_rules(explained: Sequence[Explanation], network: Network) -> None:
    """Rules of one stage that bind here: value, what each does here, where the value was set."""
    rules = {rule["rule"]: rule for explanation in reversed(explained) for rule in explanation.rules}
    here = {
        key: [r["here"] for e in explained for r in e.rules if r["rule"] == key] for key in rules
    }  # an explanation tells of its own part alone
    stage, binding = explained[0].stage, len(explained[0].rules) + explained[0].elsewhere
    rows = []
    for key, rule in rules.items():
        words = " ".join(w for w in (set_in(rule["origin"]), rule["cites"]) if w)
        does = with_pinyin(said(together(here[key])), network)
        rows.append((f"{stage}.{key}", said(rule["title"]), shown_value(rule["value"]), does, words))
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
