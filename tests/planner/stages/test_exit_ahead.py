"""Incidence ahead (the proxy), and support that stays after exit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from graph.schema import RESULTS
from planner.policy import Policy
from planner.stages.exit import STAGE
from planner.stages.exit.model import find_parts
from tests.planner import tiny
from tests.planner.exit_land import clashes, fact, land, plan, recheck, see, state, years


def ahead(
    net: Any, decided: Mapping[str, pl.DataFrame] | None = None, **values: Any
) -> dict[str, list[float]]:
    """Place → incidence in 2017 … 2020."""
    parts = find_parts(see(net, decided, **values))
    return {c: parts.proxy.incidence[i].tolist() for i, c in enumerate(parts.places.codes)}


def money(*rows: tuple[str, int, int]) -> dict[str, pl.DataFrame]:
    """Allocations (region, year, yuan)."""
    made = [
        {"source": "s", "region": r, "programme": "industry", "year": y, "amount": a, "quantity": None}
        for r, y, a in rows
    ]
    return {"allocations": pl.DataFrame(made, schema=RESULTS["allocations"].dtypes)}


def chosen(*rows: tuple[str, str]) -> dict[str, pl.DataFrame]:
    """Pairs (stage, recipient)."""
    made = [
        {"stage": s, "supporter": "u", "recipient": r, "cost": 0.0, "load": 1, "terms": "{}"} for s, r in rows
    ]
    return {"pairs": pl.DataFrame(made, schema=RESULTS["pairs"].dtypes)}


# --- the proxy ---


def test_path_is_followed_at_its_speed():
    assert ahead(land({"a": 0.08}))["a"] == [0.04, 0.02, 0.01, 0.0]
    assert ahead(land({"a": 0.08}), speed=2.0)["a"] == [0.02, 0.005, 0.00125, 0.0]
    assert ahead(land({"a": 0.08}), speed=0.0)["a"] == [0.08, 0.08, 0.08, 0.0]
    assert ahead(land({"a": 0.08}), incidence_proxy="recorded")["a"] == [0.08] * 4


def test_counties_outside_the_list_follow_the_path_at_speed_one():
    net = land({"a": 0.08, "b": 0.08})
    tags = net.frame("region_tags").filter(pl.col("region") != "b")
    found = ahead(net.with_frames({"region_tags": tags}), speed=2.0)
    assert found["a"][0] == 0.02 and found["b"][0] == 0.04


def test_money_moves_the_register():
    net = land({"a": 0.08, "b": 0.08, "c": 0.16})
    even = money(("a", 2017, 80), ("b", 2017, 80), ("c", 2017, 160))
    assert ahead(net, even)["a"] == ahead(net)["a"]
    found = ahead(net, money(("a", 2017, 160), ("b", 2017, 0), ("c", 2017, 160)))
    factor = 2**0.3
    assert found["a"][0] == pytest.approx(0.08 * 0.5**factor, abs=1e-6)
    assert found["b"][0] == pytest.approx(
        0.08 * 0.5 ** (0.25**0.3), abs=1e-6
    )  # never below a quarter of the mean
    assert found["a"][1] == pytest.approx(found["a"][0] / 2, abs=1e-6)  # no money planned in 2018
    assert ahead(net, money(("a", 2017, 160)), incidence_proxy="path")["a"] == ahead(net)["a"]
    assert ahead(net, money(("a", 2017, 160)), funds_elasticity=0.0)["a"] == ahead(net)["a"]


def test_money_lets_a_county_exit_earlier():
    net = land({"a": 0.045, "b": 0.045})
    assert years(plan(net, risk_weight=0.0)) == {"a": 2018, "b": 2018}
    rich = money(("a", 2017, 190), ("b", 2017, 10))
    assert years(plan(net, rich, risk_weight=0.0, keep_after_exit="off")) == {"a": 2017, "b": 2018}


def test_register_changes_since_the_count_move_the_start():
    change = {"village": "v", "kind": "exited", "persons": 40, "households": 10, "batch": ""}
    net = land(
        {"a": 0.08}, villages={"v": ("a", 0.1)}, register_changes=[change | {"date": date(2016, 6, 1)}]
    )
    assert ahead(net)["a"][0] == 0.04  # before the count: in it already
    old = net.frame("region_facts").with_columns(year=pl.lit(2015, dtype=pl.Int64))
    assert ahead(net.with_frames({"region_facts": old}))["a"][0] == 0.02
    more = net.frame("register_changes").with_columns(kind=pl.lit("relapsed"))
    assert ahead(net.with_frames({"region_facts": old, "register_changes": more}))["a"][0] == 0.06


def test_incidence_that_is_missing_comes_from_above_and_is_said():
    net = land({"a": 0.08, "b": 0.08})
    bare = net.frame("region_facts").filter(pl.col("region") != "b")
    outcome = plan(net.with_frames({"region_facts": bare}))
    assert any(
        "1 county has no incidence of its own" in w.en and "county b" in w.en for w in outcome.warnings
    )
    above = pl.concat([bare, tiny.frame("region_facts", [fact("E", "poverty_incidence", 0.16)])])
    assert ahead(net.with_frames({"region_facts": above}))["b"][0] == 0.08
    assert ahead(net.with_frames({"region_facts": bare}))["b"][0] == 0.04  # the path's own in 2016
    poor_only = net.frame("region_facts").filter(pl.col("measure") != "poverty_incidence")
    assert ahead(net.with_frames({"region_facts": poor_only}))["a"][0] == 0.04


def test_a_path_with_gaps_is_a_straight_line():
    found = ahead(land({"a": 0.08}), path={"2016": 0.08, "2018": 0.04, "2020": 0.04})["a"]
    assert found == [pytest.approx(0.06, abs=1e-6), pytest.approx(0.04, abs=1e-6), 0.04, 0.04]


# --- support stays after exit ---


def relation(kind: str, recipient: str, until: date | None = None, name: str = "r1") -> dict[str, Any]:
    return {
        "id": name,
        "kind": kind,
        "supporter": "u",
        "recipient": recipient,
        "since": date(2012, 1, 1),
        "until": until,
    }


@pytest.mark.parametrize(
    "kind, support", [("county_pair", "pair"), ("counterpart", "pair"), ("designated", "unit")]
)
def test_support_that_ends_holds_the_exit_back(kind: str, support: str):
    net = land({"a": 0.03}, relations=[relation(kind, "a", date(2019, 1, 1))])
    assert years(plan(net)) == {"a": 2020}
    assert state(net, "keep_after_exit") == "binding"
    assert years(plan(net, keep_until=2018)) == {"a": 2017}
    assert years(plan(net, keep_after_exit="off")) == {"a": 2017}
    others = [s for s in ("pair", "unit", "team", "funds") if s != support]
    assert years(plan(net, keep_after_exit=others)) == {"a": 2017}
    lasting = land({"a": 0.03}, relations=[relation(kind, "a", date(2021, 1, 1))])
    assert years(plan(lasting)) == {"a": 2017}
    assert state(lasting, "keep_after_exit") == "slack"


@pytest.mark.parametrize(("year", "lost"), [(2017, 1), (2020, 0)])
def test_what_an_exit_loses_is_counted(year: int, lost: int):
    """Of any exits, the baseline's and those made by hand, too."""
    net = land({"a": 0.03}, relations=[relation("designated", "a", date(2019, 1, 1))])
    decided = plan(net).tables["exits"].with_columns(year=pl.lit(year))
    figures = {k.key: k.value for k in STAGE.measure(see(net), {"exits": decided})}
    assert figures["support_lost"] == lost
    off = STAGE.measure(see(net, keep_after_exit="off"), {"exits": decided})
    assert "support_lost" not in {k.key for k in off}


