"""A study: aims as they are typed, the folder, and plans made again from it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import polars as pl
import pytest

from graph.errors import InfeasibleError, LimitReached, UsageError
from planner.inputs import seen_network
from planner.pareto.aims import read_aims
from planner.pareto.checked import broken_rules, recomputed, wrong_points
from planner.pareto.front import Front, Point
from planner.pareto.kept import point_text, write_study
from planner.pareto.study import Study, make_study
from planner.robust.futures import make_futures
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages import STAGES
from planner.sweep.design import design_of
from tests.planner.small import FILE, write_small

AIMS = ("designation.distance", "designation.need")


@pytest.fixture(scope="module")
def study(small: Scenario) -> Study:
    return make_study(small, AIMS, executor=InProcess())


@pytest.fixture(scope="module")
def context(study: Study) -> Context:
    mine = study.scenario
    return Context(seen_network(mine), mine.policies["designation"], mine.on, mine.seed, {}, mine.policies)


def test_every_point_can_be_planned_again(study: Study, context: Context, tmp_path: Path) -> None:
    where = write_small(tmp_path / "small")
    folder = write_study(study, tmp_path / "fronts", str(where))
    assert len(study.front.points) == 3
    assert folder.name == study.id
    kept = pl.read_parquet(folder / "pairs.parquet")
    for n in range(1, 4):
        plan = make_plan(read_scenario(folder / "points" / str(n)), tmp_path / "plans", executor=InProcess())
        made = plan.table("pairs").select("supporter", "recipient")
        assert made.equals(kept.filter(pl.col("point") == n).select("supporter", "recipient"))
        assert recomputed(context, study.aims, plan.table("pairs")) == study.front.points[n - 1].values
    rows = pl.read_parquet(folder / "front.parquet")
    assert rows.columns == ["point", *AIMS]
    assert rows[AIMS[0]].is_sorted()
    assert rows[AIMS[1]].is_sorted(descending=True)
    head = json.loads((folder / "front.json").read_text(encoding="utf-8"))
    assert head["status"] == "complete"
    assert [p["values"] for p in head["points"]] == rows.drop("point").to_dicts()
    assert all(s["objective"] == s["bound"] for p in head["points"] for s in p["proof"])


def test_the_same_bytes_again(study: Study, small: Scenario, tmp_path: Path) -> None:
    again = make_study(small, AIMS, executor=InProcess())
    folders = [write_study(s, tmp_path / str(i), "china-2016") for i, s in enumerate((study, again))]
    files = sorted(p.relative_to(folders[0]) for p in folders[0].rglob("*") if p.is_file())
    assert len(files) == 6
    for file in files:
        assert (folders[0] / file).read_bytes() == (folders[1] / file).read_bytes()


def test_values_given_beside_the_file_are_in_a_points_scenario(study: Study) -> None:
    text = point_text(study, 0, "x", ["designation.units_per_county=[1, 2]", "cadres.other=1"])
    assert "units_per_county = [1, 2]" in text
    assert "other" not in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (AIMS[:1], "two or three"),
        ((*AIMS, "designation.change", "designation.cost"), "two or three"),
        ((AIMS[0], AIMS[0]), "is given twice"),
        ((AIMS[0], "designation.distanse"), "did you mean distance"),
        ((AIMS[0], "designation"), "there are"),
        ((AIMS[0], "pairing.distance"), "the scenario plans no stage pairing"),
        ((AIMS[0], "funds.met"), "no stage funds"),
    ],
)
def test_wrong_aims_are_told(small: Scenario, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(UsageError) as error:
        read_aims(small, words)
    assert told in error.value.text.en


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("exit.late", "exit.erly"), "did you mean early"),
        (("exit.late",), "two or three"),
        (("exit.late", "exit.late"), "is given twice"),
        (("exit.late", "funds.worth"), "of one stage"),
        (("funds.worth", "funds.fairness"), "did you mean fair"),
        (("exit.late", "exit.early", "exit.risk", "exit.cost"), "two or three"),
    ],
)
def test_wrong_aims_of_other_stages_are_told(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(UsageError) as error:
        read_aims(read_scenario("china-2016"), words)
    assert told in error.value.text.en


def years(tmp_path: Path, **more: str) -> Scenario:
    """Two counties in deep poverty, under the line in the first of four years."""
    text = (
        'format = 1\ntitle = "退出"\ntitle_en = "exits"\ndate = 2016-12-31\nstages = ["exit"]\n[regions]\ncodes = "free"\n'
        "[exit]\nspeed = 1.0\n" + more.pop("policy", "")
    )
    counties = "code,name,level,parent\nE,E,province,\na,甲,county,E\nb,乙,county,E\n"
    tags = "region,tag\n" + "".join(f"{c},{t}\n" for c in "ab" for t in ("poor_county_832", "deep_poverty"))
    facts = "region,year,measure,value\n" + "".join(
        f"{c},2016,{m},{v}\n"
        for c in "ab"
        for m, v in (("poverty_incidence", 0.015), ("rural_population", 1000), ("poor_population", 15))
    )
    return read_scenario(
        write_tables(tmp_path / "exits", text, regions=counties, region_tags=tags, region_facts=facts, **more)
    )


def write_tables(folder: Path, text: str, **tables: str) -> Path:
    """A scenario of these tables alone."""
    (folder / "data").mkdir(parents=True)
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    for name, rows in tables.items():
        (folder / "data" / f"{name}.csv").write_text(rows, encoding="utf-8")
    return folder


def test_a_point_of_exit_is_planned_again_by_the_years_of_its_counties(tmp_path: Path) -> None:
    found = years(tmp_path)
    study = make_study(found, ("exit.late", "exit.early"), executor=InProcess())
    assert [study.told(n) for n in range(7)] == [(3.0 * k, 12.0 - 2.0 * k) for k in range(7)]
    folder = write_study(study, tmp_path / "fronts", str(tmp_path / "exits"))
    plan = make_plan(read_scenario(folder / "points" / "4"), tmp_path / "plans", executor=InProcess())
    assert plan.table("exits").equals(study.tables[3])
    assert pl.read_parquet(folder / "exits.parquet").filter(pl.col("point") == 4).height == 2


def test_an_aim_that_no_choice_adds_to_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        make_study(years(tmp_path), ("exit.late", "exit.village_early"), executor=InProcess())
    assert "exit.village_early: is the same for every plan" in error.value.text.en


def test_an_exit_that_cannot_be_is_told_as_the_stage_tells_it(tmp_path: Path) -> None:
    found = years(
        tmp_path, policy='pins = { a = 2017 }\nline = 0.001\nstandard = "off"\nplanning_level = "central"\n'
    )
    with pytest.raises(InfeasibleError) as told:
        make_plan(found, tmp_path / "plans", executor=InProcess())
    with pytest.raises(InfeasibleError) as error:
        make_study(found, ("exit.late", "exit.early"), executor=InProcess())
    assert error.value.text == told.value.text


def test_a_weight_of_nothing_and_own_scores_have_nothing_to_trade(tmp_path: Path) -> None:
    where = write_small(tmp_path / "small")
    with pytest.raises(UsageError, match="is 0"):
        read_aims(read_scenario(where, settings=["designation.need_weight=0"]), AIMS)
    with pytest.raises(UsageError, match="own scores"):
        read_aims(read_scenario(where, settings=['designation.objective="scores"']), AIMS)


@pytest.mark.parametrize("capacity", ["1", "0"])
def test_rules_that_cannot_hold_are_told_as_the_stage_tells_them(tmp_path: Path, capacity: str) -> None:
    units = f"id,name,kind,home_region,capacity\nu1,x,bank,A,{capacity}\nu2,y,bank,B,1\n"
    found = read_scenario(write_small(tmp_path / "small", units=units))
    with pytest.raises(InfeasibleError):
        make_study(found, AIMS, executor=InProcess())


def test_a_clash_that_counting_does_not_see(tmp_path: Path) -> None:
    """u2 may help two counties, is pinned to two and must keep a third."""
    text = FILE + 'keep_share = 1.0\npins = ["u2>C", "u2>D"]\n'
    found = read_scenario(write_small(tmp_path / "small", text))
    mine = Context(seen_network(found), found.policies["designation"], found.on, found.seed)
    assert STAGES["designation"].count(mine) == []
    with pytest.raises(InfeasibleError) as told:
        make_plan(found, tmp_path / "plans", executor=InProcess())
    with pytest.raises(InfeasibleError) as error:
        make_study(found, AIMS, executor=InProcess())
    assert error.value.text == told.value.text


def test_what_is_wrong_with_a_front_is_found(study: Study, context: Context) -> None:
    good, tables = study.front.points, study.tables
    assert wrong_points(context, study.aims, study.front, tables) == []
    worse = dataclasses.replace(good[1], values=tuple(v + 1 for v in good[0].values))
    found = wrong_points(context, study.aims, Front((good[0], worse), "complete", 2), tables[:2])
    assert any("comes to" in told for told in found)
    assert any("point 1 dominates point 2" in told for told in found)
    bare = Front((Point(good[0].values, good[0].x),), "complete", 0)
    assert wrong_points(context, study.aims, bare, tables[:1]) == ["point 1 has no proof"]
    assert broken_rules(context, "designation", tables[0].head(2))


def test_a_limit_before_the_ends_is_an_answer_of_its_own(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.pareto.find.find_front", lambda *_: Front((), "no_answer", 1))
    with pytest.raises(LimitReached):
        make_study(dataclasses.replace(small, limits=Limits(work=0.5)), AIMS, executor=InProcess())


def test_a_published_plan_is_not_left_aside_in_silence(tmp_path: Path) -> None:
    """Its limits on changes would hold for a plan, so that a front without them would be another scenario's."""
    where = write_small(tmp_path / "small")
    plan = make_plan(read_scenario(where), tmp_path / "plans", executor=InProcess())
    beside = read_scenario(where, published=tmp_path / "plans" / plan.id)
    with pytest.raises(UsageError, match="published"):
        make_study(beside, AIMS, executor=InProcess())
    with pytest.raises(UsageError, match="it decides designation"):
        make_futures(
            beside, design_of(beside, (), sample=2, each_row=["needs[].amount*=0.5:2"]), tmp_path / "sweeps"
        )
    assert not (tmp_path / "sweeps").exists()
