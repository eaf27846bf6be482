"""How fast the service starts, how soon an ordered job tells its first progress, how soon a cancelled one has gone, many who listen."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.page import Page
from benchmarks.service.following import heard
from benchmarks.service.listeners import listened
from benchmarks.service.running import Running, alive, wait_for

STARTS, ORDERS, CANCELS = 5, 20, 5
CLIENTS = 500
CANCELLED: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("people (min-cost flow)", "plan", {"scenario": "china-2016", "stages": ["cadres"], "no_reuse": True, "again": True}),
    ("money (flow, then HiGHS)", "plan", {"scenario": "china-2016", "stages": ["funds"], "no_reuse": True, "again": True}),
    ("designation (MIP)", "plan", {"scenario": "china-2016", "stages": ["designation"], "no_reuse": True, "again": True}),
    ("a sweep, two workers", "sweep", {"scenario": "teachers", "vary": ["cadres.distance_weight=1:9:200"], "stages": ["cadres"]}),
)  # fmt: skip


def run(clients: int = CLIENTS) -> Page:
    """The page."""
    rows: list[tuple[object, ...]] = []

    def told(what: str, target: object, found: list[float], unit: str) -> None:
        rows.append((what, unit, target, statistics.median(found), max(found), len(found)))
        print(*rows[-1], sep=" · ", flush=True)

    with tempfile.TemporaryDirectory() as name:
        told(
            "start of the server to ready (china-2016)",
            "≤ 3",
            [_started(Path(name) / "d") for _ in range(STARTS)],
            "s",
        )
        with Running(Path(name) / "d") as service:
            first, solver = zip(*(_first_progress(service, n) for n in range(ORDERS + 1)), strict=True)
            told("order to the first progress of its job", "≤ 300", [*first[1:]], "ms")
            told("order to the first stage begun (scenario read)", "", [*solver[1:]], "ms")
            for what, kind, arguments in CANCELLED:
                told(
                    f"cancel to no process left: {what}",
                    "≤ 1",
                    [_cancelled(service, kind, arguments) for _ in range(CANCELS)],
                    "s",
                )
            found = listened(service, clients)
        told(f"{found.clients} who follow: server memory more", "< 300", [found.megabytes], "MB")
        told(
            f"… from an event's writing to its hearing, 99 % within ({found.events} events)",
            "",
            [found.late_ms],
            "ms",
        )
        told(
            "… who missed or doubled an event, all cut off once",
            0,
            [float(found.clients - found.whole)],
            "clients",
        )
    note = "`python -m benchmarks service`: a real server, worker and solvers on one machine, over loopback."
    return Page(
        "service",
        "The service: starts, jobs, streams",
        note,
        ("what", "unit", "target", "median", "worst", "runs"),
        rows,
    )


def _started(data: Path) -> float:
    with Running(data, on="china-2016") as service:
        return service.ready()


def _first_progress(service: Running, number: int) -> tuple[float, float]:
    """Milliseconds from ordering to the first progress and to the first stage begun, as one who follows hears them."""
    began = time.perf_counter()
    job = service.order("plan", scenario="teachers", stages=["designation"], time_limit=1000 + number)["id"]
    first = None
    for event in heard(service.http, job):
        if event.kind == "progress":
            first = first or time.perf_counter()
            if event.data["stage"] == "designation":
                break
    assert first is not None
    now = time.perf_counter()
    service.ended(job)
    return 1000 * (first - began), 1000 * (now - began)


def _cancelled(service: Running, kind: str, arguments: Mapping[str, Any]) -> float:
    """Seconds from cancelling in the middle of a solve until the processes are gone and temporary files removed."""
    job = service.order(kind, **arguments)["id"]
    wait_for(lambda: [s for s in service.solvers() if s.cpu_times().user > 0.5])
    doers = service.doers()
    began = time.perf_counter()
    service.http.delete(f"/jobs/{job}")
    wait_for(lambda: not alive(doers) and not list((service.data / "jobs").glob("*/tmp")))
    return time.perf_counter() - began