def test_another_link_takes_over():
    net = land(
        {"a": 0.03},
        relations=[relation("county_pair", "a", date(2018, 1, 1)), relation("east_west", "E", name="r2")],
    )
    assert years(plan(net)) == {"a": 2017}


def test_a_stage_before_must_not_drop_what_has_exited():
    net = land(
        {"a": 0.01}, relations=[relation("designated", "a")], region_facts=[fact("a", "exit_year", 2016)]
    )
    assert clashes(net) == []
    assert clashes(net, chosen(("designation", "a"))) == []
    assert clashes(net, chosen(("designation", "b"))) == []  # a was not its to decide
    tagged = pl.concat([net.frame("region_tags"), tiny.frame("region_tags", [{"region": "a", "tag": "key"}])])
    seen = see(net.with_frames({"region_tags": tagged}), chosen(("designation", "b")))
    policies = {"designation": Policy({"recipients_tag": "key"})}
    found = STAGE.count(replace(seen, policies=policies))
    assert (
        len(found) == 1 and "loses its designated unit from 2017" in found[0].en and "county a" in found[0].en
    )
    assert "keep_after_exit" in found[0].en


def test_a_decided_pair_above_keeps_the_pair():
    net = land({"a": 0.03}, relations=[relation("east_west", "E", date(2018, 1, 1))])
    assert years(plan(net)) == {"a": 2020}
    assert years(plan(net, chosen(("pairing", "E")))) == {"a": 2017}


