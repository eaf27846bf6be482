"""Prices of a million yuan against the certificate: none may promise more than the prices that prove the bound allow.

The worth of money falls with every yuan more. What proves the plan's bound therefore bounds each price as well: of a budget, a
million more brings at most its price times a million, and a million less costs at least as much. Where shares, floors or carry-over
follow a budget, all of them are worked out anew with the other budget, and the same prices bound what can be had then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from graph.language import Text
from planner.verify.funds import numbers
from planner.verify.funds.bound import Prices, proved_bound
from planner.verify.funds.scene import LENDING, Scene, read_money
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
    objective: int,
) -> list[Broken]:
    """Rows that promise more than the certificate allows, or that stand for nothing in the scenario; ``objective``: the plan's."""
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
    anew = _Anew(scene, cell, provinces, certificates, counties, objective)
    known = known.join(_biting(prices), on=["source", "year"], how="left", nulls_equal=True)
    return found + _beyond(known, "less", anew) + _beyond(known, "more", anew)


def _biting(prices: Prices) -> pl.DataFrame:
    """``source, year, bites``: where a bound that follows the budget has a price, so that the budget's own is not the whole of it."""
    found = prices.budget.join(
        prices.share.join(prices.bounds.select("source", "province", "year"), on=["source", "province", "year"], how="semi"),
        on=["source", "year"], how="left",
    )  # fmt: skip
    for frame in prices.floors.values():
        found = found.join(frame, on="year")
    bites = (pl.col("share_price") != pl.col("budget_price")).any()
    bites = bites | (pl.col("deep_price") != 0).any() | (pl.col("outside_price") != 0).any()
    return found.group_by("source", "year").agg(bites=bites)


def _beyond(told: pl.DataFrame, side: str, anew: _Anew) -> list[Broken]:
    """Rows whose side is above what the certificate allows, or a loss where a gain may be left alone."""
    most = pl.col(f"{side}_most").cast(WIDE) * pl.col(f"{side}_yuan").cast(WIDE)
    optional = pl.col("rule").is_in(GAINS) == (side == "more")
    wrong = (pl.col(side).cast(WIDE) > pl.col("most")) | (optional & (pl.col(side) < 0))
    found = []
    budgets = (pl.col("rule") == "budgets") & pl.col("bites").fill_null(False) & pl.col(side).is_not_null()
    for row in told.with_columns(most=most).filter(wrong | budgets).sort("row").iter_rows(named=True):
        value, limit = row[side], row["most"]
        if row["rule"] == "budgets":
            other = anew.most(row["source"], row["year"], row[f"{side}_yuan"] * (1 if side == "more" else -1))
            if other is not None and value <= other:
                continue
            if other is None and value <= limit and not (side == "more" and value < 0):
                continue
            limit = limit if other is None else other
        found.append(
            Broken("prices", TABLE, row["row"], side, Text(f"写着 {value:,}，证书至多允许 {limit:,}（千分之一分）",
                                                           f"told {value:,}; the certificate allows {limit:,} at most (thousandths of a point)"))
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class _Anew:
    """What the plan's prices prove of the scenario with another budget, all that follows from it worked out anew."""

    scene: Scene
    cell: pl.DataFrame
    provinces: pl.DataFrame
    certificates: Certificates
    counties: pl.DataFrame
    objective: int

    def most(self, source: str, year: int, yuan: int) -> int | None:
        """Change of the objective at most, in thousandths of a point; ``None`` where nothing else follows from the budget."""
        scene = self._with(source, year, yuan)
        provinces = numbers.province_numbers(scene, self.cell)
        counties = numbers.county_numbers(scene, self.cell)
        floors = [numbers.class_floors(s, self.cell) for s in (self.scene, scene)]
        carry = [s.money.filter(pl.col("carry") > 0).drop("budget") for s in (self.scene, scene)]
        same = provinces.equals(self.provinces) and counties.equals(self.counties)
        if same and floors[0] == floors[1] and carry[0].equals(carry[1]):
            return None
        bound, _ = proved_bound(scene, self.cell, provinces, self.certificates, counties)
        return None if bound is None else bound - self.objective

    def _with(self, source: str, year: int, yuan: int) -> Scene:
        """The scene with so much more in a budget, which may be one that is not listed."""
        network = self.scene.resolved.network
        rows = network.frame("fund_budgets")
        here = (pl.col("source") == source) & (pl.col("year") == year)
        if rows.filter(here).is_empty():
            none = pl.DataFrame({"source": [source], "year": [year], "amount": [0]}).cast({"year": pl.Int64})
            rows = pl.concat([rows, none], how="diagonal_relaxed")
        rows = rows.with_columns(amount=pl.when(here).then(pl.col("amount") + yuan).otherwise("amount"))
        resolved = replace(self.scene.resolved, network=network.with_frames({"fund_budgets": rows}))
        return replace(self.scene, resolved=resolved, money=read_money(resolved, self.scene.years))


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
