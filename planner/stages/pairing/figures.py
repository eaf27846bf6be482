"""Key figures of pairing, of the plan and of the baseline alike."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from graph.language import Text
from graph.titles import must_pair_words
from planner.stage import Context, Kpi
from planner.stages.pairing.members import (
    decided_kinds,
    find_members,
    reached_by_counterpart,
    relations_in_force,
    tagged_on,
    ways_to_cover,
)


def figures(context: Context, pairs: pl.DataFrame) -> list[Kpi]:
    """KPIs of the rows of stage pairing."""
    if context.policy["objective"] == "scores":
        return [
            Kpi(
                "covered",
                Text("有支援方的受援方", "recipients covered"),
                pairs["recipient"].n_unique(),
                "regions",
                "more",
            ),
            *_cost(context, pairs),
        ]
    members = find_members(context)
    regions = pairs.filter(pl.col("kind") != "county_pair").filter(
        (pl.col("kind") == "east_west") | (pl.col("kind").is_in(decided_kinds(context)))
    )
    counties = pairs.filter(pl.col("kind") == "county_pair")
    held = relations_in_force(context, decided_kinds(context)).select("supporter", "recipient").unique()
    kept = regions.join(held, on=["supporter", "recipient"], how="semi").height
    covered = regions.filter(pl.col("recipient").is_in(members.recipients))["recipient"].n_unique()
    must = must_pair_words(str(context.policy["ethnic_tag"]))
    counted = [
        Kpi("covered", Text("有支援方的受援方", "recipients covered"), covered, "regions", "more"),
        Kpi("recipients", Text("受援方", "recipients"), len(members.recipients), "regions"),
        Kpi("ethnic_covered", Text(f"有结对或对口支援的{must.zh}", f"{must.en} covered"),
            _prefectures(context, regions), "regions", "more"),
        Kpi("region_pairs", Text("区域结对", "region pairs"), regions.height, "pairs"),
        Kpi("changes", Text("对现有结对的调整", "changes against the pairs in force"),
            regions.height - kept + held.height - kept, "pairs", "less"),
        Kpi("heaviest_load", Text("最重负载（对公平份额）", "heaviest load against the fair share"),
            _heaviest(regions, members.supporters, members.strength), "times", "less"),
        Kpi("county_pairs", Text("县县结对", "county pairs"), counties.height, "pairs", "more"),
        Kpi("counties_covered", Text("有县县结对的受扶县", "recipient counties with a county pair"),
            _counties(context, counties), "counties", "more"),
        Kpi("counterpart_shown", Text("对口支援（仅列示）", "counterpart support, shown only"),
            pairs.filter(pl.col("kind") == "counterpart").height if "counterpart" not in decided_kinds(context) else 0, "pairs"),
    ]  # fmt: skip
    silent = _silent(context)
    return [k for k in counted if k.key not in silent] + _cost(context, pairs)


def _silent(context: Context) -> set[str]:
    """Figures of what the scenario does not have, which would say 0 of a word that nobody there knows."""
    found = set() if context.policy.on("county_pairs") else {"county_pairs", "counties_covered"}
    if not tagged_on(context, str(context.policy["ethnic_tag"])):
        found.add("ethnic_covered")
    if relations_in_force(context, ["counterpart"]).is_empty():
        found.add("counterpart_shown")
    return found


def _cost(context: Context, pairs: pl.DataFrame) -> list[Kpi]:
    better: Literal["more", "less"] = "more" if context.policy["sense"] == "max" else "less"
    found = [
        Kpi("cost", Text("总成本", "total cost"), round(float(pairs["cost"].sum()), 6), "points", better)
    ]
    for key, kind, title in (
        ("cost_per_region_pair", "east_west", Text("每对区域结对成本", "cost per region pair")),
        ("cost_per_county_pair", "county_pair", Text("每对县结对成本", "cost per county pair")),
    ):
        decided = pairs.filter(pl.col("kind") == kind)
        if decided.height:
            each = round(float(decided["cost"].sum()) / decided.height, 3)
            found.append(Kpi(key, title, each, "points", better))
    return found


def _prefectures(context: Context, regions: pl.DataFrame) -> int:
    paired = set(regions["recipient"].to_list())
    tagged = tagged_on(context, str(context.policy["ethnic_tag"]))
    return sum(bool(ways_to_cover(context, c, paired)) or reached_by_counterpart(context, c) for c in tagged)


def _counties(context: Context, counties: pl.DataFrame) -> int:
    """Poor counties with a pair of their own or through a place above them."""
    paired = set(counties["recipient"].to_list())
    poor = tagged_on(context, str(context.policy["county_tag"]))
    return sum(bool(paired & {c, *context.network.ancestors(c)}) for c in poor)


def _heaviest(regions: pl.DataFrame, supporters: list[str], strength: np.ndarray) -> float:
    """The largest load of a supporter against its share of all loads by strength."""
    total = float(regions["load"].sum())
    carried = dict(regions.group_by("supporter").agg(pl.col("load").sum()).iter_rows())
    fair = strength / strength.sum() * total
    ratios = [carried.get(s, 0) / f for s, f in zip(supporters, fair.tolist(), strict=True) if f > 0]
    return round(max(ratios, default=0.0), 3)
