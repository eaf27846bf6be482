"""The money of a year: what was allotted is received and spent, what is left is carried over or lapses. Whole yuan, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from graph.dates import holding
from graph.network import Network
from planner.roll.outcome import Luck
from planner.roll.rows import SYNTHETIC, added
from planner.scenario import Scenario

PPM = 1_000_000
"""Shares of money are whole millionths, as in the stage ``funds``."""
ITEMS = {"east_west": ("east_west", "fiscal_funds"), "unit": ("designated", "money_put_in")}
"""Level of a fund source → kind of the relation that pays it, and the item of the ledger."""
SPENT = {"source": pl.String, "region": pl.String, "programme": pl.String, "year": pl.Int64, "allotted": pl.Int64, "amount": pl.Int64}  # fmt: skip
"""Columns of what was spent: of each allocation what was ``allotted``, and ``amount``, what was spent of it."""


@dataclass(frozen=True)
class Money:
    """A year's money.

    Parameters
    ----------
    spent : DataFrame
        Columns :data:`SPENT`.
    budget, allotted, carried, lapsed : dict of str to int
        Fund source → yuan; budget = allotted + carried + lapsed.
    """

    spent: pl.DataFrame
    budget: Mapping[str, int]
    allotted: Mapping[str, int]
    carried: Mapping[str, int]
    lapsed: Mapping[str, int]


def spend(scenario: Scenario, allocations: pl.DataFrame, year: int, luck: Luck) -> Money:
    """What a year's allocations come to: a share of each place's money is not spent; see :class:`~planner.roll.outcome.Chances`."""
    mine = allocations.filter((pl.col("year") == year) & (pl.col("amount") > 0)).sort("source", "region", "programme")  # fmt: skip
    places = mine["region"].unique().sort().to_list()
    drawn = luck.draw("unspent", year, places) * luck.chances.unspent
    kept = {p: PPM - int(share * PPM) for p, share in zip(places, drawn.tolist(), strict=True)}
    amounts = [(r, a) for r, a in mine.select("region", "amount").iter_rows()]
    spent = mine.select(
        "source", "region", "programme", "year", allotted="amount",
        amount=pl.Series([a * kept[r] // PPM for r, a in amounts], dtype=pl.Int64),
    )  # fmt: skip
    return _balanced(scenario, spent.cast(SPENT), year)  # type: ignore[arg-type]  # a mapping of names


def _balanced(scenario: Scenario, spent: pl.DataFrame, year: int) -> Money:
    network = scenario.network
    rows = network.frame("fund_budgets").filter(pl.col("year").is_in([year, year + 1])).sort("source")
    now = {
        s: (a, c)
        for s, y, a, c in rows.select("source", "year", "amount", "carry_over_max").iter_rows()
        if y == year
    }
    goes_on = set(rows.filter(pl.col("year") == year + 1)["source"].to_list())
    given = dict(spent.group_by("source").agg(pl.col("allotted").sum()).sort("source").iter_rows())
    carries = scenario.policies["funds"].on("carry_over")
    carried = {
        s: min(a - given.get(s, 0), round((c or 0.0) * PPM) * a // PPM) if carries and s in goes_on else 0
        for s, (a, c) in now.items()
    }
    budget = {s: a for s, (a, _) in now.items()}
    lapsed = {s: a - given.get(s, 0) - carried[s] for s, a in budget.items()}
    return Money(spent, budget, given, carried, lapsed)


def write_money(scenario: Scenario, money: Money, on: date) -> dict[str, pl.DataFrame]:
    """``fund_flows``, ``fund_budgets`` (of the next year, with what is carried over) and ``ledger`` with the year in them."""
    if money.spent.is_empty():
        return {}
    network = scenario.network
    found = {"fund_flows": added(network, "fund_flows", _flows(network, money.spent, on), SYNTHETIC)}
    budgets = _next_budgets(network, money, on.year + 1)
    if budgets:
        found["fund_budgets"] = added(network, "fund_budgets", budgets, SYNTHETIC)
    ledger = _ledger(network, money.spent, on)
    if ledger:
        found["ledger"] = added(network, "ledger", ledger, SYNTHETIC)
    return found


def _flows(network: Network, spent: pl.DataFrame, on: date) -> list[dict[str, Any]]:
    """Allotted to places of the level that the source's earlier flows name (else where it is spent), received and spent there."""
    earlier = (
        network.frame("fund_flows").filter(pl.col("stage") == "allotted").sort("source", "year", "region")
    )
    level = {s: network.level_of.get(r) for s, r in earlier.select("source", "region").iter_rows()}

    def taker(source: str, region: str) -> str:
        wanted = level.get(source)
        return (network.at_level(region, wanted) if wanted else None) or region

    sums: dict[tuple[str, str, str], int] = {}
    for source, region, allotted, amount in spent.select(
        "source", "region", "allotted", "amount"
    ).iter_rows():
        for stage, place, yuan in (
            ("allotted", taker(source, region), allotted), ("received", region, allotted), ("spent", region, amount),
        ):  # fmt: skip
            sums[source, place, stage] = sums.get((source, place, stage), 0) + yuan
    return [
        {"source": s, "region": r, "year": on.year, "stage": stage, "amount": yuan, "date": on}
        for (s, r, stage), yuan in sorted(sums.items())
    ]


