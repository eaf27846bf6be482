"""``roll``, as people type it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from api.cli.roll import cell, signed
from api.roll_picture import COLOURS, PAST, picture
from graph.language import speaking
from planner.roll.run import Roll, read_roll
from tests.api.cli.conftest import Typed
from tests.planner import exit_land
from tests.planner.roll.lands import EXIT, rolled, saving, scenario_of

FILE = """format = 1
title = "小地"
title_en = "land"
date = 2016-12-31
stages = ["exit"]
[regions]
codes = "free"
[exit]
deadline = 2018
path = { 2016 = 0.08, 2017 = 0.04, 2018 = 0.02 }
speed = 1.0
steps = "off"
exits_per_team = "off"
keep_after_exit = "off"
villages = false
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where one works, with a scenario of two counties in it; the province's count fell by 30 a year before."""
    monkeypatch.chdir(tmp_path)
    counts = [exit_land.fact("E", "poor_population", n, y) for y, n in ((2014, 140), (2015, 110), (2016, 80))]
    net = exit_land.land({"甲": 0.03, "乙": 0.05}, region_facts=counts)
    data = tmp_path / "land" / "data"
    data.mkdir(parents=True)
    (tmp_path / "land" / "scenario.toml").write_text(FILE, encoding="utf-8")
    for name in net.frames:
        net.frame(name).write_csv(data / f"{name}.csv")
    return tmp_path


def test_what_is_told(typed: Typed, folder: Path) -> None:
    code, out, err = typed("roll", "land", "--outcome", "expected", "--workers", "1", "--picture", "p.svg")
    assert code == 0
    (made,) = (folder / "rolls").iterdir()
    lines = [" ".join(text.split()) for text in out.splitlines()]
    assert "held against: 30 persons a year (2015–2016)" in lines
    assert "persons off the register, net 40 20" in lines
    assert "against the reference 10 -10" in lines
    assert "counties that exited 1 1" in lines and "counties still listed 1 0" in lines
    assert "county-years still listed 1 1 1 0 0" in lines
    assert any(line.startswith("What came is what the stages expect (synthetic)") for line in lines)
    assert f"every year can be asked: jiedui ask PLACE --on rolls/{made.name}/myopic/2018" in lines
    assert "… full horizon 2018 (6/6)" in err
    ElementTree.parse(folder / "p.svg")
    code, out, err = typed("--lang", "zh", "roll", "land", "--outcome", "expected", "--workers", "1", "-q")
    assert (code, err) == (0, "")  # it is done: it is only read
    assert "减少的贫困人口" in out and "一次规划到底" in out
    code, out, _ = typed("ask", "乙", "--on", f"rolls/{made.name}/rolling/2018", "--at", "2017-12-31")
    assert code == 0 and "on 2017-12-31" in out
    code, out, _ = typed("check", f"rolls/{made.name}/rolling/2018")
    assert code == 0 and "0 errors" in out


def test_json_has_everything(typed: Typed, folder: Path) -> None:
    words = (
        "--until",
        "2017",
        "--horizon",
        "full",
        "--seed",
        "3",
        "--reference",
        "7",
        "--set",
        "exit.line=0.02",
        "--json",
        "-q",
    )
    code, out, _ = typed("roll", "land", *words)
    assert code == 0
    told = json.loads(out)
    assert (told["until"], told["seed"], told["horizons"], told["outcome"]) == (2017, 3, ["full"], "seeded")
    assert told["reference"] == {"persons": 7, "source": "--reference"}
    roll = read_roll(folder / told["folder"])
    assert pl.DataFrame(told["years"], schema=roll.years.schema).equals(roll.years)
    assert told["totals"] == roll.totals and told["chances"]["spread"] > 0


def test_of_what_there_is_no_record_is_said(typed: Typed, folder: Path) -> None:
    code, out, _ = typed(
        "roll", "land", "--until", "2017", "--outcome", "recorded", "--horizon", "rolling", "-q"
    )
    assert code == 0
    assert (
        "2017: recorded: nothing; not recorded, as expected: exit_year, poor_population, poverty_incidence, register_changes"
        in out
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "2016"), "--until 2016: the scenario's date is 2016-12-31, the first year that can be played is 2017"),
        (("--outcome", "wished"), "wished"),
        (("--horizon", "blind"), "blind"),
        (("--stage", "funds"), "needs, fund_sources, fund_budgets"),
        (("--stage", "inspection"), "--stage funds, --stage exit"),
        (("--seed", "-1"), "-1"),
    ],
)  # fmt: skip
def test_wrong_use(typed: Typed, folder: Path, words: tuple[str, ...], said: str) -> None:
    code, _, err = typed("roll", "land", *words)
    assert code == 2 and said in err
    assert not (folder / "rolls").exists()


@pytest.fixture(scope="module")
def exits(tmp_path_factory: pytest.TempPathFactory) -> Roll:
    """A roll with a register and years before."""
    counts = [exit_land.fact("E", "poor_population", n, y) for y, n in ((2015, 110), (2016, 80))]
    net = exit_land.land({"a": 0.03, "b": 0.05}, region_facts=counts)
    return rolled(scenario_of(net, exit={**EXIT, "deadline": 2018}), tmp_path_factory.mktemp("rolls"))


def test_the_picture_shows_each_horizon_and_the_years_before(exits: Roll) -> None:
    with speaking("en"):
        drawn = picture(exits)
    root = ElementTree.fromstring(drawn)
    bars = [e for e in root.iter() if e.tag.endswith("rect")]
    counted = {colour: sum(e.get("fill") == colour for e in bars) for colour in (*COLOURS.values(), PAST)}
    # two years in two panels, and one in the legend; one year is known from before
    assert counted == {**dict.fromkeys(COLOURS.values(), 5), PAST: 1}
    assert all(float(e.get("height") or 0) >= 0 and float(e.get("y") or 0) >= 0 for e in bars)
    first = exits.years.filter(horizon="full")["persons_reduced"][0]
    (height,) = {float(e.get("height") or 0) for e in bars if e.get("fill") == PAST}
    tall = {float(e.get("height") or 0) for e in bars if e.get("fill") == COLOURS["full"]}
    assert any(abs(h / height - first / 30) < 0.02 for h in tall)  # on one scale
    words = [e.text for e in root.iter() if e.tag.endswith("text")]
    assert {"myopic", "rolling", "full horizon", "reference 30", "2016", "2018"} <= set(words)
    with speaking("zh"):
        assert "一次规划到底" in picture(exits)


def test_without_a_register_money_is_drawn(tmp_path: Path) -> None:
    with speaking("en"):
        drawn = picture(rolled(saving(), tmp_path, outcome="expected"))
    assert "need met" in drawn and "money spent" in drawn and "reference" not in drawn


def test_a_difference_that_rounds_to_nothing_has_no_sign() -> None:
    assert [signed("need_met", v) for v in (-0.0001, 0.0, 0.0001, -0.012, 0.012)] == [
        "0.0%",
        "0.0%",
        "0.0%",
        "-1.2%",
        "+1.2%",
    ]
    assert (
        cell("need_met", -0.0) == "0.0%"
        and signed("counties_left", -2) == "-2"
        and signed("worst_met", None) == "–"
    )
