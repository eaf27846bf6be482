"""Remarkable relations: overlapping terms, ended supporters, retired codes, circles of aid, ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.network import RegionSettings
from graph.schema import TABLES
from graph.tables.domain.terms import FIRST, LAST, overlapping
from graph.tables.rows import ROW, findings_where

Frames = Mapping[str, pl.DataFrame]


def overlapping_terms(frames: Frames, settings: RegionSettings, files: Mapping[str, str]) -> list[Finding]:
    """Two relations of one kind between the same two whose terms overlap."""
    del settings
    relations = frames.get("relations")
    if relations is None:
        return []
    hits = overlapping(
        relations.select(ROW, "id", "kind", "supporter", "recipient", "since", "until"),
        ["kind", "supporter", "recipient"],
    )
    found = []
    for row, ident, other, other_row in (
        hits.sort(ROW).select(ROW, "id", "id_other", f"{ROW}_other").iter_rows()
    ):
        what = Text(
            f"与第 {other_row} 行（{other}）同一对关系时间重叠",
            f"the same pair's term overlaps row {other_row} ({other})",
        )
        mend = Text("请合并，或改正起止日期", "merge them, or correct the dates")
        found.append(
            Finding(
                "overlapping-terms",
                "warning",
                "relations",
                row,
                "since",
                ident,
                what,
                mend,
                files.get("relations"),
            )
        )
    return found


def ended_supporters(frames: Frames, settings: RegionSettings, files: Mapping[str, str]) -> list[Finding]:
    """A relation that goes on after its supporting unit was dissolved or merged."""
    del settings
    relations, units = frames.get("relations"), frames.get("units")
    if relations is None or units is None:
        return []
    gone = units.filter(pl.col("until").is_not_null()).select(
        pl.col("id").alias("supporter"), pl.col("name").alias("unit_name"), pl.col("until").alias("gone")
    )
    if not gone.height:
        return []
    open_after = relations.join(gone, on="supporter", maintain_order="left").filter(
        pl.col("until").fill_null(LAST) > pl.col("gone")
    )
    say = lambda v: (  # noqa: E731 - one message, read beside its data
        Text(
            f"帮扶单位 {v['unit_name'] or v['supporter']} 已于 {v['gone']} 撤并，关系仍未结束",
            f"the supporter {v['unit_name'] or v['supporter']} ended on {v['gone']}, the relation goes on",
        ),
        Text("请结束这一关系，或改由承接单位帮扶", "end the relation, or hand it to the successor"),
    )
    shown = pl.struct("supporter", "unit_name", "gone")
    found = findings_where(
        open_after,
        pl.lit(value=True),
        table="relations",
        column="supporter",
        code="supporter-ended",
        severity="warning",
        shown=shown,
        say=say,
        file=files.get("relations"),
    )
    return found


def delivered_above_pledged(
    frames: Frames, settings: RegionSettings, files: Mapping[str, str]
) -> list[Finding]:
    """More came than was promised: good news, or a figure in the wrong column."""
    del settings
    ledger = frames.get("ledger")
    if ledger is None:
        return []
    return findings_where(
        ledger,
        pl.col("delivered") > pl.col("pledged"),
        table="ledger",
        column="delivered",
        severity="warning",
        code="delivered-above-pledged",
        shown=pl.struct("delivered", "pledged"),
        file=files.get("ledger"),
        say=lambda v: (
            Text(
                f"兑现 {v['delivered']} 多于承诺 {v['pledged']}",
                f"delivered {v['delivered']}, pledged only {v['pledged']}",
            ),
            Text("请核对两个数", "check both figures"),
        ),
    )


def retired_codes(frames: Frames, settings: RegionSettings, files: Mapping[str, str]) -> list[Finding]:
    """References that hold after the region's code was retired; one finding per code, column and table."""
    del settings
    successions = frames.get("region_successions")
    if successions is None:
        return []
    old = successions.drop_nulls(["since", "old"]).filter(pl.col("old") != pl.col("new"))
    old = old.group_by("old").agg(
        pl.col("since").min().alias("_retired"), pl.col("new").unique().sort().str.join("、").alias("_new")
    )
    found: list[Finding] = []
    for name, frame in frames.items():
        holds_until = _holds_until(frame)
        if holds_until is None or not old.height or name == "region_successions":
            continue
        for column in TABLES[name].columns:
            if "regions.code" not in column.foreign:
                continue
            hits = frame.with_columns(holds_until.alias("_last")).join(
                old, left_on=column.name, right_on="old"
            )
            hits = hits.filter(pl.col("_last") > pl.col("_retired")).sort(ROW)
            by_code = hits.group_by(column.name, maintain_order=True).agg(
                pl.col(ROW).first(), pl.len(), pl.col("_retired").first(), pl.col("_new").first()
            )
            for code, row, n, retired, new in by_code.iter_rows():
                what = Text(
                    f"代码 {code} 自 {retired} 起停用（{n} 行）",
                    f"the code {code} was retired on {retired} ({n} rows)",
                )
                mend = Text(f"现行代码：{new}；两个代码都能查到", f"now {new}; both codes answer")
                found.append(
                    Finding(
                        "retired-code", "warning", name, row, column.name, code, what, mend, files.get(name)
                    )
                )
    return found


