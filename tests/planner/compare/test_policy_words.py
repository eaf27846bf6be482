"""Policy values in words: what a list gained and lost, never cut without saying so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.compare.policy_words import MOST, difference_words, value_words

NAMES = {"p1": "一县", "u1": "第一局"}


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        (0.8, 0.5, "0.8 → 0.5", "0.8 → 0.5"),
        (None, True, "– → true", "– → true"),
        ([1, 2], [1, 3], "[1, 2] → [1, 3]", "[1, 2] → [1, 3]"),
        ("off", 3, "off → 3", "off → 3"),
        ("off", ["u1>p1"], "新增 第一局 > 一县", "added 第一局 > 一县"),
        (["u1>p1", "u2>p2"], ["u2>p2"], "去掉 第一局 > 一县", "taken away 第一局 > 一县"),
        ({"p1": 2017, "p2": 2018}, {"p1": 2018, "p3": 2019}, "新增 p3 = 2019，去掉 p2 = 2018，改变 一县 2017 → 2018",
         "added p3 = 2019, taken away p2 = 2018, changed 一县 2017 → 2018"),
        (["a", "b"], ["b", "a"], '["a", "b"] → ["b", "a"]', '["a", "b"] → ["b", "a"]'),  # another order
    ],
)  # fmt: skip
def test_what_changed_is_told(old: Any, new: Any, zh: str, en: str) -> None:
    told = difference_words(old, new, NAMES)
    assert (told.zh, told.en) == (zh, en)


def test_one_pin_more_among_many_is_the_one_that_is_told() -> None:
    pins = [f"a{i}>b{i}" for i in range(40)]
    assert difference_words(pins, [*pins, "u1>p1"], NAMES).en == "added 第一局 > 一县"
    assert value_words(pins, pins, NAMES).en == "40 entries"
    assert value_words([*pins, "u1>p1"], pins, NAMES).zh == "41 项：新增 第一局 > 一县"
    assert value_words({"p1": 2017}, "off", NAMES).en == "一县 = 2017"
    assert value_words(pins, "off", NAMES).en.endswith("… 40 in all")


@given(st.sets(st.text("abc", min_size=1, max_size=3)), st.sets(st.text("abc", min_size=1, max_size=3)))
def test_every_entry_is_told_or_counted(before: set[str], after: set[str]) -> None:
    old, new = sorted(before), sorted(after)
    told = difference_words(old, new, {}).en
    for word, moved in (("added", after - before), ("taken away", before - after)):
        assert (word in told) == bool(moved)
        assert (f" … {len(moved)} in all" in told) == (len(moved) > MOST) or not moved
