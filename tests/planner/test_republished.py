"""Planning again beside a published plan, from folder to folder: ids, what is kept, verify, replay, errors."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from graph.errors import InfeasibleError, InputError, ScenarioError
from planner.explain import context_of, explain
from planner.input_diff import input_difference
from planner.plan import Plan, read_plan
from planner.repair.overlay import write_overlay
from planner.repair.ways_out import find_ways_out
from planner.replay import scenario_of
from planner.republished import kept_tables, published_plan
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from planner.solve.pool import InProcess
from planner.sweep.archive import unpack
from planner.sweep.kept import keep_scenario, kept_scenario, packed_scenario
from planner.verify.plan import verify
from planner.why_different import changes_between, why_different
from tests.planner.small import FILE, MORE, TABLES, TWO, write_small

CHEAP = FILE + "change_weight = 0.0\nkeep_share = 0.0\nprofile_weight = 0.0\n"
MOVED = (
    TABLES["units"]
    .replace("u1,第一局,central_organ,A", "u1,第一局,central_organ,D")
    .replace("D,2,0.3", "A,2,0.3")
)
"""The first and the third unit have changed places: what was near is far."""


def plan(scenario: Scenario, folder: Path) -> Plan:
    return make_plan(scenario, folder / "plans", executor=InProcess(), reuse=False)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The plan that is published."""
    folder = tmp_path_factory.mktemp("first")
    return plan(read_scenario(write_small(folder / "small", CHEAP)), folder)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario after units have moved."""
    return write_small(tmp_path_factory.mktemp("changed") / "small", CHEAP, units=MOVED)


@pytest.fixture(scope="module")
def second(first: Plan, changed: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Planned again with at most two changes and county A frozen."""
    settings = ["designation.published_changes_max=2", 'designation.published_frozen=["A"]']
    found = read_scenario(changed, settings=settings, published=first.folder)
    return plan(found, tmp_path_factory.mktemp("second"))


def pairs(found: Plan) -> set[tuple[str, str]]:
    return set(found.table("pairs").select("supporter", "recipient").iter_rows())


def test_without_a_published_plan_nothing_is_new(first: Plan, changed: Path) -> None:
    """The three values are in no head where they are off, so that ids stay as they were."""
    assert "published" not in first.head["inputs"] and first.published is None
    assert not any(k.startswith("published") for k in first.head["inputs"]["policy"]["designation"])
    assert not (first.folder / "published").exists()
    assert {
        r["state"] for r in first.stages["designation"]["rules"] if r["rule"].startswith("published")
    } == {"off"}


def test_a_plan_made_again_changes_no_more_than_it_may(first: Plan, second: Plan) -> None:
    assert len(pairs(first) ^ pairs(second)) <= 2
    assert {p for p in pairs(first) if p[1] == "A"} == {p for p in pairs(second) if p[1] == "A"}
    told = second.stages["designation"]["details"]["published"]
    assert told["plan"] == first.id and told["kept"] == len(pairs(first) & pairs(second))
    states = {r["rule"]: r["state"] for r in second.stages["designation"]["rules"]}
    assert states["published_frozen"] == "binding" and states["published_changes_max"] == "binding"


def test_the_folder_alone_is_enough(first: Plan, second: Plan, tmp_path: Path) -> None:
    """Verified, explained and planned again with the published plan gone."""
    copy = read_plan(shutil.copytree(second.folder, tmp_path / second.id))
    assert verify(copy).ok
    seen = context_of(copy, "designation").published
    assert seen is not None and seen.plan == first.id
    assert explain(copy, "B")
    again = scenario_of(copy)
    assert plan(again, tmp_path).id == second.id


def test_an_altered_published_table_is_found(second: Plan, tmp_path: Path) -> None:
    copy = read_plan(shutil.copytree(second.folder, tmp_path / second.id))
    path = copy.folder / "published" / "designation.pairs.parquet"
    frame = pl.read_parquet(path)
    frame.with_columns(recipient=pl.col("recipient").reverse()).write_parquet(path)
    assert {"seal", "id"} <= {b.rule for b in verify(copy).broken}


def test_the_id_covers_what_was_held_against(
    first: Plan, second: Plan, changed: Path, tmp_path: Path
) -> None:
    plain = plan(read_scenario(changed), tmp_path)
    beside = plan(read_scenario(changed, published=first.folder), tmp_path)
    other = plan(read_scenario(changed, published=second.folder), tmp_path)
    assert len({plain.id, beside.id, other.id, first.id}) == 4
    assert plain.stages["designation"]["objective"] == beside.stages["designation"]["objective"]
    assert len(pairs(beside) ^ pairs(first)) <= len(pairs(plain) ^ pairs(first))


