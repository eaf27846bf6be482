"""A sweep of 64 runs of the real scenario on one and two workers, and Dask's own ``map`` on the same runs beside it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import perf_counter

from distributed import Client, LocalCluster

from benchmarks.page import Page
from planner.scenario import Scenario, read_scenario
from planner.sweep.design import Design, design_of
from planner.sweep.kept import kept_scenario
from planner.sweep.member import Job, plan_run
from planner.sweep.run import Sweep, run_sweep

STAGE = "designation"
WORDS = ("designation.distance_weight=0.5:2", "designation.need_weight=0.5:2")
RUNS = 64
TARGET = 1.7


@cache
def _read(folder: str) -> tuple[Scenario, Design]:
    """Once in each process, as our own children do."""
    scenario = kept_scenario(Path(folder))
    head = json.loads((Path(folder) / "sweep.json").read_text(encoding="utf-8"))
    return scenario, design_of(scenario, head["vary"], **head["drawn"])


def member(number: int, folder: str) -> tuple[str, float]:
    """The function that Dask's ``map`` gets: one run in the worker's own process; its plan's id and its seconds."""
    row, facts = plan_run(*_read(folder), number, Job(folder))
    return str(row["plan"]), float(facts["seconds"])


def _swept(make: Callable[[Path], Sweep]) -> tuple[Sweep, float, float]:
    """The sweep, its wall time, and the seconds of all its runs together."""
    folder = Path(tempfile.mkdtemp(prefix="jiedui-bench-"))
    began = perf_counter()
    sweep = make(folder)
    seconds = perf_counter() - began
    facts = (json.loads(f.read_text(encoding="utf-8")) for f in (sweep.folder / "facts").iterdir())
    return sweep, seconds, sum(f["seconds"] for f in facts)


def rows(runs: int = RUNS, where: str = "china-2016") -> list[tuple[object, ...]]:
    """A row for each way: workers, wall time, against one worker, what a run costs besides its planning.

    Raises
    ------
    RuntimeError
        When two ways do not make the same plans.
    """
    scenario = read_scenario(where, stages=[STAGE])
    design = design_of(scenario, WORDS, sample=runs)
    alone, first, worked = _swept(lambda f: run_sweep(scenario, design, f, reuse=False))
    found = [_row("jiedui sweep --workers 1", 1, first, first, worked, runs)]
    here, seconds, worked = _swept(lambda f: run_sweep(scenario, design, f, workers=2, reuse=False))
    found.append(_row("jiedui sweep --workers 2", 2, first, seconds, worked, runs))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        address = str(cluster.scheduler_address)
        there, seconds, worked = _swept(lambda f: run_sweep(scenario, design, f, dask=address, reuse=False))
        found.append(_row("jiedui sweep --dask, two workers", 2, first, seconds, worked, runs))
        with Client(cluster) as client:
            began = perf_counter()
            answers = client.gather(
                client.map(member, range(runs), folder=str(alone.folder.resolve()), pure=False)
            )
            seconds = perf_counter() - began
    found.append(_row("Dask's own `map`, two workers", 2, first, seconds, sum(s for _, s in answers), runs))
    plans = alone.runs["plan"].to_list()
    same = all(s.runs.equals(alone.runs) for s in (here, there)) and plans == [p for p, _ in answers]
    if not same:
        raise RuntimeError("the ways do not make the same plans")
    return found


def _row(
    title: str, workers: int, first: float, seconds: float, worked: float, runs: int
) -> tuple[object, ...]:
    besides = (seconds * workers - worked) / runs
    return title, workers, seconds, f"{first / seconds:.2f} ×", worked / runs, besides * 1000


def run(runs: int = RUNS) -> Page:
    """The page."""
    note = (
        f"{runs} runs of `china-2016`, stage `{STAGE}`, drawn as a Latin hypercube from two weights; every run planned, checked and "
        f"written, no answers shared. Target: two workers at least {TARGET} × one. *Besides* is what a run costs a worker beyond its own "
        "planning: starting processes, reading the scenario, passing numbers and rows, keeping each row on disk, and idling at "
        "the end. Dask's `map` calls the same function in the worker's own process: nothing there can end a solve, no row is kept as it "
        "ends, and a second start begins anew. All ways made the same plans, and ours the same table."
    )
    columns = ("way", "workers", "s", "against one", "s per run", "besides, ms per run")
    return Page("sweep", "Sweeps: one worker, two, and Dask's own map", note, columns, rows(runs))
