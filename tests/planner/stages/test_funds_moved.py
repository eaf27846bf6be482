"""Prices of budgets that shares, floors and carry-over follow: by hand, and against planning with another table `fund_budgets`."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.stages.funds import STAGE, moved
from planner.stages.funds.network import build_network
from planner.stages.funds.stage import seen
from planner.verify.funds import check
from tests.planner.money_land import PLAIN, money, need, random_country, random_values, region, two_counties
from tests.planner.stages.test_funds_prices import row_of, value, with_budget
from tests.planner.tiny import context, resolved, solve

SHARED: dict[str, Any] = {
    **PLAIN, "programme_weights": {"health": 3.0}, "price_step": 10, "province_shares": 0.0,
    "factor_weights": {"tasks": 1.0},
}  # fmt: skip
"""Provinces get exactly their share by need; a yuan counts 1 in a and 3 in b."""


def two_provinces(**tables: Any) -> Any:
    made: dict[str, Any] = {
        "regions": [region("P", level="province"), region("Q", level="province"), region("a", "P"), region("b", "Q")],
        "needs": [need("a", "industry", 100), need("b", "health", 100)],
    }  # fmt: skip
    return two_counties(**{**made, **tables})


def test_by_hand_provinces_shares_grow_with_the_budget() -> None:
    """Of ten more (less) each province gets five more (less): 5 at 1 and 5 at 3."""
    seen_by = context(STAGE, two_provinces(), **SHARED)
    outcome = solve(STAGE, seen_by)
    assert outcome.prices is not None
    row = row_of(outcome.prices, "budgets")
    assert (row["less"], row["more"]) == (-20_000, 20_000)
    tables = {**outcome.tables, "prices/funds": outcome.prices}
    assert not check(resolved(STAGE, seen_by), tables, outcome.certificates).broken


@pytest.mark.parametrize("side", ["less", "more"])
def test_a_price_that_promises_more_than_the_shares_allow_is_named(side: str) -> None:
    seen_by = context(STAGE, two_provinces(), **SHARED)
    outcome = solve(STAGE, seen_by)
    assert outcome.prices is not None
    wrong = outcome.prices.with_columns(
        pl.when(pl.col("rule") == "budgets").then(pl.col(side) + 1).otherwise(side).alias(side)
    )
    told = check(resolved(STAGE, seen_by), {**outcome.tables, "prices/funds": wrong}, outcome.certificates)
    assert [(b.table, b.row, b.column) for b in told.broken] == [("prices/funds", 1, side)]


def test_by_hand_a_floor_that_is_a_share_of_all_budgets_can_leave_no_plan() -> None:
    """a must get a tenth of what both sources have, and only g may pay there: with none of g, 10 of 100 cannot come.

    Of h 60 less: b had 100 of h and a 50 of g, 350 in all; then a must get 9 only, and b gets 40 of h and 41 of g, 9 + 3 · 81.
    """
    sources = [{"id": "g", "name": "", "level": "social", "instrument": "grant"},
               {"id": "h", "name": "", "level": "social", "instrument": "grant", "programmes": "health"}]  # fmt: skip
    net = two_provinces(fund_sources=sources, fund_budgets=[money("g", 50), money("h", 100)],
                        region_tags=[{"region": "a", "tag": "deep_poverty"}])  # fmt: skip
    values = {**PLAIN, "programme_weights": {"health": 3.0}, "deep_poverty_share": 0.1, "price_step": 60}
    table = solve(STAGE, context(STAGE, net, **values)).prices
    row = row_of(table, "budgets", source="g")
    assert (row["less"], row["less_yuan"]) == (None, 50)
    other = row_of(table, "budgets", source="h")
    assert (other["less"], other["less_yuan"]) == (-98_000, 60)
    assert (
        value(build_network(*seen(with_budget(context(STAGE, net, **values), "g", 2017, -50)), True)) is None
    )


RULES: dict[str, Any] = {
    "province_shares": 0.5,
    "deep_poverty_share": 0.2,
    "outside_share": 0.1,
    "reward": 0.1,
    "stability": 0.5,
}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([7, 60, 5000]))
def test_budgets_prices_are_those_of_planning_with_the_other_budget(seed: int, step: int) -> None:
    """Larger, smaller, down to nothing, and where no plan is left."""
    rng = np.random.default_rng(seed)
    country = random_country(rng)
    seen_by = context(STAGE, country, **{**random_values(rng), **RULES, "price_step": step})
    outcome = solve(STAGE, seen_by)
    if outcome.prices is None or outcome.objective is None:
        return
    tables = {**outcome.tables, "prices/funds": outcome.prices}
    told = check(resolved(STAGE, seen_by), tables, outcome.certificates)
    assert not told.broken, told.broken[0].text.en
    for row in outcome.prices.filter(rule="budgets").iter_rows(named=True):
        for side, sign in (("less", -1), ("more", 1)):
            yuan = row[f"{side}_yuan"]
            if not yuan:
                continue
            other = with_budget(seen_by, row["source"], row["year"], sign * yuan)
            found = value(build_network(*seen(other), True))
            assert (None if found is None else found - outcome.objective) == row[side], (side, row)


def test_what_is_beyond_the_work_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved, "ARCS", 0)
    outcome = solve(STAGE, context(STAGE, two_provinces(), **SHARED))
    row = row_of(outcome.prices, "budgets")
    assert (row["less"], row["less_yuan"], row["more"], row["more_yuan"]) == (None, None, None, None)
    assert outcome.details["prices"]["unknown"] == 2
