"""Money for all futures: the best of all allocations that every future allows, in whole yuan."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.language import Text
from graph.network import Network
from planner.robust.held import value_of
from planner.robust.one_money import money_table, money_task
from planner.robust.one_rows import meet_rows
from planner.robust.one_worth import worth_model
from planner.robust.refused import LEXIMIN, LOGARITHMS, RETURNED, WEIGHTED, WORTH, of_ground
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages.funds import STAGE
from tests.planner.money_land import PLAIN, money, need, random_country, two_counties
from tests.planner.tiny import context, solve


def future(net: Network, **values: Any) -> Context:
    made = context(STAGE, net, **values)
    return Context(made.network, made.policy, made.on, made.seed, {}, {"funds": made.policy})


def robust(contexts: list[Context]) -> tuple[pl.DataFrame, int]:
    made = money_task(contexts, Limits())
    assert not isinstance(made, Text)
    answer = InProcess().run([made[0]])[0]
    assert answer.status == "OPTIMAL"
    assert answer.facts["objective"] == answer.facts["bound"]
    return money_table(made[1], answer), int(answer.facts["objective"])


def test_best_of_all_allocations_that_both_budgets_allow() -> None:
    """Two sources, two counties, a few yuan: every allocation is tried in both futures."""
    sources = [{"id": s, "name": s, "level": "central", "instrument": "grant"} for s in ("g", "h")]
    needs = [need("a", "industry", 3), need("b", "industry", 4)]
    rules = {**PLAIN, "return_steps": {"0.5": 1.0, "1.0": 0.4}, "county_ceiling": 3}
    futures = [
        future(
            two_counties(needs=needs, fund_sources=sources, fund_budgets=[money("g", g), money("h", h)]),
            **rules,
        )
        for g, h in ((3, 1), (1, 2))
    ]
    _, objective = robust(futures)
    costs = []
    for amounts in itertools.product(range(3), repeat=4):
        rows = [
            (s, c, "industry", 2017, n, None)
            for (s, c), n in zip(itertools.product("gh", "ab"), amounts, strict=True)
            if n
        ]
        table = pl.DataFrame(rows, schema=solve(STAGE, futures[0]).tables["allocations"].schema, orient="row")
        first, second = (partial(value_of, f, "funds", table, {}, InProcess().run) for f in futures)
        value = first().cost
        costs += [value] if value is not None and second().cost is not None else []
    assert objective == min(costs)
    assert objective == -2 * 1000  # g has one yuan for sure, h one


RULES = {"county_floor": "off", "per_head": "off", "stability": "off", "outside_share": "off"}
SEEDS = (0, 1, 3, 4, 5, 6)
"""Random countries whose rules are one flow, and in which some allocation keeps them all."""


@pytest.mark.parametrize("seed", SEEDS)
def test_it_keeps_every_rule_of_every_future_and_is_never_better_than_their_own(seed: int) -> None:
    rng = np.random.default_rng(seed)
    net = random_country(rng)
    budgets = net.frame("fund_budgets")
    futures = []
    for _ in range(3):
        scaled = budgets.with_columns(
            (pl.col("amount") * rng.uniform(0.7, 1.2, budgets.height)).round().cast(pl.Int64)
        )
        futures.append(future(net.with_frames({"fund_budgets": scaled}), **RULES))
    table, objective = robust(futures)
    for one in futures:
        value = value_of(one, "funds", table, {}, InProcess().run)
        assert str(value.first) == ""
        assert value.cost == objective
        assert -objective <= int(solve(STAGE, one).objective or 0)


def test_what_it_is_not_for_is_told() -> None:
    one, more = (
        future(two_counties(), **PLAIN),
        two_counties(needs=[need("a", "industry", 90), need("b", "industry", 100)]),
    )
    assert money_task([one, future(more, **PLAIN)], Limits()) == WORTH
    for values in ({"fairness": "leximin"}, {"fairness": "leximin", "smallest_project": 5}):
        assert money_task([future(two_counties(), **PLAIN, **values)], Limits()) == LEXIMIN
    proportional = [future(n, **PLAIN, fairness="proportional") for n in (two_counties(), more)]
    assert money_task(proportional, Limits()) == WORTH
    assert worth_model(proportional) == WEIGHTED
    ceilings = [
        future(two_counties(), **{**PLAIN, "county_ceiling": n}, fairness="proportional") for n in (40, 60)
    ]
    assert money_task(ceilings, Limits()) == LOGARITHMS


TAGGED = [{"region": "a", "tag": "deep_poverty"}]
CROSSING = {**PLAIN, "deep_poverty_share": 0.6, "deep_poverty_of": "spent"}


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({**PLAIN, "fairness": "proportional"}, LOGARITHMS),
        ({**PLAIN, "fairness": "leximin"}, LEXIMIN),
        ({**PLAIN, "microcredit_returns": True}, RETURNED),
        ({**PLAIN, "budgets": "off"}, WORTH),
    ],
)
def test_a_rule_that_is_no_bound_is_seen_in_whichever_future_has_it(
    values: dict[str, Any], why: Text, last: bool
) -> None:
    tagged = two_counties(region_tags=TAGGED)
    plain, odd = future(tagged, **PLAIN), future(tagged, **values)
    assert money_task([plain, odd] if last else [odd, plain], Limits()) == why
    assert not isinstance(money_task([plain, plain], Limits()), Text)


@pytest.mark.parametrize("last", [False, True])
def test_a_share_of_what_is_spent_bites_in_whichever_future_asks_for_it(last: bool) -> None:
    """A county that comes first can take 30 yuan: with a share of 0.6 at most 50 are spent, though 100 are there."""
    net = two_counties(needs=[need("a", "industry", 30), need("b", "industry", 100)], region_tags=TAGGED)
    free, bound = future(net, **PLAIN), future(net, **CROSSING)
    table, objective = robust([free, bound] if last else [bound, free])
    assert objective == -50 * 1000
    assert table["amount"].sum() == 50
    assert robust([free, free])[1] == -100 * 1000


def test_counties_that_come_first_in_other_futures_have_a_share_in_each() -> None:
    """In one future 0.6 of what is spent is a's, in the other b's: nothing can be spent."""
    one, other = (two_counties(region_tags=[{"region": c, "tag": "deep_poverty"}]) for c in "ab")
    assert robust([future(one, **CROSSING), future(other, **CROSSING)])[1] == 0
    half = {**CROSSING, "deep_poverty_share": 0.5}
    table, objective = robust([future(one, **half), future(other, **half)])
    assert objective == -100 * 1000
    assert sorted(table["amount"].to_list()) == [50, 50]


def test_a_project_is_as_large_as_the_strictest_future_asks() -> None:
    """Of 30 yuan, 20 or nothing for a, or 8: 10 for each would do in the second future alone."""
    net = two_counties(
        needs=[need("a", "industry", 25), need("b", "industry", 10)], fund_budgets=[money("g", 30)]
    )
    strict, easy = (future(net, **PLAIN, smallest_project=n) for n in (20, 5))
    made = money_task([strict, easy], Limits())
    assert not isinstance(made, Text)
    answer = InProcess().run([made[0]])[0]
    table = money_table(made[1], answer)
    assert table.select("region", "amount").rows() == [("a", 25)]
    assert value_of(strict, "funds", table, {}, InProcess().run).cost == -25 * 1000


def test_logarithms_that_are_the_same_in_all_futures() -> None:
    """Budgets of 60 and 100: both counties get as much as the plan of the lesser budget gives, to a segment of the logarithm."""
    futures = [
        future(two_counties(fund_budgets=[money("g", n)]), **PLAIN, fairness="proportional")
        for n in (60, 100)
    ]
    table, objective = robust(futures)
    assert objective == -int(solve(STAGE, futures[0]).objective or 0)
    assert table["amount"].sum() == 60
    assert min(table["amount"]) > 20
    assert [value_of(f, "funds", table, {}, InProcess().run).cost for f in futures] == [objective] * 2


CROSSED: list[dict[str, Any]] = [
    {"stability": 0.5, "stability_against": "plan"},
    {"deep_poverty_share": 0.3, "deep_poverty_of": "spent"},
    {"slot_caps": {"tourism": 6}, "slot_caps_by": "country"},
    {"microcredit_window": "outstanding", "microcredit_loan_max": 3},
    {"microcredit_returns": True, "microcredit_years": 1},
]


@pytest.mark.parametrize("rule", range(len(CROSSED)))
def test_rules_across_years_and_counties_hold_in_every_future(rule: int) -> None:
    """Each rule makes side rows; what is found keeps it in every future, and no future's own best plan is worse."""
    rows = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        net = random_country(rng)
        budgets = net.frame("fund_budgets")
        futures = []
        for _ in range(3):
            scaled = budgets.with_columns(
                (pl.col("amount") * rng.uniform(0.7, 1.2, budgets.height)).round().cast(pl.Int64)
            )
            values = {**RULES, "stability": "off", **CROSSED[rule]}
            futures.append(future(net.with_frames({"fund_budgets": scaled}), **values))
        made = money_task(futures, Limits())
        assert not isinstance(made, Text)
        rows += made[0].engine == "flow_rows"
        answer = InProcess().run([made[0]])[0]
        if answer.status == "INFEASIBLE":
            continue
        table, objective = money_table(made[1], answer), int(answer.facts["objective"])
        assert answer.facts["bound"] <= objective
        for one in futures:
            value = value_of(one, "funds", table, {}, InProcess().run)
            assert (str(value.first), value.cost) == ("", objective)
            own = solve(STAGE, one)
            assert own.bound is not None
            assert -objective <= own.bound
    assert rows


