"""Money that was published: what each need could keep of it, what a freeze holds, and what of it was taken away."""

from __future__ import annotations

import polars as pl

from graph.language import Text
from planner.verify.funds.gauge import Gauge, yuan
from planner.verify.funds.scene import NAME, Scene
from planner.verify.published import CHANGES, FROZEN, PRICE, entries

CELL = ["region", "programme", "year"]


def given(scene: Scene) -> bool:
    """Whether there is published money."""
    return "allocations" in scene.resolved.published.get(NAME, {})


def worth(scene: Scene) -> int:
    """Thousandths of a point that each yuan counts more that stays where it was published."""
    return round(1000 * float(scene.value(PRICE) or 0)) if given(scene) else 0


def kept(scene: Scene, cell: pl.DataFrame) -> pl.DataFrame:
    """``region, programme, year, kept, frozen``: yuan that each need could keep; whether its money stays as it is."""
    found = cell.select(*CELL, "cap").with_columns(frozen=pl.lit(False), kept=pl.lit(0, pl.Int64))
    if not given(scene):
        return found.select(*CELL, "kept", "frozen")
    table = scene.resolved.published[NAME]["allocations"]
    sums = table.with_columns(pl.col("year").cast(pl.Int64)).group_by(CELL).agg(was=pl.col("amount").sum())
    found = found.join(sums, on=CELL, how="left").with_columns(
        kept=pl.min_horizontal(pl.col("was").fill_null(0).cast(pl.Int64), "cap"),
        frozen=_frozen(scene),
    )
    return found.select(*CELL, "kept", "frozen")


def _frozen(scene: Scene) -> pl.Expr:
    found = pl.lit(False)
    for entry in entries(scene.resolved, NAME):
        here = pl.lit(True) if entry.places is None else pl.col("region").is_in(sorted(entry.places))
        found |= here if entry.until is None else here & (pl.col("year") <= entry.until)
    return found


def limit_worth(scene: Scene, cell: pl.DataFrame, price: int) -> int:
    """What the limit on changes is worth at a price on each: the price times all that must stay."""
    most = scene.value(CHANGES)
    if not given(scene) or most is None:
        return 0
    return price * (int(kept(scene, cell)["kept"].sum()) - int(most))


def check_published(scene: Scene, rows: pl.DataFrame, cell: pl.DataFrame, gauge: Gauge) -> int:
    """Check what a freeze holds; what the money that stays counts more, thousandths of points."""
    if not given(scene):
        return 0
    sums = rows.group_by(CELL).agg(amount=pl.col("amount").sum(), row=pl.col("row").min())
    both = kept(scene, cell).join(sums, on=CELL, how="left").with_columns(pl.col("amount").fill_null(0))
    if scene.value(FROZEN) is not None:
        for region, programme, year, had, now, row in (
            both.filter("frozen").sort(CELL).select(*CELL, "kept", "amount", "row").iter_rows()
        ):
            where = Text(f"{region} {year} 年 {programme}", f"{region}, {programme}, {year}")
            gauge.note(FROZEN, -abs(had - now), where, [region])
            if had != now:
                what = Text(f"{where.zh}：冻结为 {yuan(had)} 元，现为 {yuan(now)} 元",
                            f"{where.en}: frozen at {yuan(had)} yuan, now {yuan(now)}")  # fmt: skip
                gauge.breaks(FROZEN, row, "amount", what)
    taken = int(both.select((pl.col("kept") - pl.col("amount")).clip(0).sum()).item() or 0)
    most = scene.value(CHANGES)
    if most is not None:
        told = Text("离开已公布之处的资金", "money that leaves where it was published")
        gauge.at_most(CHANGES, taken, int(most), None, told)
    if scene.value(PRICE):
        told = Text(f"{yuan(taken)} 元离开已公布之处", f"{yuan(taken)} yuan leave where they were published")
        gauge.note(PRICE, -taken, told)
    stays = int(both.select(pl.min_horizontal("kept", "amount").sum()).item() or 0)
    return worth(scene) * stays
