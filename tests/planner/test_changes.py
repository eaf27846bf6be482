"""[[change]] entries: what they do to tables, and everything that is refused, with its place."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graph.errors import ScenarioError, TableErrors
from planner.changes import apply_changes
from planner.scenario import read_scenario
from tests.planner.small import FILE, write_small
from tests.planner.tiny import frame


def tables() -> dict[str, pl.DataFrame]:
    units = [{"id": "u1", "name": "One", "kind": "bank", "capacity": 3, "strength": 0.5, "source": "file"},
             {"id": "u2", "name": "Two", "kind": "soe", "capacity": 5, "strength": 0.25, "source": "file"}]  # fmt: skip
    relations = [
        {"id": "r", "kind": "designated", "supporter": "u1", "recipient": "A", "since": date(2015, 1, 1)}
    ]
    return {"units": frame("units", units), "relations": frame("relations", relations)}


def change(**entry: Any) -> pl.DataFrame:
    """The table after one change."""
    return apply_changes(tables(), [entry], "mine/scenario.toml")[entry["table"]]


def refused(*entries: Any, **more: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        apply_changes(tables(), entries, "mine/scenario.toml", **more)
    return caught.value.text.en


def test_set_touches_only_what_matches_and_names_its_source():
    found = change(table="units", where={"kind": "bank"}, set={"capacity": 9, "profile": ["law", "health"]})
    assert found.select("id", "capacity", "profile", "source").rows() == [
        ("u1", 9, "law;health", "mine/scenario.toml [[change]] 1"),
        ("u2", 5, None, "file"),
    ]


def test_where_takes_lists_and_every_column_must_match():
    both = change(table="units", where={"id": ["u1", "u2"]}, set={"capacity": 1})
    assert both["capacity"].to_list() == [1, 1]
    one = change(table="units", where={"id": ["u1", "u2"], "kind": "soe"}, set={"capacity": 1})
    assert one["capacity"].to_list() == [3, 1]
    everywhere = change(table="units", set={"capacity": 1})
    assert everywhere["capacity"].to_list() == [1, 1]


def test_an_empty_text_is_an_empty_cell():
    ended = change(table="relations", where={"until": ""}, set={"until": "2019-01-01"})
    assert ended["until"].to_list() == [date(2019, 1, 1)]
    unknown = change(table="relations", where={"id": "r"}, set={"since": ""})
    assert unknown["since"].to_list() == [None]
    assert change(table="units", where={"id": "u1"}, set={"name": ""})["name"][0] == ""


@pytest.mark.parametrize("day", [date(2019, 1, 1), datetime(2019, 1, 1), "2019-01-01"])
def test_days_as_toml_dates_or_texts(day: Any):
    assert change(table="relations", where={"id": "r"}, set={"until": day})["until"].to_list() == [
        date(2019, 1, 1)
    ]


def test_scale_rounds_whole_numbers_half_to_even():
    assert change(table="units", scale={"capacity": 0.5, "strength": 0.5})["capacity"].to_list() == [2, 2]
    assert change(table="units", scale={"strength": 0.5})["strength"].to_list() == [0.25, 0.125]


def test_add_and_remove():
    added = change(table="units", add=[{"id": "u3", "name": "Three", "strength": 1}])
    assert added.height == 3 and added.row(2, named=True)["strength"] == 1.0
    assert added.row(2, named=True)["source"] == "mine/scenario.toml [[change]] 1"
    assert change(table="units", where={"id": "u1"}, remove=True)["id"].to_list() == ["u2"]
    made = change(table="findings", add=[{"id": "f", "region": "A"}])
    assert made.row(0, named=True)["status"] == "open"  # the column's default


def test_changes_apply_in_order():
    entries = [
        {"table": "units", "add": [{"id": "u3", "name": "Three", "capacity": 10}]},
        {"table": "units", "where": {"id": "u3"}, "scale": {"capacity": 0.5}},
        {"table": "units", "where": {"id": "u1"}, "remove": True},
    ]
    found = apply_changes(tables(), entries, "f")["units"]
    assert found.select("id", "capacity").rows() == [("u2", 5), ("u3", 5)]


def test_the_same_cell_twice():
    first = {"table": "units", "where": {"kind": "bank"}, "scale": {"capacity": 0.8}}
    second = {"table": "units", "where": {"id": "u1"}, "set": {"capacity": 2}}
    told = refused(first, second)
    assert "[[change]] number 2" in told and "capacity of units u1 was already changed" in told
    other = {"table": "units", "where": {"id": "u1"}, "set": {"strength": 0.1}}
    assert apply_changes(tables(), [first, other], "f")["units"]["strength"][0] == 0.1
    again = apply_changes(apply_changes(tables(), [first], "base"), [second], "overlay")  # another file may
    assert again["units"]["capacity"][0] == 2


def test_line_and_number_of_the_entry():
    good, bad = (
        {"table": "units", "set": {"capacity": 1}},
        {"table": "units", "where": {"id": "u9"}, "remove": True},
    )
    told = refused(good, bad, lines=[4, 9])
    assert told.startswith("mine/scenario.toml, line 9, [[change]] number 2: no row of units matches")
    assert "number 2" in refused(good, bad, only=["units"])
    assert apply_changes(tables(), [good, bad], "f", only=["relations"])["units"].equals(tables()["units"])


@pytest.mark.parametrize("entry, told", [
    (1, "must be a section [[change]]"),
    ({"set": {"capacity": 1}}, "no table ''"),
    ({"table": "unit", "set": {"capacity": 1}}, "did you mean units?"),
    ({"table": "units"}, "exactly one of"),
    ({"table": "units", "set": {"capacity": 1}, "scale": {"capacity": 2}}, "exactly one of"),
    ({"table": "units", "were": {"id": "u1"}, "set": {"capacity": 1}}, "unknown key were"),
    ({"table": "units", "where": {"id": "u9"}, "set": {"capacity": 1}}, "no row of units matches"),
    ({"table": "units", "where": {"ids": "u1"}, "set": {"capacity": 1}}, "did you mean id?"),
    ({"table": "units", "where": "u1", "set": {"capacity": 1}}, "{ column = value }"),
    ({"table": "units", "where": {"capacity": "three"}, "set": {"capacity": 1}}, "must be a whole number"),
    ({"table": "units", "where": {"capacity": [3, "x"]}, "set": {"capacity": 1}}, "must be a whole number"),
    ({"table": "units", "set": {"capacty": 1}}, "did you mean capacity?"),
    ({"table": "units", "set": {}}, "names no column"),
    ({"table": "units", "set": "x"}, "{ column = value }"),
    ({"table": "units", "set": {"capacity": 1.5}}, "must be a whole number"),
    ({"table": "units", "set": {"capacity": True}}, "must be a whole number"),
    ({"table": "units", "set": {"capacity": "7"}}, "must be a whole number"),
    ({"table": "units", "set": {"capacity": 2**70}}, "must be a whole number"),
    ({"table": "units", "set": {"strength": "much"}}, "must be a number from 0 to 1"),
    ({"table": "units", "set": {"name": {"a": 1}}}, "must be text"),
    ({"table": "units", "set": {"profile": ["law", 1]}}, "a list of texts"),
    ({"table": "relations", "set": {"until": "2019-13-01"}}, "year-month-day"),
    ({"table": "relations", "set": {"until": 2019}}, "year-month-day"),
    ({"table": "units", "scale": {"name": 2}}, "name cannot be scaled"),
    ({"table": "units", "scale": {"capacity": "2"}}, "cannot be scaled by '2'"),
    ({"table": "units", "scale": {"capacity": float("nan")}}, "cannot be scaled"),
    ({"table": "units", "scale": {"capacity": float("inf")}}, "cannot be scaled"),
    ({"table": "units", "scale": {"capacity": 1e300}}, "too large"),
    ({"table": "units", "where": {"id": "u1"}, "remove": False}, "remove can only be true"),
    ({"table": "units", "add": {"id": "u3"}}, "must be a list of rows"),
    ({"table": "units", "add": []}, "must be a list of rows"),
    ({"table": "units", "add": [{"id": "u3", "capacity": 2.5}]}, "must be a whole number"),
    ({"table": "units", "add": [{"id": "u3", "capacities": 2}]}, "did you mean capacity?"),
    ({"table": "units", "add": [{"id": "u1"}]}, "units already has u1"),
    ({"table": "units", "add": [{"id": "u3"}, {"id": "u3"}]}, "units already has u3"),
])  # fmt: skip
def test_refused_with_what_would_be_right(entry: Any, told: str):
    assert told in refused(entry)


def test_nothing_is_changed_in_place():
    before = tables()
    apply_changes(before, [{"table": "units", "set": {"capacity": 1}}], "f")
    assert before["units"].equals(tables()["units"])


def test_rows_that_changes_add_are_checked_like_those_of_files(tmp_path: Path) -> None:
    """They have no row in a file: they count as if they were written next."""
    write_small(tmp_path / "base", FILE.replace('codes = "free"', 'codes = "gb2260"'))
    for name in ("relations", "region_tags", "needs", "units"):
        (tmp_path / "base" / "data" / f"{name}.csv").unlink()
    given = "code,name,level,parent\n110000,北京市,province,\n110101,东城区,county,110000\n"
    (tmp_path / "base" / "data" / "regions.csv").write_text(given, encoding="utf-8")
    mine = tmp_path / "mine"
    mine.mkdir()
    rows = ('{ code = "110199", name = "x", level = "county", parent = "110000" }',
            '{ code = "110102", name = "西城区", level = "county", parent = "11" }')  # fmt: skip
    text = f'format = 1\nbase = "../base"\n[[change]]\ntable = "regions"\nadd = [{", ".join(rows)}]\n'
    (mine / "scenario.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TableErrors) as caught:
        read_scenario(mine, stages=())
    told = [(f.row, f.column, f.value) for f in caught.value.findings if f.severity == "error"]
    assert sorted(told) == [(4, "code", "110199"), (5, "parent", "11")]
