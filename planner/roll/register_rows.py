"""What the tables say when a year of the register is over."""

from __future__ import annotations

from datetime import date
from math import isnan

import polars as pl

from planner.roll.outcome import Records
from planner.roll.register import DIGITS, village_incidence
from planner.roll.register_year import Exits, Register
from planner.roll.rows import SYNTHETIC, added, put
from planner.stage import Context
from planner.stages.exit.places import tagged
from planner.stages.need import latest_fact


def write_register(
    context: Context, register: Register, exits: Exits, records: Records, on: date, household: float
) -> dict[str, pl.DataFrame]:
    """``region_facts`` and ``register_changes`` with the year in them; counts above counties change by what changed below.

    What was recorded of the year stands as it was recorded, with its own mark.
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
    moved = [
        {"village": code, "date": on, "kind": kind, "batch": str(year), "persons": int(n), "households": round(int(n) / household)}
        for kind, persons in (*register.into.items(), ("exited", register.exited))
        for code, n in zip(register.codes, persons.tolist(), strict=True)
        if n
    ]  # fmt: skip
    told = records.facts.filter(pl.col("year") == year)
    return {
        "region_facts": put(added(network, "region_facts", rows, SYNTHETIC), "region_facts", told),
        "register_changes": added(network, "register_changes", moved, SYNTHETIC),
    }


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
