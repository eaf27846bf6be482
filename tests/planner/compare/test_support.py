from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from planner.compare.places import county_level
from planner.compare.support import GIVEN, RECEIVED, Support, support_of
from planner.plan import Plan
from tests.planner.compare.made import known, made, money, pair, posting


def plans(folder: Path) -> tuple[Plan, Plan, Plan]:
    """Money, pairs and people; the second gives p2 what p1 had; the third decides no money. q1 needs money and gets none."""
    needs = {"needs": [{"region": "q1", "year": 2017, "programme": "industry", "amount": 9}]}
    one = made(folder, "one", resolved=needs, pairs=[pair("u1", "p1", load=2), pair("u2", "p1")], postings=[posting("c1", "v1")],
               allocations=[money("g", "p1", 30), money("e", "p1", 10, "health")])  # fmt: skip
    two = made(folder, "two", resolved=needs, pairs=[pair("u1", "p1", load=2), pair("u1", "p2", load=2)], postings=[posting("c1", "v2")],
               allocations=[money("g", "p1", 20), money("e", "p2", 20, "health")])  # fmt: skip
    return one, two, made(folder, "three", pairs=[pair("u3", "q1")])


def support(folder: Path) -> Support:
    three = plans(folder)
    return support_of(three, known(*three))


def amounts(found: Support, side: str, measure: str, kind: str = "") -> dict[str, tuple[float | None, ...]]:
    mine = found.amounts.filter(
        (pl.col("side") == side) & (pl.col("measure") == measure) & (pl.col("kind") == kind)
    )
    return {row[3]: row[5:] for row in mine.iter_rows()}


def test_who_gets_what_in_each_plan(tmp_path: Path) -> None:
    found = support(tmp_path)
    assert amounts(found, RECEIVED, "money") == {
        "p1": (40, 20, None),
        "p2": (0, 20, None),
        "q1": (0, 0, None),
    }
    assert amounts(found, RECEIVED, "money", "health") == {"p1": (10, 0, None), "p2": (0, 20, None)}
    assert amounts(found, RECEIVED, "pairs") == {"p1": (2, 1, 0), "p2": (0, 1, 0), "q1": (0, 0, 1)}
    assert amounts(found, RECEIVED, "people") == {"p1": (1, 0, None), "p2": (0, 1, None), "q1": (0, 0, None)}


def test_who_gives_what(tmp_path: Path) -> None:
    found = support(tmp_path)
    assert amounts(found, GIVEN, "money") == {
        "Q": (10, 20, None)
    }  # the country's own money is nobody's burden
    assert amounts(found, GIVEN, "pairs") == {"u1": (1, 2, 0), "u2": (1, 0, 0), "u3": (0, 0, 1)}
    assert amounts(found, GIVEN, "load", "designated") == {"u1": (2, 4, 0), "u2": (1, 0, 0), "u3": (0, 0, 1)}
    assert amounts(found, GIVEN, "load") == {}  # loads of several kinds have no sum
    assert amounts(found, GIVEN, "people") == {"u1": (1, 1, None)}


def test_winners_and_losers(tmp_path: Path) -> None:
    found = support(tmp_path).balance
    money_rows = found.filter(
        (pl.col("side") == RECEIVED) & (pl.col("measure") == "money") & (pl.col("kind") == "")
    )
    assert money_rows.select("plan", "more", "less", "same", "gained", "lost").rows() == [
        ("two", 1, 1, 1, 20.0, 20.0)
    ]


def test_gini_and_the_worst_off(tmp_path: Path) -> None:
    found = support(tmp_path)
    row = found.gini.filter((pl.col("side") == RECEIVED) & (pl.col("measure") == "money")).row(0, named=True)
    assert row["one"] == pytest.approx(2 / 3)  # one of three has all
    assert row["two"] == pytest.approx(1 / 3) and row["three"] is None  # 0, 20, 20
    worst = found.worst.filter(
        (pl.col("measure") == "money") & (pl.col("plan") == "two") & (pl.col("kind") == "")
    )
    assert worst.select("side", "rank", "id", "amount", "first").rows() == [
        (GIVEN, 1, "Q", 20, 10), (RECEIVED, 1, "q1", 0, 0), (RECEIVED, 2, "p1", 20, 40), (RECEIVED, 3, "p2", 20, 0),
    ]  # fmt: skip
    curve = found.lorenz.filter(
        (pl.col("side") == RECEIVED) & (pl.col("measure") == "money") & (pl.col("plan") == "two")
    )
    assert curve["share_of_amount"].to_list() == pytest.approx([0, 0, 0.5, 1])


def test_a_scheme_without_counties_counts_above_the_lowest_level() -> None:
    assert county_level(("state", "district", "school")) == "district"
    assert county_level(("all",)) == "all"
    assert county_level(("province", "county", "town", "village")) == "county"
