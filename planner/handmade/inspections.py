"""Days, sample and cost of hand-made inspections, as the stage itself would count them."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.language import Text
from planner.stage import Context
from planner.stages.inspection.model import find_work
from planner.stages.inspection.results import inspection_table, scored_table
from planner.stages.inspection.settings import NAME
from planner.stages.pairs import scored_pairs

KEY = ["kind", "year", "team", "region"]
FILLED = ("days", "sample", "cost", "terms")


def price_inspections(context: Context, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Text]]:
    """The table with every empty cell filled; and what was filled, in words.

    A row outside the sample keeps what it has (else no days and no cost): the check names it.
    """
    right = listed_inspections(context, rows).select(*KEY, *(pl.col(c).alias(f"{c}_right") for c in FILLED))
    joined = rows.join(right, on=KEY, how="left", maintain_order="left")
    whole = pl.col("terms").is_null() & pl.col("terms_right").is_not_null()
    filled = int(joined.select(whole.sum()).item())
    done = joined.with_columns(
        cost=pl.when(whole).then("cost_right").otherwise("cost").fill_null(0.0),
        terms=pl.coalesce("terms", "terms_right", pl.lit("{}")),
        days=pl.coalesce("days", "days_right", pl.lit(0)),
        sample=pl.coalesce("sample", "sample_right", pl.lit("{}")),
    ).select(rows.columns)
    if not filled:
        return done, []
    return done, [Text(f"{NAME}：{filled} 行的成本与构成由程序计算",
                       f"{NAME}: cost and terms of {filled} rows were computed")]  # fmt: skip


def listed_inspections(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """The table ``inspections`` of the visits that ``rows`` name (with all of their drawn counties)."""
    if context.policy["objective"] == "scores":
        pairs = scored_pairs(context, NAME)
        return scored_table(context, pairs, np.arange(pairs.size))
    work = find_work(context)
    number = {t: i for i, t in enumerate(work.teams.ids)}
    visit_of = {(work.visits[s.visit].kind, s.county): s.visit for s in work.stops}
    named = {
        (number[team], visit_of[kind, county])
        for kind, team, county in rows.select("kind", "team", "region").iter_rows()
        if team in number and (kind, county) in visit_of
    }
    chosen = np.array(sorted(named), dtype=np.int64).reshape(-1, 2)
    return inspection_table(context, work, chosen[:, 0], chosen[:, 1])
