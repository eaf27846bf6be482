"""Why budgets are not spent, and why a source pays nothing for a need: each rule named bites, and the reason goes with it."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from graph.language import Text
from planner.stages.funds import STAGE
from planner.stages.funds.left import ELSEWHERE, RULED, UNSETTLED, Unmet
from planner.stages.funds.stage import seen
from tests.planner.money_land import PLAIN, money, need, two_counties
from tests.planner.tiny import context, solve

EAST: dict[str, Any] = {
    "id": "g",
    "name": "Fund",
    "level": "east_west",
    "instrument": "grant",
    "owner_region": "E",
}
PAIRED = [{"id": "r", "kind": "east_west", "supporter": "E", "recipient": "a"}]
OF_A_UNIT: dict[str, Any] = {"id": "g", "name": "Fund", "level": "unit", "instrument": "grant"}
DESIGNATED = [{"id": "r", "kind": "designated", "supporter": "u", "recipient": "b"}]


def explained(key: tuple[str, ...], net: Any, **values: Any) -> Any:
    seen_by = context(STAGE, net, **{**PLAIN, **values})
    outcome = solve(STAGE, seen_by)
    return STAGE.explain(seen_by, {**outcome.tables, "prices": outcome.prices}, key)


def why(net: Any, **values: Any) -> str:
    """Why the grant is not all spent; nothing where it is."""
    return str(explained(("g",), net, **values)[0].why.en)


def land(source: dict[str, Any], **tables: Any) -> Any:
    made = {"fund_sources": [source], "needs": [need("a", "industry", 100), need("b", "health", 100)]}
    return two_counties(**{**made, **tables})


BARRED: list[tuple[str, dict[str, Any], dict[str, Any], Any]] = [
    ("earmarks", {"id": "g", "name": "", "level": "social", "instrument": "grant", "programmes": "housing"}, {}, False),
    ("designated_money", OF_A_UNIT, {"relations": DESIGNATED, "needs": [need("a", "industry", 100)]}, False),
    ("suitability", {"id": "g", "name": "", "level": "social", "instrument": "grant"},
     {"needs": [need("a", "tourism", 100)], "region_tags": [{"region": "b", "tag": "suits:tourism"}]}, False),
    ("bond_programmes", {"id": "g", "name": "", "level": "central", "instrument": "bond"}, {}, "off"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "source", "tables", "off"), BARRED)
def test_a_rule_that_keeps_a_source_from_all_needs(
    rule: str, source: dict[str, Any], tables: dict[str, Any], off: Any
) -> None:
    net = land(source, **tables)
    assert "100 yuan are not spent: it may not pay for the needs that are left, because of" in why(net)
    assert f"(funds.{rule})" in why(net)
    assert why(net, **{rule: off}) == ""


def test_where_no_rule_would_help_the_places_are_told() -> None:
    """Of a, its partner, nothing is left; b is not paired."""
    net = land(EAST, relations=PAIRED, fund_budgets=[money("g", 150)])
    assert (
        why(net) == "50 yuan are not spent: the places paired with E have no other need that it may pay for"
    )
    (found,) = explained(("g", "b"), net)
    (option,) = found.options
    assert (
        option.total == 0
        and option.left.en == "名b is not paired with E, whose money goes to its partners only"
    )


def test_a_ceiling_that_holds_it() -> None:
    net = land({"id": "g", "name": "", "level": "social", "instrument": "grant"})
    assert why(net, county_ceiling=30) == (
        "40 yuan are not spent: the needs left that it may pay for are at a ceiling: county ceiling (funds.county_ceiling)"
    )
    assert why(net) == ""


def test_when_all_needs_are_met_that_is_the_reason() -> None:
    net = land(
        {"id": "g", "name": "", "level": "social", "instrument": "grant"}, fund_budgets=[money("g", 250)]
    )
    assert why(net) == "50 yuan are not spent: all needs are met"


def test_a_source_that_pays_nobody_says_so() -> None:
    net = land(BARRED[0][1])
    assert explained(("g",), net)[0].what.en.endswith(" pays for nothing in any county")


def test_why_a_source_pays_nothing_for_a_need() -> None:
    """An earmark; no budget in the year; met by others."""
    sources = [{"id": "g", "name": "G", "level": "social", "instrument": "grant", "programmes": "health"},
               {"id": "h", "name": "H", "level": "social", "instrument": "grant"}]  # fmt: skip
    net = land(
        sources[0], fund_sources=sources, fund_budgets=[money("g", 100), money("h", 0), money("h", 9, 2016)]
    )

    def left(key: tuple[str, ...], net: Any) -> str:
        (found,) = explained(key, net)
        return str(found.options[-1].left.en)

    assert left(("g", "a"), net) == "rules keep it from paying for this: earmarks (funds.earmarks)"
    assert left(("h", "a"), net) == "H has no budget in 2017"
    rich = land(sources[0], fund_sources=sources, fund_budgets=[money("g", 100), money("h", 100)])
    assert left(("h", "b"), rich) == "the need is met in full from other sources"


@pytest.mark.parametrize(
    ("less", "yuan", "reason"),
    [(-1, 10, RULED), (-10_000_000, 10, ELSEWHERE), (None, 10, ELSEWHERE), (None, None, UNSETTLED)],
)
def test_a_worth_that_was_not_worked_out_is_no_reason(
    less: int | None, yuan: int | None, reason: Text
) -> None:
    """A need that is not met, by what a yuan of its only budget is worth: less, more, not to be missed, or not known."""
    seen_by = context(STAGE, two_counties(), **PLAIN)
    facts, _ = seen(seen_by)
    prices = solve(STAGE, seen_by).prices
    (short,) = prices.filter(pl.col("rule") == "needs", pl.col("more") > 0).head(1).iter_rows(named=True)
    told = prices.with_columns(
        pl.when(pl.col("rule") == "budgets").then(pl.lit(v, pl.Int64)).otherwise(pl.col(k)).alias(k)
        for k, v in {"less": less, "less_yuan": yuan}.items()
    )
    at = (
        facts.counties.index(short["region"]),
        facts.programmes.index(short["programme"]),
        facts.years.index(short["year"]),
    )
    assert Unmet(facts, told).why(*at) == reason
