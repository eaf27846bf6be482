"""Commands as a user starts them: whole processes, wall time and peak memory from the operating system."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.page import Page

RUNS = 5


def measure(words: list[str], runs: int = RUNS) -> tuple[float, float]:
    """Median seconds and largest peak memory (MB, the process itself) of a command; one run is not counted."""
    seconds, memory = [], []
    for i in range(runs + 1):
        began = perf_counter()
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}")
        if i:
            seconds.append(perf_counter() - began)
            memory.append(usage.ru_maxrss / 1024)
    return statistics.median(seconds), max(memory)


def run() -> Page:
    """The page."""
    jiedui = [sys.executable, "-m", "jiedui"]
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        plans = Path(folder)
        made = measure([*jiedui, "plan", "china-2016", "-o", str(plans / "a"), "--again", "-q"], runs=3)
        rows.append(("`jiedui plan china-2016` (all stages, verified)", "< 60 s, < 1.5 GB", *made))
        plan = str(next((plans / "a").glob("[!.]*")))
        other = str(plans / "b")
        subprocess.run(
            [*jiedui, "plan", "china-2016", "-o", other, "-q", "--stage", "designation"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        second = str(next(Path(other).glob("[!.]*")))
        for title, target, words in (
            ("`jiedui verify PLAN`", "< 8 s", ["verify", plan]),
            ("`jiedui ask 怒江`", "< 1 s", ["ask", "怒江"]),
            ("`jiedui gaps`", "< 1 s", ["gaps"]),
            ("`jiedui withdraw 珠海`", "< 1 s", ["withdraw", "珠海"]),
            ("`jiedui compare A B`", "< 1 s", ["compare", plan, second]),
            ("`jiedui show PLAN`", "", ["show", plan]),
            ("`jiedui --help`", "< 0.3 s", ["--help"]),
        ):
            rows.append((title, target, *measure([*jiedui, *words])))
    floor = measure([sys.executable, "-c", "import polars"])
    rows.append(("floor: `python -c 'import polars'`", "", *floor))
    note = f"Median of {RUNS} runs (planning: 3) after one that is not counted; memory is the largest of the command's own process."
    return Page("commands", "Commands on china-2016", note, ("command", "target", "s", "MB"), rows)
