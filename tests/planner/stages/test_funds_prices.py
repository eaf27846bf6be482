"""Prices of money: each side of each row against solving again with that one number changed; by hand; where there are none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from planner.solve.bounded_flow import cheapest_flow
from planner.solve.potentials import exact_dot
from planner.stage import Context, Outcome
from planner.stages.funds import STAGE
from planner.stages.funds.again import usable
from planner.stages.funds.built import SINK, Built, origin_node
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import NO_LIMIT, Known
from planner.stages.funds.million import roomy
from planner.stages.funds.network import build_network
from planner.stages.funds.priced import freed_cells
from planner.stages.funds.stage import seen
from planner.verify.funds import check
from tests.planner.money_land import PLAIN, money, need, random_country, random_values, two_counties
from tests.planner.tiny import context, frame, resolved, solve

COLUMNS = ("rule", "source", "region", "programme", "year")


def value(built: Built, **extra: tuple[Any, ...]) -> int | None:
    """The best objective of a model, with further arcs (tail, head, lower, upper); ``None`` where there is none."""
    for family, arcs in extra.items():
        built.model.arcs(family, *arcs)
    arrays = built.model.arrays()
    flow = cheapest_flow(arrays)
    return None if flow is None else -exact_dot(arrays["cost"], flow)


def with_source(facts: Facts, known: Known, allowed: np.ndarray, budget: np.ndarray) -> Built:
    """The model with one more grant, which nothing else looks at; it is the last source."""
    shape = (1, len(facts.provinces), len(facts.years))
    more = replace(
        facts, sources=[*facts.sources, "~"], level=[*facts.level, "social"], instrument=[*facts.instrument, "grant"],
        direction=[*facts.direction, ""], shared=np.append(facts.shared, False), budget=np.vstack([facts.budget, budget]),
        carry=np.vstack([facts.carry, 0 * budget]), allowed=np.concatenate([facts.allowed, allowed[None]]),
    )  # fmt: skip
    numbers = replace(
        known, share_low=np.concatenate([known.share_low, np.zeros(shape, np.int64)]),
        share_high=np.concatenate([known.share_high, np.full(shape, NO_LIMIT)]), loan_cost=np.append(known.loan_cost, 0),
    )  # fmt: skip
    return build_network(more, numbers, True)


def with_budget(seen_by: Context, source: str, year: int, yuan: int) -> Context:
    """The same scenario with so much more in a budget, by its table."""
    rows = seen_by.network.frame("fund_budgets").to_dicts()
    mine = [r for r in rows if (r["source"], r["year"]) == (source, year)]
    if not mine:
        rows.append(money(source, 0, year))
        mine = rows[-1:]
    mine[0]["amount"] += yuan
    changed = seen_by.network.with_frames({"fund_budgets": frame("fund_budgets", rows)})
    return Context(changed, seen_by.policy, seen_by.on, seen_by.seed, seen_by.decided)


class Again:
    """Solves again with one number changed by so many yuan."""

    def __init__(self, seen_by: Context) -> None:
        self.seen_by = seen_by
        self.facts, self.known = seen(seen_by)
        self.freed = freed_cells(seen_by, self.facts)
        self.step = int(seen_by.policy["price_step"])

    def __call__(self, row: dict[str, Any], yuan: int) -> int | None:
        facts = self.facts
        names = {
            "source": facts.sources,
            "region": facts.counties,
            "programme": facts.programmes,
            "year": facts.years,
        }
        at = {k: names[k].index(row[k]) for k in names if row[k] in names[k]}
        found: int | None = getattr(self, row["rule"])(at, row, yuan)
        return found

    def budgets(self, at: dict[str, int], row: dict[str, Any], yuan: int) -> int | None:
        """Planned from the beginning with another table `fund_budgets`, so that all that follows from it moves."""
        return value(build_network(*seen(with_budget(self.seen_by, row["source"], row["year"], yuan)), True))

    def _floor(self, key: str, at: tuple[int, ...], yuan: int) -> int | None:
        low = getattr(self.known, key).copy()
        low[at] += yuan
        return value(build_network(self.facts, replace(self.known, **{key: low}), True))

    def county_floor(self, at: dict[str, int], row: dict[str, Any], yuan: int) -> int | None:
        return self._floor("county_low", (at["region"], at["year"]), yuan)

    def deep_poverty_share(self, at: dict[str, int], row: dict[str, Any], yuan: int) -> int | None:
        return self._floor("deep_low", (at["year"],), yuan)

    def outside_share(self, at: dict[str, int], row: dict[str, Any], yuan: int) -> int | None:
        return self._floor("outside_low", (at["year"],), yuan)

    def needs(self, at: dict[str, int], row: dict[str, Any], yuan: int) -> int | None:
        facts, cell = self.facts, (at["region"], at["programme"], at["year"])
        if yuan > 0:
            allowed, gift = (
                np.zeros(facts.allowed.shape[1:], dtype=bool),
                np.zeros((1, len(facts.years)), dtype=np.int64),
            )
            allowed[cell[:2]], gift[0, cell[2]] = True, yuan
            return value(with_source(facts, self.known, allowed, gift))
        built = build_network(facts, self.known, True)
        arrays, upper = built.model.arrays(), roomy(built)  # more than a need's own money may have to come
        arrays = {**arrays, "upper": upper}
        lost = {"tail": built.start[cell], "head": SINK, "lower": -yuan, "upper": -yuan, "cost": 0}
        arrays |= {k: np.append(arrays[k], v) for k, v in lost.items()}
        flow = cheapest_flow(arrays)
        return None if flow is None else -exact_dot(arrays["cost"], flow)

    def earmarks(self, at: dict[str, int], row: dict[str, Any], yuan: int) -> int | None:
        facts, s, t = self.facts, at["source"], at["year"]
        freed = self.freed[s].copy()
        if row["region"] is not None:
            freed[facts.province != facts.provinces.index(row["region"])] = False
        built = with_source(facts, self.known, freed, np.zeros((1, len(facts.years)), dtype=np.int64))
        inside = np.flatnonzero(freed.any(axis=1))[:1]
        tail = origin_node(built, np.array([s]), inside, np.array([t]))
        return value(built, freed=(tail, built.budget_node[-1, t], 0, yuan))


def prices(seed: int, step: int, **extra: Any) -> tuple[Context, Outcome, pl.DataFrame] | None:
    """A random country's plan and its prices, where it has any."""
    rng = np.random.default_rng(seed)
    seen_by = context(STAGE, random_country(rng), **{**random_values(rng), **extra, "price_step": step})
    outcome = solve(STAGE, seen_by)
    return None if outcome.prices is None else (seen_by, outcome, outcome.prices)