def test_one_flow_with_rows_against_all_allocations() -> None:
    """Two budgets, counties that come first in one future alone: every allocation is tried in both."""
    sources = [{"id": s, "name": s, "level": "central", "instrument": "grant"} for s in ("g", "h")]
    needs = [need("a", "industry", 2), need("b", "industry", 4)]
    rules = {**CROSSING, "deep_poverty_share": 0.4, "return_steps": {"0.5": 1.0, "1.0": 0.4}}
    futures = [
        future(
            two_counties(
                needs=needs,
                fund_sources=sources,
                fund_budgets=[money("g", g), money("h", 2)],
                region_tags=tags,
            ),
            **rules,
        )
        for g, tags in ((4, TAGGED), (3, TAGGED))
    ]
    _, objective = robust(futures)
    costs = []
    for amounts in itertools.product(range(4), repeat=4):
        rows = [
            (s, c, "industry", 2017, n, None)
            for (s, c), n in zip(itertools.product("gh", "ab"), amounts, strict=True)
            if n
        ]
        table = pl.DataFrame(rows, schema=solve(STAGE, futures[0]).tables["allocations"].schema, orient="row")
        found = [value_of(f, "funds", table, {}, InProcess().run).cost for f in futures]
        costs += [c for c in found[:1] if c is not None and None not in found]
    assert objective == min(costs)


