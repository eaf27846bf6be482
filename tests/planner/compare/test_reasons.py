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
