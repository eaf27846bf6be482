"""How much each supporter carries, now and under a plan; how far support leans on a few."""

from __future__ import annotations

from datetime import date

import polars as pl

from graph.dates import holding
from graph.network import Network
from graph.questions.moment import moment
from graph.search import spoken

READS = ("regions", "names", "units", "relations", "region_facts")


def supporter_loads(
    network: Network, *, at: date | None = None, plan_pairs: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Load of every supporter, the heaviest first.

    Parameters
    ----------
    network : Network
        Needs ``relations``; capacities come from ``units``, fiscal strength from ``region_facts``.
    at : date, optional
        The day asked for.
    plan_pairs : DataFrame, optional
        Table ``pairs`` of a plan: adds ``planned``, the sum of its loads.

    Returns
    -------
    DataFrame
        ``supporter, name, pinyin, recipients`` (distinct, in force), ``kinds`` (``;`` between), ``capacity``
        (null: not told), ``over`` (recipients above the capacity, 0 where none is told), ``fiscal_revenue``
        (yuan, the latest; null: not known), ``share`` of all loads, and ``planned`` with a plan.
    """
    day = moment(network, at)
    return loads_of(network, _carried(network, day), day, plan_pairs)


def _carried(network: Network, day: date) -> pl.DataFrame:
    """``supporter, recipients, kinds`` of the relations in force."""
    now = network.frame("relations").filter(holding(day))
    return now.group_by("supporter").agg(
        pl.col("recipient").n_unique().cast(pl.Int64).alias("recipients"),
        pl.col("kind").unique().sort().str.join(";").alias("kinds"),
    )


def loads_of(
    network: Network, carried: pl.DataFrame, day: date, plan_pairs: pl.DataFrame | None = None
) -> pl.DataFrame:
    """:func:`supporter_loads` where recipients are counted already: ``supporter, recipients, kinds``."""
    if plan_pairs is not None:
        planned = plan_pairs.group_by("supporter").agg(pl.col("load").sum().alias("planned"))
        carried = carried.join(planned, on="supporter", how="full", coalesce=True).with_columns(
            pl.col("recipients", "planned").fill_null(0), pl.col("kinds").fill_null("")
        )
    told = carried.join(
        network.frame("units").select(pl.col("id").alias("supporter"), "capacity"), on="supporter", how="left"
    ).join(_revenue(network, day), on="supporter", how="left")
    ids = told["supporter"].to_list()
    named = told.with_columns(
        pl.Series("name", [network.label(i) for i in ids], dtype=pl.String),
        pl.col("supporter")
        .replace_strict(spoken(network, ids), default="", return_dtype=pl.String)
        .alias("pinyin"),
        (pl.col("recipients") - pl.col("capacity")).clip(lower_bound=0).fill_null(0).alias("over"),
        (pl.col("recipients") / pl.col("recipients").sum()).alias("share"),
    )
    first = ["supporter", "name", "pinyin", "recipients", *(["planned"] if plan_pairs is not None else [])]
    return named.select(*first, "kinds", "capacity", "over", "fiscal_revenue", "share").sort(
        "recipients", "supporter", descending=[True, False]
    )


def concentration(loads: pl.DataFrame) -> float:
    """Herfindahl index of the loads: 1 where one carries all, 1/n where n carry the same; 0 without any."""
    return float((loads["share"].fill_nan(0.0) ** 2).sum())


def _revenue(network: Network, day: date) -> pl.DataFrame:
    """Latest fiscal revenue of regions up to the year of ``day``."""
    facts = network.frame("region_facts").filter(
        (pl.col("measure") == "fiscal_revenue") & (pl.col("year") <= day.year)
    )
    latest = facts.sort("year").group_by("region", maintain_order=True).agg(pl.col("value").last())
    return latest.select(pl.col("region").alias("supporter"), pl.col("value").alias("fiscal_revenue"))
