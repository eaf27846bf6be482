"""Terms that end soon: relations one by one, postings by the place they are in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from graph.dates import holding
from graph.network import Network
from graph.questions.moment import moment, months_later

READS = ("regions", "names", "units", "relations", "postings")


@dataclass(frozen=True)
class Endings:
    """Terms in force on ``at`` that end by ``by``.

    Parameters
    ----------
    at, by : date
        The days counted from and to; an end on ``by`` is included.
    relations : DataFrame
        ``id, kind, supporter, supporter_name, recipient, recipient_name, until, mark``, the earliest end
        first.
    postings : DataFrame
        ``region, name, until, postings``: how many postings end there on which day; the region is the one
        that the village lies in.
    """

    at: date
    by: date
    relations: pl.DataFrame
    postings: pl.DataFrame


def terms_ending(network: Network, months: int, at: date | None = None) -> Endings:
    """Relations and postings in force whose term ends within ``months`` months."""
    day = moment(network, at)
    by = months_later(day, months)
    soon = holding(day) & (pl.col("until") <= by)
    relations = network.frame("relations").filter(soon).sort("until", "id")
    named = relations.with_columns(
        pl.Series(
            "supporter_name", [network.label(i) for i in relations["supporter"].to_list()], dtype=pl.String
        ),
        pl.Series(
            "recipient_name", [network.label(i) for i in relations["recipient"].to_list()], dtype=pl.String
        ),
    )
    columns = ("id", "kind", "supporter", "supporter_name", "recipient", "recipient_name", "until", "mark")
    return Endings(day, by, named.select(columns), _postings(network, network.frame("postings").filter(soon)))


def _postings(network: Network, postings: pl.DataFrame) -> pl.DataFrame:
    regions = network.frame("regions")
    homes = regions.select(pl.col("code").alias("village"), pl.coalesce("parent", "code").alias("region"))
    names = regions.select(pl.col("code").alias("region"), "name")
    counted = postings.join(homes, on="village", how="left").with_columns(
        pl.coalesce("region", "village").alias("region")
    )
    grouped = counted.group_by("region", "until").agg(pl.len().cast(pl.Int64).alias("postings"))
    return (
        grouped.join(names, on="region", how="left")
        .select("region", "name", "until", "postings")
        .sort("until", "region")
    )
