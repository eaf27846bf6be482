"""Every posting of `cadres` under own scores beside the next-best listed post; who is listed and posted nowhere."""

from __future__ import annotations

from typing import Any

import polars as pl

from graph.language import Text
from planner.every_row.found import EveryRow, joined, open_frame, reasons, shown_points, with_rules
from planner.otherwise.choice import Asking

LISTED, UNLISTED = (
    Text("列在评分中而没有派出的干部", "cadre with scores who is posted nowhere"),
    Text("别人的评分合起来更好，或岗位已满", "the scores of others add up to more, or the posts are full"),
)


def every_scored(asking: Asking) -> EveryRow:
    """The rows of `postings` under own scores: nothing is proved of a single one."""
    rows = asking.plan.table("postings")
    best_first = asking.context.policy["sense"] == "max"
    key = pl.concat_str("village", "post", separator="/")
    scores = asking.context.network.frame("pair_scores").filter(pl.col("stage") == asking.stage)
    others = (
        scores.join(rows.select("cadre", key.alias("place")), left_on=["supporter", "recipient"], right_on=["cadre", "place"], how="anti")
        .sort("cost", "recipient", descending=[best_first, False])
        .group_by("supporter", maintain_order=True)
        .first()
        .select(cadre="supporter", next="recipient", next_cost="cost")
    )  # fmt: skip
    told = rows.join(others, on="cadre", how="left", maintain_order="left")
    nothing = pl.lit(None, pl.Float64)
    told = with_rules(asking.plan, asking.stage, told, ["village", "cadre"]).with_columns(
        next_least=nothing, lose_least=nothing, next_name="next"
    )
    told = told.with_columns(_reason("zh"), _reason("en")).drop("next_name")
    return EveryRow(asking.stage, "postings", told, open_frame(_left(asking, rows, others)))


def _reason(language: str) -> pl.Expr:
    goes, score = (" 派往 ", "，评分 ") if language == "zh" else (" goes to ", " with a score of ")
    said = joined(pl.col("cadre"), pl.lit(goes), pl.col("village"), pl.lit("/"), pl.col("post"), pl.lit(score),
                  shown_points(pl.col("cost")))  # fmt: skip
    return reasons(language, said)


def _left(asking: Asking, rows: pl.DataFrame, others: pl.DataFrame) -> list[dict[str, Any]]:
    nowhere = others.join(rows, on="cadre", how="anti").sort("cadre")
    return [
        {"kind_zh": LISTED.zh, "kind_en": LISTED.en, "code": c, "missing": 1, "next": place, "reason_zh": UNLISTED.zh,
         "reason_en": UNLISTED.en}
        for c, place in nowhere.select("cadre", "next").iter_rows()
    ]  # fmt: skip
