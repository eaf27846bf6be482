"""docs/api/journeys.md: its commands, as they are printed, in order, against a running service."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.service.running import Running

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "journeys.md"
BLOCKS = re.findall(r"(?ms)^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"))
CUT = "echo '%%%'"


def test_the_page_has_the_three_and_says_what_they_do() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"(?m)^## (\S+) · ", text) == ["规划", "协作", "分析"]
    assert len(BLOCKS) >= 10 and text.count("curl ") >= 40
    assert all(
        re.search(r"\bcurl\b.* -\w*f|-o \w+\.json -w|^api=|settle|order", block) for block in BLOCKS
    ), "a failure has to fail"


@pytest.mark.journey
def test_the_commands_do_what_the_page_says(tmp_path: Path) -> None:
    """One shell runs them all; the first command that fails ends it, and is told."""
    address = f"workspace:{tmp_path / 'workspace'}#china-2016"
    load = [
        sys.executable,
        "-m",
        "jiedui",
        "graph",
        "load",
        "china-2016",
        "--on",
        address,
        "--by",
        "李",
        "-q",
    ]
    subprocess.run(load, check=True, capture_output=True)
    script = "\n".join(["set -euo pipefail", "set -x", *(f"{block}{CUT}" for block in BLOCKS)])
    with Running(tmp_path / "data", on=address) as served:
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=600,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "JIEDUI_URL": served.url, "NO_PROXY": "*"},
        )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"
    answers = done.stdout.split("%%%\n")
    assert len(answers) == len(BLOCKS) + 1
    assert "True" in answers[1] and "If-Match" in answers[2]  # valid; the one who held the old state
    assert re.search(r"OPTIMAL|FEASIBLE", answers[4])
    assert "submitted\napproved\napplied" in done.stdout and "acknowledged" in done.stdout
    for name in ("card", "pair", "gaps", "withdrawal", "flows", "compared"):
        assert (tmp_path / f"{name}.json").stat().st_size > 100, name
