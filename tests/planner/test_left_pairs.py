"""Who has no pair: one answer and every row give the same reason, a second solve confirms it, and it goes with its rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.every_row import every_row
from planner.explain import explain
from planner.otherwise import otherwise
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.solve.pool import InProcess
from planner.subject import read_subject
from tests.planner.every_row.test_pairs import SCORES, made
from tests.planner.pairing_land import FREE, tables
from tests.planner.planned import planned
from tests.planner.small import FILE, TABLES, write_small
from tests.planner.tiny import network

UNITS = """id,name,kind,home_region,capacity,strength,profile
u1,第一局,central_organ,A,9,0.9,industry
u2,第二行,bank,C,9,0.5,finance
u3,第三校,university,D,9,0.3,education
u4,第四军,military,D,9,0.3,education
u5,第五所,firm,D,0,0.3,education
u6,第六厂,firm,,9,0.1,
"""


def of_units(folder: Path, *settings: str, units: str = UNITS) -> Plan:
    where = write_small(folder / "scenario", FILE, units=units)
    scenario = read_scenario(where, settings=settings)
    return make_plan(scenario, folder / "plans", executor=InProcess(), reuse=False)


def reason(plan: Plan, subject: str, stage: str = "designation") -> str:
    (found,) = explain(plan, subject, [stage])
    assert not any(o.chosen for o in found.options)
    assert found.said.en == f"{found.what.en}: {found.why.en}" and found.why.zh
    return found.why.en


def same_as_every_row(plan: Plan, stage: str) -> int:
    left = every_row(plan, stage, executor=InProcess()).left
    for code, zh, en in left.select("code", "reason_zh", "reason_en").iter_rows():
        found = [e.why for e in explain(plan, code, [stage]) if e.why.en]
        assert (zh, en) in found
    return left.height


def test_a_limit_leaves_no_room_and_goes_with_the_rule(tmp_path: Path) -> None:
    """u1 alone may have A and B; each county takes one unit, so that u3 and u4 have none."""
    plan = made(tmp_path / "on", SCORES, 1)
    assert "no room" in reason(plan, "u4") and "(designation.units_per_county)" in reason(plan, "u4")
    assert same_as_every_row(plan, "designation") == 2
    off = made(tmp_path / "off", SCORES, 1, "designation.units_per_county=[1, 9]")
    assert "units_per_county" not in reason(off, "u4")
    assert "u4" not in reason(off, "u4") and "makes the total worse by 30.000 points" in reason(off, "u4")


@pytest.mark.parametrize(
    "settings", [(), ("designation.units_per_county=[1, 1]",), ("designation.keep_share=off",)]
)
def test_a_second_solve_finds_no_better_plan_with_the_unit(tmp_path: Path, settings: tuple[str, ...]) -> None:
    plan = of_units(tmp_path, *settings)
    assert same_as_every_row(plan, "designation")
    for unit in ("u1", "u2", "u3", "u6"):
        if not any(o.chosen for e in explain(plan, unit) for o in e.options):
            assert "no better plan" in reason(plan, unit)
            (told,) = otherwise(plan, read_subject(plan, unit), executor=InProcess())
            assert told.change is not None and told.change >= 0


def test_who_takes_no_part_is_told_why(tmp_path: Path) -> None:
    plan = of_units(tmp_path)
    assert "military" in reason(plan, "u4")
    assert "units.capacity" in reason(plan, "u5")
    gone = UNITS.replace("profile\n", "profile,until\n").replace(
        "0.3,education\nu4", "0.3,education,2015-01-01\nu4"
    )
    assert "units.until" in reason(of_units(tmp_path / "gone", units=gone), "u3")


def test_what_is_forbidden_is_told_so_until_the_rule_is_off(tmp_path: Path) -> None:
    bans = 'designation.bans=["u3>A", "u3>B", "u3>C", "u3>D"]'
    plan = of_units(tmp_path / "on", bans)
    assert reason(plan, "u3") == "no pair with it may be chosen: forbidden pairs (designation.bans)"
    assert reason(plan, "u3>A") == "it may not be chosen: forbidden pairs (designation.bans)"
    (found,) = explain(plan, "u3")
    assert found.by == ("bans",)
    assert same_as_every_row(plan, "designation")
    off = of_units(tmp_path / "off")
    assert all("forbidden" not in e.why.en for e in explain(off, "u3"))


def test_counties_without_a_pair(tmp_path: Path) -> None:
    values = {**FREE, "cover_recipients": True, "county_pairs": True, "partners_per_recipient": [1, 1]}
    plan = planned(tmp_path, network(**tables()), pairing=values)
    assert same_as_every_row(plan, "pairing")


def test_a_unit_that_is_not_listed_in_the_scores(tmp_path: Path) -> None:
    assert TABLES["units"]
    scores = "".join(line for line in SCORES.splitlines(keepends=True) if ",u4," not in line)
    assert reason(made(tmp_path, scores, 1), "u4") == "pair_scores does not list it"
