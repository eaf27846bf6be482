"""What is kept of a study, in the folder of its sweep.

::

    robust-<digest of options>/shares.parquet      in what share of the futures each decision stays
    robust-<digest of options>/candidates.parquet  mean, worst, greatest regret of each candidate plan
    robust-<digest of options>/values.parquet      each of them in each future
    robust-<digest of options>/<stage>.<criterion>.parquet  the decision of a robust plan
    robust-<digest of options>/<stage>.<criterion>/         a scenario that pins its pairs: ``jiedui plan`` it
    robust-<digest of options>/robust.json         all of it but the tables, last
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from graph.language import Text
from graph.wording import said_columns
from planner.cost import SCALE
from planner.pareto.kept import PINNED, pinned_text
from planner.repair.overlay import base_of
from planner.result_folder import write_frame
from planner.robust.choose import CRITERIA
from planner.robust.plans import Robust
from planner.robust.study import RobustStudy, StageStudy
from planner.shipped import FILE
from planner.titles import in_own_words
from planner.whole import as_bytes, write_whole

FORMAT = 1


@in_own_words
def write_robust(study: RobustStudy, where: str = "", settings: Sequence[str] = ()) -> Path:
    """Write the files into the sweep's folder, ``robust.json`` last.

    Parameters
    ----------
    study : RobustStudy
    where : str
        The scenario as the user named it: what scenarios of robust plans stand on. Where it is empty, or a stored network, there
        are none.
    settings : sequence of str
        ``stage.key=value`` that the user gave besides the file.

    Raises
    ------
    OutsideError
        When they cannot be written.
    """
    told = json.dumps(study.options.to_dict(), sort_keys=True)
    folder = study.futures.sweep.folder / f"robust-{hashlib.sha256(told.encode()).hexdigest()[:8]}"
    frames = {"shares": study.shares, "candidates": candidate_rows(study), "values": value_rows(study)}
    for one in study.stages:
        frames |= {f"{one.stage}.{r.criterion}": r.decision for r in one.robust if r.decision is not None}
    for name, frame in frames.items():
        write_frame(folder / f"{name}.parquet", frame)
    if where and study.futures.scenario.origin is None:
        for one in study.stages:
            _write_scenarios(study, one, folder, where, settings)
    write_whole(folder / "robust.json", as_bytes(as_dict(study)))
    return folder


def _write_scenarios(
    study: RobustStudy, one: StageStudy, folder: Path, where: str, settings: Sequence[str]
) -> None:
    """A scenario for each robust plan of pairs."""
    for robust in one.robust:
        if robust.decision is None or one.stage not in PINNED:
            continue
        place = folder / f"{one.stage}.{robust.criterion}"
        what = Text(f"稳健方案：{robust.criterion}", f"robust plan: {robust.criterion}")
        why = f"sweep {study.futures.sweep.id}: {robust.criterion} over futures {', '.join(map(str, robust.futures))}"
        text = pinned_text(
            study.futures.scenario, one.stage, robust.decision, base_of(where, place), what, why, settings
        )
        write_whole(place / FILE, text.encode())


def candidate_rows(study: RobustStudy) -> pl.DataFrame:
    """A row for each candidate: its figures (see :func:`shown`), and the futures in which it breaks a rule."""
    rows = [
        (one.stage, j.candidate.name, ",".join(j.candidate.also), len(j.candidate.breaks),
         *(shown(one.stage, c, j.figures[c]) for c in CRITERIA), ",".join(c for c in CRITERIA if j.candidate.name in one.picks[c]))
        for one in study.stages
        for j in one.judged
    ]  # fmt: skip
    schema: dict[str, Any] = {"stage": pl.String, "candidate": pl.String, "also": pl.String, "breaks": pl.Int64,
                              **dict.fromkeys(CRITERIA, pl.Float64), "picked_by": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


@in_own_words
def value_rows(study: RobustStudy) -> pl.DataFrame:
    """A row for each candidate and future: its points (see :func:`shown`), or how many places break a rule and the first of them."""
    rows = [
        (one.stage, j.candidate.name, n, shown(one.stage, "", v.cost), v.broken, v.first.zh, v.first.en)
        for one in study.stages
        for j in one.judged
        for n, v in j.candidate.values.items()
    ]
    schema: dict[str, Any] = {"stage": pl.String, "candidate": pl.String, "future": pl.Int64, "points": pl.Float64,
                              "broken": pl.Int64, "first_zh": pl.String, "first_en": pl.String}  # fmt: skip
    return said_columns(pl.DataFrame(rows, schema=schema, orient="row"))


MORE_IS_BETTER = ("funds",)
"""Stages whose points are to be many."""


def shown(stage: str, criterion: str, value: Fraction | int | None) -> float | None:
    """A figure in points as people read it: of money the more the better, but a regret is always to be small."""
    if value is None:
        return None
    turned = stage in MORE_IS_BETTER and criterion != "regret"
    return float(Fraction(-value if turned else value) / SCALE)


@in_own_words
def as_dict(study: RobustStudy) -> dict[str, Any]:
    """For JSON."""
    futures = study.futures
    return {
        "format": FORMAT,
        "sweep": futures.sweep.id,
        "scenario": futures.scenario.name,
        "uncertain": list(futures.design.row_words),
        "vary": list(futures.design.words),
        "design": futures.design.to_dict(),
        "options": study.options.to_dict(),
        "planned": len(futures.planned),
        "without_plan": futures.without(),
        "nominal": None if futures.nominal is None else futures.nominal.id,
        "stages": {
            one.stage: {"picks": dict(one.picks), "robust": [robust_dict(one.stage, r) for r in one.robust]}
            for one in study.stages
        },
    }


def robust_dict(stage: str, robust: Robust) -> dict[str, Any]:
    """For JSON: figures in points, of the mean and the tail as means."""
    parts = (
        len(robust.futures)
        if robust.criterion == "mean"
        else robust.tail
        if robust.criterion == "tail"
        else 1
    )
    figures = {
        k: None if v is None or not parts else shown(stage, robust.criterion, Fraction(v, parts))
        for k, v in (("objective", robust.objective), ("bound", robust.bound))
    }
    return {
        "criterion": robust.criterion,
        "status": robust.status,
        **figures,
        "futures": list(robust.futures),
        "left_out": list(robust.left_out),
        "tail": robust.tail if robust.criterion == "tail" else None,
        "why": robust.why.as_dict(),
    }
