"""A plan in files for other tools: every table as CSV or Parquet, its pairs on a map or in a network tool."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import polars as pl

from graph.errors import InputError
from graph.export import FORMATS, export_network
from graph.network import Network
from graph.tables.write import disk_told, guarded, write_atomically
from planner.plan import Plan
from planner.sheets import beside, plan_sheets

PAIR_FORMATS = {k: v for k, v in FORMATS.items() if v in ("geojson", "graphml")}
"""File ending → format in which the pairs of a plan go on a map or into a network tool."""


def write_folder(plan: Plan, folder: Path | str, form: Literal["csv", "parquet"]) -> list[Path]:
    """Write every table of a plan as a file of its own; the files, in order.

    CSV is UTF-8 with a mark at its beginning, so that Excel reads the Chinese; text that a spreadsheet would
    take for a formula has a ``'`` in front.

    Raises
    ------
    OutsideError
        When the folder cannot be written.
    """
    return write_frames({s.name: s.frame for s in plan_sheets(plan)}, folder, form)


def write_frames(
    frames: Mapping[str, pl.DataFrame], folder: Path | str, form: Literal["csv", "parquet"]
) -> list[Path]:
    """Write frames as files of a folder, each by its name; see :func:`write_folder`."""
    place = Path(folder)
    written = []
    with disk_told(place):
        place.mkdir(parents=True, exist_ok=True)
        for name, table in frames.items():
            file = place / f"{name}.{form}"
            write_atomically(file, lambda temporary, frame=table: _write_file(frame, temporary, form))
            written.append(file)
    return written


def _write_file(frame: pl.DataFrame, file: Path, form: str) -> None:
    if form == "csv":
        guarded(frame).write_csv(file, include_bom=True)
    else:
        frame.write_parquet(file)


def write_pairs(plan: Plan, file: Path | str, form: str) -> Path:
    """Write the plan's pairs as GeoJSON (lines and points) or GraphML, with cost, load and marks.

    Raises
    ------
    InputError
        When the plan has no pairs.
    OutsideError
        When the file cannot be written.
    """
    return export_network(pairs_network(plan), file, form=form)


def pairs_network(plan: Plan) -> Network:
    """The plan's network with its pairs in the place of the relations in force."""
    decided = [table for head in plan.stages.values() for table in head["rows"]]
    if "pairs" not in decided:
        known = ", ".join(dict.fromkeys(decided)) or "–"
        raise InputError(
            f"方案 {plan.id} 没有结对，画不成图；有：{known}（可写成 xlsx、csv 或 parquet）",
            f"the plan {plan.id} decides no pairs that could go on a map or into a graph; it has: {known} (as xlsx, csv or parquet)",
        )
    pairs = plan.table("pairs")
    pairs = beside(plan.network, beside(plan.network, pairs, "supporter"), "recipient")
    told = pairs.select(
        pl.concat_str("stage", pl.lit(":"), "supporter", pl.lit(">"), "recipient").alias("id"),
        pl.col("kind").fill_null(pl.col("stage")),
        "supporter", "recipient",
        pl.lit(None, dtype=pl.Date).alias("since"), pl.lit(None, dtype=pl.Date).alias("until"),
        pl.lit(f"plan {plan.id}").alias("source"),
        pl.when(_marked()).then(pl.coalesce(pl.col("supporter_mark", "recipient_mark").replace("", None))).alias("mark"),
        "stage", "cost", "load", "supporter_mark", "recipient_mark",
    )  # fmt: skip
    return plan.network.with_frames({"relations": told})


def _marked() -> pl.Expr:
    return pl.any_horizontal(pl.col("supporter_mark", "recipient_mark") != "")
