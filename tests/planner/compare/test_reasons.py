from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from planner.compare import compare
from planner.compare.reasons import ELSEWHERE
from planner.plan import Plan
from tests.planner.compare.made import REGIONS, SOURCES, UNITS, made, money, pair, posting


def why(one: Plan, two: Plan, table: str, **cells: Any) -> Mapping[str, Any]:
    """The changed row with these cells."""
    rows = compare([one, two]).changes[two.id][table]
    (found,) = rows.filter([pl.col(c) == v for c, v in cells.items()]).iter_rows(named=True)
    return dict(found)


def test_new_and_former_pins_and_bans(tmp_path: Path) -> None:
    one = made(
        tmp_path, "one", {"pins": ["u1>p1"], "bans": "off"}, pairs=[pair("u1", "p1"), pair("u2", "p2")]
    )
    two = made(tmp_path, "two", {"pins": ["u3>p1"], "bans": ["u2 > p2"]}, pairs=[pair("u3", "p1")])
    assert (
        why(one, two, "pairs", supporter="u3")["why_en"]
        == "newly pinned (designation.pins); in the place of 第1局"
    )
    assert (
        why(one, two, "pairs", supporter="u1")["why_en"]
        == "no longer pinned (designation.pins); replaced by 第3局"
    )
    assert why(one, two, "pairs", supporter="u2")["why_zh"] == "新的禁止（designation.bans）"
    assert why(two, one, "pairs", supporter="u2")["why_en"] == "no longer forbidden (designation.bans)"


def test_inputs_that_came_went_or_changed(tmp_path: Path) -> None:
    units = [UNITS[0] | {"capacity": 1}, UNITS[1]]
    one = made(tmp_path, "one", resolved={"units": UNITS[:2]}, pairs=[pair("u1", "p1")])
    two = made(
        tmp_path, "two", resolved={"units": [*units, UNITS[2]]}, pairs=[pair("u3", "p2"), pair("u2", "q1")]
    )
    assert why(one, two, "pairs", supporter="u3")["why_en"] == "units: new in the inputs"
    assert why(two, one, "pairs", supporter="u3")["why_zh"] == "单位：已不在输入中"
    assert why(one, two, "pairs", supporter="u1")["why_en"] == "units: capacity – → 1"
    assert why(one, two, "pairs", supporter="u2")["why_en"] == ELSEWHERE.en


def test_many_changed_inputs_are_counted_and_none_is_told_twice(tmp_path: Path) -> None:
    tags = [{"region": "p1", "tag": f"t{n}"} for n in range(5)]
    ties = [{"id": "r", "kind": "designated", "supporter": "u1", "recipient": "p2"}]
    one = made(tmp_path, "one", resolved={"region_tags": [], "relations": []}, pairs=[])
    two = made(
        tmp_path,
        "two",
        resolved={"region_tags": tags, "relations": ties},
        pairs=[pair("u2", "p1"), pair("u1", "p2")],
    )
    told = why(one, two, "pairs", recipient="p1")["why_en"]
    assert told.endswith("; 2 more") and told.count("region tags") == 3
    assert why(one, two, "pairs", recipient="p2")["why_en"].count("relations") == 1


def test_terms_and_policy_values(tmp_path: Path) -> None:
    one = made(
        tmp_path,
        "one",
        {"keep_share": 0.8},
        pairs=[pair("u1", "p1", 2.0, terms='{"distance":1500,"need":500}')],
    )
    more = '{"distance":3000,"need":500,"profile":250}'
    two = made(
        tmp_path, "two", {"keep_share": 0.5}, pairs=[pair("u1", "p1", 3.75, terms=more), pair("u2", "p2")]
    )
    assert (
        why(one, two, "pairs", supporter="u1")["why_en"] == "cost terms: distance 1.5 → 3, profile 0 → 0.25"
    )
    told = why(one, two, "pairs", supporter="u2")["why_en"]
    assert told == f"{ELSEWHERE.en}; policy values of the stage that changed: keep_share 0.8 → 0.5"


