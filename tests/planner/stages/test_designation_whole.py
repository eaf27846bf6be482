"""Designation as a whole: brute force on tiny cases, properties, own scores in every form."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from planner.stage import Outcome
from planner.stages.designation import STAGE
from planner.verify.designation import check
from tests.planner.tiny import context, network, resolved, solve

COUNTIES, UNITS = ("a", "b"), ("u", "v", "w")
CASES = st.fixed_dictionaries(
    {
        "capacity": st.lists(st.integers(1, 3), min_size=3, max_size=3),
        "strength": st.lists(st.sampled_from([0.0, 0.3, 0.9]), min_size=3, max_size=3),
        "kind": st.lists(st.sampled_from(["soe", "bank", None]), min_size=3, max_size=3),
        "lon": st.lists(st.integers(100, 110), min_size=5, max_size=5),
        "held": st.sets(st.sampled_from([(u, c) for u in UNITS for c in COUNTIES])),
        "least": st.integers(0, 2),
        "kinds": st.integers(1, 2),
        "keep": st.sampled_from([0.0, 0.5, 1.0]),
        "far": st.sampled_from(["off", 500]),
    }
)


def tables(case: dict[str, Any]) -> dict[str, Any]:
    places = [*COUNTIES, *(f"h{u}" for u in UNITS)]
    return {
        "regions": [{"code": c, "name": c, "lon": float(x), "lat": 30.0} for c, x in zip(places, case["lon"], strict=True)],
        "region_tags": [{"region": c, "tag": t} for c in COUNTIES for t in ("key_county_592", *["deep_poverty"] * (c == "a"))],
        "region_facts": [{"region": "a", "year": 2016, "measure": "poverty_incidence", "value": 0.3}],
        "units": [
            {"id": u, "name": u, "home_region": f"h{u}", "capacity": c, "strength": s, "kind": k}
            for u, c, s, k in zip(UNITS, case["capacity"], case["strength"], case["kind"], strict=True)
        ],
        "relations": [{"id": f"{u}{c}", "kind": "designated", "supporter": u, "recipient": c} for u, c in sorted(case["held"])],
    }  # fmt: skip


def best_by_hand(case: dict[str, Any]) -> int | None:
    """Least cost over all subsets of pairs, from the rules' own words; ``None`` where no subset is allowed."""
    at = dict(zip([*COUNTIES, *UNITS], case["lon"], strict=True))
    number = {u: i for i, u in enumerate(UNITS)}
    km = {(u, c): _km(at[u] - at[c]) for u in UNITS for c in COUNTIES}
    cost = {}
    for (u, c), distance in km.items():
        need = {"a": 1.0, "b": 0.5}[c]
        terms = (
            distance / 100,
            3 * (1 - case["strength"][number[u]]) * need,
            6.0 * ((u, c) not in case["held"]),
        )
        cost[u, c] = sum(round(t * 1000) for t in terms)
    allowed = [p for p in km if case["far"] == "off" or km[p] <= case["far"]]
    held = case["held"] & set(allowed)
    best = None
    for many in range(len(allowed) + 1):
        for some in itertools.combinations(allowed, many):
            per = Counter(c for _, c in some)
            load = Counter(u for u, _ in some)
            alike = Counter((c, k) for u, c in some if (k := case["kind"][number[u]]))
            strong = any(c == "a" and case["strength"][number[u]] >= 0.5 for u, c in some)
            right = all(case["least"] <= per[c] <= 2 for c in COUNTIES) and strong
            right &= all(load[u] <= case["capacity"][number[u]] for u in UNITS)
            right &= all(n <= case["kinds"] for n in alike.values())
            right &= len(held & set(some)) >= case["keep"] * len(held)
            total = sum(cost[p] for p in some)
            best = total if right and (best is None or total < best) else best
    return best


def _km(degrees: float) -> float:
    half = np.cos(np.radians(30.0)) ** 2 * np.sin(np.radians(degrees) / 2) ** 2
    return float(2 * 6371.0088 * np.arcsin(np.sqrt(half)))


