"""What is found of a scenario from Python is told in the scenario's own words, within and without a vocabulary of the caller's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.language import Text, speaking
from graph.wording import Wording, worded
from planner.alternatives import find_alternatives
from planner.pareto.kept import write_study
from planner.pareto.study import make_study
from planner.plan import Plan
from planner.repair.ways_out import WaysOut, find_ways_out
from planner.robust.futures import make_futures
from planner.robust.kept import as_dict, value_rows, write_robust
from planner.robust.study import Options, make_robust
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from planner.solve.pool import InProcess
from planner.stability import price_of_stability
from planner.sweep.design import design_of
from tests.planner.small import FILE, TABLES, write_small

OWN = """
[titles.words]
county = { zh = "学区", en = "district" }
unit = { zh = "院校", en = "college" }
"""
OTHER = Wording({"words": {"county": {"zh": "郡", "en": "shire"}, "unit": {"zh": "社", "en": "guild"}}})


def word(heard: set[str]) -> Any:
    """Keeps the words in which progress is told."""

    def tell(*_: Any) -> None:
        with speaking("en"):
            heard.add(str(Text("县", "a county")))

    return tell


def scenario(place: Path, text: str = FILE, **more: Any) -> Scenario:
    return read_scenario(write_small(place / "small", text + OWN), **more)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    place = tmp_path_factory.mktemp("plan")
    return make_plan(scenario(place), place / "plans", executor=InProcess(), reuse=False)


def check(told: Any) -> None:
    """Something says district or college, nothing what jiedui, or another vocabulary, says."""
    text = json.dumps(told, ensure_ascii=False)
    assert any(w in text for w in ("district", "college", "学区", "院校"))
    assert not any(w in text for w in ("counties", "a unit", "no unit", "shire", "guild", "郡", "单位"))


def test_a_front(tmp_path: Path) -> None:
    heard: set[str] = set()
    with worded(OTHER):
        study = make_study(scenario(tmp_path), ("designation.distance", "designation.need"),
                           executor=InProcess(), on_progress=word(heard))  # fmt: skip
        folder = write_study(study, tmp_path / "fronts", str(tmp_path / "small"))
    assert heard == {"a district"}
    told = json.loads((folder / "front.json").read_text(encoding="utf-8"))
    assert told["aims"] == study.as_dict()["aims"]
    assert study.as_dict()["title"] == {"zh": "小县", "en": "small"}  # the scenario's title stands as it is


def test_ways_out(tmp_path: Path) -> None:
    heard: set[str] = set()
    short = scenario(tmp_path, FILE.replace("[1, 2]", "[3, 3]"))
    with worded(OTHER):
        ways = find_ways_out(short, executor=InProcess(), on_progress=word(heard))
        told = ways.as_dict()
    assert heard == {"a district"}
    assert told == ways.as_dict() and not told["feasible"]
    check({k: told[k] for k in ("told", "repairs")} | {"titles": [m["title"] for m in told["members"]]})
    assert WaysOut("").as_dict()["feasible"]  # of no scenario: in jiedui's own


def test_a_curve_and_alternatives(plan: Plan, tmp_path: Path) -> None:
    heard: set[str] = set()
    again = scenario(tmp_path, published=plan.folder)
    with worded(OTHER):
        curve = price_of_stability(again, "designation", InProcess(), tell=word(heard))
        told = curve.to_dict()
        find_alternatives(plan, "designation", InProcess(), most=1, tell=word(heard))
    assert heard == {"a district"}
    assert told == curve.to_dict()


def test_robust_plans(tmp_path: Path) -> None:
    heard: set[str] = set()
    tags = TABLES["region_tags"] + "".join(f"{c},deep_poverty,\n" for c in "ABCD")
    text = FILE.replace('strength = "off"', "strength = 0.3")
    own = read_scenario(write_small(tmp_path / "small", text + OWN, region_tags=tags))
    design = design_of(own, (), sample=6, seed=3, each_row=("units[].strength*=0.5:1.1",))
    futures = make_futures(own, design, tmp_path / "futures", workers=1)
    with worded(OTHER):
        study = make_robust(futures, Options(), executor=InProcess(), on_step=word(heard))
        write_robust(study)
        rows = value_rows(study)
        told = as_dict(study)
    assert heard == {"a district"}
    assert as_dict(study) == told and value_rows(study).equals(rows)
    check(rows.select("first_zh", "first_en").rows())