def test_where_people_were_and_go(tmp_path: Path) -> None:
    one = made(tmp_path, "one", postings=[posting("c1", "v1"), posting("c2", "v2")])
    two = made(tmp_path, "two", postings=[posting("c1", "v2")])
    assert why(one, two, "postings", how="new")["why_en"] == "was at 东村"
    assert why(one, two, "postings", cadre="c1", how="ended")["why_zh"] == "改派 西村"
    assert why(one, two, "postings", cadre="c2")["why_en"] == ELSEWHERE.en


def test_pairs_below_a_pair_and_money_of_a_pair(tmp_path: Path) -> None:
    above = pair("Q", "P", stage="pairing", kind="east_west")
    below = pair("q1", "p1", stage="pairing", kind="county_pair")
    one = made(tmp_path, "one", pairs=[above, below], allocations=[money("e", "p1", 5), money("g", "p1", 5)])
    two = made(tmp_path, "two", pairs=[], allocations=[])
    assert why(one, two, "pairs", supporter="q1")["why_en"] == "乙省 > 甲省 has ended"
    assert why(two, one, "pairs", supporter="q1")["why_zh"] == "乙省 > 甲省 新结对"
    assert "乙省 > 甲省 has ended" in why(one, two, "allocations", source="e")["why_en"]
    assert why(one, two, "allocations", source="g")["why_en"] == ELSEWHERE.en


def test_a_county_s_money_tells_of_its_exit_and_its_villages(tmp_path: Path) -> None:
    exits = [
        {"region": r, "year": 2018, "announced_year": 2019, "cost": 0.0, "terms": "{}"}
        for r in ("p1", "v1", "v2")
    ]
    later = [row | {"year": 2019} for row in exits]
    one = made(tmp_path, "one", allocations=[money("g", "p1", 10)], exits=exits)
    two = made(tmp_path, "two", allocations=[money("g", "p1", 4), money("g", "q1", 6)], exits=later)
    for region in ("p1", "v1"):
        assert why(one, two, "exits", region=region)["why_en"] == "the county's money 10 → 4 yuan"
    assert why(one, two, "exits", region="v2")["why_en"] == ELSEWHERE.en
    much = made(tmp_path, "much", allocations=[money("g", "p1", 1_234_567)], exits=later)
    assert why(one, much, "exits", region="p1")["why_zh"] == "本县所得资金 10 → 1,234,567 元"


def leaves(region: str, year: int, terms: str = "{}") -> dict[str, Any]:
    return {"region": region, "year": year, "announced_year": year + 1, "cost": 0.0, "terms": terms}


def visit(team: str, region: str, cost: float = 1.0) -> dict[str, Any]:
    row = {"kind": "tour", "year": 2017, "team": team, "region": region, "days": 3, "sample": "{}"}
    return row | {"cost": cost, "terms": "{}"}


def test_a_changed_policy_value_is_a_reason_of_exits_beside_their_own(tmp_path: Path) -> None:
    """One county pinned earlier takes another's place: its row, too, names what was changed."""
    one = made(tmp_path, "one", {"pins": {"p2": 2019, "q1": 2018}, "risk_margin": 0.1},
               exits=[leaves("p1", 2017), leaves("p2", 2018, '{"late":1000}'), leaves("q1", 2018)])  # fmt: skip
    two = made(tmp_path, "two", {"pins": {"p1": 2018, "p2": 2017}, "risk_margin": 0.1},
               exits=[leaves("p1", 2018), leaves("p2", 2017, '{"late":0}'), leaves("q1", 2019)])  # fmt: skip
    pins = "policy values of the stage that changed: pins added 一县 = 2018, taken away 三县 = 2018, changed 二县 2019 → 2017"
    assert (
        why(one, two, "exits", region="p1")["why_en"]
        == f"its exit is newly pinned to 2018 (exit.pins); {pins}"
    )
    told = why(one, two, "exits", region="p2")["why_en"]
    assert (
        told
        == f"the year that its exit is pinned to: 2019 → 2017 (exit.pins); cost terms: late 1 → 0; {pins}"
    )
    assert why(one, two, "exits", region="q1")["why_zh"].startswith(
        "不再指定 2018 年退出（exit.pins）；本阶段变了的政策值"
    )
    same = made(tmp_path, "same", {"pins": {"p2": 2019, "q1": 2018}, "risk_margin": 0.1},
                exits=[leaves("p1", 2018), leaves("p2", 2018, '{"late":1000}'), leaves("q1", 2018)])  # fmt: skip
    assert why(one, same, "exits", region="p1")["why_en"] == ELSEWHERE.en


