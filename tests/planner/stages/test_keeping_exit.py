"""Exit years beside a published plan: each rule bites and then does not; windows by year; brute force."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.schema import RESULTS
from planner.stage import Context, Outcome
from planner.stages.exit import STAGE
from planner.stages.exit.model import find_parts
from tests.planner.exit_land import land, recheck, see
from tests.planner.kept import beside, changed, cost, rule
from tests.planner.tiny import assert_told, solve

FREE: dict[str, Any] = {
    "pace": "off", "exits_per_team": "off", "risk_weight": 0, "results_weight": 0, "early_weight": 0, "late_weight": 3.0,
    "steps": "off", "announce_by": "off",
}  # fmt: skip
EAST = {"a": 0.03, "b": 0.03, "c": 0.07}
"""a and b are under the line of 2 % from 2017 on, c from 2018 on: later costs 3 points a year."""


def exits(years: dict[str, int]) -> dict[str, pl.DataFrame]:
    rows = [
        {"region": r, "year": y, "announced_year": y, "incidence": 0.0, "cost": 0.0, "terms": "{}"}
        for r, y in years.items()
    ]
    return {"exits": pl.DataFrame(rows, schema=RESULTS["exits"].dtypes)}


def against(
    published: dict[str, int], east: dict[str, float] = EAST, villages: dict[str, tuple[str, float]] | None = None, **values: Any
) -> Context:  # fmt: skip
    return beside(STAGE, see(land(east, villages=villages), **{**FREE, **values}), exits(published))


def decided(seen: Context) -> tuple[Outcome, Any]:
    outcome = solve(STAGE, seen)
    assert outcome.status == "OPTIMAL", [c.en for c in outcome.clashes]
    found = recheck(seen, outcome.tables)
    assert [b.text.en for b in found.broken] == []
    assert_told(found)
    assert found.objective == outcome.objective == outcome.bound
    return outcome, found


def years(outcome: Outcome) -> dict[str, int]:
    return dict(outcome.tables["exits"].select("region", "year").iter_rows())


LATE = {"a": 2019, "b": 2018, "c": 2019}


def test_a_limit_on_changes_bites_and_does_not() -> None:
    """Free, all exit as soon as they may; one change goes to the county that has been waiting longest."""
    free, _ = decided(against(LATE))
    assert years(free) == {"a": 2017, "b": 2017, "c": 2018} and changed(free) == 3
    one, found = decided(against(LATE, published_changes_max=1))
    assert years(one) == {"a": 2017, "b": 2018, "c": 2019} and changed(one) == 1
    assert rule(found, "published_changes_max").state == "binding"
    _, found = decided(against(LATE, published_changes_max=4))
    assert rule(found, "published_changes_max").state == "slack"


def test_a_price_stops_what_is_not_worth_it_and_adds_up() -> None:
    some, found = decided(against(LATE, published_change_weight=4.0))
    assert years(some) == {"a": 2017, "b": 2018, "c": 2019}  # two years late cost 6 points, one costs 3
    assert some.objective == 4000 + 3000 + 3000
    assert rule(found, "published_change_weight").state == "binding"
    none, found = decided(against(LATE, published_change_weight=7.0))
    assert years(none) == LATE and rule(found, "published_change_weight").state == "slack"


def test_who_is_left_out_has_changed_too() -> None:
    """Without a deadline c, which costs nothing when it never exits early, still pays for leaving its year."""
    seen = against({"c": 2020}, {"c": 0.07}, deadline="off", late_weight=0, published_change_weight=2.0)
    kept, _ = decided(seen)
    assert years(kept) == {"c": 2020} and kept.objective == 0


def test_frozen_with_all_below_until_a_day() -> None:
    held, found = decided(against(LATE, published_frozen=["E<2017-05-01"]))
    assert years(held) == LATE and rule(found, "published_frozen").state == "binding"
    free, found = decided(against(LATE, published_frozen=["E<2016-01-01"]))
    assert years(free) != LATE and rule(found, "published_frozen").state == "slack"
    one, _ = decided(against(LATE, published_frozen=["a"]))
    assert years(one) == {"a": 2019, "b": 2017, "c": 2018}


def test_windows_by_year() -> None:
    """Up to 2018 is published: b stays, and nobody enters those years; what is published for 2019 is a draft, free after 2018."""
    found, told = decided(against(LATE, published_frozen=["*<=2018"]))
    assert years(found) == {"a": 2019, "b": 2018, "c": 2019}
    assert rule(told, "published_frozen").tightest.en == "1 region frozen, 1 decision kept"
    found, _ = decided(against({"a": 2017, "b": 2020, "c": 2020}, published_frozen=["*<=2018"]))
    assert years(found) == {"a": 2017, "b": 2019, "c": 2019}


VILLAGES = {"v1": ("a", 0.03), "v2": ("a", 0.03), "v3": ("a", 0.03)}


def test_villages_of_a_class_keep_each_its_own_year() -> None:
    """Three villages that are alike, published for two years: each change is one."""
    published = {"a": 2017, "v1": 2018, "v2": 2017, "v3": 2018}
    costs: dict[str, Any] = {"village_late_weight": 1.0, "village_early_weight": 0}
    free, _ = decided(against(published, {"a": 0.03}, VILLAGES, **costs))
    assert {v: years(free)[v] for v in VILLAGES} == dict.fromkeys(VILLAGES, 2017) and changed(free) == 2
    one, _ = decided(against(published, {"a": 0.03}, VILLAGES, published_changes_max=1, **costs))
    assert sorted(years(one)[v] for v in VILLAGES) == [2017, 2017, 2018] and years(one)["v2"] == 2017
    held, _ = decided(against(published, {"a": 0.03}, VILLAGES, published_frozen=["v3"], **costs))
    assert {v: years(held)[v] for v in VILLAGES} == {"v1": 2017, "v2": 2017, "v3": 2018}
    dear, _ = decided(against(published, {"a": 0.03}, VILLAGES, published_change_weight=2.0, **costs))
    assert years(dear) == published and dear.objective == 2000


def test_what_could_not_be_kept_is_no_change_and_is_named() -> None:
    """c is not under the line in 2017, d is gone, b's year is over."""
    found, told = decided(against({"a": 2017, "b": 2016, "c": 2017, "d": 2018}, published_changes_max=0))
    assert years(found) == {"a": 2017, "b": 2017, "c": 2018}
    words = "\n".join(w.en for w in found.warnings)
    assert "1 kept, 0 changed; 3 could not be kept" in words
    assert "the rule exit.line forbids it): county c" in words
    assert "its year is not among those planned): county b" in words
    assert "no longer a county or village that is to exit): d" in words
    assert rule(told, "published_changes_max").state == "binding"


