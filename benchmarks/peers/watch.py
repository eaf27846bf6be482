"""One peer on one instance, in a child process with a limit of time and of memory.

Memory is the peak of resident pages from the moment when the instance is loaded, as the system counts it (``ru_maxrss``,
which for the process itself is ``VmHWM``: the former is inherited from the parent, the latter is not); of processes that the
peer starts itself the largest counts. The limit of memory is one of address space (``RLIMIT_AS``).

Seconds are the lesser of wall time and of processor time (of the child and all that it starts), so that what else the machine
does counts little; a peer that stops itself looks at the wall clock.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

LOADING = 300.0  # seconds to load or convert an instance, which is not measured
LATE = 15.0  # seconds beyond the limit for peers that stop by themselves and then answer
PATIENCE = 6.0  # times the limit, by the wall clock, on a machine that is busy otherwise
LOOK, COUNT = 0.05, 0.3  # seconds between looks at the memory; between counts of processor time
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Limits:
    """What a peer may take on one instance.

    Parameters
    ----------
    seconds : float
        The lesser of wall and processor time.
    gigabytes : float
        Address space.
    """

    seconds: float = 60.0
    gigabytes: float = 4.0


@dataclass(frozen=True)
class Outcome:
    """How a peer fared.

    Parameters
    ----------
    status : str
        ``done``, ``time``, ``memory`` or ``failed``.
    seconds : float
        Median of the runs; the limit where time ran out.
    megabytes : float
        Peak.
    objective, bound : int, float or None
        As judged from its answer; the bound that it tells itself.
    whole : bool
        Whether the answer is in whole units, checked row by row, and its objective exact.
    words : str
        Why it failed.
    """

    status: str
    seconds: float
    megabytes: float
    objective: float | int | None = None
    bound: float | int | None = None
    whole: bool = False
    words: str = ""


def watched(part: str, peer: str, instance: Path, limits: Limits, stops_itself: bool = False) -> Outcome:
    """Run ``peer`` of ``part`` on an instance that was written before."""
    order = {"part": part, "peer": peer, "instance": str(instance), "seconds": limits.seconds,
             "bytes": int(limits.gigabytes * 2**30)}  # fmt: skip
    words = [sys.executable, "-m", "benchmarks.peers.child", json.dumps(order)]
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=log, env=alone, start_new_session=True, cwd=_HOME
        )
        try:
            clock = _Clock(process.pid, limits.seconds, LATE if stops_itself else 0.0)
            told, peak, ended = _listen(process, clock)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        log.seek(max(0, log.seek(0, 2) - 4000))
        trail = log.read().decode("utf-8", "replace")
    if "status" in told:
        return Outcome(**{**told, "megabytes": max(told["megabytes"], peak)})
    if not ended:
        return Outcome("time", limits.seconds, peak)
    memory = process.returncode in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV) or "bad_alloc" in trail
    last = (trail.strip().splitlines() or [f"exit {process.returncode}"])[-1]
    return Outcome("memory" if memory else "failed", 0.0, peak, words=last[:200])


_HOME = Path(__file__).resolve().parents[2]


class _Clock:
    """When a child has to end."""

    def __init__(self, pid: int, seconds: float, late: float) -> None:
        self.pid, self.seconds, self.late = pid, seconds, late
        self.until, self.counted, self.before = time.monotonic() + LOADING, 0.0, 0.0
        self.measuring = False

    def begin(self, spent: float) -> None:
        """A piece is given to the peer, which has spent so much before."""
        left = self.seconds - spent + self.late
        self.before, self.measuring = _processor(self.pid) - spent, True
        self.until = time.monotonic() + (left if self.late else PATIENCE * left)

    def pause(self) -> None:
        """The peer has answered; loading what comes next is not measured."""
        self.until, self.measuring = time.monotonic() + LOADING, False

    def up(self) -> bool:
        """Whether time is up."""
        now = time.monotonic()
        if now >= self.until:
            return True
        if self.late or not self.measuring or now < self.counted + COUNT:
            return False
        self.counted = now
        return _processor(self.pid) - self.before > self.seconds


def _processor(session: int) -> float:
    """Processor seconds of all processes of a session and of those that they have waited for."""
    total = 0
    for at in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = at.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(words[3]) == session:
                total += sum(int(w) for w in words[11:15])
    return total / TICKS


def _listen(process: subprocess.Popen[bytes], clock: _Clock) -> tuple[dict[str, Any], float, bool]:
    """What the child told at the end, its peak in MB, and whether it ended by itself."""
    assert process.stdout is not None
    peak, begun = 0.0, False
    told: dict[str, Any] = {}
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while not clock.up():
            if ready.select(LOOK):
                line = _line(process.stdout)
                if line is None:
                    process.wait()
                    return told, peak, True
                if "begun" in line:
                    clock.begin(line["begun"])
                    begun = True
                elif "paused" in line:
                    clock.pause()
                else:
                    told = line
            if begun:
                peak = max(peak, _peak(process.pid))
    return told, peak, False


def _line(stream: IO[bytes]) -> dict[str, Any] | None:
    line = stream.readline()
    return json.loads(line) if line else None


def _peak(pid: int) -> float:
    """Peak of resident memory in MB, as the system tells it now; 0 where it does not."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
