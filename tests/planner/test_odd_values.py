"""Policy values and tags that name what the tables do not have: each is told, and is silent where all is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import ScenarioError
from graph.findings import Finding
from planner.odd_values import odd_values
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.planner.small import FILE, MORE, TWO, write_small

ROLES = '[enums]\nrole = ["officer"]\n'


def found(folder: Path, text: str, **tables: str) -> list[Finding]:
    """What is odd about the small scenario with this file; the small tables themselves are right."""
    return odd_values(read_scenario(write_small(folder / "odd", text, **{**MORE, **tables})))


def test_a_scenario_that_is_right_has_none(tmp_path: Path) -> None:
    assert found(tmp_path, TWO) == []


@pytest.mark.parametrize(
    ("more", "column", "severity", "mend"),
    [
        ('spouses_together = "conty"', "cadres.spouses_together", "error", "did you mean county?"),
        ('home_level = "conty"', "cadres.home_level", "warning", "did you mean county?"),
        (
            'home_level = "conty"\navoid_home_county = true',
            "cadres.home_level",
            "error",
            "did you mean county?",
        ),
        ('tiers = "key_county_529"', "cadres.tiers", "warning", "did you mean key_county_592?"),
        ('leader_role = "first_secretry"', "cadres.leader_role", "warning", "did you mean first_secretary?"),
        ('leader_role = "xyz"', "cadres.leader_role", "warning", "there are: first_secretary, member"),
    ],
)
def test_what_a_value_names_must_be_there(
    more: str, column: str, severity: str, mend: str, tmp_path: Path
) -> None:
    (one,) = found(tmp_path, f"{TWO}{more}\n")
    assert (one.column, one.severity) == (column, severity) and mend in one.mend.en
    assert (
        one.table == "scenario.toml"
        and one.row == f"{TWO}{more}".splitlines().index(more.splitlines()[0]) + 1
    )
    assert one.value is not None and one.value in one.what.zh and one.value in one.what.en


def test_an_error_is_told_exactly_where_the_plan_is_refused(tmp_path: Path) -> None:
    """By default people serve within a prefecture, and there are none here."""
    text = TWO.replace('posting_area = "county"\n', "").replace(
        'codes = "free"', 'codes = "free"\nlevels = ["province", "county", "village"]'
    )
    scenario = read_scenario(write_small(tmp_path / "odd", text, **MORE))
    (one,) = odd_values(scenario)
    assert (one.severity, one.column, one.row) == (
        "error",
        "cadres.posting_area",
        None,
    ) and 'write "off"' in one.mend.en
    with pytest.raises(ScenarioError, match="posting_area"):
        make_plan(scenario, tmp_path / "plans")


def test_stages_that_are_not_run_have_no_say(tmp_path: Path) -> None:
    assert found(tmp_path, FILE + '[cadres]\nspouses_together = "conty"\n') == []


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ("region,tag\nA,key_county_592\nB,key_county_529\n", "key_county_592"),
        ("region,tag\nA,key_county_592\nB,upland\nC,upland\nD,uplnad\n", "upland"),
        ("region,tag\nA,key_county_592\nB,upland\nC,highland\n", None),
        ("region,tag\nA,key_county_592\nB,zone_a\nC,zone_a\nD,zone_b\n", None),
        ("region,tag\nA,key_county_592\nB,group_1\nC,group_1\nD,group_12\n", None),
        ("region,tag\nA,key_county_592\nB,suits:educaton\n", "suits:education"),
        ("region,tag\nA,key_county_592\nB,suits:education\n", None),
        ("region,tag\nA,key_county_592\nB,macro_region=x\n", None),
    ],
)
def test_a_tag_that_is_nearly_another_and_that_nothing_asks_for(
    tags: str, told: str | None, tmp_path: Path
) -> None:
    here = found(tmp_path, TWO, region_tags=tags)
    assert [f.mend.en for f in here] == ([] if told is None else [f"did you mean {told}?"])
    if told:
        assert (here[0].table, here[0].column, here[0].severity) == ("region_tags", "tag", "warning")
        assert here[0].row == len(tags.splitlines())  # the last row; the header is row 1


def test_languages_are_held_against_those_that_people_speak(tmp_path: Path) -> None:
    people = "id,unit,home_region,roles,languages\nc0,u1,A,first_secretary,lisu;yi\n"
    (one,) = found(
        tmp_path,
        TWO,
        cadres=people,
        region_tags="region,tag\nA,key_county_592\nB,language:lissu\nC,language:yi\n",
    )
    assert one.value == "language:lissu" and one.mend.en == "did you mean language:lisu?"


def test_a_title_of_a_tag_that_no_region_bears(tmp_path: Path) -> None:
    (one,) = found(tmp_path, TWO + '[titles.tag]\nkey_conty_592 = { zh = "县", en = "county" }\n')
    assert one.column == "titles.tag.key_conty_592" and one.mend.en == "did you mean key_county_592?"
