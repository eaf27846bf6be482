"""Tasks on a Dask cluster, by its scheduler's address. Needs the extra ``dask``; imported only when asked for.

One future per task. A task's arrays go ahead of it (scattered: whole buffers, never copied into the task's own message),
and only as many tasks are under way as the cluster has threads, so that a long list of large tasks fills nobody's memory. The
engines run in child processes of the workers (:mod:`planner.solve.cluster_worker`).

A worker that is lost takes its tasks with it; they are sent once more. One that has cost two workers is given up.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

from distributed import Client, Future, Security
from distributed.comm.addressing import get_address_host_port, normalize_address
from distributed.scheduler import KilledWorker

from planner.solve.cluster_worker import serve
from planner.solve.pool import (
    NO_WORKERS,
    OnProgress,
    SolverAway,
    SolverDefect,
    SolverKilled,
    SolverMemory,
    SolverOther,
    SolverStopped,
)
from planner.solve.stamp import PACKAGES, stamp
from planner.solve.task import Answer, Task

PATIENCE_SECONDS = 5.0
"""To reach the scheduler; and to wait for a worker where there is none."""
LOOK_SECONDS = 0.5
TRIES = 2
"""Workers that one task may cost."""
SCHEDULER_GONE = ("scheduler-connection-lost", "scheduler-restart")
WORKER_LOST = "worker lost"


@dataclass(frozen=True)
class _Flight:
    """A task under way."""

    number: int
    future: Future[Any]
    arrays: Future[Any]


class DaskCluster:
    """A cluster that others have started. A context manager: leaving it takes back what still runs there.

    Several threads may run tasks at once.

    Parameters
    ----------
    address : str
        The scheduler's, such as ``tcp://127.0.0.1:8786``.
    at_once : int, optional
        Tasks under way at most; as many as the workers have threads where it is not given.

    Raises
    ------
    SolverAway
        Where no scheduler answers there, or it has no workers.
    SolverOther
        Where a worker has another version of jiedui or of a solver.
    """

    def __init__(self, address: str, at_once: int | None = None) -> None:
        self.address, self.where = address, f"dask {address}"
        self._most, self._threads, self._under_way = at_once, 0, 0
        self._change, self._stopped = threading.Condition(), False
        self._boxes: dict[str, SimpleQueue[tuple[str, Any]]] = {}
        for name in ("distributed.client", "distributed.core", "distributed.comm"):
            logging.getLogger(name).setLevel(
                logging.CRITICAL
            )  # what goes wrong there is told by our own errors
        self._client = _connected(address)
        try:
            self._await_workers()
            self._compare()
        except BaseException:
            self.close()
            raise
        self._topic = f"jiedui-{uuid.uuid4().hex}"
        self._client.subscribe_topic(self._topic, self._hear)

    def __enter__(self) -> DaskCluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def workers(self) -> int:
        """Tasks that may be under way at the same time."""
        return max(1, self._room())

    @property
    def client(self) -> Client:
        """Dask's own client, for other work than tasks."""
        return self._client

    def threads(self) -> int:
        """Threads of all workers, now.

        Raises
        ------
        SolverAway
            Where the scheduler does not answer any more.
        """
        return self._look()

    def _room(self) -> int:
        return min(self._threads, self._most or self._threads)

    def stop(self) -> None:
        """Runs in other threads end, and none begins any more."""
        self._stopped = True
        for box in list(self._boxes.values()):
            box.put(("stop", None))
        with self._change:
            self._change.notify_all()

    def close(self) -> None:
        """Take back what is under way, and leave the cluster."""
        self.stop()
        with suppress(OSError, TimeoutError):
            self._client.close(timeout=2)

    def run(self, tasks: Sequence[Task], on_progress: OnProgress | None = None) -> list[Answer]:
        """One future per task; see :class:`~planner.solve.pool.Executor`."""
        if not tasks:
            return []
        return _Run(self, tasks, on_progress).answers()

    def _go_on(self) -> None:
        if self._stopped:
            raise SolverStopped

    def _look(self) -> int:
        """Threads of all workers, now."""
        try:
            self._threads = sum(self._client.nthreads().values())
        except (
            OSError,
            RuntimeError,
        ) as error:  # the connection is lost, or the client closed itself upon that
            raise SolverAway(self.address, _reason(error)) from error
        return self._threads

    def _await_workers(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._look():
            self._go_on()
            if time.monotonic() > deadline:
                raise SolverAway(self.address, NO_WORKERS)
            time.sleep(LOOK_SECONDS / 5)

    def _compare(self) -> None:
        """Every worker's software against ours; packages by a function that any Python has, whatever is installed there."""
        ours, differences = stamp(), dict[str, dict[str, str]]()
        for package in PACKAGES:
            for worker, found in self._client.run(metadata.version, package, on_error="return").items():
                if found != ours[package]:
                    differences.setdefault(worker, {})[package] = found if isinstance(found, str) else ""
        if not differences:
            for worker, found in self._client.run(stamp, on_error="return").items():
                if found != ours:
                    differences[worker] = differing(ours, found if isinstance(found, dict) else {})
        if differences:
            raise SolverOther(self.address, ours, differences)

    def _hear(self, event: tuple[float, Any]) -> None:
        """In the client's own thread: progress of a task, put into the box of its run."""
        word = event[1]
        if (box := self._boxes.get(word["run"])) is not None:
            box.put(("told", (word["number"], word["facts"])))

    def _take_off(self, wait: bool) -> bool:
        """Whether one task more may be under way; ``wait`` until it may, unless there is no worker at all."""
        with self._change:
            while self._under_way >= self._room():
                self._go_on()
                if not wait or not self._threads:
                    return False
                self._change.wait(LOOK_SECONDS)
            self._go_on()
            self._under_way += 1
            return True

    def _landed(self) -> None:
        with self._change:
            self._under_way -= 1
            self._change.notify()


def _connected(address: str) -> Client:
    """A client of the scheduler there; what the client itself would only trip over is looked at before."""
    try:
        full = normalize_address(address)
        get_address_host_port(full, strict=True)
        if full.startswith(("tls:", "wss:")) and not Security().get_connection_args("client")["ssl_context"]:
            raise ValueError("TLS needs certificates: distributed.comm.tls in Dask's configuration")
        return Client(full, timeout=PATIENCE_SECONDS, set_as_default=False, name="jiedui")
    except (OSError, ValueError) as error:  # a timeout is an OSError
        raise SolverAway(address, _reason(error)) from error


def differing(ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """Package → version there, where it is not ours."""
    return {k: theirs.get(k, "") for k in ours if theirs.get(k, "") != ours[k]}


class _Run:
    """One call of :meth:`DaskCluster.run`."""

    def __init__(self, cluster: DaskCluster, tasks: Sequence[Task], on_progress: OnProgress | None) -> None:
        self.cluster, self.tasks, self.on_progress = cluster, tasks, on_progress
        self.name = uuid.uuid4().hex
        self.box: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self.waiting = list(range(len(tasks)))[::-1]
        self.flights: dict[str, _Flight] = {}
        self.lost: Counter[int] = Counter()
        self.answered: dict[int, Answer] = {}
        self.alone_since: float | None = None

    def answers(self) -> list[Answer]:
        self.cluster._boxes[self.name] = self.box
        try:
            while len(self.answered) < len(self.tasks):
                self._send_off()
                try:
                    kind, word = self.box.get(timeout=LOOK_SECONDS)
                except Empty:
                    self._look_around()
                    continue
                if kind == "told" and self.on_progress is not None:
                    self.on_progress(self.tasks[word[0]].label, word[1])
                elif kind == "done" and (flight := self.flights.pop(word, None)) is not None:
                    self._land(flight)
        finally:
            del self.cluster._boxes[self.name]
            for flight in self.flights.values():  # released, a task is ended wherever it runs
                self._let_go(flight)
        return [self.answered[i] for i in range(len(self.tasks))]

    def _send_off(self) -> None:
        self.cluster._go_on()
        while self.waiting and self.cluster._take_off(wait=not self.flights):
            number = self.waiting.pop()
            try:
                flight = self._sent(number)
            except OSError:  # a worker went while arrays were on their way to it, or the scheduler did
                self.cluster._landed()
                self.cluster._look()
                self._again(number)
                continue
            except BaseException:
                self.cluster._landed()
                raise
            self.flights[str(flight.future.key)] = flight
            flight.future.add_done_callback(lambda f: self.box.put(("done", f.key)))

    def _sent(self, number: int) -> _Flight:
        cluster, task = self.cluster, self.tasks[number]
        asked = {"stamp": stamp(), "topic": cluster._topic, "run": self.name, "number": number}
        (arrays,) = cluster._client.scatter([dict(task.arrays)], hash=False)
        key = f"jiedui-{task.engine}-{self.name}-{number}-{self.lost[number]}"
        future = cluster._client.submit(
            serve, arrays, task.engine, dict(task.options), task.label, asked, key=key, pure=False
        )
        return _Flight(number, future, arrays)

    def _let_go(self, flight: _Flight) -> None:
        flight.future.release()
        flight.arrays.release()
        self.cluster._landed()

    def _land(self, flight: _Flight) -> None:
        """Take a task's answer; one whose worker is lost waits again."""
        task = self.tasks[flight.number]
        try:
            kind, found = flight.future.result()
        except CancelledError as error:
            self.cluster._go_on()
            why = str(getattr(error, "reason", ""))
            if why in SCHEDULER_GONE:
                raise SolverAway(self.cluster.address, why) from error
            self._again(flight.number)
        except KilledWorker as error:
            raise SolverKilled(task.label, WORKER_LOST) from error
        except OSError as error:
            raise SolverAway(self.cluster.address, _reason(error)) from error
        except Exception as error:  # raised around the engine, on the worker
            raise SolverDefect(f"{type(error).__name__}: {error}") from error
        else:
            self._take(flight.number, kind, found)
        finally:
            self._let_go(flight)

    def _take(self, number: int, kind: str, found: Any) -> None:
        label = self.tasks[number].label
        if kind == "answer":
            self.answered[number] = found
        elif kind == "killed":
            raise SolverKilled(label, found)
        elif kind == "memory":
            raise SolverMemory(label)
        elif kind == "other":
            worker, theirs = found
            raise SolverOther(self.cluster.address, stamp(), {worker: differing(stamp(), theirs)})
        elif kind == "defect":
            raise SolverDefect(found)
        else:  # ended on the worker although nobody here took it back: that worker is closing
            self._again(number)

    def _again(self, number: int) -> None:
        """Send a task once more whose worker is lost; not for ever."""
        self.lost[number] += 1
        if self.lost[number] >= TRIES:
            raise SolverKilled(self.tasks[number].label, WORKER_LOST)
        self.waiting.append(number)

    def _look_around(self) -> None:
        """Whether there still is a worker; it may take a moment until a lost one is replaced."""
        if self.cluster._look():
            self.alone_since = None
            return
        self.alone_since = self.alone_since or time.monotonic()
        if time.monotonic() - self.alone_since > PATIENCE_SECONDS:
            if self.lost:
                raise SolverKilled(self.tasks[max(self.lost)].label, WORKER_LOST)
            raise SolverAway(self.cluster.address, NO_WORKERS)


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
