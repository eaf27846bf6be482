"""A network in a store, and plans computed from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from graph.store.load import load
from graph.store.protocol import Store
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from tests.graph.store.conftest import address, again, store
from tests.planner.small import MORE, TWO, write_small

__all__ = ["address", "again", "store"]  # fixtures
ON = date(2016, 12, 31)


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The small scenario with villages, posts and cadres: two stages."""
    return read_scenario(write_small(tmp_path_factory.mktemp("two") / "two", TWO, **MORE))


@pytest.fixture(scope="session")
def two_plan(two: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Its plan. Not to be changed."""
    return make_plan(two, tmp_path_factory.mktemp("plans"))


@pytest.fixture(scope="session")
def other_plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Another plan of the same data, which decides otherwise about the same counties and seats."""
    text = TWO.replace(
        'deep_poverty_strength = "off"', 'deep_poverty_strength = "off"\npins = ["u2>D", "u3>C"]'
    )
    folder = write_small(tmp_path_factory.mktemp("other") / "two", text, **MORE)
    return make_plan(read_scenario(folder), tmp_path_factory.mktemp("plans"))


@pytest.fixture
def office(store: Store, two: Scenario) -> Store:
    """A store with the small scenario's network as version 1 of ``office``."""
    assert load(store, two.network, "office", by="tests").equal
    return store


def running(store: Store, version: int | None = None) -> set[tuple[str, str]]:
    """Supporter and recipient of the relations in force on the day after planning."""
    rows = store.read("office", version=version).frame("relations")
    open_ = rows.filter(pl.col("until").is_null())
    return set(open_.select("supporter", "recipient").rows())


def seats(store: Store, version: int | None = None) -> set[tuple[str, str]]:
    """Cadre and village of the postings that have no end."""
    rows = store.read("office", version=version).frame("postings").filter(pl.col("until").is_null())
    return set(rows.select("cadre", "village").rows())


def pairs_of(plan: Plan) -> set[tuple[str, str]]:
    """Supporter and recipient of a plan's pairs."""
    return set(plan.table("pairs").select("supporter", "recipient").rows())


def seats_of(plan: Plan) -> set[tuple[str, str]]:
    """Cadre and village of a plan's postings."""
    return set(plan.table("postings").select("cadre", "village").rows())


def renamed(plan: Plan, id: str) -> Plan:
    """The same plan under another id."""
    return replace(plan, head={**plan.head, "id": id})
