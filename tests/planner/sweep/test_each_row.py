"""Uncertain cells: each row is drawn on its own, the same again for the same seed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graph.errors import UsageError
from planner.scenario import Scenario
from planner.sweep.design import MOST_SOBOL, Design, design_of
from planner.sweep.member import scenario_at
from planner.sweep.run import run_sweep, sweep_id
from tests.planner.sweep.lands import contents

NEEDS, STRENGTH = "needs[].amount*=0.5:1.5", "units[kind=bank].strength=0.1:0.9"


def uncertain(small: Scenario, *words: str, **more: object) -> Design:
    return design_of(small, (), sample=8, seed=3, each_row=words, **more)  # type: ignore[arg-type]  # method or nothing


def cells(small: Scenario, design: Design, table: str, column: str) -> pl.DataFrame:
    """A column's cells, a row for each run."""
    runs = [scenario_at(small, design, i).network.frame(table)[column] for i in range(design.runs)]
    return pl.DataFrame([r.to_list() for r in runs], orient="row")


def test_rows_are_drawn_on_their_own_within_their_range(small: Scenario) -> None:
    amounts = cells(small, uncertain(small, NEEDS), "needs", "amount")
    before = small.network.frame("needs")["amount"].to_list()
    shares = amounts.select(pl.col(c) / b for c, b in zip(amounts.columns, before, strict=True))
    assert shares.select(pl.all().is_between(0.49, 1.51).all()).row(0) == (True, True)
    assert (shares["column_0"] - shares["column_1"]).abs().max() > 0.2  # type: ignore[operator]  # a number
    each = (
        amounts["column_0"] / 100 * 8 - 4
    ).floor()  # a Latin hypercube: one draw in each eighth, up to rounding
    assert each.n_unique() >= 7


def test_other_rows_and_the_order_of_rows_stay(small: Scenario) -> None:
    design = uncertain(small, STRENGTH)
    units = scenario_at(small, design, 0).network.frame("units")
    assert units["id"].to_list() == ["u1", "u2", "u3"]
    assert units["strength"].to_list()[::2] == [0.9, 0.3]
    assert units.filter(pl.col("source") == "--uncertain")["id"].to_list() == ["u2"]
    turned = small.network.with_frames({"needs": small.network.frame("needs").reverse()})
    other = Scenario(**{**vars(small), "network": turned})
    mine, theirs = (
        scenario_at(s, uncertain(s, NEEDS), 5).network.frame("needs").sort("region") for s in (small, other)
    )
    assert mine.select("region", "amount").equals(theirs.select("region", "amount"))


def test_what_is_varied_beside_is_drawn_as_without(small: Scenario) -> None:
    """One factor for all rows, and one for each of them, on the same cells."""
    words = ["needs[].amount*=1:2"]
    alone = design_of(small, words, sample=8, seed=3)
    both = design_of(small, words, sample=8, seed=3, each_row=[NEEDS])
    assert [alone.point(i) for i in range(8)] == [both.point(i) for i in range(8)]
    assert sweep_id(small, alone) != sweep_id(small, both)
    amounts = cells(small, both, "needs", "amount")
    assert amounts["column_0"].max() > 150  # type: ignore[operator]  # a number: beyond what either gives alone


def test_children_draw_the_same(small: Scenario, tmp_path: Path) -> None:
    """Uncertain needs change costs; two processes or one, the bytes are the same."""
    design = design_of(small, (), sample=4, seed=1, each_row=[STRENGTH])
    one = run_sweep(small, design, tmp_path / "one")
    two = run_sweep(small, design, tmp_path / "two", workers=2)
    assert contents(one) == contents(two)
    assert one.runs["designation.cost"].n_unique() > 1


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("needs[].amount*=1,2", "must be a range a:b"),
        ("designation.need_weight=0:1", "must be cells of a table"),
        ("needs[].amuont*=0:1", "did you mean amount"),
        ("needs[region=Z].amount*=0:1", "no row of needs matches"),
        ("relations[].until=1:2", "until"),
        ("needs[].amount*=2:1", "must be below"),
        ("needs[].amount*=-1:1", "must be at least 0"),
        ("units[].strength*=-0.5:1", "must be at least 0"),
        (
            "units[].strength*=0.5:1.2",
            "1 of 3 rows could come to more (u1: 0.9 × 1.2); let the upper end be 1.11 at most",
        ),
    ],
)
def test_wrong_words_are_told_under_their_own_option(small: Scenario, word: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        uncertain(small, word)
    assert told in error.value.text.en
    assert "--uncertain" in error.value.text.en
    assert "--vary" not in error.value.text.en


def test_a_share_may_be_drawn_up_to_one(small: Scenario) -> None:
    design = uncertain(small, "units[].strength*=0.5:1.11")
    assert cells(small, design, "units", "strength").max_horizontal().max() <= 1.0  # type: ignore[operator]


def test_cells_that_are_all_empty_are_told(small: Scenario) -> None:
    with pytest.raises(UsageError, match="empty"):
        uncertain(small, "needs[].quantity*=1:2")


def test_a_draw_needs_a_number_of_runs_and_a_method_that_can(small: Scenario) -> None:
    with pytest.raises(UsageError, match="--sample"):
        design_of(small, (), each_row=[NEEDS])
    many = pl.concat(
        [small.network.frame("needs").head(1).with_columns(year=pl.lit(y)) for y in range(MOST_SOBOL + 1)]
    )
    large = Scenario(**{**vars(small), "network": small.network.with_frames({"needs": many})})
    with pytest.raises(UsageError, match="Sobol"):
        uncertain(large, NEEDS, method="sobol")
    assert uncertain(small, NEEDS, method="sobol").row_shares(7)[0].shape == (2,)
