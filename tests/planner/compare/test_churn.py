from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from planner.compare.churn import churn_by_province, everybody, moves
from planner.plan import Plan
from tests.planner.compare.made import known, made, posting


def plans(folder: Path) -> tuple[Plan, Plan]:
    """c1 stays, c2 moves 30 km to v2, c3 leaves v2, c4 enters v3, c5 changes the post; homes are at v1."""
    one = made(
        folder,
        "one",
        postings=[posting("c1", "v1"), posting("c2", "v1"), posting("c3", "v2"), posting("c5", "v2")],
    )
    two = made(
        folder,
        "two",
        postings=[posting("c1", "v1"), posting("c2", "v2"), posting("c4", "v3"), posting("c5", "v2", "fs")],
    )
    return one, two


def people(one: Plan, two: Plan) -> pl.DataFrame:
    return everybody(one, two, known(one, two))


def test_who_moves_and_how_far(tmp_path: Path) -> None:
    found = moves(people(*plans(tmp_path)))
    rows = {r["cadre"]: r for r in found.iter_rows(named=True)}
    assert {c: r["how"] for c, r in rows.items()} == {
        "c2": "moved",
        "c3": "left",
        "c4": "entered",
        "c5": "other_post",
    }
    assert rows["c2"]["km"] == pytest.approx(30, abs=0.01)
    assert (rows["c2"]["home_km_before"], rows["c2"]["home_km"]) == (0.0, pytest.approx(30, abs=0.01))
    assert rows["c4"]["home_km"] == pytest.approx(500, abs=0.1)  # the village has no point: its county's
    assert rows["c4"]["km"] is None and rows["c3"]["village"] is None and rows["c3"]["province"] == "P"


def test_by_province_and_in_all(tmp_path: Path) -> None:
    found = churn_by_province(people(*plans(tmp_path)))
    counts = found.select("province", "stayed", "moved", "other_post", "entered", "left").rows()
    assert counts == [("P", 1, 1, 1, 0, 1), ("Q", 0, 0, 0, 1, 0), (None, 1, 1, 1, 1, 1)]
    whole = found.row(2, named=True)
    assert whole["km"] == whole["km_most"] == pytest.approx(30, abs=0.01)
    assert whole["home_km_before"] == pytest.approx((0 + 0 + 30 + 30) / 4, abs=0.01)
    assert whole["home_km"] == pytest.approx((0 + 30 + 500 + 30) / 4, abs=0.1)


def test_nobody_moves_and_nobody_is_posted(tmp_path: Path) -> None:
    one, two = plans(tmp_path)
    assert moves(people(one, one)).is_empty()
    assert churn_by_province(people(one, one))["moved"].to_list() == [0, 0]
    none = made(tmp_path, "none", postings=[])
    assert set(moves(people(none, two))["how"]) == {"entered"} and set(moves(people(two, none))["how"]) == {
        "left"
    }
    assert churn_by_province(people(none, none)).is_empty()
    bare = made(
        tmp_path, "bare", pairs=[]
    )  # posts nobody because it plans no postings: nobody has come or gone
    assert people(bare, two).is_empty() and people(two, bare).is_empty()


def test_a_home_or_village_that_nobody_knows_has_no_distance(tmp_path: Path) -> None:
    one = made(tmp_path, "one", postings=[posting("x", "v1")])
    two = made(tmp_path, "two", postings=[posting("x", "nowhere")])
    (row,) = moves(people(one, two)).iter_rows(named=True)
    assert (row["how"], row["km"], row["home_km"], row["home_km_before"]) == ("moved", None, None, None)
