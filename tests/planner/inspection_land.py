"""An inspection small enough to check by hand: three provinces, nine counties, five teams."""

from __future__ import annotations

from typing import Any

from planner.stage import Outcome
from planner.stages.inspection import STAGE
from planner.verify.inspection import check
from tests.planner.tiny import assert_told, context, network, resolved, solve

PLACES = {"A": 100.0, "B": 102.0, "C": 106.0}


REGIONS = [
    {"code": "Z", "name": "Capital", "level": "province", "lon": 104.0, "lat": 30.0},
    *({"code": p, "name": f"Province {p}", "level": "province", "lon": lon, "lat": 30.0} for p, lon in PLACES.items()),
    *({"code": f"{p}{i}", "name": f"County {p}{i}", "level": "county", "parent": p, "lon": lon, "lat": 30.0}
      for p, lon in PLACES.items() for i in (1, 2, 3)),
    *({"code": f"{p}{i}v{j}", "name": "v", "level": "village", "parent": f"{p}{i}"}
      for p in PLACES for i in (1, 2, 3) for j in (1, 2, 3)),
]  # fmt: skip


TAGS = [{"region": f"{p}{i}", "tag": "poor_county_832"} for p in PLACES for i in (1, 2)]


FACTS = [
    {"region": f"{p}{i}", "year": 2016, "measure": "poor_population", "value": 100.0 * i}
    for p in PLACES
    for i in (1, 2, 3)
]


ASSESSED = [
    {"region": "A", "year": 2016, "category": "commended"},
    {"region": "B", "year": 2016, "category": "talk_deputy"},
    {"region": "C", "year": 2016, "category": "plain"},
]


TEAMS = [
    {"id": "tA", "unit": "A", "home_region": "A", "size": 8, "days_max": 60},
    {"id": "tB", "unit": "B", "home_region": "B", "size": 8, "days_max": 60},
    {"id": "tC", "unit": "C", "home_region": "C", "size": 8, "days_max": 60},
    {"id": "u1", "unit": "u1", "home_region": "Z", "size": 8, "days_max": 60},
    {"id": "u2", "unit": "u2", "home_region": "Z", "size": 8, "days_max": 60},
]


UNITS = [
    {"id": "u1", "kind": "party", "home_region": "Z"},
    {"id": "u2", "kind": "central_organ", "home_region": "Z"},
]


FEW: dict[str, Any] = {"kinds": ["check"], "tour_categories": "off", "led_by": "off", "counties_per_visit": {"check": 1},
                       "balance_tolerance": "off"}  # fmt: skip


BASE: dict[str, Any] = {"regions": REGIONS, "region_tags": TAGS, "region_facts": FACTS, "assessments": ASSESSED,
                        "inspection_teams": TEAMS, "units": UNITS}  # fmt: skip


def decide(
    given_tables: dict[str, Any] | None = None, seed: int = 0, decided: Any = None, **values: Any
) -> Outcome:
    """Solve, and let the independent check read what came out."""
    seen = context(STAGE, network(**{**BASE, **(given_tables or {})}), decided, seed, **values)
    assert STAGE.count(seen) == []
    outcome = solve(STAGE, seen)
    if outcome.tables:
        found = check(resolved(STAGE, seen), {**(decided or {}), **outcome.tables}, {})
        assert [str(b.text) for b in found.broken] == []
        assert_told(found)
        assert found.objective == outcome.objective
        assert {r.rule for r in found.rules} == {s.key for s in STAGE.settings if s.rule}
    return outcome


def sent(outcome: Outcome) -> set[tuple[str, str]]:
    """(team, inspected province)."""
    rows = outcome.tables["inspections"].select("team", "region").iter_rows()
    return {(team, county[0]) for team, county in rows}


def counted(given_tables: dict[str, Any] | None = None, **values: Any) -> str:
    return "\n".join(
        t.en for t in STAGE.count(context(STAGE, network(**{**BASE, **(given_tables or {})}), **values))
    )


def related(kind: str, supporter: str, recipient: str) -> dict[str, Any]:
    return {"relations": [{"id": "1", "kind": kind, "supporter": supporter, "recipient": recipient}]}


SCORES = [
    {"stage": "inspection", "supporter": s, "recipient": r, "cost": c, "load": 2}
    for s, r, c in (("tA", "x", 1.5), ("tA", "y", 1.0), ("tB", "x", 4.0), ("tB", "y", 2.0))
]
