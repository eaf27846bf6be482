"""A clash is told by its members: what rows show of other rules is left out, and what has no rows is named."""

from __future__ import annotations

import pytest

from graph.language import Text
from planner.clash.edits import Put
from planner.clash.members import Member
from planner.clash.smallest import Clashing
from planner.clash.told import told_beside, told_of
from planner.stages.words import CHECKED, of_rows

COUNTED = Text("数得", "counted")
ROWS = [
    of_rows(Text("甲", "rows of one"), "one"),
    of_rows(Text("乙", "rows of two"), "two"),
    of_rows(Text("余", "perhaps more")),
    of_rows(CHECKED["rows"]),
]
NEEDED = "without any one of these the others can hold together"


def member(key: str) -> Member:
    return Member("designation", key, 1, Text(key, key), Put(key, "off"))


def told(keys: str, *, irreducible: bool = True) -> list[str]:
    found = Clashing([member(k) for k in keys.split()], irreducible)
    return [t.en for t in told_of([COUNTED, *ROWS], found)]


def test_a_member_without_rows_is_named() -> None:
    ban = "ban (designation.ban = 1)"
    assert told("one two ban") == ["counted", "rows of one", "rows of two", ban, NEEDED, CHECKED["rows"].en]


def test_rows_of_no_member_are_left_out_and_so_is_who_checked_them() -> None:
    assert told("one ban") == ["counted", "rows of one", "ban (designation.ban = 1)", NEEDED]


def test_one_line_for_a_rule_whatever_its_entries() -> None:
    assert told("one one two").count("rows of one") == 1


def test_what_is_needed_is_said_only_where_it_is_known() -> None:
    assert NEEDED not in told("one two", irreducible=False)
    assert (
        told("one two", irreducible=False)[3]
        == "whether each of these is needed was not settled within the limit"
    )
    assert "this one cannot hold by itself" in told("one") and NEEDED not in told("one")


@pytest.mark.parametrize("found", [None, Clashing([])])
def test_without_members_the_rows_speak_for_themselves(found: Clashing | None) -> None:
    assert told_of([COUNTED, *ROWS], found) == [COUNTED, *ROWS]


def test_who_lists_the_members_is_told_the_rest() -> None:
    both, ban = (Clashing([member(k) for k in keys]) for keys in (("one", "two"), ("one", "ban")))
    assert told_beside([COUNTED, *ROWS], both) == [COUNTED, CHECKED["rows"]]
    assert told_beside([COUNTED, *ROWS], ban) == [COUNTED]
    assert told_beside([COUNTED], both) == [COUNTED]
    assert told_beside([COUNTED, *ROWS], None) == [COUNTED, *ROWS]
