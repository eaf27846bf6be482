"""The price of stability: exact for every limit against brute force, monotone; with few solves between its ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from api.cli.stability import print_curve
from api.stability_picture import picture, write_picture
from graph.errors import ScenarioError, UsageError
from graph.language import Text
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.solve.pool import InProcess
from planner.stability import curve_of, free_of, price_of_stability
from planner.stability_steps import Curve, Step, filled, next_limit
from planner.stage import Limits
from planner.stages.cadres import STAGE as CADRES
from planner.stages.designation import STAGE
from planner.stages.pairing import STAGE as PAIRING
from tests.planner.cadre_land import PLAIN, REGIONS, cadre
from tests.planner.cadre_land import first as seat
from tests.planner.small import FILE, write_small
from tests.planner.stages.test_cadres_published import published
from tests.planner.stages.test_keeping_designation import COUNTIES, PLACES, brute_force, land, see
from tests.planner.stages.test_keeping_pairing import see as see_pairing
from tests.planner.tiny import context, network, solve


def curve(seed: int, solves: int | None = None) -> tuple[Curve, list[int]]:
    """The curve of a random land, and brute force for every limit of it."""
    draw = np.random.default_rng(seed)
    homes = {f"u{i}": str(draw.choice(list(PLACES))) for i in range(1, 4)}
    published = [f"{draw.choice(list(homes))}{c}" for c in COUNTIES]
    seen = see(published, land(homes), units_per_county=[1, 2])
    free = solve(STAGE, free_of(seen))
    found = curve_of(STAGE, seen, InProcess(), Limits(), free, solves)
    return found, [brute_force(seen, set(published), k, 2)[0] for k in range(found.steps[-1].most + 1)]


@pytest.mark.parametrize("seed", range(6))
def test_every_limit_is_exact_with_one_solve_for_each_step(seed: int) -> None:
    found, right = curve(seed)
    told = [s.objective for s in found.steps for _ in range(s.least, s.most + 1)]
    assert told == right and told == sorted(told, key=lambda v: -(v or 0))
    assert all(s.proved for s in found.steps)
    assert found.solves == len(set(right)) == len(found.steps)


@pytest.mark.parametrize("seed", range(6))
def test_with_few_solves_the_truth_lies_between(seed: int) -> None:
    found, right = curve(seed, solves=2)
    assert found.solves <= 2 and [s.least for s in found.steps[1:]] == [s.most + 1 for s in found.steps[:-1]]
    for step in found.steps:
        for k in range(step.least, step.most + 1):
            assert step.bound is not None and step.objective is not None
            assert step.bound <= right[k] <= step.objective
    assert found.steps[0].least == 0 and found.steps[0].objective == right[0]


def test_limits_below_which_there_is_no_plan() -> None:
    """u9 is gone: one new pair has to be made."""
    seen = see(["u9A", "u2B", "u2C"])
    found = curve_of(STAGE, seen, InProcess(), Limits(), solve(STAGE, free_of(seen)))
    assert (found.steps[0].least, found.steps[0].most, found.steps[0].status) == (0, 0, "INFEASIBLE")
    assert found.steps[1].least == 1


def test_pairing_tells_its_ranks() -> None:
    seen = see_pairing([("E1", "W1"), ("E1", "W2")], [("E1a", "W1a")], county_pairs=True)
    free = solve(PAIRING, free_of(seen))
    found = curve_of(PAIRING, seen, InProcess(), Limits(), free)
    assert [len(s.parts) for s in found.steps if s.objective is not None] == [2] * len(
        [s for s in found.steps if s.objective]
    )
    values = [s.objective for s in found.steps if s.objective is not None]
    assert values == sorted(values, reverse=True) and len(values) > 1


def test_ranks_are_told_as_a_plan_tells_them(capsys: pytest.CaptureFixture[str]) -> None:
    parts = ((Text("空缺", "open"), 2), (Text("成本", "cost"), 738.508))
    ranks = Step(0, 2, "OPTIMAL", 200738508, 200738508, parts, ranked=True)
    print_curve(Curve("cadres", "p", Text("派驻", "posting"), [ranks], 1000))
    print_curve(Curve("exit", "p", Text("退出", "exit"), [Step(0, 2, "OPTIMAL", 1500, 1500, parts)], 1000))
    out = capsys.readouterr().out
    assert "2 › 738.508" in out and "200,738.508" not in out and "1.500" in out


def test_the_widest_stretch_is_halved_first() -> None:
    known = [Step(0, 0, "OPTIMAL", 100, 100), Step(6, 6, "OPTIMAL", 90, 90), Step(20, 20, "OPTIMAL", 10, 10)]
    assert next_limit(known, True, 1) == 13 and next_limit(known, False, 1) is None
    assert next_limit(known[1:], False, 1) == 5 and next_limit(known[1:], True, 1) == 0
    level = filled([Step(0, 0, "OPTIMAL", 9, 9), Step(5, 5, "OPTIMAL", 9, 9)])
    assert level == [Step(0, 5, "OPTIMAL", 9, 9)]
    assert filled([Step(0, 0, "OPTIMAL", 9, 9), Step(0, 3, "OPTIMAL", 9, 9), Step(4, 7, "OPTIMAL", 5, 5)]) == [
        Step(0, 3, "OPTIMAL", 9, 9), Step(4, 7, "OPTIMAL", 5, 5),
    ]  # fmt: skip
    assert [s.status for s in filled([known[0], known[2]])] == ["OPTIMAL", "BETWEEN", "OPTIMAL"]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("first")
    return make_plan(
        read_scenario(write_small(folder / "small")), folder / "plans", executor=InProcess(), reuse=False
    )


CHEAP = FILE + "change_weight = 0.0\nkeep_share = 0.0\n"


def test_a_scenario_s_curve(first: Plan, tmp_path: Path) -> None:
    """Its last step is what ``plan`` finds, its first the published plan's cost today."""
    scenario = read_scenario(write_small(tmp_path / "small", CHEAP), published=first.folder)
    found = price_of_stability(scenario, "designation", InProcess())
    assert found.plan == first.id
    made: Any = make_plan(scenario, tmp_path / "plans", executor=InProcess(), reuse=False)
    assert found.steps[-1].objective == made.stages["designation"]["objective"]
    assert found.to_dict()["steps"][0]["from"] == 0
    with pytest.raises(UsageError, match="does not run the stage pairing"):
        price_of_stability(scenario, "pairing", InProcess())
    with pytest.raises(ScenarioError, match="no published plan"):
        price_of_stability(read_scenario(tmp_path / "small"), "designation", InProcess())


