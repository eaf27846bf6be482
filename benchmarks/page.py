"""Pages of docs/benchmarks: written by the command, never by hand."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "benchmarks"
PACKAGES = ("ortools", "highspy", "scipy", "numpy", "polars")


@dataclass(frozen=True)
class Page:
    """One benchmark's table.

    Parameters
    ----------
    name : str
        File name without ending.
    title, note : str
        Heading, and what is measured, how, against what.
    columns : sequence of str
        Heads of the table.
    rows : list of sequence
        Cells; numbers are shown with three figures.
    """

    name: str
    title: str
    note: str
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)

    def write(self) -> Path:
        """Write ``docs/benchmarks/<name>.md``; its path."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{self.name}.md"
        head = "| " + " | ".join(self.columns) + " |"
        rule = "|" + "|".join("---" for _ in self.columns) + "|"
        body = ["| " + " | ".join(_shown(c) for c in row) + " |" for row in self.rows]
        lines = [f"# {self.title}", "", self.note, "", machine(), "", head, rule, *body, ""]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path


def machine(packages: Sequence[str] = PACKAGES) -> str:
    """One line about where and with what this was measured."""
    versions = ", ".join(f"{p} {version(p)}" for p in packages)
    today = datetime.now(UTC).date().isoformat()
    return f"*{today}; {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; {versions}.*"


def write_index() -> Path:
    """Write ``docs/benchmarks/README.md``: every page with its heading; its path."""
    lines = [
        "# 基准测试 · Benchmarks",
        "",
        "Written by `make bench`, page by page; nothing here is typed by hand.",
        "",
    ]
    for path in sorted(FOLDER.glob("*.md")):
        if path.name != "README.md":
            title = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
            lines.append(f"- [{title}]({path.name})")
    index = FOLDER / "README.md"
    index.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return index


def median_seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Median wall time of a call, after one call that is not counted."""
    work()
    times = []
    for _ in range(runs):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return statistics.median(times)


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.3g}" if abs(cell) < 1000 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)
