"""A small network that can be checked by hand, and the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import scenarios
from graph.language import use_language
from graph.network import Network, RegionSettings
from graph.schema import TABLES
from graph.tables import read_network

DAY = date(2016, 12, 31)
Rows = Sequence[dict[str, Any]]


def frame(table: str, rows: Rows) -> pl.DataFrame:
    """A table's frame; columns that are not given take their default."""
    declared = TABLES[table]
    filled = [{c.name: row.get(c.name, c.default) for c in declared.columns} for row in rows]
    return pl.DataFrame(filled, schema=declared.dtypes)


def network(**tables: Rows) -> Network:
    """A network of the given rows, read on :data:`DAY`."""
    levels = ("big", "middle", "small")
    frames = {name: frame(name, rows) for name, rows in tables.items()}
    return Network(frames, RegionSettings("free", levels), name="toy", on=DAY)


REGIONS: Rows = [
    {"code": "R", "name": "Rich", "level": "big", "lon": 120.0, "lat": 30.0},
    {"code": "R1", "name": "Richtown", "level": "middle", "parent": "R", "lon": 121.0, "lat": 30.0},
    {"code": "P", "name": "Poor", "level": "big", "lon": 100.0, "lat": 25.0},
    {"code": "P1", "name": "Northpoor", "level": "middle", "parent": "P", "lon": 100.0, "lat": 26.0},
    {"code": "P2", "name": "Southpoor", "level": "middle", "parent": "P", "lon": 100.0, "lat": 24.0},
    {"code": "P1a", "name": "Hamlet", "level": "small", "parent": "P1", "lon": 100.1, "lat": 26.0},
    {"code": "P1b", "name": "Mill", "level": "small", "parent": "P1", "lon": 100.2, "lat": 26.0},
    {"code": "Q", "name": "Quiet", "level": "big", "lon": 90.0, "lat": 25.0},
    {"code": "Q1", "name": "Quietton", "level": "middle", "parent": "Q", "lon": 90.0, "lat": 26.0},
]
UNITS: Rows = [
    {"id": "u1", "name": "Farm College", "home_region": "R1", "capacity": 1},
    {"id": "u2", "name": "Mine Company", "home_region": "P2", "capacity": 2},
]
RELATIONS: Rows = [
    {"id": "ew1", "kind": "east_west", "supporter": "R", "recipient": "P", "since": date(2016, 1, 1)},
    {
        "id": "ew2", "kind": "east_west", "supporter": "R1", "recipient": "P1", "since": date(2016, 6, 1),
        "until": date(2017, 1, 1), "mark": "recalled", "source": "a page",
    },
    {"id": "d1", "kind": "designated", "supporter": "u1", "recipient": "P1a", "mark": "recalled"},
    {"id": "d2", "kind": "designated", "supporter": "u2", "recipient": "P1b"},
    {"id": "old", "kind": "designated", "supporter": "u2", "recipient": "P2", "until": date(2010, 1, 1)},
]  # fmt: skip


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


@pytest.fixture
def toy() -> Network:
    """Rich supports Poor, Richtown supports Northpoor until 2017, two units support its two small places."""
    return network(regions=REGIONS, units=UNITS, relations=RELATIONS)


@pytest.fixture(scope="session")
def make() -> Callable[..., Network]:
    """Build a network from rows."""
    return network


@pytest.fixture
def tagged() -> Callable[..., Network]:
    """The small network with tag ``t`` on some places and what ``coverage`` says of ``mine``."""

    def build(codes: list[str], coverage: list[tuple[str, str]], **more: Rows) -> Network:
        return network(
            regions=REGIONS,
            units=UNITS,
            relations=RELATIONS,
            region_tags=[{"region": c, "tag": "t"} for c in codes],
            coverage=[{"rule": "mine", "region": r, "complete": c} for r, c in coverage],
            **more,
        )

    return build


@pytest.fixture(scope="session")
def china() -> Network:
    """The shipped ``china-2016`` on the last day of 2016."""
    data = Path(scenarios.__file__).parent / "china-2016" / "data"
    only = ("regions", "names", "region_successions", "region_tags", "region_facts", "units", "relations")
    return replace(read_network(data, only=(*only, "coverage"), domain=False).network, on=DAY)
