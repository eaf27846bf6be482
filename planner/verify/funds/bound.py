"""The bound that the prices prove: weak duality over every source, county, programme and year, in exact integers.

Any prices prove a bound: what a yuan would bring at these prices wherever it may go, at its best, plus what the rules'
limits are worth. At the right prices it equals the objective.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.language import Text
from planner.verify.funds import numbers, published
from planner.verify.funds.scene import HUGE, MILLION, Scene
from planner.verify.outcome import Certificates

WIDE = pl.Int128


def valued_cells(scene: Scene, cell: pl.DataFrame) -> pl.DataFrame:
    """Cells step by step: ``region, programme, year, step, below, width, value`` (thousandths of a point per yuan)."""
    weights = scene.value("programme_weights") or {}
    later = 1.0 - float(scene.value("later_discount") or 0)
    need_weight = float(scene.value("need_weight") or 0)
    programme = pl.col("programme").replace_strict(
        {k: float(v) for k, v in weights.items()}, default=1.0, return_dtype=pl.Float64
    )
    late = pl.col("year").replace_strict(
        {y: later ** (y - scene.years[0]) for y in scene.years}, return_dtype=pl.Float64
    )
    base = cell.filter(pl.col("cap") > 0).join(scene.places.select("region", "rank"), on="region")
    base = base.with_columns(
        one=(1.0 + need_weight * pl.col("rank")) * (programme if weights else pl.lit(1.0)) * late
    )
    parts, below = [], pl.lit(0, pl.Int64)
    for number, (end, returns) in enumerate(numbers.steps(scene)):
        upto = pl.min_horizontal(
            pl.col("need") // MILLION * end + pl.col("need") % MILLION * end // MILLION, pl.col("cap")
        )
        value = (1000.0 * returns * pl.col("one")).round(0, mode="half_to_even").cast(pl.Int64)
        parts.append(
            base.with_columns(step=pl.lit(number), below=below, width=(upto - below).clip(0), value=value)
        )
        below = pl.max_horizontal(upto, below)
    return pl.concat(parts).select("region", "programme", "year", "step", "below", "width", "value")


def proved_bound(
    scene: Scene,
    cell: pl.DataFrame,
    provinces: pl.DataFrame,
    certificates: Certificates,
    counties: pl.DataFrame,
    fair: pl.DataFrame | None = None,
) -> tuple[int | None, Text]:
    """The bound on the objective (thousandths of points), and a note; ``None`` where prices are missing or misshapen.

    ``counties``: floors and ceilings as in :func:`~planner.verify.funds.numbers.county_numbers`; ``fair``: the segments of the
    logarithm where it is part of the objective (``region, year, width, worth``).
    """
    try:
        prices = Prices(scene, cell, provinces, certificates, counties, fair)
    except (KeyError, ValueError) as error:
        return None, Text(f"没有可用的证书（{error}）", f"no usable certificate ({error})")
    if any(name.startswith("row_") for name in certificates):
        return None, Text("界由求解器给出：有不成层级的规则", "the bound is the solver's: some rules cross")
    if not scene.value("budgets"):
        return None, Text("界由求解器给出：预算已关闭", "the bound is the solver's: budgets are off")
    least = prices.network() + prices.payments() + prices.steps()
    least += published.limit_worth(scene, cell, prices.change_price)
    scale = int(certificates["dual_scale"][0])
    return -(least // scale), Text(
        "界由价格逐项重算得出", "the bound was recomputed from the prices, item by item"
    )


class Prices:
    """Prices as frames, and the least cost that each part of the network could have at them."""

    def __init__(
        self,
        scene: Scene,
        cell: pl.DataFrame,
        provinces: pl.DataFrame,
        found: Certificates,
        counties: pl.DataFrame,
        fair: pl.DataFrame | None = None,
    ) -> None:
        self.scene, self.cell, self.numbers, self.fair = scene, cell, counties, fair
        self.sources = sorted(scene.sources["source"].to_list())
        self.counties, self.programmes = (
            sorted(scene.places["region"].to_list()),
            sorted(set(cell["programme"].to_list())),
        )
        self.provinces = sorted(set(scene.places["province"].to_list()))
        years = scene.years
        self.budget = _frame(found["budget"], "budget_price", source=self.sources, year=years)
        self.share = _frame(
            found["share"], "share_price", source=self.sources, province=self.provinces, year=years
        )
        self.cells = _frame(
            found["cell"], "cell_price", region=self.counties, programme=self.programmes, year=years
        )
        self.county = _frame(found["county"], "county_price", region=self.counties, year=years)
        behind = found["county_fair"] if fair is not None else found["county"]
        self.behind = _frame(behind, "behind_price", region=self.counties, year=years)
        self.floors = {
            "deep_poverty_share": _frame(found["floor_deep"], "deep_price", year=years),
            "outside_share": _frame(found["floor_outside"], "outside_price", year=years),
        }
        self.loans = {
            i: _frame(found[f"loan_{i}"], "loan_price", region=self.counties, year=years)
            for i in ("microcredit", "relending")
        }
        self.scale = int(found["dual_scale"][0])
        self.change_price = max(int(found["change_price"][0]), 0) if "change_price" in found else 0
        self.wealth = _wealth(scene)
        self.bounds = provinces

    def network(self) -> int:
        """Budgets, carry-over, shares, county and class bounds, segments of the logarithm, loan ceilings."""
        return self._budgets() + self._shares() + self._counties() + self._segments() - self._ceilings()

    def _budgets(self) -> int:
        money = self.wealth.join(self.budget, on=["source", "year"])
        later = self.budget.select("source", year=pl.col("year") - 1, next_price="budget_price")
        goes = money.filter(pl.col("carry") > 0).join(later, on=["source", "year"])
        unspent = _least(money, pl.col("budget_price"), pl.lit(0), pl.col("have"))
        carried = _least(goes, pl.col("budget_price") - pl.col("next_price"), pl.lit(0), pl.col("carry"))
        return unspent + carried - _sum(money, pl.col("budget_price"), pl.col("budget"))

    def _shares(self) -> int:
        given = self.bounds.join(self.wealth, on=["source", "year"]).join(
            self.share, on=["source", "province", "year"]
        )
        given = given.join(self.budget, on=["source", "year"])
        high = pl.min_horizontal("high", "have")
        return _least(given, pl.col("budget_price") - pl.col("share_price"), pl.col("low"), high)

    def _counties(self) -> int:
        table = self.numbers.join(self.behind, on=["region", "year"])
        for frame in self.floors.values():
            table = table.join(frame, on="year")
        price = (
            pl.col("behind_price")
            - pl.col("deep_price") * pl.col("deep")
            - pl.col("outside_price") * pl.col("outside")
        )
        total = _least(table, price, pl.col("low"), pl.min_horizontal("high", "payable"))
        floors = numbers.class_floors(self.scene, self.cell)
        for rule, frame in self.floors.items():
            total += sum(floors[rule, year] * price for year, price in frame.iter_rows())
        return total

    def _segments(self) -> int:
        """Each segment of the logarithm of a county's met share."""
        if self.fair is None:
            return 0
        parts = self.fair.join(self.county, on=["region", "year"]).join(self.behind, on=["region", "year"])
        price = pl.col("county_price") - pl.col("behind_price") - pl.col("worth") * self.scale
        return _least(parts, price, pl.lit(0), pl.col("width"))

    def _ceilings(self) -> int:
        """What the loan ceilings are worth."""
        total = 0
        balance = (
            numbers.balance_limits(self.scene) if self.scene.value("microcredit_loan_max") is not None else {}
        )
        relent = (
            numbers.relending_limits(self.scene) if self.scene.value("relending_share") is not None else {}
        )
        term = int(self.scene.value("microcredit_years"))
        for instrument, frame in self.loans.items():
            for region, year, price in frame.filter(pl.col("loan_price") != 0).iter_rows():
                micro = balance.get(region, HUGE * term) // term
                total += price * (micro if instrument == "microcredit" else relent.get((region, year), HUGE))
        return total

    def payments(self) -> int:
        """Every source with every programme in every county and year that it may pay for."""
        scene = self.scene
        kinds = scene.sources.select("source", "instrument", "shared")
        rate = float(scene.value("microcredit_subsidy") or 0) * int(scene.value("microcredit_years"))
        cost = round(1000 * (rate + float(scene.value("microcredit_risk_fund") or 0))) * self.scale
        pays = scene.allowed.join(
            self.cell.filter(pl.col("cap") > 0).select("region", "programme", "year", "cap"),
            on=["region", "programme"],
        )
        pays = (
            pays.join(self.wealth, on=["source", "year"])
            .join(kinds, on="source")
            .join(self.cells, on=["region", "programme", "year"])
        )
        pays = pays.join(scene.places.select("region", "province"), on="region")
        pays = pays.join(self.share, on=["source", "province", "year"])
        pays = pays.join(
            self.bounds.select("source", "province", "year", "high"),
            on=["source", "province", "year"],
            how="left",
        )
        room = pl.min_horizontal("cap", "have", pl.col("high").fill_null(HUGE))
        total = 0
        for instrument, part in pays.group_by("instrument"):
            price = pl.col("share_price") - pl.col("cell_price")
            frame = part
            if instrument[0] in self.loans:
                frame = part.join(self.loans[str(instrument[0])], on=["region", "year"])
                price = price + pl.col("loan_price") + (cost if instrument[0] == "microcredit" else 0)
            total += _least(frame, price, pl.lit(0), room)
        return total

    def steps(self) -> int:
        """Every step of every need: what lies within published money counts more, and a freeze holds both."""
        key = ["region", "programme", "year"]
        valued = valued_cells(self.scene, self.cell).join(self.cells, on=key)
        valued = valued.join(self.county, on=["region", "year"])
        valued = valued.join(published.kept(self.scene, self.cell), on=key)
        within = (pl.col("kept") - pl.col("below")).clip(0, pl.col("width"))
        valued = valued.with_columns(within=within, beyond=pl.col("width") - within)
        price = pl.col("cell_price") - pl.col("county_price") - pl.col("value") * self.scale
        held, none = pl.col("frozen"), pl.lit(0, pl.Int64)
        stays = price - published.worth(self.scene) * self.scale - self.change_price
        return _least(valued, stays, pl.when(held).then("within").otherwise(none), pl.col("within")) + _least(
            valued, price, none, pl.when(held).then(none).otherwise("beyond")
        )