def test_rows_that_say_the_same_are_one_within_both_bounds() -> None:
    arrays = {
        "indptr": np.array([0, 2, 4, 5]), "indices": np.array([0, 1, 0, 1, 1]), "data": np.array([1, 2, 1, 2, 2]),
        "row_lower": np.array([0, 3, 1]), "row_upper": np.array([9, 20, 4]),
    }  # fmt: skip
    met = {k: v.tolist() for k, v in meet_rows(arrays).items()}
    assert met == {
        "indptr": [0, 2, 3],
        "indices": [0, 1, 1],
        "data": [1, 2, 2],
        "row_lower": [3, 1],
        "row_upper": [9, 4],
    }
    none = {
        "indptr": np.zeros(1, np.int64),
        **{k: np.zeros(0, np.int64) for k in ("indices", "data", "row_lower", "row_upper")},
    }
    assert all(np.array_equal(meet_rows(none)[k], v) for k, v in none.items())


def test_a_floor_of_counties_that_differ_by_future_is_no_single_bound() -> None:
    """In one future a comes first, in the other b: no floor of one class is both."""
    one, other = (two_counties(region_tags=[{"region": c, "tag": "deep_poverty"}]) for c in "ab")
    floor = {**PLAIN, "deep_poverty_share": 0.6, "deep_poverty_of": "budget"}
    assert money_task([future(one, **floor), future(other, **floor)], Limits()) == WORTH
    assert worth_model([future(one, **floor), future(other, **floor)]) == of_ground(["deep"])
    _, objective = robust(
        [future(one, **PLAIN), future(other, **PLAIN)]
    )  # no floor: the tag matters to nobody
    assert objective == -100 * 1000
