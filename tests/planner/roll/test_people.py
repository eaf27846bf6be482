"""Postings begin as planned and end with a reason; findings are found where somebody looked; grades follow pledges."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.schema import RESULTS
from planner.roll.assessed import Kept, SoFar, assess, category, find_and_mend, hold_pledges, severity
from planner.roll.outcome import CALM, Chances, Luck
from planner.roll.people import REASONS, begin, count_postings, end_of_year
from planner.roll.register_year import Exits, Register
from tests.planner.cadre_land import REGIONS, cadre, first
from tests.planner.roll.lands import busy, scenario_of
from tests.planner.tiny import DAY, frame, network

END = date(2017, 12, 31)


def result(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    told = [{c: row.get(c) for c in RESULTS[name].dtypes} for row in rows]
    return pl.DataFrame(told, schema=RESULTS[name].dtypes)


def test_planned_postings_and_pairs_begin_and_what_they_replace_ends() -> None:
    net = network(
        regions=REGIONS,
        cadres=[cadre("k0"), cadre("k1"), cadre("k2")],
        village_posts=[first("v0"), first("v1")],
        postings=[{"cadre": "k0", "village": "v0", "post": "fs", "since": date(2014, 1, 1)},
                  {"cadre": "k2", "village": "v1", "post": "fs", "since": date(2016, 1, 1)}],
        relations=[{"id": "old", "kind": "designated", "supporter": "x", "recipient": "a1", "since": date(2012, 1, 1), "source": "list"}],
    )  # fmt: skip
    seats = result("postings", {"cadre": "k1", "village": "v0", "post": "fs", "role": "first_secretary", "cost": 0.0},
                   {"cadre": "k2", "village": "v1", "post": "fs", "role": "first_secretary", "cost": 0.0})  # fmt: skip
    pairs = result(
        "pairs",
        {
            "stage": "designation",
            "supporter": "y",
            "recipient": "a1",
            "cost": 0.0,
            "load": 1,
            "kind": "designated",
        },
    )
    now = scenario_of(net, cadres={})
    begun = begin(now, "plan", {"postings": seats, "pairs": pairs})
    told = (
        begun.frame("postings")
        .sort("cadre")
        .select("cadre", "since", "until", "ended_because", "mark")
        .rows()
    )
    assert told == [
        ("k0", date(2014, 1, 1), DAY, "term_over", "synthetic"),
        ("k1", DAY, None, None, "synthetic"),
        ("k2", date(2016, 1, 1), None, None, None),
    ]
    ties = begun.frame("relations").sort("supporter").select("until", "source", "mark").rows()
    assert ties == [(DAY, "list", "synthetic"), (None, "jiedui roll", "synthetic")]
    counted = count_postings(net, begun, begun, DAY, END)
    assert (counted.held, counted.begun, counted.ended, counted.there) == (2, 1, 1, 2)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_some_leave_early_each_with_a_reason(share: float) -> None:
    rows = [
        {"cadre": f"k{i}", "village": f"v{i}", "post": "fs", "since": date(2016, 1, 1)} for i in range(400)
    ]
    rows.append(
        {"cadre": "z", "village": "z", "post": "fs", "since": date(2014, 1, 1), "until": date(2017, 6, 1)}
    )
    net = network(postings=rows)
    after = end_of_year(net, END, Luck(Chances(leaves=share), 5))
    assert after is not None
    early = after.filter(pl.col("until") == END)
    assert early["ended_because"].is_in(REASONS).all() and early["mark"].eq("synthetic").all()
    assert abs(early.height - 400 * share) < 40
    assert after.filter(cadre="z")["ended_because"].to_list() == ["term_over"]
    counted = count_postings(net, net, net.with_frames({"postings": after}), DAY, END)
    assert counted.held + counted.begun - counted.ended == counted.there == 400 - early.height
    assert end_of_year(network(), END, Luck(CALM, 0)) is None


def test_days_in_the_village_are_those_of_the_year_that_were_served() -> None:
    """A whole year, half of one, until the middle of it; who was gone before keeps what was told."""
    rows = [
        {"cadre": "k0", "village": "v", "post": "fs", "since": date(2014, 1, 1), "days_in_village": 150},
        {"cadre": "k1", "village": "v", "post": "m", "since": date(2017, 7, 1)},
        {"cadre": "k2", "village": "v", "post": "n", "since": date(2015, 1, 1), "until": date(2017, 3, 31)},
        {"cadre": "k3", "village": "v", "post": "o", "since": date(2015, 1, 1), "until": date(2016, 3, 31), "days_in_village": 70},
    ]  # fmt: skip
    calm = end_of_year(network(postings=rows), END, Luck(CALM, 0))
    assert calm is not None and calm["days_in_village"].to_list() == [365, 183, 90, 70]
    some = [
        end_of_year(network(postings=rows[:1]), END, Luck(Chances(leaves=0.0), seed)) for seed in range(100)
    ]
    days = [int(f["days_in_village"][0]) for f in some if f is not None]
    assert min(days) >= 365 * 0.6 - 1 and max(days) <= 365 and len(set(days)) > 30


def test_findings_come_where_somebody_looked_and_are_mended() -> None:
    visits = [
        {"kind": "check", "year": y, "team": "t", "region": f"c{i}", "days": 1, "cost": 0.0}
        for i in range(200)
        for y in (2017, 2018)
    ]
    before = [{"id": f"f{i}", "region": "c0", "year": 2016, "status": "open"} for i in range(200)]
    net = network(findings=before)
    frame_, told = find_and_mend(
        net, result("inspections", *visits), END, Luck(Chances(found=0.3, mended=0.8), 2)
    )
    assert frame_ is not None
    assert 40 < told.new < 80 and 140 < told.closed < 180
    assert told.open == 200 + told.new - told.closed == frame_.filter(pl.col("status") != "closed").height
    new = frame_.filter(pl.col("received") == END)
    assert new.height == told.new and set(new["region"]) <= {f"c{i}" for i in range(200)}
    assert frame_.filter(status="closed")["closed_on"].unique().to_list() == [END]
    calm, quiet = find_and_mend(net, result("inspections", *visits), END, Luck(CALM, 2))
    assert (quiet.new, quiet.closed, quiet.open) == (0, 200, 0) and calm is not None
    assert find_and_mend(network(), result("inspections"), END, Luck(CALM, 0))[0] is None


def test_severities() -> None:
    assert [severity(u) for u in (0.0, 0.09, 0.1, 0.49, 0.5, 0.99)] == ["severe"] * 2 + ["medium"] * 2 + [
        "low"
    ] * 2


@pytest.mark.parametrize(
    ("share", "best", "grade"),
    [(1.2, True, "commended"), (1.0, False, "plain"), (0.99, False, "talk_deputy"), (0.75, False, "talk_deputy"), (0.74, False, "talk_principal")],
)  # fmt: skip
def test_grades(share: float, best: bool, grade: str) -> None:
    assert category(share, best) == grade


def test_pledges_are_held_against_what_came_and_grades_follow() -> None:
    land = busy()
    codes = ["c0", "c1", "c2", "c3", "w0"]
    none = np.zeros(5, dtype=np.int64)
    before, gone = np.full(5, 100), np.array([10, 10, 5, 5, 20])
    share = np.full(5, 0.1)
    register = Register(codes, np.ones(5, dtype=bool), before, {"listed": none}, gone, share, share)
    exits = Exits([], ["c0"], [], [], [], [], {})
    pledges, so_far = hold_pledges(land, register, exits, 2017, SoFar())
    assert [(k.region, k.measure, k.promised, k.reached, k.kept) for k in pledges] == [
        ("E", "counties", 1, 1, True), ("E", "persons", 30, 30, True), ("W", "counties", 1, 0, False), ("W", "persons", 30, 20, False),
    ]  # fmt: skip
    later, _ = hold_pledges(land, register, exits, 2018, so_far)
    assert [(k.region, k.measure, k.promised, k.reached) for k in later if k.measure == "persons"] == [
        ("E", "persons", 60, 60), ("W", "persons", 60, 40),
    ]  # fmt: skip
    each = scenario_of(land.network, exit={"pledge_cumulative": False})
    _, so_far = hold_pledges(each, register, exits, 2017, SoFar())
    later, _ = hold_pledges(each, register, exits, 2018, so_far)
    assert [(k.promised, k.reached) for k in later if k.measure == "persons"] == [(30, 30), (30, 20)]
    high = scenario_of(land.network, exit={"pledge_levels": ["county"]})
    assert hold_pledges(high, register, exits, 2017, SoFar())[0] == []
    graded = assess(land, register, pledges, END)
    assert dict(graded.select("region", "category").iter_rows()) == {"E": "commended", "W": "talk_principal"}
    low = [Kept("W", "persons", 30, 24)]
    assert (
        dict(assess(land, register, low, END).select("region", "category").iter_rows())["W"] == "talk_deputy"
    )
    still = Register(codes, np.ones(5, dtype=bool), before, {"listed": none}, none, share, share)
    assert assess(land, still, [], END)["category"].to_list() == [
        "plain",
        "plain",
    ]  # nobody left: nobody is commended


def test_those_assessed_last_are_assessed_again() -> None:
    land = busy()
    last = frame("assessments", [{"region": "W", "year": 2016, "category": "plain"}])
    land = scenario_of(land.network.with_frames({"assessments": last}), exit={})
    register = Register(
        ["c0", "w0"], np.ones(2, dtype=bool), np.array([9, 9]), {}, np.array([1, 1]), np.ones(2), np.ones(2)
    )
    assert assess(land, register, [], END).filter(year=2017)["region"].to_list() == ["W"]
