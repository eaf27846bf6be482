"""The smallest set of rules that cannot hold together: found, each member needed, pins and rows singly."""

from __future__ import annotations

from planner.clash.members import Member, rules_of, singly, taken_out
from planner.clash.smallest import smallest_clash
from planner.clash.trial import Trials
from planner.solve.pool import InProcess
from planner.stage import Context, Limits, Stage
from tests.planner.clash.infeasible_cases import case, every_case


def named(member: Member) -> str:
    """Key, and which entry or row."""
    which = member.entry or "/".join(map(str, member.row))
    return f"{member.key} {which}".strip()


def holds(stage: Stage, context: Context, kept: list[Member]) -> bool | None:
    """Whether these members alone can hold, every other rule, entry and row being out; tried anew."""
    universe: list[Member] = []
    for rule in rules_of(stage, context):
        universe += singly(stage, context, rule, None)
    same = {(m.key, m.entry, m.row) for m in kept}
    left = [m for m in universe if (m.key, m.entry, m.row) in same]
    assert len(left) == len(kept)
    return Trials(stage, context, InProcess(), Limits()).holds(taken_out(universe, left))


@every_case
def test_the_set_is_the_one_found_by_hand_and_each_member_is_needed(name: str) -> None:
    stage, context, wanted = case(name)
    found = smallest_clash(stage, context, InProcess(), Limits())
    members = list(found.members)
    assert {named(m) for m in members} == wanted
    assert found.irreducible
    assert holds(stage, context, members) is False
    for member in members:
        assert holds(stage, context, [m for m in members if m is not member]) is True, named(member)
