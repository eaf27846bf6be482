"""The words of a clash: its members alone, with what the rows of a model show of each."""

from __future__ import annotations

from collections.abc import Sequence

from graph.language import Text
from planner.clash.smallest import Clashing
from planner.stages.words import CHECKED, OfRows

EACH_NEEDED = Text(
    "去掉其中任何一条，其余即可同时成立", "without any one of these the others can hold together"
)
BY_ITSELF = Text("这一条自身就不能成立", "this one cannot hold by itself")
PERHAPS_FEWER = Text(
    "限定的工作量内未能确认每一条都必不可少",
    "whether each of these is needed was not settled within the limit",
)


def told_of(
    clashes: Sequence[Text], found: Clashing | None, needed: Sequence[Text] | None = None
) -> list[Text]:
    """The texts of a clash; those on rows give way to the members, where these are known.

    Rows do not show which rules left out choices, so the members are what clashes: each is told where it is tight if rows show
    that, else as it stands in the scenario. Who checked the rows is told where their rules are all members.
    ``needed``: what is said of all members together, by default that each of them is needed.
    """
    rows = {c.rule: c for c in clashes if isinstance(c, OfRows) and c.rule}
    if not rows or found is None or not found.members:
        return list(clashes)
    keys = {m.key for m in found.members}
    lines = dict.fromkeys(rows.get(m.key, m.text) for m in found.members)
    checked = [c for c in clashes if c in CHECKED.values() and rows.keys() <= keys]
    others = [c for c in clashes if not isinstance(c, OfRows)]
    said = [_needed(found)] if needed is None else needed
    return [*others, *lines, *said, *checked]


def _needed(found: Clashing) -> Text:
    if len(found.members) == 1:
        return BY_ITSELF
    return EACH_NEEDED if found.irreducible else PERHAPS_FEWER
