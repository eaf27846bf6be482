"""Plans written by hand: their decisions and what they were made from, so that every figure can be worked out on paper."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from graph.schema import RESULTS
from planner.compare.places import joined_places
from planner.plan import Plan, read_plan
from tests.planner.tiny import frame

Rows = Sequence[Mapping[str, Any]]
DEGREE = 0.0899322  # of longitude on the equator: 10 km
STAGE_OF = {"postings": "cadres", "allocations": "funds", "exits": "exit", "inspections": "inspection"}

REGIONS: Rows = [
    {"code": "P", "name": "甲省", "level": "province", "lon": 0.0, "lat": 0.0},
    {"code": "Q", "name": "乙省", "level": "province", "lon": 50 * DEGREE, "lat": 0.0},
    {"code": "p1", "name": "一县", "level": "county", "parent": "P", "lon": 0.0, "lat": 0.0},
    {"code": "p2", "name": "二县", "level": "county", "parent": "P", "lon": 3 * DEGREE, "lat": 0.0},
    {"code": "q1", "name": "三县", "level": "county", "parent": "Q", "lon": 50 * DEGREE, "lat": 0.0},
    {"code": "v1", "name": "东村", "level": "village", "parent": "p1", "lon": 0.0, "lat": 0.0},
    {"code": "v2", "name": "西村", "level": "village", "parent": "p2", "lon": 3 * DEGREE, "lat": 0.0},
    {"code": "v3", "name": "南村", "level": "village", "parent": "q1"},  # no point: its county's counts
]
UNITS: Rows = [{"id": f"u{n}", "name": f"第{n}局", "home_region": "P"} for n in (1, 2, 3)]
SOURCES: Rows = [
    {"id": "g", "name": "全国", "level": "central"},
    {"id": "e", "name": "协作", "level": "east_west", "owner_region": "Q"},
]
CADRES: Rows = [{"id": f"c{n}", "unit": "u1", "home_region": "p1"} for n in (1, 2, 3, 4, 5)]


def pair(supporter: str, recipient: str, cost: float = 1.0, **more: Any) -> dict[str, Any]:
    """A designated pair."""
    row = {"stage": "designation", "supporter": supporter, "recipient": recipient, "cost": cost, "load": 1}
    return row | {"terms": "{}", "kind": "designated"} | more


def posting(cadre: str, village: str, post: str = "m") -> dict[str, Any]:
    """A member at a village."""
    return {"cadre": cadre, "village": village, "post": post, "role": "member", "cost": 1.0}


def money(source: str, region: str, amount: int, programme: str = "industry") -> dict[str, Any]:
    """Yuan of 2017."""
    return {"source": source, "region": region, "programme": programme, "year": 2017, "amount": amount}


def made(folder: Path, name: str, policy: Mapping[str, Any] | None = None, resolved: Mapping[str, Rows] | None = None,
         title: str = "手工", **tables: Rows) -> Plan:  # fmt: skip
    """A plan of these rows; ``resolved`` replaces or adds tables that it was made from."""
    place = folder / name
    read = {"regions": REGIONS, "units": UNITS, "fund_sources": SOURCES, "cadres": CADRES} | dict(
        resolved or {}
    )
    for part, frames in (
        ("resolved", {t: frame(t, rows) for t, rows in read.items()}),
        ("tables", {t: _result(t, rows) for t, rows in tables.items()}),
    ):
        (place / part).mkdir(parents=True)
        for table, rows in frames.items():
            rows.write_parquet(place / part / f"{table}.parquet")
    decided = {STAGE_OF[t] for t in tables if t in STAGE_OF} | (
        {"pairing", "designation"} if "pairs" in tables else set()
    )
    head = {
        "format": 1, "id": name, "title": {"zh": title, "en": title}, "jiedui": "0.1.0", "marks": {}, "reproducible": True,
        "stages": {s: {"kpis": [], "status": "OPTIMAL", "title": {"zh": s, "en": s}} for s in sorted(decided)},
        "inputs": {"date": "2016-12-31", "codes": "free", "enums": {}, "levels": ["province", "county", "village"],
                   "policy": {s: dict(policy or {}) for s in sorted(decided)}},
    }  # fmt: skip
    (place / "plan.json").write_text(json.dumps(head), encoding="utf-8")
    return read_plan(place)


def _result(table: str, rows: Rows) -> pl.DataFrame:
    declared = RESULTS[table]
    filled = [{c.name: row.get(c.name) for c in declared.columns} for row in rows]
    return pl.DataFrame(filled, schema=declared.dtypes)


def known(*plans: Plan) -> pl.DataFrame:
    """The places of all of them."""
    return joined_places(*(p.network for p in plans))
