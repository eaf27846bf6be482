"""Why a region or county is paired as it is."""

from __future__ import annotations

import polars as pl

from graph.language import Text
from planner.reason import Explanation
from planner.stage import Context
from planner.stages.pairing.counties import build_counties
from planner.stages.pairing.members import decided_kinds, fair_caps, find_members
from planner.stages.pairing.outside import why_outside
from planner.stages.pairing.regions import build_regions, capacities
from planner.stages.pairing.settings import NAME, SETTINGS
from planner.stages.pairs_explained import WhyLeft, explain_pairs, explain_shut
from planner.stages.pairs_left import Chosen, chosen_of, why_left


def explain_pairing(context: Context, rows: pl.DataFrame, keys: tuple[str, ...]) -> list[Explanation]:
    """Region pairs, county pairs and counterpart support of the subject; ``rows``: those of this stage."""
    policy = context.policy
    if policy["objective"] == "scores":
        built = build_regions(context)
        pairs, room = built.pairs, None
        if policy.on("supporter_capacity"):
            room = capacities(context, pairs.supporters)
        left = _left(context, chosen_of(context, pairs, built.model, rows))
        found = explain_pairs(
            context, NAME, pairs, rows, keys, capacity=room, full_by="supporter_capacity", why=left
        )
        return found or explain_shut(context, NAME, keys, why_outside(context, rows, keys))
    if not all(may_be_paired(context, rows, key) for key in keys):
        return []
    found = [
        *_regions(context, rows, keys),
        *_counties(context, rows, keys),
        *_counterpart(context, rows, keys),
    ]
    return found or explain_shut(context, NAME, keys, why_outside(context, rows, keys))


def _regions(context: Context, rows: pl.DataFrame, keys: tuple[str, ...]) -> list[Explanation]:
    built = build_regions(context)
    chosen = rows.filter(pl.col("kind").is_in(decided_kinds(context)))
    tolerance = context.policy["fair_load_tolerance"]
    caps = None if tolerance is None else fair_caps(context, built.members)
    left = _left(context, chosen_of(context, built.pairs, built.model, chosen))
    return explain_pairs(
        context, NAME, built.pairs, chosen, keys, capacity=caps, full_by="fair_load_tolerance", why=left
    )


def _counties(context: Context, rows: pl.DataFrame, keys: tuple[str, ...]) -> list[Explanation]:
    """County pairs, inside the region pairs that were chosen."""
    regions = rows.filter(pl.col("kind").is_in(decided_kinds(context)))
    if not context.policy.on("county_pairs") or not regions.height:
        return []
    inside = build_counties(context, find_members(context), regions)
    nested = rows.filter(pl.col("kind") == "county_pair")
    left = _left(context, chosen_of(context, inside.pairs, inside.model, nested))
    return explain_pairs(context, NAME, inside.pairs, nested, keys, why=left)


def _left(context: Context, chosen: Chosen) -> WhyLeft:
    return lambda numbers: why_left(NAME, chosen, numbers, SETTINGS)


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
