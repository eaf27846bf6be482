"""Why a region or county is paired as it is."""

from __future__ import annotations

import polars as pl

from graph.language import Text
from planner.reason import Explanation
from planner.stage import Context
from planner.stages.pairing.counties import county_pairs
from planner.stages.pairing.members import decided_kinds, fair_caps, find_members
from planner.stages.pairing.regions import capacities, region_pairs
from planner.stages.pairing.settings import NAME
from planner.stages.pairs import scored_pairs
from planner.stages.pairs_explained import explain_pairs


def explain_pairing(context: Context, rows: pl.DataFrame, keys: tuple[str, ...]) -> list[Explanation]:
    """Region pairs, county pairs and counterpart support of the subject; ``rows``: those of this stage."""
    policy = context.policy
    if policy["objective"] == "scores":
        pairs = scored_pairs(context, NAME)
        room = capacities(context, pairs.supporters) if policy.on("supporter_capacity") else None
        return explain_pairs(context, NAME, pairs, rows, keys, capacity=room, full_by="supporter_capacity")
    if not all(may_be_paired(context, rows, key) for key in keys):
        return []
    members = find_members(context)
    regions = rows.filter(pl.col("kind").is_in(decided_kinds(context)))
    caps = fair_caps(context, members) if policy["fair_load_tolerance"] is not None else None
    pairs = region_pairs(context, members)
    found = explain_pairs(context, NAME, pairs, regions, keys, capacity=caps, full_by="fair_load_tolerance")
    nested = rows.filter(pl.col("kind") == "county_pair")
    if nested.height:
        found += explain_pairs(context, NAME, county_pairs(context, members, regions), nested, keys)
    return found + _counterpart(context, rows, keys)


def may_be_paired(context: Context, rows: pl.DataFrame, key: str) -> bool:
    """Whether it stands in a pair of ``rows``, is at the level of counties, or is listed, tagged or related so that it may be a member."""
    network, policy = context.network, context.policy
    if network.level_of.get(key) == policy["county_level"]:
        return True
    listed = {*(policy["supporters_list"] or ()), *(policy["recipients_list"] or ())}
    tags = [str(policy[k]) for k in ("supporters_tag", "recipients_tag", "ethnic_tag")]
    bearing = network.frame("region_tags").filter(pl.col("region") == key, pl.col("tag").is_in(tags))
    related = [f.select("supporter", "recipient") for f in (rows, network.frame("relations"))]
    either = (pl.col("supporter") == key) | (pl.col("recipient") == key)
    return key in listed or bearing.height > 0 or pl.concat(related).filter(either).height > 0


def _counterpart(context: Context, rows: pl.DataFrame, keys: tuple[str, ...]) -> list[Explanation]:
    """Counterpart support that is shown as it stands."""
    if "counterpart" in decided_kinds(context):
        return []
    label, found = context.network.label, []
    shown = rows.filter(pl.col("kind") == "counterpart").select("supporter", "recipient")
    for pair in shown.iter_rows():
        if set(keys) <= set(pair):
            named = f"{label(pair[0])} → {label(pair[1])}"
            found.append(
                Explanation(
                    NAME,
                    Text(f"对口支援，照列不动：{named}", f"counterpart support, shown as it stands: {named}"),
                )
            )
    return found
