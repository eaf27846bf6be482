"""What a Dask worker does with a run of a sweep: a child process of the worker makes it.

A child, because solvers hold Python's lock: inside the worker they would keep its heartbeat waiting. Each thread of a worker has
a child of its own for a sweep, which makes the thread's later runs too; answers are shared by the runs of a worker.
"""

from __future__ import annotations

import selectors
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from distributed import Worker, get_worker

from planner.solve.child import ChildGone, end_all
from planner.solve.stamp import stamp
from planner.sweep.archive import packed_plan, unpack
from planner.sweep.crew import TRIES, RunChild
from planner.sweep.member import Job, Row

LOOK_SECONDS = 0.25
"""How often a run looks whether it is still wanted."""
_lock = threading.Lock()
_children: dict[tuple[int, str], RunChild] = {}
"""By thread and sweep."""


class _Unwanted(Exception):
    """Nobody wants the run any more."""


def serve_run(
    archive: bytes, sweep: str, reuse: bool, plans: bool, number: int, ours: Mapping[str, str]
) -> tuple[str, Any]:
    """Make one run; called by Dask on a worker.

    Parameters
    ----------
    archive : bytes
        See :func:`planner.sweep.kept.packed_scenario`.
    sweep : str
        The sweep's id.
    reuse : bool
        Whether answers are kept for other runs.
    plans : bool
        Whether the plan is wanted, too.
    number : int
        Which run.
    ours : mapping of str to str
        The stamp that this worker must have.

    Returns
    -------
    tuple
        ``row`` with the row, facts and the plan (see :func:`planner.sweep.archive.packed_plan`; ``None`` where there is none, or it is
        not wanted); ``killed`` with the exit status of the second child that the run cost; ``stopped``;
        ``other``, with this worker's address and stamp, where that is another one.
    """
    worker = get_worker()
    if dict(ours) != stamp():
        return "other", (worker.address, stamp())
    job = _job(worker, archive, sweep, reuse, plans)
    code: int = 0
    for tried in range(1, TRIES + 1):
        try:
            found = _asked(worker, _child(sweep, job), number)
            return "row", (found["row"], {**found["facts"], "tries": tried}, _taken(job, found["row"]))
        except ChildGone as error:
            code = error.code
            _dismiss(sweep)
        except _Unwanted:
            _dismiss(sweep)
            return "stopped", None
    return "killed", code


def end_children(sweep: str = "") -> None:
    """End a sweep's children on this worker; without a name all."""
    with _lock:
        keys = [k for k in _children if sweep in ("", k[1])]
        found = [_children.pop(k) for k in keys]
    end_all(found)


def _job(worker: Worker, archive: bytes, sweep: str, reuse: bool, plans: bool) -> Job:
    place = Path(worker.local_directory) / f"sweep-{sweep}"
    with _lock:
        if not (place / "sweep.json").is_file():
            unpack(archive, place)  # sweep.json comes last
    mine = (
        place / f"plans-{threading.get_ident()}"
    )  # nobody else writes there, so that a plan may be removed once it is sent
    return Job(str(place), str(place / ".answers") if reuse else None, str(mine) if plans else None)


def _taken(job: Job, row: Row) -> bytes | None:
    """The plan of a run, out of the worker's folder."""
    if job.plans is None or row["plan"] is None:
        return None
    place = Path(job.plans) / str(row["plan"])
    found = packed_plan(place)
    shutil.rmtree(place, ignore_errors=True)
    return found


def _child(sweep: str, job: Job) -> RunChild:
    thread = threading.get_ident()
    with _lock:
        older = [k for k in _children if k[0] == thread and k[1] != sweep]
        gone = [_children.pop(k) for k in older]
        if (thread, sweep) not in _children:
            _children[thread, sweep] = RunChild(job)
        found = _children[thread, sweep]
    end_all(gone)
    return found


def _dismiss(sweep: str) -> None:
    with _lock:
        child = _children.pop((threading.get_ident(), sweep), None)
    if child is not None:
        end_all([child])


def _asked(worker: Worker, child: RunChild, number: int) -> dict[str, Any]:
    """A child's answer, as long as somebody wants it."""
    key = worker.get_current_task()
    child.give(number)
    with selectors.DefaultSelector() as selector:
        selector.register(child.out, selectors.EVENT_READ)
        while True:
            if selector.select(timeout=LOOK_SECONDS) and (found := child.hear()) is not None:
                return found
            task = worker.state.tasks.get(key)
            if task is None or task.state == "cancelled":
                raise _Unwanted
