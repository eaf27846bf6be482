"""Hard rules of `funds` on places: what a county, a class of counties and a province must and may get."""

from __future__ import annotations

import polars as pl

from graph.language import Text
from graph.titles import counties_with
from planner.verify.funds import numbers
from planner.verify.funds.gauge import Gauge
from planner.verify.funds.scene import HUGE, MILLION, Scene, millionths


def check_counties(scene: Scene, rows: pl.DataFrame, cell: pl.DataFrame, gauge: Gauge) -> None:
    """Floors and ceilings of counties."""
    sums = rows.group_by("region", "year").agg(amount=pl.col("amount").sum(), row=pl.col("row").min())
    table = (
        numbers.county_numbers(scene, cell)
        .join(sums, on=["region", "year"], how="left")
        .with_columns(pl.col("amount").fill_null(0))
    )
    rules = (("county_floor", "county_floor", True), ("per_head", "head_low", True), ("stability", "history", True),
             ("county_ceiling", "county_ceiling", False), ("per_head", "head_high", False))  # fmt: skip
    for rule, column, is_floor in rules:
        limit = pl.min_horizontal(column, "payable") if is_floor else pl.col(column)
        part = table.with_columns(limit=limit).filter(
            pl.col(column) > 0 if is_floor else pl.col(column) < HUGE
        )
        room = pl.col("amount") - pl.col("limit") if is_floor else pl.col("limit") - pl.col("amount")
        part = (
            part.filter(pl.col("limit") < pl.col("payable") + (0 if is_floor else HUGE))
            .with_columns(room=room)
            .sort("room", "region", "year")
        )
        tight = part.filter(pl.col("room") <= 0) if part.filter(pl.col("room") <= 0).height else part.head(1)
        for region, year, amount, bound, row in tight.select(
            "region", "year", "amount", "limit", "row"
        ).iter_rows():
            where = Text(f"{region} {year} 年", f"{region} in {year}")
            if is_floor:
                gauge.at_least(rule, amount, bound, row, where, [region], f"{region}>{year}")
            else:
                gauge.at_most(rule, amount, bound, row, where, [region])
    _below_all_they_need(table, gauge)
    if scene.value("stability") is not None and scene.value("stability_against") == "plan":
        _year_on_year(scene, table, gauge)


def _below_all_they_need(table: pl.DataFrame, gauge: Gauge) -> None:
    """Floors that are cut off at what can be paid for: these counties get all of it."""
    short = table.filter((pl.col("low") == pl.col("payable")) & (pl.col("amount") < pl.col("payable")))
    short = short.sort("region", "year")
    for region, year, amount, limit, row in short.select(
        "region", "year", "amount", "payable", "row"
    ).iter_rows():
        where = Text(f"{region} {year} 年", f"{region} in {year}")
        gauge.at_least("county_floor", amount, limit, row, where, [region], f"{region}>{year}")


def _year_on_year(scene: Scene, table: pl.DataFrame, gauge: Gauge) -> None:
    """A county's sum against the year before's, in proportion to what may be paid for."""
    change = millionths(scene.value("stability"))
    known = {
        (r, y): (a, p, row)
        for r, y, a, p, row in table.select("region", "year", "amount", "payable", "row").iter_rows()
    }
    for (region, year), (amount, payable, row) in known.items():
        later = [y for y in scene.years if y < year]
        before = known.get((region, later[-1])) if later else None
        if before is None:
            continue
        ratio = payable / max(before[1], 1)
        low = int((MILLION - change) * min(ratio, 1.0) // 1)
        high = -int(-(MILLION + change) * min(max(ratio, 1.0), 1000.0) // 1)
        where = Text(f"{region} {year} 年比上年", f"{region}, {year} against the year before")
        gauge.at_least("stability", amount, -(-low * before[0] // MILLION), row, where, [region])
        gauge.at_most("stability", amount, high * before[0] // MILLION, row, where, [region], gauge.reach)


def check_classes(scene: Scene, rows: pl.DataFrame, cell: pl.DataFrame, gauge: Gauge) -> None:
    """Floors for deep poverty and for poor people outside poor counties."""
    placed = rows.join(scene.places.select("region", "deep", "outside"), on="region")
    first, listed = (counties_with(str(scene.value(k))) for k in ("deep_poverty_tag", "county_tag"))
    titles = {"deep_poverty_share": ("deep", first.zh, first.many),
              "outside_share": ("outside", listed.without_zh, "counties outside the list")}  # fmt: skip
    sums = {
        rule: dict(placed.filter(column).group_by("year").agg(pl.col("amount").sum()).iter_rows())
        for rule, (column, _, _) in titles.items()
    }
    members = {
        rule: scene.places.filter(column)["region"].to_list() for rule, (column, _, _) in titles.items()
    }
    for (rule, year), floor in sorted(numbers.class_floors(scene, cell).items()):
        # a floor of nothing, where no county is meant, is no limit that anything could lie at
        if (
            floor > 0
            and scene.value(rule) is not None
            and not (rule == "deep_poverty_share" and scene.value("deep_poverty_of") == "spent")
        ):
            zh, en = titles[rule][1:]
            where = Text(f"{year} 年{zh}", f"{en} in {year}")
            gauge.at_least(rule, sums[rule].get(year, 0), floor, None, where, members[rule], str(year))
    if scene.value("deep_poverty_share") is not None and scene.value("deep_poverty_of") == "spent":
        for year, all_of_it in sorted(rows.group_by("year").agg(pl.col("amount").sum()).iter_rows()):
            least = -(-millionths(scene.value("deep_poverty_share")) * all_of_it // MILLION)
            have = sums["deep_poverty_share"].get(year, 0)
            gauge.at_least(
                "deep_poverty_share",
                have,
                least,
                None,
                Text(f"{year} 年{first.zh}", f"{first.many} in {year}"),
                members["deep_poverty_share"],
            )


def check_provinces(scene: Scene, rows: pl.DataFrame, table: pl.DataFrame, gauge: Gauge) -> None:
    """What shared sources give provinces: shares by factors, reward, stability."""
    sums = rows.join(scene.places.select("region", "province"), on="region")
    sums = sums.group_by("source", "province", "year").agg(
        amount=pl.col("amount").sum(), row=pl.col("row").min()
    )
    key = ["source", "province", "year"]
    joined = table.join(sums, on=key, how="left").with_columns(pl.col("amount").fill_null(0)).sort(key)
    for row in joined.iter_rows(named=True):
        where = Text(
            f"{row['year']} 年 {row['source']} 给 {row['province']}",
            f"{row['source']} to {row['province']} in {row['year']}",
        )
        have, at, pair = row["amount"], row["row"], [f"{row['source']}>{row['province']}"]
        about = f"{pair[0]}>{row['year']}"
        if scene.value("province_shares") is not None:
            gauge.at_least(
                "province_shares", have, min(row["share_low"], row["usable"]), at, where, pair, about
            )
            gauge.at_most("province_shares", have, row["share_high"], at, where, pair)
        if row["reward"]:
            least = min(row["reward"] + row["share_low"], row["usable"])
            gauge.at_least("reward", have, least, at, where, pair, about)
        if row["history_high"] < HUGE:
            gauge.at_least("stability", have, min(row["history_low"], row["usable"]), at, where, pair, about)
            gauge.at_most("stability", have, row["history_high"], at, where, pair)
