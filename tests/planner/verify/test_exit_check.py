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
    ("v2", {"incidence": None}, "incidence"),
    ("v2", {"terms": '{"village_early":1}', "cost": 0.001}, "terms"),
    ("v2", {"terms": '{"risk":600}', "cost": 0.6}, "terms"),
    ("v2", {"terms": '{"village_late":1}'}, "cost"),
    ("v2", {"announced_year": None}, "announced_year"),
    ("v2", {"year": 2035}, "year"),
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
    for r in ("a", "v2"):
        twice = pl.concat([table, table.filter(pl.col("region") == r)])
        assert ("key", len(twice)) in {(b.rule, b.row) for b in recheck(seen, {"exits": twice}).broken}
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


def stands(seen: Any, table: pl.DataFrame, rule: str) -> tuple[str, str]:
    """State of a rule, and what is told of it."""
    return next((s.state, s.tightest.en) for s in recheck(seen, {"exits": table}).rules if s.rule == rule)


@pytest.mark.parametrize("values, told", [
    ({"line": 0.03}, "line = 0.03, the centre's is 0.02"),
    ({"line_west": 0.025, "wrongly_exited_max": "off"},
     "line_west = 0.025, the centre's is 0.03; wrongly_exited_max = off, the centre's is 0.02"),
])  # fmt: skip
def test_the_standard_says_where_the_plan_departs(values: dict[str, Any], told: str):
    seen, table = case()
    assert stands(see(seen.network, **values), table, "standard") == ("broken", told)
    central = see(seen.network, **values, planning_level="central")
    assert stands(central, table, "standard") == ("slack", told)
    assert stands(see(seen.network, **values, standard="off"), table, "standard")[0] == "off"


def test_the_standard_binds_where_one_of_its_limits_does():
    seen, table = case()  # a exits in its first year under the line
    assert stands(seen, table, "line")[0] == "binding"
    assert stands(seen, table, "standard") == ("binding", "as the centre's")
    easy = see(land({"a": 0.01}))
    assert stands(easy, tiny.solve(STAGE, easy).tables["exits"], "standard") == ("slack", "as the centre's")
    assert stands(see(seen.network, planning_level="central"), table, "standard")[0] == "slack"


def test_steps_bind_only_with_a_year_of_announcement():
    seen, table = case()
    assert stands(seen, table, "steps") == ("slack", "210 days in all")
    for by, state in ((2016, "slack"), (2020, "binding"), (2021, "slack")):  # results of 2016 + 1 … 2020
        assert stands(see(seen.network, announce_by=by), table, "steps")[0] == state
    assert stands(see(seen.network, announce_by=2020, steps={"county": 0}), table, "steps")[0] == "slack"
    assert stands(see(seen.network, steps="off"), table, "steps")[0] == "off"


def test_the_deadline_tells_counties_from_villages():
    seen, table = case()
    late = put(put(table, "v1", year=2020), "v2", year=2020)
    assert stands(seen, late, "deadline") == ("binding", "0 counties and 2 villages in the last year")
    assert stands(seen, put(late, "a", year=2020), "deadline")[1].startswith("1 county and 2 villages")
    assert stands(seen, table, "deadline") == ("slack", "0 counties and 0 villages in the last year")
