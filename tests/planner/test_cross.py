"""Plans that weigh differently: each one's decisions measured by the values of both."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from planner.compare import compare
from planner.cross import COSTS, cross_table, measured_otherwise, measures
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.stage import Context
from planner.stages import STAGES
from planner.stages.cadres.pricing import postings_cost
from planner.stages.exit.model import find_parts
from planner.stages.exit.tables import exits_cost
from planner.stages.inspection.results import inspections_cost
from tests.planner import cadre_land, exit_land, inspection_land, tiny
from tests.planner.cadre_land import cadre, first, members
from tests.planner.small import FILE, TABLES, write_small

Make = Callable[..., Plan]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """Plan the small scenario with settings, and tables, of a test's own."""

    def make(*settings: str, **tables: str) -> Plan:
        folder = tmp_path / f"small{len(list(tmp_path.iterdir()))}"
        return make_plan(
            read_scenario(write_small(folder, FILE, **tables), settings=settings), tmp_path / "plans"
        )

    return make


def total(plan: Plan, **factors: float) -> float:
    """Sum of the terms, each by its factor."""
    rows = [json.loads(t) for t in plan.table("pairs")["terms"]]
    return float(sum(v * factors.get(k, 1.0) for row in rows for k, v in row.items())) / 1000


def test_each_plan_by_the_weights_of_both(made: Make) -> None:
    free = "designation.keep_share=off"
    one = made(free)
    heavy = ("designation.distance_weight=20", "designation.change_weight=1.5", 'designation.pins=["u3>A"]')
    two = made(free, *heavy)
    chosen = [set(p.table("pairs").select("supporter", "recipient").iter_rows()) for p in (one, two)]
    assert chosen[0] != chosen[1]
    found = cross_table([one, two])
    assert found["measured_by"].to_list() == [one.id, two.id]
    cells = {(r["measured_by"], i): r[i] for r in found.to_dicts() for i in (one.id, two.id)}
    assert cells[one.id, one.id] == pytest.approx(total(one))
    assert cells[two.id, two.id] == pytest.approx(total(two))
    assert cells[two.id, one.id] == pytest.approx(
        total(one, distance=20, change=0.25), abs=0.05
    )  # terms are rounded
    assert cells[one.id, two.id] == pytest.approx(total(two, distance=1 / 20, change=4), abs=0.05)
    assert cells[one.id, one.id] <= cells[one.id, two.id]  # each is best by its own weights


def test_only_what_costs_are_measured_by_matters(made: Make) -> None:
    assert measured_otherwise([made(), made("designation.keep_share=off")]) == {}
    assert measured_otherwise([made(), made("designation.need_weight=off")]) == {
        "designation": ["need_weight"]
    }
    assert compare([made(), made("designation.units_per_county=[1, 1]")]).costs.is_empty()
    assert "distance_weight" in measures("cadres") and "skill" in measures("cadres")


def test_other_tables_and_forbidden_pairs_cannot_be_measured(made: Make) -> None:
    one, weight = made(), "designation.distance_weight=2"
    moved = TABLES["regions"].replace("B,乙县,county,P,104,31", "B,乙县,county,P,109,31")
    other = made(weight, regions=moved)
    found = {r["measured_by"]: r for r in cross_table([one, other]).to_dicts()}
    assert found[one.id][other.id] is None and found[other.id][one.id] is None
    assert found[one.id][one.id] == pytest.approx(total(one))
    pair = ">".join(one.table("pairs").select("supporter", "recipient").row(0))
    banned = made(weight, "designation.keep_share=off", f'designation.bans=["{pair}"]')
    found = {r["measured_by"]: r for r in cross_table([one, banned]).to_dicts()}
    assert found[banned.id][one.id] is None
    assert found[one.id][banned.id] is not None


def test_baselines_stand_beside_each_other_where_they_differ(made: Make) -> None:
    one, two = made(), made("designation.distance_weight=2")
    kpis = compare([one, two]).kpis
    row = kpis.filter(pl.col("key") == "cost").to_dicts()[0]
    assert row[f"baseline {two.id}"] != row["baseline"]
    assert f"baseline {one.id}" not in kpis.columns
    assert not [
        c
        for c in compare([one, made("designation.keep_share=off")]).kpis.columns
        if c.startswith("baseline ")
    ]


def doubled(stage: Any, seen: Context) -> Context:
    """The same with every weight twice as heavy."""
    values = dict(seen.policy.values)
    twice = {k: 2 * v for k, v in values.items() if k.endswith("_weight") and isinstance(v, int | float)}
    return tiny.context(stage, seen.network, seed=seen.seed, **{**values_of(stage, values), **twice})


