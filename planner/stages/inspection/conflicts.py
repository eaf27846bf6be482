"""Who may not inspect where, read from the graph: own, paired, designated, supervised, reciprocal, the same again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from planner.stage import Context
from planner.stages.inspection.visits import planned_year

PAIRED = ("east_west", "county_pair", "counterpart", "intra_province")
DESIGNATED = ("designated", "provincial_designated", "village_unit", "enterprise")
SUPERVISING = ("supervision",)
LOCAL_UNITS = ("province_unit",)

Link = tuple[str, str]


@dataclass(frozen=True)
class Teams:
    """The teams.

    Parameters
    ----------
    ids, units, homes : list
        Id, leading unit or region (``None``: none given), home region (``None``: none given).
    size, days_max : ndarray
        (n,) int64.
    languages : list of set of str
        What the team speaks.
    area : list
        The region at the inspected level that leads the team; ``None`` for a central unit's team.
    """

    ids: list[str]
    units: list[str | None]
    homes: list[str | None]
    size: np.ndarray
    days_max: np.ndarray
    languages: list[set[str]]
    area: list[str | None]


def find_teams(context: Context) -> Teams:
    """All teams, sorted by id."""
    frame = context.network.frame("inspection_teams").sort("id")
    units, homes = frame["unit"].to_list(), frame["home_region"].to_list()
    kind_of = dict(context.network.frame("units").select("id", "kind").iter_rows())
    return Teams(
        frame["id"].to_list(),
        units,
        homes,
        frame["size"].to_numpy().astype(np.int64),
        frame["days_max"].to_numpy().astype(np.int64),
        [{w.strip() for w in (cell or "").split(";") if w.strip()} for cell in frame["languages"].to_list()],
        [leading_area(context, u, h, kind_of) for u, h in zip(units, homes, strict=True)],
    )


def leading_area(context: Context, unit: str | None, home: str | None, kind_of: dict[str, str]) -> str | None:
    """The region that leads a team: its unit where that is a region, else the home of a local or unnamed one."""
    if unit is not None and unit in context.network.parents:
        return area_of(context, unit)
    if home is not None and (unit is None or kind_of.get(unit) in LOCAL_UNITS):
        return area_of(context, home)
    return None


def area_of(context: Context, code: str) -> str:
    """The region at the inspected level that holds ``code``; ``code`` itself where none does."""
    return context.network.at_level(code, str(context.policy["region_level"])) or code


def forbidden(context: Context, teams: Teams, regions: list[str]) -> dict[str, np.ndarray]:
    """Rule → (teams, regions) bool: who may not inspect where by it. Rules that are off are left out."""
    rules: dict[str, Callable[[Context, Teams, list[str]], np.ndarray]] = {
        "no_own": _own,
        "no_paired": _paired,
        "no_designated": lambda c, t, r: _by_unit(c, t, r, DESIGNATED),
        "no_supervising": lambda c, t, r: _by_unit(c, t, r, SUPERVISING),
        "no_reciprocal": _reciprocal,
        "no_repeat": _repeat,
    }
    return {key: rule(context, teams, regions) for key, rule in rules.items() if context.policy.on(key)}


def may_lead(context: Context, teams: Teams, kind: str) -> np.ndarray:
    """(n,) bool: teams that are led by the right side for a kind of inspection, and are large enough."""
    return np.asarray(rightly_led(context, teams, kind) & large_enough(context, teams, kind))


def large_enough(context: Context, teams: Teams, kind: str) -> np.ndarray:
    """(n,) bool: teams of the least size for a kind of inspection."""
    return np.asarray(teams.size >= (context.policy["team_size"] or {}).get(kind, 0))


def rightly_led(context: Context, teams: Teams, kind: str) -> np.ndarray:
    """(n,) bool: teams that are led by the right side for a kind of inspection."""
    wanted = "any"
    for item in context.policy["led_by"] or []:
        named, _, side = (p.strip() for p in item.partition(">"))
        if named == kind:
            wanted = side
    regional = np.array([a is not None for a in teams.area], dtype=bool)
    return {"region": regional, "unit": ~regional}.get(wanted, np.ones(len(teams.ids), dtype=bool))


def _same(context: Context, teams: Teams, regions: list[str], linked: set[Link]) -> np.ndarray:
    """(teams, regions) bool: the team's leading area is linked with the region's, either way."""
    areas = [area_of(context, r) for r in regions]
    found = np.zeros((len(teams.ids), len(regions)), dtype=bool)
    for i, a in enumerate(teams.area):
        if a is not None:
            found[i] = [(a, b) in linked or (b, a) in linked for b in areas]
    return found


def _own(context: Context, teams: Teams, regions: list[str]) -> np.ndarray:
    """A team's home region or leading region lies in the inspected one, or holds it."""
    found = np.zeros((len(teams.ids), len(regions)), dtype=bool)
    above = [{r, *context.network.ancestors(r)} for r in regions]
    for i, (unit, home) in enumerate(zip(teams.units, teams.homes, strict=True)):
        own = [p for p in (unit, home) if p is not None and p in context.network.parents]
        up = {q for p in own for q in (p, *context.network.ancestors(p))}
        found[i] = [r in up or bool(above[j] & set(own)) for j, r in enumerate(regions)]
    return found


