"""Household groups move with their county's register, and the register's changes say where and on which day."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graph.network import Network
from graph.schema import RESULTS
from graph.tables.domain.balance import register_balance
from graph.tables.rows import with_rows
from planner.roll.groups import Moved, groups_after, moved_villages, newest_groups
from planner.roll.outcome import CALM, NOTHING_KNOWN, Chances, Luck, Records
from planner.roll.register import judge_exits, pass_year, see_year
from planner.roll.register_rows import write_register
from planner.roll.register_year import Register
from planner.scenario import Scenario
from tests.planner import exit_land
from tests.planner.roll.lands import EXIT, scenario_of
from tests.planner.tiny import frame

END = date(2017, 12, 31)
WILD = Chances(spread=0.5, listed=0.4, missed=0.3, relapsed=0.5)
VILLAGES = {"va": ("a", 0.03), "vb": ("a", 0.03), "vz": ("c", 0.03)}


def group(village: str, cause: str, persons: int, households: int, year: int = 2016) -> dict[str, Any]:
    return {
        "village": village,
        "year": year,
        "cause": cause,
        "lacking": "",
        "persons": persons,
        "households": households,
    }


GROUPS = [
    group("va", "illness", 99, 30, 2015),
    group("va", "illness", 8, 3),
    group("va", "no_skill", 4, 1),
    group("vb", "illness", 6, 2),
]


def land(groups: list[dict[str, Any]] | None = None, incidence: float = 0.03) -> Scenario:
    """County a with villages va and vb, whose households are known, and c with vz, whose are not."""
    net = exit_land.land(
        {"a": incidence, "c": 0.05}, villages=VILLAGES, household_groups=GROUPS if groups is None else groups
    )
    return scenario_of(net, exit=EXIT)


def lived(
    scenario: Scenario, luck: Luck, records: Records = NOTHING_KNOWN
) -> tuple[Register, dict[str, pl.DataFrame]]:
    """A year in which nobody plans to exit, and the tables after it."""
    context, places, proxy = see_year(scenario, RESULTS["allocations"].empty())
    register = pass_year(places, proxy, scenario.network, luck, records)
    none = pl.DataFrame(schema={"region": pl.String, "year": pl.Int64})
    exits = judge_exits(context, places, register, none, luck, records)
    return register, write_register(context, register, exits, records, END, 3.0, luck)


def of_year(tables: dict[str, pl.DataFrame], year: int = 2017) -> list[tuple[object, ...]]:
    rows = tables["household_groups"].filter(year=year).sort("village", "cause")
    return rows.select("village", "cause", "persons", "households", "mark").rows()


def test_by_hand() -> None:
    """30 persons of county a halve: 12 of them live in va, 6 in vb, 12 elsewhere; 6, 3 and 6 leave."""
    register, tables = lived(land(), Luck(CALM, 0))
    assert register.before.tolist() == [30, 50] and register.exited.tolist() == [15, 25]
    assert of_year(tables) == [
        ("va", "illness", 4, 2, "synthetic"),
        ("va", "no_skill", 2, 1, "synthetic"),
        ("vb", "illness", 3, 1, "synthetic"),
    ]
    changes = (
        tables["register_changes"]
        .sort("village")
        .select("village", "date", "kind", "persons", "households")
        .rows()
    )
    assert changes == [
        ("a", END, "exited", 6, 2),
        ("c", END, "exited", 25, 8),
        ("va", END, "exited", 6, 2),
        ("vb", END, "exited", 3, 1),
    ]
    assert (
        of_year(tables, 2015) == [("va", "illness", 99, 30, None)] and len(of_year(tables, 2016)) == 3
    )  # what was stays


def test_without_groups_there_are_none_and_changes_are_the_counties() -> None:
    _, tables = lived(land([]), Luck(CALM, 0))
    assert "household_groups" not in tables
    assert tables["register_changes"]["village"].to_list() == ["a", "c"]


def test_a_village_that_is_empty_says_so() -> None:
    """Else its newest groups would be those of the year before. Whoever comes onto the register later has a cause again."""
    groups = frame("household_groups", [group("va", "illness", 2, 1)])
    rows = groups_after(groups, {"va": Moved(2, {}, 2)}, 2017, 3.0)
    assert [(r["persons"], r["households"], r["year"]) for r in rows] == [(0, 0, 2017)]
    rows = groups_after(frame("household_groups", rows), {"va": Moved(0, {"relapsed": 7}, 0)}, 2018, 3.0)
    assert [(r["persons"], r["households"]) for r in rows] == [(7, 2)]


@given(
    persons=st.lists(st.integers(0, 20), min_size=1, max_size=5),
    others=st.integers(-10, 60),
    into=st.tuples(*[st.integers(0, 15)] * 3),
    share=st.floats(0, 1),
)
def test_parts_add_up_and_nobody_leaves_who_is_not_there(
    persons: list[int], others: int, into: tuple[int, ...], share: float
) -> None:
    """Also where the groups hold more persons than the county's count."""
    before = max(sum(persons) + others, 0)
    there = before + sum(into)
    kinds = {k: np.array([n]) for k, n in zip(("listed", "missed", "relapsed"), into, strict=True)}
    register = Register(
        ["a"],
        np.array([True]),
        np.array([before]),
        kinds,
        np.array([int(there * share)]),
        np.zeros(1),
        np.zeros(1),
    )
    regions = [
        {"code": "a", "level": "county"},
        *({"code": f"v{i}", "level": "village", "parent": "a"} for i in range(len(persons))),
    ]
    net = Network({"regions": frame("regions", regions)})
    groups = frame("household_groups", [group(f"v{i}", "illness", n, 1) for i, n in enumerate(persons)])
    found = moved_villages(register, net, groups)
    assert list(found) == [f"v{i}" for i in range(len(persons))]
    for kind, n in kinds.items():
        assert 0 <= sum(m.into[kind] for m in found.values()) <= n[0]
    assert sum(m.exited for m in found.values()) <= register.exited[0]
    assert all(m.after >= 0 for m in found.values())
    rows = groups_after(groups, found, 2017, 3.0)
    assert [r["persons"] for r in rows] == [m.after for m in found.values()]
    assert all(
        (r["households"] == 0) == (r["persons"] == 0) and r["households"] <= r["persons"] for r in rows
    )
    if register.exited[0] == there and others >= 0:
        assert all(m.after == 0 for m in found.values())


