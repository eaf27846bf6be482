"""How a place stands against the gates of exit: each gate where it passes, where it fails, and where nobody can tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from planner.scenario import read_scenario
from planner.stages.exit.standing import Gate, Standing, standing
from tests.planner.small import FILE, write_small

ON = date(2016, 12, 31)
TAGS = "region,tag,value,since\nA,poor_county_832,,\nP,macro_region,西部,\nvA,poor_village,,\n"
REGIONS = "code,name,level,parent,lon,lat\nP,省,province,,103,30\nA,甲县,county,P,103,30\nB,乙县,county,P,104,31\nvA,甲村,village,A,103,30\n"
BARE = {"relations": "id,kind,supporter,recipient\n", "units": "id,name\n", "needs": "region,year,programme\n"}


def stands(folder: Path, region: str, facts: str = "", findings: str = "", tags: str = TAGS, **policy: object) -> Standing:  # fmt: skip
    """The standing of a place in a network with these facts and findings."""
    tables = {**BARE, "regions": REGIONS, "region_tags": tags, "region_facts": f"region,year,measure,value,mark\n{facts}"}  # fmt: skip
    if findings:
        tables["findings"] = f"id,region,severity,status\n{findings}"
    given = "[exit]\n" + "".join(f"{key} = {value}\n" for key, value in policy.items())
    scenario = read_scenario(write_small(folder / "s", FILE + given, **tables))
    return standing(scenario.network, scenario.policies["exit"], region, ON)


def gate(found: Standing, rule: str) -> Gate:
    """The gate of a rule."""
    return next(one for one in found.gates if one.rule == rule)


@pytest.mark.parametrize(("share", "state"), [(0.029, "pass"), (0.03, "fail")])
def test_the_west_has_its_own_line(tmp_path: Path, share: float, state: str) -> None:
    found = stands(tmp_path, "A", f"A,2016,poverty_incidence,{share},synthetic\n")
    line = gate(found, "line_west")
    assert (line.state, line.value, line.limit, line.year, line.mark) == (state, share, 0.03, 2016, "synthetic")  # fmt: skip
    assert found.listed and found.exited is None


def test_elsewhere_the_line_is_the_other_one(tmp_path: Path) -> None:
    found = stands(tmp_path, "A", "A,2016,poverty_incidence,0.025,\n", tags="region,tag\nA,poor_county_832\n")
    assert gate(found, "line").state == "fail" and gate(found, "line").limit == 0.02


def test_without_a_recorded_incidence_it_is_worked_out_of_one_year_that_has_both(tmp_path: Path) -> None:
    facts = "A,2015,poor_population,1,\nA,2016,poor_population,10,assumed\nA,2016,rural_population,1000,synthetic\n"
    line = gate(stands(tmp_path, "A", facts), "line_west")
    assert (line.state, line.value, line.mark) == ("pass", 0.01, "assumed;synthetic")


def test_without_figures_there_is_no_data_and_later_years_are_not_read(tmp_path: Path) -> None:
    found = stands(tmp_path, "A", "A,2017,poverty_incidence,0.001,\nA,2018,exit_year,2018,\n")
    assert {one.state for one in found.gates} == {"no_data"} and found.exited is None


@pytest.mark.parametrize(
    ("measure", "rule", "good", "bad"),
    [
        ("wrongly_exited", "wrongly_exited_max", 0.019, 0.02),
        ("missed", "missed_max", 0.0, 0.05),
        ("approval", "approval_min", 0.9, 0.89),
    ],
)
def test_recorded_results(tmp_path: Path, measure: str, rule: str, good: float, bad: float) -> None:
    for n, (value, year, state) in enumerate([(good, 2016, "pass"), (bad, 2016, "fail"), (bad, 2014, "no_data")]):  # fmt: skip
        found = stands(tmp_path / str(n), "A", f"A,{year},{measure},{value},\n")
        assert gate(found, rule).state == state, (value, year)


def test_severe_findings_below_count_until_they_are_closed(tmp_path: Path) -> None:
    for n, (row, state, value) in enumerate(
        [
            ("f,vA,severe,open\n", "fail", 1.0),
            ("f,vA,severe,closed\n", "pass", 0.0),
            ("f,B,severe,open\n", "pass", 0.0),
        ]
    ):
        one = gate(stands(tmp_path / str(n), "A", findings=row), "severe_findings")
        assert (one.state, one.value) == (state, value), row


def test_a_rule_that_is_off_is_no_gate(tmp_path: Path) -> None:
    found = stands(tmp_path, "A", missed_max='"off"', line_west='"off"')
    assert {one.rule for one in found.gates} == {"wrongly_exited_max", "approval_min", "severe_findings"}


def test_what_has_exited_says_so_and_others_are_not_listed(tmp_path: Path) -> None:
    found = stands(tmp_path, "A", "A,2016,exit_year,2016,\n")
    assert found.exited == 2016
    assert stands(tmp_path / "village", "vA").listed and not stands(tmp_path / "other", "B").listed