def test_of_equally_good_years_the_published_ones() -> None:
    for published in ({"a": 2018, "b": 2020, "c": 2019}, {"a": 2020, "b": 2017, "c": 2020}):
        assert years(decided(against(published, late_weight=0))[0]) == published


def test_a_freeze_against_a_pin_cannot_hold() -> None:
    assert solve(STAGE, against(LATE, published_frozen=["a"], pins={"a": 2017})).status == "INFEASIBLE"


def test_the_check_finds_what_breaks_the_rules() -> None:
    free = solve(STAGE, against(LATE))
    seen = against(LATE, published_changes_max=2, published_frozen=["b"])
    broken = recheck(seen, free.tables).broken
    assert {b.rule for b in broken} == {"published_changes_max", "published_frozen"}
    dear = against(LATE, published_change_weight=4.0)
    assert {b.rule for b in recheck(dear, free.tables).broken} == {"terms"}


@pytest.mark.parametrize("seed", range(5))
def test_a_limit_is_optimal_and_monotone(seed: int) -> None:
    """Each limit against every way to give four counties a year."""
    draw = np.random.default_rng(seed)
    east = {c: float(draw.choice([0.03, 0.05, 0.09])) for c in "abcd"}
    published = {c: int(draw.integers(2017, 2021)) for c in "abcd"}
    costs = []
    for most in range(5):
        seen = against(published, east, published_changes_max=most)
        parts = find_parts(seen)
        blocked = np.any(list(parts.blocked.values()), axis=0)
        able = {i: published[c] - 2017 for i, c in enumerate("abcd") if not blocked[i, published[c] - 2017]}
        best = (10**9, 0)
        for picked in itertools.product(range(4), repeat=4):
            changes = sum(picked[i] != t for i, t in able.items())
            if changes <= most and not any(blocked[i, t] for i, t in enumerate(picked)):
                best = min(best, (sum(int(parts.cost[i, t]) for i, t in enumerate(picked)), changes))
        if best[0] == 10**9:
            assert solve(STAGE, seen).status == "INFEASIBLE"
            continue
        outcome, _ = decided(seen)
        assert (outcome.objective, changed(outcome)) == best
        costs.append(cost(outcome))
    assert costs == sorted(costs, reverse=True) and costs
