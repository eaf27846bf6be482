"""Whether leaving out a member of a clash is enough, and what clashes besides, each case tried again by hand."""

from __future__ import annotations

import pytest

from graph.language import Text
from planner.clash.beside import with_beside
from planner.clash.members import Member, rules_of, singly, taken_out
from planner.clash.smallest import Clashing, smallest_clash
from planner.clash.told import EACH_NEEDED, EACH_NEEDED_ALONE, told_of
from planner.clash.trial import Trials
from planner.solve.pool import InProcess
from planner.stage import Context, Limits, Stage
from planner.stages import STAGES
from planner.stages.words import clash, of_rows
from tests.planner.clash.infeasible_cases import case, designation_of, every_case

DESIGNATION = STAGES["designation"]
TWO = {"pins": ["u1>A", "u1>B"], "units_per_county": [1, 1]}


def beside(stage: Stage, context: Context) -> Clashing:
    found = smallest_clash(stage, context, InProcess(), Limits())
    return with_beside(stage, context, InProcess(), Limits(), found, stage.count(context))


def tried(stage: Stage, context: Context, one: Member) -> bool | None:
    """Whether the scenario as it is holds without this member alone."""
    rules = rules_of(stage, context)
    whole = [m for m in rules if m.key != one.key]
    edits = [one.drop] if one.entry or one.table else taken_out(rules, whole)
    return Trials(stage, context, InProcess(), Limits()).holds(edits)


@every_case
def test_enough_is_said_only_where_each_member_left_out_alone_makes_it_solvable(name: str) -> None:
    stage, context, _ = case(name)
    found = beside(stage, context)
    assert found.enough == all(tried(stage, context, m) is True for m in found.members)
    assert bool(found.others) <= (not found.enough)


def test_of_one_clash_any_member_is_enough() -> None:
    found = beside(DESIGNATION, designation_of(pins=["u1>A", "u1>B"]))
    assert {m.entry or m.key for m in found.members} == {"u1>A", "u1>B", "unit_capacity"}
    assert found.enough and found.others == []


def test_of_two_clashes_that_share_nothing_both_are_told() -> None:
    """u1 can carry one county and is pinned to two; u2 is pinned to C and banned from it."""
    context = designation_of(pins=["u1>A", "u1>B", "u2>C"], bans=["u2>C"])
    found = beside(DESIGNATION, context)
    named = [{f"{m.key} {m.entry}".strip() for m in members} for members in (found.members, *found.others)]
    assert not found.enough
    assert sorted(named, key=len) == [{"pins u2>C", "bans u2>C"}, {"pins u1>A", "pins u1>B", "unit_capacity"}]


def test_the_other_clash_is_one_too() -> None:
    """Every rule that it does not name being off, and so of its rules the entries."""
    context = designation_of(pins=["u1>A", "u1>B", "u2>C"], bans=["u2>C"])
    for members in beside(DESIGNATION, context).others:
        universe = [
            one for m in rules_of(DESIGNATION, context) for one in singly(DESIGNATION, context, m, None)
        ]
        same = {(m.key, m.entry) for m in members}
        out = taken_out(universe, [m for m in universe if (m.key, m.entry) in same])
        assert Trials(DESIGNATION, context, InProcess(), Limits()).holds(out) is False


@pytest.mark.parametrize("enough", [True, False])
def test_words_say_whether_the_other_rules_are_off(enough: bool) -> None:
    members = smallest_clash(DESIGNATION, designation_of(**TWO), InProcess(), Limits()).members
    rows = [of_rows(Text("行", "rows"), members[0].key)]
    told = told_of(rows, Clashing(members, enough=enough))
    assert (EACH_NEEDED if enough else EACH_NEEDED_ALONE) in told
    besides = told_of(rows, Clashing(members, others=[members]))[-1]
    assert besides.en.startswith("besides, these cannot hold together either: ")


def test_what_counting_tells_names_the_members_alone() -> None:
    members = smallest_clash(DESIGNATION, designation_of(**TWO), InProcess(), Limits()).members
    keys = list(dict.fromkeys(m.key for m in members))
    wide, other = (
        clash(Text("数", "counted"), "same_kind_max", *keys),
        clash(Text("别", "other"), "same_kind_max"),
    )
    told = told_of([wide, other], Clashing(members))
    assert told == [clash(Text("数", "counted"), *keys), other]
