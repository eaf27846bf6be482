"""An explanation as plain text that can go into a letter, and as one page to print, with a small picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.cli.otherwise import price_words
from api.page import rendered
from graph.language import Text
from planner.otherwise import Otherwise
from planner.plan import Plan
from planner.reason import Explanation, Option

OTHERS = 3
"""Options beside the chosen one that are told."""
WIDE, ROW = 420, 26
"""Width of the longest bar and height of a row, in pixels."""


def letter_text(
    plan: Plan,
    explained: Sequence[Explanation],
    priced: Sequence[tuple[Text, Text]],
    others: Sequence[Otherwise],
    terms: Mapping[str, Text],
) -> str:
    """The answer in plain sentences, in the language in force.

    Parameters
    ----------
    plan : Plan
    explained : sequence of Explanation
    priced : sequence of (Text, Text)
        Another budget, and what it changes, in words.
    others : sequence of Otherwise
    terms : mapping of str to Text
        Titles of the terms of a cost.
    """
    lines: list[str] = []
    for one in explained:
        lines += [*_paragraph(one, terms), ""]
    lines += [f"{what}{cost}" for what, cost in priced]
    for other in others:
        lines.append(f"{other.what}{price_words(other)}")
        lines += [f"  - {rule}" for rule in other.forbidden]
        lines += [f"  - {m.who}: {m.before or '—'} → {m.after or '—'}" for m in other.moves]
    return sealed(plan, lines)


def sealed(plan: Plan, lines: Sequence[str]) -> str:
    """Lines as one text, with the plan that they rest on below."""
    by = Text(f"依据方案 {plan.id}，基准日 {plan.head['inputs']['date']}。",
              f"According to plan {plan.id}, as of {plan.head['inputs']['date']}.")  # fmt: skip
    return "\n".join([*lines, "", str(by), ""]).lstrip("\n")


def _paragraph(one: Explanation, terms: Mapping[str, Text]) -> list[str]:
    stop, semi = Text("。", "."), Text("；", "; ")
    chosen = [o for o in one.options if o.chosen]
    beside = [o for o in one.options if not o.chosen][:OTHERS]
    lines = [f"{one.what}{stop}"]
    lines += [f"  {o.what}: {one.total} {_number(o.total)}{_made_of(o, terms)}{stop}" for o in chosen]
    if beside:
        lines.append(str(Text("也考虑过：", "Also considered:")))
    for option in beside:
        note = f"{semi}{option.note}" if str(option.note) else ""
        priced = "" if option.rules and not option.total else f": {one.total} {_number(option.total)}"
        lines.append(f"  {option.what}{priced}{_made_of(option, terms)}{note}{stop}")
    if one.rules:
        lines.append(str(Text("在此处起作用的规定：", "Rules that apply here:")))
    for rule in one.rules:
        title, here = (str(Text(**rule[k])) for k in ("title", "here"))
        cited = f" ({rule['cites']})" if rule["cites"] else ""
        lines.append(f"  {title}{cited}: {here}{stop}")
    return lines


def _made_of(option: Option, terms: Mapping[str, Text]) -> str:
    parts = [f"{terms.get(k, k)} {_number(v)}" for k, v in option.terms.items() if v]
    return f" ({', '.join(parts)})" if parts else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100_000 and value == int(value) else f"{value:,.3f}"


def letter_page(plan: Plan, text: str, explained: Sequence[Explanation]) -> str:
    """One page of HTML with the text and a bar for each option; everything that comes from data is escaped."""
    pictures = [bars for one in explained if (bars := _bars(one))]
    title = str(explained[0].what) if explained else plan.id
    return rendered("letter.html.j2", title=title, text=text, pictures=pictures, row=ROW, wide=WIDE)


def _bars(one: Explanation) -> dict[str, Any]:
    """Options as bars: the chosen ones first; nothing where no option costs anything."""
    options = sorted(one.options, key=lambda o: not o.chosen)[: 1 + 2 * OTHERS]
    most = max((o.total for o in options), default=0.0)
    if most <= 0:
        return {}
    bars = [
        {"what": str(o.what), "total": _number(o.total), "chosen": o.chosen, "width": round(WIDE * max(o.total, 0) / most)}
        for o in options
    ]  # fmt: skip
    return {"title": str(one.what), "bars": bars, "height": ROW * 2 * len(bars)}
