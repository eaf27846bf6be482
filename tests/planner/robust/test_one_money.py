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
from planner.robust.one_worth import worth_model
from planner.robust.refused import WORTH
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages.funds import STAGE
from planner.stages.funds.crossing import SIMPLER
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
    fair = money_task([future(two_counties(), **PLAIN, fairness="proportional")], Limits())
    assert isinstance(fair, Text)
    assert 'funds.fairness = "proportional"' in fair.zh and "--set funds.fairness=weighted" in fair.zh
    assert 'funds.fairness = "proportional"' in fair.en and "--set funds.fairness=weighted" in fair.en
    rows = {**PLAIN, "deep_poverty_share": 0.1, "deep_poverty_of": "spent"}
    tagged = two_counties(region_tags=[{"region": "a", "tag": "deep_poverty"}])
    crossing = money_task([future(tagged, **rows)], Limits())
    assert isinstance(crossing, Text)
    assert crossing.en.endswith(
        "change (rule: what to set): deep_poverty_share: --set funds.deep_poverty_of=budget"
    )


def test_what_is_told_to_set_instead_mends_it() -> None:
    """With the value that the refusal names there is a plan."""
    tagged = two_counties(region_tags=[{"region": "a", "tag": "deep_poverty"}])
    for rule, values in (
        ("deep_poverty_share", {"deep_poverty_share": 0.1, "deep_poverty_of": "spent"}),
        ("smallest_project", {"smallest_project": 5}),
    ):
        refused = money_task([future(tagged, **{**PLAIN, **values})], Limits())
        assert isinstance(refused, Text) and SIMPLER[rule] in refused.en and SIMPLER[rule] in refused.zh
        key, _, value = SIMPLER[rule].removeprefix("funds.").partition("=")
        assert not isinstance(money_task([future(tagged, **{**PLAIN, **values, key: value})], Limits()), Text)


CROSSING = {**PLAIN, "deep_poverty_share": 0.1, "deep_poverty_of": "spent"}


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({**PLAIN, "fairness": "proportional"}, "fairness"),
        ({**PLAIN, "smallest_project": 5}, "smallest_project=off"),
        (CROSSING, "deep_poverty_of=budget"),
        ({**PLAIN, "budgets": "off"}, WORTH.en),
    ],
)
def test_a_rule_that_is_no_bound_is_seen_in_whichever_future_has_it(
    values: dict[str, Any], why: str, last: bool
) -> None:
    tagged = two_counties(region_tags=[{"region": "a", "tag": "deep_poverty"}])
    plain, odd = future(tagged, **PLAIN), future(tagged, **values)
    told = money_task([plain, odd] if last else [odd, plain], Limits())
    assert isinstance(told, Text) and why in told.en
    assert not isinstance(money_task([plain, plain], Limits()), Text)


def test_a_floor_of_counties_that_differ_by_future_is_no_single_bound() -> None:
    """In one future a comes first, in the other b: no floor of one class is both."""
    one, other = (two_counties(region_tags=[{"region": c, "tag": "deep_poverty"}]) for c in "ab")
    floor = {**PLAIN, "deep_poverty_share": 0.6, "deep_poverty_of": "budget"}
    assert money_task([future(one, **floor), future(other, **floor)], Limits()) == WORTH
    told = worth_model([future(one, **floor), future(other, **floor)])
    assert isinstance(told, Text) and "counties that come first" in told.en
    _, objective = robust(
        [future(one, **PLAIN), future(other, **PLAIN)]
    )  # no floor: the tag matters to nobody
    assert objective == -100 * 1000
