"""The first crossing of two lower envelopes: by hand, and as all lines one by one find it."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solve import crossing
from planner.solve.crossing import Line, first_crossing


def asked(stay: list[Line], other: list[Line]) -> crossing.Ask:
    def ask(t: Fraction) -> tuple[Line, Line]:
        return min(stay, key=lambda line: line.at(t)), min(other, key=lambda line: line.at(t))

    return ask


def by_all_lines(stay: list[Line], other: list[Line], end: Fraction) -> Fraction | None:
    """Between two meetings of lines nothing changes sides: the first such piece whose middle is turned."""
    every = [*stay, *other]
    meets = {
        Fraction(b.value - a.value, a.slope - b.slope) for a in every for b in every if a.slope != b.slope
    }
    cuts = sorted({Fraction(0), end, *(m for m in meets if 0 < m < end)})
    for a, b in itertools.pairwise(cuts):
        mid = (a + b) / 2
        if min(o.at(mid) for o in other) < min(s.at(mid) for s in stay):
            return a
    return None


def test_by_hand() -> None:
    """Staying costs 3 t, the other 10 + t, later 14: they meet at 14/3, before which 10 + t is met at 5."""
    ask = asked([Line(0, 3)], [Line(10, 1), Line(14, 0)])
    assert first_crossing(ask, Fraction(100)).at == Fraction(14, 3)
    assert first_crossing(ask, Fraction(4)).at is None


def test_a_tie_is_left_at_once_or_lasts() -> None:
    assert first_crossing(asked([Line(5, 1)], [Line(5, 0)]), Fraction(9)).at == 0
    assert first_crossing(asked([Line(5, 1)], [Line(5, 1)]), Fraction(9)).at is None
    assert first_crossing(asked([Line(5, 1)], [Line(5, 1), Line(8, 0)]), Fraction(9)).at == 3


def test_back_again_is_not_asked_for() -> None:
    """Turned from 1 to 2 alone: at the end it stays again."""
    ask = asked([Line(0, 3), Line(4, 0)], [Line(2, 1)])
    assert first_crossing(ask, Fraction(5)).at == 1


def test_a_far_point_does_not_hide_what_is_near() -> None:
    """6 t and 8 − 5 t meet at 8/11; at the far end other lines are the best on both sides, and meet elsewhere."""
    ask = asked([Line(0, 6), Line(17, 0)], [Line(8, -5), Line(22, -8)])
    found = first_crossing(ask, Fraction(5))
    assert found.at == found.sure == Fraction(8, 11) and found.looks <= 6


def test_what_only_touches_does_not_turn() -> None:
    """Staying costs 2 + 7 t, then 8 − 7 t: 5 at 3/7, where the other costs 5, too."""
    found = first_crossing(asked([Line(2, 7), Line(8, -7)], [Line(5, 0), Line(23, -8)]), Fraction(5, 2))
    assert found.at is None and found.sure == Fraction(5, 2)


lines = st.lists(st.builds(Line, st.integers(0, 30), st.integers(-9, 9)), min_size=1, max_size=7)


@given(lines, lines, st.integers(1, 12))
def test_as_all_lines_find_it(stay: list[Line], other: list[Line], end: int) -> None:
    short = min(s.value for s in stay) - min(o.value for o in other)
    other = [Line(o.value + max(0, short), o.slope) for o in other]
    found = first_crossing(asked(stay, other), Fraction(end))
    assert found.at == by_all_lines(stay, other, Fraction(end))
    assert found.sure == (end if found.at is None else found.at)


def test_what_is_not_found_in_time_is_told_as_far_as_it_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossing, "MOST", 2)
    found = first_crossing(asked([Line(0, 3)], [Line(10, 1), Line(14, 0)]), Fraction(100))
    assert found.at == 100 and found.sure < Fraction(14, 3)
