"""What relations promised for a year beside the money that is allotted, and what came of it."""

from __future__ import annotations

from datetime import date

import polars as pl

from graph.dates import holding
from graph.network import Network
from planner.roll.money import ITEMS
from planner.roll.outcome import Luck
from planner.roll.rows import SOURCE, SYNTHETIC

PAID = tuple(item for _, item in ITEMS.values())
"""Items of the ledger that the year's money fills: see :func:`planner.roll.money.write_money`."""


def deliver(ledger: pl.DataFrame, network: Network, on: date, luck: Luck) -> pl.DataFrame:
    """The ledger with what came in the year that ends ``on`` of everything that was promised but that money.

    Of a promise a share is not kept that is drawn by relation and item, ``undelivered`` at most; whole things, rounded in favour of who
    promised. Relations that hold at the end of the year deliver; what is told already stays as it is told.
    """
    running = network.frame("relations").filter(holding(on))["id"]
    due = (
        (pl.col("year") == on.year) & pl.col("delivered").is_null() & pl.col("pledged").is_not_null()
        & ~pl.col("item").is_in(PAID) & pl.col("relation").is_in(running.implode())
    )  # fmt: skip
    rows = ledger.with_row_index("_row").filter(due)
    if rows.is_empty():
        return ledger
    drawn = luck.draw(
        "undelivered", on.year, [f"{r}|{i}" for r, i in rows.select("relation", "item").iter_rows()]
    )
    less = (pl.Series(drawn * luck.chances.undelivered) * rows["pledged"]).floor().cast(pl.Int64)
    came = rows.select("_row", came=rows["pledged"] - less)
    told = ledger.with_row_index("_row").join(came, on="_row", how="left", maintain_order="left")
    is_new = pl.col("came").is_not_null()
    return told.with_columns(
        delivered=pl.coalesce("came", "delivered"),
        source=pl.when(is_new).then(pl.lit(SOURCE)).otherwise("source"),
        mark=pl.when(is_new).then(pl.lit(SYNTHETIC)).otherwise("mark"),
    ).select(ledger.columns)
