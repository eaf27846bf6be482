"""Fairness as a choice: by hand, its properties, what verify proves of it and what it catches; and its price."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import ScenarioError
from graph.network import Network
from planner.solve.parts import ONE
from planner.solve.pool import InProcess
from planner.stage import Context, Limits, Outcome
from planner.stages.funds import STAGE
from planner.stages.funds.curve import fairness_curve
from planner.stages.funds.fair import fair_shares, fair_slopes
from planner.stages.funds.measure import worth_of
from planner.stages.funds.stage import seen
from planner.verify.funds import check
from planner.verify.funds.fair import segments
from tests.planner.money_land import PLAIN, money, need, network, random_country, random_values, region
from tests.planner.tiny import context, resolved, solve

MODES = ("weighted", "proportional", "leximin")


def counties(wants: dict[str, int], budgets: dict[str, tuple[int, str]], years: int = 1) -> Network:
    """Counties of one province that want so much; sources with money of 2017 for one programme each."""
    rows = [
        need(c, "industry" if c < "m" else "health", a, 2017 + y)
        for c, a in wants.items()
        for y in range(years)
    ]
    return network(
        regions=[region("P", level="province"), *(region(c, "P") for c in wants)],
        needs=rows,
        fund_sources=[{"id": s, "name": "", "level": "social", "instrument": "grant", "programmes": p}
                      for s, (_, p) in budgets.items()],
        fund_budgets=[money(s, a) for s, (a, _) in budgets.items()],
        region_tags=[], region_facts=[],
    )  # fmt: skip


def outcome_of(net: Network, **values: Any) -> tuple[Context, Outcome]:
    seen_by = context(STAGE, net, **{**PLAIN, **values})
    return seen_by, solve(STAGE, seen_by)


def got(outcome: Outcome) -> dict[str, int]:
    table = outcome.tables["allocations"]
    return dict(table.group_by("region").agg(pl.col("amount").sum()).sort("region").iter_rows())


BOTH = "industry;health"
DEARER = {"programme_weights": {"health": 3.0}}
"""Health, what counties from m on want, counts three times as much."""


def test_by_hand_each_fairness_shares_out_in_its_own_way() -> None:
    """a wants 100 000, z wants 300 000 and counts three times; 200 000 are there. Fair: half of each."""
    net = counties({"a": 100_000, "z": 300_000}, {"g": (200_000, BOTH)})
    assert got(outcome_of(net, **DEARER)[1]) == {"z": 200_000}
    for mode in ("proportional", "leximin"):
        assert got(outcome_of(net, **DEARER, fairness=mode)[1]) == {"a": 50_000, "z": 150_000}
    rich = counties({"a": 100_000, "z": 300_000}, {"g": (500_000, BOTH)})
    for mode in MODES:
        assert got(outcome_of(rich, **DEARER, fairness=mode)[1]) == {"a": 100_000, "z": 300_000}


def test_by_hand_leximin_goes_on_where_more_is_possible() -> None:
    """g pays a alone: 30 of 100. h pays z, y: 120 of 300, so 40 of each hundred. What only the last level decides goes to z."""
    net = counties({"a": 100, "y": 200, "z": 100}, {"g": (30, "industry"), "h": (120, "health")})
    _, outcome = outcome_of(net, fairness="leximin")
    assert got(outcome) == {"a": 30, "y": 80, "z": 40}
    assert outcome.details["leximin"] == {
        "rounds": [{"share": 0.3, "fixed": 1}, {"share": 0.4, "fixed": 2}], "left": 0
    }  # fmt: skip
    assert [p.objective for p in outcome.composition.parts] == [0.3, 150.0] and outcome.composition.ranked


def test_when_the_rounds_run_out_the_weighted_need_decides() -> None:
    net = counties({"a": 100, "y": 200, "z": 100}, {"g": (30, "industry"), "h": (120, "health")})
    values = {
        "return_steps": {"0.3": 1.0, "0.6": 0.5, "1.0": 0.4},
        "fairness": "leximin",
        "fairness_rounds": 1,
    }
    seen_by, outcome = outcome_of(net, **values)
    assert outcome.details["leximin"]["left"] == 2 and "fairness_rounds" in outcome.warnings[-1].zh
    assert got(outcome)["a"] == 30 and min(got(outcome)["y"] / 2, got(outcome)["z"]) >= 30
    verdict = check(resolved(STAGE, seen_by), outcome.tables, outcome.certificates)
    assert not verdict.broken and verdict.bound == outcome.objective


def test_a_floor_holds_whatever_is_fair() -> None:
    net = counties({"a": 100, "z": 100}, {"g": (100, BOTH)})
    tagged = network(**{n: f.to_dicts() for n, f in net.frames.items() if n != "region_tags"},
                     region_tags=[{"region": "z", "tag": "poor_county_832"}])  # fmt: skip
    for mode in ("proportional", "leximin"):
        assert got(outcome_of(tagged, county_floor=70, fairness=mode)[1]) == {"a": 30, "z": 70}
        assert got(outcome_of(tagged, county_floor=20, fairness=mode)[1]) == {"a": 50, "z": 50}


def test_the_chords_are_as_near_to_the_logarithm_as_is_told() -> None:
    assert list(zip(fair_shares(), fair_slopes(), strict=True)) == segments()
    ends, share = np.array(fair_shares()) / 1e6, np.linspace(0.01, 1.0, 20_001)
    chord = np.interp(share, ends, np.log(ends))
    off = np.log(share) - chord
    assert off.min() > -1e-12 and off.max() < 0.0048 and off[share > 0.5].max() < 0.0001
    assert np.allclose(np.diff(np.log(ends)) / np.diff(ends), np.array(fair_slopes()[1:]) / 1000, atol=5e-4)


@pytest.mark.parametrize("seed", range(5))
def test_proportional_comes_within_the_chords_of_the_true_optimum(seed: int) -> None:
    """With one purse and no rules the largest geometric mean is that of equal shares."""
    rng = np.random.default_rng(seed)
    wants = {c: int(rng.integers(10**5, 10**7)) for c in "abcz"}
    part = float(rng.uniform(0.5, 0.95))
    net = counties(wants, {"g": (int(part * sum(wants.values())), BOTH)})
    seen_by, outcome = outcome_of(net, fairness="proportional", **DEARER)
    figures = {k.key: k.value for k in STAGE.measure(seen_by, outcome.tables)}
    assert part * np.exp(-0.0001) - 1e-5 <= figures["fair_mean"] <= part + 1e-5


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["proportional", "leximin"]))
def test_a_fair_plan_keeps_every_rule_and_is_proved(seed: int, mode: str) -> None:
    rng = np.random.default_rng(seed)
    net, values = random_country(rng), random_values(rng)
    try:
        fair = solve(STAGE, seen_by := context(STAGE, net, **values, fairness=mode))
    except ScenarioError:  # leximin where rules cross
        return
    if fair.status == "INFEASIBLE":
        assert fair.clashes
        return
    verdict = check(resolved(STAGE, seen_by), fair.tables, fair.certificates)
    assert not verdict.broken, verdict.broken[0].text.en
    assert verdict.objective == fair.objective
    if not fair.details["crossing"]:
        assert verdict.bound == fair.bound == fair.objective
    plain = context(STAGE, net, **values)
    weighted = solve(STAGE, plain)
    figures = [{k.key: k.value for k in STAGE.measure(plain, o.tables)} for o in (weighted, fair)]
    key = {"proportional": "fair_mean", "leximin": "least_met_year"}[mode]
    assert (
        figures[1][key] >= figures[0][key] - (0.005 if mode == "proportional" else 0.0)
        or fair.details["crossing"]
    )
    worth = worth_of(plain, *seen(plain), fair.tables["allocations"])
    assert weighted.bound is not None and worth <= weighted.bound
    for other in (o for o in (fair.beside.get("year_by_year"),) if o is not None and o.tables):
        told = check(resolved(STAGE, plain), other.tables, weighted.certificates)
        assert not told.broken, told.broken[0].text.en
    assert fair.prices is None and "fairness" in fair.details["prices"]["why_not"]["en"]


def test_rules_that_cross_are_weighed_by_the_logarithm_too() -> None:
    rng = np.random.default_rng(5)
    values = {
        **random_values(rng),
        "deep_poverty_share": 0.1,
        "deep_poverty_of": "spent",
        "fairness": "proportional",
    }
    seen_by = context(STAGE, random_country(rng), **values)
    outcome = solve(STAGE, seen_by)
    verdict = check(resolved(STAGE, seen_by), outcome.tables, outcome.certificates)
    assert outcome.details["crossing"] and not verdict.broken and verdict.objective == outcome.objective
    assert outcome.bound is not None and outcome.objective is not None and outcome.objective <= outcome.bound


@pytest.mark.parametrize(("values", "word"), [
    ({"deep_poverty_share": 0.1, "deep_poverty_of": "spent"}, "deep_poverty_share"), ({"smallest_project": 10}, "smallest_project"),
])  # fmt: skip
def test_leximin_says_which_rules_it_cannot_do_with(values: dict[str, Any], word: str) -> None:
    net = counties({"a": 100, "z": 100}, {"g": (100, BOTH)})
    with pytest.raises(ScenarioError, match=word):
        outcome_of(net, fairness="leximin", **values)


def test_leximin_that_cannot_hold_is_told_like_any_plan() -> None:
    net = counties({"a": 100, "z": 100}, {"g": (10, "industry"), "h": (90, "health")})
    told = network(**{n: f.to_dicts() for n, f in net.frames.items() if n != "region_tags"},
                   region_tags=[{"region": "a", "tag": "poor_county_832"}])  # fmt: skip
    _, outcome = outcome_of(told, county_floor=40, fairness="leximin")
    assert (
        outcome.status == "INFEASIBLE"
        and "名a" in outcome.clashes[0].en
        and "30 yuan short" in outcome.clashes[0].en
    )


@pytest.fixture(scope="module")
def leximin() -> tuple[Context, Outcome]:
    net = counties({"a": 1000, "y": 2000, "z": 1000}, {"g": (300, "industry"), "h": (1200, "health")})
    return outcome_of(net, fairness="leximin")


def altered(case: tuple[Context, Outcome], **arrays: np.ndarray) -> list[str]:
    """What verify says of the plan with these certificates."""
    seen_by, outcome = case
    verdict = check(resolved(STAGE, seen_by), outcome.tables, {**outcome.certificates, **arrays})
    return [b.what.en for b in verdict.broken]


def test_a_level_that_is_not_kept_or_not_the_largest_is_named(leximin: tuple[Context, Outcome]) -> None:
    level = leximin[1].certificates["level"]
    assert altered(leximin) == []
    (low, *_) = altered(leximin, level=np.where(level == level[0, 0], level - ONE // 10, level))
    assert "round 1" in low and "does not prove" in low
    high = altered(leximin, level=np.where(level == level[0, 0], level + ONE // 10, level))
    assert any("its level asks for at least 400" in h for h in high)
    (uneven,) = altered(leximin, level=level - np.eye(*level.shape, dtype=np.int64))
    assert "round 1" in uneven
    assert "no usable certificate" in altered(leximin, level=level[:1])[0]


def test_a_cut_that_proves_nothing_is_named(leximin: tuple[Context, Outcome]) -> None:
    blank = {k: np.zeros_like(v) for k, v in leximin[1].certificates.items() if k.startswith("cut_")}
    assert [w.split(",")[0] for w in altered(leximin, **blank)] == ["round 1", "round 2"]
    swapped = {k: v[::-1] for k, v in leximin[1].certificates.items() if k.startswith("cut_")}
    assert altered(leximin, **swapped)
    late = leximin[1].certificates["level_round"].copy()
    late[0, 0] = 1
    assert altered(leximin, level_round=late)


def test_a_plan_less_fair_than_told_is_named(leximin: tuple[Context, Outcome]) -> None:
    seen_by, outcome = leximin
    table = outcome.tables["allocations"].with_columns(
        amount=pl.when(pl.col("region") == "y").then(pl.col("amount") - 100).otherwise("amount")
    )
    broken = check(resolved(STAGE, seen_by), {"allocations": table}, outcome.certificates).broken
    assert [b.rule for b in broken] == ["fairness"] and "700 yuan, its level asks for at least 800" in broken[
        0
    ].what.en


def test_altered_prices_of_the_logarithm_prove_less() -> None:
    net = counties({"a": 1000, "y": 2000, "z": 1000}, {"g": (300, "industry"), "h": (1200, "health")})
    seen_by, outcome = outcome_of(net, fairness="proportional")
    price = outcome.certificates["county_fair"] + 5_000_000
    verdict = check(resolved(STAGE, seen_by), outcome.tables, {**outcome.certificates, "county_fair": price})
    assert verdict.bound is not None and outcome.objective is not None and verdict.bound > outcome.objective


def test_the_price_of_fairness_rises_to_the_largest_floor() -> None:
    """a counts 1, z counts 3 a yuan: of 200 000 each per cent more of a's 100 000 costs 2 000 points."""
    net = counties({"a": 100_000, "z": 300_000}, {"g": (200_000, BOTH)})
    seen_by = context(STAGE, net, **{**PLAIN, **DEARER, "fairness": "leximin"})
    curve = fairness_curve(seen_by, InProcess(), Limits(), None)
    line = curve.filter(pl.col("kind").is_in(["weighted", "floor"]))
    assert line["least"].to_list() == pytest.approx([i / 16 for i in range(9)])
    assert line["lost"].to_list() == pytest.approx([2 * 100_000 * i / 16 for i in range(9)])
    assert line["points"][0] == 600_000 and line["lost_share"][8] == pytest.approx(1 / 6)
    fair = curve.filter(pl.col("kind").is_in(["proportional", "leximin"]))
    assert fair["least"].to_list() == [0.5, 0.5] and fair["lost"].to_list() == [100_000, 100_000]


def test_where_all_is_met_fairness_costs_nothing() -> None:
    net = counties({"a": 100, "z": 300}, {"g": (900, BOTH)})
    curve = fairness_curve(context(STAGE, net, **PLAIN), InProcess(), Limits(), None)
    assert (
        curve["kind"].to_list() == ["weighted", "proportional", "leximin"]
        and curve["lost"].to_list() == [0.0] * 3
    )
