"""Incidence ahead: a proxy, driven by the register and by the money that a plan gives.

In the symbols of docs/stages/exit.md, for a place p and a year t::

    h[t]    = ln(path[t-1] / path[t])                    what the national path takes off in a year
    m[p,t]  = (a[p,t] / P[p]) / (Σ a[·,t] / Σ P[·])      money per poor person against the mean of its group
    g[p,t]  = min(4, max(1/4, m[p,t])) ** elasticity     1 where no money is planned
    i[p,t]  = i[p,t-1] · exp(-speed · h[t] · g[p,t])

A path that reaches zero takes everybody off the register (兜底), whatever the money. With mean money the counties
follow the path at their ``speed``: that is the calibration. Shares are rounded to a millionth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.network import Network
from planner.stage import Context
from planner.stages.exit.places import Places
from planner.stages.need import latest_fact

MONEY_LEAST, MONEY_MOST = 0.25, 4.0
FLOW_SIGN = {"listed": 1, "missed": 1, "relapsed": 1, "exited": -1, "corrected": -1}


@dataclass(frozen=True)
class Proxy:
    """Incidence and poor people ahead.

    Parameters
    ----------
    start : ndarray
        (p,) float64 incidence on the day of planning, of every place.
    incidence : ndarray
        (p, years) float64 at the end of each planned year.
    poor : ndarray
        (p,) float64 poor persons on the day of planning; NaN where unknown.
    guessed : list of str
        Counties whose own incidence is not in the data: a region's above them, or the path's, stands in.
    """

    start: np.ndarray
    incidence: np.ndarray
    poor: np.ndarray
    guessed: list[str]

    @property
    def lifted(self) -> np.ndarray:
        """(p, years) float64 persons who leave the register each year, net; 0 where unknown."""
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.where(self.start[:, None] > 0, self.incidence / self.start[:, None], 0.0)
        before = np.concatenate([np.ones((len(self.start), 1)), left[:, :-1]], axis=1)
        return np.asarray(
            np.nan_to_num(self.poor)[:, None] * np.where(self.start[:, None] > 0, before - left, 0.0)
        )


def look_ahead(context: Context, places: Places) -> Proxy:
    """Incidence of every place at the end of every planned year."""
    start, poor, guessed = starting_point(context, places)
    wanted = set(places.listed) | set(places.exited)
    group = np.array([c in wanted for c in places.codes], dtype=bool)
    kind = context.policy["incidence_proxy"]
    if kind == "recorded":
        ahead = np.repeat(start[:, None], len(places.years), axis=1)
    else:
        speed = np.where(group, float(context.policy["speed"]), 1.0)
        money = (
            money_factor(context, places, poor, group)
            if kind == "funds"
            else np.ones((len(start), len(places.years)))
        )
        drop = path_drop(context.policy["path"], places.years)
        ends = np.isinf(drop)
        left = np.where(ends, 0.0, np.exp(-speed[:, None] * np.where(ends, 0.0, drop)[None, :] * money))
        ahead = start[:, None] * np.cumprod(left, axis=1)
    return Proxy(np.round(start, 6), np.round(ahead, 6), poor, guessed)


def path_drop(path: Mapping[str, float], years: list[int]) -> np.ndarray:
    """(years,) float64: ``ln(path[t-1] / path[t])``, not below 0; infinite where the path reaches zero."""
    known = sorted((int(year), float(share)) for year, share in path.items())
    at = np.interp([years[0] - 1, *years], [y for y, _ in known], [s for _, s in known])
    with np.errstate(divide="ignore", invalid="ignore"):
        drop = np.log(at[:-1] / at[1:])
    return np.asarray(np.where(at[1:] <= 0, np.inf, np.maximum(drop, 0.0)))


def starting_point(context: Context, places: Places) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Incidence and poor persons on the day of planning, after the register's changes since the last count."""
    network, codes = context.network, places.codes
    own = latest_fact(context, "poverty_incidence", codes)
    poor = latest_fact(context, "poor_population", codes)
    rural = latest_fact(context, "rural_population", codes)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(np.isnan(own) & (rural > 0), poor / rural, own)
    poor = np.where(np.isnan(poor), own * rural, poor)
    changed = np.maximum(poor + register_net(context, codes), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(poor > 0, own * changed / poor, own)
    unknown = np.flatnonzero(np.isnan(own))
    own[unknown] = _from_above(context, network, [codes[i] for i in unknown])
    listed = {codes[i] for i in places.counties}
    return np.clip(own, 0.0, 1.0), changed, [codes[i] for i in unknown if codes[i] in listed]


def _from_above(context: Context, network: Network, codes: list[str]) -> np.ndarray:
    """Incidence of the nearest region above that has one, else the path's in the year of planning."""
    above = sorted({a for c in codes for a in network.ancestors(c)})
    given = dict(zip(above, latest_fact(context, "poverty_incidence", above).tolist(), strict=True))
    known = sorted((int(year), float(share)) for year, share in context.policy["path"].items())
    path = float(np.interp(context.on.year, [y for y, _ in known], [s for _, s in known]))
    found = [next((given[a] for a in network.ancestors(c) if given[a] == given[a]), path) for c in codes]
    return np.array(found, dtype=np.float64)


def register_net(context: Context, codes: list[str]) -> np.ndarray:
    """(p,) float64 persons in − out of the register since the end of the year of the last count."""
    changes = context.network.frame("register_changes").filter(pl.col("date") <= context.on)
    facts = context.network.frame("region_facts")
    counted = facts.filter((pl.col("measure") == "poor_population") & (pl.col("year") <= context.on.year))
    year_of = dict(counted.group_by("region").agg(pl.col("year").max()).iter_rows())
    if changes.is_empty() or not year_of:
        return np.zeros(len(codes))
    sums = (
        changes.filter(pl.col("date").dt.year() > min(year_of.values()))
        .group_by("village", year=pl.col("date").dt.year())
        .agg(net=(pl.col("persons") * pl.col("kind").replace_strict(FLOW_SIGN, default=0)).sum())
    )
    position = {c: i for i, c in enumerate(codes)}
    found = np.zeros(len(codes))
    for place, year, net in sums.sort("village", "year").iter_rows():
        home = next((p for p in (place, *context.network.ancestors(place)) if p in position), None)
        if home is not None and year > year_of.get(home, 9999):
            found[position[home]] += net
    return found


def money_factor(context: Context, places: Places, poor: np.ndarray, group: np.ndarray) -> np.ndarray:
    """(p, years) float64 ``g``: how much faster or slower the money makes each place; 1 where none is planned."""
    found = np.ones((len(places.codes), len(places.years)))
    given = money_by_year(context, places)
    people = np.nan_to_num(poor)
    for part in (group, ~group):
        all_people = people[part].sum()
        for t in range(len(places.years)):
            total = given[part, t].sum()
            if total <= 0 or all_people <= 0:
                continue
            rows = part & (people > 0)
            ratio = (given[rows, t] / people[rows]) / (total / all_people)
            found[rows, t] = np.clip(ratio, MONEY_LEAST, MONEY_MOST) ** float(
                context.policy["funds_elasticity"]
            )
    return found


def money_by_year(context: Context, places: Places) -> np.ndarray:
    """(p, years) float64 yuan that the plan's allocations give each place in each planned year."""
    found = np.zeros((len(places.codes), len(places.years)))
    allocations = context.decided.get("allocations")
    if allocations is None or allocations.is_empty():
        return found
    rows = allocations.filter(pl.col("region").is_in(places.codes) & pl.col("year").is_in(places.years))
    position = {c: i for i, c in enumerate(places.codes)}
    for region, year, amount in rows.group_by("region", "year").agg(pl.col("amount").sum()).iter_rows():
        found[position[region], year - places.years[0]] = amount
    return found
