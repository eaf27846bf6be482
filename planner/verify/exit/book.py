"""What the resolved scenario says of exits, worked out place by place with plain arithmetic.

Nothing here is shared with the stage: the formulas are those of docs/stages/exit.md, written a second time.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from graph.dates import holding
from planner.verify.outcome import Resolved, Tables
from planner.verify.places import latest_facts, newest_rows

NAME = "exit"
SIGNS = {"listed": 1, "missed": 1, "relapsed": 1, "exited": -1, "corrected": -1}


def micro(share: float) -> float:
    """A share rounded to a millionth, half to even."""
    return round(share * 1e6) / 1e6


@dataclass(frozen=True)
class Villages:
    """The n villages still to exit, sorted.

    Attributes
    ----------
    names, homes : list of str
        The villages; the counties in which they lie.
    home : ndarray
        (n,) int64 number of each one's county.
    ahead : ndarray
        (n, years) incidence ahead, to a millionth.
    ready : ndarray
        (n,) int64 number of its first year under the line; the number of years where there is none.
    """

    names: list[str]
    homes: list[str]
    home: np.ndarray
    ahead: np.ndarray
    ready: np.ndarray

    @cached_property
    def at(self) -> dict[str, int]:
        """Number of each village."""
        return {name: i for i, name in enumerate(self.names)}

    def by_county(self) -> dict[str, int]:
        """County → how many of its villages are still to exit."""
        return dict(zip(self.homes, np.bincount(self.home, minlength=len(self.homes)).tolist(), strict=True))


class Book:
    """Counties, villages, years, and incidence ahead.

    Attributes
    ----------
    years : list of int
        Planned years.
    exited : dict of str to int
        Counties that had exited on the day of planning.
    listed : list of str
        Counties still to exit, sorted.
    places : set of str
        All regions of the counties' level that have a fact, and all counties.
    keepable : dict of str to int
        County or village → its published year, where it could be kept; empty without a published plan.
    """

    def __init__(self, resolved: Resolved, tables: Tables) -> None:
        self.resolved, self.tables, self.network = resolved, tables, resolved.network
        self.on: date = resolved.on
        self._above: dict[str, list[str]] = {}
        self.keepable: dict[str, int] = {}
        self.facts = {m: latest_facts(resolved, m) for m in
                      ("poverty_incidence", "poor_population", "rural_population", "exit_year", "wrongly_exited",
                       "missed", "approval")}  # fmt: skip
        wanted = self.tagged(self.value("counties_tag")) & set(self.network.parents)
        ended = {c: int(y) for c, y in self.facts["exit_year"].items() if y <= self.on.year}
        self.exited = {c: ended[c] for c in sorted(wanted) if c in ended}
        self.listed = sorted(wanted - set(self.exited))
        levels = {self.network.level_of[c] for c in wanted}
        facts = self.network.frame("region_facts").filter(pl.col("year") <= self.on.year)
        known = set(facts["region"].unique().to_list())
        self.places = wanted | {
            c for c, level in self.network.level_of.items() if level in levels and c in known
        }
        first = self.on.year + 1
        deadline = self.value("deadline")
        last = first + self.value("horizon_years") - 1 if deadline is None else deadline
        self.years = list(range(first, max(first, last) + 1))
        self.west = self.tagged(self.value("west_tag"))
        self.deep = self.tagged(self.value("deep_poverty_tag"))

    def above(self, place: str) -> list[str]:
        """Regions above a place, the nearest first."""
        if place not in self._above:
            self._above[place] = self.network.ancestors(place)
        return self._above[place]

    def value(self, key: str) -> Any:
        """A policy value of this stage; ``None`` where the rule is off."""
        return self.resolved.value(NAME, key)

    def number(self, key: str) -> float:
        """A weight; 0 where it is off."""
        return float(self.value(key) or 0)

    def tagged(self, wanted: str) -> set[str]:
        """Regions that bear ``tag`` or ``tag=value`` on the day of planning."""
        tag, _, value = wanted.partition("=")
        rows = self.network.frame("region_tags").filter(pl.col("tag") == tag, holding(self.on))
        if value:
            rows = rows.filter(pl.col("value") == value)
        return set(rows["region"].to_list())

    @cached_property
    def pledged(self) -> list[tuple[str, int, str, int]]:
        """(region, year, measure, amount) of the planned years and of the levels that count, in order."""
        rows = (
            self.network.frame("pledges").select("region", "year", "measure", "amount").sort("region", "year")
        )
        years, levels = set(self.years), set(self.value("pledge_levels") or [])
        return [r for r in rows.iter_rows() if r[1] in years and self.network.level_of.get(r[0]) in levels]

    def decided(self, table: str, stage: str) -> Any:
        """Rows that a stage before this one decided; ``None`` where it did not run before."""
        order = list(self.resolved.values)
        if stage not in order[: order.index(NAME)] or table not in self.tables:
            return None
        return self.tables[table]

    @property
    def by_funds(self) -> tuple[str, ...]:
        """The stage that moves the incidence ahead, where the proxy follows the money."""
        return ("funds",) if self.value("incidence_proxy") == "funds" else ()

    def under(self, place: str, above: set[str]) -> bool:
        """Whether a place or a region above it is one of ``above``."""
        return place in above or any(a in above for a in self.above(place))

    def line(self, place: str) -> float:
        """Line of incidence that holds at a place; infinite where the rule is off."""
        return self._line(self.under(place, self.west))

    def _line(self, west: bool) -> float:
        line = self.value("line_west" if west else "line")
        return math.inf if line is None else float(line)

    def announced(self, year: int) -> int:
        """Year of the announcement of a year's results."""
        days = sum((self.value("steps") or {}).values())
        return (date(year, 12, 31) + timedelta(days=int(days))).year

    def home(self, place: str) -> str | None:
        """A place itself or the region above it that is one of ``places``."""
        return next((p for p in (place, *self.above(place)) if p in self.places), None)

    def path(self, year: int) -> float:
        """The national path in a year: straight lines between the years given, level beyond them."""
        known = sorted((int(y), float(v)) for y, v in self.value("path").items())
        if year <= known[0][0]:
            return known[0][1]
        for (y0, v0), (y1, v1) in pairwise(known):
            if year <= y1:
                return v0 + (v1 - v0) * (year - y0) / (y1 - y0)
        return known[-1][1]

    @cached_property
    def register_net(self) -> dict[str, int]:
        """Place → persons in − out of the register since the year of its last count."""
        newest = newest_rows(self.resolved, "region_facts", "region", pl.col("measure") == "poor_population")
        counted = dict(newest.select("region", "year").iter_rows())
        net: dict[str, int] = defaultdict(int)
        for place, day, kind, persons in (
            self.network.frame("register_changes").select("village", "date", "kind", "persons").iter_rows()
        ):
            home = self.home(place)
            if home is None or home not in counted or day is None:
                continue
            if day <= self.on and day.year > counted[home]:
                net[home] += SIGNS.get(kind, 0) * persons
        return net

    @cached_property
    def start(self) -> dict[str, tuple[float, float | None]]:
        """Place → incidence on the day of planning, and poor persons (``None``: unknown)."""
        found = {}
        for place in sorted(self.places):
            share, rural = (
                self.facts["poverty_incidence"].get(place),
                self.facts["rural_population"].get(place),
            )
            poor = self.facts["poor_population"].get(place)
            if share is None and rural and poor is not None:
                share = poor / rural
            if poor is None and share is not None and rural is not None:
                poor = share * rural
            if poor is not None:
                now = max(0.0, poor + self.register_net.get(place, 0))
                if share is not None and poor > 0:
                    share = share * now / poor
                poor = now
            if share is None:
                above = (self.facts["poverty_incidence"].get(a) for a in self.above(place))
                share = next((a for a in above if a is not None), self.path(self.on.year))
            found[place] = (min(1.0, max(0.0, share)), poor)
        return found

    @cached_property
    def money(self) -> dict[tuple[str, int], int]:
        """(place, year) → yuan that the plan's allocations give it."""
        found: dict[tuple[str, int], int] = defaultdict(int)
        rows = self.decided("allocations", "funds")
        if rows is not None:
            sums = rows.group_by("region", "year").agg(pl.col("amount").sum())
            for region, year, amount in sums.iter_rows():
                found[region, year] = amount
        return found

    @cached_property
    def ahead(self) -> dict[str, list[float]]:
        """Place → incidence at the end of each planned year, to a millionth."""
        kind = self.value("incidence_proxy")
        wanted = {*self.listed, *self.exited}
        people = {place: poor or 0.0 for place, (_, poor) in self.start.items()}
        means = {}
        for group in (True, False):
            members = [p for p in self.places if (p in wanted) == group]
            heads = math.fsum(people[p] for p in members)
            for year in self.years:
                total = sum(self.money.get((p, year), 0) for p in members)
                means[group, year] = total / heads if heads > 0 else 0.0
        found = {}
        steps = {year: (self.path(year - 1), self.path(year)) for year in self.years}
        quick, elasticity = float(self.value("speed")), float(self.value("funds_elasticity"))
        for place, (begin, _) in self.start.items():
            share = begin
            speed = quick if place in wanted else 1.0
            row = []
            for year in self.years:
                if kind != "recorded":
                    before, after = steps[year]
                    mean = means[place in wanted, year] if kind == "funds" else 0.0
                    factor = 1.0
                    if mean > 0 and people[place] > 0:
                        ratio = self.money.get((place, year), 0) / people[place] / mean
                        factor = min(4.0, max(0.25, ratio)) ** elasticity
                    drop = max(0.0, math.log(before / after)) if after > 0 and before > 0 else 0.0
                    share = 0.0 if after <= 0 else share * math.exp(-speed * drop * factor)
                row.append(micro(share))
            found[place] = row
        return found

    @cached_property
    def lifted(self) -> dict[str, list[float]]:
        """Place → persons who leave the register in each planned year; absent where unknown or nobody is poor."""
        found = {}
        for place, (share, poor) in self.start.items():
            begin = micro(share)
            if poor is None or begin <= 0:
                continue
            left = [1.0, *(i / begin for i in self.ahead[place])]
            found[place] = [poor * (a - b) for a, b in pairwise(left)]
        return found

    @cached_property
    def villages(self) -> Villages:
        """Villages still to exit."""
        return self._villages[0]

    @cached_property
    def villages_out(self) -> dict[str, int]:
        """County → villages that are out on the day of planning."""
        return self._villages[1]

    @cached_property
    def _villages(self) -> tuple[Villages, dict[str, int]]:
        names = sorted(self.tagged(self.value("villages_tag"))) if self.value("villages") else []
        above = [self.network.parents.get(v) for v in names]
        home_of = {a: None if a is None else self.home(a) for a in set(above)}
        west_of = {a: a is not None and self.under(a, self.west) for a in home_of}
        found = [(v, west_of[a], home_of[a]) for v, a in zip(names, above, strict=True)]
        kept = [(v, west, home) for v, west, home in found if home is not None]
        homes = sorted({home for _, _, home in kept})
        begin_of = {h: micro(self.start[h][0]) for h in homes}
        shrunk = np.array(
            [[i / begin_of[h] if begin_of[h] > 0 else 0.0 for i in self.ahead[h]] for h in homes]
        )
        number = {h: i for i, h in enumerate(homes)}
        home = np.array([number[h] for _, _, h in kept], dtype=np.int64)
        known, ended = self.facts["poverty_incidence"], self.facts["exit_year"]
        share = np.array([known.get(v, begin_of[h]) for v, _, h in kept])
        lines = [self._line(west) for west in (False, True)]
        line = np.array([lines[west or v in self.west] for v, west, _ in kept])
        ahead = np.rint(share[:, None] * shrunk[home].reshape(len(kept), len(self.years)) * 1e6) / 1e6
        below = ahead < line[:, None]
        ready = np.where(below.any(axis=1), below.argmax(axis=1), len(self.years))
        out = np.array([ended.get(v, math.inf) <= self.on.year for v, _, _ in kept], dtype=bool)
        out |= (share < line) & (line < math.inf)
        count = np.bincount(home[out], minlength=len(homes)).tolist()
        left = np.flatnonzero(~out)
        villages = Villages([kept[i][0] for i in left.tolist()], homes, home[left], ahead[left], ready[left])
        return villages, dict(zip(homes, count, strict=True))

    def ready(self, county: str) -> int:
        """Number of the first planned year under the line; ``len(years)`` where there is none."""
        line = self.line(county)
        return next((t for t, i in enumerate(self.ahead[county]) if i < line), len(self.years))
