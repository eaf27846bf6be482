"""Boxes of bounds: what is left of them holds every vector once."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from planner.pareto.boxes import Box, largest, settle

SIDE = st.integers(0, 4)


def inside(box: Box) -> set[tuple[int, ...]]:
    return set(itertools.product(*(range(a, b + 1) for a, b in zip(box.low, box.high, strict=True))))


def test_an_interval_is_cut_in_two() -> None:
    assert Box((1,), (9,)).without((4,), (6,)) == [Box((1,), (3,)), Box((7,), (9,))]
    assert Box((1,), (9,)).without((0,), (9,)) == []
    assert Box((1,), (9,)).without((10,), (12,)) == [Box((1,), (9,))]


@given(st.lists(st.tuples(SIDE, SIDE, SIDE, SIDE), max_size=4))
def test_what_is_left_is_all_that_is_not_settled_and_nothing_twice(
    cuts: list[tuple[int, int, int, int]],
) -> None:
    boxes, wanted = [Box((0, 0), (4, 4))], set(itertools.product(range(5), range(5)))
    for a, b, c, d in cuts:
        low, high = (min(a, b), min(c, d)), (max(a, b), max(c, d))
        boxes = settle(boxes, low, high)
        wanted -= inside(Box(low, high))
    assert sum(b.size for b in boxes) == len(wanted)
    assert {v for b in boxes for v in inside(b)} == wanted


def test_the_middle_is_asked_first_and_then_the_top() -> None:
    assert Box((0, 2), (4, 9)).asked == (2, 5)
    assert Box((0, 2), (4, 9), fresh=False).asked == (4, 9)
    assert largest([Box((0,), (3,)), Box((5,), (9,)), Box((11,), (15,))]) == Box((5,), (9,))
