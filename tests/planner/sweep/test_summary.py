"""What a sweep comes to, from tables that can be counted by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graph.errors import UsageError
from planner.sweep.run import Sweep
from planner.sweep.summary import effects, failures, figures

DISCRETE = {"key": "funds.a", "values": ["off", 0.5]}
RANGE = {"key": "funds.b", "from": "0", "to": "8", "whole": False}


def sweep(**columns: Any) -> Sweep:
    runs = pl.DataFrame(
        {
            "number": [0, 1, 2, 3],
            "funds.a": ["off", "off", "0.5", "0.5"],
            "funds.b": [0.0, 1.9, 2.0, 8.0],
            "status": ["done", "infeasible", "done", "done"],
            "reason_zh": [None, "甲", None, None],
            "reason_en": [None, "a", None, None],
            "plan": ["p", None, "q", "r"],
            "funds.points": [1.0, None, 2.0, 6.0],
            "funds.unspent": [5, None, 7, 9],
            **columns,
        }
    )
    return Sweep(Path("nowhere"), {"stages": ["funds", "exit"], "axes": [DISCRETE, RANGE]}, runs)


def test_mean_and_range_by_axis() -> None:
    found = effects(sweep(), ["funds.points"])
    assert found.rows() == [
        ("funds.a", "off", 2, 1, "funds.points", 1.0, 1.0, 1.0),
        ("funds.a", "0.5", 2, 2, "funds.points", 4.0, 2.0, 6.0),
        ("funds.b", "0 – 2", 2, 1, "funds.points", 1.0, 1.0, 1.0),
        ("funds.b", "2 – 4", 1, 1, "funds.points", 2.0, 2.0, 2.0),
        ("funds.b", "4 – 6", 0, 0, "funds.points", None, None, None),
        ("funds.b", "6 – 8", 1, 1, "funds.points", 6.0, 6.0, 6.0),
    ]


def test_the_usual_figures_and_those_asked_for() -> None:
    assert figures(sweep()) == ["funds.points"]
    assert figures(sweep(), ["funds.unspent"]) == ["funds.unspent"]
    with pytest.raises(UsageError) as found:
        figures(sweep(), ["funds.unspend"])
    assert "did you mean funds.unspent?" in found.value.text.en
    with pytest.raises(UsageError, match=r"there are: funds\.points|可用：funds\.points"):
        figures(sweep(), ["zzzz"])


def test_reasons_that_are_the_same_stand_together() -> None:
    assert failures(sweep()) == [("infeasible", ("甲", "a"), [1])]
    many = sweep(
        status=["failed", "infeasible", "failed", "done"],
        reason_zh=["乙", "甲", "乙", None],
        reason_en=["b", "a", "b", None],
    )
    assert failures(many) == [("failed", ("乙", "b"), [0, 2]), ("infeasible", ("甲", "a"), [1])]


def test_a_sweep_without_any_plan_has_no_figures() -> None:
    none = sweep().runs.drop("funds.points", "funds.unspent").with_columns(status=pl.lit("infeasible"))
    empty = Sweep(Path("nowhere"), {"stages": ["funds"], "axes": [DISCRETE]}, none)
    assert figures(empty) == figures(empty, ["funds.points"]) == []
    assert effects(empty, [])["done"].to_list() == [0, 0]