def test_the_picture_has_a_line_for_each_step_and_a_band_where_it_is_open(tmp_path: Path) -> None:
    found = Curve("designation", "0" * 16, STAGE.title, [
        Step(0, 0, "INFEASIBLE", None, None), Step(1, 2, "OPTIMAL", 5000, 5000), Step(3, 6, "BETWEEN", 5000, 2000),
        Step(7, 7, "OPTIMAL", 2000, 2000),
    ], 1000)  # fmt: skip
    drawn = ElementTree.fromstring(picture(found))
    lines = [e for e in drawn.iter("{http://www.w3.org/2000/svg}line") if e.get("stroke-width") == "3"]
    bands = [e for e in drawn.iter("{http://www.w3.org/2000/svg}rect") if e.get("fill-opacity")]
    assert len(lines) == 3 and len(bands) == 1
    assert write_picture(found, tmp_path / "deep" / "curve.svg").read_text(encoding="utf-8") == picture(found)
    print_curve(found)


def test_people_have_a_curve_too() -> None:
    """c0 lives at v0 and c1 at v1, published the wrong way round: two changes save two points, one saves nothing; of one change a price proves half."""
    people = [cadre("c0", "a1"), cadre("c1", "v1")]
    tables = {"regions": REGIONS, "cadres": people, "village_posts": [seat("v0"), seat("v1")]}
    given = published("c0 v1/fs", "c1 v0/fs")
    seen = context(CADRES, network(**tables), published=given, **{**PLAIN, "published_changes_max": 2})
    free = solve(CADRES, free_of(seen))
    found = curve_of(CADRES, seen, InProcess(), Limits(), free)
    none, held, least = found.steps
    assert (
        [(s.least, s.most) for s in found.steps] == [(0, 0), (1, 1), (2, 2)] and none.proved and least.proved
    )
    assert found.solves == 3  # no limit, one change, and none, as the first of these proves nothing of it
    assert held.objective is not None and least.objective is not None and held.bound is not None
    assert held.objective == none.objective == least.objective + 2000
    assert held.bound - least.objective == 1000  # what a price on each change proves of one change
    assert held.bound_parts == (0, 1.0) and [v for _, v in held.parts] == [0, 2.0]