TIGHT = {"county_floor": 60, "outside_share": 0.3, "deep_poverty_share": 0.4, "need_weight": 2.0}
CASES: list[tuple[int, dict[str, Any]]] = [
    (1, {}),
    (3, {}),
    (5, {}),
    (7, {}),
    (5, TIGHT),
    (9, TIGHT),
    (14, TIGHT),
]


@pytest.mark.parametrize("step", [6, 40, 5000])
@pytest.mark.parametrize(("seed", "extra"), CASES)
def test_every_price_is_what_solving_again_says(seed: int, extra: dict[str, Any], step: int) -> None:
    made = prices(seed, step, **extra)
    assert made is not None
    seen_by, outcome, table = made
    again = Again(seen_by)
    told = check(resolved(STAGE, seen_by), {**outcome.tables, "prices/funds": table}, outcome.certificates)
    assert not told.broken, told.broken[0].text.en
    assert outcome.objective == value(build_network(again.facts, again.known, True))
    mixed = table.sample(fraction=1.0, shuffle=True, seed=seed).with_columns(
        moves=pl.col("more") != pl.col("less")
    )
    some = mixed.sort("moves", descending=True, maintain_order=True).group_by("rule").head(5)
    for row in some.iter_rows(named=True):
        for side, sign in (("less", -1), ("more", 1)):
            if row[side] is not None:
                new = again(row, sign * row[f"{side}_yuan"])
                assert new is not None and new - outcome.objective == row[side], (side, row)
            if row["rule"] != "earmarks" and row[f"{side}_yuan"] < step:
                _no_further(again, row, side)


def _no_further(again: Again, row: dict[str, Any], side: str) -> None:
    """Fewer yuan than the step: because there are no more, or because one more would break a rule."""
    have = row[f"{side}_yuan"]
    if row["rule"] == "budgets" and side == "more":  # no more could be used
        s, t = again.facts.sources.index(row["source"]), again.facts.years.index(row["year"])
        assert have == usable(again.facts, again.known, s, t)
        return
    limits = {
        "budgets": lambda at: again.facts.budget[at["source"], at["year"]],
        "needs": lambda at: NO_LIMIT,
        "county_floor": lambda at: again.known.county_low[at["region"], at["year"]],
        "deep_poverty_share": lambda at: again.known.deep_low[at["year"]],
        "outside_share": lambda at: again.known.outside_low[at["year"]],
    }
    names = {"source": again.facts.sources, "region": again.facts.counties, "year": again.facts.years}
    at = {k: names[k].index(row[k]) for k in names if row[k] is not None}
    if side == "less" and have == limits[row["rule"]](at):
        return
    if row["rule"] != "needs":  # of a need only what it gets is asked for
        assert again(row, (have + 1) * (1 if side == "more" else -1)) is None, (side, row)


