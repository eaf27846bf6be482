"""``jiedui compare``: costs that are measured differently, baselines of both, ids of what has a name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.api.cli.conftest import Typed
from tests.planner.compare.made import made, money, pair, posting
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


def test_a_stage_that_is_not_planned_is_told_once_and_is_no_difference(typed: Typed, tmp_path: Path) -> None:
    two = made(tmp_path, "two", pairs=[pair("u1", "p1")], postings=[posting("c1", "v1")])
    one = made(tmp_path, "one", pairs=[pair("u1", "p1")])
    for plans in ((two, one), (one, two)):
        code, out, _ = typed("compare", *(p.folder for p in plans), "--to", tmp_path / "c.html")
        told = "one has not planned these stages, which are not compared: cadres"
        assert code == 0 and out.count("not planned") == 1 and told in out
        assert "no difference in the result" in out
        page = (tmp_path / "c.html").read_text(encoding="utf-8")
        assert page.count("has not planned these stages") == 1 and "东村" not in page
    _, out, _ = typed("compare", two.folder, one.folder, "--json")
    found = json.loads(out)
    assert found["not_planned"] == {"one": ["cadres"]}
    assert found["changes"] == {"one": {}} and found["moves"] == found["churn"] == []


def test_one_baseline_where_it_is_the_same(typed: Typed, small_plan: Plan, tmp_path: Path) -> None:
    scenario = read_scenario(write_small(tmp_path / "pinned", FILE + 'pins = ["u3>A"]\nkeep_share = "off"\n'))
    _, out, _ = typed("compare", small_plan.folder, make_plan(scenario, tmp_path / "plans").folder)
    assert "measures cost in its own way" not in out
    head = next(line for line in out.splitlines() if "key figure " in line)
    assert head.count("baseline") == 1


def test_baselines_of_several_plans_stand_in_a_table_of_their_own(
    typed: Typed, small_plan: Plan, heavy: Plan, tmp_path: Path
) -> None:
    third = read_scenario(write_small(tmp_path / "third"), settings=("designation.distance_weight=3",))
    plans = [small_plan, heavy, make_plan(third, tmp_path / "plans")]
    _, out, _ = typed("compare", *(p.folder for p in plans))
    heads = [line for line in out.splitlines() if "key figure " in line]
    assert len(heads) == 2 and heads[0].count("baseline") == 1 and "baseline" not in heads[1]
    below = out[out.index("baselines that differ") :].split("\n\n")[0]
    for plan in plans:
        (cost,) = [k["baseline"] for k in plan.stages["designation"]["kpis"] if k["key"] == "cost"]
        assert f"{cost:,.3f}" in below
    assert "pairs" not in below.replace("per pair", "")  # the same baseline in all three


def test_changed_input_rows_show_the_id_beside_the_name(
    typed: Typed, small_plan: Plan, tmp_path: Path
) -> None:
    units = TABLES["units"].replace("u2,第二行,bank,C,2", "u2,第二行,bank,C,1")
    other = make_plan(read_scenario(write_small(tmp_path / "other", units=units)), tmp_path / "plans")
    _, out, _ = typed("compare", small_plan.folder, other.folder)
    (row,) = [line for line in out.splitlines() if line.startswith("changed") and "2 → 1" in line]
    assert row.split()[1] == "u2"
    assert row.count("第二行") == 1


def test_sections_of_the_terminal(typed: Typed, tmp_path: Path) -> None:
    one = made(tmp_path, "one", pairs=[pair("u1", "p1")], postings=[posting("c1", "v1")],
               allocations=[money("e", "p1", 300_000_000), money("g", "q1", 100_000_000)])  # fmt: skip
    two = made(tmp_path, "two", pairs=[pair("u2", "p1")], postings=[posting("c1", "v2")],
               allocations=[money("e", "p2", 100_000_000), money("g", "q1", 200_000_000)])  # fmt: skip
    code, out, _ = typed("compare", one.folder, two.folder)
    assert code == 0
    for said in ("winners and losers", "counties that lose and gain most money", "Gini (0: all have the same)",
                 "pairs that change, by province", "who moves, by province", "money between provinces that changes"):  # fmt: skip
        assert said in out
    lines = out.splitlines()
    assert any(
        line.split()[-3:] == ["-300.0", "million", "yuan"] and line.startswith("一县") for line in lines
    )
    (pairs,) = [line for line in lines if "designated assistance" in line and "甲省" in line]
    assert pairs.split()[-4:] == ["0", "1", "0", "0"]
    (flow,) = [line for line in lines if line.startswith("money of the whole country")]
    assert flow.split()[-3:] == ["100.0", "million", "yuan"]
    assert "in the place of 第1局" in out and "was at 东村" in out
    rows = [line for line in lines if line.startswith(("new", "ended", "changed")) and "2017" in line]
    assert rows and all(" industry " in line for line in rows)  # programmes by title, sources by name
    assert any("协作" in line for line in rows) and not any(line.split()[1] == "e" for line in rows)
    _, few, _ = typed("compare", one.folder, two.folder, "--limit", "1")
    assert "… and 2 more" in few and len(few.splitlines()) < len(lines)
    _, chinese, _ = typed("--lang", "zh", "compare", one.folder, two.folder)
    assert "谁得谁失" in chinese and "接替 第1局" in chinese


def test_json_carries_all_of_it(typed: Typed, small_plan: Plan, heavy: Plan) -> None:
    found = json.loads(typed("compare", small_plan.folder, heavy.folder, small_plan.folder, "--json")[1])
    assert found["plans"] == [small_plan.id, heavy.id, small_plan.id]
    assert {"amounts", "balance", "gini", "lorenz", "worst"} == set(found["support"])
    assert {"links", "partners", "partner_counts", "moves", "churn", "flows", "costs"} <= set(found)
    assert all(row["why_en"] and row["why_zh"] for row in found["changes"][heavy.id]["pairs"])


def test_files_by_their_ending(typed: Typed, small_plan: Plan, heavy: Plan, tmp_path: Path) -> None:
    for name, begins in (
        ("c.xlsx", b"PK"),
        ("c.html", b"<!doctype html>"),
        ("C.HTML", b"<!doctype html>"),
        ("c.graphml", b"<?xml"),
    ):
        code, out, _ = typed("compare", small_plan.folder, heavy.folder, "--to", tmp_path / name)
        assert code == 0 and "written" in out
        assert (tmp_path / name).read_bytes().startswith(begins)
    code, _, err = typed("compare", small_plan.folder, heavy.folder, "--to", tmp_path / "c.pdf")
    assert code == 2 and "c.pdf" in err and ".xlsx, .html or .graphml" in err
    assert not (tmp_path / "c.pdf").exists()


def test_one_plan_and_the_same_twice(typed: Typed, small_plan: Plan) -> None:
    assert typed("compare", small_plan.folder)[0] == 2
    code, out, _ = typed("compare", small_plan.folder, small_plan.folder)
    assert code == 0 and "the plans are the same" in out
