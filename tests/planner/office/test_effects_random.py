"""What adoption changes, on random networks: the network is as decided, and adopted again it stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.dates import holding
from graph.network import Network
from graph.store.incoming import incoming
from planner.office.effects import Decided, effects
from tests.graph.store.small_networks import rows
from tests.graph.store.small_plans import result
from tests.planner.office.tiny import ON, after, network

DAYS = st.sampled_from(
    [
        None,
        ON - timedelta(days=300),
        ON - timedelta(days=1),
        ON,
        ON + timedelta(days=1),
        ON + timedelta(days=40),
    ]
)
KINDS = st.sampled_from(["designated", "east_west"])
GIVERS, TAKERS, VILLAGES = st.sampled_from("uvw"), st.sampled_from("AB"), st.sampled_from(["vA", "vB"])
CADRES, POSTS = st.sampled_from(["c1", "c2", "c3"]), st.sampled_from(["fs", "m"])


def ordered(since: date | None, until: date | None) -> bool:
    """A term that is one."""
    return since is None or until is None or since < until


@st.composite
def relations(draw: st.DrawFn) -> pl.DataFrame:
    """Relations with odd names, some over, some announced."""
    found: dict[str, dict[str, Any]] = {}
    for n in range(draw(st.integers(0, 6))):
        kind, giver, taker, since, until = (draw(s) for s in (KINDS, GIVERS, TAKERS, DAYS, DAYS))
        if ordered(since, until):
            id = draw(st.sampled_from([f"r{n}", f"{kind}:{giver}:{taker}", f"designated:u:A:{ON}"]))
            found[id] = {
                "id": id,
                "kind": kind,
                "supporter": giver,
                "recipient": taker,
                "since": since,
                "until": until,
            }
    return rows("relations", *found.values())


@st.composite
def pairs(draw: st.DrawFn) -> pl.DataFrame:
    """Planned pairs, each once."""
    ends = draw(st.sets(st.tuples(KINDS, GIVERS, TAKERS), max_size=5))
    return result("pairs", *({"stage": "designation", "kind": k, "supporter": g, "recipient": t, "cost": 0.0, "load": 1} for k, g, t in sorted(ends)))  # fmt: skip


def in_force(frame: pl.DataFrame, announced: int) -> set[tuple[str, str, str]]:
    """Kind, supporter, recipient of what runs, or is announced for the days that the plan looked ahead."""
    last = ON + timedelta(days=announced)
    begun = pl.col("since").is_null() | (pl.col("since") <= last)
    runs = frame.filter(begun & (pl.col("until").is_null() | (pl.col("until") > ON)))
    return set(runs.select("kind", "supporter", "recipient").rows())


def terms_are_terms(frame: pl.DataFrame) -> None:
    """No term ends before it begins, or as it begins."""
    assert frame.filter(pl.col("until") <= pl.col("since")).is_empty()


def adopted(told: Decided, there: Network, table: str) -> pl.DataFrame:
    """The table afterwards; adopted again, nothing changes."""
    changes = effects(told, there)
    incoming(changes, "tiny")  # each row once, and none both put and removed
    frame = after(changes, there, table)
    again = effects(told, network(**{table: frame}))
    twice = after(again, network(**{table: frame}), table)
    columns = frame.columns
    assert twice.sort(columns).equals(frame.sort(columns))
    return frame


@settings(max_examples=120)
@given(relations(), pairs(), st.sampled_from([0, 30]))
def test_relations_are_exactly_the_pairs(before: pl.DataFrame, planned: pl.DataFrame, announced: int) -> None:
    there = network(relations=before)
    found = adopted(Decided("p", ON, announced, {"pairs": planned}), there, "relations")
    wished = set(planned.select("kind", "supporter", "recipient").rows())
    mine = {(kind, taker) for kind, _, taker in wished}
    was, runs = in_force(before, announced), in_force(found, announced)
    assert {r for r in runs if (r[0], r[2]) in mine} == wished
    assert {r for r in runs if (r[0], r[2]) not in mine} == {r for r in was if (r[0], r[2]) not in mine}
    terms_are_terms(found)


@st.composite
def postings(draw: st.DrawFn) -> pl.DataFrame:
    """Postings, some over, some to come."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for _ in range(draw(st.integers(0, 6))):
        cadre, village, post, since, until = (draw(s) for s in (CADRES, VILLAGES, POSTS, DAYS, DAYS))
        if ordered(since, until):
            found[cadre, village, post, since] = {
                "cadre": cadre,
                "village": village,
                "post": post,
                "since": since,
                "until": until,
            }
    return rows("postings", *found.values())


@st.composite
def seats(draw: st.DrawFn) -> pl.DataFrame:
    """Planned postings; a cadre has one seat."""
    found = draw(st.dictionaries(CADRES, st.tuples(VILLAGES, POSTS), max_size=3))
    return result("postings", *({"cadre": c, "village": v, "post": p, "role": "member", "cost": 0.0} for c, (v, p) in sorted(found.items())))  # fmt: skip


@settings(max_examples=120)
@given(postings(), seats())
def test_postings_are_exactly_the_plans(before: pl.DataFrame, planned: pl.DataFrame) -> None:
    there = network(postings=before)
    found = adopted(Decided("p", ON, 0, {"postings": planned}), there, "postings")
    triple = ["cadre", "village", "post"]
    wished = set(planned.select(triple).rows())
    cadres, places = {c for c, _, _ in wished}, {(v, p) for _, v, p in wished}

    def theirs(frame: pl.DataFrame) -> tuple[set[Any], set[Any]]:
        held = set(frame.filter(holding(ON)).select(triple).rows())
        of_plan = {(c, v, p) for c, v, p in held if c in cadres or (v, p) in places}
        return of_plan, held - of_plan

    assert theirs(found)[0] == wished
    assert theirs(found)[1] == theirs(before)[1]
    terms_are_terms(found)
