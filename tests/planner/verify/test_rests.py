"""A stage's own table, checked without what earlier stages decided: nothing is wrong that does not rest on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.schema import RESULTS
from planner.stages.cadres import STAGE as CADRES
from planner.stages.exit import STAGE as EXIT
from planner.stages.funds import STAGE as FUNDS
from planner.verify.cadres import check as check_cadres
from planner.verify.exit import check as check_exits
from planner.verify.funds import check as check_funds
from planner.verify.outcome import Broken, Resolved, StageCheck
from planner.verify.rests import COSTS, RESTS
from tests.planner.cadre_land import PLAIN, REGIONS, first
from tests.planner.cadre_land import cadre as person
from tests.planner.exit_land import fact, land, see
from tests.planner.money_land import random_country, random_values
from tests.planner.tiny import Context, context, network, resolved, solve


def pairs(stage: str, *ends: tuple[str, str]) -> pl.DataFrame:
    """A table of decided pairs."""
    rows = [{"stage": stage, "supporter": s, "recipient": r, "cost": 0.0, "load": 1, "terms": "{}", "kind": None}
            for s, r in ends]  # fmt: skip
    return pl.DataFrame(rows, schema=RESULTS["pairs"].dtypes)


def spoilt(table: pl.DataFrame, column: str, by: float) -> pl.DataFrame:
    """The table with the first cell of a column changed."""
    return table.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.col(column) + by).otherwise(pl.col(column)).alias(column)
    )


def told(stage: str, broken: list[Broken]) -> set[str]:
    """Earlier stages on which all of it rests, through rules that the stage is said to rest on."""
    for found in broken:
        for earlier in found.rests_on:
            rules = COSTS.get(found.rule, (found.rule,))
            assert set(rules) & set(RESTS[stage][earlier]), (found.rule, earlier)
    assert all(b.rests_on for b in broken), [b.text.en for b in broken if not b.rests_on]
    return {e for b in broken for e in b.rests_on}


def cadres_in_a2() -> tuple[Context, pl.DataFrame]:
    """The unit u helps a2 by decision and a1 by the relation in force; its cadre goes to a2's village."""
    people = [person("c", "b1", unit="u"), person("d", "b1", unit=None)]
    relations = [{"id": "1", "kind": "designated", "supporter": "u", "recipient": "a1"}]
    net = network(regions=REGIONS, cadres=people, relations=relations, units=[{"id": "u", "home_region": "b1"}],
                  village_posts=[first("v2"), first("v3")])  # fmt: skip
    values = {**PLAIN, "own_county_weight": 5.0, "posting_area": "county", "own_county_area": "off"}
    seen = context(CADRES, net, {"pairs": pairs("designation", ("u", "a2"))}, **values)
    return seen, solve(CADRES, seen).tables["postings"]


def judged(seen: Context, postings: pl.DataFrame, with_pairs: bool) -> StageCheck:
    both = Resolved(seen.network, {"designation": {}, "cadres": seen.policy.values}, seen.on)
    return check_cadres(both, {"postings": postings, **(seen.decided if with_pairs else {})}, {})


def test_postings_rest_on_designation() -> None:
    seen, table = cadres_in_a2()
    assert dict(table.select("cadre", "village").iter_rows()) == {"c": "v2", "d": "v3"}
    assert judged(seen, table, with_pairs=True).broken == []
    broken = list(judged(seen, table, with_pairs=False).broken)
    assert {b.rule for b in broken} == {"cost", "posting_area"}
    assert told("cadres", broken) == {"designation"}


def test_a_cost_that_no_designation_makes_right_rests_on_none() -> None:
    seen, table = cadres_in_a2()
    for wrong in (spoilt(table, "cost", 1.0), spoilt(table, "cost", -10.0)):
        (cost,) = [b for b in judged(seen, wrong, with_pairs=False).broken if b.rule == "cost"]
        assert cost.rests_on == ()
    without_unit = table.with_columns(cost=pl.col("cost") + 5.0).filter(pl.col("cadre") == "d")
    (cost,) = [b for b in judged(seen, without_unit, with_pairs=False).broken if b.rule == "cost"]
    assert cost.rests_on == ()


