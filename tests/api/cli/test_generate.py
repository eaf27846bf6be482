"""``jiedui generate``: a scenario of the whole country, at a small size."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.scenario import read_scenario

Typed = Callable[..., tuple[int, str, str]]
SCALE = "0.001"


def test_generated_scenario_reads(typed: Typed, tmp_path: Path) -> None:
    """It has villages and cadres, in the numbers that the scale asks for, and progress on standard error."""
    target = tmp_path / "national"
    code, out, err = typed("generate", "national", "-o", target, "--scale", SCALE, "--json")
    network = read_scenario(target, only=("regions", "cadres"), domain=False).network
    assert code == 0
    assert json.loads(out)["folder"] == str(target)
    assert "100%" in err
    assert 600 <= network.frame("cadres").height <= 1000  # 775,000 × 0.001, and at least one per group


def test_quiet(typed: Typed, tmp_path: Path) -> None:
    """With --quiet there is no progress."""
    _, _, err = typed("--quiet", "generate", "national", "-o", tmp_path / "n", "--scale", SCALE)
    assert err == ""


@pytest.mark.parametrize("scale", ["0", "1.5", "-1", "nan", "much"])
def test_scale_out_of_bounds(typed: Typed, tmp_path: Path, scale: str) -> None:
    """Wrong use, and no folder."""
    assert typed("generate", "national", "-o", tmp_path / "n", "--scale", scale)[0] == 2
    assert not (tmp_path / "n").exists()


def test_filled_folder_is_refused(typed: Typed, tmp_path: Path) -> None:
    """Tables of two countries must not mix."""
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    code, _, err = typed("generate", "national", "-o", tmp_path, "--scale", SCALE)
    assert code == 2
    assert "not empty" in err
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]
