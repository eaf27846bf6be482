"""``robust``, as people type it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from api.cli.robust import named
from tests.api.cli.conftest import Typed
from tests.planner.money_land import two_counties
from tests.planner.robust.futures_land import MONEY, write_money
from tests.planner.small import write_small

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = (
    "--uncertain",
    "units[].capacity*=0.4:1.4",
    "--uncertain",
    "units[].strength*=0.1:1.1",
    "--sample",
    "5",
    "--seed",
    "3",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where one works, with the small scenario in it."""
    monkeypatch.chdir(tmp_path)
    return write_small(tmp_path / "small").parent


def test_what_stays_who_is_picked_and_robust_plans_are_told(typed: Typed, folder: Path) -> None:
    code, out, err = typed("robust", "small", *DRAWN)
    assert code == 0
    assert "futures, " in out
    assert "decisions stay in all" in out
    assert "best worst case" in out
    assert "nominal: the plan of the scenario as it stands" in out
    assert ("nominal breaks in future" in out) is any(
        line.split()[:1] == ["nominal"] and line.split()[1] != "0" for line in out.splitlines()
    )
    assert "robust plan (worst case): " in out and ", OPTIMAL; keeps the rules of " in out
    assert "robust plans as one model" in err
    plan = next(
        line for line in out.splitlines() if "plan it: jiedui plan" in line and "designation.worst" in line
    )
    assert typed("plan", plan.split()[-1], "-q")[0] == 0
    again = typed("robust", "small", *DRAWN, "--json", "-q")
    told = json.loads(again[1])
    assert (Path(told["folder"]) / "robust.json").is_file()
    assert {r["stage"] for r in told["shares"]} == {"designation"}
    assert [r["criterion"] for r in told["stages"]["designation"]["robust"]] == ["worst", "regret", "tail"]
    assert f"all of it in {told['folder']}" in out
    assert f"picture: {told['picture']}" in out
    mine = [r for r in told["shares"] if r["nominal"]]
    drawn = ET.parse(told["picture"]).getroot()
    bars = [r.findtext(f"{SVG}title") or "" for r in drawn.findall(f"{SVG}rect") if len(r)]
    sizes = [int(bar.rpartition(": ")[2].partition(" ")[0]) for bar in bars]
    assert sum(sizes) == len(mine)
    always = sum(r["share"] == 1 for r in mine)
    assert [n for bar, n in zip(bars, sizes, strict=True) if bar.startswith("stay in all")] == [always] * (
        always > 0
    )
    code, out, _ = typed(
        "robust", "small", *DRAWN, "--criterion", "none", "-q"
    )  # the futures are there already
    assert code == 0
    assert "robust plan" not in out


def test_a_decision_is_told_by_names() -> None:
    net = two_counties()
    assert named("a:2017", net) == f"{net.label('a')}, 2017"
    assert named("a>b", net) == f"{net.label('a')} > {net.label('b')}"


def test_money_of_a_county_is_told_as_such(typed: Typed, folder: Path) -> None:
    write_money(folder / "money")
    code, out, _ = typed("robust", "money", "--uncertain", MONEY, "--sample", "3", "-q")
    assert code == 0
    assert "(a county's money of a year, which stays where it is within 10%)" in out
    assert ", 2017 " in out


def test_statuses_of_what_cannot_be(typed: Typed, folder: Path) -> None:
    code, _, err = typed("robust", "small")
    assert (code, "nothing is uncertain" in err) == (2, True)
    assert typed("robust", "small", "--uncertain", "units[].capacity*=0.1:0.2", "--sample", "2")[0] == 3


def test_a_cluster_that_does_not_answer_is_told(
    typed: Typed, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.solve.cluster.PATIENCE_SECONDS", 0.5)
    code, _, err = typed("robust", "small", *DRAWN, "--dask", "tcp://127.0.0.1:1")
    assert code == 5
    assert "the scheduler at tcp://127.0.0.1:1 does not answer" in err
