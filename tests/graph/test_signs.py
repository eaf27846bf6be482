"""Signs that are not seen are told with their place; those that people write are let be."""

from __future__ import annotations

import pytest

from graph.errors import UsageError
from graph.language import Text
from graph.signs import TURNING, demand_seen

WHAT = Text("标题", "the title")


@pytest.mark.parametrize(
    "sign", ["\n", "\r", "\t", "\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ud800", *sorted(TURNING)]
)
def test_what_is_not_seen_is_told_with_its_place(sign: str) -> None:
    with pytest.raises(UsageError, match=rf"character 3 of the title \(U\+{ord(sign):04X}\)"):
        demand_seen(WHAT, f"ab{sign}c")


@pytest.mark.parametrize(
    "text", ["", "候选", "a b", "全角　空格", "e\u0301", "👩\u200d👧", "עברית", "نسخة", "a\u00a0b"]
)
def test_what_people_write_may_stand(text: str) -> None:
    demand_seen(WHAT, text)


def test_several_lines_where_they_may_be() -> None:
    demand_seen(WHAT, "a\r\nb\tc", lines=True)
    for sign in ("\x00", "\u2028", "\u202e"):
        with pytest.raises(UsageError):
            demand_seen(WHAT, f"a{sign}", lines=True)
