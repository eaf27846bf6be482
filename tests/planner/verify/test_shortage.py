"""A claim that people are too few is counted again: true ones hold, and every way to make one false is caught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.shortage import Shortage
from planner.stages.cadres import STAGE
from planner.verify.cadres.shortage import check_shortage
from planner.verify.outcome import Resolved
from tests.planner.cadre_land import PLAIN, REGIONS, cadre, decide, first, members
from tests.planner.tiny import context, network, resolved

Rows = Sequence[Mapping[str, Any]]
HARD: dict[str, Any] = {"must_fill_tier": 1, "team_led": False, "team_minimum": "off"}
SINCE = {"since": date(2016, 1, 1)}
LONG_AGO = {"since": date(2010, 1, 1)}


def scene(cadres: Rows, posts: Rows, tables: Mapping[str, Rows] | None = None, **values: Any) -> Resolved:
    net = network(**{"regions": REGIONS, "cadres": cadres, "village_posts": posts, **(tables or {})})
    return resolved(STAGE, context(STAGE, net, **{**PLAIN, **HARD, **values}))


def wrong(seen: Resolved, told: Shortage) -> str:
    return " | ".join(w.en for w in check_shortage(seen, {}, told))


TWO_ASKED = Shortage([("v0", "fs"), ("v1", "fs")], 2, 1)
PEOPLE = [cadre("c"), cadre("b", "b1")]
POSTS = [first("v0"), first("v1"), first("v3"), first("v2", tier=2)]


def test_a_true_claim_holds() -> None:
    assert check_shortage(scene(PEOPLE, POSTS), {}, TWO_ASKED) == []


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (replace(TWO_ASKED, posts=[*TWO_ASKED.posts, ("v3", "fs")]), "ask for 3, and 2"),
        (replace(TWO_ASKED, posts=[*TWO_ASKED.posts, ("v3", "fs")], asked=3, people=1), "and 2 may take"),
        (replace(TWO_ASKED, posts=TWO_ASKED.posts[:1]), "do not lack people"),
        (replace(TWO_ASKED, people=0), "told are 2 and 0"),
        (replace(TWO_ASKED, asked=3), "told are 3 and 1"),
        (Shortage([("v0", "fs")], 1, 1), "do not lack people"),
        (Shortage([("v0", "fs"), ("v0", "fs")], 2, 1), "listed more than once"),
        (Shortage([("v0", "fs"), ("v2", "fs")], 2, 1), "v2/fs need not be filled"),
        (Shortage([("v0", "fs"), ("v9", "fs")], 2, 1), "v9/fs are not in village_posts"),
        (Shortage([("v0", "x"), ("v1", "fs")], 2, 1), "v0/x are not in village_posts"),
        (Shortage([], 1, 0), "ask for 0"),
    ],
)  # fmt: skip
def test_a_false_claim_is_caught(told: Shortage, why: str) -> None:
    assert why in wrong(scene(PEOPLE, POSTS), told)


def test_people_who_were_left_out_are_found() -> None:
    """However they may come: the area, their unit's counties, being there already, a rule that is off."""
    posts = [first("v0"), first("v1")]
    unit = {"relations": [{"id": "r", "kind": "designated", "supporter": "u", "recipient": "a1"}],
            "units": [{"id": "u", "name": "u", "home_region": "b1"}]}  # fmt: skip
    held = {"postings": [{"cadre": "h", "village": "v1", "post": "fs", **LONG_AGO}]}
    for hidden, tables in (
        (cadre("h", "a2"), {}),
        (cadre("h", "b1", unit="u"), unit),
        (cadre("h", "b1"), held),
    ):
        assert "ask for 2, and 2" in wrong(scene([cadre("c"), hidden], posts, tables), TWO_ASKED)
    assert wrong(scene(PEOPLE, posts), TWO_ASKED) == ""
    assert "and 2 may take" in wrong(scene(PEOPLE, posts, posting_area="off"), TWO_ASKED)
    assert "need not be filled" in wrong(scene(PEOPLE, posts, must_fill_tier="off"), TWO_ASKED)


