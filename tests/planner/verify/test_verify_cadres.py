"""Verify catches every way to tamper with postings, and judges plans made by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.schema import RESULTS
from planner.stages.cadres import STAGE
from planner.verify.cadres import check
from tests.planner.cadre_land import PLAIN, REGIONS, cadre, decide, first, members, verdict
from tests.planner.tiny import context, network, resolved, solve


def rows(*given_rows: tuple[str, str, str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(given_rows, schema=RESULTS["postings"].dtypes, orient="row")


PEOPLE = [cadre("c1"), cadre("c2"), cadre("c3"), cadre("m", roles="member"), cadre("b", "b1")]
POSTS = [first("v0"), members("v0", 2, 2), first("v1", minimum=0)]
TEAM = (
    ("c1", "v0", "fs", "first_secretary", 0.0),
    ("c2", "v0", "m", "member", 0.0),
    ("c3", "v0", "m", "member", 0.0),
)


def test_a_good_plan_made_by_hand() -> None:
    found = verdict(PEOPLE, POSTS, rows(*TEAM))
    assert list(found.broken) == []
    assert found.bound is None and found.objective == 10_000_000  # one further seat empty: one step


@pytest.mark.parametrize(
    ("plan", "rule"),
    [
        ((*TEAM, ("c1", "v1", "fs", "first_secretary", 1.0)), "one_post"),
        ((*TEAM, ("x", "v1", "fs", "first_secretary", 1.0)), "known"),
        ((*TEAM, ("m", "v1", "fs", "first_secretary", 1.0)), "role_allowed"),
        ((*TEAM, ("b", "v1", "fs", "first_secretary", 9.0)), "posting_area"),
        ((*TEAM, ("m", "v0", "m", "member", 0.0)), "target"),
        (TEAM[:2], "team_minimum"),
        (TEAM[1:], "team_led"),
        ((TEAM[0], TEAM[1], ("c3", "v0", "m", "first_secretary", 0.0)), "role"),
        ((TEAM[0], TEAM[1], ("c3", "v0", "m", "member", 0.5)), "cost"),
        ((TEAM[0], TEAM[1], ("c3", "v0", "m", "member", 0.001)), "cost"),
        ((TEAM[0], ("c2", "v0", "m", "member", -0.001), ("c3", "v0", "m", "member", 0.001)), "cost"),
    ],
)
def test_broken_rows_are_named(plan: tuple[Any, ...], rule: str) -> None:
    found = verdict(PEOPLE, POSTS, rows(*plan))
    assert rule in {b.rule for b in found.broken}
    assert all(b.text.zh and b.text.en for b in found.broken)


@pytest.mark.parametrize(
    ("people", "values", "rule"),
    [
        ([cadre("c", available_from=date(2018, 1, 1))], {}, "availability"),
        ([cadre("c", skill="law")], {"skill": "require"}, "skill"),
        ([cadre("c")], {"language": "require"}, "language"),
        ([cadre("c", "a2")], {"distance_max_km": 20}, "distance_max_km"),
        ([cadre("c")], {"avoid_home_county": True}, "avoid_home_county"),
    ],
)
def test_rules_on_new_postings(people: list[dict[str, Any]], values: dict[str, Any], rule: str) -> None:
    posts = [first("v0", skill="health")]
    tags = {"region_tags": [{"region": "v0", "tag": "language:yi"}]}
    cost = 3.0 if people[0]["home_region"] == "a2" else 0.0
    plan = rows(("c", "v0", "fs", "first_secretary", cost))
    assert {b.rule for b in verdict(people, posts, plan, tags, **values).broken} == {rule}
    held = {**tags, "postings": [{"cadre": "c", "village": "v0", "post": "fs", "since": date(2010, 1, 1)}]}
    left = {b.rule for b in verdict(people, posts, plan, held, **values).broken}
    assert left == ({rule} if rule == "availability" else set())  # who stays in place is not newly posted


def test_minimum_term_and_release_and_hard_posts() -> None:
    held = {"postings": [{"cadre": "c1", "village": "v1", "post": "fs", "since": date(2016, 1, 1)}]}
    assert "minimum_term_years" in {b.rule for b in verdict(PEOPLE, POSTS, rows(*TEAM), held).broken}
    assert "unit_release_share" in {
        b.rule for b in verdict(PEOPLE, POSTS, rows(*TEAM), unit_release_share=0.5).broken
    }
    assert "must_fill_tier" in {b.rule for b in verdict(PEOPLE, POSTS, rows(), must_fill_tier=1).broken}


def test_a_leader_in_the_minimum_term_is_missed_though_the_team_goes_too() -> None:
    """That the village has no leader then excuses its members alone."""
    since = date(2016, 1, 1)
    held = [("c1", "fs"), ("m", "m")]
    at = {"postings": [{"cadre": c, "village": "v0", "post": p, "since": since} for c, p in held]}
    broken = verdict(PEOPLE, POSTS, rows(), at).broken
    assert [b.rule for b in broken] == ["minimum_term_years"] and "c1 leaves v0" in broken[0].text.en
    alone = {"postings": at["postings"][1:]}
    assert "minimum_term_years" not in {b.rule for b in verdict(PEOPLE, POSTS, rows(), alone).broken}


@given(st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=3))
@settings(max_examples=40, deadline=None)
def test_no_certificate_proves_too_much(prices: list[int]) -> None:
    """Whatever the prices say, the bound that they prove is no better than the optimum."""
    net = network(regions=REGIONS, cadres=PEOPLE, village_posts=POSTS)
    seen = context(STAGE, net, **PLAIN)
    outcome = solve(STAGE, seen)
    assert outcome.objective is not None
    found = check(resolved(STAGE, seen), outcome.tables, {"worth_post": np.array(prices)})
    assert found.bound is not None and found.bound <= outcome.objective


names = st.sampled_from(["a1", "a2", "b1"])


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_random_lands_verify(data: st.DataObject) -> None:
    """Random people, posts, postings and rules: verify finds nothing and proves the bound (in ``decide``)."""
    people = [
        cadre(f"c{k}", data.draw(names), unit=data.draw(st.sampled_from(["a1", "P", "u"])),
              roles=data.draw(st.sampled_from(["member", "first_secretary;member"])),
              skill=data.draw(st.sampled_from(["law", "health"])), languages=data.draw(st.sampled_from([None, "yi"])))
        for k in range(data.draw(st.integers(0, 7)))
    ]  # fmt: skip
    posts = []
    for k in range(4):
        posts.append(
            first(f"v{k}", tier=data.draw(st.integers(1, 2)), skill=data.draw(st.sampled_from([None, "law"])))
        )
        if data.draw(st.booleans()):
            posts.append(members(f"v{k}", data.draw(st.integers(0, 2)), data.draw(st.integers(1, 3))))
    held = [
        {"cadre": c["id"], "village": data.draw(st.sampled_from(["v0", "v1", "v3"])), "post": data.draw(st.sampled_from(["fs", "m"])),
         "since": data.draw(st.sampled_from([date(2010, 1, 1), date(2016, 1, 1)]))}
        for c in people if data.draw(st.booleans())
    ]  # fmt: skip
    tables = {
        "postings": held,
        "region_tags": [{"region": "a1", "tag": "language:yi"}, {"region": "v1", "tag": "deep_poverty"}],
        "units": [{"id": "u", "name": "u", "profile": "health", "home_region": "P"}],
        "relations": [{"id": "r", "kind": "designated", "supporter": "u", "recipient": "b1"}],
        "household_groups": [{"village": "v3", "year": 2016, "cause": "illness", "households": 3}],
    }
    values = {
        "unit_release_share": data.draw(st.sampled_from([1.0, 0.5])),
        "team_led": data.draw(st.booleans()),
        "team_minimum": data.draw(st.sampled_from(["off", 2, 3])),
        "skill": data.draw(st.sampled_from(["prefer", "require", "off"])),
        "avoid_home_county": data.draw(st.booleans()),
        **{w: data.draw(st.sampled_from([0.0, 3.0, 0.01237])) for w in PLAIN},  # rounded term by term
    }
    decide(people, posts, tables, **values)


@pytest.mark.parametrize("rule", ["skill", "language"])
def test_a_weight_is_off_with_its_rule(rule: str) -> None:
    table = rows(*TEAM)
    weight = f"{rule}_weight"
    on = {r.rule: r.state for r in verdict(PEOPLE, POSTS, table, **{weight: 4.0}).rules}
    assert (on[rule] != "off", on[weight]) == (True, "slack")
    off = {r.rule: r.state for r in verdict(PEOPLE, POSTS, table, **{weight: 4.0, rule: "off"}).rules}
    assert (off[rule], off[weight]) == ("off", "off")
    assert {r.rule: r.state for r in verdict(PEOPLE, POSTS, table, **{weight: "off"}).rules}[weight] == "off"
