"""Which changed input makes which difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import UsageError
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.why_different import changes_between, why_different
from tests.planner.small import FILE, MORE, TABLES, TWO, write_small

PINNED = FILE + 'pins = ["u3>A"]\nkeep_share = "off"\n'
UNITS = TABLES["units"].replace("u2,第二行,bank,C,2", "u2,第二行,bank,C,4")


def planned(folder: Path, text: str = FILE, **tables: str) -> Plan:
    return make_plan(read_scenario(write_small(folder / "sc", text, **tables)), folder / "plans")


@pytest.fixture
def other(tmp_path: Path) -> Plan:
    """Other pins, no keeping, another capacity."""
    return planned(tmp_path / "other", PINNED, units=UNITS)


def test_the_changes_one_by_one_end_at_the_second_plan(own_plan: Plan, other: Plan) -> None:
    told = list[str]()
    steps = why_different(
        own_plan,
        other,
        subject="u3>A",
        on_progress=lambda stage, _, f: told.append(f["change"]) if stage == "step" else None,
    )
    assert [s.change.name for s in steps] == told == ["designation.keep_share", "designation.pins", "units"]
    assert steps[-1].plan_id == other.id  # all inputs are the second plan's by then
    moved = {s.change.name: s.rows for s in steps}
    assert moved["designation.keep_share"] == {} and moved["designation.pins"]["pairs"]["new"] >= 1
    assert [how for how, _ in steps[1].about] == ["new"] and "第三校" in steps[1].about[0][1].zh
    assert steps[0].about == [] and steps[2].about == []
    figures = {s: {k: (a, b) for _, k, _, a, b in step.kpis} for s, step in zip(told, steps, strict=True)}
    before, after = figures["designation.pins"]["cost"]
    assert before is not None and after is not None and before < after


def test_dearer_decisions_are_no_changed_decisions(own_plan: Plan, tmp_path: Path) -> None:
    """A little more weight of distance: the same pairs, each with another cost."""
    twice = planned(tmp_path / "twice", FILE + "distance_weight = 1.001\n")
    assert own_plan.table("pairs").drop("cost", "terms").equals(twice.table("pairs").drop("cost", "terms"))
    (step,) = why_different(own_plan, twice)
    assert [*step.rows] == ["pairs"] and [*step.rows["pairs"]] == ["figures"]


def test_the_order_may_be_chosen(own_plan: Plan, other: Plan) -> None:
    names = [c.name for c in changes_between(own_plan, other, ["units", "designation.pins"])]
    assert names == ["units", "designation.pins", "designation.keep_share"]
    with pytest.raises(UsageError, match=r"designation\.pins"):
        changes_between(own_plan, other, ["needs"])


def test_the_same_plan_has_no_changes(own_plan: Plan) -> None:
    assert why_different(own_plan, own_plan) == []


def test_stages_day_seed_tables_and_title(own_plan: Plan, tmp_path: Path) -> None:
    """More stages, another day, villages: the last step is the second plan to the last bit. Tables that only the further stage reads
    are no change of their own."""
    text = "seed = 3\n" + TWO.replace("2016-12-31", "2017-02-01").replace('title = "小县"', 'title = "大县"')
    second = planned(tmp_path / "second", text, **MORE)
    steps = why_different(own_plan, second)
    names = [s.change.name for s in steps]
    assert names == ["date", "seed", "regions", "stages", "title"]
    assert steps[-1].plan_id == second.id


def test_a_step_without_a_plan_is_told_and_the_next_goes_on(own_plan: Plan, tmp_path: Path) -> None:
    """Two pins that clash with the counties' range until it is widened."""
    text = (
        FILE.replace("units_per_county = [1, 2]", "units_per_county = [1, 3]")
        + 'pins = ["u1>B", "u2>B", "u3>B"]\n'
    )
    second = planned(tmp_path / "second", text)
    steps = why_different(own_plan, second, order=["designation.pins", "designation.units_per_county"])
    assert steps[0].plan_id is None and steps[0].trouble is not None and "pins" in steps[0].trouble.en
    assert steps[1].plan_id == second.id and steps[1].rows["pairs"]


def test_a_plan_that_breaks_promises_is_arrived_at(own_plan: Plan, tmp_path: Path) -> None:
    """Whether promises may be broken comes before the value that needs it, and a step without a plan does no harm to those after it."""
    tight = FILE.replace("units_per_county = [1, 2]", "units_per_county = [2, 2]")
    folder = write_small(tmp_path / "sc", tight)
    elastic = make_plan(read_scenario(folder), tmp_path / "plans", elastic=True)
    steps = why_different(own_plan, elastic)
    assert [s.change.name for s in steps] == ["elastic", "designation.units_per_county"]
    assert steps[-1].plan_id == elastic.id
    back = why_different(elastic, own_plan, order=["elastic"])
    assert [(s.change.name, s.plan_id is None) for s in back] == [
        ("elastic", True), ("designation.units_per_county", False),
    ]  # fmt: skip
    assert back[-1].plan_id == own_plan.id


def test_tables_of_a_stage_that_falls_away_are_no_change(tmp_path: Path) -> None:
    """What only `cadres` reads goes with it, and comes with it: the day is all that differs besides."""
    both = planned(tmp_path / "both", TWO, **MORE)
    one = planned(tmp_path / "one", TWO.replace(', "cadres"', "").replace("2016-12-31", "2017-02-01"), **MORE)
    assert not (one.folder / "resolved" / "cadres.parquet").exists()
    for first, second, names in ((both, one, ["date", "stages"]), (one, both, ["date", "stages"])):
        assert [c.name for c in changes_between(first, second)] == names
        for order in ([], names[::-1]):
            assert why_different(first, second, order=order)[-1].plan_id == second.id


def test_each_stage_keeps_the_columns_that_it_alone_reads(tmp_path: Path) -> None:
    """Of two plans with a stage each, one table differs in what both read; on the way the first stage sees what it always saw."""
    first = planned(tmp_path / "one", FILE, **MORE)
    alone = TWO.replace('"designation", ', "")
    units = TABLES["units"] + "u4,第四局,central_organ,A,2,0.9,industry\n"
    second = planned(tmp_path / "two", alone, **{**MORE, "units": units})
    assert [c.name for c in changes_between(first, second)] == ["units", "stages"]
    grown, both = why_different(first, second)
    assert both.plan_id == second.id
    assert (
        grown.plan_id and not grown.kpis and not grown.rows
    )  # of the new unit no capacity is known: it can take nobody
