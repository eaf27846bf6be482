"""Small wordings that every stage uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.language import Text
from graph.network import Network
from planner.policy import Policy, as_written
from planner.solve.task import Answer
from planner.stage import Context, Stage


def name_list(network: Network, codes: Sequence[str], most: int = 5) -> Text:
    """Names of the first few places or units, and how many more there are."""
    shown, rest = [network.label(c) for c in codes[:most]], len(codes) - most
    more = f" …(+{rest})" if rest > 0 else ""
    return Text("、".join(shown) + more, ", ".join(shown) + more)


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


def of_rules_in_force(told: Text, policy: Policy) -> Text:
    """A clash that names only rules that are on: one that is off cannot give."""
    if not isinstance(told, Clash):
        return told
    there = [r for r in told.rules if r not in policy.values or policy.on(r)]
    return clash(told.what, *there) if there else told


def conflict_words(stage: Stage, built: Any, context: Context, answer: Answer) -> list[Text]:
    """One line per rule of a set that cannot hold together: title, key, value and where it is tight.

    ``built`` has the ``model``, and may have ``places(rule, rows) -> Text``, which names what the clashing rows stand for;
    ``answer`` is that of the engine ``conflict``. Whether each of the rules is needed is said only where it is known; who
    besides the solver found that they clash, always.
    """
    rules, rows = [built.model.rules[int(r)] for r in answer.arrays["rules"]], answer.arrays["rows"]
    by_key = {s.key: s for s in stage.settings}
    found = []
    for rule in rules:
        setting = by_key.get(rule)
        title = setting.title if setting else Text(rule, rule)
        value = as_written(context.policy.values.get(rule, ""))
        here = built.places(rule, rows) if hasattr(built, "places") else Text("", "")
        found.append(Text(
            f"{title.zh}（{stage.name}.{rule} = {value}）" + (f"：{here.zh}" if here.zh else ""),
            f"{title.en} ({stage.name}.{rule} = {value})" + (f": {here.en}" if here.en else ""),
        ))  # fmt: skip
    if len(found) > 1:
        found.append(EACH_NEEDED if answer.facts["irreducible"] else PERHAPS_FEWER)
    return [*found, CHECKED[answer.facts["checked"]]]


EACH_NEEDED = Text(
    "去掉其中任何一条，其余即可同时成立", "without any one of these the others can hold together"
)
PERHAPS_FEWER = Text(
    "限定的工作量内未能确认每一条都必不可少",
    "whether each of these is needed was not settled within the limit",
)
CHECKED = {
    "rows": Text("已复核：这些规则的式子按乘子相加即自相矛盾（不用求解器）",
                 "checked without the solver: their rows, weighed and added up, contradict each other"),
    "second": Text("已复核：另一个求解器（SCIP）也判定它们不能同时成立", "checked: SCIP, a second solver, finds as well that they cannot hold together"),
    "": Text("只有一个求解器（HiGHS）这样判定，未能另行证实", "this is the word of one solver (HiGHS), which nothing else could confirm"),
}  # fmt: skip
"""Who besides the solver found that rules clash."""