@settings(max_examples=60, deadline=None)
@given(CASES)
def test_brute_force(case: dict[str, Any]) -> None:
    """The least cost of all subsets; infeasible where no subset is allowed; counting never says no wrongly."""
    values = {"units_per_county": [case["least"], 2], "same_kind_max": case["kinds"], "keep_share": case["keep"],
              "distance_max_km": case["far"]}  # fmt: skip
    seen = context(STAGE, network(**tables(case)), **values)
    outcome, best = solve(STAGE, seen), best_by_hand(case)
    if best is None:
        assert outcome.status == "INFEASIBLE"
        return
    assert STAGE.count(seen) == []
    assert outcome.status == "OPTIMAL"
    assert outcome.objective == best == round(float(outcome.tables["pairs"]["cost"].sum()) * 1000)
    found = check(resolved(STAGE, seen), outcome.tables, {})
    assert (list(found.broken), found.objective) == ([], best)


# ---- own scores

SCORES = st.lists(
    st.tuples(st.sampled_from([0.5, -2.25, 3.0, 7.125, -1e3]), st.integers(1, 3)), min_size=9, max_size=9
)


def scored(rows: list[dict[str, Any]], units: list[dict[str, Any]] | None, **values: Any) -> Outcome:
    given_tables = {"pair_scores": [{"stage": "designation", **r} for r in rows]}
    if units is not None:
        given_tables["units"] = units
    seen = context(STAGE, network(**given_tables), objective="scores", **values)
    outcome = solve(STAGE, seen)
    if outcome.status == "OPTIMAL":
        found = check(resolved(STAGE, seen), outcome.tables, {})
        assert not found.broken, [str(b.text) for b in found.broken]
        assert found.objective == outcome.objective == outcome.bound
    return outcome


@settings(max_examples=60, deadline=None)
@given(
    SCORES,
    st.lists(st.integers(1, 5), min_size=3, max_size=3),
    st.sampled_from(["min", "max"]),
    st.integers(0, 8),
)
def test_scores_by_brute_force(
    scores: list[tuple[float, int]], capacity: list[int], sense: str, missing: int
) -> None:
    """Three units, three counties, one pair not listed: the plain generalised-assignment problem."""
    pairs = [(u, c) for u in range(3) for c in range(3)]
    listed = {p: s for i, (p, s) in enumerate(zip(pairs, scores, strict=True)) if i != missing}
    totals = []
    for to in itertools.product(range(3), repeat=3):
        some = [(u, c) for c, u in enumerate(to)]
        if all(p in listed for p in some):
            load = np.bincount(to, [listed[p][1] for p in some], 3)
            if (load <= capacity).all():
                totals.append(sum(listed[p][0] for p in some))
    rows = [
        {"supporter": f"u{u}", "recipient": f"c{c}", "cost": s, "load": n}
        for (u, c), (s, n) in listed.items()
    ]
    found = scored(rows, [{"id": f"u{i}", "capacity": n} for i, n in enumerate(capacity)], sense=sense)
    if not totals:
        assert found.status == "INFEASIBLE"
        return
    best = min(totals) if sense == "min" else max(totals)
    assert found.objective == best * found.scale
    assert found.tables["pairs"]["cost"].sum() == best


ROWS = [
    {"supporter": "u1", "recipient": "x", "cost": 1.5},
    {"supporter": "u1", "recipient": "y", "cost": 2.0, "load": 2},
    {"supporter": "u2", "recipient": "x", "cost": 4.0},
    {"supporter": "u2", "recipient": "y", "cost": 2.25},
]


def pairs_of(outcome: Outcome) -> set[str]:
    return {s + r for s, r in outcome.tables["pairs"].select("supporter", "recipient").iter_rows()}


def test_scores_alone_have_no_capacity() -> None:
    """No table of units: ids are only identifiers, nothing limits what a unit carries."""
    assert pairs_of(scored(ROWS, None)) == {"u1x", "u1y"}
    assert pairs_of(scored(ROWS, [{"id": "u1"}, {"id": "u2"}])) == {"u1x", "u1y"}
    assert pairs_of(scored(ROWS, [{"id": "u2", "capacity": 1}])) == {"u1x", "u1y"}


