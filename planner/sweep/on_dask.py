"""Runs of a sweep on a Dask cluster, by its scheduler's address. Needs the extra ``dask``; imported only when asked for.

The scenario goes to the workers once; then one future per run, a few more under way than the cluster has threads. A run whose
worker is lost is given to another by Dask itself.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from distributed import Future
from distributed.scheduler import KilledWorker

from planner.solve.cluster import PATIENCE_SECONDS, SCHEDULER_GONE, WORKER_LOST, DaskCluster, differing
from planner.solve.pool import NO_WORKERS, SolverAway, SolverDefect, SolverOther
from planner.solve.stamp import stamp
from planner.sweep.archive import put_plan
from planner.sweep.crew import TRIES, Lose, Take
from planner.sweep.dask_worker import end_children, serve_run
from planner.sweep.kept import packed_scenario

LOOK_SECONDS = 0.5
AHEAD = 2
"""Runs under way per thread, so that none waits for the next."""


def run_there(
    address: str,
    at_once: int | None,
    folder: Path,
    name: str,
    reuse: bool,
    numbers: Iterator[int],
    take: Take,
    lose: Lose,
    plans: Path | None = None,
) -> None:
    """Make runs on a cluster; what still runs there when this ends is taken back.

    Parameters
    ----------
    address : str
        The scheduler's.
    at_once : int, optional
        Runs under way at most.
    folder, name : Path, str
        The sweep's folder and id.
    reuse : bool
        Whether runs share answers on a worker.
    numbers : iterator of int
        The runs.
    take : callable
        Called with each run's row and facts as it ends.
    lose : callable
        Gives the row of a run that is given up, from its number and what became of it.
    plans : Path, optional
        Where the plans are wanted here, too: the folder that they go into.

    Raises
    ------
    SolverAway
        When the scheduler does not answer, or there are no workers.
    SolverOther
        When a worker has other software.
    SolverDefect
        When something around a run failed on a worker.
    """
    with DaskCluster(address, at_once) as cluster:
        flights = _Flights(cluster, packed_scenario(folder), name, reuse, take, lose, plans)
        try:
            flights.make(numbers, at_once)
        finally:
            flights.let_go()


class _Flights:
    def __init__(
        self,
        cluster: DaskCluster,
        archive: bytes,
        name: str,
        reuse: bool,
        take: Take,
        lose: Lose,
        plans: Path | None,
    ) -> None:
        self.cluster, self.archive, self.name, self.reuse = cluster, archive, name, reuse
        self.take, self.lose, self.plans = take, lose, plans
        self.mark = uuid.uuid4().hex
        self.box: SimpleQueue[str] = SimpleQueue()
        self.under_way: dict[str, tuple[int, Future[Any]]] = {}
        self.again: list[int] = []
        self.tries: dict[int, int] = {}
        self.there: Future[Any] | None = None
        self.sent = 0
        self.alone_since: float | None = None

    def make(self, numbers: Iterator[int], at_once: int | None) -> None:
        while True:
            while len(self.under_way) < (at_once or AHEAD * self.cluster.workers):
                number = self.again.pop() if self.again else next(numbers, None)
                if number is None:
                    break
                self._send(number)
            if not self.under_way:
                return
            try:
                key = self.box.get(timeout=LOOK_SECONDS)
            except Empty:
                self._look_around()
                continue
            if key in self.under_way:
                self._land(*self.under_way.pop(key))

    def let_go(self) -> None:
        """Take back what is under way, and end the workers' children."""
        for _, future in self.under_way.values():
            with suppress(Exception):
                future.release()
        if self.there is not None:
            with suppress(Exception):
                self.there.release()
        with suppress(Exception):  # the cluster may be gone: its children are, too
            self.cluster.client.run(end_children, self.name, on_error="ignore")

    def _send(self, number: int) -> None:
        client = self.cluster.client
        try:
            if self.there is None or self.there.status != "finished":
                (self.there,) = client.scatter([self.archive], broadcast=True, hash=False)
            self.sent += 1
            key = f"jiedui-sweep-{self.mark}-{self.sent}"
            future = client.submit(
                serve_run,
                self.there,
                self.name,
                self.reuse,
                self.plans is not None,
                number,
                stamp(),
                key=key,
                pure=False,
            )
        except (OSError, RuntimeError) as error:  # a worker went meanwhile, or the scheduler did
            self.cluster.threads()
            self._once_more(number, error)
            return
        self.under_way[key] = (number, future)
        future.add_done_callback(lambda f: self.box.put(str(f.key)))

    def _land(self, number: int, future: Future[Any]) -> None:
        try:
            kind, found = future.result()
        except CancelledError as error:
            why = str(getattr(error, "reason", ""))
            if why in SCHEDULER_GONE:
                raise SolverAway(self.cluster.address, why) from error
            self._once_more(number, error)
            return
        except KilledWorker:
            self.take(self.lose(number, WORKER_LOST), {})
            return
        except OSError as error:
            raise SolverAway(self.cluster.address, str(error) or type(error).__name__) from error
        except Exception as error:
            raise SolverDefect(f"{type(error).__name__}: {error}") from error
        finally:
            future.release()
        self._landed(number, kind, found)

    def _landed(self, number: int, kind: str, found: Any) -> None:
        if kind == "row":
            row, facts, plan = found
            if self.plans is not None and plan is not None:
                put_plan(plan, self.plans, str(row["plan"]))
            self.take(row, facts)
        elif kind == "killed":
            self.take(self.lose(number, found), {"tries": TRIES})
        elif kind == "other":
            worker, theirs = found
            raise SolverOther(self.cluster.address, stamp(), {worker: differing(stamp(), theirs)})
        else:  # ended there although nobody here took it back: that worker is closing
            self._once_more(number, None)

    def _once_more(self, number: int, error: BaseException | None) -> None:
        """Send a run again whose worker is lost; not for ever."""
        self.there = None
        self.tries[number] = self.tries.get(number, 0) + 1
        if self.tries[number] <= TRIES:
            self.again.append(number)
        else:
            self.take(self.lose(number, str(error) if error else WORKER_LOST), {"tries": self.tries[number]})

    def _look_around(self) -> None:
        """Whether there still is a worker; it may take a moment until a lost one is replaced."""
        if self.cluster.threads():
            self.alone_since = None
            return
        self.alone_since = self.alone_since or time.monotonic()
        if time.monotonic() - self.alone_since > PATIENCE_SECONDS:
            raise SolverAway(self.cluster.address, NO_WORKERS)
