"""A pairing small enough to check by hand: two supporters, two recipients, six counties."""

from __future__ import annotations

from typing import Any

import polars as pl

from planner.stage import Outcome
from planner.stages.pairing import STAGE
from planner.verify.pairing import check
from tests.planner.tiny import assert_told, context, network, resolved, solve

REGIONS = [
    {"code": "E1", "name": "East one", "level": "province", "lon": 120.0, "lat": 30.0},
    {"code": "E2", "name": "East two", "level": "province", "lon": 118.0, "lat": 30.0},
    {"code": "E1a", "name": "a", "level": "county", "parent": "E1", "lon": 120.0, "lat": 30.1},
    {"code": "E1b", "name": "b", "level": "county", "parent": "E1", "lon": 120.0, "lat": 30.2},
    {"code": "E2a", "name": "c", "level": "county", "parent": "E2", "lon": 118.0, "lat": 30.1},
    {"code": "W1", "name": "West one", "level": "province", "lon": 110.0, "lat": 30.0},
    {"code": "W2", "name": "West two", "level": "province", "lon": 105.0, "lat": 30.0},
    {"code": "W1a", "name": "d", "level": "county", "parent": "W1", "lon": 110.0, "lat": 30.1},
    {"code": "W1b", "name": "e", "level": "county", "parent": "W1", "lon": 110.0, "lat": 30.2},
    {"code": "W2a", "name": "f", "level": "county", "parent": "W2", "lon": 105.0, "lat": 30.1},
]


TAGS = [
    *({"region": c, "tag": "supporter"} for c in ("E1", "E2")),
    *({"region": c, "tag": "east_west_recipient"} for c in ("W1", "W2")),
    *({"region": c, "tag": "poor_county_832"} for c in ("W1a", "W1b", "W2a")),
]


FACTS = [
    *({"region": r, "year": 2016, "measure": "fiscal_revenue", "value": v} for r, v in (("E1", 300.0), ("E2", 100.0))),
    *({"region": r, "year": 2016, "measure": "poor_population", "value": v}
      for r, v in (("W1", 300.0), ("W2", 100.0), ("W1a", 200.0), ("W1b", 100.0), ("W2a", 100.0))),
]  # fmt: skip


HELD = [
    {"id": "1", "kind": "east_west", "supporter": "E1", "recipient": "W1"},
    {"id": "2", "kind": "east_west", "supporter": "E2", "recipient": "W2"},
]


FREE: dict[str, Any] = {
    "cover_recipients": "off", "cover_ethnic": "off", "partners_per_recipient": "off",
    "partners_per_supporter": "off", "fair_load_tolerance": "off", "least_part": "off", "changes_max": "off",
    "county_pairs": "off",
}  # fmt: skip


def tables(**more: Any) -> dict[str, Any]:
    return {"regions": REGIONS, "region_tags": TAGS, "region_facts": FACTS, "relations": HELD, **more}


def decide(given_tables: dict[str, Any] | None = None, **values: Any) -> Outcome:
    """Solve, and let the independent check read what came out."""
    seen = context(STAGE, network(**(given_tables or tables())), **values)
    outcome = solve(STAGE, seen)
    if outcome.tables:
        found = check(resolved(STAGE, seen), outcome.tables, {})
        assert [str(b.text) for b in found.broken] == []
        assert_told(found)
        assert found.objective == outcome.objective
        assert {r.rule for r in found.rules} == {s.key for s in STAGE.settings if s.rule}
    return outcome


def pairs(outcome: Outcome, kind: str = "east_west") -> set[tuple[str, str]]:
    rows = outcome.tables["pairs"].filter(pl.col("kind") == kind)
    return set(rows.select("supporter", "recipient").iter_rows())


def loads(outcome: Outcome) -> dict[tuple[str, str], int]:
    rows = outcome.tables["pairs"].filter(pl.col("kind") == "east_west")
    return {(s, r): n for s, r, n in rows.select("supporter", "recipient", "load").iter_rows()}


PREFECTURE = [
    *REGIONS,
    {"code": "W3", "name": "West three", "level": "province", "lon": 100.0, "lat": 30.0},
    {"code": "W3p", "name": "Prefecture", "level": "prefecture", "parent": "W3", "lon": 100.0, "lat": 30.0},
    {"code": "W3x", "name": "x", "level": "county", "parent": "W3p", "lon": 100.0, "lat": 30.0},
]


ETHNIC = [*TAGS, {"region": "W3p", "tag": "ethnic_prefecture"}]


SCORES = [
    {"stage": "pairing", "supporter": "a", "recipient": "x", "cost": 1.5, "load": 2},
    {"stage": "pairing", "supporter": "a", "recipient": "y", "cost": 1.0, "load": 2},
    {"stage": "pairing", "supporter": "b", "recipient": "x", "cost": 4.0, "load": 1},
    {"stage": "pairing", "supporter": "b", "recipient": "y", "cost": 2.0, "load": 1},
]


UNITS = [{"id": "a", "capacity": 3}, {"id": "b", "capacity": 5}]
