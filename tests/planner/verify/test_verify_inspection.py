"""Verify catches a changed inspection plan: each tampering, and nothing on an untouched one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from planner.stages.inspection import STAGE
from planner.verify.inspection import check
from planner.verify.outcome import StageCheck
from tests.planner.inspection_land import BASE, FEW, TEAMS, UNITS
from tests.planner.tiny import context, network, resolved, solve

Change = Callable[[pl.DataFrame], pl.DataFrame]
RELATIONS = [
    {"id": "1", "kind": "east_west", "supporter": "A", "recipient": "B"},
    {"id": "2", "kind": "designated", "supporter": "u1", "recipient": "C1"},
    {"id": "3", "kind": "supervision", "supporter": "u2", "recipient": "A"},
]
SMALL = {"id": "s", "unit": "u3", "home_region": "Z", "size": 2, "days_max": 60}


def checked(change: Change, **values: Any) -> StageCheck:
    """u1 inspects A, u2 B, and so on: what the solver chose, then changed."""
    tables = {**BASE, "relations": RELATIONS, "inspection_teams": [*TEAMS, SMALL], "units": UNITS}
    seen = context(STAGE, network(**tables), **{**FEW, **values})
    found = solve(STAGE, seen).tables["inspections"]
    return check(resolved(STAGE, seen), {"inspections": change(found)}, {})


def put(place: str, **values: object) -> Change:
    where = pl.col("region").str.starts_with(place)
    columns = {k: pl.when(where).then(pl.lit(v)).otherwise(pl.col(k)) for k, v in values.items()}
    return lambda table: table.with_columns(**columns)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (put("A", team="tA"), "no_own"),
        (put("B", team="tA"), "no_paired"),
        (put("C", team="u1"), "no_designated"),
        (put("A", team="u2"), "no_supervising"),
        (put("A", team="s"), "team_size"),
        (put("A", days=1), "days"),
        (put("A", cost=0.001), "terms"),
        (put("A", terms='{"travel":1}'), "terms"),
        (put("A", sample="{}"), "sample"),
        (put("A", region="A9"), "sample"),
        (put("A", kind="tour"), "sample"),
        (put("A", year=2018), "sample"),
        (put("A", team="nobody"), "sample"),
        (lambda table: table.filter(~pl.col("region").str.starts_with("A")), "teams_per_visit"),
        (lambda table: pl.concat([table, table.filter(pl.col("region").str.starts_with("A")).with_columns(
            team=pl.lit("tC"))]), "teams_per_visit"),
        (lambda table: pl.concat([table, table[:1]]), "sample"),
        (put("A", days=99), "team_days"),
        (lambda table: put("A", team="tC")(put("C", team="tA")(table)), "no_reciprocal"),
    ],
)  # fmt: skip
def test_each_change_is_named(change: Change, rule: str) -> None:
    assert rule in {b.rule for b in checked(change).broken}


def test_an_untouched_result_is_whole() -> None:
    assert checked(lambda table: table).broken == []
    assert checked(lambda table: table, counties_per_visit={"check": 3}).broken == []


def test_a_county_left_out_of_a_visit_is_named() -> None:
    found = checked(lambda table: table[1:], counties_per_visit={"check": 3})
    assert "sample" in {b.rule for b in found.broken}


def test_a_second_team_of_the_same_region_breaks_balance() -> None:
    found = checked(put("A", days=40), balance_tolerance=1.0)
    (told,) = [b.text.en for b in found.broken if b.rule == "balance_tolerance"]
    assert "days of at most" in told


def test_another_kind_than_the_assessment_says_is_not_due() -> None:
    found = checked(
        put("B", kind="check"), kinds=["check", "tour"], tour_categories=["talk_deputy"],
        counties_per_visit={"check": 1, "tour": 1},
    )  # fmt: skip
    assert {"sample", "teams_per_visit"} <= {b.rule for b in found.broken}
