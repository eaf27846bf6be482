"""A plan's scenario out of its folder: planned again, the same plan."""

from __future__ import annotations

from pathlib import Path

from planner.plan import Plan
from planner.replay import scenario_of
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.planner.small import MORE, TWO, write_small


def test_planned_again_it_is_the_same_plan(small_plan: Plan, tmp_path: Path) -> None:
    again = make_plan(scenario_of(small_plan), tmp_path)
    assert again.id == small_plan.id
    assert again.table("pairs").equals(small_plan.table("pairs"))


def test_with_a_cited_policy_a_seed_and_two_stages(tmp_path: Path) -> None:
    text = "seed = 7\n" + TWO.replace(
        "units_per_county = [1, 2]", 'units_per_county = { value = [1, 2], policy = "国开发〔2012〕78号" }'
    ).removeprefix("seed = 7\n")
    scenario = read_scenario(write_small(tmp_path / "two", text, **MORE))
    plan = make_plan(scenario, tmp_path / "plans")
    assert plan.head["inputs"]["cites"]["designation"]
    (plan.folder / "run.json").unlink()  # what is in no hash must not be needed
    again = scenario_of(plan)
    assert again.seed == scenario.seed and again.stages == ("designation", "cadres")
    assert make_plan(again, tmp_path / "again").id == plan.id
