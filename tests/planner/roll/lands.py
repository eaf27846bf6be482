"""Small lands that are rolled: counties to exit, money to save, people in villages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from graph.language import Text
from graph.network import Network
from planner.policy import Origin, resolve
from planner.roll.run import Roll, run_roll
from planner.scenario import Scenario
from planner.solve.pool import InProcess
from planner.stage import Limits
from planner.stages import SETTINGS, STAGES
from tests.planner import exit_land, money_land
from tests.planner.tiny import DAY, frame


def scenario_of(net: Network, **policies: Mapping[str, Any]) -> Scenario:
    """A network as a scenario; the stages are those named, each with its values."""
    return Scenario(
        name="land",
        title=Text("小地", "land"),
        on=DAY,
        seed=0,
        stages=tuple(s for s in STAGES if s in policies),
        policies={
            s: resolve(SETTINGS[s], policies.get(s, {}), {k: Origin("test") for k in policies.get(s, {})})
            for s in STAGES
        },
        limits=Limits(),
        network=replace(net, on=DAY),
    )


def rolled(scenario: Scenario, folder: Path, **options: Any) -> Roll:
    """A roll in this process."""
    return run_roll(scenario, folder, executor=InProcess(), **options)


EXIT: dict[str, Any] = {
    **exit_land.PLAIN, "steps": "off", "announce_by": "off", "exits_per_team": "off", "keep_after_exit": "off", "villages": False,
    "pledge_levels": ["province"],
}  # fmt: skip
FUNDS: dict[str, Any] = {**money_land.PLAIN}


def saving() -> Scenario:
    """One source with 100 yuan for 2017, all of which may be carried over, and nothing for 2018; county a needs 100 now, b 100 then.

    The first half of a need counts 1 a yuan, the second 0.2. Myopic: 100 to a, worth 60. Looking ahead: 50 each, worth 100.
    """
    net = money_land.two_counties(
        needs=[money_land.need("a", "industry", 100), money_land.need("b", "industry", 100, 2018)],
        fund_budgets=[money_land.money("g", 100, 2017, 1.0), money_land.money("g", 0, 2018)],
    )
    return scenario_of(net, funds={**FUNDS, "return_steps": {"0.5": 1.0, "1.0": 0.2}})


def exiting(east: Mapping[str, float] | None = None, **values: Any) -> Scenario:
    """Three counties on a path that halves, by default at 3, 5 and 9 per cent; the line is 2 per cent."""
    net = exit_land.land(east or {"a": 0.03, "b": 0.05, "c": 0.09})
    return scenario_of(net, exit={**EXIT, **values})


def busy(seed: int = 0) -> Scenario:
    """A land with everything that a roll writes: money of a region and of a unit, postings, inspections, pledges, findings."""
    rng = np.random.default_rng(seed)
    counties = {f"c{i}": round(float(rng.uniform(0.02, 0.12)), 4) for i in range(4)}
    net = exit_land.land(
        counties, {"w0": 0.06}, {"v0": ("c0", 0.03), "v1": ("c1", 0.08)},
        relations=[
            {"id": "ew", "kind": "east_west", "supporter": "S", "recipient": "W"},
            {"id": "d1", "kind": "designated", "supporter": "u1", "recipient": "c0"},
            {"id": "d2", "kind": "designated", "supporter": "u2", "recipient": "c0"},
        ],
        units=[{"id": f"u{i}", "name": f"u{i}", "home_region": "S"} for i in range(1, 7)],
        fund_sources=[
            {"id": "g", "name": "g", "level": "central", "instrument": "grant"},
            {"id": "s", "name": "s", "level": "east_west", "instrument": "grant", "owner_region": "S"},
            {"id": "n", "name": "n", "level": "unit", "instrument": "grant"},
        ],
        fund_budgets=[money_land.money(s, int(rng.integers(100, 900)), y, float(rng.choice([0.0, 0.3, 1.0])))
                      for s in ("g", "s", "n") for y in (2017, 2018, 2019)],
        needs=[money_land.need(c, p, int(rng.integers(1, 300)), y, quantity=3, unit="household", unit_cost=7)
               for c in (*counties, "w0") for p in ("industry", "housing") for y in (2017, 2018, 2019)],
        pledges=[{"region": r, "year": y, "measure": m, "amount": n}
                 for r in ("E", "W") for y in (2017, 2018) for m, n in (("persons", 30), ("counties", 1))],
        cadres=[{"id": f"k{i}", "unit": "E", "home_region": "E", "roles": "first_secretary;member"} for i in range(6)],
        village_posts=[{"village": v, "post": "fs", "role": "first_secretary", "minimum": 1, "target": 1} for v in ("v0", "v1")],
        postings=[{"cadre": "k0", "village": "v0", "post": "fs", "role": "first_secretary", "since": date(2016, 3, 1)}],
        inspection_teams=[{"id": f"t{i}", "unit": u, "home_region": "S", "size": 8, "days_max": 300} for i, u in enumerate(("u3", "u4", "u5", "u6"))],
        findings=[{"id": "f1", "region": "c0", "year": 2016, "severity": "low", "status": "open", "received": date(2016, 5, 1)}],
        ledger=[{"relation": "ew", "year": y, "item": "fiscal_funds", "pledged": 500, "delivered": 400} for y in (2016, 2017)],
    )  # fmt: skip
    regions = [*net.frame("regions").to_dicts(), {"code": "S", "name": "giver", "level": "province"}]
    net = net.with_frames({"regions": frame("regions", regions)})
    places = {"posting_area": "off", "own_county_area": "off", "distance_weight": 0.0}
    visits = {"kinds": ["check"], "tour_categories": "off", "led_by": "off", "counties_per_visit": {"check": 2},
              "balance_tolerance": "off"}  # fmt: skip
    return scenario_of(net, cadres=places, funds=FUNDS, exit={**EXIT, "villages": True}, inspection=visits)