def test_a_stage_that_the_published_plan_does_not_decide_is_as_without_it(
    first: Plan, tmp_path: Path
) -> None:
    """Nothing is told of it, and nothing of it counts as new."""
    counties = write_small(tmp_path / "two", TWO.replace('"designation", "cadres"', '"cadres"'), **MORE)
    people = plan(read_scenario(counties), tmp_path)
    beside = plan(read_scenario(write_small(tmp_path / "one", CHEAP), published=people.folder), tmp_path)
    assert pairs(beside) == pairs(first) and "published" not in beside.stages["designation"]["details"]
    assert {
        r["state"] for r in beside.stages["designation"]["rules"] if r["rule"].startswith("published")
    } == {"off"}


def test_a_file_may_name_the_plan(first: Plan, tmp_path: Path) -> None:
    shutil.copytree(first.folder, tmp_path / "published-plan")
    text = 'published = "../published-plan"\n' + CHEAP + "published_changes_max = 0\n"
    found = plan(read_scenario(write_small(tmp_path / "small", text, units=MOVED)), tmp_path)
    assert pairs(found) == pairs(first)


def test_without_a_plan_the_rules_are_an_error(first: Plan, changed: Path, tmp_path: Path) -> None:
    found = read_scenario(changed, settings=["designation.published_changes_max=2"])
    with pytest.raises(ScenarioError, match="no published plan is given"):
        plan(found, tmp_path)
    with pytest.raises(InputError):
        read_scenario(changed, published=tmp_path / "nowhere")
    with pytest.raises(ScenarioError, match="decides nothing of this stage"):
        settings = ["pairing.published_changes_max=2"]
        plan(read_scenario(changed, settings=settings, published=first.folder, stages=["pairing"]), tmp_path)


def test_a_sweep_keeps_it(first: Plan, changed: Path, tmp_path: Path) -> None:
    scenario = read_scenario(changed, published=first.folder)
    keep_scenario(scenario, tmp_path / "one")
    (tmp_path / "one" / "sweep.json").write_text("{}")
    unpack(packed_scenario(tmp_path / "one"), tmp_path / "two")
    found = kept_scenario(tmp_path / "two").published
    assert found is not None and found.plan == first.id
    assert {k: v.to_dicts() for k, v in kept_tables(found).items()} == {
        k: v.to_dicts() for k, v in kept_tables(published_plan(first.folder)).items()
    }


def test_two_scenarios_differ_by_it(first: Plan, changed: Path) -> None:
    one, two = read_scenario(changed), read_scenario(changed, published=first.folder)
    assert list(input_difference(one, two).head) == [("published", "–", first.id)]


def test_why_two_plans_differ_takes_the_published_plan_over(
    first: Plan, second: Plan, tmp_path: Path
) -> None:
    """It comes before the values that are held against it; the other way round it goes last of them."""
    forth = [c.name for c in changes_between(first, second)]
    assert forth[:3] == ["published", "designation.published_changes_max", "designation.published_frozen"]
    back = [c.name for c in changes_between(second, first)]
    assert back.index("published") == 2 and set(back) == set(forth)
    steps = why_different(first, second)
    assert [s.trouble for s in steps if s.trouble] == [] and steps[-1].plan_id is not None


def test_a_freeze_that_cannot_hold_is_named_and_can_be_lifted(
    first: Plan, changed: Path, tmp_path: Path
) -> None:
    """The pair in county A is published and banned from changing; the pin wants another."""
    helper = next(s for s, r in pairs(first) if r == "A")
    other = next(u for u in ("u1", "u2", "u3") if u != helper)
    settings = [
        'designation.published_frozen=["A", "D"]',
        f'designation.pins=["{other}>A"]',
        "designation.units_per_county=[1, 3]",
    ]
    found = read_scenario(changed, settings=settings, published=first.folder)
    with pytest.raises(InfeasibleError) as told:
        plan(found, tmp_path)
    assert "published_frozen" in told.value.text.en
    assert {(m.key, m.entry) for m in told.value.members} == {
        ("published_frozen", "A"),
        ("pins", f"{other}>A"),
    }
    ways = find_ways_out(found, executor=InProcess())
    lift = next(r for r in ways.repairs if "published_frozen" in r.words[0].en)
    target = write_overlay(
        found, str(changed), "designation", lift, tmp_path / "mended", settings, str(first.folder)
    )
    mended = read_scenario(target)
    assert mended.policies["designation"].values["published_frozen"] == ["D"]
    assert verify(plan(mended, tmp_path)).ok
