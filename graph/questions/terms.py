"""Terms that end soon: relations one by one, postings by the county that they are in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from graph.dates import holding, years_after
from graph.network import Network
from graph.questions.moment import moment, months_later

READS = ("regions", "names", "units", "relations", "postings")

FIRST_SECRETARY = "first_secretary"
COUNTY = "county"


@dataclass(frozen=True)
class Endings:
    """Terms in force on ``at`` that end by ``by``.

    Parameters
    ----------
    at, by : date
        The days counted from and to; an end on ``by`` is included, one on ``at`` is over already.
    relations : DataFrame
        ``id, kind, supporter, supporter_name, recipient, recipient_name, until, mark``, the earliest end
        first.
    each : DataFrame
        One row per posting and reason: ``due, why, cadre, village, village_name, post, role, region, mark``. ``why`` is
        ``until`` (its own end) or ``minimum_term`` (from that day on the cadre may go or be extended). Where a
        posting ends before its minimum term is over, only its end counts.
    postings : DataFrame
        The same by county: ``region, name, why, first, last`` (days), ``postings, first_secretaries, villages``
        (counts), ``mark`` (all that occur, ``;`` between), the earliest first, then the county with most. The region is the village's county; where
        there is none, the place that the village lies in.
    """

    at: date
    by: date
    relations: pl.DataFrame
    each: pl.DataFrame
    postings: pl.DataFrame


def terms_ending(
    network: Network, months: int, at: date | None = None, *, minimum_years: float | None = None
) -> Endings:
    """Relations and postings in force whose term ends within ``months`` months.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    months : int
        How far to look ahead.
    at : date, optional
        The day asked for.
    minimum_years : float, optional
        Minimum term of a posting, counted from its beginning: a policy value, which a network does not know.
        Without it only postings with an end of their own are found. A posting of unknown beginning, and one
        that names a reason to end, has no minimum term to wait for.
    """
    day = moment(network, at)
    by = months_later(day, months)
    relations = network.frame("relations").filter(holding(day) & (pl.col("until") <= by)).sort("until", "id")
    named = relations.with_columns(
        pl.Series(
            "supporter_name", [network.label(i) for i in relations["supporter"].to_list()], dtype=pl.String
        ),
        pl.Series(
            "recipient_name", [network.label(i) for i in relations["recipient"].to_list()], dtype=pl.String
        ),
    )
    columns = ("id", "kind", "supporter", "supporter_name", "recipient", "recipient_name", "until", "mark")
    each = _each(network, day, by, minimum_years or 0)
    return Endings(day, by, named.select(columns), each, _by_county(network, each))


def _each(network: Network, day: date, by: date, minimum_years: float) -> pl.DataFrame:
    """One row per posting and reason, the earliest first."""
    held = network.frame("postings").filter(holding(day))
    begun = held["since"].drop_nulls().unique().to_list()
    served = [years_after(since, minimum_years) for since in begun]
    own = held.filter(pl.col("until") <= by).with_columns(due="until", why=pl.lit("until"))
    least = held.with_columns(
        due=pl.col("since").replace_strict(begun, served, default=None, return_dtype=pl.Date),
        why=pl.lit("minimum_term"),
    ).filter(
        pl.col("due").is_between(day, by, closed="right")
        & (pl.col("until").is_null() | (pl.col("due") < pl.col("until")))
        & pl.col("ended_because").is_null()
    )
    found = pl.concat([own, least])
    villages = found["village"].to_list()
    counties = {v: _county(network, v) for v in dict.fromkeys(villages)}
    return (
        found.with_columns(
            pl.Series("region", [counties[v] for v in villages], dtype=pl.String),
            pl.Series("village_name", [network.label(v) for v in villages], dtype=pl.String),
        )
        .select("due", "why", "cadre", "village", "village_name", "post", "role", "region", "mark")
        .sort("due", "region", "village", "post", "cadre")
    )


def _county(network: Network, village: str) -> str:
    return network.at_level(village, COUNTY) or network.parents.get(village) or village


def _by_county(network: Network, each: pl.DataFrame) -> pl.DataFrame:
    """Counts by county and reason."""
    counted = each.group_by("region", "why").agg(
        first=pl.col("due").min(),
        last=pl.col("due").max(),
        postings=pl.len().cast(pl.Int64),
        first_secretaries=(pl.col("role") == FIRST_SECRETARY).sum().cast(pl.Int64),
        villages=pl.col("village").n_unique().cast(pl.Int64),
        mark=pl.col("mark").drop_nulls().unique().sort().str.join(";"),
    )
    names = [network.label(code) for code in counted["region"].to_list()]
    columns = (
        "region", "name", "why", "first", "last", "postings", "first_secretaries", "villages", "mark"
    )  # fmt: skip
    named = counted.with_columns(pl.Series("name", names, dtype=pl.String)).select(columns)
    return named.sort("first", "postings", "region", "why", descending=[False, True, False, False])
