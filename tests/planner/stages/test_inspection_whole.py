"""Inspection as a whole: the sample, brute force, round robin, own scores, explanations."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.scenario_text import toml
from planner.stages.inspection import STAGE
from planner.stages.inspection.model import find_work
from planner.stages.inspection.sample import apportion, draw_counties, draw_order
from planner.verify.inspection import check
from tests.planner.inspection_land import (
    BASE,
    FEW,
    PLACES,
    REGIONS,
    SCORES,
    TAGS,
    decide,
    related,
)
from tests.planner.tiny import context, network, resolved, solve


def test_the_sample_goes_down_to_villages_and_households() -> None:
    homes = [{"village": f"A{i}v{j}", "year": 2016, "cause": "illness", "lacking": "none", "households": 4 * j, "persons": 9}
             for i in (1, 2, 3) for j in (1, 2)]  # fmt: skip
    values = {**FEW, "villages_per_county": {"check": 2}}
    rows = decide({"household_groups": homes}, **values).tables["inspections"]
    told = {c: json.loads(s) for c, s in rows.select("region", "sample").iter_rows()}
    (county,) = [c for c in told if c[0] == "A"]
    assert (
        told[county]["villages"] == {f"{county}v1": 4, f"{county}v2": 8} and told[county]["households"] == 12
    )
    other = next(
        c for c in told if c[0] == "B"
    )  # nothing registered there: the quota stands for each village
    assert told[other]["households"] == 20 and len(told[other]["villages"]) == 2


def test_the_seed_draws_and_draws_again() -> None:
    def drawn(seed: int) -> tuple[str, ...]:
        return tuple(
            decide(seed=seed, **FEW, strata_tags="off").tables["inspections"].sort("region")["region"]
        )

    samples = {seed: drawn(seed) for seed in range(6)}
    assert len(set(samples.values())) > 1
    assert samples[3] == drawn(3)


def test_strata() -> None:
    """Two counties of four: one deep, one other by their poor people; without strata the seed alone says."""
    strata = {"a": "deep", "b": "deep", "c": "other", "d": "other"}
    even = dict.fromkeys("abcd", 10.0)
    for seed in range(8):
        drawn = draw_counties(draw_order(seed, "check", "abcd"), 2, strata, even)
        assert sorted(strata[c] for c in drawn) == ["deep", "other"]
    one = dict.fromkeys("abcd", "other")
    pairs = {tuple(draw_counties(draw_order(seed, "check", "abcd"), 2, one, even)) for seed in range(8)}
    assert ("a", "b") in pairs or ("c", "d") in pairs
    tags = [*TAGS, {"region": "A1", "tag": "deep_poverty"}]
    values = {**FEW, "counties_per_visit": {"check": 3}}
    told = [
        json.loads(s)["stratum"]
        for s in decide({"region_tags": tags}, **values).tables["inspections"]["sample"]
    ]
    assert sorted(set(told)) == ["deep_poverty", "other", "poor_county_832"]
    off = decide({"region_tags": tags}, **values, strata_tags="off").tables["inspections"]["sample"]
    assert {json.loads(s)["stratum"] for s in off} == {"other"}


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["s", "t", "u"]), min_size=1),
    st.integers(0, 8),
    st.integers(0, 99),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 50)),
)
def test_a_draw_has_the_right_size_and_follows_the_shares(
    strata: dict[str, str], wanted: int, seed: int, weight: dict[str, int]
) -> None:
    free = sorted(strata)
    drawn = draw_counties(
        draw_order(seed, "check", free), wanted, strata, {k: float(v) for k, v in weight.items()}
    )
    assert len(drawn) == len(set(drawn)) == min(wanted, len(free)) and set(drawn) <= set(free)


@given(st.integers(0, 30), st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_apportionment_keeps_quota(total: int, sizes: list[int]) -> None:
    named = {str(i): float(v) for i, v in enumerate(sizes)}
    found = apportion(total, named, sorted(named))
    assert sum(found.values()) == total
    assert all(abs(found[k] - total * v / sum(sizes)) < 1 + 1e-6 for k, v in named.items())


def test_round_robin_is_the_baseline() -> None:
    seen = context(STAGE, network(**BASE), **FEW)
    rows = STAGE.baseline(seen)["inspections"].sort("region")
    assert [(t, r[0]) for t, r in rows.select("team", "region").iter_rows()] == [
        ("tB", "A"),
        ("tC", "B"),
        ("u1", "C"),
    ]
    figures = {k.key: k.value for k in STAGE.measure(seen, STAGE.baseline(seen))}
    assert (figures["visits"], figures["conflicts"]) == (3, 0)
    tie = network(**{**BASE, **related("east_west", "B", "A")})
    seen = context(STAGE, tie, **FEW)
    assert {k.key: k.value for k in STAGE.measure(seen, STAGE.baseline(seen))}["conflicts"] == 1


def test_own_scores_are_the_plain_assignment() -> None:
    net = {
        "inspection_teams": [{"id": "tA", "days_max": 3}, {"id": "tB", "days_max": 9}],
        "pair_scores": SCORES,
    }
    seen = context(STAGE, network(**net), objective="scores")
    outcome = solve(STAGE, seen)
    assert (outcome.objective, outcome.scale) == (35, 10)
    rows = outcome.tables["inspections"].select("team", "region", "days").rows()
    assert rows == [("tA", "x", 2), ("tB", "y", 2)]
    found = check(resolved(STAGE, seen), outcome.tables, {})
    assert found.broken == [] and found.objective == 35
    assert {r.rule for r in found.rules} == {s.key for s in STAGE.settings if s.rule}
    assert found.bound is None
    found = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
    assert found.bound is not None and found.bound <= 35
    if outcome.details["bound_by"] == "prices":
        assert found.bound == outcome.bound
    for step in (-700, 700):  # other prices prove no more than the best, and here less
        prices = outcome.certificates["prices"] + np.array([step, 9 * step])
        told = check(resolved(STAGE, seen), outcome.tables, {"prices": prices}).bound
        assert told is not None and told <= 35
    free = solve(STAGE, context(STAGE, network(**net), objective="scores", team_days="off"))
    assert free.objective == 25
    assert STAGE.baseline(seen)["inspections"].height == 2
    assert STAGE.count(seen) == []


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(98.0, 112.0), min_size=3, max_size=3),
    st.lists(st.integers(6, 20), min_size=3, max_size=3),
    st.lists(st.sampled_from(["A", "B", "C", "Z"]), min_size=3, max_size=3),
    st.booleans(),
)
def test_brute_force_agrees(lons: list[float], days: list[int], leads: list[str], reciprocal: bool) -> None:
    """Every way to give three visits to three teams."""
    regions = [{**r, "lon": lons["ABC".index(r["code"])]} if r["code"] in PLACES else r for r in REGIONS]
    teams = [{"id": f"t{i}", "unit": u, "home_region": u, "size": 8, "days_max": d}
             for i, (u, d) in enumerate(zip(leads, days, strict=True))]  # fmt: skip
    net = {**BASE, "regions": regions, "inspection_teams": teams}
    seen = context(STAGE, network(**net), **FEW, no_reciprocal=reciprocal)
    work = find_work(seen)
    best = None
    for way in itertools.product(range(3), repeat=3):
        spent = [sum(int(work.days[t, v]) for v, t in enumerate(way) if t == k) for k in range(3)]
        directed = {(leads[t], work.visits[v].region) for v, t in enumerate(way)}
        mutual = reciprocal and any((b, a) in directed for a, b in directed)
        own = any(leads[t] == work.visits[v].region for v, t in enumerate(way))
        if own or mutual or any(s > d for s, d in zip(spent, days, strict=True)):
            continue
        total = sum(int(work.cost[t, v]) for v, t in enumerate(way))
        best = total if best is None or total < best else best
    outcome = solve(STAGE, seen)
    assert outcome.objective == best
    if outcome.tables:
        assert check(resolved(STAGE, seen), outcome.tables, {}).broken == []


def test_the_same_rows_in_another_order_give_the_same_plan() -> None:
    first = decide(**FEW).tables["inspections"]
    turned = {k: v[::-1] for k, v in BASE.items()}
    assert decide(turned, **FEW).tables["inspections"].equals(first)


def test_nothing_due_is_an_empty_plan_with_a_word() -> None:
    outcome = decide({"assessments": [], "region_tags": []}, **FEW)
    assert outcome.status == "OPTIMAL" and outcome.tables["inspections"].is_empty()
    assert "no region is due" in outcome.warnings[0].en
    assert {k.key for k in STAGE.measure(context(STAGE, network(**BASE), **FEW), outcome.tables)} >= {
        "visits",
        "days",
    }


def test_explain_names_terms_alternatives_and_who_may_not_go() -> None:
    seen = context(STAGE, network(**BASE), **FEW)
    found = solve(STAGE, seen).tables
    (told,) = STAGE.explain(seen, found, ("B",))
    assert told.options[0].chosen
    assert told.options[0].total == pytest.approx(sum(told.options[0].terms.values()))
    assert "may not go: nobody inspects its own region" in told.options[-1].note.en
    team = found["inspections"]["team"][0]
    assert STAGE.explain(seen, found, (team,)) and STAGE.explain(seen, found, (team, "nowhere")) == []
    scores = {
        "inspection_teams": [{"id": "tA", "days_max": 3}, {"id": "tB", "days_max": 9}],
        "pair_scores": SCORES,
    }
    scored = context(STAGE, network(**scores), objective="scores")
    assert STAGE.explain(scored, solve(STAGE, scored).tables, ("tA",))[0].options


def test_the_page_lists_every_policy_value_with_its_default() -> None:
    page = (Path(__file__).parents[3] / "docs/stages/inspection.md").read_text(encoding="utf-8")
    for setting in STAGE.settings:
        assert f"| `{setting.key}`" in page and f"| `{toml(setting.default)}` |" in page, setting.key
