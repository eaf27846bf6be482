"""The child process of one peer: ``python -m benchmarks.peers.child ORDER`` (JSON); tells its outcome as one line of JSON."""

from __future__ import annotations

import importlib
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.peers.peer import FOREVER, Found, GaveUp, Judged, Peer

Tell = Callable[[Mapping[str, Any]], None]
SHORT, RUNS = 1.0, 5  # up to so many seconds, a run is repeated so many times


def main(order: dict[str, Any]) -> dict[str, Any]:
    """Run the peer that the order names."""
    resource.setrlimit(resource.RLIMIT_AS, (order["bytes"], order["bytes"]))
    from benchmarks.peers.registry import peer_of

    out = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a solver's own banner must not mix with our lines
    started = False

    def tell(message: Mapping[str, Any]) -> None:
        nonlocal started
        if not started and "begun" in message:
            started = True
            fresh_peak()
        out.write(json.dumps(message) + "\n")

    try:
        peer = peer_of(order["part"], order["peer"])
        for name in peer.imports:
            importlib.import_module(name)
        outcome = measured(peer, Path(order["instance"]), order["seconds"], tell)
    except MemoryError:
        outcome = {"status": "memory", "seconds": 0.0}
    except GaveUp as gave_up:
        word = str(gave_up)
        outcome = {"status": word if word == "time" else "failed", "seconds": order["seconds"], "words": word}
    outcome["megabytes"] = peak()
    tell(outcome)
    return outcome


def measured(peer: Peer, instance: Path, seconds: float, tell: Tell) -> dict[str, Any]:
    """Median seconds of the peer and its judged answer."""
    times: list[float] = []
    judged: Judged | None = None
    while judged is None or (times[0] < SHORT and len(times) < RUNS):
        found, spent = once(peer, instance, seconds, tell)
        judged = found if judged is None else judged
        times.append(spent)
    return {
        "status": "done",
        "seconds": statistics.median(times),
        "objective": judged.objective,
        "bound": judged.bound,
        "whole": judged.whole,
    }


def once(peer: Peer, instance: Path, seconds: float, tell: Tell) -> tuple[Judged, float]:
    """Judged answer over all pieces of an instance, and the seconds inside the peer; loading and judging are not counted."""
    spent, total = 0.0, None
    for piece in peer.form(instance):
        tell({"begun": spent})
        began = clocks()
        answer: Found = peer.work(piece, seconds - spent if peer.stops_itself else FOREVER)
        spent += min(now - then for now, then in zip(clocks(), began, strict=True))
        tell({"paused": spent})
        judged = peer.judge(piece, answer)
        total = judged if total is None else total.plus(judged)
    if total is None:
        raise GaveUp("nothing to solve")
    return total, spent


def clocks() -> tuple[float, float]:
    """Wall time, and processor time of this process and those that it started and waited for; seconds."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in used)


def fresh_peak() -> None:
    """Let the system count the peak of memory from here."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> float:
    """Peak in MB of this process or the largest that it started."""
    own = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                own = float(line.split()[1])
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
