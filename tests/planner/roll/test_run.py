"""Rolls as a whole: by hand, the same bytes however they are made, folders that stand on their own, bad input."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from api.cli.main import Everywhere, run
from graph.errors import InputError, UsageError
from planner.plan import read_plan
from planner.roll.asked import last_year
from planner.roll.figures import COLUMNS, reference_of
from planner.roll.outcome import Chances
from planner.roll.run import Roll, read_roll, run_roll
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from planner.solve.pool import InProcess
from planner.sweep.kept import keep_scenario
from planner.verify import verify
from tests.planner import exit_land
from tests.planner.roll.lands import busy, exiting, rolled, saving, scenario_of
from tests.planner.small import write_small
from tests.planner.tiny import frame


def contents(roll: Roll) -> dict[str, bytes]:
    """Every file of a roll but answers and how plans were computed."""
    found = (
        p
        for p in roll.folder.rglob("*")
        if p.is_file() and p.name != "run.json" and ".answers" not in p.parts
    )
    return {str(p.relative_to(roll.folder)): p.read_bytes() for p in found}


def of(roll: Roll, horizon: str, column: str) -> list[object]:
    return roll.years.filter(horizon=horizon)[column].to_list()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Roll:
    """The busy land until 2018. Not to be changed."""
    return rolled(busy(), tmp_path_factory.mktemp("rolls"), until=2018)


def test_by_hand_myopic_is_worse_than_rolling(tmp_path: Path) -> None:
    """See :func:`tests.planner.roll.lands.saving`: 60 points against 100."""
    roll = rolled(saving(), tmp_path, outcome="expected")
    assert of(roll, "myopic", "yuan_spent") == [100, 0]
    assert of(roll, "rolling", "yuan_spent") == of(roll, "full", "yuan_spent") == [50, 50]
    assert of(roll, "rolling", "yuan_carried") == [50, 0] and of(roll, "rolling", "yuan_budget") == [100, 50]
    assert {h: t["points"] for h, t in roll.totals.items()} == {"myopic": 60, "rolling": 100, "full": 100}
    assert roll.totals["myopic"]["from_full"]["points"] == -40
    assert of(roll, "myopic", "worst_met") == [1.0, 0.0] and of(roll, "myopic", "worst_county") == ["a", "b"]
    assert roll.years["persons_end"].null_count() == 6  # nothing in the tables tells of counties to exit


@pytest.mark.parametrize("seed", range(3))
def test_when_all_comes_as_expected_rolling_is_the_full_horizon(seed: int, tmp_path: Path) -> None:
    """Planned again with nothing learnt, what is left of the best plan is still the best: the objective is the same."""
    land = busy(seed)
    land = scenario_of(
        land.network,
        funds={**land.policies["funds"].values, "return_steps": {"0.3": 1.0, "0.8": 0.6, "1.0": 0.1}},
    )
    roll = rolled(land, tmp_path, outcome="expected", horizons=("rolling", "full"))
    assert roll.totals["rolling"]["points"] == roll.totals["full"]["points"] > 0
    assert (roll.years["yuan_spent"] == roll.years["yuan_allotted"]).all()


def test_exits_missed_are_caught_up_by_those_who_plan_again(tmp_path: Path) -> None:
    """Half of the counties are found unsuited in their year; the full horizon never comes back to them."""
    land = exiting(
        {f"c{i}": 0.01 for i in range(8)}, gate_years=0, results_weight=0, deadline="off", horizon_years=2
    )
    roll = rolled(land, tmp_path, until=2019, horizons=("rolling", "full"), chances=Chances(unsuited=0.5))
    assert of(roll, "full", "counties_planned") == [8, 0, 0]
    first = of(roll, "full", "counties_missed")[0]
    assert isinstance(first, int) and 0 < first < 8
    assert of(roll, "full", "counties_left") == [first] * 3
    assert of(roll, "rolling", "counties_left")[0] == first  # they meet the same outcome
    last = of(roll, "rolling", "counties_left")[-1]
    assert isinstance(last, int) and last < first


def test_all_horizons_meet_the_same_draws(tmp_path: Path) -> None:
    roll = rolled(exiting({"a": 0.1, "b": 0.2}), tmp_path, seed=4, until=2018)
    for column in (
        "persons_start",
        "persons_listed",
        "persons_missed",
        "persons_relapsed",
        "persons_exited",
        "persons_end",
    ):
        assert of(roll, "myopic", column) == of(roll, "rolling", column) == of(roll, "full", column)
    other = rolled(exiting({"a": 0.1, "b": 0.2}), tmp_path, seed=5, until=2018)
    wild = rolled(exiting({"a": 0.1, "b": 0.2}), tmp_path, seed=4, until=2018, chances=Chances(spread=1.0))
    assert wild.id != roll.id
    assert other.id != roll.id and of(other, "full", "persons_end") != of(roll, "full", "persons_end")


def test_rows_add_up(lived: Roll) -> None:
    rows = lived.years
    assert rows.columns == list(COLUMNS) and rows.height == 6
    into = pl.col("persons_listed") + pl.col("persons_missed") + pl.col("persons_relapsed")
    money = pl.col("yuan_allotted") + pl.col("yuan_carried") + pl.col("yuan_lapsed")
    for left, right in (
        (pl.col("persons_end"), pl.col("persons_start") + into - pl.col("persons_exited")),
        (pl.col("persons_reduced"), pl.col("persons_start") - pl.col("persons_end")),
        (pl.col("yuan_budget"), money),
        (pl.col("counties_planned"), pl.col("counties_exited") + pl.col("counties_missed")),
    ):
        assert rows.select(left == right).to_series().all()
    for horizon in ("myopic", "rolling", "full"):
        assert of(lived, horizon, "persons_start")[1] == of(lived, horizon, "persons_end")[0]
        assert lived.totals[horizon]["yuan_spent"] == sum(of(lived, horizon, "yuan_spent"))  # type: ignore[arg-type]  # numbers


def test_each_year_is_a_scenario_that_stands_on_its_own(lived: Roll, tmp_path: Path) -> None:
    for horizon in ("myopic", "rolling", "full"):
        for year in (2017, 2018):
            found = read_scenario(lived.folder / horizon / str(year))
            assert [f for f in found.findings if f.severity == "error"] == []
            assert (found.on.year, found.title.en) == (year, f"land · {TITLES[horizon]} · {year}")
            facts = found.network.frame("region_facts").filter(measure="poor_population", year=year)
            counties = facts.filter(pl.col("region").str.len_chars() == 2)
            row = lived.years.filter(horizon=horizon, year=year).row(0, named=True)
            assert counties["value"].sum() == row["persons_end"]
            spent = found.network.frame("fund_flows").filter(year=year, stage="spent")["amount"].sum()
            assert spent == row["yuan_spent"]
    found = read_scenario(lived.folder / "rolling" / "2017")
    again = make_plan(found, tmp_path, executor=InProcess())
    assert again.stages.keys() == {"cadres", "funds", "exit", "inspection"}
    old, new = read_plan(lived.folder / "plans" / str(of(lived, "rolling", "plan")[1])), again
    for name, rows in old.tables().items():
        assert rows.equals(new.table(name))
    assert read_scenario(lived.folder / "full" / "2017").stages == ("inspection",)


TITLES = {"myopic": "myopic", "rolling": "rolling", "full": "full horizon"}


def test_histories_stay_askable(lived: Roll) -> None:
    network = read_scenario(lived.folder / "rolling" / "2018").network
    ledger = network.frame("ledger").filter(relation="ew").sort("year")
    assert ledger["year"].to_list() == [2016, 2017, 2018] and ledger["delivered"].null_count() == 0
    assert set(network.frame("register_changes")["date"].dt.year()) == {2017, 2018}
    assert set(network.frame("assessments")["year"]) == {2017, 2018}
    assert network.frame("inspection_visits").height > 0


def test_each_year_has_its_own_inspections(tmp_path: Path) -> None:
    """One visit a county and year: a year that stayed where it is would have no room left after the first."""
    land = busy()
    values = {**land.policies["inspection"].values, "year": 2017, "visits_per_county": 1, "no_repeat": False}
    land = scenario_of(land.network, funds=land.policies["funds"].values, inspection=values)
    made = rolled(land, tmp_path, until=2019, outcome="expected", horizons=["rolling"])
    assert of(made, "rolling", "reason_en") == [None] * 3
    visits = read_scenario(made.folder / "rolling" / "2019").network.frame("inspection_visits")
    assert set(visits["year"]) == {2017, 2018, 2019}
    assert read_scenario(made.folder / "rolling" / "2018").policies["inspection"]["year"] == 2019


@pytest.fixture
def type_json(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Any]]:
    """Type a line in this process; the JSON that it prints."""

    def type_line(*words: str) -> Any:
        capfd.readouterr()
        assert run([*words, "--json"]) == 0
        return json.loads(capfd.readouterr().out)

    yield type_line
    Everywhere.as_json = False


def test_each_year_answers_from_the_folder_that_the_roll_wrote(
    lived: Roll, type_json: Callable[..., Any]
) -> None:
    """``ask --at`` on the last year's folder tells of each year what that year's own folder told of its last day."""
    for year in (2017, 2018):
        day = f"{year}-12-30"
        for subject in ("c0", "v0", "S", "u1"):
            told = [
                type_json("ask", subject, "--on", str(lived.folder / folder), "--at", day)
                for folder in ("rolling/2018", f"rolling/{year}")
            ]
            assert told[0]["at"] == day and told[0]["subject"] == told[1]["subject"]
            for part in ("supported_by", "supports", "tags"):
                assert _without_ends(told[0][part]) == _without_ends(told[1][part]), (subject, year, part)
            assert told[0]["supported_by"] or told[0]["supports"] or subject == "v0"


def _without_ends(rows: object) -> object:
    """Ties as they were told then: when one ends, and why, is learnt later."""
    if isinstance(rows, list):
        return [_without_ends(r) for r in rows]
    if isinstance(rows, dict):
        return {k: _without_ends(v) for k, v in rows.items() if k not in ("until", "mark", "state")}
    return rows


def test_plans_hold_and_made_up_rows_are_marked(lived: Roll) -> None:
    plans = sorted((lived.folder / "plans").glob("[!.]*/plan.json"))
    assert len(plans) == 5  # the first year's is that of rolling and of the full horizon
    assert all(verify(read_plan(p.parent)).ok for p in plans)
    start = read_scenario(lived.folder / "start").network
    for horizon in ("myopic", "rolling", "full"):
        network = read_scenario(lived.folder / horizon / "2018").network
        for table, frame_ in network.frames.items():
            new = frame_.join(start.frame(table), on=frame_.columns, how="anti", nulls_equal=True)
            assert new["mark"].eq_missing("synthetic").all(), table


def test_the_same_bytes_by_one_or_two_workers_with_and_without_answers(tmp_path: Path) -> None:
    one = rolled(busy(), tmp_path / "one", until=2017, horizons=("rolling", "full"))
    two = run_roll(busy(), tmp_path / "two", until=2017, horizons=("full", "rolling"), workers=2, reuse=False)
    assert two.id == one.id
    assert contents(two) == contents(one)
    assert len(contents(one)) > 50


def test_it_goes_on_where_it_was_left(lived: Roll, tmp_path: Path) -> None:
    """Without its end, with a year that is half written and a plan that is gone; then a roll that is done is only read."""
    folder = tmp_path / lived.id
    shutil.copytree(lived.folder, folder)
    for name in (
        "years.parquet",
        "totals.json",
        "full/2018/scenario.toml",
        "full/2018/data/region_facts.parquet",
    ):
        (folder / name).unlink()
    shutil.rmtree(folder / "myopic" / "2018")
    shutil.rmtree(folder / "plans" / str(of(lived, "myopic", "plan")[1]))
    again = rolled(busy(), tmp_path, until=2018)
    assert contents(again) == contents(lived)
    (folder / "totals.json").write_text("{", encoding="utf-8")
    assert contents(rolled(busy(), tmp_path, until=2018)) == contents(lived)
    shutil.rmtree(folder / "plans")
    assert rolled(busy(), tmp_path, until=2018).years.equals(lived.years)
    assert not (folder / "plans").exists()


KILL = """
import sys
from pathlib import Path
from planner.roll.run import run_roll
from planner.solve.pool import InProcess
from planner.sweep.kept import kept_scenario
def told(horizon, year, done, whole):
    print(horizon, year, flush=True)
    if done == 2:
        sys.stdin.readline()