def _next_budgets(network: Network, money: Money, year: int) -> list[dict[str, Any]]:
    """The next year's budgets of sources that carry something over; what may be carried on from there stays what it was in yuan."""
    rows = network.frame("fund_budgets").filter(pl.col("year") == year).sort("source")
    found = []
    for source, amount, share in rows.select("source", "amount", "carry_over_max").iter_rows():
        more = money.carried.get(source, 0)
        if more:
            kept = round((share or 0.0) * PPM) * amount // (amount + more) / PPM
            found.append({"source": source, "year": year, "amount": amount + more, "carry_over_max": kept})
    return found


def _ledger(network: Network, spent: pl.DataFrame, on: date) -> list[dict[str, Any]]:
    """What regions and units have paid, on their relations: the nearest one above the place; several units pay alike."""
    sources = {
        i: (lv, o)
        for i, lv, o in network.frame("fund_sources").select("id", "level", "owner_region").iter_rows()
    }
    running = network.frame("relations").filter(holding(on)).sort("id")
    ties: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for tie, kind, supporter, recipient in running.select("id", "kind", "supporter", "recipient").iter_rows():
        ties.setdefault((kind, recipient), []).append((tie, supporter))
    sums: dict[tuple[str, str], list[int]] = {}
    totals = (
        spent.group_by("source", "region")
        .agg(pl.col("allotted").sum(), pl.col("amount").sum())
        .sort("source", "region")
    )
    for source, region, allotted, amount in totals.iter_rows():
        level, owner = sources[source]
        if level not in ITEMS:
            continue
        kind, item = ITEMS[level]
        for place in (region, *network.ancestors(region)):
            payers = [t for t, s in ties.get((kind, place), []) if level == "unit" or s == owner]
            if payers:
                for k, tie in enumerate(payers):
                    both = sums.setdefault((tie, item), [0, 0])
                    both[0] += _part(allotted, k, len(payers))
                    both[1] += _part(amount, k, len(payers))
                break
    known = {
        (r, i): p
        for r, y, i, p in network.frame("ledger").select("relation", "year", "item", "pledged").iter_rows()
        if y == on.year
    }
    return [
        {
            "relation": tie,
            "year": on.year,
            "item": item,
            "pledged": known.get((tie, item), allotted),
            "delivered": paid,
        }
        for (tie, item), (allotted, paid) in sorted(sums.items())
    ]


def _part(total: int, k: int, n: int) -> int:
    """The k-th of n parts, as equal as whole yuan can be; the first ones are larger."""
    return total // n + (k < total % n)


def slots_used(network: Network, spent: pl.DataFrame) -> dict[str, Fraction]:
    """Programme → countable things paid for, of those that count over all years (posts count each year anew)."""
    keys = ["region", "year", "programme"]
    needs = network.frame("needs").filter((pl.col("unit_cost") > 0) & pl.col("unit").ne_missing("post"))
    priced = spent.join(needs.select(*keys, "unit_cost"), on=keys)
    sums = (
        priced.group_by("programme", "unit_cost").agg(pl.col("allotted").sum()).sort("programme", "unit_cost")
    )
    found: dict[str, Fraction] = {}
    for programme, cost, amount in sums.iter_rows():
        found[programme] = found.get(programme, Fraction(0)) + Fraction(amount, cost)
    return found
