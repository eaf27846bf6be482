"""`jiedui plan --elastic` from the scenario to the request: the plan, its id, what is shown, what is checked, what is proposed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli.progress import broken_word
from graph.errors import InfeasibleError, UsageError
from planner.elastic.broken import broken_in, places_in
from planner.elastic.promises import listed
from planner.office.propose import broken_warning
from planner.otherwise import otherwise
from planner.plan import Plan
from planner.replay import scenario_of
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.solve.pool import InProcess
from planner.stages import STAGES
from planner.subject import read_subject
from planner.verify import verify
from tests.planner.clash.infeasible_cases import CASES
from tests.planner.planned import HEAD
from tests.planner.small import FILE, MORE, TWO, write_small

TIGHT = FILE.replace("units_per_county = [1, 2]", "units_per_county = [2, 2]")


def make(folder: Path, *, elastic: bool) -> Plan:
    return make_plan(
        read_scenario(folder), folder / "plans", executor=InProcess(), elastic=elastic, reuse=False
    )


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Three units that can carry six counties in all, where four counties are promised two each."""
    folder = write_small(tmp_path_factory.mktemp("tight") / "land", TIGHT)
    with pytest.raises(InfeasibleError):
        make(folder, elastic=False)
    assert not list((folder / "plans").glob("[!.]*"))
    return make(folder, elastic=True)


def test_the_plan_says_what_it_breaks(tight: Plan) -> None:
    assert tight.head["elastic"] is True and tight.head["inputs"]["elastic"] is True
    elastic = tight.stages["designation"]["details"]["elastic"]
    broken = broken_in(tight.stages["designation"])
    assert sum(p["short"] for p in broken) == 2 and {p["rule"] for p in broken} == {"units_per_county"}
    assert elastic["weight"] == elastic["weight_bound"] == 1.0
    (state,) = [r for r in tight.stages["designation"]["rules"] if r["rule"] == "units_per_county"]
    assert state["state"] == "broken"
    assert scenario_of(tight).elastic
    assert verify(tight).ok


def test_nothing_else_may_be_broken_and_all_must_be_as_told(tight: Plan, tmp_path: Path) -> None:
    head = json.loads(json.dumps(tight.head))
    first = head["stages"]["designation"]["details"]["elastic"]["broken"][0]
    first["got"] += 1
    found = verify(Plan(tight.folder, head))
    assert {b.rule for b in found.broken} == {"units_per_county"} and len(
        found.broken
    ) == 2  # told and not so, and so but not told
    del head["elastic"], head["inputs"]["elastic"]
    assert "id" in {b.rule for b in verify(Plan(tight.folder, head)).broken}  # the id covers it


def test_where_all_rules_can_hold_it_decides_the_same(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "land", TWO, **MORE)
    plain, elastic = make(folder, elastic=False), make(folder, elastic=True)
    assert plain.id != elastic.id and not any(map(broken_in, elastic.stages.values()))
    assert {n: t.to_dicts() for n, t in plain.tables().items()} == {
        n: t.to_dicts() for n, t in elastic.tables().items()
    }
    stages = [p.stages["designation"] for p in (plain, elastic)]
    assert stages[0] == stages[1] and verify(elastic).ok and broken_warning(elastic) == ""


def test_where_rules_that_never_give_clash_they_are_named(tmp_path: Path) -> None:
    stage, make_context, _ = CASES["exit: a line that the centre does not know"]
    seen = make_context()
    data = tmp_path / "data"
    data.mkdir()
    for name in seen.network.frames:
        frame = seen.network.frame(name)
        known = [c for c in frame.columns if frame[c].null_count() < frame.height]
        frame.select(known or frame.columns).write_csv(data / f"{name}.csv")
    (tmp_path / "scenario.toml").write_text(HEAD.format(stages=f'"{stage}"') + '\n[exit]\nline = 0.01\nvillages = false\n', encoding="utf-8")  # fmt: skip
    with pytest.raises(InfeasibleError, match="not even with every promise broken") as raised:
        make(tmp_path, elastic=True)
    assert raised.value.exit_code == 3 and any(m.never_relax for m in raised.value.members)


def test_whoever_approves_is_warned(tight: Plan) -> None:
    warning = broken_warning(tight)
    assert (
        "违约" in warning
        and "broke" not in warning.split("·")[0]
        and "designation.units_per_county" in warning
    )


def test_another_choice_has_no_price_where_promises_are_broken(tight: Plan) -> None:
    with pytest.raises(UsageError, match="no price to be held against"):
        otherwise(tight, read_subject(tight, "A"))


def test_a_place_under_two_rules_counts_once() -> None:
    context = CASES["designation: two units for each county, three that can carry one"][1]()
    stage = STAGES["designation"]
    given = [("units_per_county", "A"), ("deep_poverty_strength", "A"), ("units_per_county", "B")]
    assert listed(stage, context, given, most=1).en == (
        "units per county and strength that a unit of a county that comes first needs (county A) and 1 more"
    )
    assert (
        listed(stage, context, given).zh.count("county A") == 1
        and "等" not in listed(stage, context, given).zh
    )
    assert places_in([{"about": about} for _, about in given]) == 2
    assert (
        broken_word(3, 2).en == "3 promises broken at 2 places"
        and broken_word(3, 2).zh == "违约 3 项（2 处）"
    )
    assert broken_word(2, 2).en == "2 promises broken"