def test_who_may_not_come_is_not_counted() -> None:
    posts = [first("v0", skill="law"), first("v1", skill="law")]
    rules: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
        ({"roles": "member"}, {}),
        ({"available_until": date(2017, 6, 1)}, {}),
        ({"skill": "health"}, {"skill": "require"}),
        ({"home_region": "a2"}, {"distance_max_km": 15.0}),
        ({"home_region": "a1"}, {"avoid_home_county": True}),
    )
    for more, values in rules:
        seen = scene([cadre("c", "a2" if values.get("avoid_home_county") else "a1", skill="law"), cadre("h", **{"skill": "law", **more})],
                     posts, **values)  # fmt: skip
        assert wrong(seen, TWO_ASKED) == ""


def test_a_unit_sends_no_more_than_it_releases_and_those_in_their_term_are_seated() -> None:
    people = [cadre(f"c{k}", unit="u") for k in range(4)]
    units = {"units": [{"id": "u", "name": "u", "home_region": "a1"}]}
    posts = [members("v0", 3, 3)]
    assert wrong(scene(people, posts, units, unit_release_share=0.5), Shortage([("v0", "m")], 3, 2)) == ""
    assert "and 4 may take" in wrong(scene(people, posts, units), Shortage([("v0", "m")], 3, 2))
    seated = {**units, "postings": [{"cadre": "c0", "village": "v0", "post": "m", **SINCE}]}
    told = Shortage([("v0", "m")], 2, 1)  # one seated; of two that the unit may release one is gone
    assert wrong(scene(people, posts, seated, unit_release_share=0.5), told) == ""


people = st.lists(st.tuples(st.sampled_from(["a1", "a2", "b1"]), st.sampled_from(["first_secretary", "member", "first_secretary;member"]),
                            st.sampled_from(["u", "w", None]), st.sampled_from([None, "in term", "in place"])), min_size=1, max_size=7)  # fmt: skip
seats = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(1, 2)), min_size=2, max_size=4)


@given(people, seats, st.sampled_from([1.0, 0.5]), st.sampled_from(["off", 20.0]), st.data())
@settings(max_examples=150, deadline=None)
def test_every_cut_of_the_model_holds_and_no_other_claim_does(
    drawn: list[tuple[str, str, str | None, str | None]],
    asked: list[tuple[int, int, int]],
    share: float,
    far: Any,
    data: st.DataObject,
) -> None:
    """The model's cut is what is counted; where it has an answer, no set of posts is short of people."""
    cadres = [cadre(f"c{k}", home, roles=roles, unit=unit) for k, (home, roles, unit, _) in enumerate(drawn)]
    posts = [r for v, (lead, least, n) in enumerate(asked) for r in (first(f"v{v}", minimum=min(lead, 1)), members(f"v{v}", least, n))]  # fmt: skip
    villages = len(asked)
    tables = {
        "units": [{"id": u, "name": u, "home_region": "a1"} for u in "uw"],
        "relations": [{"id": "r", "kind": "village_unit", "supporter": "w", "recipient": "v1"}],
        "postings": [
            {"cadre": f"c{k}", "village": f"v{k % villages}", "post": "m", **(SINCE if how == "in term" else LONG_AGO)}
            for k, (*_, how) in enumerate(drawn) if how
        ],
    }  # fmt: skip
    values = {**HARD, "unit_release_share": share, "distance_max_km": far}
    outcome = decide(cadres, posts, tables, **values)  # asserts that the cut, if there is one, holds
    seen, told = scene(cadres, posts, tables, **values), outcome.shortage
    keys = [(str(p["village"]), str(p["post"])) for p in posts if p["minimum"]]
    if told is None:
        assert outcome.status in ("OPTIMAL", "FEASIBLE")
        for n in range(1, min(len(keys), 4) + 1):
            for some in combinations(keys, n):
                assert check_shortage(seen, {}, Shortage(some, n, 0)) != []
        return
    kind = data.draw(st.sampled_from(["a post more", "a post fewer", "people hidden", "people added"]))
    seated = {(r["village"], r["post"]) for r in tables["postings"]}  # these may ask for nobody further
    other = [k for k in keys if k not in told.posts and k not in seated]
    if kind == "a post more" and other:
        told = replace(told, posts=[*told.posts, other[0]])
    elif kind == "a post fewer":
        told = replace(told, posts=told.posts[1:])
    elif kind.startswith("people"):
        told = replace(told, people=told.people + (1 if kind == "people added" else -1))
    else:
        return
    assert check_shortage(seen, {}, told) != []
