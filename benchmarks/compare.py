"""Two plans of the whole country compared as a user does it: on the screen, as JSON, as a page, a workbook and a graph."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.commands import measure
from benchmarks.page import Page

JIEDUI = [sys.executable, "-m", "jiedui"]
OTHER = ("cadres.skill_weight=9", "funds.deep_poverty_share=0.5")
"""What the second plan sets: it moves people and money."""
RUNS = 3


def plans_of(folder: Path, scale: float) -> tuple[Path, Path]:
    """Two plans of the country, or of a share of its villages and cadres, in ``folder``."""
    country = folder / "n"
    started([*JIEDUI, "generate", "national", "-o", str(country), "--scale", str(scale)])
    settings = [word for s in OTHER for word in ("--set", s)]
    return plan_of(str(country), folder / "one"), plan_of(str(country), folder / "two", *settings)


def plan_of(scenario: str, folder: Path, *settings: str) -> Path:
    """The plan of a scenario, in a folder of its own."""
    started([*JIEDUI, "plan", scenario, "-o", str(folder), "-q", *settings])
    return next(folder.glob("[!.]*/plan.json")).parent


def started(words: list[str]) -> None:
    """Run a command that has to succeed."""
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def run(scale: float = 1.0) -> Page:
    """The page."""
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plans = [str(p) for p in plans_of(folder, scale)]
        for title, target, words in (
            ("`jiedui compare A B`", "≤ 10 s, ≤ 2 GB", []),
            ("`jiedui compare A B --json`", "", ["--json"]),
            ("`jiedui compare A B --to FILE.html`", "", ["--to", str(folder / "c.html")]),
            ("`jiedui compare A B --to FILE.xlsx`", "", ["--to", str(folder / "c.xlsx")]),
            ("`jiedui compare A B --to FILE.graphml`", "", ["--to", str(folder / "c.graphml")]),
        ):
            seconds, megabytes = measure([*JIEDUI, "compare", *plans, *words], runs=RUNS)
            rows.append((title, target, seconds, megabytes))
    note = (
        f"`python -m benchmarks compare`: two plans of {scale:.0%} of the country (`jiedui generate national`), the second with "
        f"{' and '.join(f'`{s}`' for s in OTHER)}. Median of {RUNS} runs of whole processes after one that is not counted; memory is "
        "the largest."
    )
    return Page(
        "compare", "Two plans of the whole country compared", note, ("command", "target", "s", "MB"), rows
    )
