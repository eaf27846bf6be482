"""Round figures on the axes of pictures, and what their colours mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.stability_picture import picture
from api.svg import round_step, round_ticks
from graph.language import speaking
from planner.stability_steps import Curve, Step
from planner.stages.designation import STAGE


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (1.4, 5.9, ["2", "3", "4", "5"]),
        (0.0, 1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-0.3, 0.25, ["-0.2", "0.0", "0.2"]),
        (3451.7, 3455.3, ["3,452", "3,453", "3,454", "3,455"]),
        (0.0, 1_200_000.0, ["0", "250,000", "500,000", "750,000", "1,000,000"]),
        (0.0, 0.12, ["0.000", "0.025", "0.050", "0.075", "0.100"]),
    ],
)
def test_ticks_are_round_and_told_with_as_many_decimals_as_they_need(
    low: float, high: float, told: list[str]
) -> None:
    assert [words for _, words in round_ticks(low, high, 5)] == told


@given(st.floats(-1e9, 1e9), st.floats(1e-2, 1e9), st.integers(2, 8))
def test_ticks_lie_inside_and_none_is_told_twice(low: float, span: float, lines: int) -> None:
    found = round_ticks(low, low + span, lines)
    room = round_step(span, lines) * 1e-6
    assert 1 <= len(found) <= lines + 1
    assert all(low - room <= at <= low + span + room for at, _ in found)
    assert len({words for _, words in found}) == len(found)


def test_the_legend_tells_what_there_is_alone() -> None:
    best, open_ = Step(0, 2, "OPTIMAL", 5000, 5000), Step(3, 6, "BETWEEN", 5000, 2000)
    none = Step(0, 0, "INFEASIBLE", None, None)
    with speaking("en"):
        drawn = {
            key: picture(Curve("designation", "0" * 16, STAGE.title, steps, 1000))
            for key, steps in (("best", [best]), ("open", [best, open_]), ("none", [none, best]))
        }
    assert "the best plan" in drawn["best"] and "no plan" not in drawn["best"]
    assert "the plan found" in drawn["open"] and "where the best may lie" in drawn["open"]
    assert "no plan" in drawn["none"] and "not proved" not in drawn["none"]
