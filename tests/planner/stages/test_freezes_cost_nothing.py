"""A freeze settles decisions and changes no cost: of what is kept anyway it leaves every figure of the objective as it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.stage import Context, Outcome
from planner.stages import STAGES
from tests.planner import exit_land
from tests.planner.cadre_land import cadre, decide, first, members
from tests.planner.inspection_land import BASE, FEW
from tests.planner.kept import beside
from tests.planner.money_land import PLAIN, random_country
from tests.planner.pairing_land import tables
from tests.planner.stages.test_keeping_designation import BARE, land
from tests.planner.stages.test_keeping_pairing import LOOSE
from tests.planner.tiny import context, network, solve

VILLAGES = ("v0", "v1", "v2")


def figures(found: Outcome) -> tuple[Any, ...]:
    """All that is told of the objective."""
    return found.status, found.objective, found.bound, found.composition


@st.composite
def lands(
    draw: st.DrawFn,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    """Cadres, posts, postings in force and policy values."""
    homes, roles = (
        st.sampled_from(["v0", "v1", "a2", "a1", "b1"]),
        st.sampled_from(["first_secretary;member", "member"]),
    )
    people = [cadre(f"c{k}", draw(homes), roles=draw(roles)) for k in range(draw(st.integers(1, 7)))]
    posts = []
    for village in VILLAGES:
        posts.append(first(village, tier=draw(st.integers(1, 2)), target=draw(st.integers(1, 2))))
        if draw(st.booleans()):
            least = draw(st.integers(0, 2))
            posts.append(members(village, least, draw(st.integers(least, 3)), tier=draw(st.integers(1, 2))))
    there = [
        {"cadre": who["id"], "village": at["village"], "post": at["post"], "since": draw(st.sampled_from([date(2010, 1, 1), date(2016, 1, 1)]))}
        for who in people if draw(st.integers(0, 3)) == 0 and (at := draw(st.sampled_from(posts)))
    ]  # fmt: skip
    values = {
        "keep_weight": draw(st.sampled_from([0.0, 2.0])), "published_change_weight": draw(st.sampled_from([0, 1.5])),
        "team_led": draw(st.booleans()), "tiers": draw(st.sampled_from(["off", "deep_poverty"])),
        "must_fill_tier": draw(st.sampled_from(["off", "off", 1])),
    }  # fmt: skip
    return people, posts, there, values


@settings(max_examples=60, deadline=None)
@given(lands(), st.lists(st.sampled_from([*VILLAGES, "a1", "*"]), min_size=1, max_size=2, unique=True))
def test_of_postings_that_are_kept_anyway(land: Any, entries: list[str]) -> None:
    """``decide`` lets verify count all of it again, by its own code."""
    people, posts, there, values = land
    before = decide(people, posts, {"postings": there}, **{**values, "published_change_weight": 0})
    if "postings" not in before.tables:
        return
    free = decide(people, posts, {"postings": there}, published=before.tables, **values)
    frozen = decide(
        people, posts, {"postings": there}, published=before.tables, published_frozen=entries, **values
    )
    assert figures(frozen) == figures(free)
    assert frozen.tables["postings"].equals(free.tables["postings"])


def plain(stage: str, **values: Any) -> Context:
    """A tiny scenario of a stage."""
    if stage == "exit":
        return exit_land.see(exit_land.land({"a": 0.03, "b": 0.03, "c": 0.07}), **values)
    net, own = {
        "pairing": lambda: (network(**tables(relations=[])), {**LOOSE, "county_pairs": True}),
        "designation": lambda: (network(**land()), BARE),
        "inspection": lambda: (network(**BASE), FEW),
        "funds": lambda: (random_country(np.random.default_rng(7)), PLAIN),
    }[stage]()
    return context(STAGES[stage], net, **{**own, **values})


CASES = [
    ("pairing", ["W1"]), ("pairing", ["E1a", "W2"]), ("designation", ["A"]), ("designation", ["P", "u3"]), ("exit", ["a"]),
    ("exit", ["*<=2017"]), ("inspection", ["B"]), ("inspection", ["A", "C<=2017"]), ("funds", ["*"]), ("funds", ["*<=2017"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "entries"), [*CASES, *((s, ["*"]) for s in ("pairing", "designation", "exit", "inspection"))]
)
@pytest.mark.parametrize("price", [0.0, 0.7])
def test_of_the_other_stages(name: str, entries: list[str], price: float) -> None:
    stage = STAGES[name]
    before = solve(stage, plain(name)).tables
    values = {"published_change_weight": price}
    free = solve(stage, beside(stage, plain(name, **values), before))
    frozen = solve(stage, beside(stage, plain(name, **values, published_frozen=entries), before))
    assert free.status == "OPTIMAL"
    assert figures(frozen) == figures(free)
    assert all(frozen.tables[t].equals(free.tables[t]) for t in free.tables)
