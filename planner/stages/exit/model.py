"""The integer programme: county × year, class of villages × year, and what pledges fall short.

``x[c,t] ∈ {0,1}``, ``v[k,t] ∈ {0 … n[k]}``, ``u[p] ≥ 0`` integer; minimise ``Σ cost·x + Σ cost·v + Σ cost·u``
(and ``Σ cost·z`` over counties and classes left out, where there is no deadline). Rows: one rule after the other.
The mathematics in these symbols: docs/stages/exit.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from planner.cost import points
from planner.solve.choice import INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages.exit.against import (
    KeptYears,
    find_kept,
    frozen_years,
    keep_years,
    year_numbers,
    year_rows,
    year_term,
)
from planner.stages.exit.gates import RESULTS, blocked_years, newest_results
from planner.stages.exit.pace import wanted_per_year
from planner.stages.exit.places import Places, find_places
from planner.stages.exit.pledges import Pledge, below, find_pledges, shortfall
from planner.stages.exit.proxy import Proxy, look_ahead
from planner.stages.exit.villages import Villages, find_villages
from planner.stages.keeping import Keep, price_of


@dataclass(frozen=True)
class Parts:
    """Everything that the tables say about the decision, as arrays.

    ``terms``: term → (n, years) int64 thousandths of a county's exit; ``village_terms`` the same for (cells, years).
    ``left_out``, ``cell_left_out``: (n,) and (cells,) int64, the cost of not exiting within the years planned.
    ``kept``: what can be kept of a published plan. ``ready``: (n,) int64 number of the first year under the line (``len(years)``: none).
    """

    places: Places
    proxy: Proxy
    villages: Villages
    blocked: Mapping[str, np.ndarray]
    pledges: list[Pledge]
    ready: np.ndarray
    terms: Mapping[str, np.ndarray]
    village_terms: Mapping[str, np.ndarray]
    left_out: np.ndarray
    cell_left_out: np.ndarray
    kept: KeptYears | None = None

    @property
    def cost(self) -> np.ndarray:
        """(n, years) int64."""
        return np.asarray(np.sum(list(self.terms.values()), axis=0))

    @property
    def village_cost(self) -> np.ndarray:
        """(cells, years) int64, of one village."""
        return np.asarray(np.sum(list(self.village_terms.values()), axis=0))


@dataclass(frozen=True)
class Built:
    """The model and its columns: ``x`` (n, years), ``v`` (cells, years), ``u`` (pledges that may fall short,).

    ``left``, ``cell_left``: (n,) and (cells,) of who does not exit; none where there is a deadline.
    """

    parts: Parts
    model: ChoiceModel
    x: np.ndarray
    v: np.ndarray
    u: np.ndarray
    left: np.ndarray
    cell_left: np.ndarray
    keep: Keep | None = None


def find_parts(context: Context) -> Parts:
    """What the tables say; read once for a context, since a stage's steps share it."""
    return context.once("exit.parts", lambda: read_parts(context))


def parts_about(context: Context, regions: Collection[str]) -> Parts:
    """The same with the villages among ``regions`` alone, as no number of a county or village depends on other villages.

    Beside a published plan all of them are read: what of it can be kept is counted over all.
    """
    return find_parts(context) if context.published is not None else read_parts(context, regions)


