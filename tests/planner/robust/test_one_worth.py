"""Money for all futures where a yuan is worth something else in each: the best of all allocations by each criterion."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.network import Network
from graph.schema import RESULTS
from planner.robust.futures import make_futures
from planner.robust.held import value_of
from planner.robust.one_model import figure, tail_size
from planner.robust.one_worth import worth_model
from planner.robust.plans import Asked, Robust, robust_money
from planner.robust.refused import PUBLISHED, WEIGHTED, of_crossing, of_ground
from planner.robust.study import Options, make_robust
from planner.scenario import read_scenario
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages.funds import STAGE
from planner.sweep.design import design_of
from tests.planner.money_land import PLAIN, fact, money, need, random_country, two_counties
from tests.planner.robust.futures_land import write_money
from tests.planner.tiny import context, solve

CRITERIA = ("worst", "regret", "tail", "mean")


def future(net: Network, published: dict[str, pl.DataFrame] | None = None, **values: Any) -> Context:
    made = context(STAGE, net, published=published, **values)
    return Context(made.network, made.policy, made.on, made.seed, {}, {"funds": made.policy}, published=made.published)  # fmt: skip


def robust(
    contexts: list[Context], tail: float = 0.5, best: dict[int, int] | None = None
) -> dict[str, Robust]:
    """A plan by each criterion, held in every future by the checks."""
    seen, run = dict(enumerate(contexts)), InProcess().run
    own = best or {n: -int(solve(STAGE, c).objective or 0) for n, c in seen.items()}
    asked = Asked(
        "funds", seen, own, tail, Limits(), run, lambda n, d: value_of(seen[n], "funds", d, {}, run)
    )
    return {r.criterion: r for r in robust_money(asked, CRITERIA)}


def incidences(a: float, b: float, **more: Any) -> Network:
    """Counties a and b with these shares of poor people, a grant of a few yuan."""
    facts = [fact("a", "poverty_incidence", a), fact("b", "poverty_incidence", b)]
    return two_counties(**{"region_facts": facts, **more})


def test_two_futures_by_hand() -> None:
    """Whoever is poorer counts 2 a yuan, the other 1½: of 10 yuan 5 each are worth 17½ whatever comes, all for one 20 or 15."""
    steps: dict[str, Any] = {**PLAIN, "need_weight": 1.0}
    ten = {"fund_budgets": [money("g", 10)]}
    futures = [future(incidences(0.2, 0.1, **ten), **steps), future(incidences(0.1, 0.2, **ten), **steps)]
    found = robust(futures)
    assert {c: r.status for c, r in found.items()} == dict.fromkeys(CRITERIA, "OPTIMAL")
    assert found["worst"].objective == found["worst"].bound == -17_500
    assert found["regret"].objective == 2_500
    assert found["mean"].objective == -35_000
    decision = found["worst"].decision
    assert decision is not None and decision["amount"].to_list() == [5, 5]


@pytest.mark.parametrize("seed", range(3))
def test_best_of_all_allocations_that_every_future_allows(seed: int) -> None:
    """Two grants, two counties, a few yuan: every allocation is held by the checks in three futures, needs and incidences drawn."""
    rng = np.random.default_rng(seed)
    sources = [{"id": s, "name": s, "level": "central", "instrument": "grant"} for s in ("g", "h")]
    rules = {**PLAIN, "return_steps": {"0.5": 1.0, "1.0": 0.4}, "need_weight": 1.0, "county_ceiling": 2}
    futures = []
    for _ in range(3):
        amounts, budgets = rng.integers(2, 6, 2), rng.integers(1, 3, 2)
        tables: dict[str, Any] = {
            "needs": [need(c, "industry", int(n)) for c, n in zip("ab", amounts, strict=True)],
            "fund_sources": sources,
            "fund_budgets": [money(s, int(n)) for s, n in zip("gh", budgets, strict=True)],
        }
        a, b = rng.uniform(0.01, 0.5, 2).round(3).tolist()
        futures.append(future(incidences(a, b, **tables), **rules))
    own = {n: -int(solve(STAGE, c).objective or 0) for n, c in enumerate(futures)}
    found = robust(futures, 0.5, own)
    every: list[dict[int, int]] = []
    for given in itertools.product(range(3), repeat=4):
        ends = itertools.product("gh", "ab")
        rows = [(s, c, "industry", 2017, n, None) for (s, c), n in zip(ends, given, strict=True) if n]
        table = pl.DataFrame(rows, schema=RESULTS["allocations"].dtypes, orient="row")
        values: dict[int, int] = {}
        for n, seen in enumerate(futures):
            value = value_of(seen, "funds", table, {}, InProcess().run).cost
            if value is None:
                break
            values[n] = value
        every += [values] if len(values) == len(futures) else []
    for criterion, one in found.items():
        right = min(figure(criterion, v, own, tail_size(0.5, 3)) for v in every)
        assert (one.status, one.objective, one.bound) == ("OPTIMAL", right, right)


RULES: dict[str, Any] = {"county_floor": "off", "per_head": "off", "stability": "off", "outside_share": "off", "need_weight": 1.0, "slot_caps": "off"}  # fmt: skip


EXPECTED = {1: (0, 2), 3: (0, 2), 5: (0, 1, 2)}
"""Futures that fit together, by the country's seed: the shares of provinces follow the drawn incidences."""


