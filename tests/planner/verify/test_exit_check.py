"""The check of exits finds what is wrong, names the row and column, and knows how each rule stands."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from planner.stages.exit import STAGE
from tests.planner import tiny
from tests.planner.exit_land import fact, land, recheck, see


def case(**values: Any) -> tuple[Any, pl.DataFrame]:
    """A plan of three counties (one exited) and two villages."""
    net = land(
        {"a": 0.03, "b": 0.06, "h": 0.01},
        villages={"v1": ("a", 0.03), "v2": ("b", 0.09)},
        deep=["b"],
        region_facts=[fact("h", "exit_year", 2016)],
        capacities=[{"region": "E", "year": 2017, "kind": "verification_team", "value": 1}],
    )
    seen = see(net, **values)
    return seen, tiny.solve(STAGE, seen).tables["exits"]


def put(table: pl.DataFrame, place: str, **cells: Any) -> pl.DataFrame:
    """The table with cells of one row changed."""
    here = pl.col("region") == place
    return table.with_columns(
        pl.when(here).then(pl.lit(v, dtype=table.schema[k])).otherwise(pl.col(k)).alias(k)
        for k, v in cells.items()
    )


def test_an_honest_plan_is_clean():
    seen, table = case()
    assert recheck(seen, {"exits": table}).broken == []


@pytest.mark.parametrize("region, cells, column", [
    ("a", {"incidence": 0.0151}, "incidence"),
    ("a", {"incidence": None}, "incidence"),
    ("a", {"cost": 0.001}, "cost"),
    ("b", {"terms": '{"early":1}'}, "terms"),
    ("a", {"terms": '{"cheap":-5000}', "cost": -5.0}, "terms"),
    ("a", {"announced_year": 2017}, "announced_year"),
    ("a", {"year": 2021}, "year"),
    ("h", {"year": 2017}, "year"),
    ("h", {"cost": 1.0}, "cost"),
    ("v1", {"cost": 1.0}, "cost"),
    ("v1", {"year": 2018}, "incidence"),
    ("v1", {"incidence": 0.2}, "incidence"),
])  # fmt: skip
def test_any_changed_cell_is_found_in_its_row(region: str, cells: dict[str, Any], column: str):
    seen, table = case()
    number = table["region"].to_list().index(region) + 1
    broken = recheck(seen, {"exits": put(table, region, **cells)}).broken
    assert any(b.table == "exits" and b.row == number and b.column == column for b in broken)


def test_rows_missing_doubled_or_strange():
    seen, table = case()
    rules = {
        r: {b.rule for b in recheck(seen, {"exits": table.filter(pl.col("region") != r)}).broken}
        for r in ("a", "h", "v2")
    }
    assert "deadline" in rules["a"] and "history" in rules["h"] and "deadline" in rules["v2"]
    assert "key" in {b.rule for b in recheck(seen, {"exits": pl.concat([table, table[:1]])}).broken}
    strange = put(table, "a", region="E")
    assert "counties_tag" in {b.rule for b in recheck(seen, {"exits": strange}).broken}


def test_broken_rules_are_named():
    seen, table = case()
    early = put(table, "b", year=2017)  # 3 % in 2017, and the one team is taken
    found = {b.rule for b in recheck(seen, {"exits": early}).broken}
    assert {"line"} <= found
    crowded = see(seen.network, exits_per_team=0.5)
    assert "exits_per_team" in {b.rule for b in recheck(crowded, {"exits": table}).broken}
    villages = put(table, "v2", year=2017)
    assert "village_line" in {b.rule for b in recheck(seen, {"exits": villages}).broken}
    first = see(seen.network, village_first_share=1.0)
    assert "village_first_share" in {
        b.rule
        for b in recheck(first, {"exits": put(table, "a", year=2017).filter(pl.col("region") != "v1")}).broken
    }
    pinned = see(seen.network, pins={"a": 2019})
    assert "pins" in {b.rule for b in recheck(pinned, {"exits": table}).broken}
    paced = see(seen.network, pace="even")
    both = put(table, "b", year=2017)
    assert "pace" in {b.rule for b in recheck(paced, {"exits": both}).broken}
    hurried = see(seen.network, announce_by=2017)
    assert "announce_by" in {b.rule for b in recheck(hurried, {"exits": table}).broken}
    other = see(seen.network, line=0.01)
    assert {"line", "standard"} <= {b.rule for b in recheck(other, {"exits": table}).broken}


def test_gates_findings_and_support_are_checked():
    base = {"region_facts": [fact("a", "missed", 0.05)], "findings": [{"id": "f", "region": "b", "severity": "severe", "status": "open"}],
            "relations": [{"id": "r", "kind": "designated", "supporter": "u", "recipient": "c", "until": see(land({"a": 0.1})).on.replace(year=2018)}]}  # fmt: skip
    net = land({"a": 0.01, "b": 0.01, "c": 0.01}, **base)
    plain = tiny.solve(STAGE, see(land({"a": 0.01, "b": 0.01, "c": 0.01}))).tables
    found = {b.rule for b in recheck(see(net), plain).broken}
    assert {"missed_max", "severe_findings", "keep_after_exit"} <= found


def test_hard_pledges_are_checked():
    net = land(
        {"a": 0.06},
        pledges=[
            {"region": "E", "year": 2017, "measure": m, "amount": 1000} for m in ("counties", "persons")
        ],
    )
    soft = see(net)
    table = tiny.solve(STAGE, soft).tables
    assert recheck(soft, table).broken == []
    hard = {b.rule for b in recheck(see(net, pledge_elastic=False), table).broken}
    assert hard == {"pledge_counties", "pledge_persons"}


def test_the_objective_is_worked_out_again():
    seen, table = case()
    right = recheck(seen, {"exits": table}).objective
    assert right == tiny.solve(STAGE, seen).objective
    dearer = see(seen.network, early_weight=4.0)
    assert recheck(dearer, {"exits": table}).broken  # terms of other weights