def values_of(stage: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {s.key: "off" if values[s.key] is None else values[s.key] for s in stage.settings}


def test_postings_by_other_weights() -> None:
    people = [cadre("a"), cadre("b", skill="law"), cadre("c", "a2", unit="u"), cadre("d")]
    net = tiny.network(
        regions=cadre_land.REGIONS, cadres=people, village_posts=[first("v1"), members("v1", 1, 2, skill="law")],
        units=[{"id": "u", "name": "u", "home_region": "a2"}],
        relations=[{"id": "r", "kind": "designated", "supporter": "u", "recipient": "a2"}],
        postings=[{"cadre": "d", "village": "v1", "post": "m"}],
    )  # fmt: skip
    seen = tiny.context(STAGES["cadres"], net, team_minimum="off")
    table = tiny.solve(STAGES["cadres"], seen).tables["postings"]
    cost = float(table["cost"].sum())
    assert table.height >= 2 and postings_cost(seen, table) == pytest.approx(cost) and cost > 0
    assert postings_cost(doubled(STAGES["cadres"], seen), table) == pytest.approx(2 * cost, abs=0.02)
    assert postings_cost(seen, table.with_columns(village=pl.lit("nowhere"))) is None


def test_postings_that_are_priced_already_are_not_priced_anew() -> None:
    """Those told count as told; only the others are looked at, and these must be known."""
    net = tiny.network(
        regions=cadre_land.REGIONS, cadres=[cadre("a"), cadre("b"), cadre("d")], village_posts=[first("v1"), members("v1", 1, 2)],
        postings=[{"cadre": "d", "village": "v1", "post": "m"}],
    )  # fmt: skip
    seen = tiny.context(STAGES["cadres"], net, team_minimum="off")
    table = tiny.solve(STAGES["cadres"], seen).tables["postings"]
    assert table.height == 3
    one = table.head(1).with_columns(cost=pl.lit(1000.25))
    rest = float(table["cost"][1:].sum())
    assert postings_cost(seen, table, one) == pytest.approx(1000.25 + rest, abs=1e-9)
    assert postings_cost(seen, table, table) == pytest.approx(float(table["cost"].sum()), abs=1e-9)
    assert postings_cost(seen, table, table.clear()) == postings_cost(seen, table)
    assert postings_cost(seen, table.with_columns(post=pl.lit("none")), one) is None


def test_exits_by_other_weights() -> None:
    seen = tiny.context(STAGES["exit"], exit_land.land({"a": 0.0399, "b": 0.1}, deep=["a"]))
    table = tiny.solve(STAGES["exit"], seen).tables["exits"]
    cost = float(table["cost"].sum())
    assert cost > 0 and exits_cost(seen, find_parts(seen), table) == pytest.approx(cost)
    twice = doubled(STAGES["exit"], seen)
    assert exits_cost(twice, find_parts(twice), table) == pytest.approx(2 * cost, abs=0.02)
    assert exits_cost(seen, find_parts(seen), table.with_columns(year=pl.lit(2050))) is None


def test_inspections_by_other_weights() -> None:
    seen = tiny.context(STAGES["inspection"], tiny.network(**inspection_land.BASE), **inspection_land.FEW)
    table = tiny.solve(STAGES["inspection"], seen).tables["inspections"]
    cost = float(table["cost"].sum())
    assert cost > 0 and inspections_cost(seen, table) == pytest.approx(cost)
    assert inspections_cost(doubled(STAGES["inspection"], seen), table) == pytest.approx(2 * cost, abs=0.02)
    assert inspections_cost(seen, table.with_columns(team=pl.lit("nobody"))) is None


def test_own_scores_are_measured_by_their_list() -> None:
    scores = [
        {"stage": "inspection", "supporter": "t", "recipient": "A", "cost": 2.5},
        {"stage": "cadres", "supporter": "a", "recipient": "v0/fs", "cost": 1.5},
    ]
    net = tiny.network(
        pair_scores=scores, inspection_teams=[{"id": "t"}], cadres=[cadre("a")], village_posts=[first("v0")]
    )
    visit = pl.DataFrame({"team": ["t"], "region": ["A"], "kind": ["check"]})
    seen = tiny.context(STAGES["inspection"], net, objective="scores")
    assert inspections_cost(seen, visit) == 2.5
    assert inspections_cost(seen, visit.with_columns(region=pl.lit("B"))) is None
    posting = pl.DataFrame({"cadre": ["a"], "village": ["v0"], "post": ["fs"]})
    assert postings_cost(tiny.context(STAGES["cadres"], net, objective="scores"), posting) == 1.5


def test_every_stage_can_be_measured() -> None:
    assert set(COSTS) == set(STAGES)
