"""The least of a ladder's steps that suffice: whatever is guessed, and never more than is worth telling."""

from __future__ import annotations

import math

import pytest

from planner.clash.edits import Edit, Put
from planner.clash.members import Member
from planner.repair.ladders import Ladder
from planner.repair.search import Way, _worse

MEMBER = Member("s", "k", 1, title=None, drop=Put("k", "off"))  # type: ignore[arg-type]  # nobody reads it here


def ladder(steps: int) -> Ladder:
    return Ladder(lambda k: Put("k", k), steps, lambda k: k / 10, MEMBER)


@pytest.mark.parametrize("steps", [1, 2, 7, 30])
def test_the_least_is_found_with_any_guess(steps: int) -> None:
    for needed in range(1, steps + 2):
        for guess in range(steps + 2):

            def holds(edit: Edit, needed: int = needed) -> bool:
                return isinstance(edit, Put) and edit.value >= needed

            wanted = needed if needed <= steps else None
            assert ladder(steps).least(holds, guess=guess) == wanted, (needed, guess)


def test_a_good_guess_takes_three_trials() -> None:
    tried: list[int] = []

    def holds(edit: Edit) -> bool:
        assert isinstance(edit, Put)
        tried.append(edit.value)
        return bool(edit.value >= 700)

    assert ladder(1000).least(holds, guess=700) == 700
    assert tried == [1000, 700, 699]


def test_nothing_is_looked_for_that_would_not_be_told() -> None:
    assert ladder(30).least(lambda e: isinstance(e, Put) and e.value >= 8, below=0.9) == 8
    assert ladder(30).least(lambda e: isinstance(e, Put) and e.value >= 8, below=0.8) is None
    assert ladder(30).least(lambda e: True, below=0.1) is None


def test_a_further_way_of_a_kind_must_be_smaller_than_those_that_are_told() -> None:
    alike = [Way((Put("k", n),), float(n)) for n in (3, 1, 2)]
    other = [Way((Put(key, 0),), 1.0) for key in ("a", "b", "c", "d")]
    assert _worse(alike, ("k",), 3) == 3.0
    assert _worse(alike, ("k",), 5) == math.inf
    assert _worse([*alike, *other[:2]], ("k",), 5) == 3.0
    assert _worse([*alike, *other], ("k",), 5) == 2.0
