"""The least of a ladder's steps that suffice: whatever is guessed, and never more than is worth telling."""

from __future__ import annotations

import itertools
import math

import pytest

from planner.clash.edits import Edit, Put
from planner.clash.members import Member
from planner.policy import Setting
from planner.repair.ladder import NEAR, Ladder, down, up
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


def _raised(setting: Setting, value: float, usual: float = 0) -> list[float]:
    found = up(MEMBER, setting, value, lambda new: Put("k", new), usual)
    assert found is not None
    edits = [found.rung(k) for k in range(1, found.steps + 1)]
    return [e.value for e in edits if isinstance(e, Put)]


def test_a_value_of_nought_is_raised_to_its_default_at_least_and_held_against_it() -> None:
    setting = Setting("k", "number", 1.5, "k", "k", minimum=0)
    assert _raised(setting, 0.0, 1.5)[-1] == 1.5
    assert _raised(setting, 0.0)[-1] == 0.2
    found = up(MEMBER, setting, 0.0, lambda new: Put("k", new), 1.5)
    assert found is not None
    assert found.size(75) == pytest.approx(0.5)


def test_far_steps_go_by_the_third_digit_up_to_the_end() -> None:
    values = _raised(Setting("k", "integer", 3_000_000_000, "k", "k", minimum=0), 0, 3_000_000_000)
    assert values[:NEAR] == list(range(1, NEAR + 1))
    assert values[NEAR : NEAR + 3] == [1010, 1020, 1030]
    assert values[-2:] == [2_990_000_000, 3_000_000_000]
    assert values == sorted(set(values))
    assert len(values) < 10 * NEAR
    assert max(b / a for a, b in itertools.pairwise(values[99:])) < 1.0101


def test_few_steps_are_equal() -> None:
    assert _raised(Setting("k", "integer", 5, "k", "k", minimum=0), 5) == list(range(6, 106))


@pytest.mark.parametrize("needed", [0, 1, 7, 998, 1000, 1234, 56_700])
def test_a_large_number_is_lowered_to_the_least_change_in_three_digits(needed: int) -> None:
    """2 of 60,000: not 0, as equal steps of the third digit of 60,000 would end."""
    setting = Setting("k", "integer", 1, "k", "k", minimum=0)
    made = down(MEMBER, setting, 60_000, lambda new: Put("k", new))
    assert made is not None
    k = made.least(lambda e: isinstance(e, Put) and e.value <= needed)
    assert k is not None
    found = made.rung(k)
    assert isinstance(found, Put)
    assert found.value == (
        needed if needed < 1000 else needed // 10 ** (len(str(needed)) - 3) * 10 ** (len(str(needed)) - 3)
    )
    assert made.size(k) == pytest.approx((60_000 - found.value) / 60_000)


def test_a_year_goes_down_by_one() -> None:
    setting = Setting("k", "integer", 2020, "k", "k", minimum=1949)
    made = down(MEMBER, setting, 2020, lambda new: Put("k", new))
    assert made is not None and made.steps == 10
    assert [made.rung(k) for k in (1, 10)] == [Put("k", 2019), Put("k", 2010)]
