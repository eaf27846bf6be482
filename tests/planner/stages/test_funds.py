"""The stage `funds` as a whole: against an integer programme written out naively, by hand, and by its properties."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from graph.errors import InputError, ScenarioError
from planner.stage import Limits
from planner.stages.funds import STAGE
from planner.stages.funds.factors import shares_by_factors
from planner.stages.funds.facts import PPM
from planner.verify.funds import check
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
from tests.planner.tiny import assert_told, context, resolved, solve


def small_case(rng: np.random.Generator) -> tuple[dict[str, Any], dict[str, Any]]:
    """Three counties, two programmes, two years, three sources; tables and policy values."""
    counties, programmes, years = ["a", "b", "c"], ["health", "industry"], [2017, 2018]
    tables = {
        "regions": [region("P", level="province"), region("Q", level="province"), region("a", "P"), region("b", "P"), region("c", "Q")],
        "needs": [need(c, p, int(rng.integers(1, 20)), y) for c in counties for p in programmes for y in years],
        "fund_sources": [
            {"id": "s1", "name": "", "level": "social", "instrument": "grant"},
            {"id": "s2", "name": "", "level": "social", "instrument": "grant", "programmes": "health"},
            {"id": "s3", "name": "", "level": "provincial", "instrument": "grant", "owner_region": "P"},
        ],
        "fund_budgets": [money(s, int(rng.integers(0, 25)), y, 0.5) for s in ("s1", "s2", "s3") for y in years],
        "region_tags": [{"region": "a", "tag": "poor_county_832"}, {"region": "c", "tag": "deep_poverty"}],
    }  # fmt: skip
    values = {**PLAIN, "return_steps": {"0.5": 1.0, "1.0": 0.25}, "county_ceiling": int(rng.integers(10, 40)),
              "county_floor": int(rng.integers(0, 4)), "deep_poverty_share": float(rng.choice([0.0, 0.2])), "later_discount": 0.1,
              "programme_weights": {"health": 1.5}}  # fmt: skip
    return tables, values


def naive_optimum(tables: dict[str, Any], values: dict[str, Any]) -> int | None:
    """The best value in thousandths, by an integer programme with one variable per source, county, programme, year."""
    needs = {(n["region"], n["programme"], n["year"]): n["amount"] for n in tables["needs"]}
    cells = sorted(needs)
    pays = {"s1": lambda c, p: True, "s2": lambda c, p: p == "health", "s3": lambda c, p: c in "ab"}
    x = [(s, *cell) for s in pays for cell in cells if pays[s](cell[0], cell[1])]
    y = [(cell, k) for cell in cells for k in (0, 1)]
    z = [(s, 2017) for s in pays]
    n, budgets = (
        len(x) + len(y) + len(z),
        {(b["source"], b["year"]): b["amount"] for b in tables["fund_budgets"]},
    )
    width = {
        (cell, k): needs[cell] // 2 if k == 0 else needs[cell] - needs[cell] // 2
        for cell in cells
        for k in (0, 1)
    }
    worth = [
        round(
            1000 * (1.0, 0.25)[k] * (1.5 if cell[1] == "health" else 1.0) * (0.9 if cell[2] == 2018 else 1.0)
        )
        for cell, k in y
    ]
    rows: list[tuple[np.ndarray, float, float]] = []

    def row(low: float, high: float, *terms: tuple[int, float]) -> None:
        line = np.zeros(n)
        for at, factor in terms:
            line[at] += factor
        rows.append((line, low, high))

    for cell in cells:
        row(
            0,
            0,
            *[(i, 1) for i, v in enumerate(x) if v[1:] == cell],
            *[(len(x) + i, -1) for i, v in enumerate(y) if v[0] == cell],
        )
    for s in pays:
        carried = len(x) + len(y) + z.index((s, 2017))
        row(
            -np.inf,
            budgets[s, 2017],
            (carried, 1),
            *[(i, 1) for i, v in enumerate(x) if v[0] == s and v[3] == 2017],
        )
        row(
            -np.inf,
            budgets[s, 2018],
            (carried, -1),
            *[(i, 1) for i, v in enumerate(x) if v[0] == s and v[3] == 2018],
        )
    for year in (2017, 2018):
        for county in "abc":
            low = values["county_floor"] if county == "a" else 0
            payable = sum(a for (c, _, t), a in needs.items() if c == county and t == year)
            row(
                min(low, payable),
                values["county_ceiling"],
                *[(i, 1) for i, v in enumerate(x) if (v[1], v[3]) == (county, year)],
            )
        money_there = min(
            sum(b for (_, t), b in budgets.items() if t == year),
            sum(a for (_, _, t), a in needs.items() if t == year),
        )
        least = np.ceil(values["deep_poverty_share"] * money_there - 1e-9)
        row(least, np.inf, *[(i, 1) for i, v in enumerate(x) if (v[1], v[3]) == ("c", year)])
    upper = [np.inf] * len(x) + [width[v] for v in y] + [budgets[s, 2017] // 2 for s, _ in z]
    cost = np.concatenate([np.zeros(len(x)), -np.array(worth, dtype=float), np.zeros(len(z))])
    matrix = np.stack([r[0] for r in rows])
    found = milp(cost, constraints=LinearConstraint(matrix, [r[1] for r in rows], [r[2] for r in rows]),
                 bounds=Bounds(0, np.array(upper)), integrality=np.ones(n))  # fmt: skip
    return round(-found.fun) if found.status == 0 else None


@pytest.mark.parametrize("seed", range(25))
def test_brute_force_agrees_on_small_cases(seed: int) -> None:
    tables, values = small_case(np.random.default_rng(seed))
    seen = context(STAGE, network(**tables), **values)
    outcome = solve(STAGE, seen)
    best = naive_optimum(tables, values)
    if best is None:
        assert outcome.status == "INFEASIBLE" and outcome.clashes
        return
    assert outcome.status == "OPTIMAL"
    assert outcome.objective == outcome.bound == best


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_a_plan_keeps_every_rule_and_its_prices_prove_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    net = random_country(rng)
    seen = context(STAGE, net, **random_values(rng))
    clashes, outcome = STAGE.count(seen), solve(STAGE, seen)
    if outcome.status == "INFEASIBLE":
        assert outcome.clashes
        return
    assert not clashes
    verdict = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
    assert_told(verdict)
    assert not verdict.broken, verdict.broken[0].text.en
    assert verdict.objective == outcome.objective
    if not outcome.details["crossing"]:
        assert verdict.bound == outcome.bound == outcome.objective


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([
    {"deep_poverty_share": 0.2, "deep_poverty_of": "spent"},
    {"stability": 0.6, "stability_against": "plan"},
    {"microcredit_loan_max": 20, "microcredit_window": "outstanding", "microcredit_years": 2},
    {"slot_caps": {"tourism": 5, "ecology": 4}, "slot_caps_by": "country"},
    {"smallest_project": 25},
]))  # fmt: skip
def test_rules_that_cross_hold_in_whole_yuan(seed: int, extra: dict[str, Any]) -> None:
    rng = np.random.default_rng(seed)
    net = random_country(rng)
    seen = context(STAGE, net, **{**random_values(rng), **extra})
    outcome = solve(STAGE, seen)
    if outcome.status not in ("OPTIMAL", "FEASIBLE"):
        return
    verdict = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
    assert_told(verdict)
    assert not verdict.broken, verdict.broken[0].text.en
    assert verdict.objective == outcome.objective <= outcome.bound


def test_a_laminar_policy_goes_to_the_flow_and_others_say_why() -> None:
    plain, _ = STAGE.tasks(context(STAGE, two_counties()), Limits())
    assert plain[0].engine == "bounded_flow"
    seen = context(STAGE, two_counties(), deep_poverty_of="spent")
    crossing, _ = STAGE.tasks(seen, Limits())
    assert crossing[0].engine == "flow_rows"
    assert "deep_poverty_share" in solve(STAGE, seen).engine.en


def test_every_yuan_goes_to_the_county_that_is_worth_more() -> None:
    seen = context(
        STAGE,
        two_counties(),
        **{**PLAIN, "programme_weights": {"industry": 2.0}, "return_steps": {"0.6": 1.0, "1.0": 0.5}},
    )
    outcome = solve(STAGE, seen)
    assert outcome.objective == 2000 * 100  # 60 + 40 or 40 + 60: all in the first step
    assert outcome.tables["allocations"]["amount"].sum() == 100


def test_quantities_count_whole_things_over_the_sources() -> None:
    net = two_counties(
        needs=[need("a", "tourism", 100, quantity=10, unit="village", unit_cost=10)],
        fund_sources=[{"id": s, "name": "", "level": "social", "instrument": "grant"} for s in ("g", "h")],
        fund_budgets=[money("g", 55), money("h", 36)],
    )
    table = solve(STAGE, context(STAGE, net, **PLAIN)).tables["allocations"]
    assert table["amount"].sum() == 91 and table["quantity"].sum() == 9
    assert sorted(table["quantity"].to_list()) in ([3, 6], [4, 5])


def test_floors_above_the_budget_are_told_with_names_and_numbers() -> None:
    net = two_counties(region_tags=[{"region": c, "tag": "poor_county_832"} for c in "ab"])
    told = STAGE.count(context(STAGE, net, **{**PLAIN, "county_floor": 80}))
    assert len(told) == 1
    for words in (told[0].zh, told[0].en):
        assert "160" in words and "100" in words and "名a" in words and "county_floor" in words


def test_years_that_cannot_hold_are_told_once_with_the_one_that_lacks_most() -> None:
    poor = [{"region": c, "tag": "poor_county_832"} for c in "ab"]
    years, amounts = (2017, 2018, 2019, 2020, 2021), (100, 90, 200, 70, 95)
    needs = [need(c, "industry", 100, year=y) for c in "ab" for y in years]
    budgets = [money("g", a, year=y) for y, a in zip(years, amounts, strict=True)]
    net = two_counties(region_tags=poor, needs=needs, fund_budgets=budgets)
    told = STAGE.count(context(STAGE, net, **{**PLAIN, "county_floor": 80}))
    assert len(told) == 1
    assert told[0].en.startswith(
        "2020: the floors of 2 counties come to 160 yuan, but all sources have only 70 yuan"
    )
    assert "; so in 2017–2018, 2020–2021, most in 2020: 90 yuan short (rules: " in told[0].en
    assert "；2017–2018, 2020–2021 年都如此，2020 年缺得最多，缺 90 元（规则：" in told[0].zh


def test_crossed_floors_and_ceilings_are_told() -> None:
    net = two_counties(region_tags=[{"region": "a", "tag": "poor_county_832"}])
    told = STAGE.count(context(STAGE, net, **{**PLAIN, "county_floor": 80, "county_ceiling": 30}))
    assert "80" in told[0].en and "30" in told[0].en and "名a" in told[0].en


def test_what_counting_cannot_see_a_cut_tells() -> None:
    net = two_counties(
        region_tags=[{"region": "a", "tag": "poor_county_832"}],
        needs=[need("a", "industry", 100), need("b", "health", 100)],
        fund_sources=[{"id": s, "name": s, "level": "social", "instrument": "grant", "programmes": p} for s, p in (("g", "health"), ("h", "industry"))],
        fund_budgets=[money("g", 90), money("h", 10)],
    )  # fmt: skip
    seen = context(STAGE, net, **{**PLAIN, "county_floor": 40})
    assert STAGE.count(seen) == []
    outcome = solve(STAGE, seen)
    assert outcome.status == "INFEASIBLE"
    words = outcome.clashes[0].en
    assert "名a" in words and "40" in words and "10 yuan" in words and "30 yuan short" in words


def test_the_baseline_goes_centre_province_county() -> None:
    net = network(
        regions=[
            region("P", level="province"),
            region("Q", level="province"),
            region("a", "P"),
            region("b", "Q"),
        ],
        needs=[need(c, "industry", 100) for c in "ab"],
        fund_sources=[{"id": "g", "name": "", "level": "central", "instrument": "grant"}],
        fund_budgets=[money("g", 80)],
        region_facts=[
            {"region": c, "year": 2016, "measure": "poor_population", "value": v}
            for c, v in (("a", 10), ("b", 30))
        ],
    )
    table = STAGE.baseline(context(STAGE, net, **{**PLAIN, "factor_weights": {"poverty": 1.0}}))[
        "allocations"
    ]
    assert dict(table.select("region", "amount").iter_rows()) == {"a": 20, "b": 60}


def test_the_plan_is_never_worth_less_than_a_baseline_that_keeps_the_rules() -> None:
    for seed in range(12):
        rng = np.random.default_rng(seed)
        seen = context(STAGE, random_country(rng), **PLAIN)
        outcome, before = solve(STAGE, seen), STAGE.baseline(seen)
        points = [
            {k.key: k.value for k in STAGE.measure(seen, t)}["points"] for t in (outcome.tables, before)
        ]
        assert points[0] >= points[1]


def test_sensitivity_lists_every_factor_both_ways() -> None:
    outcome = solve(STAGE, context(STAGE, random_country(np.random.default_rng(3)), **PLAIN))
    rows = outcome.details["sensitivity"]
    assert {(r["factor"], r["times"]) for r in rows} == {
        (f, t) for f in ("poverty", "income", "fiscal", "depth", "tasks", "results") for t in (0.5, 1.5)
    }
    assert all(0 <= r["moved"] <= 1 for r in rows)


def test_order_of_rows_changes_nothing() -> None:
    net = random_country(np.random.default_rng(11))
    mixed = net.with_frames({n: f.sample(fraction=1.0, shuffle=True, seed=5) for n, f in net.frames.items()})
    tables = [solve(STAGE, context(STAGE, n, **PLAIN)).tables["allocations"] for n in (net, mixed)]
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize("steps", [{"0.5": 0.3, "1.0": 0.6}, {"1.5": 1.0}, {"x": 1.0}, {"1.0": -1.0}])
def test_steps_that_do_not_fall_are_refused(steps: dict[str, float]) -> None:
    with pytest.raises(ScenarioError):
        STAGE.tasks(context(STAGE, two_counties(), return_steps=steps), Limits())


def test_no_budget_ahead_is_told() -> None:
    with pytest.raises(InputError):
        STAGE.tasks(context(STAGE, two_counties(fund_budgets=[money("g", 10, 2015)])), Limits())


def test_a_list_without_arrow_is_refused() -> None:
    with pytest.raises(ScenarioError):
        STAGE.tasks(context(STAGE, two_counties(), direction_programmes=["work_relief"]), Limits())


def test_everything_it_reads_is_declared() -> None:
    from graph.schema import TABLES

    declared = {f"{t}.{c}" for t, columns in STAGE.reads.items() for c in columns}
    assert declared <= {f"{t}.{c}" for t, table in TABLES.items() for c in table.by_name}
    assert {r for s in STAGE.settings for r in s.reads} <= declared


def test_no_needs_in_the_planned_years_is_told() -> None:
    with pytest.raises(InputError):
        STAGE.tasks(context(STAGE, two_counties(needs=[need("a", "industry", 5, 2016)])), Limits())


def test_the_page_names_every_policy_value_with_its_title() -> None:
    page = (Path(__file__).parents[3] / "docs" / "stages" / "funds.md").read_text(encoding="utf-8")
    for setting in STAGE.settings:
        assert f"| `{setting.key}` |" in page and setting.zh in page and setting.en in page, setting.key


def test_a_share_above_what_a_class_needs_is_warned_of() -> None:
    net = two_counties(
        needs=[need("a", "industry", 10), need("b", "industry", 100)],
        region_tags=[{"region": "a", "tag": "deep_poverty"}],
    )
    seen = context(STAGE, net, **{**PLAIN, "deep_poverty_share": 0.5})
    outcome = solve(STAGE, seen)
    assert "10 yuan" in outcome.warnings[0].en and "deep_poverty_share" in outcome.warnings[0].zh
    assert outcome.tables["allocations"].row(0)[4] == 10
    assert not solve(STAGE, context(STAGE, net, **{**PLAIN, "deep_poverty_share": 0.05})).warnings


@pytest.mark.parametrize("weights", [{"poverty": 1.0}, {"poverty": 0.4, "tasks": 0.6}, {}])
def test_shares_by_factors_share_out_everything(weights: dict[str, float]) -> None:
    factors = {"poverty": np.array([1.0, 1.0, 1.0, 5.0]), "tasks": np.array([3.0, 0.0, 7.0, 2.0])}
    shares = shares_by_factors(factors, weights, np.array([True, True, True, False]))
    assert shares.sum() == PPM and shares[3] == 0


@pytest.mark.parametrize("amount", [4 * 10**15, 10**18])
@pytest.mark.parametrize("table", ["fund_budgets", "needs"])
def test_amounts_that_could_not_be_summed_are_refused_before_the_solve(table: str, amount: int) -> None:
    rows = [money("g", amount)] if table == "fund_budgets" else [need("a", "industry", amount)]
    seen = context(STAGE, two_counties(**{table: rows}), **PLAIN)
    who = "g 2017" if table == "fund_budgets" else "a 2017"
    with pytest.raises(ScenarioError) as caught:
        STAGE.count(seen)
    told = caught.value.text.en
    assert told.startswith(table) and f"{who}, {amount:,}" in told and "at most" in told
    scale = int(told.rsplit(" ", 1)[1].replace(",", ""))
    assert scale == (10 if amount < 10**16 else 1000)
    rows[0]["amount"] = amount // scale
    assert STAGE.count(context(STAGE, two_counties(**{table: rows}), **PLAIN)) == []


def test_many_large_amounts_are_planned_exactly() -> None:
    """Ten budgets of 10^14 for needs of 10^14 each: every yuan is met, and counted again beyond a float."""
    sources = [{"id": f"g{i}", "name": "", "level": "social", "instrument": "grant"} for i in range(10)]
    budgets = [money(f"g{i}", 10**14) for i in range(10)]
    programmes = ("industry", "health", "education", "housing", "roads")
    needs = [need(c, p, 10**14 + 1) for c in "ab" for p in programmes]
    net = two_counties(fund_sources=sources, fund_budgets=budgets, needs=needs)
    seen = context(STAGE, net, **PLAIN)
    assert STAGE.count(seen) == []
    out = solve(STAGE, seen)
    assert out.objective == out.bound == 10**15 * 1000
    found = check(resolved(STAGE, seen), out.tables, out.certificates)
    assert found.broken == [] and found.objective == out.objective