def _paired(context: Context, teams: Teams, regions: list[str]) -> np.ndarray:
    links = {(area_of(context, s), area_of(context, r)) for s, r in held(context, PAIRED)}
    links |= {(area_of(context, s), area_of(context, r)) for s, r in planned_pairs(context, "pairing")}
    return _same(context, teams, regions, links)


def _by_unit(context: Context, teams: Teams, regions: list[str], kinds: tuple[str, ...]) -> np.ndarray:
    """The team's unit supports (or supervises) something in the region, or the region is inside what it does."""
    links = set(held(context, kinds))
    if kinds == DESIGNATED:
        links |= set(planned_pairs(context, "designation"))
    found = np.zeros((len(teams.ids), len(regions)), dtype=bool)
    touched: dict[str, set[str]] = {u: set() for u in teams.units if u is not None}
    for supporter, recipient in links:
        if supporter in touched:
            touched[supporter].update({recipient, area_of(context, recipient)})
    above = [{r, *context.network.ancestors(r)} for r in regions]
    for i, unit in enumerate(teams.units):
        places = touched.get(unit or "", set())
        inside = {q for p in places for q in (p, *context.network.ancestors(p))}
        found[i] = [r in inside or bool(above[j] & places) for j, r in enumerate(regions)]
    return found


def _reciprocal(context: Context, teams: Teams, regions: list[str]) -> np.ndarray:
    """The region's own team inspected the team's region the year before."""
    area = dict(zip(teams.ids, teams.area, strict=True))
    links = {(area.get(team), area_of(context, region)) for team, region in _visits_before(context)}
    areas = [area_of(context, r) for r in regions]
    found = np.zeros((len(teams.ids), len(regions)), dtype=bool)
    for i, a in enumerate(teams.area):
        if a is not None:
            found[i] = [(b, a) in links for b in areas]
    return found


def _repeat(context: Context, teams: Teams, regions: list[str]) -> np.ndarray:
    """The team inspected the region, or a place in it, the year before."""
    been: dict[str, set[str]] = {}
    for team, region in _visits_before(context):
        been.setdefault(team, set()).update({region, *context.network.ancestors(region)})
    return np.array([[r in been.get(t, ()) for r in regions] for t in teams.ids], dtype=bool).reshape(
        len(teams.ids), len(regions)
    )


def _visits_before(context: Context) -> list[Link]:
    before = context.network.frame("inspection_visits").filter(pl.col("year") == planned_year(context) - 1)
    return list(before.select("team", "region").unique().sort("team", "region").iter_rows())


def held(context: Context, kinds: Iterable[str]) -> list[Link]:
    """Supporter and recipient of relations of these kinds that hold from now to the end of the planned year."""
    last = date(planned_year(context), 12, 31)
    relations = context.network.frame("relations").filter(
        pl.col("kind").is_in(list(kinds))
        & (pl.col("since").is_null() | (pl.col("since") <= last))
        & (pl.col("until").is_null() | (pl.col("until") > context.on))
    )
    return list(
        relations.select("supporter", "recipient").unique().sort("supporter", "recipient").iter_rows()
    )


def planned_pairs(context: Context, stage: str) -> list[Link]:
    """Pairs that an earlier stage of this plan decided."""
    if "pairs" not in context.decided:
        return []
    pairs = context.decided["pairs"].filter(pl.col("stage") == stage)
    return list(pairs.select("supporter", "recipient").iter_rows())
