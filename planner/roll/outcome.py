"""What comes in a year: chances, draws that hang on no decision, and what the tables have recorded of later years.

In the symbols of docs/rolling.md, for a county p and a year t, with draws ``u`` in [0, 1)::

    e[p,t]  = P[p,t-1] · (1 − i[p,t] / i[p,t-1])            persons expected to leave: the stage exit's proxy, with the money spent
    x[p,t]  = e[p,t] · (1 + spread · (u1 + u2 − 1))         persons who leave
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b

import numpy as np
import polars as pl

from graph.schema import TABLES
from planner.scenario import Scenario

OUTCOMES = ("seeded", "expected", "recorded")
"""Drawn; as the stages expect, without any draw; as the tables record it, and as expected where they do not."""
LEARNT = ("exit_year", "poor_population", "poverty_incidence", "wrongly_exited", "missed", "approval")
"""Measures that are learnt as years pass: those of later years are taken off the tables before anything is planned."""
BITS = 53


@dataclass(frozen=True)
class Chances:
    """How much may happen in a year beside what is expected; every figure is assumed.

    Parameters
    ----------
    spread : float
        Persons who leave the register: at most this share more or fewer than expected.
    listed, missed : float
        Newly listed, and added as missed before: at most this share of the poor, on average half of it.
    relapsed : float
        Who falls back: at most this share of those who leave in the year.
    unsuited : float
        Share of examined counties whose missed share is above the limit.
    unspent : float
        Of the money of a place at most this share is not spent.
    leaves : float
        Share of posted cadres who leave before their term is over.
    found : float
        Share of inspected places with a finding.
    mended : float
        Share of open findings that are closed within the year.
    undelivered : float
        Of what a relation promised beside money at most this share does not come.
    away : float
        Of the days of a posting at most this share is not spent in the village.
    """

    spread: float = 0.3
    listed: float = 0.004
    missed: float = 0.004
    relapsed: float = 0.02
    unsuited: float = 0.03
    unspent: float = 0.08
    leaves: float = 0.02
    found: float = 0.3
    mended: float = 0.8
    undelivered: float = 0.15
    away: float = 0.4


CALM = Chances(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
"""Nothing happens beside what is expected, every finding is closed, every promise kept, every day spent in the village."""


@dataclass(frozen=True)
class Luck:
    """The draws of a roll.

    Parameters
    ----------
    chances : Chances
        What they are drawn for.
    seed : int
        Their seed.
    """

    chances: Chances
    seed: int

    def draw(self, what: str, year: int, names: Sequence[str]) -> np.ndarray:
        """(n,) float64 in [0, 1): of each name by seed, subject and year, whatever other names there are."""
        head = f"{self.seed}|{what}|{year}|".encode()
        drawn = (
            int.from_bytes(blake2b(head + name.encode(), digest_size=8).digest(), "big") for name in names
        )
        return np.array([d >> (64 - BITS) for d in drawn], dtype=np.float64) / 2.0**BITS

    def day(self, what: str, year: int, names: Sequence[str], first: date, last: date) -> list[date]:
        """A day of each name from ``first`` to ``last``, both of them included."""
        days = (last - first).days + 1
        return [first + timedelta(days=int(u * days)) for u in self.draw(what, year, names).tolist()]


@dataclass(frozen=True)
class Records:
    """What the tables hold of later years: rows of ``region_facts`` (measures :data:`LEARNT`) and of ``register_changes``."""

    facts: pl.DataFrame
    changes: pl.DataFrame

    def facts_of(self, year: int, measure: str) -> dict[str, float]:
        """Region → value recorded for a year."""
        rows = self.facts.filter((pl.col("year") == year) & (pl.col("measure") == measure))
        return dict(rows.sort("region").select("region", "value").iter_rows())

    def changes_of(self, year: int) -> Mapping[str, dict[str, int]]:
        """Region → kind → persons of the register's changes in a year."""
        rows = self.changes.filter(pl.col("date").dt.year() == year)
        sums = rows.group_by("village", "kind").agg(pl.col("persons").sum()).sort("village", "kind")
        found: dict[str, dict[str, int]] = {}
        for place, kind, persons in sums.iter_rows():
            found.setdefault(place, {})[kind] = persons
        return found

    def counts(self, year: int) -> dict[str, int]:
        """How many records there are of each thing for a year."""
        told = {m: len(self.facts_of(year, m)) for m in ("exit_year", "poor_population", "poverty_incidence")}
        return {**told, "register_changes": len(self.changes_of(year))}


NOTHING_KNOWN = Records(TABLES["region_facts"].empty(), TABLES["register_changes"].empty())


def without_later(scenario: Scenario) -> tuple[Scenario, Records]:
    """The scenario without what nobody can know on its date, and that.

    Facts learnt, changes of the register, assessments, findings, visits, flows of money and deliveries of later years are taken
    off; needs, budgets, pledges, capacities and facts that no decision changes stay: they are plans, or come whatever is done.
    """
    network, year, on = scenario.network, scenario.on.year, scenario.on
    later = {
        "region_facts": pl.col("measure").is_in(LEARNT) & (pl.col("year") > year),
        "register_changes": pl.col("date") > on,
        "assessments": pl.col("year") > year,
        "findings": pl.col("received") > on,
        "inspection_visits": pl.col("year") > year,
        "fund_flows": pl.col("year") > year,
    }
    frames = {t: network.frame(t).filter(~rows.fill_null(value=False)) for t, rows in later.items() if network.has(t)}  # fmt: skip
    if network.has("ledger"):
        known = pl.when(pl.col("year") <= year).then("delivered")
        frames["ledger"] = network.frame("ledger").with_columns(delivered=known)
    records = Records(
        network.frame("region_facts").filter(later["region_facts"]),
        network.frame("register_changes").filter(later["register_changes"].fill_null(value=False)),
    )
    return replace(scenario, network=network.with_frames(frames)), records
