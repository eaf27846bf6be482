"""Checks of trees: regions and policies whose parents run in a circle, levels that stand on their heads."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.network import RegionSettings
from graph.schema import TABLES
from graph.tables.rows import ROW

TREES = ("regions", "policies")


def check_trees(
    frames: Mapping[str, pl.DataFrame], settings: RegionSettings, files: Mapping[str, str]
) -> list[Finding]:
    """One error for every row on a circle of parents; a warning where a parent is not of a wider level."""
    found: list[Finding] = []
    for name in TREES:
        frame = frames.get(name)
        if frame is None or frame["parent"].null_count() == frame.height:
            continue
        key = TABLES[name].key[0]
        above = parent_rows(frame, key)
        found += _circles(frame, name, key, above, files.get(name))
        if name == "regions":
            found += _levels(frame, above, settings, files.get(name))
    return found


def parent_rows(frame: pl.DataFrame, key: str) -> pl.Series:
    """Row position of each row's parent, null where it has none here."""
    first = frame.select(pl.col(key).alias("parent"), pl.int_range(pl.len(), dtype=pl.Int64).alias("at"))
    first = first.unique("parent", keep="first").drop_nulls("parent")
    return frame.select("parent").join(first, on="parent", how="left", maintain_order="left")["at"]


def on_circle(above: pl.Series) -> list[int]:
    """Rows that are their own ancestor, in order.

    The step upwards is doubled until it spans more rows than there are; whatever is reached is on a circle.
    """
    step = above
    for _ in range(len(above).bit_length()):
        if step.null_count() == len(step):
            return []
        step = step.gather(step)
    return step.drop_nulls().unique().sort().to_list()


def _circles(frame: pl.DataFrame, table: str, key: str, above: pl.Series, file: str | None) -> list[Finding]:
    rows = on_circle(above)
    if not rows:
        return []
    codes, numbers, up = frame[key].to_list(), frame[ROW].to_list(), above.to_list()
    found: list[Finding] = []
    seen: set[int] = set()
    for start in rows:
        if start in seen:
            continue
        ring = [start]
        while up[ring[-1]] != start:
            ring.append(up[ring[-1]])
        seen.update(ring)
        path = " → ".join(str(codes[i]) for i in (*ring, start))
        found += [_circle(table, numbers[i], str(codes[up[i]]), path, file) for i in ring]
    return found


def _circle(table: str, row: int, parent: str, path: str, file: str | None) -> Finding:
    shown = path if len(path) <= 200 else path[:199] + "…"
    return Finding(
        "parent-cycle", "error", table, row, "parent", parent,
        Text(f"上级成环：{shown}", f"parents run in a circle: {shown}"),
        Text("请改正其中一个上级", "correct one of these parents"), file,
    )  # fmt: skip


def _levels(
    frame: pl.DataFrame, above: pl.Series, settings: RegionSettings, file: str | None
) -> list[Finding]:
    order = {level: i for i, level in enumerate(settings.levels)}
    depth = frame["level"].replace_strict(order, default=None, return_dtype=pl.Int64)
    wrong = (depth <= depth.gather(above)).fill_null(value=False)
    if not wrong.any():
        return []
    up = frame.select(pl.col("name", "level").gather(above).name.suffix("_up"))
    shown = pl.concat([frame.select(ROW, "name", "level"), up], how="horizontal").filter(wrong)
    found = []
    for row, name, level, name_up, level_up in shown.iter_rows():
        what = Text(
            f"{name}（{level}）的上级 {name_up} 是 {level_up}，层级不高于它",
            f"{name} ({level}) stands under {name_up}, which is a {level_up}",
        )
        mend = Text("请核对层级和上级", "check level and parent")
        found.append(Finding("level-order", "warning", "regions", row, "level", level, what, mend, file))
    return found