def test_what_is_not_proved_is_told_rank_by_rank(capsys: pytest.CaptureFixture[str]) -> None:
    title = Text("空缺", "open"), Text("成本", "cost")

    def step(least: int, status: str, parts: tuple[int, float], bounds: tuple[int, float]) -> Step:
        sums = [int(1e9 * a + 1000 * b) for a, b in (parts, bounds)]
        told = tuple(zip(title, parts, strict=True))
        return Step(least, least, status, sums[0], sums[1], told, ranked=True, bound_parts=bounds)

    print_curve(Curve("cadres", "p", Text("派驻", "posting"), [
        step(0, "OPTIMAL", (3, 2.5), (3, 2.5)), step(1, "FEASIBLE", (3, 2.5), (3, 1.5)), step(2, "BETWEEN", (3, 2.5), (2, 8.0)),
        Step(3, 3, "FEASIBLE", 9, 8, ((title[0], 2), (title[1], 9.0)), ranked=True), step(4, "OPTIMAL", (2, 8.0), (2, 8.0)),
    ], 1000))  # fmt: skip
    out = capsys.readouterr().out.splitlines()
    said = {line.split()[0]: line for line in out[3:] if line.strip()}
    assert "3 › 2.500" in said["0"] and "+1 › -5.500" in said["0"] and said["0"].rstrip().endswith("proved")
    assert "not proved; no plan is better than 3 › 1.500" in said["1"]
    assert "not solved; no plan is better than 2 › 8.000" in said["2"]
    assert "not proved; no bound is known" in said["3"] and "+0 › +1.000" in said["3"]
    assert "+0 › +0.000" in said["4"]


def test_a_plan_for_few_changes_and_a_bound_for_many_are_known_for_all_between() -> None:
    """A plan found for a low limit keeps higher ones, too; what is proved of a high limit holds for lower ones."""
    ten = Step(8, 10, "FEASIBLE", 90, 70)
    assert filled([ten]) == [Step(0, 7, "BETWEEN", None, 70), Step(8, 10, "FEASIBLE", 90, 70)]
    eight = Step(6, 8, "FEASIBLE", 80, 60)
    assert filled([eight, ten]) == [Step(0, 5, "BETWEEN", None, 70), Step(6, 10, "FEASIBLE", 80, 70)]
    largest = [Step(0, 0, "OPTIMAL", 5, 5), Step(1, 3, "FEASIBLE", 7, 9), Step(4, 4, "OPTIMAL", 9, 9)]
    assert filled(largest, -1) == [largest[0], *largest[1:]]
    assert next_limit([ten], False, 1) == 8 and next_limit([eight, ten], False, 1) == 6
    assert next_limit([Step(8, 8, "OPTIMAL", 90, 90), ten], False, 1) == 7
    both = [Step(0, 4, "FEASIBLE", 90, 80), Step(5, 9, "FEASIBLE", 70, 60)]
    assert next_limit(both, True, 1) == 0 and next_limit([Step(0, 0, "OPTIMAL", 90, 90), *both], True, 1) == 5


def test_the_picture_draws_the_rank_that_tells() -> None:
    """Open posts are 2 all along: the cost alone is drawn; where both differ, one number stands for both, and is called so."""
    titles = Text("空缺", "open"), Text("成本", "cost")

    def drawn(*values: tuple[int, float]) -> str:
        steps = [
            Step(k, k, "OPTIMAL", n := int(1e9 * a + 1000 * c), n, tuple(zip(titles, (a, c), strict=True)), ranked=True)
            for k, (a, c) in enumerate(values)
        ]  # fmt: skip
        return picture(Curve("cadres", "p", Text("派驻", "posting"), steps, 1000))

    one = drawn((2, 8.0), (2, 7.0))
    assert ">成本<" in one or ">cost<" in one
    assert "2,000" not in one and (
        "as one number" in (two := drawn((3, 8.0), (2, 9.0))) or "合成一个数" in two
    )
