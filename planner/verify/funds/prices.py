"""Prices of a million yuan against the certificate: none may promise more than the prices that prove the bound allow.

The worth of money falls with every yuan more. What proves the plan's bound therefore bounds each price as well: of a budget, a
million more brings at most its price times a million, and a million less costs at least as much.
"""

from __future__ import annotations

import polars as pl

from graph.language import Text
from planner.verify.funds.bound import Prices
from planner.verify.funds.scene import LENDING, Scene
from planner.verify.outcome import Broken, Certificates

TABLE = "prices/funds"
WIDE = pl.Int128
KEYS = ("source", "region", "programme", "year")
GAINS = ("budgets", "needs", "earmarks")
"""Rules of which a million more is the gain; of floors a million less is."""


def check_prices(
    scene: Scene,
    cell: pl.DataFrame,
    provinces: pl.DataFrame,
    certificates: Certificates,
    counties: pl.DataFrame,
    table: pl.DataFrame,
) -> list[Broken]:
    """Rows that promise more than the certificate allows, or that stand for nothing in the scenario."""
    prices = Prices(scene, cell, provinces, certificates, counties)
    rows = table.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    limits = pl.concat([
        _budgets(prices), _needs(prices), _counties(prices), *_classes(prices), _earmarks(prices),
    ])  # fmt: skip
    told = rows.join(limits, on=["rule", *KEYS], how="left", nulls_equal=True)
    found = [
        Broken("prices", TABLE, row, "rule", Text("场景里没有这一项", "the scenario knows no such thing"))
        for row in told.filter(pl.col("less_most").is_null())["row"].sort().to_list()
    ]
    known = told.filter(pl.col("less_most").is_not_null())
    return found + _beyond(known, "less") + _beyond(known, "more")


def _beyond(told: pl.DataFrame, side: str) -> list[Broken]:
    """Rows whose side is above what the certificate allows, or a loss where a gain may be left alone."""
    most = pl.col(f"{side}_most").cast(WIDE) * pl.col(f"{side}_yuan").cast(WIDE)
    optional = pl.col("rule").is_in(GAINS) == (side == "more")
    wrong = (pl.col(side).cast(WIDE) > pl.col("most")) | (optional & (pl.col(side) < 0))
    bad = told.with_columns(most=most).filter(wrong).sort("row")
    return [
        Broken("prices", TABLE, row, side, Text(f"写着 {value:,}，证书至多允许 {limit:,}（千分之一分）",
                                               f"told {value:,}; the certificate allows {limit:,} at most (thousandths of a point)"))
        for row, value, limit in bad.select("row", side, "most").iter_rows()
    ]  # fmt: skip


def _limit(rule: str, frame: pl.DataFrame, worth: pl.Expr) -> pl.DataFrame:
    """``rule``, keys and what a yuan less, and one more, may change at most, in thousandths of a point.

    Nobody need take more money, or use what he is let off.
    """
    absent = [
        pl.lit(None, pl.Int64 if k == "year" else pl.String).alias(k) for k in KEYS if k not in frame.columns
    ]
    gain, loss = worth.clip(0), 0 - (worth if rule in GAINS else worth.clip(0))
    less, more = (loss, gain) if rule in GAINS else (gain, loss)
    named = frame.with_columns(*absent, rule=pl.lit(rule), less_most=less, more_most=more)
    return named.select("rule", *KEYS, "less_most", "more_most")


def _budgets(prices: Prices) -> pl.DataFrame:
    return _limit("budgets", prices.budget, pl.col("budget_price"))


def _needs(prices: Prices) -> pl.DataFrame:
    payable = prices.cell.filter(pl.col("cap") > 0).select("region", "programme", "year")
    return _limit(
        "needs", prices.cells.join(payable, on=["region", "programme", "year"]), pl.col("cell_price")
    )


def _counties(prices: Prices) -> pl.DataFrame:
    """A floor costs what money is worth before it, less what it is worth behind it."""
    table = prices.numbers.filter(pl.col("low") > 0)
    table = table.join(prices.county, on=["region", "year"])
    for frame in prices.floors.values():
        table = table.join(frame, on="year")
    behind = pl.col("deep_price") * pl.col("deep") + pl.col("outside_price") * pl.col("outside")
    return _limit("county_floor", table.select("region", "year", worth=pl.col("county_price") - behind), pl.col("worth"))  # fmt: skip


def _classes(prices: Prices) -> list[pl.DataFrame]:
    names = {"deep_poverty_share": "deep_price", "outside_share": "outside_price"}
    return [_limit(rule, prices.floors[rule], pl.col(column)) for rule, column in names.items()]


def _earmarks(prices: Prices) -> pl.DataFrame:
    """A grant freed of its earmark brings at most what the dearest need that it may not pay for is worth more."""
    scene = prices.scene
    others = ("suitability", "designated_money", *LENDING.values())
    grants = scene.sources.filter(pl.col("instrument") == "grant").select("source")
    freed = scene.reasons.filter(~pl.col("allowed"), *[pl.col(c) for c in others]).join(grants, on="source")
    payable = prices.cell.filter(pl.col("cap") > 0).select("region", "programme", "year")
    freed = freed.select("source", "region", "programme").join(payable, on=["region", "programme"])
    freed = freed.join(prices.cells, on=["region", "programme", "year"])
    freed = freed.join(scene.places.select("region", "province"), on="region")
    freed = freed.join(prices.share, on=["source", "province", "year"])
    worth = (pl.col("cell_price") - pl.col("share_price")).max()
    inside = freed.group_by("source", "year", region="province").agg(worth=worth)
    anywhere = freed.group_by("source", "year").agg(worth=worth)
    return pl.concat([_limit("earmarks", f, pl.col("worth")) for f in (inside, anywhere)])