def test_inspections_tell_of_exits_of_pairs_and_of_policy_values(tmp_path: Path) -> None:
    """A team whose unit or home's province is paired with a county, or with a place in it, may not go there."""
    teams = [
        {"id": f"t{n}", "unit": u, "home_region": h}
        for n, (u, h) in enumerate([("u1", "Q"), ("u2", "p2"), ("u3", "P")])
    ]
    resolved = {"inspection_teams": teams}
    one = made(tmp_path, "one", {"tolerance": 0.1}, resolved, exits=[leaves("p1", 2017)],
               pairs=[pair("q1", "v1", stage="pairing", kind="county_pair")],
               inspections=[visit("t1", "p1"), visit("t2", "q1"), visit("t2", "p2")])  # fmt: skip
    two = made(tmp_path, "two", {"tolerance": 0.1}, resolved, exits=[leaves("p1", 2018)],
               pairs=[pair("u2", "p1")],
               inspections=[visit("t0", "p1"), visit("t1", "q1"), visit("t2", "p2", 2.0)])  # fmt: skip
    told = {
        (r["team"], r["region"]): r["why_en"]
        for r in compare([one, two]).changes["two"]["inspections"].to_dicts()
    }
    assert told == {
        (
            "t0",
            "p1",
        ): "year of exit 2017 → 2018; 三县 > 东村 has ended",  # Q's own county supported a village of p1
        ("t1", "p1"): "year of exit 2017 → 2018; 第2局 > 一县 is new",
        ("t1", "q1"): ELSEWHERE.en,
        ("t2", "q1"): ELSEWHERE.en,
        ("t2", "p2"): ELSEWHERE.en,
    }
    other = made(tmp_path, "other", {"tolerance": 0.5}, resolved, exits=[leaves("p1", 2018)],
                 inspections=[visit("t2", "p1")])  # fmt: skip
    changed = why(one, other, "inspections", team="t2", region="p1")["why_en"]
    assert changed == "year of exit 2017 → 2018; policy values of the stage that changed: tolerance 0.1 → 0.5"


def test_each_row_stands_once_and_has_a_reason(tmp_path: Path) -> None:
    """However many pairs above, inputs and partners a row has."""
    regions = [*REGIONS, {"code": "W", "name": "w", "level": "province"}]
    ups = [pair(a, b, stage="pairing", kind="east_west") for a in ("Q", "q1") for b in ("P", "p1")]
    sources = [*SOURCES, {"id": "f", "name": "f", "level": "east_west", "owner_region": "Q"}]
    one = made(
        tmp_path,
        "one",
        pairs=ups,
        allocations=[money("f", "v1", 5)],
        resolved={"regions": regions, "fund_sources": sources},
    )
    two = made(tmp_path, "two", pairs=[pair("u1", "p1"), pair("u2", "p1")], allocations=[])
    tables = compare([one, two]).changes["two"]
    assert tables["pairs"].height == 6 and tables["allocations"].height == 1
    for rows in tables.values():
        assert rows["why_zh"].null_count() == rows["why_en"].null_count() == 0