def test_in_these_cases_all_kinds_of_rows_move() -> None:
    moved: set[tuple[str, str]] = set()
    for seed, extra in CASES:
        made = prices(seed, 40, **extra)
        assert made is not None
        for side in ("less", "more"):
            moved |= {(r, side) for r in made[2].filter(pl.col(side) != 0)["rule"]}
    both = ("budgets", "deep_poverty_share", "outside_share", "needs")
    assert moved == {
        *((r, s) for r in both for s in ("less", "more")),
        ("county_floor", "more"),
        ("earmarks", "more"),
    }


def row_of(table: pl.DataFrame, rule: str, **at: Any) -> dict[str, Any]:
    """The only row of a rule at a place."""
    found = table.filter(pl.col("rule") == rule, *[pl.col(k) == v for k, v in at.items()])
    assert found.height == 1
    return found.row(0, named=True)


def sides(table: pl.DataFrame, rule: str, **at: Any) -> tuple[Any, ...]:
    """Change for less and for more, in points."""
    row = row_of(table, rule, **at)
    return tuple(None if row[s] is None else row[s] / 1000 for s in ("less", "more"))


THREE_TO_ONE: dict[str, Any] = {**PLAIN, "programme_weights": {"health": 3.0}, "price_step": 10}
"""A yuan counts 1 in a and 3 in b."""


def one_of_two(**tables: Any) -> Any:
    made = {"needs": [need("a", "industry", 100), need("b", "health", 100)]}
    return two_counties(**{**made, **tables})


def test_by_hand_a_floor_holds_money_where_it_counts_less() -> None:
    """100 yuan: a must get 20, b gets 80. Ten more or less go to b, at 3; the floor of a costs 3 − 1 a yuan."""
    net = one_of_two(region_tags=[{"region": "a", "tag": "poor_county_832"}])
    table = solve(STAGE, context(STAGE, net, **{**THREE_TO_ONE, "county_floor": 20})).prices
    assert table is not None
    assert sides(table, "budgets") == (-30, 30)
    assert sides(table, "county_floor", region="a") == (20, -20)
    assert sides(table, "needs", region="a") == (
        -30,
        30,
    )  # ten from outside count for the floor and free ten for b
    assert sides(table, "needs", region="b") == (-30, 30)
    free = solve(STAGE, context(STAGE, net, **{**THREE_TO_ONE, "county_floor": 0})).prices
    assert free is not None and "county_floor" not in free["rule"]


def test_by_hand_a_million_crosses_breakpoints() -> None:
    """b needs 100 and has 95: of ten more five count 3 and five, in a, 1; ten less all cost 3."""
    net = one_of_two(fund_budgets=[money("g", 95)])
    table = solve(STAGE, context(STAGE, net, **THREE_TO_ONE)).prices
    assert table is not None and sides(table, "budgets") == (-30, 5 * 3 + 5)
    assert sides(table, "needs", region="a") == (None, 10)  # it gets nothing that could be lost
    assert sides(table, "needs", region="b") == (-30, 5 * 3 + 5)
    small = one_of_two(fund_budgets=[money("g", 4)])
    row = row_of(solve(STAGE, context(STAGE, small, **THREE_TO_ONE)).prices, "budgets")
    assert (row["less"], row["less_yuan"], row["more_yuan"]) == (-12_000, 4, 10)


def test_by_hand_an_earmark_is_worth_what_the_money_could_do_elsewhere() -> None:
    sources = [{"id": "g", "name": "拨款", "level": "central", "instrument": "grant", "programmes": "industry"},
               {"id": "h", "name": "其他", "level": "central", "instrument": "grant", "programmes": "health"}]  # fmt: skip
    net = one_of_two(fund_sources=sources, fund_budgets=[money("g", 50), money("h", 96)])
    table = solve(STAGE, context(STAGE, net, **THREE_TO_ONE)).prices
    assert table is not None
    assert sides(table, "earmarks", source="g") == (
        None,
        4 * 3 - 4,
    )  # four go to b, which then has all it needs
    assert sides(table, "earmarks", source="h") == (None, 0)
    off = solve(STAGE, context(STAGE, net, **THREE_TO_ONE, earmarks=False)).prices
    assert off is not None and "earmarks" not in off["rule"]


