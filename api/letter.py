"""An explanation as plain text that can go into a letter, and as one page to print, with a small picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from api.cli.otherwise import cut_words
from api.letter_words import (
    MONEY,
    cited,
    figure,
    heading,
    notes,
    option_words,
    other_words,
    plain,
    without_keys,
)
from api.page import rendered
from graph.language import Text
from planner.here import only_weighs
from planner.otherwise import Otherwise
from planner.plan import Plan
from planner.reason import Explanation, Option

OTHERS = 3
"""Options beside the chosen one that are told."""
BARS, ROW = 12, 44
"""Most bars of a picture, and the height of one with its words above it, in pixels."""
HEADING = re.compile(r"【.*】|— .* —")


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
    from api.cli.screen import all_with_pinyin

    lines, before = list[str](), ""
    several = len({e.stage for e in explained}) > 1
    for one in explained:
        if several and one.stage != before:
            title = plan.stages[one.stage]["title"]
            lines.append(heading(Text(title["zh"], title["en"])))
        lines += [*_paragraph(one, terms), ""]
        before = one.stage
    asked = [f"{what}{cost}" for what, cost in priced]
    asked += [line for other in others for line in other_words(plan, other)]
    asked += [f"{line}{Text('。', '.')}" for line in cut_words(others)]
    lines += [*asked, ""] if asked else []
    lines = all_with_pinyin(plain(plan, lines, explained), plan.network, once=True)
    return sealed(plan, [*lines, *notes(plan, explained)], blank=False)


def sealed(plan: Plan, lines: Sequence[str], *, blank: bool = True) -> str:
    """Lines as one text, without the keys of rules, and with the plan that they rest on below, after a ``blank`` line."""
    title, on = plan.head["title"], plan.head["inputs"]["date"]
    by = Text(f"依据方案 {plan.id}，基准日 {on}。场景：{title['zh']}。",
              f"According to plan {plan.id}, as of {on}. Scenario: {title['en']}.")  # fmt: skip
    return "\n".join([*map(without_keys, lines), *([""] if blank else []), str(by), ""]).lstrip("\n")


def _paragraph(one: Explanation, terms: Mapping[str, Text]) -> list[str]:
    chosen = [o for o in one.options if o.chosen]
    beside = [o for o in one.options if not o.chosen][:OTHERS]
    budgets = one.stage == MONEY and not chosen
    lines = [f"{one.what}{Text('。', '.')}"]
    lines += [f"{one.sentence}{Text('。', '.')}"] if one.why.en else []
    lines += [f"  {option_words(one, o, terms)}" for o in chosen]
    if beside and not budgets:
        lines.append(str(_considered(one, len(beside))))
    lines += [f"  {option_words(one, o, terms)}" for o in beside]
    rules = [r for r in one.rules if not only_weighs(one, r["rule"])]
    if rules and not budgets:
        lines.append(str(Text("在此处起作用的规定：", "Rules that apply here:")))
        lines += [f"  {_rule(rule)}" for rule in rules]
    return lines


def _considered(one: Explanation, told: int) -> Text:
    """The line above other options, with how many there are where only some are told."""
    of = max(one.others, sum(not o.chosen for o in one.options))
    if of <= told:
        return Text("也考虑过：", "Also considered:")
    return Text(f"也考虑过（共 {of:,} 个，列出 {told} 个）：", f"Also considered ({told} of {of:,}):")


def _rule(rule: Mapping[str, Any]) -> str:
    title, here = (str(Text(**rule[k])) for k in ("title", "here"))
    return f"{cited(title, rule['cites'])}{Text('——', ' – ')}{here}{Text('。', '.')}"


def letter_page(plan: Plan, text: str, explained: Sequence[Explanation]) -> str:
    """One page of HTML with the text and a bar for each option; everything that comes from data is escaped."""
    pictures = [bars for one in explained if (bars := _bars(plan, one))]
    title = plain(plan, [str(explained[0].what)], explained)[0] if explained else text.split("\n", 1)[0]
    return rendered("letter.html.j2", title=title, blocks=_blocks(text), pictures=pictures, row=ROW)


def _blocks(text: str) -> list[tuple[str, list[str]]]:
    """A letter's lines by what they are: ``heading``, ``answer`` (a paragraph's first line), ``line``, ``items``, ``end`` (the last paragraph)."""
    *paragraphs, last = text.strip("\n").split("\n\n")
    found: list[tuple[str, list[str]]] = []
    for paragraph in paragraphs:
        kind = "answer"
        for line in paragraph.splitlines():
            if line.startswith("  ") and found and found[-1][0] == "items":
                found[-1][1].append(line.strip(" ·"))
            elif line.startswith("  "):
                found.append(("items", [line.strip(" ·")]))
            elif HEADING.fullmatch(line):
                found.append(("heading", [line.strip("【】— ")]))
            else:
                found.append((kind, [line]))
                kind = "line"
    return [*found, ("end", last.splitlines())]


def _bars(plan: Plan, one: Explanation) -> dict[str, Any]:
    """Options as bars: the chosen ones first; nothing where no option costs anything, or where budgets are priced."""
    chosen = [o for o in one.options if o.chosen]
    beside = [o for o in one.options if not o.chosen and not (o.rules and not o.total)][: 2 * OTHERS]
    if one.stage == MONEY and not chosen:
        return {}
    options = [*chosen[: BARS - len(beside)], *beside]
    most = max((o.total or 0.0 for o in options), default=0.0)
    if most <= 0:
        return {}
    title, *named = plain(plan, [str(one.what), *(str(o.what) for o in options)], [one])
    unit = one.total if one.stage == MONEY else Text(f"{one.total.zh}（分）", f"{one.total.en} (points)")
    return {"title": title, "unit": str(unit), "bars": [_bar(o, w, most) for o, w in zip(options, named, strict=True)],
            "left": len(chosen) + len(beside) - len(options), "beside": len(beside), "chosen": len(chosen), "height": ROW * len(options)}  # fmt: skip


def _bar(option: Option, what: str, most: float) -> dict[str, Any]:
    """A bar's words, its figure, and its width in per cent of the picture's."""
    return {"what": what, "total": "" if option.total is None else figure(option.total), "chosen": option.chosen,
            "width": round(100 * max(option.total or 0.0, 0) / most, 2)}  # fmt: skip
