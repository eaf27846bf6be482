"""A year of the register adds up, follows what is recorded, and lets out whom it should."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.schema import RESULTS
from planner.roll.outcome import CALM, NOTHING_KNOWN, Chances, Luck, Records
from planner.roll.recorded import shared_out
from planner.roll.register import judge_exits, keeps_register, pass_year, see_year
from planner.roll.register_rows import write_register
from planner.roll.register_year import Exits, Register
from planner.scenario import Scenario
from tests.planner import exit_land
from tests.planner.roll.lands import EXIT, exiting, scenario_of
from tests.planner.tiny import frame

WILD = Chances(spread=0.9, listed=0.5, missed=0.5, relapsed=0.9, unsuited=0.5)
NO_MONEY = RESULTS["allocations"].empty()


def lived(
    scenario: Scenario, planned: dict[str, int], luck: Luck, records: Records = NOTHING_KNOWN
) -> tuple[Register, Exits, dict[str, pl.DataFrame]]:
    """A year with these exits planned, and the tables after it."""
    context, places, proxy = see_year(scenario, NO_MONEY)
    register = pass_year(places, proxy, scenario.network, luck, records)
    exits = pl.DataFrame(
        {"region": list(planned), "year": list(planned.values())},
        schema={"region": pl.String, "year": pl.Int64},
    )
    judged = judge_exits(context, places, register, exits, luck, records)
    return register, judged, write_register(context, register, judged, records, date(2017, 12, 31), 3.0, luck)


def facts(tables: dict[str, pl.DataFrame], measure: str) -> dict[str, float]:
    rows = tables["region_facts"].filter((pl.col("year") == 2017) & (pl.col("measure") == measure))
    return dict(rows.select("region", "value").iter_rows())


def recorded(*facts_: dict[str, Any], changes: tuple[dict[str, Any], ...] = ()) -> Records:
    return Records(frame("region_facts", facts_), frame("register_changes", changes))


def test_by_hand_without_draws() -> None:
    """On a path that halves, 30 of 1,000 become 15: under the line of 2 per cent; 50 become 25, which is above it."""
    register, exits, tables = lived(exiting(), {"a": 2017, "b": 2017, "c": 2018}, Luck(CALM, 0))
    assert register.codes == ["a", "b", "c"]
    assert register.before.tolist() == [30, 50, 90] and register.after.tolist() == [15, 25, 45]
    assert register.end.tolist() == [0.015, 0.025, 0.045]
    assert (exits.planned, exits.happened, exits.missed, exits.left) == (["a", "b"], ["a"], ["b"], ["b", "c"])
    assert facts(tables, "exit_year") == {"a": 2017.0}
    assert facts(tables, "poor_population") == {"a": 15.0, "b": 25.0, "c": 45.0}
    moved = tables["register_changes"]
    assert moved.select("village", "kind", "persons", "households", "mark").rows() == [
        ("a", "exited", 15, 5, "synthetic"), ("b", "exited", 25, 8, "synthetic"), ("c", "exited", 45, 15, "synthetic"),
    ]  # fmt: skip


@given(
    shares=st.lists(st.floats(0.001, 0.6), min_size=1, max_size=5),
    seed=st.integers(0, 10**6),
    spread=st.floats(0, 1),
    rate=st.floats(0, 1),
)
def test_start_and_in_less_out_is_the_end(shares: list[float], seed: int, spread: float, rate: float) -> None:
    land = exiting({f"c{i}": round(s, 4) for i, s in enumerate(shares)})
    total = [{"region": "E", "year": 2016, "measure": "poor_population", "value": 5000.0}]
    all_facts = [*land.network.frame("region_facts").to_dicts(), *total]
    land = scenario_of(
        land.network.with_frames({"region_facts": frame("region_facts", all_facts)}), exit=EXIT
    )
    luck = Luck(Chances(spread, rate, rate, rate, 0.5), seed)
    register, exits, tables = lived(land, {"c0": 2017}, luck)
    assert (register.after >= 0).all() and (register.exited >= 0).all()
    assert all((n >= 0).all() for n in register.into.values())
    ends = facts(tables, "poor_population")
    sign = pl.when(pl.col("kind") == "exited").then(-1).otherwise(1)
    net = dict(
        tables["register_changes"].group_by("village").agg((sign * pl.col("persons")).sum()).iter_rows()
    )
    for code, before in zip(register.codes, register.before.tolist(), strict=True):
        assert ends[code] == before + net.get(code, 0)
    assert ends["E"] == 5000 + sum(net.values())
    assert set(exits.happened) | set(exits.left) == set(register.codes)
    assert not set(exits.happened) & set(exits.left)


def test_the_path_that_ends_takes_everybody_off_whatever_is_drawn() -> None:
    land = exiting(path={"2016": 0.08, "2017": 0.0})
    register, _, _ = lived(land, {}, Luck(WILD, 3))
    assert register.after.tolist() == [0, 0, 0]
    assert sum(n.sum() for n in register.into.values()) > 0
    held, _, _ = lived(exiting(), {}, Luck(WILD, 3))
    assert (held.after > 0).all()


def test_who_does_not_pass_does_not_exit() -> None:
    """Of counties that are all under the line about half fails where half is unsuited, and none where none is."""
    land = exiting({f"c{i:02d}": 0.01 for i in range(60)})
    planned = {f"c{i:02d}": 2017 for i in range(60)}
    _, exits, tables = lived(land, planned, Luck(Chances(spread=0.0, unsuited=0.5), 1))
    assert 15 < len(exits.missed) < 45
    over = {c for c, share in facts(tables, "missed").items() if share >= 0.02}
    assert over == set(exits.missed)
    _, calm, _ = lived(land, planned, Luck(CALM, 1))
    assert calm.missed == []


def test_villages_follow_their_county() -> None:
    net = exit_land.land({"a": 0.05}, villages={"v": ("a", 0.03), "w": ("a", 0.05)})
    land = scenario_of(net, exit={**EXIT, "villages": True})
    _, exits, tables = lived(land, {"v": 2017, "w": 2017}, Luck(CALM, 0))
    assert (exits.villages_planned, exits.villages) == (["v", "w"], ["v"])
    assert facts(tables, "poverty_incidence") == {"a": 0.025, "v": 0.015, "w": 0.025}
    assert facts(tables, "exit_year") == {"v": 2017.0}


def test_recorded_counts_changes_and_exits_are_what_came() -> None:
    told = recorded(
        exit_land.fact("a", "poor_population", 40, 2017),
        exit_land.fact("b", "exit_year", 2017, 2017),
        exit_land.fact("a", "exit_year", 2019, 2019),
        exit_land.fact("c", "poverty_incidence", 0.07, 2017),
        changes=(
            {"village": "b", "date": date(2017, 3, 1), "kind": "exited", "persons": 20},
            {"village": "b", "date": date(2017, 9, 1), "kind": "relapsed", "persons": 3},
        ),
    )
    register, exits, tables = lived(exiting(), {"a": 2017, "c": 2017}, Luck(CALM, 0), told)
    assert register.after.tolist() == [40, 33, 45]
    assert register.into["listed"].tolist() == [10, 0, 0] and register.exited.tolist() == [0, 20, 45]
    assert register.into["relapsed"].tolist() == [0, 3, 0]
    assert register.end.tolist() == [0.04, 0.033, 0.07]
    assert exits.happened == ["b"]  # a is recorded for 2019, c is above the line
    assert exits.missed == ["a", "c"]
    exit_row = tables["region_facts"].filter(pl.col("measure") == "exit_year")
    assert exit_row.select("region", "mark").rows() == [("b", None)]  # as it was recorded, not made up


def test_a_count_of_the_region_above_is_shared_out() -> None:
    """The province is recorded with 60 poor persons, c with 20 of them: a and b, expected at 15 and 25, share 40; else 60 to all."""
    told = recorded(
        exit_land.fact("E", "poor_population", 60, 2017), exit_land.fact("c", "poor_population", 20, 2017)
    )
    register, _, tables = lived(exiting(), {}, Luck(CALM, 0), told)
    assert register.after.tolist() == [15, 25, 20]
    assert facts(tables, "poor_population") == {"a": 15.0, "b": 25.0, "c": 20.0, "E": 60.0}
    alone, _, _ = lived(
        exiting(), {}, Luck(CALM, 0), recorded(exit_land.fact("E", "poor_population", 60, 2017))
    )
    assert alone.after.tolist() == [
        10,
        18,
        32,
    ]  # 60 · 15/85 = 10.59, 17.65, 31.76: the largest remainders get one more


@given(total=st.integers(0, 10**12), weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_shares_add_up_and_are_within_one_of_what_is_due(total: int, weights: list[int]) -> None:
    parts = shared_out(total, np.array(weights, dtype=np.int64))
    assert parts.sum() == total
    whole = sum(weights)
    for part, weight in zip(parts.tolist(), weights, strict=True):
        assert not whole or abs(part * whole - total * weight) < whole


@pytest.mark.parametrize(("tag", "kept"), [("poor_county_832", True), ("nobody_bears_it", False)])
def test_without_counties_to_exit_there_is_no_register(tag: str, kept: bool) -> None:
    assert keeps_register(exiting(counties_tag=tag)) is kept
