"""A Dask scheduler and workers of a test's own, on loopback; each ended by its id."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

HOME = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 180
"""For the scheduler and the workers to start."""


class Processes:
    """A scheduler, and workers of one thread each."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workers = folder, list[subprocess.Popen[bytes]]()
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(file))
        text = awaited(
            lambda: file.exists() and (t := file.read_text()).endswith("}") and t, PATIENCE_SECONDS
        )
        self.address = str(json.loads(text)["address"])

    def add_worker(self, path: Path | None = None) -> subprocess.Popen[bytes]:
        """One worker more; ``path`` comes first among the places that it imports from."""
        words = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder))
        self.workers.append(self._start("worker", self.address, *words, path=path))
        return self.workers[-1]

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill one of them."""
        process.kill()
        process.wait()
        if process in self.workers:
            self.workers.remove(process)

    def close(self) -> None:
        """Kill them all."""
        for process in (*self.workers, self.scheduler):
            self.end(process)

    def _start(self, kind: str, *words: str, path: Path | None = None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.dask_{kind}"]
        places = [str(p) for p in (path, HOME) if p]
        with (self.folder / f"{kind}.log").open("ab") as log:
            return subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--no-dashboard", *words],
                stdout=log, stderr=log, cwd=self.folder, env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
            )  # fmt: skip


def children(worker: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Engines' processes below a worker."""
    with suppress(psutil.NoSuchProcess):
        return [c for c in psutil.Process(worker.pid).children() if "planner.solve.worker" in c.cmdline()]
    return []


def awaited(look: Any, seconds: float = 60) -> Any:
    """What ``look`` gives, once it gives anything."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


def await_workers(address: str, count: int) -> None:
    """Wait until so many workers have come, which takes long on a busy machine."""
    from distributed import Client  # this module is read by every test process, Dask by those that ask

    with Client(address, timeout=PATIENCE_SECONDS, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=PATIENCE_SECONDS)


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """A scheduler and two workers."""
    place = tmp_path / "dask"
    place.mkdir()
    found = Processes(place)
    for _ in range(2):
        found.add_worker()
    try:
        await_workers(found.address, 2)
        yield found
    finally:
        found.close()
