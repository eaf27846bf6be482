"""Verify of `funds`: what is altered is named, what is proved is proved by the prices, states tell what binds."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from planner.stage import Context, Outcome
from planner.stages.funds import STAGE
from planner.verify.funds import check
from planner.verify.outcome import StageCheck
from tests.planner.money_land import (
    PLAIN,
    money,
    need,
    network,
    random_country,
    random_values,
    region,
    two_counties,
)
from tests.planner.tiny import context, resolved, solve


def planned(seed: int = 4, **extra: Any) -> tuple[Context, Outcome]:
    """A random country with an answer."""
    rng = np.random.default_rng(seed)
    seen = context(STAGE, random_country(rng), **{**random_values(rng), **extra})
    return seen, solve(STAGE, seen)


def checked(seen: Context, table: pl.DataFrame, outcome: Outcome) -> StageCheck:
    return check(resolved(STAGE, seen), {"allocations": table}, outcome.certificates)


@pytest.fixture(scope="module")
def sound() -> tuple[Context, Outcome]:
    return next(
        (seen, o)
        for seed in range(50)
        for seen, o in [planned(seed)]
        if o.status == "OPTIMAL" and not o.details["crossing"]
    )


def test_a_sound_plan_passes(sound: tuple[Context, Outcome]) -> None:
    seen, outcome = sound
    verdict = checked(seen, outcome.tables["allocations"], outcome)
    assert not verdict.broken
    assert verdict.objective == outcome.objective == verdict.bound == outcome.bound


@pytest.mark.parametrize("step", [1, -1, 10_000])
def test_any_changed_amount_shows(sound: tuple[Context, Outcome], step: int) -> None:
    seen, outcome = sound
    table = outcome.tables["allocations"]
    for row in range(0, table.height, max(1, table.height // 4)):
        amount = (
            pl.when(pl.int_range(table.height) == row)
            .then(pl.col("amount") + step)
            .otherwise(pl.col("amount"))
        )
        verdict = checked(seen, table.with_columns(amount=amount), outcome)
        assert verdict.broken or verdict.objective != outcome.objective, table.row(row)


def test_a_changed_quantity_is_named_by_its_row(sound: tuple[Context, Outcome]) -> None:
    seen, outcome = sound
    table = outcome.tables["allocations"].with_columns(
        quantity=pl.when(pl.int_range(pl.len()) == 2)
        .then(pl.col("quantity") + 1)
        .otherwise(pl.col("quantity"))
    )
    named = [(b.rule, b.row, b.column) for b in checked(seen, table, outcome).broken]
    assert named == [("quantity", 3, "quantity")]


@pytest.mark.parametrize(
    ("column", "value"), [("source", "nobody"), ("region", "nowhere"), ("programme", "dibao"), ("year", 2031)]
)
def test_an_unknown_key_is_named(sound: tuple[Context, Outcome], column: str, value: Any) -> None:
    seen, outcome = sound
    table = outcome.tables["allocations"].with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
    )
    assert any(b.row == 1 for b in checked(seen, table, outcome).broken)


def test_a_row_twice_is_named(sound: tuple[Context, Outcome]) -> None:
    seen, outcome = sound
    table = outcome.tables["allocations"]
    assert any(b.rule == "key" for b in checked(seen, pl.concat([table, table.head(1)]), outcome).broken)


def test_altered_prices_prove_less(sound: tuple[Context, Outcome]) -> None:
    seen, outcome = sound
    for name, values in outcome.certificates.items():
        if name == "dual_scale" or not values.size:
            continue
        altered = {**outcome.certificates, name: values + 7}
        verdict = check(resolved(STAGE, seen), outcome.tables, altered)
        assert verdict.bound is not None and verdict.bound >= outcome.bound, name


def test_missing_or_misshapen_prices_prove_nothing(sound: tuple[Context, Outcome]) -> None:
    seen, outcome = sound
    assert check(resolved(STAGE, seen), outcome.tables, {}).bound is None
    cut = {**outcome.certificates, "cell": outcome.certificates["cell"][1:]}
    assert check(resolved(STAGE, seen), outcome.tables, cut).bound is None


def state(rule: str, net: Any, **values: Any) -> str:
    seen = context(STAGE, net, **{**PLAIN, **values})
    outcome = solve(STAGE, seen)
    verdict = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
    assert not verdict.broken
    return {r.rule: r.state for r in verdict.rules}[rule]


def test_states_tell_binding_slack_and_off() -> None:
    assert state("county_ceiling", two_counties(), county_ceiling=60) == "binding"
    assert state("county_ceiling", two_counties(), county_ceiling=101) == "slack"
    assert state("county_ceiling", two_counties()) == "off"
    assert state("budgets", two_counties()) == "binding"
    assert state("budgets", two_counties(fund_budgets=[money("g", 900)])) == "slack"
    assert state("budgets", two_counties(), budgets=False) == "off"


def test_every_rule_of_the_stage_has_a_state(sound: tuple[Context, Outcome]) -> None:
    seen, outcome = sound
    told = [r.rule for r in checked(seen, outcome.tables["allocations"], outcome).rules]
    assert sorted(told) == sorted(s.key for s in STAGE.settings if s.rule)


GRANT = {"id": "g", "name": "", "level": "central", "instrument": "grant"}
TWO = [region("P", level="province"), region("Q", level="province"), region("a", "P"), region("b", "Q")]
POOR = [{"region": "a", "year": 2016, "measure": "poor_population", "value": 3}]
SIXTY = [("g", "a", "industry", 2017, 60)]


def by(instrument: str) -> dict[str, Any]:
    return {"fund_sources": [{**GRANT, "instrument": instrument}], "region_facts": POOR}


def tagged(place: str, tag: str) -> list[dict[str, Any]]:
    return [{"region": place, "tag": tag}]


WRONG: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "budgets": ({"fund_budgets": [money("g", 50)]}, {}),
    "earmarks": ({"fund_sources": [{**GRANT, "programmes": "health"}]}, {}),
    "direction_tags": (
        {
            "fund_sources": [{**GRANT, "direction": "ethnic_minority"}],
            "region_tags": tagged("b", "language:yi"),
        },
        {"direction_tags": ["ethnic_minority>language:*"]},
    ),
    "bond_programmes": (by("bond"), {}),
    "microcredit_programmes": (by("microcredit"), {"microcredit_programmes": ["tourism"]}),
    "microcredit_loan_max": (by("microcredit"), {"microcredit_loan_max": 10, "household_size": 1.0}),
    "relending_programmes": (by("relending"), {"relending_programmes": ["tourism"]}),
    "relending_share": (by("relending"), {"relending_share": 0.5}),
    "county_floor": ({"region_tags": tagged("b", "poor_county_832")}, {"county_floor": 10}),
    "county_ceiling": ({}, {"county_ceiling": 50}),
    "per_head": ({"region_facts": POOR}, {"per_head": [0, 10]}),
    "province_shares": ({"regions": TWO}, {"province_shares": 0.1}),
    "deep_poverty_share": ({"region_tags": tagged("b", "deep_poverty")}, {"deep_poverty_share": 0.2}),
    "outside_share": ({"region_tags": tagged("a", "poor_county_832")}, {"outside_share": 0.2}),
    "slot_caps": (
        {"needs": [need("a", "industry", 100, quantity=10, unit="village", unit_cost=10)]},
        {"slot_caps": {"industry": 5}},
    ),
    "suitability": ({"region_tags": tagged("b", "suits:industry")}, {}),
    "smallest_project": ({}, {"smallest_project": 70}),
    "reward": (
        {"regions": TWO, "assessments": [{"region": "Q", "year": 2016, "category": "commended"}]},
        {"reward": 0.1},
    ),
    "stability": (
        {"fund_flows": [{"source": "g", "region": "b", "year": 2016, "stage": "allotted", "amount": 50}]},
        {"stability": 0.1},
    ),
}
"""Rule → tables and policy values under which sixty yuan to county a break it."""


def told(net: Any, rows: list[tuple[Any, ...]], **values: Any) -> StageCheck:
    """The check of hand-made rows."""
    seen = context(STAGE, net, **{**PLAIN, **values})
    cost = dict(net.frame("needs").select("programme", "unit_cost").iter_rows())
    full = [(*r, r[4] // cost[r[2]] if cost.get(r[2]) else None) for r in rows]
    names = ["source", "region", "programme", "year", "amount", "quantity"]
    schema = dict(zip(names, [pl.String] * 3 + [pl.Int64] * 3, strict=True))
    return check(resolved(STAGE, seen), {"allocations": pl.DataFrame(full, schema=schema, orient="row")}, {})


@pytest.mark.parametrize("rule", list(WRONG))
def test_a_hand_made_plan_that_breaks_a_rule_is_told_which(rule: str) -> None:
    tables, values = WRONG[rule]
    verdict = told(two_counties(**tables), SIXTY, **values)
    assert rule in {b.rule for b in verdict.broken}, [b.text.en for b in verdict.broken]
    assert {r.rule: r.state for r in verdict.rules}[rule] == "broken"


def test_more_than_came_over_breaks_carry_over() -> None:
    net = two_counties(
        needs=[need("a", "industry", 100, 2018)],
        fund_budgets=[money("g", 60, 2017, 0.5), money("g", 1, 2018)],
    )
    assert {b.rule for b in told(net, [("g", "a", "industry", 2018, 40)]).broken} == {"carry_over"}
    assert not told(net, [("g", "a", "industry", 2018, 31)]).broken


def test_more_than_the_need_is_broken() -> None:
    verdict = told(two_counties(fund_budgets=[money("g", 500)]), [("g", "a", "industry", 2017, 101)])
    assert [(b.rule, b.row) for b in verdict.broken] == [("needs", 1)]


def test_places_of_a_free_code_network_work_alike() -> None:
    net = network(regions=[region("x")], needs=[need("x", "industry", 5)],
                  fund_sources=[{"id": "g", "name": "", "level": "social", "instrument": "grant"}], fund_budgets=[money("g", 3)])  # fmt: skip
    assert state("budgets", net) == "binding"
