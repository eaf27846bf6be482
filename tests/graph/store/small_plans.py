"""Result tables of small plans, every kind of cell among them."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from graph.schema import RESULTS
from graph.store.proposal import Proposal
from tests.graph.store.small_networks import rows, small

TERMS = '{"distance": 1.5, "引号": "\'\\""}'


def result(table: str, *cells: dict[str, Any]) -> pl.DataFrame:
    """Rows of a result table."""
    columns = RESULTS[table].columns
    return pl.DataFrame(
        [{c.name: row.get(c.name, c.default) for c in columns} for row in cells], schema=RESULTS[table].dtypes
    )


def full() -> dict[str, pl.DataFrame]:
    """The small network with money and inspectors."""
    return small() | {
        "fund_sources": rows("fund_sources", {"id": "f1", "name": "f", "owner_region": "zh"}),
        "inspection_teams": rows("inspection_teams", {"id": "t1", "unit": "u1", "home_region": "zh"}),
    }


TABLES = {
    "pairs": result(
        "pairs",
        {"stage": "designation", "supporter": "u2", "recipient": "fg", "cost": 0.1 + 0.2, "load": 1, "terms": TERMS, "kind": "designated"},
        {"stage": "pairing", "supporter": "zh", "recipient": "nj", "cost": -2.5, "load": 2**53 + 1},
    ),
    "postings": result(
        "postings",
        {"cadre": "c2", "village": "v1", "post": "first|secretary", "role": "first_secretary", "cost": 1.0},
        {"cadre": "c1", "village": "v1", "post": "member", "role": "member", "cost": 0.0},
    ),
    "allocations": result(
        "allocations",
        *({"source": "f1", "region": "fg", "programme": p, "year": 2016, "amount": 10**15} for p in ("industry", "education")),
    ),
    "exits": result("exits", {"region": "fg", "year": 2019, "announced_year": 2020, "incidence": 0.02, "cost": 3.0}),
    "inspections": result("inspections", {"kind": "cross_check", "year": 2016, "team": "t1", "region": "fg", "days": 3, "cost": 1.0}),
}  # fmt: skip


def told(plan: str, tables: dict[str, pl.DataFrame] = TABLES, by: str = "李") -> Proposal:
    """A proposal of some tables."""
    stages = ("pairing", "designation")
    counts = {t: f.height for t, f in tables.items()}
    return Proposal(plan, 1, date(2016, 12, 31), "标题 '}", by, stages, counts, 30)


def many(count: int) -> dict[str, pl.DataFrame]:
    """So many postings, in an order of their own."""
    return {
        "postings": result(
            "postings",
            *({"cadre": f"c{1 + n % 2}", "village": "v1", "post": str((n * 7) % count), "cost": float(n)} for n in range(count)),
        )
    }  # fmt: skip
