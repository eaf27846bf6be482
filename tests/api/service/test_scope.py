"""What somebody who is limited to regions sees of every table; a small country by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from api.service.caller import Caller, Role
from api.service.inside import links_of, naming
from api.service.networks import Asked
from api.service.refusals import Refused
from api.service.scope import MASKED, Scope
from graph.network import Network
from graph.schema import RESULTS, TABLES

HERE, THERE = "seen from nj", "not seen from nj"
Rows = Sequence[dict[str, Any]]

COUNTRY: Mapping[str, tuple[Rows, Rows]] = {
    "regions": (
        [{"code": "nj", "parent": "yn"}, {"code": "fg", "parent": "nj"}, {"code": "v1", "parent": "fg"}],
        [{"code": "yn"}, {"code": "km", "parent": "yn"}, {"code": "gd"}, {"code": "zh", "parent": "gd"}],
    ),
    "units": (
        [{"id": "seated"}, {"id": "supports"}, {"id": "sends"}, {"id": "inspects"}],
        [{"id": "foreign"}, {"id": "homeless"}],
    ),
    "names": (
        [{"id": "fg", "name": "Fugong"}, {"id": "seated", "name": "own"}, {"id": "supports", "name": "uni"}],
        [{"id": "zh", "name": "Zhuhai"}, {"id": "foreign", "name": "other"}],
    ),
    "region_successions": ([{"old": "fg0", "new": "fg"}, {"old": "v1", "new": "x"}], [{"old": "a", "new": "b"}]),
    "region_tags": ([{"region": "fg", "tag": "poor"}], [{"region": "yn", "tag": "poor"}]),
    "region_facts": ([{"region": "v1", "measure": "gdp"}], [{"region": "yn", "measure": "gdp"}, {"region": "km"}]),
    "household_groups": ([{"village": "v1"}], [{"village": "vk"}]),
    "register_changes": ([{"village": "v1"}], [{"village": "vk"}]),
    "relations": (
        [
            {"id": "in", "supporter": "zh", "recipient": "nj"}, {"id": "unit", "supporter": "supports", "recipient": "fg"},
            {"id": "out", "supporter": "seated", "recipient": "km"}, {"id": "gives", "supporter": "fg", "recipient": "km"},
        ],
        [{"id": "elsewhere", "supporter": "zh", "recipient": "km"}, {"id": "too", "supporter": "supports", "recipient": "km"}],
    ),
    "ledger": ([{"relation": "in"}, {"relation": "out"}], [{"relation": "elsewhere"}, {"relation": "too"}]),
    "coverage": ([{"region": "fg", "rule": "r"}, {"region": "yn", "rule": "r"}], [{"region": "km"}, {"region": "gd"}]),
    "pair_scores": (
        [
            {"supporter": "zh", "recipient": "nj"}, {"supporter": "seated", "recipient": "km"}, {"supporter": "local", "recipient": "vk/post"},
            {"supporter": "stranger", "recipient": "v1/first/one"},
        ],
        [{"supporter": "stranger", "recipient": "vk/post"}, {"supporter": "supports", "recipient": "km"}],
    ),
    "cadres": (
        [
            {"id": "local", "home_region": "fg", "unit": "gd"}, {"id": "sent", "unit": "seated"}, {"id": "by_place", "unit": "nj"},
            {"id": "posted", "unit": "sends", "home_region": "zh"},
        ],
        [{"id": "stranger", "unit": "supports", "home_region": "zh"}, {"id": "rover"}],
    ),
    "cadre_names": ([{"id": "local", "name": "甲"}, {"id": "posted", "name": "乙"}], [{"id": "stranger", "name": "丙"}]),
    "postings": (
        [{"cadre": "posted", "village": "v1"}, {"cadre": "sent", "village": "vk"}, {"cadre": "local", "village": "vk"}],
        [{"cadre": "posted", "village": "vk"}, {"cadre": "stranger", "village": "vk"}],
    ),
    "village_posts": ([{"village": "v1"}], [{"village": "vk"}]),
    "needs": ([{"region": "fg"}], [{"region": "km"}, {"region": "yn"}]),
    "fund_sources": (
        [{"id": "own", "owner_region": "nj"}, {"id": "central"}, {"id": "gd_money", "owner_region": "gd"}],
        [{"id": "provincial", "owner_region": "yn"}, {"id": "unused"}],
    ),
    "fund_budgets": ([{"source": "own"}], [{"source": "central"}, {"source": "provincial"}]),
    "fund_flows": (
        [{"source": "central", "region": "fg"}, {"source": "gd_money", "region": "nj"}, {"source": "own", "region": "km"}],
        [{"source": "central", "region": "km"}],
    ),
    "capacities": ([{"region": "nj"}], [{"region": "yn"}]),
    "pledges": ([{"region": "fg"}], [{"region": "yn"}]),
    "assessments": ([{"region": "fg"}], [{"region": "gd"}]),
    "inspection_teams": (
        [{"id": "team", "home_region": "nj"}, {"id": "visits", "unit": "inspects"}, {"id": "of_unit", "unit": "seated"}],
        [{"id": "other", "home_region": "km"}],
    ),
    "inspection_visits": ([{"team": "visits", "region": "fg"}, {"team": "team", "region": "km"}], [{"team": "visits", "region": "km"}]),
    "findings": ([{"id": "f1", "region": "v1"}], [{"id": "f2", "region": "km"}]),
    "policies": ([{"id": "p1"}, {"id": "p2", "parent": "p1"}], []),
    "documents": ([{"id": "d1", "subject": "fg"}, {"id": "d2", "subject": "seated"}], [{"id": "d3", "subject": "zh"}, {"id": "d4", "subject": "supports"}]),
}  # fmt: skip
"""Table → rows that somebody limited to nj sees, and rows that they do not see."""
HOMES = {"seated": "fg", "foreign": "km", "supports": "zh"}
PLANNED: Mapping[str, tuple[Rows, Rows]] = {
    "pairs": ([{"supporter": "zh", "recipient": "nj"}, {"supporter": "seated", "recipient": "km"}], [{"supporter": "zh", "recipient": "km"}]),
    "postings": ([{"cadre": "stranger", "village": "v1"}, {"cadre": "sent", "village": "vk"}], [{"cadre": "stranger", "village": "vk"}]),
    "allocations": ([{"source": "central", "region": "fg"}, {"source": "own", "region": "km"}], [{"source": "central", "region": "km"}]),
    "exits": ([{"region": "fg"}], [{"region": "km"}]),
    "inspections": ([{"team": "team", "region": "km"}, {"team": "visits", "region": "nj"}], [{"team": "visits", "region": "km"}]),
}  # fmt: skip


def rows(table: Any, told: Sequence[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(
        [{c.name: row.get(c.name) for c in table.columns} for row in told], schema=table.dtypes
    )


def country() -> Asked:
    made = {t: rows(TABLES[t], [*seen, *unseen]) for t, (seen, unseen) in COUNTRY.items()}
    made["units"] = made["units"].with_columns(
        home_region=pl.col("id").replace_strict(HOMES, default=None, return_dtype=pl.String)
    )
    network = Network(made)
    return Asked("country", "1", None, lambda tables: network)  # type: ignore[arg-type] # nothing is asked


@pytest.fixture(scope="module")
def asked() -> Asked:
    return country()


def limited(asked: Asked, *regions: str, names: bool = True) -> Scope:
    return Scope(Caller("ann", Role.COORDINATOR, regions, sees_names=names), asked)


def test_the_country_has_every_table() -> None:
    assert set(COUNTRY) == set(TABLES) and set(PLANNED) == set(RESULTS)
    assert not [t for t in TABLES if t != "policies" and not (links_of(t) and all(COUNTRY[t]))]


@pytest.mark.parametrize("table", TABLES)
def test_of_every_table_what_hangs_on_the_regions(table: str, asked: Asked) -> None:
    frame = asked.frame(table)
    seen = limited(asked, "nj").rows(table, frame)
    assert seen.equals(frame.head(len(COUNTRY[table][0])))


@pytest.mark.parametrize("table", TABLES)
def test_who_is_not_limited_sees_all_and_who_is_limited_to_nowhere_nothing(table: str, asked: Asked) -> None:
    frame = asked.frame(table)
    assert limited(asked).rows(table, frame).equals(frame)
    nowhere = limited(asked, "nix").rows(table, frame)
    assert nowhere.height == (frame.height if table == "policies" else 0)


@pytest.mark.parametrize("table", RESULTS)
def test_of_every_table_of_a_plan(table: str, asked: Asked) -> None:
    seen, unseen = PLANNED[table]
    frame = rows(RESULTS[table], [*seen, *unseen])
    assert limited(asked, "nj").rows(table, frame).equals(frame.head(len(seen)))
    assert limited(asked).rows(table, frame).equals(frame)


def test_several_regions_are_seen_together(asked: Asked) -> None:
    scope = limited(asked, "fg", "km")
    assert scope.codes == {"fg", "v1", "km"}
    assert scope.rows("needs", asked.frame("needs"))["region"].to_list() == ["fg", "km"]


def test_regions_asked_for(asked: Asked) -> None:
    scope = limited(asked, "nj")
    assert not scope.whole and scope.holds("nj") and scope.holds("v1") and not scope.holds("yn")
    scope.demand(["zh", "fg"])
    with pytest.raises(Refused, match="limited to nj; zh, yn is not in it"):
        scope.demand(["zh", "yn"])
    with pytest.raises(Refused):
        scope.demand([])
    limited(asked).demand(["zh"])


def test_names_of_persons_are_masked_for_who_may_not_see_them(asked: Asked) -> None:
    frame = asked.frame("cadre_names")
    for regions in ((), ("nj",)):
        assert set(limited(asked, *regions, names=False).rows("cadre_names", frame)["name"]) == {MASKED}
        assert "甲" in limited(asked, *regions).rows("cadre_names", frame)["name"].to_list()
    units = asked.frame("units")
    assert limited(asked, names=False).rows("units", units).equals(units)


def test_who_names_an_entity() -> None:
    assert naming("units") == [
        ("relations", "supporter"), ("cadres", "unit"), ("inspection_teams", "unit"),
    ]  # fmt: skip
    assert naming("cadres") == [("postings", "cadre")]


def test_insides_are_found_once_for_a_version(asked: Asked) -> None:
    assert asked.inside(("nj",)) is asked.inside(("nj",)) and asked.inside(("nj",)) is not asked.inside(
        ("km",)
    )


def test_a_circle_of_parents_has_an_end() -> None:
    regions = rows(TABLES["regions"], [{"code": "a", "parent": "b"}, {"code": "b", "parent": "a"}])
    network = Network({"regions": regions})
    asked = Asked("circle", "1", None, lambda tables: network)  # type: ignore[arg-type] # nothing is asked
    assert limited(asked, "a").codes == {"a", "b"}
