"""Live through one year: what was decided begins, the outcome comes, and the tables say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from graph.dates import years_after
from graph.schema import RESULTS
from planner.roll.assessed import Findings, Kept, SoFar, assess, find_and_mend, hold_pledges
from planner.roll.money import Money, spend, write_money
from planner.roll.outcome import Luck, Records
from planner.roll.people import Postings, begin, count_postings, end_of_year
from planner.roll.promised import deliver
from planner.roll.register import judge_exits, keeps_register, pass_year, see_year
from planner.roll.register_rows import write_register
from planner.roll.register_year import Exits, Register
from planner.scenario import Scenario


@dataclass(frozen=True)
class Lived:
    """What came of a year; ``register`` and ``exits`` are ``None`` where the tables tell of no counties to exit."""

    money: Money
    register: Register | None
    exits: Exits | None
    postings: Postings
    findings: Findings
    pledges: list[Kept]
    so_far: SoFar


def live(
    now: Scenario,
    plan: str,
    tables: Mapping[str, pl.DataFrame],
    ahead: Mapping[str, pl.DataFrame],
    luck: Luck,
    records: Records,
    so_far: SoFar,
) -> tuple[Scenario, Lived]:
    """The scenario a year later.

    Parameters
    ----------
    now : Scenario
        On the day of planning.
    plan : str
        Id of the plan whose decisions begin; empty without one.
    tables : mapping of str to DataFrame
        Its result tables.
    ahead : mapping of str to DataFrame
        ``allocations`` and ``exits`` of the plan that is carried out, of any years: this plan's or an earlier one's.
    luck, records : Luck, Records
        What comes.
    so_far : SoFar
        What counts for pledges from the years before.
    """
    on = years_after(now.on, 1)
    network = begin(now, plan, tables)
    begun = replace(now, network=network)
    money = spend(begun, _rows(ahead, "allocations"), on.year, luck)
    frames = write_money(begun, money, on)
    if network.has("ledger"):
        frames["ledger"] = deliver(frames.get("ledger", network.frame("ledger")), network, on, luck)
    found, findings = find_and_mend(network, _rows(tables, "inspections"), on, luck)
    if found is not None:
        frames["findings"] = found
    posted = end_of_year(network, on, luck)
    if posted is not None:
        frames["postings"] = posted
    register = exits = None
    pledges: list[Kept] = []
    if keeps_register(now):
        context, places, proxy = see_year(begun, money.spent)
        register = pass_year(places, proxy, network, luck, records)
        exits = judge_exits(context, places, register, _rows(ahead, "exits"), luck, records)
        household = float(now.policies["funds"]["household_size"])
        frames |= write_register(context, register, exits, records, on, household, luck)
        pledges, so_far = hold_pledges(now, register, exits, on.year, so_far)
        frames["assessments"] = assess(now, register, pledges, on)
    after = replace(network.with_frames(frames), on=on)
    postings = count_postings(now.network, network, after, now.on, on)
    return replace(now, network=after, on=on), Lived(
        money, register, exits, postings, findings, pledges, so_far
    )


def _rows(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    return tables[name] if name in tables else RESULTS[name].empty()
