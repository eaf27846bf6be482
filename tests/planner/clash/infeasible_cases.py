"""One infeasible case or more of each stage, with the members that cannot hold together, found by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from planner.stage import Context, Stage
from planner.stages import STAGES
from tests.planner import cadre_land, exit_land, inspection_land, money_land, pairing_land, tiny

Case = tuple[str, Callable[[], Context], set[str]]


def designation_of(**values: Any) -> Context:
    """Three counties, three banks that can carry one county each; one unit for each county."""
    rows: dict[str, Any] = {
        "regions": [{"code": c, "name": f"county {c}", "level": "county", "lon": 103.0 + i, "lat": 30.0} for i, c in enumerate("ABC")],
        "region_tags": [{"region": c, "tag": "key_county_592"} for c in "ABC"],
        "units": [{"id": u, "name": f"unit {u}", "kind": "bank", "home_region": "A", "capacity": 1, "strength": 0.5} for u in ("u1", "u2", "u3")],
        "relations": [],
    }  # fmt: skip
    plain = {
        "keep_share": "off", "deep_poverty_strength": "off", "same_kind_max": "off", "units_per_county": [1, 1],
    }  # fmt: skip
    return tiny.context(STAGES["designation"], tiny.network(**rows), **{**plain, **values})


def _pairing(tables: Mapping[str, Any] | None = None, **values: Any) -> Context:
    given = tables or pairing_land.tables()
    return tiny.context(STAGES["pairing"], tiny.network(**given), **{**pairing_land.FREE, **values})


def cadres_of(people: int, posts: int, **values: Any) -> Context:
    """So many people of one prefecture for so many posts that must be filled; the fourth post lies in another prefecture."""
    rows: dict[str, Any] = {
        "regions": cadre_land.REGIONS,
        "cadres": [cadre_land.cadre(f"c{i}") for i in range(people)],
        "village_posts": [cadre_land.first(f"v{k}", tier=1) for k in range(posts)],
    }
    plain = {**cadre_land.PLAIN, "must_fill_tier": 1}
    return tiny.context(STAGES["cadres"], tiny.network(**rows), **{**plain, **values})


def _funds(**values: Any) -> Context:
    return tiny.context(STAGES["funds"], money_land.two_counties(region_tags=POOR), **{**money_land.PLAIN, **values})  # fmt: skip


POOR = [{"region": c, "tag": "poor_county_832"} for c in "ab"]


def _exit(east: Mapping[str, float], tables: Mapping[str, Any] | None = None, **values: Any) -> Context:
    return exit_land.see(exit_land.land(east, **(tables or {})), **values)


def _inspection(tables: Mapping[str, Any] | None = None, **values: Any) -> Context:
    net = tiny.network(**{**inspection_land.BASE, **(tables or {})})
    return tiny.context(STAGES["inspection"], net, **{**inspection_land.FEW, **values})


TEAMS = [{"region": "E", "year": y, "kind": "verification_team", "value": 1.0} for y in range(2017, 2021)]
PLEDGED = [
    {"region": "E", "year": 2017, "measure": "counties", "amount": 2},
    {"region": "E", "year": 2018, "measure": "counties", "amount": 0},
]

CASES: dict[str, Case] = {
    "designation: two pins at a unit that can carry one": (
        "designation",
        lambda: designation_of(pins=["u1>A", "u1>B", "u2>C"]),
        {"pins u1>A", "pins u1>B", "unit_capacity"},
    ),
    "designation: a pinned pair is forbidden": (
        "designation",
        lambda: designation_of(pins=["u1>A", "u2>B"], bans=["u1>A", "u3>C"]),
        {"pins u1>A", "bans u1>A"},
    ),
    "designation: a pinned pair is forbidden, and three of a kind are pinned besides": (
        "designation",
        lambda: designation_of(pins=["u1>A", "u2>A", "u3>A"], bans=["u1>A", "u3>C"], same_kind_max=2, units_per_county=[1, 3]),
        {"pins u1>A", "bans u1>A"},
    ),
    "pairing: a pinned pair is forbidden": (
        "pairing",
        lambda: _pairing(pins=["E1>W1", "E2>W2"], bans=["E1>W1", "E2>W1"]),
        {"pins E1>W1", "bans E1>W1"},
    ),
    "designation: two units for each county, three that can carry one": (
        "designation",
        lambda: designation_of(units_per_county=[2, 2]),
        {"units_per_county", "unit_capacity"},
    ),
    "designation: two of a kind": (
        "designation",
        lambda: designation_of(units_per_county=[2, 3], unit_capacity="off", same_kind_max=1),
        {"units_per_county", "same_kind_max"},
    ),
    "pairing: two pins where one partner is allowed": (
        "pairing",
        lambda: _pairing(pins=["E1>W1", "E2>W1"], partners_per_recipient=[1, 1]),
        {"pins E1>W1", "pins E2>W1", "partners_per_recipient"},
    ),
    "pairing: no change allowed, but a new pair is pinned": (
        "pairing",
        lambda: _pairing(pins=["E1>W2", "E1>W1"], changes_max=0, partners_per_supporter=[0, 4]),
        {"pins E1>W2", "changes_max"},
    ),
    "pairing: county pairs inside region pairs": (
        "pairing",
        lambda: _pairing(county_pairs=True, county_partners_per_recipient=[2, 2], county_bans="off", pins=["E1>W1"],
                         partners_per_recipient=[1, 1], bans=["E2>W1"], county_partners_per_supporter=[0, 1]),
        {"county_pairs", "county_partners_per_recipient", "county_partners_per_supporter"},
    ),
    "cadres: two people for three posts": (
        "cadres",
        lambda: cadres_of(2, 3),
        {"must_fill_tier v0/fs", "must_fill_tier v1/fs", "must_fill_tier v2/fs"},
    ),
    "cadres: nobody may go to another prefecture": (
        "cadres",
        lambda: cadres_of(5, 4),
        {"must_fill_tier v3/fs", "posting_area"},
    ),
    "cadres: teams too small": (
        "cadres",
        lambda: tiny.context(
            STAGES["cadres"],
            tiny.network(regions=cadre_land.REGIONS, cadres=[cadre_land.cadre(f"c{i}") for i in range(2)],
                         village_posts=[cadre_land.first("v0", tier=1), cadre_land.members("v0", 0, 2, tier=2)]),
            **{**cadre_land.PLAIN, "must_fill_tier": 1, "team_minimum": 3},
        ),
        {"must_fill_tier v0/fs", "team_minimum"},
    ),
    "funds: floors above the money": (
        "funds",
        lambda: _funds(county_floor=60),
        {"county_floor", "budgets"},
    ),
    "funds: the floor above the ceiling": (
        "funds",
        lambda: _funds(county_floor=30, county_ceiling=20),
        {"county_floor", "county_ceiling"},
    ),
    "funds: a cut behind an earmark": (
        "funds",
        lambda: tiny.context(
            STAGES["funds"],
            money_land.two_counties(
                region_tags=POOR,
                needs=[money_land.need("a", "industry", 100), money_land.need("b", "relocation", 100)],
                fund_sources=[{"id": "g", "name": "g", "level": "central", "instrument": "grant", "programmes": "industry"},
                              {"id": "h", "name": "h", "level": "central", "instrument": "grant", "programmes": "relocation"}],
                fund_budgets=[money_land.money("g", 100), money_land.money("h", 20)],
            ),
            **{**money_land.PLAIN, "county_floor": 40},
        ),
        {"county_floor", "budgets", "earmarks"},
    ),
    "exit: one team a year, two counties by the deadline": (
        "exit",
        lambda: _exit({"a": 0.01, "b": 0.01}, {"capacities": TEAMS[:1]}, deadline=2017, exits_per_team=1.0),
        {"deadline", "exits_per_team"},
    ),
    "exit: a pin before the line": (
        "exit",
        lambda: _exit({"a": 0.03, "b": 0.01}, pins={"a": 2017, "b": 2018}, line=0.001, standard="off", deadline=2020),
        {"pins a", "line"},
    ),
    "exit: a line that the centre does not know": (
        "exit",
        lambda: _exit({"a": 0.01}, line=0.01),
        {"line", "standard line"},
    ),
    "exit: a pledge above what can be verified": (
        "exit",
        lambda: _exit({"a": 0.01, "b": 0.01}, {"capacities": TEAMS[:1], "pledges": PLEDGED}, exits_per_team=1.0,
                      pledge_elastic=False),
        {"exits_per_team", "pledge_counties E/2017/counties"},
    ),
    "inspection: no team may go": (
        "inspection",
        lambda: _inspection({"inspection_teams": inspection_land.TEAMS[:1]}),
        {"teams_per_visit", "no_own"},
    ),
    "inspection: too few days": (
        "inspection",
        lambda: _inspection({"inspection_teams": [{**t, "days_max": 1} for t in inspection_land.TEAMS]}),
        {"teams_per_visit", "team_days"},
    ),
}  # fmt: skip

every_case = pytest.mark.parametrize("name", list(CASES))


def case(name: str) -> tuple[Stage, Context, set[str]]:
    """Stage, what it sees, and the members by hand."""
    stage, make, wanted = CASES[name]
    return STAGES[stage], make(), wanted
