"""Changes that follow from changes of an earlier decision: of a pair above, of a pair that brings money, of a county's money."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from graph.language import Text
from graph.network import Network
from planner.plan import Plan

HOW = {"new": Text("新结对", "is new"), "ended": Text("不再结对", "has ended")}
_WORDS = dict.fromkeys(("zh", "en"), pl.String)


def pairs_below(before: Plan, after: Plan, edges: pl.DataFrame) -> pl.DataFrame:
    """stage, supporter, recipient, how, zh, en: pairs below a pair of regions that came or went with them.

    ``edges``: see :func:`planner.compare.partners.links`.
    """
    changed = _changed(edges).filter(pl.col("stage") == "pairing")
    ends = {(s, r): how for s, r, how in changed.select("supporter", "recipient", "state").iter_rows()}
    rows = list(_below(before.network, after.network, ends)) if ends else []
    schema = dict.fromkeys(("stage", "supporter", "recipient", "how"), pl.String) | _WORDS
    told = pl.DataFrame(rows, schema=schema, orient="row")
    return told.unique(["stage", "supporter", "recipient"], keep="first", maintain_order=True)


def _below(
    old: Network, new: Network, ends: dict[tuple[str, str], str]
) -> Iterator[tuple[str, str, str, str, str, str]]:
    for (supporter, recipient), how in ends.items():
        network = new if how == "new" else old
        for giver in (supporter, *network.ancestors(supporter)):
            for taker in (recipient, *network.ancestors(recipient)):
                if (giver, taker) != (supporter, recipient) and ends.get((giver, taker)) == how:
                    yield ("pairing", supporter, recipient, how, *_pair(network, giver, taker, how))


def money_of_pairs(before: Plan, after: Plan, edges: pl.DataFrame) -> pl.DataFrame:
    """source, region, zh, en: money whose owner's, or for units' money whose county's, pair came or went."""
    rows = []
    sources = after.network.frame("fund_sources").vstack(before.network.frame("fund_sources"))
    owners: dict[str, set[str]] = {}
    for source, owner in (
        sources.filter(pl.col("level") == "east_west").select("id", "owner_region").iter_rows()
    ):
        owners.setdefault(owner, set()).add(source)
    units = sorted(set(sources.filter(pl.col("level") == "unit")["id"]))
    listed = _changed(edges).select("stage", "supporter", "recipient", "state").iter_rows()
    for stage, supporter, recipient, how in listed:
        network = after.network if how == "new" else before.network
        told = _pair(network, supporter, recipient, how)
        for source in units if stage == "designation" else sorted(owners.get(supporter, ())):
            rows += [(source, place, *told) for place in (recipient, *network.descendants(recipient))]
    made = pl.DataFrame(rows, schema=dict.fromkeys(("source", "region"), pl.String) | _WORDS, orient="row")
    joined = [
        pl.col(lang).unique(maintain_order=True).str.join(sep) for lang, sep in (("zh", "；"), ("en", "; "))
    ]
    return made.group_by("source", "region", maintain_order=True).agg(joined)


def money_of_places(before: Plan, after: Plan, known: pl.DataFrame) -> pl.DataFrame:
    """region, zh, en: counties, and places below them, where the county's money, all years together, is not the same."""
    place = known.select(pl.col("code").alias("region"), "county")
    sums = [_money(p, place) for p in (before, after)]
    both = sums[0].join(sums[1], on="county", how="full", suffix="_after", coalesce=True)
    both = both.with_columns(pl.col("amount", "amount_after").fill_null(0))
    differs = both.filter(pl.col("amount") != pl.col("amount_after"))
    words = [f"{a:,} → {b:,}" for a, b in differs.select("amount", "amount_after").iter_rows()]
    told = differs.select(
        "county",
        zh=pl.Series([f"本县所得资金 {w} 元" for w in words], dtype=pl.String),
        en=pl.Series([f"the county's money {w} yuan" for w in words], dtype=pl.String),
    )
    return place.join(told, on="county", maintain_order="left").select("region", "zh", "en")


def _changed(edges: pl.DataFrame) -> pl.DataFrame:
    return edges.filter(pl.col("state") != "kept")


def _pair(network: Network, supporter: str, recipient: str, how: str) -> tuple[str, str]:
    pair = f"{network.label(supporter)} > {network.label(recipient)}"
    return f"{pair} {HOW[how].zh}", f"{pair} {HOW[how].en}"


def _money(plan: Plan, place: pl.DataFrame) -> pl.DataFrame:
    given = plan.decided("allocations").join(place, on="region", how="left")
    county = pl.coalesce("county", "region").alias("county")
    return given.group_by(county).agg(pl.col("amount").sum())
