"""The whole country as a user plans it: generate, plan, verify, show, and plan again after a day's edits in one county."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.page import Page

JIEDUI = [sys.executable, "-m", "jiedui"]
EDITED = ("220", "520")
"""How the codes of the edited counties begin: Jilin, Guizhou."""


def _run(*words: str | Path) -> tuple[float, float]:
    """Seconds and peak memory (GB, of the command's own process or its largest child)."""
    began = perf_counter()
    with subprocess.Popen(
        [*JIEDUI, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))} ended with {process.returncode}")
    return perf_counter() - began, usage.ru_maxrss / 1e6


def _told(plans: Path, known: set[str]) -> tuple[Path, dict[str, Any], dict[str, Any]]:
    """The plan that is new in a folder, its ``plan.json`` and its ``run.json``."""
    plan = next(p for p in plans.iterdir() if p.name not in known and not p.name.startswith("."))
    known.add(plan.name)
    head, run = (json.loads((plan / f).read_text(encoding="utf-8")) for f in ("plan.json", "run.json"))
    return plan, head, run


def _edited(folder: Path, base: Path, county: str) -> Path:
    """A scenario above the country in which a day's edits change one county: skills, posts, terms."""
    folder.mkdir()
    (folder / "scenario.toml").write_text(
        f'format = 1\nbase = "{base}"\n'
        f'[[change]]\ntable = "cadres"\nwhere = {{ home_region = "{county}" }}\nset = {{ skill = "agriculture" }}\n',
        encoding="utf-8",
    )
    return folder


def run() -> Page:
    """The page."""
    import polars as pl

    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        country, plans, known = Path(folder) / "n", Path(folder) / "p", set[str]()
        rows.append(
            (
                "`jiedui generate national -o n`",
                "≤ 60 s, ≤ 2 GB",
                *_run("generate", "national", "-o", country),
                "",
            )
        )
        seconds, memory = _run("plan", country, "-o", plans, "--workers", "2", "-q")
        plan, head, told = _told(plans, known)
        solving = told["seconds"]["solvers"]
        states = ", ".join(f"{s} {h['status'].lower()}" for s, h in head["stages"].items())
        words = f"{solving:.0f} s inside solvers ({solving / seconds:.0%}); {states}"
        rows.append(
            (
                "`jiedui plan n -o p` (all stages, verified)",
                "≤ 120 s, ≤ 4 GB, half in solvers",
                seconds,
                memory,
                words,
            )
        )
        for stage in head["stages"]:
            parts = told["seconds"]
            rows.append(
                (f"… {stage}", "", parts[stage], "", f"baseline beside it {parts[f'{stage}_baseline']:.1f} s")
            )
        rows.append(("`jiedui verify p/…`", "≤ 20 s", *_run("verify", plan), ""))
        rows.append(("`jiedui show p/…`", "", *_run("show", plan), ""))
        homes = pl.read_parquet(country / "data" / "cadres.parquet", columns=["home_region"])["home_region"]
        for start in EDITED:
            county = (
                homes.filter(homes.str.starts_with(start) & (homes.str.len_chars() == 6)).mode().sort()[0]
            )
            edited = _edited(Path(folder) / start, country, county)
            again, memory = _run("plan", edited, "-o", plans, "--workers", "2", "-q")
            told = _told(plans, known)[2]
            part = told["seconds"]["solvers"]
            words = f"county {county}: {part:.1f} s inside solvers, {part / solving:.1%} of the whole"
            rows.append(
                (
                    "planned again after edits in one county",
                    "≤ 5 % of the full solve",
                    again,
                    memory,
                    words,
                )
            )
    note = (
        "`python -m benchmarks national`: whole processes, one run each, two workers. Memory is that of the largest process. "
        "Stages overlap, so that their seconds add up to more than the whole."
    )
    return Page(
        "national",
        "The whole country, from the folder to the verified plan",
        note,
        ("what", "target", "s", "GB", ""),
        rows,
    )
