"""A service that runs in a process of its own, on a data folder, at a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import psutil

PATIENCE_SECONDS = 60.0
SOLVERS = {"planner.solve.worker", "planner.sweep.child"}
"""Modules of processes in which engines run."""


class Running:
    """A service; a context manager that stops it.

    Parameters
    ----------
    data : Path
        Its data folder; used again, it goes on where the one before ended.
    words : str
        Further options of ``jiedui serve``.
    on : str
        The network that is asked.
    port : int
        0: any free one.
    """

    def __init__(self, data: Path, *words: str, on: str = "teachers", port: int = 0) -> None:
        self.data = data
        self.began = time.perf_counter()
        command = [
            sys.executable,
            "-P",
            "-m",
            "jiedui",
            "--lang",
            "en",
            "serve",
            "--port",
            str(port),
            "--data",
            str(data),
            "--on",
            on,
        ]
        path = os.pathsep.join(p for p in sys.path if p)
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [*command, *words], stdout=subprocess.PIPE, text=True, env=environment
        )
        self.url = self._told()
        self.http = httpx2.Client(base_url=f"{self.url}/api/v1", timeout=PATIENCE_SECONDS)

    def _told(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if "serving at " not in line:
            self.process.kill()
            self.process.stdout.close()
            raise RuntimeError(f"the service did not start: {line!r}, exit {self.process.wait()}")
        return line.rpartition(" ")[2].strip()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def ready(self) -> float:
        """Seconds from the start until questions can be answered."""
        httpx2.get(f"{self.url}/readyz", timeout=PATIENCE_SECONDS).raise_for_status()
        return time.perf_counter() - self.began

    def order(self, kind: str, key: str = "", **arguments: Any) -> dict[str, Any]:
        """Order a job."""
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.http.post(f"/jobs/{kind}", json=arguments, headers=headers)
        answer.raise_for_status()
        return dict(answer.json())

    def job(self, id: str) -> dict[str, Any]:
        """A job as it stands."""
        return dict(self.http.get(f"/jobs/{id}").raise_for_status().json())

    def ended(self, id: str, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """A job, once it has ended."""
        return wait_for(lambda: (job := self.job(id))["state"] not in ("waiting", "running") and job, seconds)

    def worker(self) -> psutil.Process:
        """The worker beside it, once it is there."""
        return wait_for(lambda: next(iter(self._children("api.jobs.worker")), None))

    def doers(self) -> list[psutil.Process]:
        """Processes that carry works out, and their solvers."""
        found = []
        for fork in self.worker().children():
            if "forkserver" in _line(fork):
                with suppress(psutil.NoSuchProcess):
                    found += fork.children(recursive=True)
        return found

    def solvers(self) -> list[psutil.Process]:
        """Solvers among them."""
        return [p for p in self.doers() if SOLVERS & set(_line(p).split())]

    def kill(self) -> None:
        """Kill the server, and nothing else."""
        self.process.kill()
        self._gone()

    def stop(self) -> None:
        """Ask it to end, and wait."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self._gone()

    def _gone(self) -> None:
        self.process.wait(PATIENCE_SECONDS)
        self.http.close()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _children(self, word: str) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return [p for p in psutil.Process(self.process.pid).children() if word in _line(p)]
        return []


def _line(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return " ".join(process.cmdline())
    return ""


def wait_for(look: Any, seconds: float = PATIENCE_SECONDS) -> Any:
    """What ``look`` gives, once it gives something.

    Raises
    ------
    TimeoutError
        When it never does.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.01)
    raise TimeoutError(f"nothing came within {seconds} seconds")


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run."""
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
