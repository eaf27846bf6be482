"""Small wordings that every stage uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.language import Text
from graph.network import Network
from planner.policy import Policy, Setting, as_written
from planner.solve.task import Answer
from planner.stage import Context, Stage


def name_list(network: Network, codes: Sequence[str], most: int = 5) -> Text:
    """Names of the first few places or units, and how many more there are."""
    shown, rest = [network.label(c) for c in codes[:most]], len(codes) - most
    more = f" …(+{rest})" if rest > 0 else ""
    return Text("、".join(shown) + more, ", ".join(shown) + more)


def fewer_than(least: int, one: str, many: str) -> str:
    """``no unit``, ``fewer than 2 units``."""
    return f"no {one}" if least == 1 else f"fewer than {least} {many}"


def rules_said(stage: str, rules: Sequence[str], settings: Sequence[Setting]) -> Text:
    """Rules by their titles, each with its key."""
    titles = {s.key: s.title for s in settings}
    told = [titles.get(rule, Text(rule, rule)) for rule in rules]
    keyed = list(zip(told, rules, strict=True))
    return Text(
        "、".join(f"{title.zh}（{stage}.{rule}）" for title, rule in keyed),
        ", ".join(f"{title.en} ({stage}.{rule})" for title, rule in keyed),
    )


class Clash(Text):
    """What cannot hold (``what``), and the ``rules`` whose values would have to give."""

    what: Text
    rules: tuple[str, ...]


def clash(what: Text, *rules: str) -> Text:
    """What cannot hold, and the rules whose values would have to give."""
    listed = ", ".join(rules)
    found = Clash(f"{what.zh}（规则：{listed}）", f"{what.en} (rules: {listed})")
    found.what, found.rules = what, rules
    return found


class Uncounted(Text):
    """What counting ahead cannot tell, or need not: no clash, but to be said."""


def of_rules_in_force(told: Text, policy: Policy) -> Text:
    """A clash that names only rules that are on: one that is off cannot give."""
    if not isinstance(told, Clash):
        return told
    there = [r for r in told.rules if r not in policy.values or policy.on(r)]
    return clash(told.what, *there) if there else told


class OfRows(Text):
    """A line on what the rows of a model show: of the ``rule``, or of all of them where that is empty."""

    rule: str


def of_rows(told: Text, rule: str = "") -> OfRows:
    """The text as one on rows."""
    found = OfRows(told.zh, told.en)
    found.rule = rule
    return found


def conflict_words(stage: Stage, built: Any, context: Context, answer: Answer) -> list[Text]:
    """One line per rule whose rows cannot hold together: title, key, value and where it is tight.

    A rule that leaves out choices instead of having rows is not seen here, so none is called needed; which members clash, and
    whether each is needed, is known to :mod:`planner.clash.told`.

    ``built`` has the ``model``, and may have ``places(rule, rows) -> Text``, which names what the clashing rows stand for;
    ``answer`` is that of the engine ``conflict``. Who besides the solver found that the rows clash is always said.
    """
    rules, rows = [built.model.rules[int(r)] for r in answer.arrays["rules"]], answer.arrays["rows"]
    by_key = {s.key: s for s in stage.settings}
    found: list[Text] = []
    for rule in rules:
        setting = by_key.get(rule)
        title = setting.title if setting else Text(rule, rule)
        value = as_written(context.policy.values.get(rule, ""))
        here = built.places(rule, rows) if hasattr(built, "places") else Text("", "")
        told = Text(
            f"{title.zh}（{stage.name}.{rule} = {value}）" + (f"：{here.zh}" if here.zh else ""),
            f"{title.en} ({stage.name}.{rule} = {value})" + (f": {here.en}" if here.en else ""),
        )
        found.append(of_rows(told, rule))
    more = PERHAPS_MORE if answer.facts["irreducible"] else PERHAPS_OTHERS
    return [*found, of_rows(more), of_rows(CHECKED[answer.facts["checked"]])]


PERHAPS_MORE = Text("排除选项的其他规则也可能有份", "rules that leave out choices may have a part in it, too")
PERHAPS_OTHERS = Text(
    "限定的工作量内未能确认每一条都必不可少；排除选项的其他规则也可能有份",
    "whether each of these is needed was not settled within the limit; rules that leave out choices may have a part in it, too",
)
CHECKED = {
    "rows": Text("已复核（只用加法，不靠求解器）：把这些规则要求的数目加起来，比它们容许的还多，所以余下的选项中没有一种能同时合乎它们",
                 "checked without the solver, by adding up: what these rules demand comes to more than what they allow, so that no choice that is left keeps them all"),
    "second": Text("已复核：另一个求解器（SCIP）也判定它们不能同时成立", "checked: SCIP, a second solver, finds as well that they cannot hold together"),
    "": Text("只有一个求解器（HiGHS）这样判定，未能另行证实", "this is the word of one solver (HiGHS), which nothing else could confirm"),
}  # fmt: skip
"""Who besides the solver found that rules clash."""
HOW_KNOWN = (PERHAPS_MORE, PERHAPS_OTHERS, *CHECKED.values())
"""What is said of a clash beside its rules: how it is known."""
