"""Writes to a service whose server, worker and works are killed at random; at the end every acknowledged write is looked for.

``python -m benchmarks soak-service`` (``JIEDUI_SOAK_MINUTES``, 30 by default) writes ``docs/benchmarks/soak-service.md``; a national plan is
cut off in its middle, too (:mod:`benchmarks.service.national`).
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.page import Page
from benchmarks.service.killed import Killed
from benchmarks.service.left import audited, half_made, missing
from benchmarks.service.national import cut_off
from benchmarks.service.running import Running, alive, wait_for
from benchmarks.service.writers import writers
from benchmarks.service.writers.writer import Writer

PAUSE_SECONDS = (2.0, 12.0)
"""Between two kills."""
STILL_SECONDS = 1800.0
"""For the works that are left at the end."""
TARGETS = ("server", "server", "worker", "work", "stop", "both")
Row = tuple[object, ...]


def soak(data: Path, minutes: float, seed: int = 0) -> list[Row]:
    """Write and kill for so long; rows of the page."""
    with Killed(data) as killed:
        first = killed.service.ended(killed.service.order("plan", scenario="teachers")["id"])
        plan = killed.service.http.get(f"/jobs/{first['id']}/result").json()["id"]
        writing = writers(killed.service.url, plan)
        half = written_and_killed(killed, writing, minutes, random.Random(seed))
        killed.begin()
        rows: list[Row] = [(w.name, len(w.acknowledged), w.tries, *w.looked()) for w in writing]
        states = _settled(killed.service)
        killed.stop()
        return [*rows, *_told(killed, writing, (half, half_made(data)), states)]


def written_and_killed(
    killed: Killed, writing: Sequence[Writer], minutes: float, draw: random.Random
) -> list[str]:
    """Write and kill; files that a last kill in the middle of all writing left half-made. The service is down then."""
    stop = threading.Event()
    threads = [threading.Thread(target=w.write_on, args=(stop,)) for w in writing]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until and not any(w.wrong for w in writing):
        time.sleep(draw.uniform(*PAUSE_SECONDS))
        killed.kill(draw.choice(TARGETS))
    killed.kill("both", begin=False)
    stop.set()
    for thread in threads:
        thread.join()
    return half_made(killed.data)


def _told(
    killed: Killed, writing: Sequence[Writer], half: tuple[list[str], list[str]], states: Counter[str]
) -> list[Row]:
    whole, rows, done = audited(killed.data)
    requests = [write.request for w in writing for write in w.acknowledged]
    unaudited = missing(requests, done)
    wrong = [f"{w.name}: {w.wrong}" for w in writing if w.wrong]
    print(*wrong, *half[1], sep="\n", file=sys.stderr, flush=True)
    unknown = (
        f"audit log, {rows:,} rows: acknowledged writes in it (digests {'hold' if whole else 'DO NOT HOLD'})"
    )
    return [
        ("**all writes**", len(requests), sum(w.tries for w in writing), "", ""),
        (unknown, len(requests), "", len(requests) - unaudited, unaudited + (not whole)),
        ("answers that nobody expected", "", "", "", len(wrong)),
        (f"works at the end: {_counted(states)}", sum(states.values()), "", "", states["waiting"] + states["running"]),
        (f"kills: {_counted(killed.kills)}", sum(killed.kills.values()), "", "", ""),
        (f"processes that were seen, after the end ({len(killed.seen)})", "", "", "", len(alive(killed.seen))),
        (f"files left half-made by the last kill ({len(half[0])}), after the next start and its end", "", "", "", len(half[1])),
    ]  # fmt: skip


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{n} × {what}" for what, n in sorted(counts.items()))


def _settled(service: Running) -> Counter[str]:
    """States of all jobs, once none waits or runs any more."""

    def still() -> Counter[str] | None:
        time.sleep(1)
        found = _states(service)
        return None if found["waiting"] + found["running"] else found

    found: Counter[str] = wait_for(still, STILL_SECONDS)
    return found


def _states(service: Running) -> Counter[str]:
    found: Counter[str] = Counter()
    cursor = ""
    while cursor is not None:
        page = service.http.get("/jobs", params={"limit": 1000, "cursor": cursor}).raise_for_status().json()
        found.update(job["state"] for job in page["jobs"])
        cursor = page["next"]
    return found


def run() -> Page:
    """The page."""
    minutes = float(os.environ.get("JIEDUI_SOAK_MINUTES", "30"))
    scale = float(os.environ.get("JIEDUI_SOAK_SCALE", "1"))
    rows = [
        *_in_folder(lambda data: soak(data, minutes)),
        *_in_folder(lambda data: cut_off(data, scale=scale)),
    ]
    note = (
        f"`python -m benchmarks soak-service`: {minutes:g} minutes of writes to a service whose server, worker or works are killed (or that is "
        "stopped in good order) every 2 to 12 seconds. *Acknowledged*: writes that were answered as done; *found*: of them, those that were there at "
        "the end; *lost or left*: what must be 0 everywhere."
    )
    heads = ("writes", "acknowledged", "tries", "found", "lost or left")
    return Page("soak-service", "The service, killed at random", note, heads, rows)


def _in_folder(work: Callable[[Path], list[Row]]) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        return work(Path(name) / "data")
