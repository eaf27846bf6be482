"""``pareto``, as people type it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pytest

from tests.api.cli.conftest import Typed
from tests.planner.robust.futures_land import write_money
from tests.planner.small import MORE, write_small
from tests.planner.small import TWO as PEOPLE

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


def test_three_aims_have_a_plot_for_every_two(typed: Typed, folder: Path) -> None:
    code, out, _ = typed("pareto", "small", *TWO, "--aim", "designation.change", "--points", "2", "--json")
    told = json.loads(out)
    assert code == 0
    drawn = ET.parse(folder / told["picture"]).getroot()
    circles = drawn.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 3 * len(told["points"])
    assert sum("stroke" in c.attrib for c in circles) == 3 * sum(bool(p["least_of"]) for p in told["points"])
    assert told["status"] in ("cut", "complete")
    assert [set(p["values"]) for p in told["points"]] == [{a["name"] for a in told["aims"]}] * len(
        told["points"]
    )


def test_points_that_leave_must_posts_open_say_so(typed: Typed, folder: Path) -> None:
    """Four villages want a first secretary each; nobody on the way anywhere is the shortest way."""
    write_small(folder / "people", PEOPLE, **MORE)
    ask = ("pareto", "people", "--set", "cadres.posting_area=province", "--aim", "cadres.distance")
    code, out, _ = typed(*ask, "--aim", "cadres.new")
    assert code == 0
    assert "open must-posts" in out
    assert (
        "must-posts: the points leave 4 of their seats open; to make that an aim add --aim cadres.must" in out
    )
    (made,) = (folder / "fronts").iterdir()
    assert pl.read_parquet(made / "front.parquet")["cadres.must"].to_list() == [4]
    told = json.loads((made / "front.json").read_text(encoding="utf-8"))
    assert [p["open_must"] for p in told["points"]] == [4]

    code, out, _ = typed(*ask, "--aim", "cadres.must", "--json")  # an aim of its own
    told = json.loads(out)
    assert code == 0
    assert [p["values"]["cadres.must"] for p in told["points"]][-1] == 0
    assert all("open_must" not in p for p in told["points"])

    code, out, _ = typed(*ask, "--aim", "cadres.cost", "--set", "cadres.must_fill_tier=3")
    assert code == 0
    assert "must-posts: the points" not in out


def test_statuses_of_what_cannot_be(typed: Typed, folder: Path) -> None:
    assert typed("pareto", "small", "--aim", "designation.distance")[0] == 2
    assert typed("pareto", "small", *TWO, "--set", "designation.counties_per_unit=[0, 1]")[0] == 3


def test_money_has_corners_and_lines_between_them(typed: Typed, folder: Path) -> None:
    write_money(folder / "money")
    facts = "region,year,measure,value\nA,2016,poverty_incidence,0.1\nB,2016,poverty_incidence,0.4\n"
    (folder / "money" / "data" / "region_facts.csv").write_text(facts, encoding="utf-8")
    code, out, _ = typed("pareto", "money", "--aim", "funds.worth", "--aim", "funds.fair")
    assert code == 0
    (made,) = (folder / "fronts").iterdir()
    assert "these are all corners of the front" in out
    assert "weighted need met ↑ [worth]" in " ".join(out.split())
    assert not (made / "points").exists()
    kept = json.loads((made / "front.json").read_text(encoding="utf-8"))
    assert kept["status"] == "corners"
    assert [b["points"] for b in kept["between"]] == [[n, n + 1] for n in range(1, len(kept["points"]))]
    assert all(b["exact"] and b["proof"]["objective"] == b["proof"]["bound"] for b in kept["between"])
    first, last = (kept["points"][i]["values"] for i in (0, -1))
    assert first["funds.worth"] > last["funds.worth"] > 0
    assert first["funds.fair"] < last["funds.fair"]
    table = pl.read_parquet(made / "allocations.parquet")
    assert table["point"].n_unique() == len(kept["points"])
    line = ET.parse(made / "front.svg").getroot().find("{http://www.w3.org/2000/svg}polyline")
    assert line is not None and len(line.attrib["points"].split()) == len(kept["points"])
    assert (
        typed("pareto", "money", "--aim", "funds.worth", "--aim", "funds.deep")[0] == 2
    )  # nobody is deep in poverty
    _, _, told = typed("pareto", "money", "--aim", "funds.worth", "--aim", "funds.microcredit")
    assert "funds.microcredit: is the same for every plan here" in told


def test_money_is_traded_off_between_three_aims(typed: Typed, folder: Path) -> None:
    write_money(folder / "money")
    facts = "region,year,measure,value\nA,2016,poverty_incidence,0.1\nB,2016,poverty_incidence,0.4\n"
    (folder / "money" / "data" / "region_facts.csv").write_text(facts, encoding="utf-8")
    aims = ("--aim", "funds.worth", "--aim", "funds.fair", "--aim", "funds.met")
    code, out, _ = typed("pareto", "money", *aims)
    assert code == 0
    assert "the plane through its points" in " ".join(out.split())
    (made,) = (folder / "fronts").iterdir()
    kept = json.loads((made / "front.json").read_text(encoding="utf-8"))
    assert kept["status"] == "corners"
    assert all(
        b["exact"] and set(b["proof"]["weights"]) == {a["name"] for a in kept["aims"]}
        for b in kept["between"]
    )
    drawn = ET.parse(made / "front.svg").getroot()
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == 3 * len(kept["points"])
