"""``pareto``, as people type it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.api.cli.conftest import Typed
from tests.planner.small import write_small

TWO = ("--aim", "designation.distance", "--aim", "designation.need")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where one works, with the small scenario in it."""
    monkeypatch.chdir(tmp_path)
    return write_small(tmp_path / "small").parent


def test_points_their_end_and_a_picture_are_told(typed: Typed, folder: Path) -> None:
    code, out, _ = typed("pareto", "small", *TWO)
    assert code == 0
    (made,) = (folder / "fronts").iterdir()
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "1 1.461 2.700 4 distance" in lines
    assert "3 points, 10 solves: these are all points that no plan dominates" in lines
    drawn = ET.parse(made / "front.svg").getroot()
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == 3
    assert f"plan a point: jiedui plan {made.relative_to(folder)}/points/1" in lines
    assert typed("plan", made / "points" / "2", "-q")[0] == 0


def test_json_of_three_aims_has_no_picture(typed: Typed, folder: Path) -> None:
    code, out, _ = typed("pareto", "small", *TWO, "--aim", "designation.change", "--points", "2", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["picture"] == ""
    assert told["status"] in ("cut", "complete")
    assert [set(p["values"]) for p in told["points"]] == [{a["name"] for a in told["aims"]}] * len(
        told["points"]
    )


def test_statuses_of_what_cannot_be(typed: Typed, folder: Path) -> None:
    assert typed("pareto", "small", "--aim", "designation.distance")[0] == 2
    assert typed("pareto", "small", *TWO, "--set", "designation.counties_per_unit=[0, 1]")[0] == 3