def test_start_and_in_less_out_is_the_end_of_each_village_and_of_the_county() -> None:
    for seed in range(8):
        register, tables = lived(land(incidence=0.09), Luck(WILD, seed))
        numbered = {name: with_rows(rows) for name, rows in tables.items()}
        assert register_balance(numbered, land().network.settings, {}) == []
        sign = pl.when(pl.col("kind") == "exited").then(-1).otherwise(1)
        net = (
            tables["register_changes"]
            .filter(pl.col("village").is_in(["a", "va", "vb"]))
            .select((sign * pl.col("persons")).sum())
            .item()
        )
        assert net == register.after[0] - register.before[0]
        days = tables["register_changes"].filter(pl.col("kind") != "exited")["date"].to_list()
        assert days and all(date(2017, 1, 1) <= d <= END for d in days)
        assert set(tables["register_changes"].filter(kind="exited")["date"]) == {END}


def test_days_are_drawn_by_place_and_kind_and_all_days_of_the_year_can_come() -> None:
    names = [f"c{i}" for i in range(5000)]
    days = Luck(CALM, 3).day("day listed", 2017, names, date(2017, 1, 1), END)
    assert (min(days), max(days)) == (date(2017, 1, 1), END) and len(set(days)) == 365
    assert days == Luck(CALM, 3).day("day listed", 2017, names, date(2017, 1, 1), END)
    assert days[:5] == Luck(CALM, 3).day("day listed", 2017, names[:5], date(2017, 1, 1), END)
    assert days != Luck(CALM, 3).day("day missed", 2017, names, date(2017, 1, 1), END)


def test_a_year_that_is_recorded_keeps_its_days_and_marks() -> None:
    rows = [{"village": "c", "date": date(2017, 3, 1), "kind": "exited", "persons": 20, "batch": "b"},
            {"village": "c", "date": date(2017, 9, 1), "kind": "relapsed", "persons": 3, "batch": "b"}]  # fmt: skip
    told = Records(NOTHING_KNOWN.facts, frame("register_changes", rows))
    register, tables = lived(land(), Luck(CALM, 0), told)
    assert register.after.tolist() == [15, 33]
    found = (
        tables["register_changes"]
        .filter(village="c")
        .sort("date")
        .select("date", "kind", "persons", "mark")
        .rows()
    )
    assert found == [(date(2017, 3, 1), "exited", 20, None), (date(2017, 9, 1), "relapsed", 3, None)]
    assert set(tables["register_changes"].filter(pl.col("village") != "c")["mark"]) == {"synthetic"}


def test_only_the_newest_groups_up_to_the_day_count() -> None:
    later = [*GROUPS, group("va", "illness", 50, 10, 2018)]
    net = land(later).network
    assert newest_groups(net, 2016).select("village", "cause", "persons").rows() == [
        ("va", "illness", 8), ("va", "no_skill", 4), ("vb", "illness", 6),
    ]  # fmt: skip
    assert newest_groups(net, 2018).filter(village="va")["persons"].to_list() == [50]
