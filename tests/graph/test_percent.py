"""Shares as per cent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.percent import percent


@pytest.mark.parametrize(
    ("share", "digits", "plain", "signed"),
    [
        (0.123, 1, "12.3%", "+12.3%"), (-0.123, 1, "-12.3%", "-12.3%"), (0.0, 1, "0.0%", "0.0%"), (-0.0, 1, "0.0%", "0.0%"),
        (-0.0004, 1, "0.0%", "0.0%"), (0.0004, 1, "0.0%", "0.0%"), (-0.0004, 2, "-0.04%", "-0.04%"), (-0.004, 0, "0%", "0%"), (1.0, 0, "100%", "+100%"),
    ],
)  # fmt: skip
def test_by_hand(share: float, digits: int, plain: str, signed: str) -> None:
    assert percent(share, digits) == plain
    assert percent(share, digits, sign=True) == signed


@given(st.floats(-2, 2), st.integers(0, 3), st.booleans())
def test_what_rounds_to_nothing_has_no_sign(share: float, digits: int, sign: bool) -> None:
    told = percent(share, digits, sign=sign)
    if not set(told) & set("123456789"):
        assert told[0] == "0"