def test_scores_respect_loads() -> None:
    tight = [{"id": "u1", "capacity": 2}, {"id": "u2"}]
    assert pairs_of(scored(ROWS, tight)) == {"u1x", "u2y"}
    assert pairs_of(scored(ROWS, tight, unit_capacity="off")) == {"u1x", "u1y"}
    assert scored(ROWS, [{"id": "u1", "capacity": 0}, {"id": "u2", "capacity": 1}]).status == "INFEASIBLE"


def test_scores_max_and_counts() -> None:
    assert pairs_of(scored(ROWS, None, sense="max")) == {"u2x", "u2y"}
    assert len(pairs_of(scored(ROWS, None, units_per_county=[2, 2]))) == 4
    one_each = scored(ROWS, None, counties_per_unit=[1, 1])
    assert pairs_of(one_each) == {"u1x", "u2y"}
    assert one_each.objective == 375 and one_each.scale == 100


def test_rules_are_off_with_scores_unless_set() -> None:
    """Six units of one kind, no deep-poverty strength, far away: only what the file sets counts."""
    seen = context(
        STAGE, network(pair_scores=[{"stage": "designation", **r} for r in ROWS]), objective="scores"
    )
    assert seen.policy["units_per_county"] == [1, 1]
    on = {s.key for s in STAGE.settings if s.rule and seen.policy.on(s.key)}
    assert on == {"units_per_county", "unit_capacity"}
    states = {r.rule: r.state for r in check(resolved(STAGE, seen), solve(STAGE, seen).tables, {}).rules}
    assert {k for k, v in states.items() if v != "off"} == on


def test_rules_that_the_file_sets_hold_with_scores() -> None:
    regions = [
        {"code": c, "name": c, "lon": x, "lat": 30.0} for c, x in (("x", 100.0), ("y", 100.0), ("h", 110.0))
    ]
    units = [
        {"id": "u1", "home_region": "h", "kind": "soe", "strength": 0.1},
        {"id": "u2", "home_region": "x", "strength": 0.9},
    ]
    base = {"regions": regions, "units": units, "pair_scores": [{"stage": "designation", **r} for r in ROWS],
            "relations": [{"id": "1", "kind": "designated", "supporter": "u2", "recipient": "x"}],
            "region_tags": [{"region": "x", "tag": "deep_poverty"}]}  # fmt: skip
    for values, wanted in (
        ({}, {"u1x", "u1y"}),
        ({"distance_max_km": 100}, {"u2x", "u2y"}),
        ({"keep_share": 1}, {"u2x", "u1y"}),
        ({"deep_poverty_strength": 0.5}, {"u2x", "u1y"}),
        ({"bans": ["u1>y"]}, {"u1x", "u2y"}),
        ({"pins": ["u2>y"]}, {"u1x", "u2y"}),
    ):
        seen = context(STAGE, network(**base), objective="scores", **values)
        assert STAGE.count(seen) == []
        outcome = solve(STAGE, seen)
        assert pairs_of(outcome) == wanted, values
        assert not check(resolved(STAGE, seen), outcome.tables, {}).broken
    pinned = context(STAGE, network(**base), objective="scores", pins=["u1>y"], bans=["u1>y"])
    assert "both pinned and forbidden" in STAGE.count(pinned)[0].en


def test_scores_without_rows_are_an_error() -> None:
    with pytest.raises(InputError, match="pair_scores"):
        scored([], None)


def test_baseline_and_figures_with_scores() -> None:
    net = network(
        pair_scores=[{"stage": "designation", **r} for r in ROWS], units=[{"id": "u1", "capacity": 1}]
    )
    seen = context(STAGE, net, objective="scores")
    before = STAGE.baseline(seen)
    assert before["pairs"].select("supporter", "recipient").rows() == [("u1", "x"), ("u2", "y")]
    cost = next(k for k in STAGE.measure(seen, before) if k.key == "cost")
    assert (cost.value, cost.unit, cost.title.en) == (3.75, "", "total score")
