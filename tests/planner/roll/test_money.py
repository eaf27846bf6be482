"""Money adds up to the yuan: budgets, flows, ledger; what is left is carried over as far as it may be."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graph.network import Network
from graph.schema import RESULTS
from planner.roll.money import Money, slots_used, spend, write_money
from planner.roll.outcome import CALM, Chances, Luck
from planner.roll.rows import put
from tests.planner.money_land import money, need, region, two_counties
from tests.planner.roll.lands import FUNDS, scenario_of
from tests.planner.tiny import frame

END = date(2017, 12, 31)
SOURCES = [
    {"id": "g", "level": "central", "instrument": "grant"},
    {"id": "s", "level": "east_west", "instrument": "grant", "owner_region": "S"},
    {"id": "n", "level": "unit", "instrument": "grant"},
]
TIES = [
    {"id": "ew", "kind": "east_west", "supporter": "S", "recipient": "P"},
    {"id": "ew-a", "kind": "east_west", "supporter": "S", "recipient": "a"},
    {"id": "ew-x", "kind": "east_west", "supporter": "X", "recipient": "b"},
    {"id": "d1", "kind": "designated", "supporter": "u1", "recipient": "a"},
    {"id": "d2", "kind": "designated", "supporter": "u2", "recipient": "a"},
    {"id": "d3", "kind": "designated", "supporter": "u3", "recipient": "a", "until": date(2017, 6, 1)},
]


def land(budget: int, share: float = 0.0, later: int = 10, **tables: Any) -> Network:
    rows = [money(s, budget, 2017, share) for s in ("g", "s", "n")] + [
        money("g", later, 2018, 0.5),
        money("s", later, 2018, 0.5),
    ]
    extra: dict[str, Any] = {"fund_sources": SOURCES, "fund_budgets": rows, "relations": TIES,
             "regions": [region("P", level="province"), region("S", level="province"), region("a", "P"), region("b", "P")]}  # fmt: skip
    return two_counties(**{**extra, **tables})


def given_out(*rows: tuple[str, str, str, int]) -> pl.DataFrame:
    told = [{"source": s, "region": r, "programme": p, "year": 2017, "amount": a} for s, r, p, a in rows]
    return pl.DataFrame(
        told, schema={c: t for c, t in RESULTS["allocations"].dtypes.items() if c != "quantity"}
    )


@given(
    amounts=st.lists(st.integers(0, 10**12), min_size=6, max_size=6),
    spare=st.integers(0, 10**12),
    share=st.sampled_from([0.0, 0.1, 0.333, 1.0]),
    seed=st.integers(0, 99),
)
def test_every_yuan_is_somewhere(amounts: list[int], spare: int, share: float, seed: int) -> None:
    cells = [(s, r, p) for s in ("g", "s", "n") for r, p in (("a", "industry"), ("b", "housing"))]
    rows = given_out(*((*c, a) for c, a in zip(cells, amounts, strict=True)))
    net = land(max(amounts) * 2 + spare, share)
    scenario = scenario_of(net, funds=FUNDS)
    found = spend(scenario, rows, 2017, Luck(Chances(unspent=0.5), seed))
    for source, budget in found.budget.items():
        assert budget == found.allotted.get(source, 0) + found.carried[source] + found.lapsed[source]
        assert 0 <= found.carried[source] <= round(share * 10**6) * budget // 10**6
    assert (found.spent["amount"] <= found.spent["allotted"]).all() and (found.spent["amount"] >= 0).all()
    tables = write_money(scenario, found, END)
    if not any(amounts):
        assert tables == {}
        return
    flows = tables["fund_flows"].filter(pl.col("year") == 2017)
    sums = dict(flows.group_by("stage").agg(pl.col("amount").sum()).iter_rows())
    assert sums["allotted"] == sums["received"] == sum(amounts)
    assert sums["spent"] == found.spent["amount"].sum()
    _ledger_agrees(found, tables["ledger"]) if "ledger" in tables else None
    budgets = tables.get("fund_budgets", net.frame("fund_budgets"))
    after = dict(budgets.filter(pl.col("year") == 2018).select("source", "amount").iter_rows())
    assert after == {s: 10 + found.carried[s] for s in ("g", "s")}
    assert found.carried["n"] == 0  # it has no budget in the next year


def _ledger_agrees(found: Money, ledger: pl.DataFrame) -> None:
    paid = found.spent.filter(
        (pl.col("source") == "s") | ((pl.col("source") == "n") & (pl.col("region") == "a"))
    )
    assert ledger["delivered"].sum() == paid["amount"].sum()
    assert ledger["pledged"].sum() == paid["allotted"].sum()


def test_by_hand() -> None:
    """The nearest pair of the region that pays; two units pay alike, the odd yuan is the first's; who is no longer there pays nothing."""
    rows = given_out(
        ("s", "a", "industry", 11),
        ("s", "b", "industry", 20),
        ("n", "a", "industry", 7),
        ("n", "b", "industry", 5),
    )
    scenario = scenario_of(land(100, 0.25), funds=FUNDS)
    found = spend(scenario, rows, 2017, Luck(CALM, 0))
    assert found.carried == {"g": 25, "n": 0, "s": 25} and found.lapsed == {"g": 75, "n": 88, "s": 44}
    tables = write_money(scenario, found, END)
    ledger = tables["ledger"].select("relation", "item", "pledged", "delivered").rows()
    assert ledger == [
        ("d1", "money_put_in", 4, 4), ("d2", "money_put_in", 3, 3), ("ew", "fiscal_funds", 20, 20), ("ew-a", "fiscal_funds", 11, 11),
    ]  # fmt: skip
    assert tables["fund_flows"]["mark"].unique().to_list() == ["synthetic"]
    later = (
        tables["fund_budgets"].filter((pl.col("source") == "g") & (pl.col("year") == 2018)).row(0, named=True)
    )
    assert (
        later["amount"] == 35 and int(round(later["carry_over_max"] * 10**6) * 35 // 10**6) <= 5
    )  # half of the 10 that are its own


def test_without_the_rule_nothing_is_carried_over() -> None:
    scenario = scenario_of(land(100, 0.25), funds={**FUNDS, "carry_over": False})
    assert set(spend(scenario, given_out(), 2017, Luck(CALM, 0)).carried.values()) == {0}


def test_money_is_allotted_where_the_source_was_allotted_before() -> None:
    before = [{"source": "g", "region": "P", "year": 2016, "stage": "allotted", "amount": 5}]
    scenario = scenario_of(land(100, fund_flows=before), funds=FUNDS)
    rows = given_out(("g", "a", "industry", 10), ("g", "b", "industry", 20), ("s", "a", "industry", 3))
    flows = write_money(scenario, spend(scenario, rows, 2017, Luck(CALM, 0)), END)["fund_flows"]
    told = flows.filter((pl.col("year") == 2017) & (pl.col("stage") == "allotted"))
    assert told.select("source", "region", "amount").rows() == [("g", "P", 30), ("s", "a", 3)]


def test_slots_are_counted_but_posts_are_not() -> None:
    needs = [
        need("a", "industry", 100, quantity=9, unit="household", unit_cost=8),
        need("a", "ecology", 100, unit="post", unit_cost=5),
    ]
    net = land(100, needs=needs)
    scenario = scenario_of(net, funds=FUNDS)
    found = spend(
        scenario, given_out(("g", "a", "industry", 12), ("g", "a", "ecology", 10)), 2017, Luck(CALM, 0)
    )
    assert slots_used(net, found.spent) == {"industry": Fraction(3, 2)}


def test_a_row_takes_the_place_of_the_one_with_its_key() -> None:
    old = frame("fund_budgets", [money("g", 1), money("h", 2)])
    new = put(old, "fund_budgets", frame("fund_budgets", [money("g", 5), money("k", 7)]))
    assert new.select("source", "amount").rows() == [("h", 2), ("g", 5), ("k", 7)]
    assert put(old, "fund_budgets", old.clear()).equals(old)
