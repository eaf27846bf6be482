"""Planning again on the command line: options, the curve, alternatives, prices; and what is typed wrongly."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.solve.pool import InProcess
from tests.api.cli.conftest import Typed
from tests.planner.small import TABLES, write_small
from tests.planner.test_republished import CHEAP, MOVED


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("first")
    found = read_scenario(write_small(folder / "small", CHEAP))
    return make_plan(found, folder / "plans", executor=InProcess(), reuse=False)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("changed") / "small", CHEAP, units=MOVED)


def test_options_are_policy_values(typed: Typed, first: Plan, changed: Path, tmp_path: Path) -> None:
    code, out, _ = typed("-q", "plan", changed, "--published", first.folder, "--changes", "designation=2",
                         "--change-price", "designation=0.5", "--freeze", "甲县<2017-05-01", "--freeze", "B",
                         "-o", tmp_path, "--workers", "1", "--json")  # fmt: skip
    told = json.loads(out)
    policy = told["inputs"]["policy"]["designation"]
    assert code == 0 and told["inputs"]["published"] == first.id
    assert policy["published_changes_max"] == 2 and policy["published_change_weight"] == 0.5
    assert policy["published_frozen"] == ["A<2017-05-01", "B"]
    code, out, _ = typed("verify", told["folder"])
    assert code == 0
    code, out, _ = typed("show", told["folder"], "--rules")
    assert (
        "changes against the published plan at most" in out
        and f"against the published plan {first.id}" in out
    )
    code, out, _ = typed("explain", told["folder"], "C", "-q")
    assert code == 0


def test_the_curve_as_table_json_and_picture(
    typed: Typed, first: Plan, changed: Path, tmp_path: Path
) -> None:
    line = (
        "stability",
        changed,
        "--published",
        first.folder,
        "--stage",
        "designation",
        "--workers",
        "1",
        "-q",
    )
    code, out, _ = typed(*line, "--svg", tmp_path / "curve.svg")
    assert code == 0 and "The price of stability" in out and "proved" in out and "written" in out
    assert ElementTree.parse(tmp_path / "curve.svg").getroot().tag.endswith("svg")
    steps = json.loads(typed(*line, "--json")[1])["steps"]
    assert steps[0]["from"] == 0 and all(s["proved"] for s in steps)
    assert [s["objective"] for s in steps] == sorted((s["objective"] for s in steps), reverse=True)


def test_alternatives(typed: Typed, first: Plan) -> None:
    line = (
        "alternatives",
        first.folder,
        "--stage",
        "designation",
        "--n",
        "2",
        "--within",
        "30%",
        "--workers",
        "1",
        "-q",
    )
    code, out, _ = typed(*line)
    assert code == 0 and "other plans within 30%" in out and "Number 1" in out
    found = json.loads(typed(*line, "--json")[1])
    assert all(
        a["differs_least"] > 0 and a["objective"] <= 1.3 * found["objective"] for a in found["alternatives"]
    )


@pytest.mark.parametrize(
    "words, said",
    [
        (("--changes", "designation"), "must be STAGE=NUMBER"),
        (("--changes", "nowhere=2"), "nowhere has no such rule"),
        (("--changes", "designation=few"), "must be an integer"),
        (("--changes", "designation=few"), "--changes designation=few: must be an integer"),
        (("--changes", "designation=-1"), "--changes designation=-1: must be at least 0"),
        (("--change-price", "designation=x"), "--change-price designation=x: must be a number"),
        (
            ("--changes", "cadres=2"),
            "--changes cadres=2: the stage cadres is not run here; these are: designation",
        ),
        (("--change-price", "cadres=2"), "--change-price cadres=2: the stage cadres is not run here"),
        (
            ("--freeze", "Q"),
            "has no region or unit Q. Write a region (of any level, villages too) or a unit, by code or name; * is",
        ),
        (("--freeze", "甲乙县<=2017"), "has no region or unit 甲乙县; did you mean 甲县"),
        (("--freeze", "县<2017-05-01"), "--freeze 县<2017-05-01: 县 may mean several; write the code: A "),
        (("--freeze", ""), "--freeze : no region is named"),
        (("--freeze", "<2017-05-01"), "--freeze <2017-05-01: no region is named"),
        (("--published", " "), "the plan's name is empty"),
    ],
)
def test_what_is_typed_wrongly_is_told(
    typed: Typed, first: Plan, changed: Path, tmp_path: Path, words: tuple[str, str], said: str
) -> None:
    code, _, err = typed(
        "plan", changed, "--published", first.folder, *words, "-o", tmp_path, "--workers", "1"
    )
    assert code == 2 and said in err


def test_one_limit_for_each_stage(typed: Typed, first: Plan, changed: Path, tmp_path: Path) -> None:
    twice = ("--changes", "designation=1", "--changes", "designation=2")
    for command, more in (("plan", ("-o", tmp_path)), ("stability", ("--stage", "designation"))):
        line = (command, changed, "--published", first.folder, *more, "--workers", "1")
        code, _, err = typed(*line, *twice)
        assert code == 2 and "--changes: designation is given twice" in err
    code, _, err = typed(*line, "--changes", "designation=1")
    assert code == 2 and "tries every limit of its own" in err
    code, out, err = typed(*line, "--changes", "nowhere=1", "--json")
    assert code == 2 and json.loads(out)["error"]["exit"] == 2 and err == ""


def test_a_plan_of_another_scenario_is_told_and_one_of_which_nothing_is_here_refused(
    typed: Typed, first: Plan, changed: Path, tmp_path: Path
) -> None:
    """Codes that fit may be held whatever the scenario is called; an overlay is no other scenario."""
    beside = ("--published", first.folder, "-o", tmp_path / "plans", "--workers", "1", "-q")
    code, out, err = typed("plan", write_small(tmp_path / "other", CHEAP), *beside, "--json")
    assert code == 0 and json.loads(out)["inputs"]["published"] == first.id
    assert f"the published plan {first.id} is of the scenario small, this is other" in err
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "scenario.toml").write_text(f'base = "{changed}"\n', encoding="utf-8")
    code, _, err = typed("plan", tmp_path / "overlay", *beside)
    assert code == 0 and err == ""
    renamed = {
        n: re.sub(r"\b([A-D]|u[123])\b", r"x\1", TABLES[n])
        for n in ("regions", "region_tags", "units", "relations", "needs")
    }
    code, _, err = typed("plan", write_small(tmp_path / "far", CHEAP, **renamed), *beside)
    assert (
        code == 2 and "is of the scenario small, this is far: none of its 4 decisions is about places" in err
    )
    assert err.count("is of the scenario") == 1
    assert len(list((tmp_path / "plans").glob("[!.]*"))) == 2  # nothing was written of the last


def test_a_freeze_that_is_over_is_told(typed: Typed, first: Plan, changed: Path, tmp_path: Path) -> None:
    """The day of planning is 2016-12-31: the day itself is too late, and a year before it."""
    over = "is over on the day of planning, 2016-12-31"
    for freeze, told in (
        ("A<2016-12-31", True),
        ("A<=2015", True),
        ("A<2017-01-01", False),
        ("A<=2016", False),
    ):
        line = (changed, "--published", first.folder, "--freeze", freeze, "--workers", "1", "-q")
        code, out, _ = typed("plan", *line, "-o", tmp_path)
        assert code == 0 and (f"the freeze {freeze} {over}" in out) == told
    code, out, err = typed(
        "stability", *line[:4], "A<2016-12-31", *line[5:], "--stage", "designation", "--json"
    )
    assert code == 0 and json.loads(out)["stage"] == "designation" and over in err


def test_without_a_published_plan_it_is_told(typed: Typed, changed: Path, tmp_path: Path) -> None:
    code, _, err = typed("plan", changed, "--changes", "designation=1", "-o", tmp_path, "--workers", "1")
    assert code != 0 and "no published plan is given (--published PLAN" in err


def test_where_it_cannot_hold_the_way_to_repair_is_the_whole_line(
    typed: Typed, first: Plan, changed: Path, tmp_path: Path
) -> None:
    """A limit of 0 and a ban of a published pair: the county needs a new one."""
    supporter, recipient = first.table("pairs").select("supporter", "recipient").rows()[0]
    ban = f'designation.bans=["{supporter}>{recipient}"]'
    code, _, err = typed("plan", changed, "--published", first.folder, "--changes", "designation=0", "--set", ban,
                         "--set", "designation.units_per_county=[1,1]", "-o", tmp_path, "--workers", "1")  # fmt: skip
    assert code == 3 and "published_changes_max" in err and f"--published {first.folder}" in err