def aid_cycles(frames: Frames, settings: RegionSettings, files: Mapping[str, str]) -> list[Finding]:
    """Places that support each other in a circle at one time (supervision is no aid)."""
    del settings
    relations = frames.get("relations")
    if relations is None:
        return []
    links = relations.filter(pl.col("kind") != "supervision").drop_nulls(["supporter", "recipient"])
    links = _both_ways(
        links.select(
            ROW, "supporter", "recipient", pl.col("since").fill_null(FIRST), pl.col("until").fill_null(LAST)
        )
    )
    told: dict[frozenset[str], Finding] = {}
    for day in links["since"].unique().sort().to_list():
        active = _both_ways(links.filter((pl.col("since") <= day) & (pl.col("until") > day)))
        for ring, row in _rings(active):
            told.setdefault(frozenset(ring), _ring(ring, row, day, files.get("relations")))
    return list(told.values())


def _holds_until(frame: pl.DataFrame) -> pl.Expr | None:
    """The last day on which a row still says something: its end, its date, the end of its year."""
    if "until" in frame.columns:
        return pl.col("until").fill_null(LAST)
    if "year" in frame.columns:
        return pl.date(pl.col("year"), 1, 1)
    return pl.col("date") if "date" in frame.columns else None


def _both_ways(links: pl.DataFrame) -> pl.DataFrame:
    """Links that may lie on a circle: what only gives or only takes is peeled off until nothing changes."""
    while True:
        kept = links.filter(
            pl.col("supporter").is_in(links["recipient"].unique().implode())
            & pl.col("recipient").is_in(links["supporter"].unique().implode())
        )
        if kept.height == links.height:
            return kept
        links = kept


def _rings(links: pl.DataFrame) -> list[tuple[list[str], int]]:
    """A circle through every group of links that lie on one: its places in order, and a row of it."""
    goes: dict[str, list[tuple[str, int]]] = {}
    for row, supporter, recipient in links.select(ROW, "supporter", "recipient").iter_rows():
        goes.setdefault(supporter, []).append((recipient, row))
    rings, done = [], set()
    for start in goes:
        path: list[str] = []
        at, row = start, 0
        while at not in done and at not in path:
            path.append(at)
            if at not in goes:
                break
            at, row = goes[at][0]
        if at in path and at in goes:
            rings.append((path[path.index(at) :], row))
        done.update(path)
    return rings


def _ring(ring: list[str], row: int, day: date, file: str | None) -> Finding:
    path = " → ".join([*ring, ring[0]])
    since = Text("", "") if day == FIRST else Text(f"（{day}）", f" (on {day})")
    return Finding(
        "aid-cycle",
        "warning",
        "relations",
        row,
        "supporter",
        ring[0],
        Text(f"帮扶成环{since.zh}：{path}", f"support runs in a circle{since.en}: {path}"),
        Text("请核对谁帮谁", "check who supports whom"),
        file,
    )


FINDERS = (overlapping_terms, ended_supporters, delivered_above_pledged, retired_codes, aid_cycles)
