from __future__ import annotations

from pathlib import Path

import polars as pl

from planner.compare import flows
from planner.plan import Plan
from tests.planner.compare.made import known, made, money, pair


def money_flows(plans: list[Plan]) -> pl.DataFrame:
    return flows.money_flows(plans, known(*plans))


def test_only_what_changes_and_by_province(tmp_path: Path) -> None:
    one = made(tmp_path, "one", allocations=[money("g", "p1", 10), money("e", "p1", 5), money("g", "q1", 7)])
    two = made(
        tmp_path,
        "two",
        allocations=[money("g", "p1", 4), money("g", "p2", 6), money("e", "p2", 8), money("g", "q1", 7)],
    )
    assert money_flows([one, two]).rows() == [("Q", "P", 5, 8)]  # the country's money to P is 10 in both
    third = made(
        tmp_path, "third", allocations=[money("g", "p1", 9), money("e", "p1", 5), money("g", "q1", 8)]
    )
    rows = money_flows([one, two, third]).rows()
    assert rows == [(None, "P", 10, 10, 9), (None, "Q", 7, 7, 8), ("Q", "P", 5, 8, 5)]


def test_a_flow_that_ends_is_0_and_a_plan_without_money_has_none(tmp_path: Path) -> None:
    one = made(tmp_path, "one", allocations=[money("e", "p1", 5)])
    two = made(tmp_path, "two", allocations=[money("g", "q1", 3)])
    none = made(tmp_path, "none", pairs=[pair("u1", "p1")])
    assert money_flows([one, two]).rows() == [(None, "Q", 0, 3), ("Q", "P", 5, 0)]
    assert money_flows([one, none]).is_empty() and money_flows([none]).is_empty()
    assert money_flows([one, none, two]).columns == ["giver", "taker", "one", "none", "two"]
