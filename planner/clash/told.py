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


def told_of(clashes: Sequence[Text], found: Clashing | None) -> list[Text]:
    """The texts of a clash; those on rows give way to the members, where these are known.

    Rows do not show which rules left out choices, so the members are what clashes: each is told where it is tight if rows show
    that, else as it stands in the scenario. Who checked the rows is told where their rules are all members.
    """
    tight = tight_rows(clashes, found)
    if not tight or found is None:
        return list(clashes)
    lines = dict.fromkeys(tight.get(m.key, m.text) for m in found.members)
    return [*_others(clashes), *lines, _needed(found), *_checked(clashes, found)]


def told_beside(clashes: Sequence[Text], found: Clashing | None) -> list[Text]:
    """The texts of a clash whose members are listed apart: those of :func:`told_of` but for the members' own."""
    if found is None or not tight_rows(clashes, found):
        return list(clashes)
    return [*_others(clashes), *_checked(clashes, found)]


def tight_rows(clashes: Sequence[Text], found: Clashing | None) -> dict[str, Text]:
    """Rule → what rows show of it; empty where they show nothing or no members are known."""
    known = found is not None and found.members
    return {c.rule: c for c in clashes if isinstance(c, OfRows) and c.rule} if known else {}


def _others(clashes: Sequence[Text]) -> list[Text]:
    return [c for c in clashes if not isinstance(c, OfRows)]


def _checked(clashes: Sequence[Text], found: Clashing) -> list[Text]:
    """Who checked the rows, where the rules of all of them are members."""
    members = tight_rows(clashes, found).keys() <= {m.key for m in found.members}
    return [c for c in clashes if c in CHECKED.values() and members]


def _needed(found: Clashing) -> Text:
    if len(found.members) == 1:
        return BY_ITSELF
    return EACH_NEEDED if found.irreducible else PERHAPS_FEWER
