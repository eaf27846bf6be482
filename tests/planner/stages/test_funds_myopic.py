"""Deciding year by year: by hand, where it fails, and that it keeps every rule of the whole plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.network import Network
from planner.stage import Outcome
from planner.stages.funds import STAGE
from planner.stages.funds.measure import worth_of
from planner.stages.funds.stage import seen
from planner.verify.funds import check
from tests.planner.money_land import PLAIN, fact, money, need, random_country, random_values, two_counties
from tests.planner.tiny import context, resolved, solve

STEPS = {"0.5": 1.0, "1.0": 0.2}


def outcome_of(net: Network, **values: Any) -> Outcome:
    return solve(STAGE, context(STAGE, net, **{**PLAIN, **values}))


def by_year(table: pl.DataFrame) -> dict[int, int]:
    return dict(table.group_by("year").agg(pl.col("amount").sum()).sort("year").iter_rows())


def yearly(outcome: Outcome) -> dict[int, int]:
    return by_year(outcome.beside["year_by_year"].tables["allocations"])


TWO_YEARS = {"needs": [need("a", "industry", 100), need("a", "industry", 100, 2018)],
             "fund_budgets": [money("g", 100, 2017, 1.0), money("g", 0, 2018)]}  # fmt: skip


def test_who_looks_ahead_keeps_money_for_a_better_use() -> None:
    """Of 100 yuan 50 count 1 each this year, the next 50 only 0.2; next year the first 50 count 1 each again."""
    outcome = outcome_of(two_counties(**TWO_YEARS), return_steps=STEPS)
    assert by_year(outcome.tables["allocations"]) == {2017: 50, 2018: 50}
    assert yearly(outcome) == {2017: 100}
    assert outcome.details["looking_ahead"] == 1000 * (100 - 60)
    assert "40.000 points" in outcome.beside["year_by_year"].note.en


def test_what_is_left_over_is_carried_as_far_as_it_may() -> None:
    tables = {**TWO_YEARS, "fund_budgets": [money("g", 150, 2017, 0.2), money("g", 10, 2018)]}
    outcome = outcome_of(two_counties(**tables))
    assert yearly(outcome) == by_year(outcome.tables["allocations"]) == {2017: 100, 2018: 40}
    assert outcome.details["looking_ahead"] == 0


def test_a_single_year_has_nothing_to_look_ahead_to() -> None:
    assert outcome_of(two_counties()).beside == {}


def test_a_year_that_cannot_be_planned_is_named() -> None:
    """a must get 40 in 2018, of money that is all spent in 2017."""
    tables = {**TWO_YEARS, "region_tags": [{"region": "a", "tag": "poor_county_832"}]}
    outcome = outcome_of(two_counties(**tables), county_floor=40, later_discount=0.5)
    other = outcome.beside["year_by_year"]
    assert by_year(outcome.tables["allocations"]) == {2017: 60, 2018: 40}
    assert other.tables == {} and "in 2018" in other.note.en and "2018 年" in other.note.zh


LENT = {"fund_sources": [{"id": "g", "name": "", "level": "social", "instrument": "microcredit"}],
        "region_facts": [fact("a", "poor_population", 6), fact("b", "poor_population", 40)],
        "needs": [need("a", "industry", 80, y) for y in (2017, 2018, 2019)]}  # fmt: skip


def test_repayments_are_lent_again() -> None:
    tables = {**LENT, "fund_budgets": [money("g", 50, 2017), money("g", 10, 2018), money("g", 0, 2019)]}
    outcome = outcome_of(two_counties(**tables), microcredit_years=1, microcredit_returns=True)
    assert yearly(outcome) == {2017: 50, 2018: 60, 2019: 60}


def test_what_is_owed_counts_against_later_loans() -> None:
    """3 households may owe 36 in all: lent in 2017, due in 2019, when there is room again."""
    tables = {**LENT, "fund_budgets": [money("g", 100, y) for y in (2017, 2018, 2019)]}
    values = {
        "microcredit_loan_max": 12,
        "household_size": 2,
        "microcredit_window": "outstanding",
        "microcredit_years": 2,
    }
    assert yearly(outcome_of(two_counties(**tables), **values)) == {2017: 36, 2019: 36}


def test_slots_of_the_country_are_used_up() -> None:
    needs = [need("a", "tourism", 60, y, quantity=6, unit="village", unit_cost=10) for y in (2017, 2018)]
    tables = {"needs": needs, "fund_budgets": [money("g", 45), money("g", 100, 2018)]}
    outcome = outcome_of(two_counties(**tables), slot_caps={"tourism": 8}, slot_caps_by="country")
    assert yearly(outcome) == {2017: 45, 2018: 30}  # 4.5 slots used: 3 whole ones are left


def test_this_year_is_held_to_the_last() -> None:
    needs = [need(c, "industry", 100, y) for c in "ab" for y in (2017, 2018)]
    tables = {"needs": needs, "fund_budgets": [money("g", 150), money("g", 60, 2018)]}
    outcome = outcome_of(two_counties(**tables), stability=0.7, stability_against="plan")
    table = outcome.beside["year_by_year"].tables["allocations"]
    got = {(r, y): a for r, y, a in table.group_by("region", "year").agg(pl.col("amount").sum()).iter_rows()}
    for county in "ab":
        assert 10 * got[county, 2018] >= 3 * got[county, 2017]


@pytest.mark.parametrize("extra", [
    {}, {"deep_poverty_share": 0.2, "deep_poverty_of": "spent"}, {"stability": 0.9, "stability_against": "plan"},
    {"microcredit_loan_max": 20, "microcredit_window": "outstanding", "microcredit_years": 2, "microcredit_returns": True},
    {"slot_caps": {"tourism": 5, "ecology": 4}, "slot_caps_by": "country"},
])  # fmt: skip
def test_it_keeps_every_rule_and_is_never_better(extra: dict[str, Any]) -> None:
    held = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        seen_by = context(STAGE, random_country(rng), **{**random_values(rng), **extra})
        outcome = solve(STAGE, seen_by)
        tables = outcome.beside["year_by_year"].tables if outcome.beside else {}
        if not tables:
            continue
        verdict = check(resolved(STAGE, seen_by), tables, outcome.certificates)
        assert not verdict.broken, verdict.broken[0].text.en
        assert verdict.objective == worth_of(seen_by, *seen(seen_by), tables["allocations"])
        assert outcome.bound is not None and verdict.objective <= outcome.bound
        held += 1
    assert held
