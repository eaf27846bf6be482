"""The words of a clash: its members alone, with what the rows of a model show of each."""

from __future__ import annotations

from collections.abc import Sequence

from graph.language import Text
from planner.clash.members import Member
from planner.clash.smallest import Clashing
from planner.stages.words import CHECKED, Clash, OfRows, clash

EACH_NEEDED = Text(
    "去掉其中任何一条，其余即可同时成立", "without any one of these the others can hold together"
)
EACH_NEEDED_ALONE = Text(
    f"本阶段其余规则都关掉时，{EACH_NEEDED.zh}", f"{EACH_NEEDED.en}, every other rule of the stage being off"
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
    that, else as it stands in the scenario. Who checked the rows is told where their rules are all members. What counting tells
    names the members alone, where these are among its rules.
    ``needed``: what is said of all members together, by default that each of them is needed.
    """
    tight = tight_rows(clashes, found)
    if found is None:
        return list(clashes)
    if not tight:
        return [*_others(clashes, found), *_besides(found)]
    lines = dict.fromkeys(tight.get(m.key, m.text) for m in found.members)
    said = [_needed(found)] if needed is None else needed
    return [*_others(clashes, found), *lines, *said, *_checked(clashes, found), *_besides(found)]


def told_beside(clashes: Sequence[Text], found: Clashing | None) -> list[Text]:
    """The texts of a clash whose members are listed apart: those of :func:`told_of` but for the members' own."""
    if found is None:
        return list(clashes)
    if not tight_rows(clashes, found):
        return _others(clashes, found)
    return [*_others(clashes, found), *_checked(clashes, found)]


def tight_rows(clashes: Sequence[Text], found: Clashing | None) -> dict[str, Text]:
    """Rule → what rows show of it; empty where they show nothing or no members are known."""
    known = found is not None and found.members
    return {c.rule: c for c in clashes if isinstance(c, OfRows) and c.rule} if known else {}


def _others(clashes: Sequence[Text], found: Clashing) -> list[Text]:
    """Texts that are not on rows; all of them where rows show nothing of a member."""
    tight = tight_rows(clashes, found)
    return [_of_members(c, found) for c in clashes if not (tight and isinstance(c, OfRows))]


def _of_members(told: Text, found: Clashing) -> Text:
    """What counting tells, with no rule beside those of a smallest clash that is among its rules."""
    if not isinstance(told, Clash) or not found.irreducible:
        return told
    for members in (found.members, *found.others):
        keys = {m.key for m in members}
        if keys and keys <= set(told.rules):
            return clash(told.what, *(r for r in told.rules if r in keys))
    return told


def _besides(found: Clashing) -> list[Text]:
    """One line for each other clash."""
    return [_besides_line(members) for members in found.others]


def _besides_line(members: Sequence[Member]) -> Text:
    texts = list(dict.fromkeys(m.text for m in members))
    if len(members) == 1:
        return Text(f"此外，{BY_ITSELF.zh}：{texts[0].zh}", f"besides, {BY_ITSELF.en}: {texts[0].en}")
    return Text(
        "此外，这些也不能同时成立：" + "；".join(t.zh for t in texts),
        "besides, these cannot hold together either: " + "; ".join(t.en for t in texts),
    )


def _checked(clashes: Sequence[Text], found: Clashing) -> list[Text]:
    """Who checked the rows, where the rules of all of them are members."""
    members = tight_rows(clashes, found).keys() <= {m.key for m in found.members}
    return [c for c in clashes if c in CHECKED.values() and members]


def _needed(found: Clashing) -> Text:
    if len(found.members) == 1:
        return BY_ITSELF
    if not found.irreducible:
        return PERHAPS_FEWER
    return EACH_NEEDED if found.enough else EACH_NEEDED_ALONE
