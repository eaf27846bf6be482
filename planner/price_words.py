"""What a row of the table of prices stands for, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.language import Text
from graph.network import Network
from graph.schema import ENUMS

FLOORS = {
    "deep_poverty_share": Text("深度贫困县份额", "share of deep-poverty counties"),
    "outside_share": Text("非贫困县份额", "share outside poor counties"),
}


class PriceWords:
    """Called with a row, tells in words what a million yuan more or less would be put to."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.sources = dict(network.frame("fund_sources").select("id", "name").iter_rows())

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
        if rule in FLOORS:
            return Text(f"{year} 年{FLOORS[rule].zh}", f"{FLOORS[rule].en} in {year}")
        source = self.sources.get(row["source"]) or row["source"]
        if rule == "earmarks":
            zh, en = (f"（{place}）", f" in {place}") if place else ("", "")
            return Text(
                f"{source} {year} 年不受专款专用约束{zh}", f"{source} freed of its earmark in {year}{en}"
            )
        return Text(f"{source} {year} 年预算", f"budget of {source} in {year}")