def test_teams_stay():
    posts = [
        {"village": "v", "post": "first_secretary", "role": "first_secretary", "minimum": 1, "target": 1}
    ]
    now = [
        {
            "cadre": "c1",
            "village": "v",
            "post": "first_secretary",
            "role": "first_secretary",
            "since": date(2015, 1, 1),
        }
    ]
    net = land({"a": 0.03}, villages={"v": ("a", 0.01)}, village_posts=posts, postings=now)
    row = {"cadre": "c2", "village": "v", "post": "first_secretary", "role": "first_secretary", "cost": 0.0}
    kept = {"postings": pl.DataFrame([row], schema=RESULTS["postings"].dtypes)}
    none = {"postings": kept["postings"].clear()}
    assert years(plan(net, kept))["a"] == 2017
    assert years(plan(net, none))["a"] == 2020
    assert years(plan(net, none, keep_after_exit=["pair"]))["a"] == 2017
    optional = tiny.frame("village_posts", [posts[0] | {"minimum": 0}])
    assert years(plan(net.with_frames({"village_posts": optional}), none))["a"] == 2017


def test_floor_of_funds_after_exit():
    net = land({"a": 0.03})
    falling = money(("a", 2017, 100), ("a", 2018, 100), ("a", 2019, 20), ("a", 2020, 20))
    assert years(plan(net, falling)) == {"a": 2019}  # 20 of 100 is below 30 %, 20 of 20 is not
    assert years(plan(net, falling, keep_funds_floor=0.2)) == {"a": 2017}
    assert years(plan(net, falling, keep_funds_floor=0.0)) == {"a": 2017}
    gone = land({"a": 0.01}, region_facts=[fact("a", "exit_year", 2016)])
    found = clashes(gone, falling)
    assert len(found) == 1 and "the floor of its funds from 2019" in found[0]
    assert clashes(gone, falling, keep_after_exit=["pair", "unit", "team"]) == []


def test_funds_count_only_where_the_stage_funds_came_first():
    net = land({"a": 0.05, "b": 0.05})
    seen = see(net, money(("a", 2017, 190), ("b", 2017, 10)), risk_weight=0.0, keep_after_exit="off")
    outcome = tiny.solve(STAGE, seen)
    assert recheck(seen, outcome.tables).broken == []
    alone = replace(seen, decided={})
    assert recheck(alone, outcome.tables).broken != []


def test_default_path_and_speed():
    default = {s.key: s.default for s in STAGE.settings}
    path = {int(y): v for y, v in default["path"].items()}
    left = math.exp(-default["speed"] * math.log(path[2016] / path[2017]))
    found = find_parts(tiny.context(STAGE, land({"a": 0.1})))
    assert found.proxy.incidence[0, 0] == pytest.approx(0.1 * left, abs=1e-6)
