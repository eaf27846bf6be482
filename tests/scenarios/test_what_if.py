"""Overlays that are shipped: each is read whole and changes what it says it changes, and nothing else."""

from __future__ import annotations

import pytest

from planner.input_diff import input_difference
from planner.scenario import Scenario, read_scenario
from planner.shipped import shipped

Changed = tuple[dict[str, dict[str, int]], set[str]]
OVERLAYS: dict[str, Changed] = {
    "what-if-fujian-budget": ({"fund_budgets": {"changed": 5}}, set()),
    "what-if-dalian-withdraws": (
        {"region_tags": {"ended": 1}, "relations": {"changed": 1}, "fund_sources": {"ended": 1}, "fund_budgets": {"ended": 5}},
        set(),
    ),
    "what-if-ten-villages": ({"regions": {"new": 10}, "village_posts": {"new": 10}}, set()),
    "what-if-three-early-exits": ({}, {"exit.pins"}),
    "what-if-deep-poverty-half": ({}, {"funds.deep_poverty_share"}),
    "what-if-language-required": ({}, {"cadres.team_language", "cadres.language_weight"}),
    "what-if-liangshan-disaster": (
        {"needs": {"changed": 33}, "fund_sources": {"new": 1}, "fund_budgets": {"new": 1}},
        set(),
    ),
    "what-if-hebei-pairs-doubled": ({}, {"pairing.pins"}),
    "what-if-no-rewards": ({}, {"funds.reward"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def base() -> Scenario:
    return read_scenario("china-2016", domain=False, trust_shipped=True)


def test_all_are_listed_here() -> None:
    assert {name for name in shipped() if name.startswith("what-if")} == set(OVERLAYS)


@pytest.mark.parametrize("name", OVERLAYS)
def test_it_changes_what_it_says(base: Scenario, name: str) -> None:
    found = input_difference(base, read_scenario(name, domain=False))
    counts = {t: dict(f.group_by("how").len().iter_rows()) for t, f in found.tables.items()}
    assert (counts, {f"{s}.{k}" for s, k, _, _ in found.settings}) == OVERLAYS[name]
    assert found.head == [] and found.only == {}
