"""``jiedui check`` tells by counting what cannot hold in each stage; each count bites in one scenario and not in another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.network import Network
from planner.repair.overlay import item_of
from tests.planner import cadre_land, exit_land, inspection_land, money_land, pairing_land, tiny
from tests.planner.clash.infeasible_cases import PLEDGED, POOR, TEAMS
from tests.planner.clash.infeasible_cases import designation_of as designation

Typed = Callable[..., tuple[int, str, str]]
Case = tuple[str, Network, dict[str, Any], dict[str, Any], str]

SPEAK = [{"region": "a1", "tag": "language:yi"}]
TEAM = {"inspection_teams": [{**t, "days_max": 1} for t in inspection_land.TEAMS]}


def posts(people: list[dict[str, Any]], rows: list[dict[str, Any]], **tables: Any) -> Network:
    return tiny.network(regions=cadre_land.REGIONS, cadres=people, village_posts=rows, **tables)


MUST = {**cadre_land.PLAIN, "must_fill_tier": 1}
FIRST = [cadre_land.first(v, tier=1) for v in ("v0", "v1")]
LATER = [cadre_land.first("v0", tier=1), cadre_land.first("v1", tier=2)]
ONE = [cadre_land.cadre("c0")]
TWO = [cadre_land.cadre("c0"), cadre_land.cadre("c1")]
ALIKE = [cadre_land.cadre(f"c{i}", "a1", unit="a2") for i in range(4)]
DOCTORS = [cadre_land.first(v, tier=1, skill="health") for v in ("v0", "v1")]
KNOWING = [cadre_land.cadre("c0", skill="health"), cadre_land.cadre("c1", skill="general")]
SPEAKING = [cadre_land.cadre("c0", languages="yi"), cadre_land.cadre("c1")]
LEADERS = [cadre_land.cadre("c0"), {**cadre_land.cadre("c1"), "roles": "member"}]
COVERED = {**pairing_land.FREE, "cover_recipients": True}
PLAIN_UNITS: dict[str, Any] = {
    "keep_share": "off", "deep_poverty_strength": "off", "same_kind_max": "off", "units_per_county": [1, 1],
}  # fmt: skip
EXITS = exit_land.land({"a": 0.01, "b": 0.01}, capacities=TEAMS[:1], pledges=PLEDGED)
EXIT = {**exit_land.PLAIN, "exits_per_team": 1.0, "deadline": "off", "pledge_elastic": False}

CASES: dict[str, Case] = {
    "people by tier": ("cadres", posts(ONE, LATER), {**MUST, "must_fill_tier": 2}, MUST,
                       "2 seats that must be filled up to tier 2: only 1 cadre may take one, 1 too few"),
    "people by area": ("cadres", posts([cadre_land.cadre("c0", "b1")] * 1 + TWO[1:], FIRST), MUST, {**MUST, "posting_area": "province"},
                           "2 seats in a1 that must be filled: only 1 cadre may take one, 1 too few (rules: must_fill_tier, posting_area)"),
    "people by skill": ("cadres", posts(KNOWING, DOCTORS), {**MUST, "skill": "require"}, MUST,
                        "ask for the skill health: only 1 cadre may take one, 1 too few"),
    "people by language": ("cadres", posts(SPEAKING, FIRST, region_tags=SPEAK), {**MUST, "language": "require"}, MUST,
                           "ask for the language yi: only 1 cadre may take one, 1 too few"),
    "people by role": ("cadres", posts(LEADERS, FIRST), MUST, {**MUST, "role_allowed": "off"},
                       "must be filled by a first_secretary: only 1 cadre may take one, 1 too few"),
    "what units release": ("cadres", posts(ALIKE, FIRST), {**MUST, "unit_release_share": 0.25}, {**MUST, "unit_release_share": 0.5},
                           "4 cadres may take one, of whom the units release 1 at most, 1 too few"),
    "floors above the money": ("funds", money_land.two_counties(region_tags=POOR), {**money_land.PLAIN, "county_floor": 60},
                               {**money_land.PLAIN, "county_floor": 50}, "come to 120 yuan, but all sources have only 100 yuan"),
    "a recipient without a supporter": ("pairing", tiny.network(**pairing_land.tables()), {**COVERED, "bans": ["E1>W1", "E2>W1"]},
                                        {**COVERED, "bans": ["E1>W1"]}, "1 recipient has fewer than 1 eligible supporters: West one"),
    "a pair that is pinned and banned": ("pairing", tiny.network(**pairing_land.tables()), {**pairing_land.FREE, "pins": ["E1>W1"], "bans": ["E1>W1"]},
                                         {**pairing_land.FREE, "pins": ["E1>W1"], "bans": ["E1>W2"]}, "both pinned and forbidden: East one > West one"),
    "a county without a unit": ("designation", designation().network, {**PLAIN_UNITS, "bans": [f"u{k}>A" for k in (1, 2, 3)]},
                                {**PLAIN_UNITS, "bans": ["u1>A", "u2>A"]}, "county A"),
    "a unit pinned too often": ("designation", designation().network, {**PLAIN_UNITS, "pins": ["u1>A", "u1>B"]},
                                {**PLAIN_UNITS, "pins": ["u1>A", "u2>B"]}, "unit u1 can carry 1, but its pinned pairs need 2"),
    "a pledge above what can be verified": ("exit", EXITS, EXIT, {**EXIT, "exits_per_team": 2.0},
                                            "province E has pledged 2 county exits in 2017, but the teams of province E can verify 1"),
    "a year pinned too often": ("exit", EXITS, {**EXIT, "pledge_counties": "off", "pins": {"a": 2017, "b": 2017}},
                                {**EXIT, "pledge_counties": "off", "pins": {"a": 2017, "b": 2018}},
                                "2 counties of province E are pinned to 2017, but its teams can verify 1 in that year"),
    "a deadline above what can be verified": ("exit", EXITS, {**EXIT, "pledge_counties": "off", "deadline": 2017},
                                              {**EXIT, "pledge_counties": "off", "deadline": 2018}, "can verify 1 county exit in 2017, but 2 counties have to exit then"),
    "days of inspection": ("inspection", tiny.network(**{**inspection_land.BASE, **TEAM}), inspection_land.FEW,
                           {**inspection_land.FEW, "team_days": "off"}, "(rules: team_days"),
}  # fmt: skip


def written(folder: Path, stages: list[str], network: Network, values: dict[str, Any]) -> Path:
    """A scenario's folder with these tables; the values are those of the last stage."""
    (folder / "data").mkdir(parents=True)
    listed = "".join(f"{k} = {item_of(v).as_string()}\n" for k, v in values.items())
    head = f'format = 1\ndate = 2016-12-31\nstages = {json.dumps(stages)}\n[regions]\ncodes = "free"\n'
    (folder / "scenario.toml").write_text(f"{head}[{stages[-1]}]\n{listed}", encoding="utf-8")
    for name, frame in network.frames.items():
        frame.write_csv(folder / "data" / f"{name}.csv")
    return folder


def told(typed: Typed, folder: Path, stage: str) -> str:
    """What `check` says cannot hold in the stage."""
    code, out, err = typed("check", folder)
    assert code == 0, out + err
    return "\n".join(line for line in out.splitlines() if f"[warning] [{stage}]" in line)


@pytest.mark.parametrize("name", list(CASES))
def test_what_cannot_hold_is_counted_and_what_can_is_not(name: str, typed: Typed, tmp_path: Path) -> None:
    stage, network, bites, holds, wanted = CASES[name]
    assert wanted in told(typed, written(tmp_path / "bites", [stage], network, bites), stage)
    assert wanted not in told(typed, written(tmp_path / "holds", [stage], network, holds), stage)