def read_parts(context: Context, only: Collection[str] | None = None) -> Parts:
    """Read the tables; ``only``: of all villages these."""
    places = find_places(context)
    proxy = look_ahead(context, places)
    villages = find_villages(
        context, places, proxy, None if context.published is None else _alike(context, places), only
    )
    under = proxy.incidence[places.counties] < places.line[:, None]
    years = len(places.years)
    ready = np.where(under.any(axis=1), under.argmax(axis=1), years)
    late, village_late = context.policy.weight("late_weight"), context.policy.weight("village_late_weight")
    cell_ready = villages.ready[villages.first]
    blocked = blocked_years(context, places, proxy)
    kept, price = find_kept(context, places, villages, blocked), price_of(context)
    terms = county_terms(context, places, proxy, ready)
    small = village_terms(context, cell_ready, years)
    left_out = points(late * np.maximum(0, years - ready))
    cell_left_out = points(village_late * np.maximum(0, years - cell_ready))
    if kept is not None and price:
        terms["published"] = year_term(price, kept.county, years)
        small["published"] = year_term(price, kept.cell, years)
        left_out = left_out + price * (kept.county >= 0)
        cell_left_out = cell_left_out + price * (kept.cell >= 0)
    return Parts(
        places, proxy, villages, blocked, find_pledges(context, places), ready, terms, small, left_out, cell_left_out, kept
    )  # fmt: skip


def _alike(context: Context, places: Places) -> Callable[[list[str]], np.ndarray]:
    """What villages of a class have in common beside a published plan: its year, and the years that are frozen."""

    def mark(codes: list[str]) -> np.ndarray:
        year, frozen = (f(context, codes, places.years) for f in (year_numbers, frozen_years))
        return np.asarray((year + 1) * (len(places.years) + 1) + frozen)

    return mark


def county_terms(context: Context, places: Places, proxy: Proxy, ready: np.ndarray) -> dict[str, np.ndarray]:
    """Terms of the cost of each county's exit in each year, (n, years) int64."""
    policy, year = context.policy, np.arange(len(places.years))
    shape = (len(ready), len(year))
    near = closeness(places.line[:, None] - proxy.incidence[places.counties], float(policy["risk_margin"]))
    results = np.zeros(len(ready))
    for rule in RESULTS:
        if policy.on(rule):
            value, _ = newest_results(context, places, rule)
            room = (value - float(policy[rule])) * (1 if rule == "approval_min" else -1)
            results += np.nan_to_num(closeness(room, float(policy["results_margin"])))
    ahead = results[:, None] * 0.5 ** year[None, :]
    return {
        "risk": points(policy.weight("risk_weight") * near),
        "results": points(policy.weight("results_weight") * ahead),
        "late": points(policy.weight("late_weight") * np.maximum(0, year[None, :] - ready[:, None])),
        "early": points(np.broadcast_to(
            policy.weight("early_weight") * places.deep[:, None] * (len(year) - 1 - year)[None, :], shape)),
    }  # fmt: skip


def closeness(room: np.ndarray, margin: float) -> np.ndarray:
    """``max(0, 1 − room / margin)``: 0 where there is room enough, 1 at the limit, more beyond it."""
    if margin <= 0:
        return np.where(room > 0, 0.0, 1.0)
    return np.maximum(0.0, 1.0 - room / margin)


def village_terms(context: Context, ready: np.ndarray, years: int) -> dict[str, np.ndarray]:
    """Terms of the cost of one village's exit in each year, (cells, years) int64."""
    away = np.arange(years)[None, :] - ready[:, None]
    return {
        "village_late": points(context.policy.weight("village_late_weight") * np.maximum(0, away)),
        "village_early": points(context.policy.weight("village_early_weight") * np.maximum(0, -away)),
    }


def build(context: Context) -> Built:
    """Columns: counties, villages, what is left out, what pledges fall short. Rows: rule by rule."""
    parts = find_parts(context)
    model = ChoiceModel(named=context.elastic)
    n, years, cells = len(parts.places.counties), len(parts.places.years), parts.villages.cells
    sizes = parts.villages.sizes
    x = model.columns(parts.cost.ravel()).reshape(n, years)
    v = model.columns(parts.village_cost.ravel(), upper=np.repeat(sizes, years).astype(float)).reshape(
        cells, years
    )
    left, cell_left = _each_once(context, model, parts, x, v)
    for rule, mask in parts.blocked.items():
        about = [f"{parts.places.listed[c]}>{parts.places.years[t]}" for c, t in np.argwhere(mask).tolist()]
        _forbid(model, rule, x[mask], about)
    _pins(context, model, parts, x)
    _capacity(context, model, parts, x)
    _pace(context, model, parts, x)
    _villages(context, model, parts, x, v)
    short = _pledges(context, model, parts, x, v)
    keep = keep_years(context, parts.kept, x, v, model.n_columns)
    if keep is not None and parts.kept is not None:
        year_rows(model, keep, parts.kept, x, v)
    if context.elastic:
        _persons(context, model, parts)
    return Built(parts, model, x, v, short, left, cell_left, keep)


