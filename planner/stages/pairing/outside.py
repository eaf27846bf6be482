"""Why a region or county of a list has no pair to choose from."""

from __future__ import annotations

import polars as pl

from graph.language import Text
from planner.reason import Left
from planner.stage import Context
from planner.stages.pairing.counties import county_pairs
from planner.stages.pairing.members import Members, decided_kinds, find_members, innermost
from planner.stages.pairing.regions import region_pairs
from planner.stages.pairing.settings import NAME, SETTINGS
from planner.stages.pairs import Pairs, scored_pairs
from planner.stages.pairs_left import why_shut
from planner.stages.words import rules_said

ALONE = Text("另一方没有一个地区", "there is no region on the other side")
INSIDE = Text(
    "另一方的每个地区都包含它或在它之内", "every region on the other side contains it or lies within it"
)
UNPAIRED = Text("所在的 {region} 没有区域结对", "{region}, which it belongs to, has no pair of regions")
EMPTY = Text(
    "与 {region} 结对的地区没有可结对的县", "the regions paired with {region} have no county to pair with"
)
OFF = Text("不定县县结对：{rules}", "no county pairs are decided: {rules}")
UNTAGGED = Text(
    "不是受扶县：没有标签 {tag}（pairing.county_tag）",
    "it is no recipient county: it does not bear the tag {tag} (pairing.county_tag)",
)


def why_outside(context: Context, rows: pl.DataFrame, keys: tuple[str, ...]) -> Left | None:
    """Why there is no pair with all of ``keys`` to choose from; ``None`` where that is none of this stage's business.

    ``rows``: the pairs that the stage decided.
    """
    if context.policy["objective"] == "scores":
        return _banned(context, scored_pairs(context, NAME), "bans", keys)
    members = find_members(context)
    regions = rows.filter(pl.col("kind").is_in(decided_kinds(context)))
    ranks = (
        (region_pairs(context, members), "bans"),
        (county_pairs(context, members, regions), "county_bans"),
    )
    for every, rule in ranks:
        left = _banned(context, every, rule, keys)
        if left is not None:
            return left
    return _alone(context, members, regions, keys[0]) if len(keys) == 1 else None


def _banned(context: Context, every: Pairs, rule: str, keys: tuple[str, ...]) -> Left | None:
    """That bans leave no pair with all of ``keys``."""
    shut = {rule: every.positions(_of(context, rule, every), rule)}
    return why_shut(NAME, every, shut, keys, SETTINGS)


def _of(context: Context, rule: str, every: Pairs) -> list[str]:
    """The bans that name a pair there is: a county pair whose regions are not paired is none."""
    listed = context.policy[rule] if context.policy.on(rule) else []
    named = {">".join(pair) for pair in every.named()}
    return [ban for ban in listed if ">".join(part.strip() for part in ban.split(">")) in named]


def _alone(context: Context, members: Members, regions: pl.DataFrame, key: str) -> Left | None:
    """Why one region or county has no pair to choose from, no ban being in the way."""
    network, policy = context.network, context.policy
    if key in members.supporters or key in members.recipients:
        return Left(INSIDE if members.supporters and members.recipients else ALONE)
    if network.level_of.get(key) != policy["county_level"]:
        return None
    above = [innermost(network, key, side) for side in (members.supporters, members.recipients)]
    region = next((a for a in above if a is not None), None)
    if region is None:
        return None
    if not policy.on("county_pairs"):
        return Left(OFF.fill(rules=rules_said(NAME, ("county_pairs",), SETTINGS)), ("county_pairs",))
    paired = {*regions["supporter"], *regions["recipient"]}
    name = network.label(region)
    if region not in paired:
        return Left(UNPAIRED.fill(region=name))
    tagged = key in network.tagged(str(policy["county_tag"]), context.on)
    if above[0] is None and not tagged:
        return Left(UNTAGGED.fill(tag=policy["county_tag"]))
    return Left(EMPTY.fill(region=name))
