"""Which of a stage's binding rules bind here: at the subject of an explanation, and in what was chosen for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from graph.language import Text
from graph.network import Network
from planner.reason import Explanation

TERM_OF = {
    ("cadres", "skill"): "skill_language",
    ("cadres", "language"): "skill_language",
    ("cadres", "skill_weight"): "skill_language",
    ("cadres", "language_weight"): "skill_language",
    ("cadres", "own_county_weight"): "unit",
    ("cadres", "profile_weight"): "unit",
    ("cadres", "keep_weight"): "new",
}
"""Rules whose cost stands under another name in an explanation; elsewhere ``x_weight`` is the term ``x``."""
NAMED = 3
NO_ROOM = Text("没有余地", "no room left")
WORDS = {
    ("cadres", "tiers"): Text("岗位有空缺", "posts are open"),
    ("designation", "deep_poverty_strength"): Text("已到下限", "at its minimum"),
    **{
        ("exit", f"pledge_{what}"): Text("没有达到，或刚好达到", "not met, or just met")
        for what in ("counties", "villages", "persons")
    },
}
"""Rules whose places, where no side is told of them, stand for something else than that no room is left."""


def with_rules(
    network: Network, explanation: Explanation, keys: Sequence[str], rules: Sequence[Mapping[str, Any]]
) -> Explanation:
    """The explanation with those of the stage's binding rules that bind here, each told by what it does here.

    A rule binds here where it leaves no room at the subject, at a place above or below it or at a chosen
    partner; where it stands in the way of an option; or where its term is in the cost of an option.
    """
    found = []
    around = _Around(network, explanation, keys)
    for rule in rules:
        here = _here(network, explanation, around, rule)
        if here is not None:
            found.append(
                {k: v for k, v in rule.items() if k not in ("at", "sides")} | {"here": here.as_dict()}
            )
    return replace(explanation, rules=tuple(found), elsewhere=len(rules) - len(found))


class _Around:
    """The places around a subject.

    Parameters
    ----------
    network : Network
    explanation : Explanation
    keys : sequence of str
        Ids of the subject.
    """

    def __init__(self, network: Network, explanation: Explanation, keys: Sequence[str]) -> None:
        self.own = {place for key in keys for place in (key, *network.ancestors(key))}
        self.partners = {i for o in explanation.options if o.chosen for i in o.about}
        self.all = self.own | self.partners | {up for p in self.partners for up in network.ancestors(p)}
        self._network, self._keys = network, keys

    @cached_property
    def near(self) -> set[str]:
        """The subject, places above and below it, and the chosen partners."""
        below = [self._network.within(key) for key in self._keys]
        return self.own.union(self.partners, *below)

    def touched_by(self, parts: list[str]) -> bool:
        """Whether an id, or the two of ``a>b``, is about the subject."""
        if len(parts) > 1:
            return set(parts) <= self.all and not self.own.isdisjoint(parts)
        return parts[0] in self.near


def _here(
    network: Network, explanation: Explanation, around: _Around, rule: Mapping[str, Any]
) -> Text | None:
    """What a rule does here; ``None`` where it does nothing."""
    key = rule["rule"]
    if key in explanation.by:
        return Text("由它决定", "decides it")
    barred = [o.what for o in explanation.options if key in o.rules and not o.chosen]
    if barred:
        zh, en = "、".join(b.zh for b in barred[:NAMED]), ", ".join(b.en for b in barred[:NAMED])
        return Text(f"挡住：{zh}{_more(barred)}", f"in the way of: {en}{_more(barred)}")
    if any(key in o.rules for o in explanation.options):
        return Text("由它决定", "decides it")
    term = TERM_OF.get((explanation.stage, key)) or (
        key.removesuffix("_weight") if key.endswith("_weight") else ""
    )
    if term and (explanation.options or rule["at"] is not None):
        return _priced(explanation, term)
    if rule["at"] is None:  # a plan of a time when plans did not tell where: it may bind here
        return Text(rule["tightest"]["zh"], rule["tightest"]["en"])
    return _tight(network, around, rule, WORDS.get((explanation.stage, key), NO_ROOM))


def only_weighs(explanation: Explanation, key: str) -> bool:
    """Whether a rule neither decides here nor stands in the way, and its part in the points is all that it does."""
    named = key in explanation.by or any(key in o.rules for o in explanation.options)
    return not named and (key.endswith("_weight") or (explanation.stage, key) in TERM_OF)


def _priced(explanation: Explanation, term: str) -> Text | None:
    """A weight: its term in what was chosen, where any option has it."""
    if not any(o.terms.get(term) for o in explanation.options):
        return None
    if not any(o.chosen for o in explanation.options):
        return Text("算在各选项的成本里", "counts in the cost of each choice")
    value = sum(o.terms.get(term, 0.0) for o in explanation.options if o.chosen)
    return Text(f"所选之中占 {value:,.3f}", f"{value:,.3f} of what was chosen")


def _tight(network: Network, around: _Around, rule: Mapping[str, Any], plain: Text) -> Text | None:
    """A limit: the places, units or sources around the subject at which it leaves no room, and which side of it does not; else ``plain``."""
    hits = [i for i in rule["at"] if around.touched_by(i.split(">"))]
    sides, told = rule.get("sides", {}), []
    for side in ("least", "most", "both", ""):
        mine = [i for i in hits if sides.get(i, "") == side]
        if not mine:
            continue
        names = [" → ".join(_label(network, part) for part in i.split(">")) for i in mine[:NAMED]]
        zh, en = "、".join(names), ", ".join(names)
        words = _side(side, rule.get("value")) if side else plain
        told.append(Text(f"{words.zh}：{zh}{_more(mine)}", f"{words.en}: {en}{_more(mine)}"))
    return Text("；".join(t.zh for t in told), "; ".join(t.en for t in told)) if told else None


def _side(side: str, value: Any) -> Text:
    """Which side of a rule leaves no room; with its number where the rule's ``value`` is a least and a most."""
    if side == "both":
        return (
            Text(f"上下限都是 {value[0]:g}", f"exactly {value[0]:g}")
            if _is_range(value)
            else Text("上下限相同", "its minimum is its maximum")
        )
    number = f"{value[side == 'most']:g}" if _is_range(value) else ""
    zh, en = (f" {number}", f" of {number}") if number else ("", "")
    if side == "least":
        return Text(f"已到下限{zh}", f"at its minimum{en}")
    return Text(f"已到上限{zh}", f"at its maximum{en}")


def _is_range(value: Any) -> bool:
    return (
        isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(v, int | float) for v in value)
    )


def _label(network: Network, code: str) -> str:
    if code in network.names:
        return network.label(code)
    sources = network.frame("fund_sources")
    return dict(sources.select("id", "name").iter_rows()).get(code) or code


def _more(found: Sequence[object]) -> str:
    return f" …(+{len(found) - NAMED})" if len(found) > NAMED else ""
