"""Sums that should agree: the register from year to year, pledges of children, shares of a succession."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.network import RegionSettings
from graph.tables.rows import ROW

Frames = Mapping[str, pl.DataFrame]

IN, OUT = ("listed", "missed", "relapsed"), ("exited", "corrected")


def register_balance(frames: Frames, settings: RegionSettings, files: Mapping[str, str]) -> list[Finding]:
    """Start + in − out = end, for every village and year whose start, end and changes are known."""
    del settings
    groups, changes = frames.get("household_groups"), frames.get("register_changes")
    if groups is None or changes is None or not changes.height:
        return []
    stock = groups.group_by("village", "year").agg(pl.col("persons").sum())
    sign = pl.when(pl.col("kind").is_in(IN)).then(1).when(pl.col("kind").is_in(OUT)).then(-1).otherwise(0)
    flow = (
        changes.drop_nulls("date")
        .group_by("village", pl.col("date").dt.year().cast(pl.Int64).alias("year"))
        .agg((sign * pl.col("persons")).sum().alias("net"), pl.col(ROW).min())
    )
    start = stock.select("village", pl.col("year") + 1, pl.col("persons").alias("start"))
    sums = flow.join(start, on=["village", "year"]).join(stock, on=["village", "year"])
    wrong = sums.filter(pl.col("start") + pl.col("net") != pl.col("persons")).sort(ROW)
    found = []
    for village, year, net, row, begin, end in wrong.select(
        "village", "year", "net", ROW, "start", "persons"
    ).iter_rows():
        what = Text(
            f"{village} {year} 年：期初 {begin} {net:+d} = {begin + net} 人，期末却是 {end} 人",
            f"{village} in {year}: {begin} at the start {net:+d} makes {begin + net} persons, "
            f"but {end} are there at the end",
        )
        mend = Text(
            f"相差 {end - begin - net:+d} 人，请核对变动",
            f"{end - begin - net:+d} persons are unexplained: check the changes",
        )
        found.append(
            Finding(
                "register-unbalanced",
                "warning",
                "register_changes",
                row,
                "persons",
                None,
                what,
                mend,
                files.get("register_changes"),
            )
        )
    return found


def pledge_sums(frames: Frames, settings: RegionSettings, files: Mapping[str, str]) -> list[Finding]:
    """What the regions below have pledged adds up to the pledge above (the nearest that has one)."""
    del settings
    pledges, regions = frames.get("pledges"), frames.get("regions")
    if pledges is None or regions is None or not pledges.height:
        return []
    parents = dict(zip(regions["code"].to_list(), regions["parent"].to_list(), strict=True))
    rows = pledges.drop_nulls(["region", "year", "measure", "amount"])
    pledged = {
        (r, y, m): (row, a)
        for row, r, y, m, a in rows.select(ROW, "region", "year", "measure", "amount").iter_rows()
    }
    below: dict[tuple[str, int, str], int] = {}
    for (region, year, measure), (_, amount) in pledged.items():
        above, steps = parents.get(region), 0
        while above is not None and (above, year, measure) not in pledged and steps < 20:
            above, steps = parents.get(above), steps + 1
        if above is not None and (above, year, measure) in pledged:
            below[above, year, measure] = below.get((above, year, measure), 0) + amount
    found = []
    for place, total in below.items():
        row, amount = pledged[place]
        if total != amount:
            what = Text(
                f"{place[0]} {place[1]} 年 {place[2]}：下级合计 {total}，上级 {amount}",
                f"{place[0]}, {place[1]}, {place[2]}: those below add up to {total}, the pledge is {amount}",
            )
            mend = Text(f"相差 {total - amount:+d}", f"they differ by {total - amount:+d}")
            found.append(
                Finding(
                    "pledges-sum",
                    "warning",
                    "pledges",
                    row,
                    "amount",
                    str(amount),
                    what,
                    mend,
                    files.get("pledges"),
                )
            )
    return found


def succession_shares(frames: Frames, settings: RegionSettings, files: Mapping[str, str]) -> list[Finding]:
    """The shares into which a region was split add up to one, so that amounts count once."""
    del settings
    successions = frames.get("region_successions")
    if successions is None or not successions.height:
        return []
    sums = successions.group_by("old", "since").agg(pl.col("share").sum(), pl.col(ROW).min())
    wrong = sums.filter((pl.col("share") - 1).abs() > 1e-6).sort(ROW)
    found = []
    for old, total, row in wrong.select("old", "share", ROW).iter_rows():
        what = Text(
            f"{old} 的份额合计 {total:g}，应为 1", f"the shares of {old} add up to {total:g} instead of 1"
        )
        mend = Text("否则金额会重复或丢失", "else amounts would be counted twice or lost")
        found.append(
            Finding(
                "succession-shares",
                "warning",
                "region_successions",
                row,
                "share",
                f"{total:g}",
                what,
                mend,
                files.get("region_successions"),
            )
        )
    return found


def successions_nowhere(frames: Frames, settings: RegionSettings, files: Mapping[str, str]) -> list[Finding]:
    """Successions of which neither code, nor what became of it, is a region here: slips, or rows of no use."""
    del settings
    successions, regions = frames.get("region_successions"), frames.get("regions")
    if successions is None or regions is None:
        return []
    here = set(regions["code"].drop_nulls())
    news: dict[str, list[str]] = {}
    rows = successions.select(ROW, "old", "new").drop_nulls().rows()
    for _, old, new in rows:
        news.setdefault(old, []).append(new)
    lost = [(row, old, new) for row, old, new in rows if not {old, *_became(new, news)} & here]
    if not lost:
        return []
    row, old, new = lost[0]
    what = Text(
        f"{old} → {new} 两端都不是这里的地区（共 {len(lost)} 行）",
        f"neither end of {old} → {new} is a region here ({len(lost)} such rows)",
    )
    mend = Text("请核对代码；这样的行没有作用", "check the codes; such rows do nothing")
    file = files.get("region_successions")
    return [Finding("succession-nowhere", "warning", "region_successions", row, "old", old, what, mend, file)]


def _became(code: str, news: Mapping[str, list[str]]) -> set[str]:
    """``code`` and all that it was succeeded by."""
    found, waiting = {code}, [code]
    while waiting:
        for new in news.get(waiting.pop(), ()):
            if new not in found:
                found.add(new)
                waiting.append(new)
    return found


FINDERS = (register_balance, pledge_sums, succession_shares, successions_nowhere)
