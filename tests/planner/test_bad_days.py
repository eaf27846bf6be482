"""Days that must end well, at small size; docs/benchmarks tells what they cost at the size of a country."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import ScenarioError
from planner.cost import scale_scores
from planner.solve import posting
from planner.solve.clock import Clock
from planner.solve.engines import run
from planner.stages.cadres import STAGE
from planner.stages.funds import STAGE as FUNDS
from planner.verify.score_book import smallest_scale
from tests.planner.cadre_land import PLAIN, REGIONS, cadre, decide, first, placed
from tests.planner.money_land import PLAIN as MONEY
from tests.planner.money_land import money, two_counties
from tests.planner.solve.posting_cases import answer, dense, land, narrow
from tests.planner.tiny import context, network, solve


@pytest.mark.parametrize(("score", "factor"), [(2.0**42, "10"), (1e15, "1,000"), (1e18, "1,000,000")])
def test_scores_too_large_to_sum_are_told_with_the_factor(score: float, factor: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scale_scores(np.array([score, 1.0]))
    assert caught.value.text.en.endswith(f"divide all by {factor}")
    assert scale_scores(np.rint(np.array([score, 1.0]) / int(factor.replace(",", ""))))[1] == 1


def test_decimals_of_large_scores_are_kept_or_refused_and_never_rounded_away() -> None:
    kept = np.array([123_456_789.125, 123_456_789.126])
    whole, scale = scale_scores(kept)
    assert (whole.tolist(), scale) == ([123_456_789_125, 123_456_789_126], 1000) and smallest_scale(
        kept
    ) == 1000
    with pytest.raises(ScenarioError, match="could no longer be summed exactly"):
        scale_scores(np.array([900_719_925_474.0993, 900_719_925_474.0992]))


class _Over(Clock):
    """A clock that is always up."""

    def up(self) -> bool:
        self.was_up = True
        return True


@given(st.integers(0, 10_000))
def test_time_is_up_at_once(seed: int) -> None:
    """The best flow so far is a plan, its bound is true, and it says that it was cut short, unless it is the best of all."""
    case = land(seed)
    best = answer(case.arrays)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting, "Clock", lambda seconds: _Over())
        found = run("posting", case.arrays, {"time_limit": 1e-9}, lambda facts: None)
    assert found.facts["bound"] <= best.facts["bound"] and found.facts["objective"] >= best.facts["objective"]
    assert not best.facts["cut_short"]
    if not found.facts["cut_short"]:
        assert all(np.array_equal(a, best.arrays[k]) for k, a in found.arrays.items())
    there = np.bincount(found.arrays["arc_slot"], found.arrays["arc_count"], len(case.arrays["must"]))
    assert (there <= case.arrays["must"] + case.arrays["further"]).all()


def test_time_is_up_before_the_last_round(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    cost = 200 * np.arange(50)[None, :] + rng.integers(0, 300, (60, 50))  # everyone wants the first slots
    case = dense(cost, [1] * 60, [1] * 50, [0] * 50)
    best = answer(case.arrays).facts["objective"]
    monkeypatch.setattr(posting, "Clock", lambda seconds: _Over())
    with narrow():
        found = run("posting", case.arrays, {"time_limit": 1e-9}, lambda facts: None)
    assert found.status == "FEASIBLE" and found.facts["cut_short"]
    assert found.facts["bound"] <= best < found.facts["objective"]


def test_weights_beyond_64_bits_are_refused_with_the_number_to_divide_by() -> None:
    with pytest.raises(ScenarioError) as caught:
        decide([cadre("c")], [first("v0")], skill_weight=10_000.0, distance_weight=1_000.0)
    assert "divide all weights (*_weight) by 10" in caught.value.text.en
    assert (
        decide([cadre("c")], [first("v0")], skill_weight=1_000.0, distance_weight=100.0).status == "OPTIMAL"
    )


def test_a_province_without_cadres() -> None:
    """Prefecture B has posts and nobody: they stay open, the others are filled."""
    outcome = decide([cadre("c")], [first("v0"), first("v3")])
    assert outcome.status == "OPTIMAL" and placed(outcome) == {"c": "v0/fs"}
    (told,) = outcome.warnings
    assert told.en.startswith("1 person is missing at must-posts (tier 1: 1): v3;") and "还缺 1 人" in told.zh
    assert decide([cadre("c")], [first("v0"), first("v3", minimum=0)]).warnings == []


@pytest.mark.parametrize(("values", "advised"), [({}, True), ({"must_fill_tier": 1}, False)])
def test_must_fill_tier_is_advised_only_where_it_is_off(values: dict[str, Any], advised: bool) -> None:
    (told,) = decide([cadre("c")], [first("v0"), first("v3", tier=2)], **values).warnings
    assert told.en.startswith("1 person is missing at must-posts (tier 2: 1): v3")
    assert ("with must_fill_tier it is told" in told.en) is advised is ("must_fill_tier" in told.zh)


def test_a_post_that_no_score_names_is_told() -> None:
    """By own scores only listed posts are asked for; one that was forgotten stays open with a word."""
    scores = [{"stage": "cadres", "supporter": "c", "recipient": "v0/fs", "cost": 1.0}]
    posts = [first("v0"), first("v1", tier=2)]
    net = network(regions=REGIONS, cadres=[cadre("c")], village_posts=posts, pair_scores=scores)
    outcome = solve(STAGE, context(STAGE, net, objective="scores"))
    assert (
        outcome.status == "OPTIMAL" and "(tier 2: 1): v1; pair_scores lists nobody" in outcome.warnings[0].en
    )
    net = network(regions=REGIONS, cadres=[cadre("c")], village_posts=posts[:1], pair_scores=scores)
    assert solve(STAGE, context(STAGE, net, objective="scores")).warnings == []


def test_a_village_that_nobody_may_go_to() -> None:
    people = [cadre("c", roles="member"), cadre("d")]
    assert placed(decide(people, [first("v0"), first("v1"), first("v3")], posting_area="county")) == {
        "d": "v0/fs"
    }


def test_all_costs_equal() -> None:
    """Nothing tells people or posts apart: everyone is posted, the same way every time."""
    people = [cadre(f"c{k:02d}", seniority_years=k % 3) for k in range(30)]
    posts = [first("v0", target=10, minimum=10), first("v1", target=10, minimum=10)]
    one, two = (decide(people, posts, distance_weight=0.0) for _ in range(2))
    assert one.status == "OPTIMAL" and len(placed(one)) == 20 and placed(one) == placed(two)


def test_one_class_of_many() -> None:
    """A hundred thousand people who are alike are one class; three of them are posted."""
    people = [cadre(f"c{k:06d}") for k in range(100_000)]
    net = network(regions=REGIONS, cadres=people, village_posts=[first("v0"), first("v1"), first("v2")])
    outcome = solve(STAGE, context(STAGE, net, **PLAIN))
    assert outcome.status == "OPTIMAL" and outcome.sizes["classes"] == 1
    assert outcome.tables["postings"].height == 3


@pytest.mark.parametrize(("amount", "met"), [(0, 0), (10**14, 200)])
def test_no_money_and_too_much(amount: int, met: int) -> None:
    net = two_counties(fund_budgets=[money("g", amount)])
    outcome = solve(FUNDS, context(FUNDS, net, **MONEY))
    assert outcome.status == "OPTIMAL"
    assert outcome.tables["allocations"]["amount"].sum() == met


def test_no_money_and_a_floor_is_told_with_the_numbers() -> None:
    net = two_counties(fund_budgets=[money("g", 0)], region_tags=[{"region": "a", "tag": "poor_county_832"}])
    seen = context(FUNDS, net, **{**MONEY, "county_floor": 50})
    told = FUNDS.count(seen) or solve(FUNDS, seen).clashes
    assert "50 yuan" in told[0].en and "0 yuan" in told[0].en
