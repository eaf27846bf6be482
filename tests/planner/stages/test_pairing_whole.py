"""Pairing as a whole: brute force, baseline, own scores, clashes by counting, explanations."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import ScenarioError
from planner.cost import FIRST, SCALE, first_then
from planner.scenario_text import toml
from planner.solve.executor import LocalProcesses
from planner.stage import Limits
from planner.stages.pairing import STAGE, inside
from planner.stages.pairing.loads import divide
from planner.verify.pairing import check
from tests.planner.pairing_land import (
    FACTS,
    HELD,
    REGIONS,
    SCORES,
    TAGS,
    UNITS,
    decide,
    pairs,
    tables,
)
from tests.planner.tiny import context, network, resolved, solve


def test_a_clash_by_counting_names_the_numbers() -> None:
    seen = context(STAGE, network(**tables()), partners_per_supporter=[0, 1], partners_per_recipient=[2, 2])
    (found,) = STAGE.count(seen)
    assert "2 supporters with at most 1 partner make 2 pairs, but 2 recipients need at least 4" in found.en
    assert STAGE.count(context(STAGE, network(**tables()))) == []


def test_counting_finds_too_few_counties() -> None:
    seen = context(STAGE, network(**tables()), county_partners_per_supporter=[0, 0])
    assert "county_partners_per_supporter" in STAGE.count(seen)[0].en


def test_baseline_is_the_pairs_in_force() -> None:
    held = [*HELD, {"id": "3", "kind": "county_pair", "supporter": "E1a", "recipient": "W1b"}]
    seen = context(STAGE, network(**tables(relations=held)))
    rows = STAGE.baseline(seen)["pairs"].select("supporter", "recipient", "kind").rows()
    assert rows == [("E1", "W1", "east_west"), ("E1a", "W1b", "county_pair"), ("E2", "W2", "east_west")]
    figures = {k.key: k.value for k in STAGE.measure(seen, STAGE.baseline(seen))}
    assert (figures["covered"], figures["changes"], figures["counties_covered"]) == (2, 0, 1)


def test_own_scores_are_the_plain_assignment() -> None:
    net = {"units": UNITS, "pair_scores": SCORES}
    outcome = decide(net, objective="scores")
    rows = set(outcome.tables["pairs"].select("supporter", "recipient").iter_rows())
    assert rows == {("a", "x"), ("b", "y")} and outcome.objective == 35 and outcome.scale == 10
    free = decide(net, objective="scores", supporter_capacity="off")
    assert free.objective == 25
    assert decide(net, objective="scores", sense="max").objective == 60  # b takes both
    seen = context(STAGE, network(**net), objective="scores")
    assert STAGE.baseline(seen)["pairs"].height == 2


def test_region_pairs_come_first_and_no_other_plan_beats_the_bound() -> None:
    """Every choice of pins on region pairs gives a feasible plan at or above the bound, and one reaches it in rank."""
    outcome = decide()
    kinds = outcome.tables["pairs"].group_by("kind").agg(pl.col("cost").sum())
    cost = {kind: round(points * SCALE) for kind, points in kinds.iter_rows()}
    assert cost["county_pair"] > 0
    assert outcome.objective == FIRST * cost["east_west"] + cost["county_pair"]
    assert (outcome.bound, outcome.status, outcome.scale) == (outcome.objective, "OPTIMAL", FIRST * SCALE)
    assert "are all compared" in outcome.proof.en and "都已比较" in outcome.proof.zh
    free = {"partners_per_supporter": [0, 2], "fair_load_tolerance": "off", "changes_max": "off"}
    best = decide(**free)
    assert best.bound is not None
    for a, b in itertools.product(("E1", "E2"), repeat=2):
        other = decide(**free, pins=[f"{a}>W1", f"{b}>W2"])
        assert other.objective is not None and other.objective >= best.bound


def test_of_equally_cheap_region_pairs_those_with_the_cheapest_county_pairs_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both supporters stand at one place, so that four plans cost the same; their counties do not."""
    at = {
        "E1": (120.0, 30.0),
        "E2": (120.0, 30.0),
        "E1a": (106.0, 30.0),
        "E1b": (106.0, 30.1),
        "E2a": (111.0, 30.0),
    }
    regions = [
        {**r, **dict(zip(("lon", "lat"), at.get(r["code"], (r["lon"], r["lat"])), strict=True))}
        for r in REGIONS
    ]
    land = tables(regions=regions, relations=[])
    values: dict[str, Any] = {f"{w}_weight": 0.0 for w in ("need", "tie", "change", "language", "industry")}
    values |= {"partners_per_supporter": [0, 2], "fair_load_tolerance": "off", "changes_max": "off"}
    pinned = {
        (a, b): decide(land, **values, pins=[f"{a}>W1", f"{b}>W2"])
        for a, b in itertools.product(("E1", "E2"), repeat=2)
    }
    costs = {k: o.objective for k, o in pinned.items() if o.objective is not None}
    assert (
        len(costs) == 4 and len({c // FIRST for c in costs.values()}) == 1 and len(set(costs.values())) == 4
    )
    found = decide(land, **values)
    assert (found.objective, found.status) == (min(costs.values()), "OPTIMAL")
    assert pairs(found) == {("E2", "W1"), ("E1", "W2")}
    monkeypatch.setattr(inside, "MOST", 2)
    some = decide(land, **values)
    assert some.objective is not None and some.bound == FIRST * (some.objective // FIRST)
    assert some.status == "FEASIBLE" and "not all compared" in some.proof.en


def test_where_nothing_costs_anything_a_county_pin_still_holds() -> None:
    land = tables(relations=[])
    free = {f"{w}_weight": 0.0 for w in ("distance", "need", "tie", "change", "language", "industry")}
    free |= {"partners_per_supporter": [0, 2], "fair_load_tolerance": "off", "changes_max": "off"}
    found = decide(land, **free, county_pins=["E2a>W2a"])
    assert found.status == "OPTIMAL" and ("E2", "W2") in pairs(found)


def test_where_county_pairs_cost_nothing_the_plan_is_proved_best() -> None:
    free = {f"{w}_weight": 0.0 for w in ("distance", "need", "tie", "change", "language", "industry")}
    outcome = decide(**free)
    assert (outcome.objective, outcome.bound, outcome.status) == (0, 0, "OPTIMAL")


def test_the_first_model_alone_counts_in_the_same_units() -> None:
    seen = context(STAGE, network(**tables()))
    tasks, built = STAGE.tasks(seen, Limits())
    with LocalProcesses(1) as executor:
        outcome = STAGE.answer(seen, built, executor.run(tasks))
    bound = decide().bound
    assert bound is not None and (outcome.bound, outcome.scale) == (bound // FIRST * FIRST, FIRST * SCALE)


@pytest.mark.parametrize(("first", "second"), [(0, FIRST), (2**62 // FIRST + 1, 0), (1, -1)])
def test_two_ranks_that_would_mix_are_an_error(first: int, second: int) -> None:
    with pytest.raises(ScenarioError, match="divide all weights"):
        first_then(first, second)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(0, 400), min_size=4, max_size=4),
    st.lists(st.integers(1, 9), min_size=2, max_size=2),
    st.sampled_from([0.0, 0.3, 1.0]),
    st.integers(0, 4),
)
def test_brute_force_agrees(poor: list[int], revenue: list[int], tolerance: float, changes: int) -> None:
    """Every choice of pairs, loads checked by a max-flow over two supporters."""
    names = ["W1", "W2"]
    facts = [
        *({"region": r, "year": 2016, "measure": "fiscal_revenue", "value": float(v)} for r, v in zip(("E1", "E2"), revenue, strict=True)),
        *({"region": r, "year": 2016, "measure": "poor_population", "value": float(v)} for r, v in zip(names, poor[:2], strict=True)),
    ]  # fmt: skip
    values: dict[str, Any] = {"county_pairs": "off", "partners_per_supporter": [0, 2], "least_part": "off",
                              "fair_load_tolerance": tolerance, "changes_max": changes}  # fmt: skip
    seen = context(STAGE, network(**tables(region_facts=facts)), **values)
    outcome = solve(STAGE, seen)
    best = brute_force(poor, revenue, tolerance, changes)
    assert outcome.objective == best
    if outcome.tables:
        assert check(resolved(STAGE, seen), outcome.tables, {}).broken == []


def brute_force(poor: list[int], revenue: list[int], tolerance: float, changes: int) -> int | None:
    from fractions import Fraction

    from planner.stages.pairing.regions import build_regions

    facts = [
        *({"region": r, "year": 2016, "measure": "fiscal_revenue", "value": float(v)} for r, v in zip(("E1", "E2"), revenue, strict=True)),
        *({"region": r, "year": 2016, "measure": "poor_population", "value": float(v)} for r, v in zip(("W1", "W2"), poor[:2], strict=True)),
    ]  # fmt: skip
    built = build_regions(context(STAGE, network(**tables(region_facts=facts)), county_pairs="off"))
    cost = {
        (int(s), int(r)): int(c)
        for s, r, c in zip(built.pairs.supporter, built.pairs.recipient, built.pairs.cost, strict=True)
    }
    slack = 1 + Fraction(str(tolerance))
    caps = [int(Fraction(v, sum(revenue)) * sum(poor[:2]) * slack) for v in revenue]
    best = None
    for size in range(2, 5):
        for chosen in itertools.combinations(cost, size):
            picked = set(chosen)
            partners = [[s for s in (0, 1) if (s, r) in picked] for r in (0, 1)]
            changed = len(picked ^ {(0, 0), (1, 1)})
            if any(not p for p in partners) or changed > changes or not fits(partners, poor, caps):
                continue
            total = sum(cost[p] for p in chosen)
            best = total if best is None or total < best else best
    return best


def fits(partners: list[list[int]], poor: list[int], caps: list[int]) -> bool:
    only = [sum(poor[r] for r in (0, 1) if partners[r] == [s]) for s in (0, 1)]
    return (
        only[0] <= caps[0]
        and only[1] <= caps[1]
        and sum(poor[:2]) <= sum(caps[s] for s in (0, 1) if any(s in p for p in partners))
    )


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(0, 1000))
def test_shares_are_whole_and_add_up(weights: list[int], load: int) -> None:
    n = len(weights)
    parts = divide(np.full(n, load), np.zeros(n, dtype=np.int64), np.array(weights))
    assert parts.sum() == load
    assert np.all(np.abs(parts - load * np.array(weights) / sum(weights)) < 1)


def test_the_same_rows_in_another_order_give_the_same_plan() -> None:
    first = decide().tables["pairs"]
    turned = tables(
        regions=REGIONS[::-1], region_tags=TAGS[::-1], region_facts=FACTS[::-1], relations=HELD[::-1]
    )
    assert decide(turned).tables["pairs"].equals(first)


def test_explain_names_terms_and_alternatives() -> None:
    help_ = [*HELD, {"id": "3", "kind": "counterpart", "supporter": "E1", "recipient": "W2"}]
    seen = context(STAGE, network(**tables(relations=help_)))
    found = solve(STAGE, seen).tables
    (told,) = STAGE.explain(seen, found, ("W1",))
    assert [(o.what.en, o.chosen) for o in told.options] == [
        ("East one → West one", True), ("East two → West one", False)
    ]  # fmt: skip
    (county,) = STAGE.explain(seen, found, ("W2a",))
    assert county.options[0].chosen
    assert county.options[0].total == pytest.approx(sum(county.options[0].terms.values()))
    assert any("as it stands" in e.what.en for e in STAGE.explain(seen, found, ("E1", "W2")))
    scored = context(STAGE, network(units=UNITS, pair_scores=SCORES), objective="scores")
    (told,) = STAGE.explain(scored, solve(STAGE, scored).tables, ("a",))
    assert [o.total for o in told.options] == [1.0, 1.5]


def test_the_page_lists_every_policy_value_with_its_default() -> None:
    page = (Path(__file__).parents[3] / "docs/stages/pairing.md").read_text(encoding="utf-8")
    for setting in STAGE.settings:
        assert f"| `{setting.key}`" in page and f"| `{toml(setting.default)}` |" in page, setting.key
