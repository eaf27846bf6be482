"""Pairing beside a published plan: region and county pairs under one limit; brute force on a land of ten places."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import numpy as np
import polars as pl
import pytest

from planner.stage import Context, Outcome
from planner.stages.pairing import STAGE
from planner.stages.pairing.counties import county_pairs
from planner.stages.pairing.regions import eligible_regions
from planner.verify.pairing import check
from tests.planner.kept import beside, changed, checked, cost, pairs_table, rule
from tests.planner.pairing_land import FREE, REGIONS, tables
from tests.planner.tiny import context, network, resolved, solve

LOOSE: dict[str, Any] = {
    **FREE, "cover_recipients": True, "partners_per_recipient": [1, 2], "change_weight": 0, "tie_weight": 0,
    "need_weight": 0, "county_partners_per_recipient": [1, 2], "county_partners_per_supporter": [0, 2],
}  # fmt: skip
REGION = [("E1", "W1"), ("E1", "W2"), ("E2", "W1"), ("E2", "W2")]
COUNTY = [(a, b) for a in ("E1a", "E1b", "E2a") for b in ("W1a", "W1b", "W2a")]


def see(
    regions: list[tuple[str, str]], counties: list[tuple[str, str]], places: list[dict[str, Any]] = REGIONS, **values: Any
) -> Context:  # fmt: skip
    seen = context(STAGE, network(**tables(regions=places, relations=[])), **{**LOOSE, **values})
    parts = [pairs_table("pairing", regions, "east_west"), pairs_table("pairing", counties, "county_pair")]
    return beside(STAGE, seen, {"pairs": pl.concat(parts)})


def chosen(outcome: Outcome, kind: str = "east_west") -> set[tuple[str, str]]:
    rows = outcome.tables["pairs"].filter(pl.col("kind") == kind)
    return set(rows.select("supporter", "recipient").iter_rows())


FAR = [("E1", "W1"), ("E1", "W2")]  # E2 is nearer to both


def test_a_limit_on_changes_bites_and_does_not() -> None:
    free, _ = checked(STAGE, see(FAR, []), check)
    assert chosen(free) == {("E2", "W1"), ("E2", "W2")} and changed(free) == 4
    two, found = checked(STAGE, see(FAR, [], published_changes_max=2), check)
    assert len(chosen(two) & set(FAR)) == 1 and rule(found, "published_changes_max").state == "binding"
    assert changed(two) == 2
    _, found = checked(STAGE, see(FAR, [], published_changes_max=9), check)
    assert rule(found, "published_changes_max").state == "slack"


def test_county_pairs_count_under_the_same_limit() -> None:
    """Moving W1 from E1 to E2 ends a region pair and two county pairs and begins as many: six changes."""
    counties = [("E1a", "W1a"), ("E1b", "W1b"), ("E2a", "W2a")]
    regions = [("E1", "W1"), ("E2", "W2")]
    wide: dict[str, Any] = {"county_pairs": True, "county_partners_per_supporter": [0, 3]}
    free, _ = checked(STAGE, see(regions, counties, **wide), check)
    assert chosen(free) == {("E2", "W1"), ("E2", "W2")} and changed(free) == 6
    five, _ = checked(STAGE, see(regions, counties, published_changes_max=5, **wide), check)
    assert ("E1", "W1") in chosen(five)
    six, _ = checked(STAGE, see(regions, counties, published_changes_max=6, **wide), check)
    assert chosen(six) == chosen(free)


def test_a_price_is_in_the_terms_and_in_what_ends() -> None:
    """E2 is some 2 points (of 100 km) nearer to each; two changes at 1.5 points each are not worth it."""
    kept, _ = checked(STAGE, see(FAR, [], published_change_weight=1.5), check)
    assert chosen(kept) == set(FAR)
    moved, found = checked(STAGE, see(FAR, [], published_change_weight=0.5), check)
    assert chosen(moved) == {("E2", "W1"), ("E2", "W2")}
    assert rule(found, "published_change_weight").state == "binding"
    assert moved.composition.parts[1].objective == 1.0
    counties = [("E1a", "W1a")]
    both, _ = checked(STAGE, see(FAR, counties, published_change_weight=0.5, county_pairs=True), check)
    assert both.composition.ranked and changed(both) > 4


def test_a_frozen_region_keeps_its_pairs_and_its_counties() -> None:
    held, found = checked(STAGE, see(FAR, [], published_frozen=["W1"]), check)
    assert chosen(held) == {("E1", "W1"), ("E2", "W2")} and rule(found, "published_frozen").state == "binding"
    _, found = checked(STAGE, see(FAR, [], published_frozen=["W1<2016-06-01"]), check)
    assert rule(found, "published_frozen").state == "slack"
    county, _ = checked(STAGE, see(FAR, [("E1b", "W1a")], published_frozen=["W1a"], county_pairs=True), check)
    assert ("E1", "W1") in chosen(county)  # the county's pair needs that of its parents
    assert [p for p in chosen(county, "county_pair") if p[1] == "W1a"] == [("E1b", "W1a")]


def test_what_could_not_be_kept_is_named() -> None:
    counties = [("E1a", "W1a"), ("E1b", "W2a"), ("E3a", "W1b")]
    seen = see([*FAR, ("E3", "W1")], counties, bans=["E1>W2"], county_pairs=True)
    found, _ = checked(STAGE, seen, check)
    told = "\n".join(w.en for w in found.warnings)
    assert "the supporter takes no part any more): E3 → West one, E3a → e" in told
    assert "pairing.bans forbids it): East one → West two" in told
    assert "the pair of their parents is no longer eligible): b → f" in told
    off, _ = checked(STAGE, see(FAR, counties), check)
    assert any("county pairs are off" in w.en for w in off.warnings)


def test_a_limit_that_no_county_plan_keeps_is_an_answer() -> None:
    """W1a has a new partner whatever is chosen: its published one is banned."""
    seen = see([("E1", "W1"), ("E2", "W2")], [("E1a", "W1a"), ("E1b", "W1b"), ("E2a", "W2a")],
               county_pairs=True, county_bans=["E1a>W1a"], published_changes_max=0)  # fmt: skip
    assert solve(STAGE, seen).status == "INFEASIBLE"


def brute_force(seen: Context, published: set[tuple[str, str]], most: int) -> tuple[int, int, int]:
    """Least cost of region pairs, then of county pairs, then fewest changes, over everything that the rules allow."""
    members, pairs = eligible_regions(seen)
    region = {(pairs.supporters[s], pairs.recipients[r]): int(c)
              for s, r, c in zip(pairs.supporter, pairs.recipient, pairs.cost, strict=True)}  # fmt: skip
    whole = pl.DataFrame(REGION, schema=["supporter", "recipient"], orient="row")
    inner = county_pairs(seen, members, whole)
    county = {(inner.supporters[s], inner.recipients[r]): int(c)
              for s, r, c in zip(inner.supporter, inner.recipient, inner.cost, strict=True)}  # fmt: skip
    best = (10**9, 10**9, 10**9)
    for outer in _subsets(REGION):
        taken = Counter(r for _, r in outer)
        if not all(1 <= taken[r] <= 2 for r in ("W1", "W2")):
            continue
        for picked in _subsets([p for p in COUNTY if (p[0][:2], p[1][:2]) in outer]):
            given, got = Counter(a for a, _ in picked), Counter(b for _, b in picked)
            if not all(1 <= got[b] <= 2 for b in ("W1a", "W1b", "W2a")) or max(given.values()) > 2:
                continue
            changes = len((set(outer) | set(picked)) ^ published)
            if changes <= most:
                price = sum(region[p] for p in outer), sum(county[p] for p in picked)
                best = min(best, (*price, changes))
    return best


def _subsets(pairs: list[tuple[str, str]]) -> list[tuple[tuple[str, str], ...]]:
    return [c for n in range(len(pairs) + 1) for c in itertools.combinations(pairs, n)]


@pytest.mark.parametrize("seed", range(5))
def test_a_limit_over_both_models_is_optimal(seed: int) -> None:
    """Brute force over 16 sets of region pairs and all county pairs inside, for several limits."""
    draw = np.random.default_rng(seed)
    places = [{**p, "lon": float(draw.integers(100, 121))} for p in REGIONS]
    regions = [(str(draw.choice(["E1", "E2"])), r) for r in ("W1", "W2")]
    home = {r: s for s, r in regions}
    counties = [
        (str(draw.choice([a for a in ("E1a", "E1b", "E2a") if a[:2] == home[b[:2]]])), b)
        for b in ("W1a", "W1b", "W2a")
    ]
    published, costs = {*regions, *counties}, []
    for most in (1, 2, 3, 4, 6, 12):
        seen = see(regions, counties, places, county_pairs=True, published_changes_max=most)
        first, second, changes = brute_force(seen, published, most)
        if first == 10**9:
            assert solve(STAGE, seen).status == "INFEASIBLE"
            continue
        outcome, _ = checked(STAGE, seen, check)
        assert (divmod(cost(outcome), 10**9), changed(outcome)) == ((first, second), changes), most
        costs.append(cost(outcome))
    assert costs == sorted(costs, reverse=True) and costs


def test_the_check_finds_what_breaks_the_rules() -> None:
    free = solve(STAGE, see(FAR, []))
    seen = see(FAR, [], published_changes_max=3, published_frozen=["W2"])
    broken = check(resolved(STAGE, seen), free.tables, {}).broken
    assert {b.rule for b in broken} == {"published_changes_max", "published_frozen"}


def test_under_own_scores() -> None:
    """Both supporters score alike: the published ones stay; a limit of 0 keeps the dearer one."""
    scores = [{"stage": "pairing", "supporter": s, "recipient": r, "cost": c, "load": 1}
              for s, r, c in (("a", "x", 1.0), ("b", "x", 1.0), ("a", "y", 2.0), ("b", "y", 1.0))]  # fmt: skip
    seen = context(
        STAGE, network(units=[{"id": u, "capacity": 5} for u in "ab"], pair_scores=scores), objective="scores"
    )
    cases: list[tuple[list[tuple[str, str]], dict[str, Any], set[tuple[str, str]]]] = [
        ([("a", "x"), ("b", "y")], {}, {("a", "x"), ("b", "y")}),
        ([("b", "x"), ("b", "y")], {}, {("b", "x"), ("b", "y")}),
        ([("b", "x"), ("a", "y")], {"published_changes_max": 0}, {("b", "x"), ("a", "y")}),
    ]
    for published, values, right in cases:
        again = context(STAGE, seen.network, objective="scores", **values)
        outcome, _ = checked(
            STAGE, beside(STAGE, again, {"pairs": pairs_table("pairing", published, None)}), check
        )
        assert set(outcome.tables["pairs"].select("supporter", "recipient").iter_rows()) == right