@pytest.mark.parametrize("seed", EXPECTED)
def test_random_futures_keep_every_rule_and_are_counted_alike(seed: int) -> None:
    """What the checks count is compared with the model inside; no future does better with it than with its own best plan."""
    rng = np.random.default_rng(seed)
    net = random_country(rng)
    facts, needs = net.frame("region_facts"), net.frame("needs")
    futures = []
    for _ in range(3):
        incidence = pl.col("measure") == "poverty_incidence"
        drawn = facts.with_columns(pl.when(incidence).then(pl.col("value") * rng.uniform(0.3, 1.0, facts.height)).otherwise("value").alias("value"))  # fmt: skip
        less = needs.with_columns(
            (pl.col("amount") * rng.uniform(0.8, 1.2, needs.height)).round().cast(pl.Int64)
        )
        futures.append(future(net.with_frames({"region_facts": drawn, "needs": less}), **RULES))
    own = {n: -int(solve(STAGE, c).objective or 0) for n, c in enumerate(futures)}
    found = robust(futures, 0.4, own)
    kept = found["worst"].futures
    assert kept == EXPECTED[seed]
    costs = {c: [r.values[n].cost for n in kept] for c, r in found.items()}
    for one in found.values():
        assert (one.status, one.futures) == ("OPTIMAL", kept)
        assert all(one.values[n].cost is None for n in one.left_out)
    for told in costs.values():
        assert all(c is not None and c >= own[n] for n, c in zip(kept, told, strict=True))
    known = {c: [v for v in told if v is not None] for c, told in costs.items()}
    assert min(max(k) for k in known.values()) == max(known["worst"]) == found["worst"].objective
    assert min(sum(k) for k in known.values()) == sum(known["mean"]) == found["mean"].objective


def test_what_it_is_not_for_is_told() -> None:
    poor = incidences(0.2, 0.1)
    here = future(poor, **PLAIN)
    tagged = [{"region": "a", "tag": "deep_poverty"}]
    assert worth_model([here, future(incidences(0.1, 0.1, region_tags=tagged), **PLAIN)]) == of_ground(
        ["deep"]
    )
    assert worth_model([here, future(poor, **{**PLAIN, "budgets": False})]) == of_ground(["budgets"])
    assert worth_model([here, future(poor, **PLAIN, fairness="proportional")]) == WEIGHTED
    assert worth_model([here, future(poor, **PLAIN, smallest_project=5)]) == of_crossing(["smallest_project"])
    rows = {**PLAIN, "deep_poverty_share": 0.1, "deep_poverty_of": "spent"}
    deep = [future(incidences(a, 0.1, region_tags=tagged), **rows) for a in (0.2, 0.05)]
    why = of_crossing(["deep_poverty_share"])
    assert worth_model(deep) == why
    assert "deep_poverty_share: --set funds.deep_poverty_of=budget" in why.en
    before = {"allocations": pl.DataFrame([("g", "a", "industry", 2017, 5, None)], schema=RESULTS["allocations"].dtypes, orient="row")}  # fmt: skip
    assert worth_model([here, future(poor, published=before, **PLAIN)]) == PUBLISHED
    steps: dict[str, Any] = {**rows, "need_weight": 1.0}
    refused = robust([future(incidences(a, 0.1, region_tags=tagged), **steps) for a in (0.2, 0.05)])
    assert {r.status for r in refused.values()} == {"REFUSED"} and all(r.why == why for r in refused.values())  # fmt: skip


