"""Checks of trees: regions and policies whose parents run in a circle, levels that stand on their heads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
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


def parent_rows(frame: pl.DataFrame, key: str) -> np.ndarray:
    """Row position of each row's parent, (n,) int64; −1 inside this function's callers means none."""
    first = frame.select(pl.col(key).alias("parent"), pl.int_range(pl.len(), dtype=pl.Int64).alias("at"))
    first = first.unique("parent", keep="first").drop_nulls("parent")
    joined = frame.select("parent").join(first, on="parent", how="left", maintain_order="left")
    return joined["at"].fill_null(-1).to_numpy()


def on_circle(above: np.ndarray) -> np.ndarray:
    """Rows that are their own ancestor, (n,) bool: found by doubling the step upwards."""
    n = len(above)
    step = np.append(above, -1)  # position n stands for "none", and so does index −1
    for _ in range(max(1, int(n).bit_length())):
        step = step[step]
    kept = np.zeros(n + 1, dtype=bool)
    kept[step[step >= 0]] = True  # everything that is reached after n steps lies on a circle
    return kept[:n]


def _circles(frame: pl.DataFrame, table: str, key: str, above: np.ndarray, file: str | None) -> list[Finding]:
    rows = np.flatnonzero(on_circle(above))
    if not rows.size:
        return []
    codes, numbers = frame[key].to_list(), frame[ROW].to_list()
    found, seen = [], set()
    for start in rows.tolist():
        if start in seen:
            continue
        ring = [start]
        while int(above[ring[-1]]) != start:
            ring.append(int(above[ring[-1]]))
        seen.update(ring)
        path = " → ".join(str(codes[i]) for i in (*ring, start))
        found += [_circle(table, numbers[i], str(codes[int(above[i])]), path, file) for i in ring]
    return found


def _circle(table: str, row: int, parent: str, path: str, file: str | None) -> Finding:
    shown = path if len(path) <= 200 else path[:199] + "…"
    return Finding(
        "parent-cycle", "error", table, row, "parent", parent,
        Text(f"上级成环：{shown}", f"parents run in a circle: {shown}"),
        Text("请改正其中一个上级", "correct one of these parents"), file,
    )  # fmt: skip


def _levels(
    frame: pl.DataFrame, above: np.ndarray, settings: RegionSettings, file: str | None
) -> list[Finding]:
    order = {level: i for i, level in enumerate(settings.levels)}
    depth = frame["level"].replace_strict(order, default=None, return_dtype=pl.Int64).fill_null(-1)
    place = depth.to_numpy()
    wrong = (above >= 0) & (place >= 0) & (place[above] >= 0) & (place <= place[above])
    found: list[Finding] = []
    if not wrong.any():
        return found
    levels, names, rows = frame["level"].to_list(), frame["name"].to_list(), frame[ROW].to_list()
    for i in np.flatnonzero(wrong).tolist():
        up = int(above[i])
        what = Text(
            f"{names[i]}（{levels[i]}）的上级 {names[up]} 是 {levels[up]}，层级不高于它",
            f"{names[i]} ({levels[i]}) stands under {names[up]}, which is a {levels[up]}",
        )
        mend = Text("请核对层级和上级", "check level and parent")
        found.append(
            Finding("level-order", "warning", "regions", rows[i], "level", levels[i], what, mend, file)
        )
    return found
