"""Writes to a service whose server, worker and works are killed at random; at the end every acknowledged write is looked for.

``python -m benchmarks soak-service`` (``JIEDUI_SOAK_MINUTES``, 30 by default) writes ``docs/benchmarks/soak-service.md``; before it, a
national plan is cut off in its middle once (:mod:`benchmarks.service.national`).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.page import Page
from benchmarks.service.national import cut_off
from benchmarks.service.running import Running, alive, wait_for
from benchmarks.service.writers import Writer, writers

PAUSE_SECONDS = (2.0, 12.0)
"""Between two kills."""
STILL_SECONDS = 1800.0
"""For the works that are left at the end."""
TARGETS = ("server", "server", "worker", "work", "stop", "both")


class Kept:
    """A service on one port that is begun again after each kill.

    Parameters
    ----------
    data : Path
    """

    def __init__(self, data: Path) -> None:
        self.data, self.on = data, f"workspace:{data / 'office'}#teachers"
        load = [sys.executable, "-m", "jiedui", "graph", "load", "teachers", "--on", self.on, "--by", "soak"]
        subprocess.run(load, check=True, stdout=subprocess.DEVNULL)
        self.service = Running(data, "--jobs", "2", on=self.on)
        self.port = self.service.port
        self.kills: Counter[str] = Counter()

    def kill(self, what: str) -> None:
        """Kill something, or stop the service in good order; begin it again where it is gone."""
        with suppress(psutil.NoSuchProcess, TimeoutError):
            if what == "work":
                wait_for(self.service.doers, 5)[0].kill()
            if what in ("worker", "both"):
                self.service.worker().kill()
        if what == "stop":
            self.service.stop()
        if what in ("server", "both"):
            self.service.kill()
        self.kills[what] += 1
        if self.service.process.poll() is not None:
            self.service = Running(self.data, "--jobs", "2", on=self.on, port=self.port)


def soak(data: Path, minutes: float, seed: int = 0) -> list[tuple[object, ...]]:
    """Write and kill for so long; rows of the page."""
    kept, draw, stop = Kept(data), random.Random(seed), threading.Event()
    first = kept.service.ended(kept.service.order("plan", scenario="teachers")["id"])
    plan = kept.service.http.get(f"/jobs/{first['id']}/result").json()["id"]
    writing = writers(lambda: kept.service.url, plan)
    threads = [threading.Thread(target=_write_on, args=(w, stop)) for w in writing]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        time.sleep(draw.uniform(*PAUSE_SECONDS))
        kept.kill(draw.choice(TARGETS))
    stop.set()
    for thread in threads:
        thread.join()
    rows = [(w.name, len(w.acknowledged), w.tries, *w.looked()) for w in writing]
    states = _settled(kept.service)
    left = alive(kept.service.doers())
    kept.service.stop()
    told = ", ".join(f"{n} {state}" for state, n in sorted(states.items()))
    kills = ", ".join(f"{n} × {what}" for what, n in sorted(kept.kills.items()))
    return [
        *rows,
        (f"works at the end: {told}", sum(states.values()), "", "", len(left)),
        (f"kills: {kills}", sum(kept.kills.values()), "", "", ""),
    ]


def _write_on(writer: Writer, stop: threading.Event) -> None:
    """One write after the other; each is tried again until it is acknowledged, as its client would."""
    while not stop.is_set():
        writer.write(stop)
        time.sleep(writer.pause_seconds)


def _settled(service: Running) -> Counter[str]:
    """States of all jobs, once none waits or runs any more."""

    def states() -> Counter[str]:
        found: Counter[str] = Counter()
        cursor = ""
        while cursor is not None:
            page = (
                service.http.get("/jobs", params={"limit": 1000, "cursor": cursor}).raise_for_status().json()
            )
            found.update(job["state"] for job in page["jobs"])
            cursor = page["next"]
        return found

    def still() -> Counter[str] | None:
        time.sleep(1)
        found = states()
        return None if found["waiting"] + found["running"] else found

    found: Counter[str] = wait_for(still, STILL_SECONDS)
    return found


def run() -> Page:
    """The page."""
    minutes = float(os.environ.get("JIEDUI_SOAK_MINUTES", "30"))
    with tempfile.TemporaryDirectory() as name:
        rows = soak(Path(name) / "soak", minutes)
        rows += cut_off(Path(name) / "national", scale=float(os.environ.get("JIEDUI_SOAK_SCALE", "1")))
    note = (
        f"`python -m benchmarks soak-service`: {minutes:g} minutes of writes to a service whose server, worker or works are killed (or that is "
        "stopped in good order) every 2 to 12 seconds. *Found*: of the acknowledged writes, those that were there at the end; *left*: processes."
    )
    return Page(
        "soak-service",
        "The service, killed at random",
        note,
        ("writes", "acknowledged", "tries", "found", "lost or left"),
        rows,
    )