def test_a_share_of_what_is_spent_under_uncertain_budgets_is_one_plan_that_is_held_in_every_future() -> None:
    """a comes first and takes 30 yuan, 0.6 of what is spent at least: 50 of 80 or 100. Where 60 must reach b, nothing fits: left out."""
    tagged = {
        "region_tags": [{"region": "a", "tag": "deep_poverty"}, {"region": "b", "tag": "poor_county_832"}],
        "needs": [need("a", "industry", 30), need("b", "industry", 100)],
    }
    rules = {**PLAIN, "deep_poverty_share": 0.6, "deep_poverty_of": "spent"}
    futures = [future(two_counties(**tagged, fund_budgets=[money("g", n)]), **rules) for n in (80, 100)]
    (told,) = robust(futures).values()
    assert (told.criterion, told.status, told.objective, told.bound) == ("every", "OPTIMAL", -50_000, -50_000)
    assert told.decision is not None and told.decision["amount"].sum() == 50
    assert {n: v.cost for n, v in told.values.items()} == {0: -50_000, 1: -50_000}
    futures.append(
        future(two_counties(**tagged, fund_budgets=[money("g", 100)]), **{**rules, "county_floor": 60})
    )
    (told,) = robust(futures, best=dict.fromkeys(range(3), -50_000)).values()
    assert (told.status, told.futures, told.left_out) == ("OPTIMAL", (0, 1), (2,))


def test_futures_whose_floors_clash_are_left_out() -> None:
    """Of 100 yuan one future keeps 80 for a, another 80 for b: the first two that fit are kept."""

    def flows(county: str) -> list[dict[str, Any]]:
        return [{"source": "g", "region": county, "year": 2016, "stage": "allotted", "amount": 90}]

    values: dict[str, Any] = {**PLAIN, "need_weight": 1.0, "stability": 0.1}
    nets = [incidences(0.2, 0.1, fund_flows=flows("a")), incidences(0.1, 0.2, fund_flows=flows("b")), incidences(0.1, 0.3, fund_flows=flows("a"))]  # fmt: skip
    found = robust([future(n, **values) for n in nets])
    assert all((r.futures, r.left_out) == ((0, 2), (1,)) for r in found.values())
    assert all(r.values[1].cost is None and r.values[0].cost is not None for r in found.values())


def test_a_study_with_uncertain_needs_has_a_plan_by_each_criterion(tmp_path: Path) -> None:
    scenario = read_scenario(write_money(tmp_path / "money"))
    design = design_of(scenario, (), sample=3, seed=1, each_row=["needs[].amount*=0.5:1.2"])
    study = make_robust(make_futures(scenario, design, tmp_path / "futures"), Options(), executor=InProcess())
    (stage,) = study.stages
    assert [(r.criterion, r.status) for r in stage.robust] == [
        (c, "OPTIMAL") for c in ("worst", "regret", "tail")
    ]
    judged = {j.candidate.name: j for j in stage.judged}
    assert all(judged[f"robust:{c}"].candidate.breaks == () for c in ("worst", "regret", "tail"))
    worst = [j.figures["worst"] for j in stage.judged if not j.candidate.breaks]
    assert judged["robust:worst"].figures["worst"] == min(w for w in worst if w is not None)