def _wealth(scene: Scene) -> pl.DataFrame:
    """``source, year, budget, carry, have``: what a source can have at most in a year."""
    before = scene.money.select("source", year=pl.col("year") + 1, come="carry")
    found = scene.money.join(before, on=["source", "year"], how="left")
    return found.with_columns(have=pl.col("budget") + pl.col("come").fill_null(0)).drop("come")


def _frame(values: np.ndarray, name: str, **axes: list[str] | list[int]) -> pl.DataFrame:
    """An array as rows, one column per axis.

    Raises
    ------
    ValueError
        When its shape is not that of the axes.
    """
    shape = tuple(len(a) for a in axes.values())
    if values.shape != shape:
        raise ValueError(f"{name}: {values.shape} ≠ {shape}")
    grid = np.indices(shape).reshape(len(shape), -1)
    columns = {k: pl.Series(list(a)).gather(grid[i]) for i, (k, a) in enumerate(axes.items())}
    return pl.DataFrame({**columns, name: values.ravel().astype(np.int64)})


def _least(frame: pl.DataFrame, price: pl.Expr, low: pl.Expr, high: pl.Expr) -> int:
    """``Σ min(price·low, price·high)``, exactly."""
    wide = price.cast(WIDE)
    chosen = pl.when(price >= 0).then(low).otherwise(high).cast(WIDE)
    return int(frame.select((wide * chosen).sum()).item() or 0)


def _sum(frame: pl.DataFrame, price: pl.Expr, amount: pl.Expr) -> int:
    return int(frame.select((price.cast(WIDE) * amount.cast(WIDE)).sum()).item() or 0)
