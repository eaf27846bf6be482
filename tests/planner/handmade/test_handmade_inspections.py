"""Hand-made inspections get the days, sample and cost that the stage itself would count."""

from __future__ import annotations

import polars as pl

from planner.handmade.inspections import FILLED, price_inspections
from planner.stages.inspection import STAGE
from planner.verify.inspection import check
from tests.planner.inspection_land import BASE, FEW
from tests.planner.tiny import context, network, resolved, solve


def test_a_plan_without_its_figures_gets_them_back() -> None:
    seen = context(STAGE, network(**BASE), **{**FEW, "counties_per_visit": {"check": 3}})
    table = solve(STAGE, seen).tables["inspections"]
    bare = table.with_columns(pl.lit(None, dtype=table.schema[c]).alias(c) for c in FILLED)
    priced, notes = price_inspections(seen, bare)
    assert priced.equals(table)
    assert notes[0].en == "inspection: cost and terms of 9 rows were computed"
    assert price_inspections(seen, table)[1] == []


def test_rows_outside_the_sample_are_left_to_the_check() -> None:
    seen = context(STAGE, network(**BASE), **FEW)
    table = solve(STAGE, seen).tables["inspections"]
    strange = table.with_columns(
        team=pl.when(pl.col("region").str.starts_with("A")).then(pl.lit("nobody")).otherwise("team"),
        days=pl.lit(None, dtype=pl.Int64), sample=pl.lit(None, dtype=pl.String),
        cost=pl.lit(None, dtype=pl.Float64), terms=pl.lit(None, dtype=pl.String),
    )  # fmt: skip
    priced, _ = price_inspections(seen, strange)
    found = check(resolved(STAGE, seen), {"inspections": priced}, {})
    assert {b.rule for b in found.broken} >= {"sample", "teams_per_visit"}
    assert {k.key for k in STAGE.measure(seen, {"inspections": priced})} >= {"conflicts", "heaviest"}
