"""What two scenarios are made of, row by row."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from planner.input_diff import InputDifference, input_difference
from planner.replay import scenario_of
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from planner.solve.pool import InProcess
from tests.planner.small import FILE, MORE, TABLES, TWO, write_small


def against(small: Scenario, folder: Path, text: str = FILE, **tables: str) -> InputDifference:
    return input_difference(small, read_scenario(write_small(folder / "other", text, **tables)))


def test_the_same_inputs(small: Scenario, tmp_path: Path) -> None:
    found = against(small, tmp_path)
    assert found.equal and found.to_dict()["equal"] is True


def test_rows_that_are_new_gone_and_changed(small: Scenario, tmp_path: Path) -> None:
    units = (
        TABLES["units"].replace("u2,第二行,bank,C,2", "u2,第二行,bank,C,5").replace("u3,第三校", "u9,第九校")
    )
    found = against(small, tmp_path, units=units)
    rows = found.tables["units"].select("how", "id", "capacity", "capacity_before").rows()
    assert rows == [("new", "u9", 2, None), ("ended", "u3", 2, None), ("changed", "u2", 5, 2)]
    assert not found.settings and not found.head and list(found.tables) == ["units"]


def test_settings_day_and_a_table_that_only_one_has(small: Scenario, tmp_path: Path) -> None:
    text = FILE.replace("2016-12-31", "2017-01-31") + "distance_weight = 3\n"
    found = against(small, tmp_path, text, pair_scores="stage,supporter,recipient,cost\ndesignation,u1,A,2\n")
    assert ("date", "2016-12-31", "2017-01-31") in found.head
    assert ("designation", "distance_weight", "1.0", "3") in found.settings
    assert found.only == {"pair_scores": 1} and found.to_dict()["only_in"] == {"pair_scores": "other"}


def test_a_row_that_differs_in_its_mark_alone(small: Scenario, tmp_path: Path) -> None:
    regions = TABLES["regions"].replace("104,31,assumed", "104,31,recalled")
    other = read_scenario(write_small(tmp_path / "other", regions=regions))
    assert input_difference(small, other).equal
    told = input_difference(small, other, sources=True).tables["regions"]
    assert told.filter(pl.col("how") == "changed")["code"].to_list() == ["B"]


def test_what_a_plan_does_not_keep_is_not_compared(tmp_path: Path) -> None:
    """No rule reads the role of a posting: the plan that was made from it is no other for that, and it is told."""
    posted = "cadre,village,post,since,role\nc1,vA,fs,2016-03-01,first_secretary\n"
    scenario = read_scenario(write_small(tmp_path / "two", TWO, **{**MORE, "postings": posted}))
    plan = make_plan(scenario, tmp_path / "plans", executor=InProcess())
    again, kept = scenario_of(plan), {n: f.columns for n, f in plan.tables("resolved").items()}
    for sides, known in (((scenario, again), (None, kept)), ((again, scenario), (kept, None))):
        found = input_difference(*sides, kept=known)
        assert found.equal and found.not_kept == {"postings": ["role"]}
        assert found.to_dict()["not_compared"] == {"postings": ["role"]}
    later = posted.replace("2016-03-01", "2016-04-01")  # this is read, and another day is a difference
    other = read_scenario(write_small(tmp_path / "later", TWO, **{**MORE, "postings": later}))
    assert [*input_difference(other, again, kept=(None, kept)).tables] == ["postings"]
    assert not input_difference(again, again, kept=(kept, kept)).not_kept