run_roll(kept_scenario(Path(sys.argv[1])), sys.argv[2], executor=InProcess(), on_progress=told)
"""


def test_after_a_kill_it_is_as_if_nothing_had_been(tmp_path: Path) -> None:
    land = exiting({"a": 0.05, "b": 0.08}, deadline=2018)
    whole = rolled(land, tmp_path / "whole")
    keep_scenario(land, tmp_path)
    command = [sys.executable, "-c", KILL, str(tmp_path), str(tmp_path / "rolls")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ}
    ) as child:
        assert child.stdout is not None
        said = [line for line in iter(child.stdout.readline, "myopic 2018\n") if line]
        child.send_signal(signal.SIGKILL)
    assert any("myopic 2017" in line for line in said)
    with pytest.raises(InputError, match="not done"):
        read_roll(tmp_path / "rolls" / whole.id)
    again = rolled(land, tmp_path / "rolls")
    assert contents(again) == contents(whole)


def test_what_is_recorded_is_what_comes(tmp_path: Path) -> None:
    land = exiting(deadline=2018)
    facts = [
        *land.network.frame("region_facts").to_dicts(),
        exit_land.fact("c", "exit_year", 2017, 2017), exit_land.fact("a", "exit_year", 2018, 2018), exit_land.fact("b", "poor_population", 44, 2017),
    ]  # fmt: skip
    land = replace(land, network=land.network.with_frames({"region_facts": frame("region_facts", facts)}))
    roll = rolled(land, tmp_path, outcome="recorded", horizons=("rolling",))
    assert roll.head["recorded"] == {
        "2017": {"exit_year": 1, "poor_population": 1, "poverty_incidence": 0, "register_changes": 0},
        "2018": {"exit_year": 1, "poor_population": 0, "poverty_incidence": 0, "register_changes": 0},
    }
    assert of(roll, "rolling", "persons_end")[0] == 15 + 44 + 45
    assert of(roll, "rolling", "counties_exited")[0] == 1
    end = read_scenario(roll.folder / "rolling" / "2017").network.frame("region_facts")
    assert end.filter(measure="exit_year").select("region", "mark").rows() == [("c", None)]
    expected = rolled(land, tmp_path, outcome="expected", horizons=("rolling",))
    assert expected.id != roll.id and expected.head["recorded"] is None
    assert of(expected, "rolling", "persons_end")[0] == 15 + 25 + 45


def test_the_reference_is_the_mean_of_the_years_before(tmp_path: Path) -> None:
    land = exiting(deadline=2017)
    counts = {2012: 900, 2013: 700, 2014: 640, 2015: 500, 2016: 400}
    facts = [
        *land.network.frame("region_facts").to_dicts(),
        *(exit_land.fact("E", "poor_population", n, y) for y, n in counts.items()),
    ]
    land = replace(land, network=land.network.with_frames({"region_facts": frame("region_facts", facts)}))
    roll = rolled(land, tmp_path, outcome="expected", horizons=("full",))
    assert roll.head["history"] == [
        {"year": y, "persons": n} for y, n in zip(range(2013, 2017), (200, 60, 140, 100), strict=True)
    ]
    assert roll.head["reference"] == {"persons": 125, "first": 2013, "last": 2016, "source": "region_facts"}
    assert of(roll, "full", "against_reference") == [85 - 125]
    given = rolled(land, tmp_path, outcome="expected", horizons=("full",), reference=80)
    assert of(given, "full", "against_reference") == [5]
    assert reference_of([]) is None
    gap = [{"year": 2012, "persons": 9}, {"year": 2014, "persons": 4}, {"year": 2015, "persons": 5}]
    assert reference_of(gap) == {"persons": 4, "first": 2014, "last": 2015, "source": "region_facts"}


def test_the_last_year() -> None:
    assert last_year(exiting(), None) == 2020
    assert last_year(exiting(deadline="off"), 2019) == 2019
    assert last_year(saving(), None) == 2018
    for scenario, until in (
        (exiting(), 2016),
        (exiting(), 1999),
        (exiting(deadline="off"), None),
        (exiting(), 2047),
    ):
        with pytest.raises(UsageError, match=r"2017|30 years"):
            last_year(scenario, until)


def test_bad_input_is_refused_and_nothing_is_written(tmp_path: Path, small: Scenario) -> None:
    with pytest.raises(InputError, match="--stage funds"):
        rolled(small, tmp_path)
    with pytest.raises(InputError, match="needs needs"):
        rolled(
            replace(saving(), network=saving().network.with_frames({"needs": frame("needs", [])})), tmp_path
        )
    for options in ({"outcome": "wished"}, {"horizons": ("blind",)}, {"until": 2016}):
        with pytest.raises(UsageError):
            rolled(exiting(), tmp_path, **options)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="no roll's folder"):
        read_roll(write_small(tmp_path / "small"))


def test_a_roll_of_another_format_is_refused(lived: Roll, tmp_path: Path) -> None:
    folder = tmp_path / lived.id
    shutil.copytree(lived.folder, folder)
    head = folder / "roll.json"
    head.write_text(head.read_text(encoding="utf-8").replace('"format": 1', '"format": 9'), encoding="utf-8")
    with pytest.raises(InputError, match="roll format 9"):
        read_roll(folder)


def test_other_years_and_another_day(tmp_path: Path) -> None:
    """Nothing is tied to 2016 or to the end of a year: from the last of February 2032 to the last of February 2034."""
    land = exiting(path={"2032": 0.08, "2033": 0.04, "2034": 0.02}, deadline=2034)
    facts = land.network.frame("region_facts").with_columns(year=pl.lit(2032, dtype=pl.Int64))
    day = date(2032, 2, 29)
    land = replace(land, on=day, network=replace(land.network.with_frames({"region_facts": facts}), on=day))
    roll = rolled(land, tmp_path, outcome="expected", horizons=("rolling",))
    assert of(roll, "rolling", "year") == [2033, 2034]
    assert of(roll, "rolling", "persons_end") == [85, 43]
    found = read_scenario(roll.folder / "rolling" / "2034")
    assert found.on == date(2034, 2, 28)
    assert found.network.frame("register_changes")["date"].unique().sort().to_list() == [
        date(2033, 2, 28),
        date(2034, 2, 28),
    ]
