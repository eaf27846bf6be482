"""A table of allocations laid back onto the network, and prices of amounts that begin with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from planner.otherwise import otherwise
from planner.otherwise.choice import Asking
from planner.plan import Plan
from planner.solve import flow_nearest
from planner.solve.bounded_flow import cheapest_flow
from planner.solve.pool import InProcess
from planner.solve.potentials import exact_dot
from planner.stages.funds import STAGE
from planner.stages.funds.amount import Amount, most_of
from planner.stages.funds.laid import laid, rows_of, sums
from planner.stages.funds.network import build_network
from planner.stages.funds.stage import seen
from planner.stages.funds.tasks import task_of
from planner.subject import read_subject
from tests.planner.money_land import (
    PLAIN,
    money,
    need,
    random_country,
    random_values,
    two_counties,
)
from tests.planner.planned import planned
from tests.planner.tiny import context, solve


@pytest.mark.parametrize("fairness", ["weighted", "proportional"])
def test_a_plans_table_costs_as_a_flow_what_the_plan_costs(fairness: str) -> None:
    tried = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        given = context(STAGE, random_country(rng), **random_values(rng), fairness=fairness)
        outcome = solve(STAGE, given)
        if "allocations" not in outcome.tables:
            continue
        built = build_network(*seen(given), True)
        arrays, rows = built.model.arrays(), rows_of(built.facts, outcome.tables["allocations"])
        flow = laid(built, arrays, rows)
        assert flow is not None and -exact_dot(arrays["cost"], flow) == outcome.objective
        if len(rows):
            tried += 1
            rows[0, 4] += 10**6  # more than the need takes, or the source has
            assert laid(built, arrays, rows) is None
    assert tried > 5


def test_what_a_later_year_lacks_is_carried_to_it_and_no_more() -> None:
    """Budgets 100 and 20, of the first half may be carried; 60 spent in the first year, 50 in the second: 30 are carried, 10 left."""
    net = two_counties(
        needs=[need("a", "industry", 60), need("a", "industry", 50, 2018)],
        fund_budgets=[money("g", 100, 2017, 0.5), money("g", 20, 2018)],
    )
    built = build_network(*seen(context(STAGE, net, **PLAIN)), True)
    rows = np.array([[0, 0, 0, 0, 60], [0, 0, 0, 1, 50]])
    flow = laid(built, built.model.arrays(), rows)
    assert flow is not None
    families = built.model.families
    assert flow[families["carry"]].tolist() == [30] and flow[families["unspent"]].tolist() == [10, 0]
    rows[1, 4], rows[0, 4] = 50, 71  # then only 29 are there to be carried
    assert laid(built, built.model.arrays(), rows) is None


def test_sums_go_to_the_arc_that_they_name() -> None:
    arcs, index = np.array([[1, 2], [0, 3], [4, 0]]), np.array([[0, 3], [4, 0], [0, 3], [9, 9], [-1, 2]])
    assert sums(arcs, index, np.array([5, 7, 1, 100, 100])).tolist() == [0, 6, 7]
    assert sums(arcs[:0], index, np.ones(5, np.int64)).tolist() == []
    assert sums(arcs, index[:0], np.ones(0, np.int64)).tolist() == [0, 0, 0]


def full_price(plan: Plan, held: Amount) -> int | None:
    """Change of the objective, in thousandths, by one flow from the beginning; ``None`` where there is none."""
    asking = Asking(plan, "funds", InProcess())
    facts, known = seen(asking.context)
    flow = cheapest_flow(task_of(asking.context, facts, known, asking.limits, held)[0].arrays)
    if flow is None:
        return None
    cost = task_of(asking.context, facts, known, asking.limits, held)[0].arrays["cost"]
    return -exact_dot(cost, flow) - int(plan.stages["funds"]["objective"])


@pytest.mark.parametrize("seed", range(4))
def test_a_price_is_what_a_whole_forced_solve_gives(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of counties, programmes and sources, and never by solving the plan itself again."""
    rng = np.random.default_rng(seed)
    values: dict[str, Any] = {**PLAIN, "return_steps": {"0.5": 1.0, "1.0": 0.5}, "need_weight": 1.0, "per_head": [0, 60]}  # fmt: skip
    plan = planned(tmp_path, random_country(rng, 2), funds=values)
    facts, known = seen(Asking(plan, "funds", InProcess()).context)
    priced, none = 0, 0
    monkeypatch.setattr(flow_nearest, "cheapest_flow", None)
    rows = plan.table("allocations")
    for source, region, programme, year, yuan, _ in rows.sample(min(6, rows.height), seed=seed).iter_rows():
        c, p, t = facts.counties.index(region), facts.programmes.index(programme), facts.years.index(year)
        s = facts.sources.index(source)
        grant = facts.instrument[s] not in ("microcredit", "relending")
        asked = [(f"{region}:{year}", Amount(c, t, 0)), (f"{region}:{programme}:{year}", Amount(c, t, 0, p))]
        asked += [(f"{source}>{region}:{programme}:{year}", Amount(c, t, 0, p, s))] if grant else []
        for words, of in asked:
            wanted = int(rng.integers(0, 2 * yuan))
            held = Amount(c, t, wanted, of.programme, of.source)
            told = otherwise(plan, read_subject(plan, words), executor=InProcess(), instead=wanted)
            if not told or wanted > most_of(facts, known, held):
                continue
            expected = full_price(plan, held)
            none += expected is None
            priced += expected is not None
            change = told[0].change
            assert (change is None) == (expected is None) and (
                change is None or round(change * 1000) == expected
            )
    assert priced > 3


def test_a_plan_that_is_not_proven_is_solved_before_its_amounts_are_priced(tmp_path: Path) -> None:
    plan = planned(tmp_path, two_counties(), funds={**PLAIN, "return_steps": {"0.5": 1.0, "1.0": 0.5}})
    rows = plan.table("allocations")
    assert rows["amount"].to_list() == [50, 50]
    asked = read_subject(plan, "a:industry:2017")
    told = otherwise(plan, asked, executor=InProcess(), instead=70)
    plan.stages["funds"]["status"] = "FEASIBLE"
    again = otherwise(plan, asked, executor=InProcess(), instead=70)
    assert [(o.change, o.moves) for o in told] == [(o.change, o.moves) for o in again]
    assert isinstance(rows, pl.DataFrame) and told[0].change == -10.0
