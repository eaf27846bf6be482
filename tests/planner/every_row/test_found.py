"""The words of a runner-up: exact, first by its bound, or first by its own cost."""

from __future__ import annotations

import polars as pl
import pytest

from planner.every_row.found import reasons


def said(least: float | None, exact: bool, name: str | None = "v1") -> str:
    frame = pl.DataFrame(
        {"next_name": [name], "next_cost": [2.0], "next_least": [least], "next_exact": [exact], "lose_least": [None], "rules_en": [""]},
        schema_overrides={"next_least": pl.Float64, "lose_least": pl.Float64, "next_name": pl.String},
    )  # fmt: skip
    return str(frame.select(reasons("en", pl.lit("c1 goes to v0"), ["next_exact"])).item())


@pytest.mark.parametrize(
    ("least", "exact", "told"),
    [
        (1.5, True, "next best: v1, its own cost 2.0, with which the total is worse by 1.5 points"),
        (0.0, True, "next best: v1, its own cost 2.0, with which the points are the same"),
        (-1.5, True, "next best: v1, its own cost 2.0, with which the points are better by 1.5"),
        (1.5, False, "next by the bound proved of each: v1, its own cost 2.0, with which the total is worse by at least 1.5 points"),
        (0.0, False, "next by the bound proved of each: v1, its own cost 2.0"),
        (None, False, "next by its own cost: v1, its own cost 2.0"),
    ],
)  # fmt: skip
def test_what_orders_the_runner_up_is_said(least: float | None, exact: bool, told: str) -> None:
    assert said(least, exact) == f"c1 goes to v0; {told}"


def test_without_one_there_is_no_other_choice() -> None:
    assert said(None, False, None) == "c1 goes to v0; there is no other choice"