def test_a_floor_that_cannot_rise_says_how_far_it_can() -> None:
    net = one_of_two(region_tags=[{"region": "a", "tag": "poor_county_832"}], fund_budgets=[money("g", 24)])
    table = solve(STAGE, context(STAGE, net, **{**THREE_TO_ONE, "county_floor": 20})).prices
    row = row_of(table, "county_floor", region="a")
    assert (row["more"], row["more_yuan"]) == (-8_000, 4)
    assert row_of(table, "budgets")["less_yuan"] == 4  # fewer than 20 cannot meet the floor


@pytest.mark.parametrize(("values", "word"), [
    ({"budgets": False}, "budgets are off"),
    ({"smallest_project": 10}, "smallest project"),
    ({"deep_poverty_share": 0.1, "deep_poverty_of": "spent"}, "deep_poverty_share"),
])  # fmt: skip
def test_where_prices_make_no_sense_there_are_none(values: dict[str, Any], word: str) -> None:
    net = one_of_two(region_tags=[{"region": "b", "tag": "deep_poverty"}])
    outcome = solve(STAGE, context(STAGE, net, **{**THREE_TO_ONE, **values}))
    assert outcome.prices is None and word in outcome.details["prices"]["why_not"]["en"]


def test_the_most_valuable_come_first_and_equals_are_counted() -> None:
    net = one_of_two(
        fund_sources=[{"id": s, "name": "", "level": "social", "instrument": "grant", "programmes": p}
                      for s, p in (("g", "health"), ("h", "health"), ("i", "industry"))],
        fund_budgets=[money("g", 20), money("h", 20), money("i", 40)],
    )  # fmt: skip
    told = solve(STAGE, context(STAGE, net, **THREE_TO_ONE)).details["prices"]
    assert [(b["rule"], b["source"], b["region"], b["worth"], b["equals"]) for b in told["best"]] == [
        ("budgets", "g", None, 30_000, 1), ("budgets", "h", None, 30_000, 1), ("budgets", "i", None, 10_000, 0),
        ("needs", None, "b", 30_000, 0), ("earmarks", "i", None, 20_000, 0),
    ]  # fmt: skip
    assert told["step"] == 10 and told["unknown"] == 0


@pytest.mark.parametrize(("rule", "side", "by"), [
    ("budgets", "more", 1), ("budgets", "less", 1), ("budgets", "more", -10**6), ("county_floor", "less", 1),
    ("county_floor", "more", 1), ("needs", "more", 1), ("earmarks", "more", 10**6),
])  # fmt: skip
def test_a_price_that_promises_too_much_is_named(rule: str, side: str, by: int) -> None:
    sources = [{"id": "g", "name": "", "level": "central", "instrument": "grant"},
               {"id": "h", "name": "", "level": "central", "instrument": "grant", "programmes": "industry"}]  # fmt: skip
    net = one_of_two(fund_sources=sources, fund_budgets=[money("g", 50), money("h", 40)],
                     region_tags=[{"region": "b", "tag": "poor_county_832"}])  # fmt: skip
    seen_by = context(
        STAGE, net, **{**PLAIN, "programme_weights": {"industry": 3.0}, "county_floor": 20, "price_step": 10}
    )
    outcome = solve(STAGE, seen_by)
    table = outcome.prices
    assert table is not None
    row = row_of(
        table.with_row_index("row"),
        rule,
        **({"source": "h"} if rule == "earmarks" else {})
        | (
            {"source": "g"}
            if rule == "budgets"
            else {"region": "b"}
            if rule in ("county_floor", "needs")
            else {}
        ),
    )
    wrong = pl.when(pl.int_range(table.height) == row["row"]).then(pl.col(side) + by).otherwise(pl.col(side))
    told = check(resolved(STAGE, seen_by), {**outcome.tables, "prices/funds": table.with_columns(wrong.alias(side))},
                 outcome.certificates)  # fmt: skip
    assert [(b.table, b.row, b.column) for b in told.broken] == [("prices/funds", row["row"] + 1, side)]


def test_a_price_of_what_is_not_there_is_named() -> None:
    seen_by = context(STAGE, one_of_two(), **THREE_TO_ONE)
    outcome = solve(STAGE, seen_by)
    assert outcome.prices is not None
    table = outcome.prices.with_columns(
        year=pl.when(pl.col("rule") == "budgets").then(2030).otherwise("year")
    )
    told = check(resolved(STAGE, seen_by), {**outcome.tables, "prices/funds": table}, outcome.certificates)
    assert [(b.row, b.column) for b in told.broken] == [(1, "rule")]
