"""A network of two counties, and decisions about it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from graph.network import Network
from graph.schema import TABLES
from graph.store.changes import Changes
from planner.office.effects import Decided
from tests.graph.store.small_networks import ABOUT, rows
from tests.graph.store.small_plans import result

ON = date(2016, 12, 31)
BEFORE, AFTER = ON - timedelta(days=400), ON + timedelta(days=20)
REGIONS = rows(
    "regions",
    {"code": "P", "name": "P", "level": "province"},
    {"code": "A", "name": "A", "level": "county", "parent": "P"},
    {"code": "B", "name": "B", "level": "county", "parent": "P"},
    {"code": "vA", "name": "vA", "level": "village", "parent": "A"},
    {"code": "vB", "name": "vB", "level": "village", "parent": "B"},
)


def network(**tables: pl.DataFrame) -> Network:
    """Regions and what else there is."""
    return ABOUT.network({"regions": REGIONS, **tables}, "tiny")


def after(changes: Changes, network: Network, table: str) -> pl.DataFrame:
    """A table once the changes are made."""
    key = list(TABLES[table].key)
    frame = network.frame(table)
    for part in (changes.put_rows(table).select(key), changes.removed_rows(table)):
        frame = frame.join(part, on=key, how="anti", nulls_equal=True)
    return pl.concat([frame, changes.put_rows(table)])


def decided(announced: int = 0, on: date = ON, plan: str = "p", **tables: pl.DataFrame) -> Decided:
    """A plan's decisions."""
    return Decided(plan, on, announced, tables)


def tie(
    id: str,
    supporter: str,
    recipient: str,
    since: date | None = BEFORE,
    until: date | None = None,
    kind: str = "designated",
) -> dict[str, Any]:
    """A relation."""
    return {
        "id": id,
        "kind": kind,
        "supporter": supporter,
        "recipient": recipient,
        "since": since,
        "until": until,
    }


def pairs(*ends: str, kind: str = "designated") -> pl.DataFrame:
    """Pairs, each written ``supporter>recipient``."""
    return result("pairs", *({"stage": "designation", "supporter": e[0], "recipient": e[2:], "cost": 0.0, "load": 1, "kind": kind} for e in ends))  # fmt: skip


def post(
    cadre: str,
    village: str,
    seat: str = "fs",
    since: date | None = BEFORE,
    until: date | None = None,
    why: str | None = None,
) -> dict[str, Any]:
    """A posting."""
    return {
        "cadre": cadre,
        "village": village,
        "post": seat,
        "since": since,
        "until": until,
        "ended_because": why,
    }


def planned_seats(*seats: tuple[str, str]) -> pl.DataFrame:
    """Planned postings: cadre, village."""
    return result(
        "postings",
        *({"cadre": c, "village": v, "post": "fs", "role": "first_secretary", "cost": 0.0} for c, v in seats),
    )
