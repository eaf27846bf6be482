"""What the tables say when a year of the register is over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from math import isnan
from typing import Any

import polars as pl

from graph.network import Network
from planner.roll.groups import TABLE as GROUPS
from planner.roll.groups import Moved, groups_after, moved_villages, newest_groups
from planner.roll.outcome import Luck, Records
from planner.roll.register import DIGITS, village_incidence
from planner.roll.register_year import Exits, Register
from planner.roll.rows import SYNTHETIC, added, put
from planner.stage import Context
from planner.stages.exit.places import tagged
from planner.stages.need import latest_fact


def write_register(
    context: Context,
    register: Register,
    exits: Exits,
    records: Records,
    on: date,
    household: float,
    luck: Luck,
) -> dict[str, pl.DataFrame]:
    """``region_facts``, ``register_changes`` and ``household_groups`` with the year in them.

    Counts above counties change by what changed below. What was recorded of the year stands as it was recorded, with its own mark.
    """
    year, network = on.year, context.network
    facts: list[tuple[str, str, float]] = []
    for i, code in enumerate(register.codes):
        facts.append((code, "poverty_incidence", float(register.end[i])))
        if register.known[i]:
            facts.append((code, "poor_population", float(register.after[i])))
    facts += _above(context, register)
    villages = sorted(v for v in tagged(context, str(context.policy["villages_tag"])) if v in network.parents)
    own = latest_fact(context, "poverty_incidence", villages)
    ends = village_incidence(context, villages, register)
    facts += [
        (v, "poverty_incidence", float(e))
        for v, o, e in zip(villages, own, ends, strict=True)
        if not isnan(o)
    ]
    facts += [(place, "exit_year", float(year)) for place in (*exits.happened, *exits.villages)]
    facts += [(county, "missed", share) for county, share in exits.examined.items()]
    rows = [{"region": r, "year": year, "measure": m, "value": v} for r, m, v in facts]
    groups = newest_groups(network, context.on.year)
    below = moved_villages(register, network, groups)
    kept = as_they_were_recorded(register, records, year)
    moved = changes_of_year(register, network, below, set(kept["village"]), (context.on, on), household, luck)
    told = records.facts.filter(pl.col("year") == year)
    return {
        "region_facts": put(added(network, "region_facts", rows, SYNTHETIC), "region_facts", told),
        "register_changes": put(
            added(network, "register_changes", moved, SYNTHETIC), "register_changes", kept
        ),
        **(
            {GROUPS: added(network, GROUPS, groups_after(groups, below, year, household), SYNTHETIC)}
            if below
            else {}
        ),
    }


def as_they_were_recorded(register: Register, records: Records, year: int) -> pl.DataFrame:
    """Rows of ``register_changes`` of places whose year is told by them, to the last person."""
    rows, sums = records.changes.filter(pl.col("date").dt.year() == year), records.changes_of(year)
    whole = []
    for i, code in enumerate(register.codes):
        told = sums.get(code, {})
        same = all(told.get(kind, 0) == int(n[i]) for kind, n in register.into.items())
        if told and same and told.get("exited", 0) + told.get("corrected", 0) == int(register.exited[i]):
            whole.append(code)
    return rows.filter(pl.col("village").is_in(whole))


def changes_of_year(
    register: Register, network: Network, below: Mapping[str, Moved], recorded: Collection[str],
    term: tuple[date, date], household: float, luck: Luck,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows of ``register_changes``: of villages whose households are known by group, and of the rest of each county.

    Who comes onto the register does so on a day that is drawn for place and kind, from the first one after ``term`` begins that lies
    in the year in which it ends; who leaves it, when the year is summed up, on the last one.
    """
    start, on = term
    first = max(start + timedelta(days=1), date(on.year, 1, 1))
    known = {*register.codes}
    home = {v: next(a for a in (v, *network.ancestors(v)) if a in known) for v in below}
    found: list[dict[str, Any]] = []
    for kind, persons in (*register.into.items(), ("exited", register.exited)):
        rest = dict(zip(register.codes, persons.tolist(), strict=True))
        days = dict(
            zip(register.codes, luck.day(f"day {kind}", on.year, register.codes, first, on), strict=True)
        )
        parts = {}
        for village, moved in below.items():
            n = moved.exited if kind == "exited" else moved.into[kind]
            if home[village] not in recorded and village not in rest:
                rest[home[village]] -= n
                parts[village] = n
        for place, n in (*rest.items(), *parts.items()):
            if n and place not in recorded:
                day = on if kind == "exited" else days[home.get(place, place)]
                found.append({"village": place, "date": day, "kind": kind, "batch": str(on.year), "persons": n,
                              "households": round(n / household)})  # fmt: skip
    return found


def _above(context: Context, register: Register) -> list[tuple[str, str, float]]:
    """Counts and incidences of the regions above, moved by the sum of what moved below."""
    net: dict[str, int] = {}
    for code, change in zip(register.codes, (register.after - register.before).tolist(), strict=True):
        for place in context.network.ancestors(code):
            net[place] = net.get(place, 0) + change
    places = sorted(net)
    poor, share = (latest_fact(context, m, places) for m in ("poor_population", "poverty_incidence"))
    found = []
    for place, before, incidence in zip(places, poor.tolist(), share.tolist(), strict=True):
        if isnan(before):
            continue
        after = max(0.0, before + net[place])
        found.append((place, "poor_population", after))
        if not isnan(incidence) and before > 0:
            found.append((place, "poverty_incidence", round(min(1.0, incidence * after / before), DIGITS)))
    return found
