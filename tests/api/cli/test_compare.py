"""``jiedui compare``: costs that are measured differently, baselines of both, ids of what has a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.api.cli.conftest import Typed
from tests.planner.small import FILE, TABLES, write_small


@pytest.fixture
def heavy(tmp_path: Path) -> Plan:
    """The small scenario with distance twice as heavy."""
    scenario = read_scenario(write_small(tmp_path / "heavy"), settings=("designation.distance_weight=2",))
    return make_plan(scenario, tmp_path / "plans")


def test_costs_by_different_weights_are_told_and_measured(
    typed: Typed, small_plan: Plan, heavy: Plan
) -> None:
    _, out, _ = typed("compare", small_plan.folder, heavy.folder)
    assert "⚠ designation: distance_weight differs, so each plan measures cost in its own way" in out
    lines = {
        line.split("  ")[0]: line.split()[-2:]
        for line in out.splitlines()
        if line.startswith("by the values")
    }
    mine, theirs = lines[f"by the values of {small_plan.id}"], lines[f"by the values of {heavy.id}"]
    costs = [p.table("pairs")["cost"].sum() for p in (small_plan, heavy)]
    assert float(mine[0]) == pytest.approx(costs[0]) and float(theirs[1]) == pytest.approx(costs[1])
    assert float(mine[1]) < float(theirs[1])
    assert f"baseline ({small_plan.id})" in out and f"baseline ({heavy.id})" in out
    _, chinese, _ = typed("--lang", "zh", "compare", small_plan.folder, heavy.folder)
    assert "各方案的成本衡量方式不同" in chinese


def test_one_baseline_where_it_is_the_same(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    scenario = read_scenario(write_small(tmp_path / "pinned", FILE + 'pins = ["u3>A"]\nkeep_share = "off"\n'))
    _, out, _ = typed("compare", small_plan.folder, make_plan(scenario, tmp_path / "plans").folder)
    assert "measures cost in its own way" not in out
    head = next(line for line in out.splitlines() if "key figure " in line)
    assert head.count("baseline") == 1


def test_changed_input_rows_show_the_id_beside_the_name(
    typed: Typed, small_plan: Plan, tmp_path: Path
) -> None:
    units = TABLES["units"].replace("u2,第二行,bank,C,2", "u2,第二行,bank,C,1")
    other = make_plan(read_scenario(write_small(tmp_path / "other", units=units)), tmp_path / "plans")
    _, out, _ = typed("compare", small_plan.folder, other.folder)
    (row,) = [line for line in out.splitlines() if line.startswith("changed") and "2 → 1" in line]
    assert row.split()[1] == "u2"
    assert row.count("第二行") == 1