def _each_once(
    context: Context, model: ChoiceModel, parts: Parts, x: np.ndarray, v: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """With a deadline everybody exits once; without one, who does not is left out at a cost: columns of counties and of classes.

    Where promises may be broken a county may miss the deadline; its villages may only exit too early.
    """
    ends = context.policy.on("deadline")
    rules = ("deadline", "once" if context.elastic else "deadline") if ends else ("once", "once")
    sizes = parts.villages.sizes.astype(float)
    sides = ((x, np.ones(len(x)), parts.left_out), (v, sizes, parts.cell_left_out))
    left = [np.zeros(0, dtype=np.int64)] * 2
    for k, (rule, (columns, most, cost)) in enumerate(zip(rules, sides, strict=True)):
        rows = np.repeat(np.arange(len(columns)), columns.shape[1])
        used = columns.ravel()
        if not ends:
            left[k] = model.columns(cost, upper=most)
            rows, used = np.concatenate([rows, np.arange(len(columns))]), np.concatenate([used, left[k]])
        model.rows(
            rule, rows, used, 1.0, most, most, len(columns), parts.places.listed if columns is x else None
        )
    return left[0], left[1]


def _forbid(model: ChoiceModel, rule: str, columns: np.ndarray, about: Sequence[str] | None = None) -> None:
    model.rows(rule, np.arange(len(columns)), columns, 1.0, 0.0, 0.0, len(columns), about)


def _pins(context: Context, model: ChoiceModel, parts: Parts, x: np.ndarray) -> None:
    row = {c: i for i, c in enumerate(parts.places.listed)}
    for region, year in (context.policy["pins"] or {}).items():
        if region in row and int(year) in parts.places.years:
            column = x[row[region], [int(year) - parts.places.years[0]]]
            model.rows("pins", np.zeros(1, dtype=np.int64), column, 1.0, 1.0, 1.0, 1, [region])


def _capacity(context: Context, model: ChoiceModel, parts: Parts, x: np.ndarray) -> None:
    if not context.policy.on("exits_per_team"):
        return
    members = below(context, parts.places.listed)
    for region, t, most in capacity_rows(context, parts.places):
        if region in members:
            columns = x[members[region], t]
            about = [f"{region}>{parts.places.years[t]}"]
            model.rows("exits_per_team", np.zeros(len(columns)), columns, 1.0, -INFINITY, most, 1, about)


def capacity_rows(context: Context, places: Places) -> list[tuple[str, int, int]]:
    """(region, number of the year, county exits that can be verified there) of the planned years."""
    given = context.network.frame("capacities").filter(
        (pl.col("kind") == "verification_team") & pl.col("year").is_in(places.years)
    )
    per_team = float(context.policy["exits_per_team"])
    rows = given.sort("region", "year").select("region", "year", "value").iter_rows()
    return [(r, y - places.years[0], int(np.floor(value * per_team + 1e-9))) for r, y, value in rows]


def _pace(context: Context, model: ChoiceModel, parts: Parts, x: np.ndarray) -> None:
    for t, least, most in wanted_per_year(context, parts.places):
        model.rows("pace", np.zeros(len(x)), x[:, t], 1.0, least, most, 1, [str(parts.places.years[t])])


def _villages(context: Context, model: ChoiceModel, parts: Parts, x: np.ndarray, v: np.ndarray) -> None:
    villages, years = parts.villages, len(parts.places.years)
    if context.policy.on("village_line") and villages.cells:
        early = np.arange(years)[None, :] < villages.ready[villages.first][:, None]
        if context.elastic:
            _early_villages(model, parts, v, early)
        else:
            _forbid(model, "village_line", v[early])
    if not context.policy.on("village_first_share"):
        return
    share = float(context.policy["village_first_share"])
    place = villages.place[villages.first]
    left = np.bincount(villages.place, minlength=len(parts.places.codes))
    for i, c in enumerate(parts.places.counties.tolist()):
        need = np.ceil(share * (left[c] + villages.out[c]) - 1e-9) - villages.out[c]
        cells = np.flatnonzero(place == c)
        for t in range(years) if need > 0 else ():
            before = v[cells, : t + 1].ravel()
            columns = np.append(before, x[i, t])
            weight = np.append(np.ones(len(before)), -need)
            about = [f"{parts.places.codes[c]}>{parts.places.years[t]}"]
            model.rows(
                "village_first_share", np.zeros(len(columns)), columns, weight, 0.0, INFINITY, 1, about
            )


def _early_villages(model: ChoiceModel, parts: Parts, v: np.ndarray, early: np.ndarray) -> None:
    """One row for each county and year: how many of its villages exit there before they are under the line."""
    home, years = parts.villages.place[parts.villages.first], len(parts.places.years)
    cell, t = np.nonzero(early)
    used, row = np.unique(home[cell] * years + t, return_inverse=True)
    about = [f"{parts.places.codes[u // years]}>{parts.places.years[u % years]}" for u in used.tolist()]
    model.rows("village_line", row, v[cell, t], 1.0, -INFINITY, 0.0, len(used), about)


def _persons(context: Context, model: ChoiceModel, parts: Parts) -> None:
    """Pledges in persons, which follow from the incidence ahead and not from any choice: rows of what is expected."""
    if context.policy["pledge_elastic"]:
        return
    members = below(context, parts.places.codes)
    for pledge in parts.pledges:
        if pledge.rule == "pledge_persons" and pledge.region in members:
            reached = pledge.over(parts.proxy.lifted[members[pledge.region]].sum(axis=0))
            there = np.array([pledge.least - shortfall(pledge, reached)], dtype=np.float64)
            known = model.columns(np.zeros(1, dtype=np.int64), there, there)
            about = [f"{pledge.region}>{parts.places.years[pledge.last]}"]
            model.rows("pledge_persons", np.zeros(1), known, 1.0, float(pledge.least), INFINITY, 1, about)


def _pledges(context: Context, model: ChoiceModel, parts: Parts, x: np.ndarray, v: np.ndarray) -> np.ndarray:
    """One row per pledge in counties or villages; returns the columns of what falls short, where that may be."""
    policy = context.policy
    members = {"pledge_counties": below(context, parts.places.listed)}
    cell_homes = [parts.places.codes[i] for i in parts.villages.place[parts.villages.first]]
    members["pledge_villages"] = below(context, cell_homes)
    weight = {"pledge_counties": "county_short_weight", "pledge_villages": "village_short_weight"}
    short: list[np.ndarray] = []
    for pledge in parts.pledges:
        if pledge.rule not in members:
            continue
        rows = members[pledge.rule].get(pledge.region, np.zeros(0, dtype=np.int64))
        source = x if pledge.rule == "pledge_counties" else v
        columns = source[rows, pledge.first : pledge.last + 1].ravel()
        if policy["pledge_elastic"]:
            price = points(np.array([float(policy[weight[pledge.rule]])]))
            short.append(model.columns(price, upper=float(max(0, pledge.least))))
            columns = np.concatenate([columns, short[-1]])
        about = [f"{pledge.region}>{parts.places.years[pledge.last]}"]
        model.rows(pledge.rule, np.zeros(len(columns)), columns, 1.0, float(pledge.least), INFINITY, 1, about)
    return np.concatenate(short) if short else np.zeros(0, dtype=np.int64)
