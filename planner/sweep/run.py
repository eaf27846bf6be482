"""Make a sweep: a folder that grows run by run, and is gone on with where it was left.

::

    <sweep id>/sweep.json         what is varied, how, of what
    <sweep id>/scenario/          the scenario as resolved: no other file is needed for a run
    <sweep id>/runs/<number>.json each run as it ended
    <sweep id>/facts/<number>.json seconds and tasks of it: compared with nothing
    <sweep id>/plans/<plan id>/   the plans, where they are kept
    <sweep id>/.answers/          answers that runs share; may be removed
    <sweep id>/runs.parquet       one row per run, at the end
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import OutsideError, UsageError
from graph.language import Text, several
from planner.identity import input_digests, table_digest
from planner.inputs import demand_tables, resolved_head, seen_network
from planner.plan_writer import disk_error
from planner.republished import kept_tables, published_digests
from planner.result_folder import Kind, write_frame
from planner.reuse import FOLDER as ANSWERS
from planner.scenario import Scenario
from planner.solve.pool import SolverAway, SolverDefect, SolverOther
from planner.sweep.axis import cells
from planner.sweep.crew import Lose, Take, run_here
from planner.sweep.design import Design
from planner.sweep.kept import keep_scenario
from planner.sweep.member import DONE, Facts, Job, Row, killed, lost
from planner.sweep.rows import (
    FACTS,
    PLANS,
    RUNS,
    TABLE,
    all_rows,
    keep_run,
    kept_run,
    read_table,
    table_of,
)
from planner.titles import in_own_words
from planner.unfinished import turn
from planner.whole import as_bytes, remove_half_written, write_whole
from planner.workplace import in_words

FORMAT = 1
HEAD = "sweep.json"
KIND = Kind(Text("扫描", "sweep"), HEAD, FORMAT)
ABOUT_DASK = Text("Dask 集群", "Dask cluster")


@dataclass(frozen=True)
class Told:
    """How far a sweep is.

    Parameters
    ----------
    ended, runs : int
        Runs that have ended, those that were found again among them; and all.
    without_plan : int
        Those of the former without a plan.
    seconds_left : float or None
        A guess; ``None`` while nothing is known.
    """

    ended: int
    runs: int
    without_plan: int
    seconds_left: float | None


OnProgress = Callable[[Told], None]


@dataclass(frozen=True)
class Sweep:
    """A sweep that is done.

    Parameters
    ----------
    folder : Path
        Its folder, named by its id.
    head : mapping
        ``sweep.json``.
    runs : DataFrame
        ``runs.parquet``; see :func:`planner.sweep.rows.table_of`.
    """

    folder: Path
    head: Mapping[str, Any] = field(repr=False)
    runs: pl.DataFrame = field(repr=False)

    @property
    def id(self) -> str:
        """Hash of everything that decides it."""
        return str(self.head["id"])


@in_own_words
def run_sweep(
    scenario: Scenario,
    design: Design,
    out: str | Path = "sweeps",
    *,
    workers: int | None = None,
    dask: str | None = None,
    keep_plans: bool = False,
    reuse: bool = True,
    on_progress: OnProgress | None = None,
) -> Sweep:
    """Plan a scenario at every point of a design; what was made before is taken as it is.

    Parameters
    ----------
    scenario : Scenario
        What is varied.
    design : Design
        The runs; see :func:`planner.sweep.design.design_of`.
    out : str or Path
        Folder that holds sweeps; this one becomes ``out/<id>``.
    workers : int, optional
        Processes that make runs, each one whole run at a time (1 where it is not given); with ``dask`` the most runs under way
        there. Changes nothing in the rows.
    dask : str, optional
        Address of a Dask cluster's scheduler; needs the extra ``jiedui[dask]``. Changes nothing in the rows.
    keep_plans : bool
        Keep the plans, too, in ``plans`` of the sweep's folder; those made on a cluster come back from there.
    reuse : bool
        Let runs use each other's answers for tasks that are the same. Changes nothing in the rows.
    on_progress : callable, optional
        Called as runs end.

    Raises
    ------
    InputError
        When a stage lacks a table that it needs, or the folder holds a sweep of another format.
    UsageError
        When ``dask`` is given and not installed.
    OutsideError
        When the disk fails, or the cluster does not answer, goes away or has other software; what is done stays.
    """
    demand_tables(scenario)
    head = _head(scenario, design)
    folder = Path(out) / head["id"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(folder, error) from error
    with turn(folder):
        remove_half_written(folder, folder / RUNS, folder / FACTS)
        _prepare(folder, head, scenario)
        work = _Work(folder, design, keep_plans, on_progress)
        _made(work, head["id"], workers, dask, reuse)
        rows = table_of(all_rows(folder, range(design.runs)), [a.key for a in design.axes])
        write_frame(folder / TABLE, rows)
    return read_sweep(folder)


def read_sweep(folder: str | Path) -> Sweep:
    """A sweep that is done.

    Raises
    ------
    InputError
        When there is none, it is not done, or of another format.
    """
    place = Path(folder)
    return Sweep(place, KIND.demanded(place), read_table(place))


def sweep_id(scenario: Scenario, design: Design) -> str:
    """16 hexadecimal digits of the hash of everything that decides a sweep."""
    digests = input_digests(seen_network(scenario).frames) | published_digests(
        kept_tables(scenario.published)
    )
    varied = {*(a.table for a in cells(design.axes)), *(a.table for a in design.each_row)}
    whole = {f"[{t}]": table_digest(scenario.network.frame(t)) for t in varied}
    axes = [a.to_dict() for a in design.axes]
    told = [
        resolved_head(scenario),
        sorted({**digests, **whole}.items()),
        axes,
        design.to_dict(),
        version("jiedui"),
    ]
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _head(scenario: Scenario, design: Design) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": sweep_id(scenario, design),
        "jiedui": version("jiedui"),
        "scenario": scenario.name,
        "title": scenario.title.as_dict(),
        "date": scenario.on.isoformat(),
        "stages": list(scenario.stages),
        "vary": list(design.words),
        "axes": [a.to_dict() for a in design.axes],
        "design": design.to_dict(),
        "drawn": {
            "sample": design.sample,
            "method": design.method,
            "seed": design.seed,
            **_rows_drawn(design),
        },
    }


def _rows_drawn(design: Design) -> dict[str, Any]:
    return {"each_row": list(design.row_words)} if design.each_row else {}


def _prepare(folder: Path, head: Mapping[str, Any], scenario: Scenario) -> None:
    """Write what runs need; ``sweep.json`` last, so that where it is all else is, too."""
    if KIND.read(folder) is not None:
        return
    try:
        keep_scenario(scenario, folder)
    except OSError as error:
        raise disk_error(folder, error) from error
    write_whole(folder / HEAD, as_bytes(head))


def _made(work: _Work, name: str, workers: int | None, dask: str | None, reuse: bool) -> None:
    numbers = work.to_make()
    if (first := next(numbers, None)) is None:
        return  # a sweep that is done needs neither processes nor a cluster

    def all_numbers() -> Iterator[int]:
        yield first
        yield from numbers

    if dask is not None:
        _on_dask(work, name, dask, workers, reuse, all_numbers())
        return
    folder = work.folder.resolve()
    job = Job(
        str(folder),
        str(folder / ANSWERS) if reuse else None,
        str(folder / PLANS) if work.keep_plans else None,
    )
    run_here(job, workers or 1, all_numbers(), work.take, work.lose)


def _on_dask(
    work: _Work, name: str, address: str, at_once: int | None, reuse: bool, numbers: Iterator[int]
) -> None:
    try:
        from planner.sweep.on_dask import run_there
    except ImportError as error:
        raise UsageError(
            f"使用 Dask 需要可选组件 dask：pip install 'jiedui[dask]'，克隆的仓库中为 pip install -e '.[dask]'（{error}）",
            f"Dask needs the extra dask: pip install 'jiedui[dask]', in a clone pip install -e '.[dask]' ({error})",
        ) from error
    try:
        plans = work.folder / PLANS if work.keep_plans else None
        run_there(address, at_once, work.folder, name, reuse, numbers, work.take, work.lose, plans)
    except SolverDefect as error:
        raise RuntimeError(f"sweep: {error}") from error
    except (SolverAway, SolverOther) as error:
        told = in_words(ABOUT_DASK, error).text
        kept = work.ended
        raise OutsideError(
            f"{told.zh}；已完成的 {kept} 次都留着，再运行同一条命令会接着做",
            f"{told.en}; {several(kept, 'run')} done and kept, the same command goes on",
        ) from error


class _Work:
    """What was made, what is to be made, and how far it is."""

    def __init__(
        self, folder: Path, design: Design, keep_plans: bool, on_progress: OnProgress | None
    ) -> None:
        self.folder, self.design, self.keep_plans, self.on_progress = folder, design, keep_plans, on_progress
        self.ended = self.without_plan = self.made = 0
        self.began = time.monotonic()
        self.lose: Lose = partial(_lost, design)
        self.take: Take = self._take

    def to_make(self) -> Iterator[int]:
        """Numbers of the runs that were not made before, found as they are asked for."""
        for number in range(self.design.runs):
            row = kept_run(self.folder, self.design, number, self.keep_plans)
            if row is None:
                yield number
            else:
                self._ended(row)

    def _take(self, row: Row, facts: Facts) -> None:
        keep_run(self.folder, row, facts)
        self.made += 1
        self._ended(row)

    def _ended(self, row: Row) -> None:
        self.ended += 1
        self.without_plan += row["status"] != DONE
        if self.on_progress is not None:
            self.on_progress(Told(self.ended, self.design.runs, self.without_plan, self._left()))

    def _left(self) -> float | None:
        """As long for each run that is left as for those made so far."""
        if not self.made:
            return None
        return (time.monotonic() - self.began) / self.made * (self.design.runs - self.ended)


def _lost(design: Design, number: int, code: object) -> Row:
    return lost(design, number, killed(code))
