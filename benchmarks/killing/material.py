"""What is loaded, proposed and adopted while the killing goes on: a made-up province of any size, and its plan.

A folder holds ``a`` (the scenario), ``b`` (the same, much of it changed) and ``plans`` (the plan of ``a``).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from graph.network import Network
from graph.schema import TABLES
from graph.store.changes import Changes
from graph.store.rows import keyed
from planner.office.effects import Decided, effects
from planner.plan import Plan, read_plan
from planner.run import make_plan
from planner.scenario import read_scenario

FILE = """format = 1
title = "某省"
title_en = "a province"
date = 2016-12-31
stages = ["designation", "cadres"]
[regions]
codes = "free"
[designation]
units_per_county = [1, 2]
deep_poverty_strength = "off"
[cadres]
posting_area = "county"
own_county_area = "off"
"""
Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Material:
    """What lies in such a folder."""

    folder: Path

    @cached_property
    def first(self) -> Network:
        """The network ``a``."""
        return read_scenario(self.folder / "a", stages=()).network

    @cached_property
    def second(self) -> Network:
        """The network ``b``."""
        return read_scenario(self.folder / "b", stages=()).network

    @cached_property
    def plan(self) -> Plan:
        """The plan of ``a``."""
        return read_plan(next(p for p in (self.folder / "plans").iterdir() if not p.name.startswith(".")))

    @cached_property
    def adoption(self) -> Changes:
        """What adopting the plan changes in ``a``, worked out without a store."""
        assert self.first.on is not None
        return effects(Decided(self.plan.id, self.first.on, 0, self.plan.tables()), self.first)


def edit(number: int) -> Changes:
    """A change that touches nothing else: one more unit."""
    cells = {"id": f"x{number}", "name": f"另一单位 {number}", "kind": "central_organ"}
    row = {c.name: cells.get(c.name, c.default) for c in TABLES["units"].columns}
    return Changes({"units": pl.DataFrame([row], schema=TABLES["units"].dtypes)})


def changed(frames: Frames, changes: Changes) -> Frames:
    """Frames after changes, worked out without a store; the order of rows is not kept."""
    made = dict(frames)
    for table in changes.tables:
        gone = changes.keys(table)
        kept = keyed(table, made[table]).filter(~pl.col("row").is_in(gone)).drop("row")
        made[table] = pl.concat([kept, changes.put_rows(table).select(kept.columns)])
    return made


def make_material(folder: Path, counties: int) -> Material:
    """Write scenarios with so many counties, and plan the first.

    Parameters
    ----------
    folder : Path
        An empty folder.
    counties : int
        Each has two villages with a post each; there are half as many units, and three cadres for each county.
    """
    frames = _province(counties)
    _write(folder / "a", frames)
    _write(folder / "b", _other(frames))
    make_plan(read_scenario(folder / "a"), folder / "plans", reuse=False)
    shutil.rmtree(folder / "plans" / ".answers", ignore_errors=True)
    return Material(folder)


def _province(counties: int) -> Frames:
    n = range(counties)
    places = [("P", "省", "province", None, 103.0, 30.0)]
    places += [(f"c{i}", f"县 {i}", "county", "P", 103 + i % 50 / 10, 30 + i // 50 / 10) for i in n]
    places += [(f"v{i}", f"村 {i}", "village", f"c{i // 2}", 103.0, 30.5) for i in range(2 * counties)]
    units = [(f"u{i}", f"单位 {i}", "central_organ", f"c{2 * i}", 4, 0.5) for i in range(counties // 2)]
    ties = [
        (f"r{i}", "designated", f"u{i % (counties // 2)}", f"c{i}", "2012-11-08")
        for i in range(0, counties, 3)
    ]
    cadres = [
        (f"p{i}", f"u{i % (counties // 2)}", f"c{i % counties}", "first_secretary")
        for i in range(3 * counties)
    ]
    held = [(f"p{i}", f"v{2 * i + 1}", "fs", "2016-03-01") for i in range(0, counties, 4)]
    return {
        "regions": _frame(places, "code", "name", "level", "parent", "lon", "lat"),
        "region_tags": _frame([(f"c{i}", "key_county_592") for i in n], "region", "tag"),
        "units": _frame(units, "id", "name", "kind", "home_region", "capacity", "strength"),
        "relations": _frame(ties, "id", "kind", "supporter", "recipient", "since"),
        "cadres": _frame(cadres, "id", "unit", "home_region", "roles"),
        "village_posts": _frame(
            [(f"v{i}", "fs", "first_secretary", 1, 1) for i in range(2 * counties)],
            "village", "post", "role", "minimum", "target",
        ),
        "postings": _frame(held, "cadre", "village", "post", "since"),
    }  # fmt: skip


def _other(frames: Frames) -> Frames:
    """Names changed, units moved, ties gone, people come: every kind of change in every kind of table."""
    third = pl.int_range(pl.len()) % 3 == 0
    villages = frames["village_posts"].with_columns(target=pl.when(third).then(2).otherwise("target"))
    units = frames["units"].with_columns(
        home_region=pl.when(third).then(pl.lit("P")).otherwise("home_region")
    )
    more = frames["cadres"].head(20).with_columns(pl.col("id").str.replace("p", "q"))
    return frames | {
        "regions": frames["regions"].with_columns(
            name=pl.when(third).then(pl.col("name") + "（新）").otherwise("name")
        ),
        "units": units,
        "relations": frames["relations"].filter(~third),
        "village_posts": villages,
        "cadres": pl.concat([frames["cadres"], more]),
        "region_tags": frames["region_tags"].filter(~third),
    }


def _frame(rows: list[tuple[object, ...]], *columns: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=list(columns), orient="row", infer_schema_length=None)


def _write(folder: Path, frames: Frames) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "scenario.toml").write_text(FILE, encoding="utf-8")
    for name, frame in frames.items():
        frame.write_csv(folder / "data" / f"{name}.csv")
