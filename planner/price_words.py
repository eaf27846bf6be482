"""What a row of the table of prices stands for, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from graph.language import Text
from graph.schema import ENUMS
from graph.titles import counties_with
from planner.plan import Plan


class PriceWords:
    """Called with a row, tells in words what a million yuan more or less would be put to."""

    def __init__(self, plan: Plan) -> None:
        self.network = plan.network
        self.sources = dict(self.network.frame("fund_sources").select("id", "name").iter_rows())
        policy = plan.head["inputs"]["policy"]["funds"]
        first, listed = (counties_with(str(policy[k])) for k in ("deep_poverty_tag", "county_tag"))
        self.floors = {
            "deep_poverty_share": Text(f"{first.zh}份额", f"share of {first.many}"),
            "outside_share": Text(f"{listed.without_zh}份额", f"share outside {listed.many}"),
        }

    def __call__(self, row: Mapping[str, Any]) -> Text:
        """In both languages."""
        rule, year = row["rule"], row["year"]
        place = self.network.label(row["region"]) if row["region"] else ""
        if rule == "needs":
            programme = ENUMS["programme"].get(row["programme"], Text(row["programme"], row["programme"]))
            return Text(
                f"直接给 {place} {year} 年{programme.zh}",
                f"given straight to {place} for {programme.en} in {year}",
            )
        if rule == "county_floor":
            return Text(f"{place} {year} 年下限", f"floor of {place} in {year}")
        if rule in self.floors:
            return Text(f"{year} 年{self.floors[rule].zh}", f"{self.floors[rule].en} in {year}")
        source = self.sources.get(row["source"]) or row["source"]
        if rule == "earmarks":
            zh, en = (f"（{place}）", f" in {place}") if place else ("", "")
            return Text(
                f"{source} {year} 年不受专款专用约束{zh}", f"{source} freed of its earmark in {year}{en}"
            )
        return Text(f"{source} {year} 年预算", f"budget of {source} in {year}")


def in_points(whole: pl.Series, scale: int) -> pl.Series:
    """Whole numbers of ``1/scale`` points as the nearest numbers of points: Polars multiplies by 1/scale, which leaves noise."""
    return pl.Series(whole.name, [None if v is None else v / scale for v in whole], pl.Float64)
