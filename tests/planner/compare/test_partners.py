from __future__ import annotations

from pathlib import Path

import polars as pl

from planner.compare.partners import links, partners, partners_by_province
from planner.plan import Plan
from tests.planner.compare.made import known, made, pair


def plans(folder: Path) -> tuple[Plan, Plan]:
    """p1: u1 stays, u2 goes, u3 comes; p2: u2 comes; q1: u1 and u2 go, u3 comes."""
    one = made(
        folder, "one", pairs=[pair("u1", "p1", 2.0), pair("u2", "p1"), pair("u1", "q1"), pair("u2", "q1")]
    )
    two = made(
        folder, "two", pairs=[pair("u1", "p1", 5.0), pair("u3", "p1"), pair("u2", "p2"), pair("u3", "q1")]
    )
    return one, two


def met(one: Plan, two: Plan) -> pl.DataFrame:
    return partners(links(one, two), known(one, two))


def test_who_came_in_whose_place(tmp_path: Path) -> None:
    found = met(*plans(tmp_path))
    rows = found.select("recipient", "province", "kept", "swapped", "new", "ended", "went", "came").rows()
    assert rows == [
        ("p1", "P", 1, 1, 0, 0, "u2", "u3"),
        ("p2", "P", 0, 0, 1, 0, "", "u2"),
        ("q1", "Q", 0, 1, 0, 1, "u1;u2", "u3"),
    ]
    sums = (
        partners_by_province(found).select("province", "kept", "swapped", "new", "ended", "recipients").rows()
    )
    assert sums == [("P", 1, 1, 1, 0, 2), ("Q", 0, 1, 0, 1, 1)]


def test_the_pairs_as_edges(tmp_path: Path) -> None:
    rows = links(*plans(tmp_path)).select("supporter", "recipient", "state", "cost_before", "cost").rows()
    assert ("u1", "p1", "kept", 2.0, 5.0) in rows
    assert ("u2", "q1", "ended", 1.0, None) in rows and ("u3", "q1", "new", None, 1.0) in rows
    assert len(rows) == 7


def test_a_plan_without_pairs(tmp_path: Path) -> None:
    one, _ = plans(tmp_path)
    none = made(tmp_path, "none", pairs=[])
    assert met(one, none)["ended"].sum() == 4
    bare = made(tmp_path, "bare", postings=[])
    assert links(one, bare).is_empty() and links(bare, one).is_empty()
    assert links(none, none).is_empty() and partners_by_province(met(none, none)).is_empty()
