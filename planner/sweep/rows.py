"""What is kept of a sweep's runs: a file each as it ends, and one table of all at the end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from planner.policy import as_written
from planner.stages import NAMES
from planner.sweep.axis import plain
from planner.sweep.design import Design
from planner.sweep.member import DONE, Facts, Row
from planner.whole import as_bytes, write_whole

RUNS, FACTS, PLANS, TABLE = "runs", "facts", "plans", "runs.parquet"
OF_STAGE = ("status", "objective", "bound", "gap")


def keep_run(folder: Path, row: Row, facts: Facts) -> None:
    """Keep a run that has ended, its facts first: a row is never without them."""
    name = f"{row['number']}.json"
    write_whole(folder / FACTS / name, as_bytes(facts))
    write_whole(folder / RUNS / name, as_bytes(row))


def kept_run(folder: Path, design: Design, number: int, plans: bool = False) -> Row | None:
    """A run that was made before; ``None`` where it is to be made.

    That is: it is not there, damaged, of other values, something outside failed then, or its plan should be there and is not.
    """
    try:
        row: Row = json.loads((folder / RUNS / f"{number}.json").read_text(encoding="utf-8"))
        right = (
            row["number"] == number
            and not row.get("outside")
            and {*row} >= {"status", "reason", "plan", "stages", "kpis"}
        )
        if not right or row["values"] != {k: plain(v) for k, v in design.point(number).items()}:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if plans and row["status"] == DONE and not (folder / PLANS / str(row["plan"]) / "plan.json").is_file():
        return None
    return row


def all_rows(folder: Path, numbers: Iterable[int]) -> Iterator[Row]:
    """Every run as it was kept."""
    for number in numbers:
        row: Row = json.loads((folder / RUNS / f"{number}.json").read_text(encoding="utf-8"))
        yield row


def table_of(rows: Iterable[Row], keys: Sequence[str]) -> pl.DataFrame:
    """One row per run: number, varied values, status, reason, plan, then each stage's figures and every key figure.

    Values that are not all numbers, or not all truth values, are told as text, as they are written. Columns come in an order
    that depends on the runs alone.
    """
    listed = list(rows)
    columns: dict[str, pl.Series] = {"number": pl.Series([r["number"] for r in listed], dtype=pl.Int64)}
    for key in keys:
        columns[key] = _series([r["values"][key] for r in listed])
    columns["status"] = _texts([r["status"] for r in listed])
    for language in ("zh", "en"):
        reasons = [(r["reason"] or {}).get(language) for r in listed]
        columns[f"reason_{language}"] = _texts(reasons)
    columns["plan"] = _texts([r["plan"] for r in listed])
    for stage in (s for s in NAMES if any(s in r["stages"] for r in listed)):
        for name in OF_STAGE:
            found = [r["stages"].get(stage, {}).get(name) for r in listed]
            columns[f"{stage}.{name}"] = _texts(found) if name == "status" else _floats(found)
    for key in dict.fromkeys(k for r in listed for k in r["kpis"]):
        name = key if key not in columns else f"{key} (kpi)"
        columns[name] = _numbers([r["kpis"].get(key) for r in listed])
    return pl.DataFrame([s.alias(n) for n, s in columns.items()])


def read_table(folder: Path) -> pl.DataFrame:
    """Read it.

    Raises
    ------
    InputError
        When it is not there or damaged.
    """
    path = folder / TABLE
    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(
            f"无法读取 {path}：没有或已损坏", f"cannot read {path}: it is not there or damaged"
        ) from error


def _series(values: list[Any]) -> pl.Series:
    """Varied values: numbers as numbers, truth values as such, else all as they are written."""
    if all(isinstance(v, bool) for v in values):
        return pl.Series(values, dtype=pl.Boolean)
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return _numbers(values)
    return _texts([as_written(v) for v in values])


def _numbers(values: list[Any]) -> pl.Series:
    whole = all(v is None or isinstance(v, int) for v in values)
    return pl.Series(values, dtype=pl.Int64) if whole else _floats(values)


def _floats(values: list[Any]) -> pl.Series:
    return pl.Series([None if v is None else float(v) for v in values], dtype=pl.Float64)


def _texts(values: list[Any]) -> pl.Series:
    return pl.Series(values, dtype=pl.String)