@pytest.mark.parametrize("seed", range(30))
def test_allocations_rest_on_pairing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    net = random_country(rng)
    decided = {"pairs": pairs("pairing", ("E", "P"))}
    seen = context(FUNDS, net, decided, **random_values(rng))
    if FUNDS.count(seen):
        return
    outcome = solve(FUNDS, seen)
    if outcome.status not in ("OPTIMAL", "FEASIBLE"):
        return
    table = outcome.tables["allocations"]
    assert not check_funds(resolved(FUNDS, seen), {**decided, **outcome.tables}, {}).broken
    broken = list(check_funds(resolved(FUNDS, seen), outcome.tables, {}).broken)
    assert told("funds", broken) <= {"pairing"}
    if "e1" in table["source"].to_list():
        assert any(b.rule == "owner_region" for b in broken)


def test_who_pays_besides_pairs_rests_on_nothing() -> None:
    """A province's own money in another province is wrong whatever the pairs."""
    net = random_country(np.random.default_rng(1))
    seen = context(FUNDS, net)
    places = [r for r in net.frame("needs")["region"].unique().sort().to_list() if r.startswith("Q")]
    need = net.frame("needs").filter(pl.col("region") == places[0]).row(0, named=True)
    row = {
        "source": "p1",
        "region": places[0],
        "programme": need["programme"],
        "year": need["year"],
        "amount": 1,
    }
    table = pl.DataFrame([{**row, "quantity": 0}], schema=RESULTS["allocations"].dtypes)
    broken = check_funds(resolved(FUNDS, seen), {"allocations": table}, {}).broken
    assert [b.rests_on for b in broken if b.rule == "owner_region"] == [()]


def exits_by_money(**values: Any) -> tuple[Context, pl.DataFrame]:
    """b gets four times a's money; its pair ends in 2017 but is decided anew, as is its unit."""
    relations = [
        {"id": "1", "kind": "east_west", "supporter": "E", "recipient": "b"},
        {"id": "2", "kind": "designated", "supporter": "u", "recipient": "b"},
    ]
    until = [{**r, "until": see(land({})).on.replace(year=2017)} for r in relations]
    net = land({"a": 0.05, "b": 0.06}, villages={"v": ("b", 0.05)}, relations=until,
               pledges=[{"region": "E", "year": 2018, "measure": "persons", "amount": 20}],
               region_facts=[fact("a", "approval", 0.95)])  # fmt: skip
    money = [{"source": "g", "region": r, "programme": "industry", "year": y, "amount": n, "quantity": None}
             for r, n in (("a", 100), ("b", 400)) for y in range(2017, 2021)]  # fmt: skip
    decided = {
        "pairs": pl.concat([pairs("pairing", ("E", "b")), pairs("designation", ("u", "b"))]),
        "allocations": pl.DataFrame(money, schema=RESULTS["allocations"].dtypes),
    }
    seen = see(net, decided, incidence_proxy="funds", **values)
    return seen, solve(EXIT, seen).tables["exits"]


def judged_exits(seen: Context, exits: pl.DataFrame, *without: str) -> list[Broken]:
    """What is broken where some stages have decided nothing."""
    values = {**{s: {} for s in ("pairing", "designation", "cadres", "funds")}, "exit": seen.policy.values}
    tables = {k: v for k, v in seen.decided.items() if k != "allocations" or "funds" not in without}
    tables["pairs"] = tables["pairs"].filter(~pl.col("stage").is_in(without))
    return list(check_exits(Resolved(seen.network, values, seen.on), {**tables, "exits": exits}, {}).broken)


def test_exits_rest_on_funds_pairs_and_units() -> None:
    seen, table = exits_by_money()
    assert judged_exits(seen, table) == []
    by_money = judged_exits(seen, table, "funds")
    assert "incidence" in {b.rule for b in by_money} and told("exit", by_money) == {"funds"}
    for stage in ("pairing", "designation"):
        lost = judged_exits(seen, table, stage)
        assert {b.rule for b in lost} == {"keep_after_exit"} and told("exit", lost) == {stage}


def test_what_is_wrong_with_an_exit_for_certain() -> None:
    """A cost that is not the sum of its terms, a year that is no year, and on a path without money the incidence."""
    seen, table = exits_by_money()
    every = ("funds", "pairing", "designation")
    assert any(
        b.column == "cost" and not b.rests_on for b in judged_exits(seen, spoilt(table, "cost", 1), *every)
    )
    late = judged_exits(seen, spoilt(table, "year", 50), *every)
    assert any(b.rule == "deadline" and not b.rests_on for b in late)
    seen, table = exits_by_money()
    path = see(seen.network, seen.decided, incidence_proxy="path")
    table = solve(EXIT, path).tables["exits"]
    wrong = judged_exits(path, spoilt(table, "incidence", 0.01), "funds")
    assert [(b.rule, b.rests_on) for b in wrong] == [("incidence", ())]
