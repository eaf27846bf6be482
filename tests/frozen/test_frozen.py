"""Samples of every format that was ever written. They are never changed: later versions must read them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from planner.plan import read_plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.verify import verify

HERE = Path(__file__).parent
PLAN = next((HERE / "plan-1").iterdir())


def test_scenario_1_reads_as_it_did() -> None:
    scenario = read_scenario(HERE / "scenario-1")
    assert scenario.stages == ("designation", "funds")
    assert (scenario.on.isoformat(), scenario.seed) == ("2016-12-31", 7)
    assert scenario.policies["designation"]["units_per_county"] == [1, 2]
    assert scenario.policies["designation"].origins["keep_share"].cites == "p1"
    units = scenario.network.frame("units")
    assert dict(units.select("id", "capacity").iter_rows()) == {"u1": 2, "u2": 2}
    relations = scenario.network.frame("relations")
    assert relations["id"].to_list() == ["r1", "r2"]
    assert relations["mark"].to_list() == ["recalled", None]


def test_plan_1_reads_and_verifies() -> None:
    plan = read_plan(PLAN)
    assert plan.head["format"] == 1
    found = verify(plan)
    assert found.ok, [str(b.text) for b in found.broken]


def test_the_scenario_still_leads_to_the_decisions_of_the_plan(tmp_path: Path) -> None:
    made = make_plan(read_scenario(HERE / "scenario-1"), tmp_path)
    old = read_plan(PLAN)
    for stage in ("designation", "funds"):
        assert made.stages[stage]["objective"] == old.stages[stage]["objective"]
        assert made.stages[stage]["status"] == old.stages[stage]["status"] == "OPTIMAL"


@pytest.mark.parametrize("table", ["pairs", "allocations"])
def test_tables_of_plan_1_keep_their_columns(table: str) -> None:
    stored = pl.read_parquet(PLAN / "tables" / f"{table}.parquet")
    assert set(stored.columns) >= {"pairs": {"stage", "supporter", "recipient", "cost", "load", "terms"},
                                   "allocations": {"source", "region", "programme", "year", "amount"}}[table]  # fmt: skip
